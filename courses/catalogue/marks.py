"""The marks of our Markdown: `{fakta:…}`, `{keliru:…|…}`, `{pasal:…}`, `{istilah:…|…}`."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from markdown_it.token import Token

from courses.catalogue import wording
from courses.catalogue.drawings import Drawing
from courses.catalogue.photos import Photo
from courses.facts.book import FactBook, FactError
from courses.facts.fact import Fact
from courses.facts.formatting import show
from courses.facts.uses import Recorder

MARK = re.compile(r"\{(?P<name>[a-z_]+):(?P<body>[^{}]*)\}")
BEGINS_MARK = re.compile(r"\{[a-z_]+:")
BAR = "\ue000"
"""Stands for the bar inside a mark while Markdown is parsed, so that a mark may stand in a table."""


class MarkdownFault(ValueError):
    """A text cannot be rendered; `line` counts from 1. `faults` holds this one and what else was found."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"{line}: {message}")
        self.line = line
        self.message = message
        self.faults: list[MarkdownFault] = [self]


@dataclass
class Noted:
    """A fact shown on the page: its note has the number, its places in the text are counted."""

    number: int
    fact: Fact
    text: str
    places: int = 0


@dataclass
class Page:
    """What one text has used so far, in the order it was met."""

    book: FactBook
    as_of: date
    # Notes what the text asks its book for.
    recorder: Recorder
    # Whether marks carry links and notes; in a question nothing may tell right from wrong.
    is_linked: bool
    facts: dict[tuple[str, date], Noted] = field(default_factory=dict)
    # Whether it has lines; else it is a phrase of a question.
    is_lesson: bool = False
    # Id of the term → the words it was explained at.
    terms: dict[str, str] = field(default_factory=dict)
    faults: list[MarkdownFault] = field(default_factory=list)
    # Those a picture may show, by what it calls them: `gambar/name.svg`.
    drawings: Mapping[str, Drawing | Photo] = field(default_factory=dict)
    figures: int = 0

    def at_line(self, line: int) -> None:
        """Say which line of a lesson is at work; the text of a question has but one."""
        if self.is_lesson:
            self.recorder.place = str(line)

    def raise_faults(self) -> None:
        """Raise the first fault, with all others in it.

        Raises:
            MarkdownFault: there are some.
        """
        if self.faults:
            self.faults.sort(key=lambda fault: fault.line)
            self.faults[0].faults = self.faults
            raise self.faults[0]


@dataclass(frozen=True)
class Shown:
    """A mark as HTML and as plain text."""

    html: str
    plain: str


def show_mark(page: Page, name: str, body: str, *, line: int) -> Shown:
    """Return what stands for a mark on ``page``.

    Raises:
        MarkdownFault: the mark, or what it names, is unknown or has no value at the law date.
    """
    body = " ".join(body.replace(BAR, "|").split())
    page.at_line(line)
    try:
        if name == "fakta":
            return _fact(page, body)
        if name == "pasal":
            return _article(page, body)
        if name == "istilah":
            return _term(page, body)
        if name == "keliru":
            return _misquote(page, body)
    except FactError as error:
        raise MarkdownFault(line, str(error)) from error
    raise MarkdownFault(line, _("There is no mark {%(name)s:…}.", name=name))


def check_names(book: FactBook, text: str, *, line: int) -> None:
    """Check that what a hidden block names exists, whatever the law date.

    Raises:
        MarkdownFault: with the line, of which ``line`` is the first.
    """
    for match in MARK.finditer(text):
        key, _bar, _rest = match["body"].replace(BAR, "|").partition("|")
        here = line + text.count("\n", 0, match.start())
        try:
            if match["name"] == "fakta":
                book.history(key.partition("@")[0])
            elif match["name"] == "pasal":
                book.reference(key)
            elif match["name"] == "istilah":
                book.term(key)
        except FactError as error:
            raise MarkdownFault(here, str(error)) from error


