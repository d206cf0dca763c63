"""The page authors pick a number or an article of the law from; a script shows it within the editor."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request

from courses.facts.book import load_book
from courses.facts.entries import read_day
from courses.facts.picking import pick_articles, pick_facts
from lms.core.accounts.guard import guard
from lms.core.i18n import language
from lms.core.web.arguments import read_word

bp = Blueprint("picking", __name__, url_prefix="/fakta/pilih")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def index() -> str:
    """Find numbers as of a law date, and articles, with the mark that puts each into a text."""
    book, word = load_book(), read_word("q")
    as_of = _day(book.as_of)
    return render_template(
        "picking/index.html",
        word=word,
        as_of=as_of,
        facts=pick_facts(book, word, as_of=as_of, language=language()),
        articles=pick_articles(book, word, as_of=as_of, language=language()),
    )


def _day(default: date) -> date:
    """Return the law date the address asks for; what is none is the newest we know."""
    return read_day(request.args.get("pada", "").strip()[:20]) or default
