"""Public pages: numbers of the law with their history, laws, terms. Open to everyone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask_babel import gettext as _

from courses.facts.book import FactBook, UnknownFact, load_book
from courses.facts.citing import show_citation
from courses.facts.correction_queries import find_open_of
from courses.facts.entries import EARLIEST, read_day
from courses.facts.fact import Fact
from courses.facts.finding import Group, find_citing, find_facts, find_hints, find_laws, find_terms, name_of
from courses.facts.formatting import show, show_span
from courses.facts.glossary import Term
from courses.facts.radar import find_uses_of
from courses.facts.radar_pages import KINDS, find_users
from courses.facts.spans import DAY
from courses.facts.units import Kind
from lms.core.accounts.actor import Actor
from lms.core.accounts.guard import find_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.i18n import HOME_ZONE, language
from lms.core.text import fold
from lms.core.web.arguments import read_word

bp = Blueprint("facts", __name__)

LATEST = date(2999, 12, 31)
USES = 100
"""Uses of a number that its page names; it tells how many there are besides."""


@dataclass(frozen=True)
class Stretch:
    """One value on the timeline of a key; `percent` of the largest, None where values are no amounts."""

    fact: Fact
    place: str
    percent: int | None


@bp.get("/hukum")
def laws() -> str:
    """List the laws with their status, an official address and the numbers that cite them."""
    book, word = load_book(), read_word("q")
    rows = [
        (law, [(key, book.label(key, language())) for key in find_citing(book, law)])
        for law in find_laws(book, word)
    ]
    return render_template("facts/laws.html", rows=rows, book=book, word=word)


@bp.get("/istilah")
def terms() -> str:
    """List the terms of the glossary by letter."""
    book, word = load_book(), read_word("q")
    letters = by_letter(find_terms(book, word, language=language()), language())
    return render_template("facts/terms.html", letters=letters, book=book, word=word)


@bp.get("/fakta")
def index() -> str:
    """List all numbers by group with value and citation; search finds terms and laws too."""
    book, word = load_book(), read_word("q")
    groups: list[Group] = find_facts(book, word, day=today(), language=language())
    return render_template(
        "facts/index.html",
        groups=groups,
        count=sum(len(group.rows) for group in groups),
        terms=find_terms(book, word, language=language()) if word else [],
        laws=find_laws(book, word) if word else list(book.laws.values()),
        book=book,
        day=today(),
        word=word,
        hints=find_hints(book, word) if word and not groups else [],
        **formats(book),
    )


@bp.get("/fakta/<key>")
def fact(key: str) -> tuple[str, int]:
    """Show the value of a key today or on another day, and every value it has had."""
    book = load_book()
    try:
        history = book.history(key)
    except UnknownFact as error:
        raise NotFound from error
    asked = read_word("pada")[:20]
    day, fault = _read_day(asked)
    now = next((value for value in history if value.holds_on(day)), None)
    page = render_template(
        "facts/fact.html",
        key=key,
        label=book.label(key, language()),
        now=now,
        day=day,
        is_today=day == today(),
        asked=asked,
        fault=fault,
        stretches=timeline(history, day),
        superseded=[(old, old.known_to + DAY) for old in book.entries[key] if old.known_to is not None],
        book=book,
        **_for_staff(key, find_actor()),
        **formats(book),
    )
    return page, 422 if fault else 200


def _for_staff(key: str, actor: Actor | None) -> dict[str, object]:
    """Return what staff see of a number besides: who uses it, and for admins what is proposed."""
    if actor is None or not (actor.is_trainer and actor.showed_second_factor):
        return {}
    used, others = find_uses_of(db.session(), key, find_users(), actor=actor, limit=USES)
    waiting = find_open_of(db.session(), key) if actor.is_admin else None
    return {"used": used, "others": others, "kinds": KINDS, "waiting": waiting}


def today() -> date:
    """Return the day it is at home: what a visitor means by now. Editions never ask for it."""
    return utc_now().astimezone(ZoneInfo(HOME_ZONE)).date()


def timeline(history: Sequence[Fact], day: date) -> list[Stretch]:
    """Return the values of a key, the newest first, with what they are on ``day``."""
    amounts = [value.value for value in history if isinstance(value.value, Decimal)]
    is_drawn = len(amounts) == len(history) > 1 and max(amounts) > 0 and _is_amount(history[0])
    largest = max(amounts, default=Decimal(1))
    return [
        Stretch(
            value,
            "now" if value.holds_on(day) else "future" if value.valid_from > day else "past",
            max(1, round(value.value / largest * 100))
            if is_drawn and isinstance(value.value, Decimal)
            else None,
        )
        for value in reversed(history)
    ]


def by_letter(found: Sequence[Term], speech: str) -> dict[str, list[Term]]:
    """Return terms under the letter they begin with, both in the order of the alphabet."""
    letters: dict[str, list[Term]] = {}
    for term in found:
        letters.setdefault(fold(name_of(term, speech))[0].upper(), []).append(term)
    return letters


def formats(book: FactBook) -> dict[str, Callable[..., object]]:
    """Return how templates write facts in the visitor's language."""
    return {
        "show": lambda value: show(value, language()),
        "span": lambda value: show_span(value, language()),
        "citation": lambda value: show_citation(book, value.citation),
        "sources": lambda value: [
            (book.sources[code].label, book.sources[code].where.split()) for code in value.sources
        ],
    }


def _read_day(asked: str) -> tuple[date, str]:
    """Return the day somebody asked for and what is wrong with it; today where there is none."""
    if not asked:
        return today(), ""
    day = read_day(asked)
    if day is None:
        return today(), _("There is no such day. Write it as 2016-10-19.")
    if not EARLIEST <= day <= LATEST:
        return today(), _("No law of ours reaches there. Choose a day between 1945 and 2999.")
    return day, ""


def _is_amount(value: Fact) -> bool:
    return value.measure.kind in {Kind.RUPIAH, Kind.FRACTION, Kind.COUNT}
