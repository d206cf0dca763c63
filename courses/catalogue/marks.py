"""The marks of our Markdown: `{fakta:…}`, `{keliru:…|…}`, `{pasal:…}`, `{istilah:…|…}`."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from courses.catalogue import wording
from courses.facts.book import FactBook, FactError
from courses.facts.fact import Fact
from courses.facts.formatting import show

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
    # Whether marks carry links and notes; in a question nothing may tell right from wrong.
    is_linked: bool
    facts: dict[tuple[str, date], Noted] = field(default_factory=dict)
    # Id of the term → the words it was explained at.
    terms: dict[str, str] = field(default_factory=dict)
    faults: list[MarkdownFault] = field(default_factory=list)

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
    key, at, day = body.partition("@")
    as_of = _day(day) if at else page.as_of
    fact = page.book.get(key, as_of)
    text = show(fact)
    plain = f"{text} ({wording.UNCHECKED})" if fact.is_doubtful else text
    if not page.is_linked:
        return Shown(html.escape(plain), plain)
    noted = page.facts.setdefault((key, fact.valid_from), Noted(len(page.facts) + 1, fact, text))
    noted.places += 1
    link = (
        f'<a class="fact-value" id="fakta_{noted.number}_{noted.places}" href="#dasar_{noted.number}" '
        f'role="doc-noteref">{html.escape(text)}</a>'
    )
    warning = f' <span class="tag warn">{wording.UNCHECKED}</span>' if fact.is_doubtful else ""
    return Shown(link + warning, plain)


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
