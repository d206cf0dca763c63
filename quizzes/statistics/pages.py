"""What every page and file of a report has in common."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from lms.core.accounts.actor import Actor
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.web.arguments import read_word
from quizzes.bank.models import Purpose
from quizzes.statistics import charts
from quizzes.statistics.bank_prior import LEAST_ANSWERS
from quizzes.statistics.papers import WHICH
from quizzes.statistics.report_queries import Analysed, read_given
from quizzes.statistics.reports import ENOUGH
from quizzes.statistics.tables import as_csv, as_xlsx, download, table_of
from quizzes.statistics.verdicts import FINDINGS, judge_quiz


def read_which() -> str:
    """Return which attempts the address asks for, the first unless it says another."""
    asked = read_word("percobaan")
    return asked if asked in WHICH else "pertama"


def branches_of(actor: Actor) -> frozenset[int] | None:
    """Return whose papers somebody may analyse; None: everybody's."""
    return None if actor.is_admin else actor.branch_ids


def report_page(template: str, found: Analysed | None, **given: Any) -> str:
    """Return the page of a report, or that there is nothing yet."""
    shown: dict[str, Any] = {}
    if found is not None:
        report = found.report
        verdicts = judge_quiz(report, is_pretest=found.version.purpose == Purpose.PRETEST)
        checked = [row.place.number for row in report.to_check]
        shown = {
            "report": report,
            "version": found.version,
            "versions": found.versions,
            "answers": read_given(db.session(), found),
            "verdicts": verdicts,
            "checked": checked,
            "histogram": charts.draw_histogram(report.histogram, pass_percent=found.version.pass_percent),
            "scatter": charts.draw_scatter(report.rows, checked=checked),
        }
    return render_template(
        template,
        found=found,
        which=read_which(),
        whiches=WHICH,
        findings=FINDINGS,
        enough=ENOUGH,
        least_answers=LEAST_ANSWERS,
        charts=charts,
        **shown,
        **given,
    )


def report_file(found: Analysed | None, *, kind: str, name: str) -> Response:
    """Return the table of a report as "csv" or "xlsx".

    Raises:
        NotFound: nobody has handed it in.
    """
    if found is None:
        raise NotFound
    table = table_of(found.report)
    body = as_csv(table) if kind == "csv" else as_xlsx(table, found.version.title)
    return download(body, f"analisis-{name}-{read_which()}.{kind}")
