"""Public pages: the laws we cite, and the history of a number. Open to everyone."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from courses.facts.book import FactError, UnknownFact, load_book
from courses.facts.citing import show_citation
from courses.facts.fact import Fact
from courses.facts.formatting import show, show_span
from lms.core.errors import NotFound
from lms.core.i18n import language
from lms.core.text import fold

bp = Blueprint("facts", __name__)


@bp.get("/hukum")
def laws() -> str:
    """List the laws with their status and an official address."""
    book = load_book()
    return render_template("facts/laws.html", laws=book.laws.values(), book=book)


@bp.get("/fakta")
def index() -> str:
    """List the keys of all numbers with value, dates and citation, and the ids of the laws; for authors."""
    book = load_book()
    word = request.args.get("q", "").strip()[:80]
    return render_template(
        "facts/index.html", groups=_groups(word), laws=book.laws.values(), book=book, word=word, **_FORMATS
    )


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


def _groups(word: str) -> list[tuple[str, list[tuple[str, Fact | None]]]]:
    """Return the keys with their value now, by what stands before the first point; those ``word`` is in."""
    book = load_book()
    groups: dict[str, list[tuple[str, Fact | None]]] = {}
    for key, history in sorted(book.facts.items()):
        said = " ".join([key, *(f"{fact.citation} {fact.note} {show(fact, language())}" for fact in history)])
        if fold(word) in fold(said):
            groups.setdefault(key.partition(".")[0], []).append((key, _find_now(key)))
    return list(groups.items())


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