def _fact(page: Page, body: str) -> Shown:
    fact = _find_fact(page, body)
    text = show(fact)
    plain = f"{text} ({wording.UNCHECKED})" if fact.is_doubtful else text
    if not page.is_linked:
        return Shown(html.escape(plain), plain)
    return Shown(
        link_fact(page, body) if page.is_lesson else _link_history(fact, _law_date(page, body), text), plain
    )


def plain_fact(page: Page, body: str) -> str:
    """Return the bare value of a mark `{fakta:body}`, for a place that cannot hold more.

    Raises:
        FactError: it is unknown or has no value at that date.
    """
    return show(_find_fact(page, " ".join(body.split())))


def link_fact(page: Page, body: str) -> str:
    """Return the value of a mark `{fakta:body}` as a link to its note, which ``page`` gets.

    Raises:
        FactError: it is unknown or has no value at that date.
    """
    fact = _find_fact(page, " ".join(body.split()))
    text = show(fact)
    noted = page.facts.setdefault((fact.key, fact.valid_from), Noted(len(page.facts) + 1, fact, text))
    noted.places += 1
    link = (
        f'<a class="fact-value" id="fakta_{noted.number}_{noted.places}" href="#dasar_{noted.number}" '
        f'role="doc-noteref">{html.escape(text)}</a>'
    )
    warning = f' <span class="tag warn">{wording.UNCHECKED}</span>' if fact.is_doubtful else ""
    return link + warning


def _link_history(fact: Fact, as_of: date, text: str) -> str:
    """Return a value as a link to its own page, for a phrase: it has no notes to point at."""
    warning = f' <span class="tag warn">{wording.UNCHECKED}</span>' if fact.is_doubtful else ""
    address = f"/fakta/{fact.key}?pada={as_of.isoformat()}"
    return f'<a class="fact-value" href="{address}">{html.escape(text)}</a>{warning}'


def _find_fact(page: Page, body: str) -> Fact:
    return page.book.get(body.partition("@")[0], _law_date(page, body))


def _law_date(page: Page, body: str) -> date:
    _key, at, day = body.partition("@")
    return _day(day) if at else page.as_of


def _article(page: Page, body: str) -> Shown:
    citation = page.book.citation(body)
    label = html.escape(citation.label)
    if not page.is_linked:
        return Shown(label, citation.label)
    return Shown(f'<a class="law" href="{html.escape(citation.url)}">{label}</a>', citation.label)


def _term(page: Page, body: str) -> Shown:
    term_id, _bar, words = body.partition("|")
    term = page.book.term(term_id)
    text = words or term.term
    if not page.is_linked:
        return Shown(html.escape(text), text)
    if not page.is_lesson:
        return Shown(f'<a class="term" href="/istilah#{term_id}">{html.escape(text)}</a>', text)
    is_first = term_id not in page.terms
    page.terms.setdefault(term_id, text)
    place = f' id="di_{term_id}"' if is_first else ""
    return Shown(f'<a class="term"{place} href="#istilah_{term_id}">{html.escape(text)}</a>', text)


def _misquote(page: Page, body: str) -> Shown:
    value, bar, why = body.partition("|")
    if not (value and bar and why):
        raise FactError(_("{keliru:…|…} needs the wrong value, a bar, and the reason."))
    if not page.is_linked:
        return Shown(html.escape(value), value)
    shown = f'<s class="misquote">{html.escape(value)}</s> ({wording.MISQUOTE}: {html.escape(why)})'
    return Shown(shown, f"{value} ({wording.MISQUOTE}: {why})")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FactError(_("“%(text)s” is not a date.", text=text)) from None


def plain_words(children: Sequence[Token]) -> str:
    """Return the words of parsed Markdown, marks among them, without anything around them."""
    texts = {"softbreak": " ", "hardbreak": " "}
    kinds = {"text", "code_inline", "mark", "text_special"}
    return "".join(
        token.content if token.type in kinds else texts.get(token.type, "") for token in children
    ).replace(BAR, "|")
