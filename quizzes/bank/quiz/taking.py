"""How a quiz is taken: its window, grace, code, rest between tries, order, tries at one question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from lms.core.errors import Invalid
from quizzes.bank.models import Purpose, QuizVersion
from quizzes.bank.quiz.moments import CohortMoment, read_moment

USUAL: Mapping[str, Any] = {
    "opens": None,
    "closes": None,
    "grace_seconds": 0,
    "needs_code": False,
    "cooldown_minutes": 0,
    "is_sequential": False,
    "retries": 0,
    "retry_cost_percent": 0,
}
"""Columns of a quiz version, and what they are where nothing is said."""

IN_FILES = {"is_sequential": "sequential"}
"""Columns that go by another name in ``kuis.yaml``."""

MOST = {"grace_seconds": 300, "cooldown_minutes": 10_080, "retries": 5, "retry_cost_percent": 100}


def unusual(version: QuizVersion) -> dict[str, Any]:
    """Return what a version says else than usual."""
    said = {name: getattr(version, name) for name in USUAL}
    return {name: value for name, value in said.items() if value is not None and value != USUAL[name]}


def from_file(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns for what a quiz file says, which has no faults; moments in one spelling."""
    values = {name: data.get(IN_FILES.get(name, name), usual) for name, usual in USUAL.items()}
    moments = {name: str(read_moment(values[name])) for name in ("opens", "closes") if values[name]}
    return values | moments


def list_faults(data: Mapping[str, Any], *, purpose: str, show_result: str) -> Iterator[tuple[str, str]]:
    """Yield what cannot be, each with the column it belongs to; ``data`` goes by columns."""
    moments: dict[str, CohortMoment] = {}
    for name in ("opens", "closes"):
        try:
            moments |= {name: read_moment(data[name])} if data.get(name) else {}
        except Invalid as error:
            yield name, str(error.message)
    if len(moments) == 2 and str(moments["closes"]).zfill(8) <= str(moments["opens"]).zfill(8):
        yield "closes", _("A quiz closes after it opens.")
    for name, most in MOST.items():
        value = data.get(name) or 0
        if not isinstance(value, int) or not 0 <= value <= most:
            yield name, _("“%(name)s” is a whole number from 0 to %(most)s.", name=name, most=most)
    is_shown_each = show_result == "after_each"
    if is_shown_each and purpose != Purpose.PRACTICE:
        yield "show_result", _("Only practice shows each answer as it is given.")
    if data.get("retries") and not is_shown_each:
        yield "retries", _("A question is tried again only where each answer is shown as it is given.")


def faults_of(version: QuizVersion) -> list[tuple[str, str]]:
    """Return what cannot be in the settings of a draft."""
    data = {name: getattr(version, name) for name in USUAL}
    return list(list_faults(data, purpose=version.purpose, show_result=version.show_result))
