"""The fact book: what the law says on a day, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from flask_babel import gettext as _

from courses.facts.fact import Fact
from courses.facts.glossary import Term
from courses.facts.law import Citation, Law, Reference, parse_reference
from courses.facts.learned import Learned, find_chain, list_learned
from courses.facts.loading import BookData, read_data
from courses.facts.spans import current, known_on, learn
from lms.core.db import db

DATA = Path(__file__).parent / "data"
PROGRAMMES = ("jkk", "jkm", "jht", "jp", "jkp")
"""Programmes a text may ask for; one is in force while any fact under its name is."""

_DATE_CONDITION = re.compile(r"(>=|<)\s*(\d{4}-\d{2}-\d{2})")


class FactError(ValueError):
    """A text or question asks the book for what it does not hold; the message is for its author."""


class UnknownFact(FactError):
    """There is no fact of that name."""


class NotInForce(FactError):
    """The fact exists, but has no value on that day."""


class UnknownLaw(FactError):
    """There is no such law in the book, or the reference cannot be read."""


class UnknownTerm(FactError):
    """There is no such term in the glossary."""


class UnreadableCondition(FactError):
    """A condition is neither a programme, a fact nor a comparison with a date."""


class Undecided(FactError):
    """The fact cannot decide the key of an answer: it was never checked, or is no number."""


@dataclass(frozen=True)
class FactBook(BookData):
    """What may be asked of the data: by key and date, never by a typed number."""

    # Names the corrections in it; empty for the data as shipped.
    chain: str = ""

    @property
    def mark(self) -> str:
        """A short text that is another one whenever something was learned."""
        return f"{self.known_on}+{self.chain[:12]}" if self.chain else str(self.known_on)

    def as_known_on(self, day: date) -> FactBook:
        """Return the book as it was known on ``day``; what the shipped data always held it holds too."""
        if day >= self.known_on:
            return self
        histories = {key: known_on(entries, day) for key, entries in self.entries.items()}
        facts = {key: history for key, history in histories.items() if history}
        return replace(self, known_on=day, facts=MappingProxyType(facts))

    def label(self, key: str, language: str = "id") -> str:
        """Return what ``key`` is called; the key itself where nobody named it yet."""
        label = self.labels.get(key)
        return label.text(language) if label else key

    def history(self, key: str) -> Sequence[Fact]:
        """Return all values of ``key``, oldest first.

        Raises:
            UnknownFact: there is none.
        """
        try:
            return self.facts[key]
        except KeyError:
            raise UnknownFact(_("There is no fact “%(key)s”.", key=key)) from None

    def get(self, key: str, as_of: date) -> Fact:
        """Return the value of ``key`` on ``as_of``.

        Raises:
            UnknownFact: there is no such key.
            NotInForce: it has no value on that day.
        """
        for fact in self.history(key):
            if fact.holds_on(as_of):
                return fact
        raise NotInForce(_("“%(key)s” has no value on %(day)s.", key=key, day=as_of.isoformat()))

    def number(self, key: str, as_of: date) -> Decimal:
        """Return the number that may decide the key of an answer: rupiah, share of one, or count.

        Raises:
            UnknownFact, NotInForce: as in :meth:`get`.
            Undecided: the value was never checked (`memory`), or is no number.
        """
        fact = self.get(key, as_of)
        if fact.is_doubtful:
            raise Undecided(_("“%(key)s” was never checked (memory) and cannot decide an answer.", key=key))
        if not isinstance(fact.value, Decimal):
            raise Undecided(_("“%(key)s” is not a number.", key=key))
        return fact.value

    def applies(self, condition: str, as_of: date) -> bool:
        """Return whether ``condition`` holds on ``as_of``.

        A condition is a programme (`jkp`), a fact key, either of them after `!` for the opposite, or the law
        date itself: `>=2019-12-02`, `<2019-12-02`; several are joined by `atau`, and one must hold.

        Raises:
            UnreadableCondition, UnknownFact: it is none of these.
        """
        # All of them are asked, so that none with a fault passes unseen.
        answers = [self.holds(part, as_of) for part in condition.split(" atau ")]
        return any(answers)

    def holds(self, condition: str, as_of: date) -> bool:
        """Return whether one condition holds that is not joined with others; raises as :meth:`applies`."""
        text = condition.strip()
        if match := _DATE_CONDITION.fullmatch(text):
            day = _day(match[2])
            return as_of >= day if match[1] == ">=" else as_of < day
        if text.startswith("!"):
            return not self._is_in_force(text[1:].strip(), as_of)
        return self._is_in_force(text, as_of)

    def law(self, law_id: str) -> Law:
        """Return the law of that id.

        Raises:
            UnknownLaw: there is none.
        """
        try:
            return self.laws[law_id]
        except KeyError:
            raise UnknownLaw(_("There is no law “%(law)s” in the list of laws.", law=law_id)) from None

    def reference(self, ref: str) -> Reference:
        """Return `uu-24-2011/17/2/c` taken apart.

        Raises:
            UnknownLaw: it cannot be read, or names a law or article that is not in the list.
        """
        reference = parse_reference(ref)
        if reference is None:
            raise UnknownLaw(
                _(
                    "“%(ref)s” is not a citation: write it like uu-24-2011/17/2/c.",
                    ref=ref,
                )
            )
        law = self.law(reference.law_id)
        if law.articles and reference.number > law.articles:
            raise UnknownLaw(
                _(
                    "%(law)s has %(count)s articles: there is no Article %(article)s in it.",
                    law=law.short,
                    count=law.articles,
                    article=reference.article,
                )
            )
        return reference

    def citation(self, ref: str, language: str = "id") -> Citation:
        """Return how people read ``ref``, and the address of the law on our page of laws.

        Raises:
            UnknownLaw: as in :meth:`reference`.
        """
        reference = self.reference(ref)
        return Citation(reference.label(language), f"/hukum#{reference.law_id}")

    def term(self, term_id: str) -> Term:
        """Return the term of that id.

        Raises:
            UnknownTerm: there is none.
        """
        try:
            return self.terms[term_id]
        except KeyError:
            raise UnknownTerm(_("There is no term “%(term)s” in the glossary.", term=term_id)) from None

    def _is_in_force(self, name: str, as_of: date) -> bool:
        if name in PROGRAMMES:
            return any(
                fact.holds_on(as_of)
                for key, history in self.facts.items()
                if key.startswith(f"{name}.")
                for fact in history
            )
        if "." not in name:
            raise UnreadableCondition(
                _("“%(text)s” is neither a programme nor a fact nor a comparison with a date.", text=name)
            )
        return any(fact.holds_on(as_of) for fact in self.history(name))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnreadableCondition(_("“%(text)s” is not a date.", text=text)) from None


def read_book(folder: Path) -> FactBook:
    """Return the book in ``folder``.

    Raises:
        courses.facts.loading.BookFaults: the data contradict themselves.
    """
    return FactBook(**vars(read_data(folder)))


@cache
def shipped_book() -> FactBook:
    """Return the book that ships with this version, read once per process."""
    return read_book(DATA)


def with_learned(book: FactBook, learned: Sequence[Learned], *, chain: str) -> FactBook:
    """Return ``book`` with what was learned after it, in the order in which it was confirmed."""
    entries, labels, sources = dict(book.entries), dict(book.labels), dict(book.sources)
    for one in learned:
        key = one.fact.key
        entries[key] = learn(entries.get(key, ()), one.fact, is_amendment=one.is_amendment)
        sources[one.source.code] = one.source
        if one.label is not None:
            labels.setdefault(key, one.label)
    known = max([book.known_on, *(one.fact.known_from for one in learned if one.fact.known_from)])
    # What has come into force moves the law date; what lies ahead of all we know does not.
    begun = [one.fact.valid_from for one in learned if one.fact.valid_from <= known]
    return replace(
        book,
        as_of=max([book.as_of, *begun]),
        known_on=known,
        facts=MappingProxyType({key: current(found) for key, found in sorted(entries.items())}),
        entries=MappingProxyType(dict(sorted(entries.items()))),
        labels=MappingProxyType(labels),
        sources=MappingProxyType(sources),
        chain=chain,
    )


KEPT = 4
"""Books kept per process: while one process confirms, another still reads the one before."""
_books: dict[str, FactBook] = {}


def load_book(*, known_on: date | None = None) -> FactBook:
    """Return the newest book this installation knows: the shipped data and what was confirmed since.

    Costs one small query per request, and nothing outside an application; the book itself is read again
    when another process has confirmed something. With ``known_on`` the book is the one known on that day.
    """
    chain = find_chain()
    book = _books.get(chain) or _keep(chain)
    return book if known_on is None else book.as_known_on(known_on)


def _keep(chain: str) -> FactBook:
    if not chain:
        return shipped_book()
    book = with_learned(shipped_book(), list_learned(db.session()), chain=chain)
    while len(_books) >= KEPT:
        _books.pop(next(iter(_books)), None)
    _books[chain] = book
    return book
