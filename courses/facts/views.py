"""Public pages: the laws we cite, and the history of a number. Open to everyone."""

from __future__ import annotations

from flask import Blueprint, render_template

from courses.facts.book import FactError, UnknownFact, load_book
from courses.facts.citing import show_citation
from courses.facts.fact import Fact
from courses.facts.formatting import show, show_span
from lms.core.errors import NotFound
from lms.core.i18n import language

bp = Blueprint("facts", __name__)


@bp.get("/hukum")
def laws() -> str:
    """List the laws with their status and an official address."""
    book = load_book()
    return render_template("facts/laws.html", laws=book.laws.values(), book=book)


@bp.get("/fakta/<key>")
def fact(key: str) -> str:
    """Show the value of a key now, and every value it has had."""
    book = load_book()
    try:
        history = book.history(key)
    except UnknownFact as error:
        raise NotFound from error
    return render_template(
        "facts/fact.html", key=key, now=_find_now(key), history=reversed(history), book=book, **_FORMATS
    )


def _find_now(key: str) -> Fact | None:
    try:
        return load_book().get(key, load_book().as_of)
    except FactError:
        return None


_FORMATS = {
    "show": lambda fact: show(fact, language()),
    "span": lambda fact: show_span(fact, language()),
    "citation": lambda fact: show_citation(load_book(), fact.citation),
}
