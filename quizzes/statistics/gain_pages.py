"""What a cohort learned from the pretest to the posttest: words, dumbbells, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.elements import LABELS
from courses.cohorts.models import Cohort, Element
from courses.cohorts.queries import get_taught_cohort
from courses.cohorts.regions import show_region
from lms.core.accounts.guard import current_actor, guard
from lms.core.db import db
from quizzes.statistics import charts
from quizzes.statistics.gain_queries import Group, Learning, read_learning
from quizzes.statistics.gains import LEAST_IN_GROUP, gain_of, sure_of
from quizzes.statistics.pages import read_which
from quizzes.statistics.papers import WHICH, Scope
from quizzes.statistics.tables import Table, as_csv, as_xlsx, download
from quizzes.statistics.verdicts import SIZES, judge_learning

bp = Blueprint("gain", __name__, url_prefix="/angkatan/<int:cohort_id>/kemajuan")
guard(bp, lambda actor: actor.is_staff)


@bp.get("")
def show(cohort_id: int) -> str:
    """Show what was learned, by everybody, person, objective, unsur and wilayah."""
    cohort, learning = _read(cohort_id)
    return render_template(
        "gain/show.html",
        cohort=cohort,
        people=charts.draw_dumbbells([(pair.name, pair.before, pair.after) for pair in learning.pairs]),
        **shown_of(learning),
    )


@bp.get("/tabel.csv")
def table_csv(cohort_id: int) -> Response:
    """Hand out everybody's results as CSV."""
    _cohort, learning = _read(cohort_id)
    return download(as_csv(_table(learning)), f"kemajuan-angkatan-{cohort_id}.csv")


@bp.get("/tabel.xlsx")
def table_xlsx(cohort_id: int) -> Response:
    """Hand out everybody's results as an Excel file."""
    cohort, learning = _read(cohort_id)
    return download(as_xlsx(_table(learning), cohort.name), f"kemajuan-angkatan-{cohort_id}.xlsx")


def shown_of(learning: Learning) -> dict[str, Any]:
    """Return what pages show of what people learned together."""
    sure = sure_of(learning.pairs)
    named = [(group.label, group) for group in learning.objectives]
    groups = [
        (_("By unsur"), [(_unsur(group.label), group) for group in learning.elements]),
        (_("By wilayah"), [(show_region(group.label), group) for group in learning.regions]),
    ]
    return {
        "learning": learning,
        "sure": sure,
        "verdicts": judge_learning(learning.gain, sure),
        "named": named,
        "objectives": charts.draw_dumbbells(_sides(named)),
        "groups": [(title, rows, charts.draw_dumbbells(_sides(rows))) for title, rows in groups if rows],
        "which": read_which(),
        "whiches": WHICH,
        "sizes": SIZES,
        "least": LEAST_IN_GROUP,
        "charts": charts,
    }


def _read(cohort_id: int) -> tuple[Cohort, Learning]:
    session = db.session()
    cohort = get_taught_cohort(session, cohort_id, actor=current_actor())
    return cohort, read_learning(session, Scope(cohort_id, which=read_which()))


def _unsur(element: str) -> str:
    return str(LABELS[Element(element)]) if element in set(Element) else element


def _sides(rows: Sequence[tuple[str, Group]]) -> list[tuple[str, float, float]]:
    return [(label, group.gain.before or 0.0, group.gain.after or 0.0) for label, group in rows]


def _table(learning: Learning) -> Table:
    """Return one row for each person; gain and change as shares of 1."""
    head = [_("Name"), _("Pretest (%)"), _("Posttest (%)"), _("Gain"), _("Normalised change")]
    rows = []
    for pair in learning.pairs:
        one = gain_of([pair])
        rows.append([pair.name, pair.before, pair.after, one.class_gain, one.change])
    return [head, *rows]
