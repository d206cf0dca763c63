"""Public pages of the calculators: everything is in the address, nothing is kept."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from courses.facts import formatting
from courses.facts.book import load_book
from courses.facts.calculators.register import CALCULATORS, UnknownCalculator, get_calculator
from courses.facts.calculators.sheet import Sheet, fill_in, is_beyond_known, sources_of
from courses.facts.citing import show_citation
from lms.core.errors import NotFound
from lms.core.i18n import language

bp = Blueprint("calculators", __name__)

EXAMPLE_DAY = "2016-10-19"
"""The first day of the training in Madiun, offered beside the law of today."""


@bp.get("/hitung")
def index() -> str:
    """List the calculators."""
    return render_template("calculators/index.html", calculators=CALCULATORS, book=load_book())


@bp.get("/hitung/<name>")
def show(name: str) -> tuple[str, int]:
    """Ask, and reckon what the address holds; an address that cannot be reckoned with is answered 422."""
    try:
        calculator = get_calculator(name)
    except UnknownCalculator as error:
        raise NotFound from error
    sheet = fill_in(calculator, request.args, book=load_book())
    page = render_template("calculators/show.html", sheet=sheet, **_shown(sheet))
    return page, 422 if sheet.faults else 200


def _shown(sheet: Sheet) -> dict[str, object]:
    law = sheet.law
    return {
        "example_day": EXAMPLE_DAY,
        "is_beyond_known": is_beyond_known(law),
        "sources": lambda step: sources_of(step, law),
        "show": lambda fact: formatting.show(fact, language()),
        "amount": lambda step: formatting.show_amount(step.amount, step.unit, language()),
        "citation": lambda source: show_citation(law.book, source.citation),
        "reference": lambda ref: law.book.citation(ref, language()),
    }
