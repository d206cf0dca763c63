"""Who uses a fact: noted while a text is rendered with the book, stored with what was rendered.

Nothing is searched for afterwards: what a text asked the book for is what it uses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from courses.facts.fact import Fact
from courses.facts.formatting import show
from courses.facts.models import FactUse, Standing, UseKind, UseOwner
from lms.core.db import begin_write

HOLDS, HOLDS_NOT = "berlaku", "tidak berlaku"
"""What a condition saw."""
UNCHECKED = "belum diperiksa"


@dataclass(frozen=True)
class Seen:
    """A fact or condition a text asked for, and what it was told; fields as in `FactUse`."""

    kind: UseKind
    place: str
    key: str
    as_of: date
    is_pinned: bool
    valid_from: date | None
    saw: str


@dataclass(frozen=True)
class Used:
    """All that one owner uses."""

    owner_id: int
    branch_id: int | None
    seen: Sequence[Seen]


@dataclass
class Recorder:
    """Notes what one text asks its book; whoever renders says which part of the text is at work.

    What is asked while no part is named is not noted: it is asked a second time, or for somebody else.
    """

    as_of: date
    kind: UseKind = UseKind.LESSON
    place: str = ""
    # In the order they were met, each once.
    seen: dict[tuple[UseKind, str, str, date], Seen] = field(default_factory=dict)

    def watch(self, book: FactBook) -> FactBook:
        """Return ``book``, noting here what it is asked for."""
        return _WatchedBook(**vars(book), recorder=self)

    @contextmanager
    def at(self, kind: UseKind, place: str) -> Iterator[None]:
        """Note what is asked inside as used by this part of the text."""
        before = self.kind, self.place
        self.kind, self.place = kind, place
        try:
            yield
        finally:
            self.kind, self.place = before

    def note_fact(self, fact: Fact, as_of: date) -> None:
        """Note a value the book gave."""
        self._note(self.kind, fact.key, as_of, valid_from=fact.valid_from, saw=show_seen(fact))

    def note_condition(self, condition: str, as_of: date, *, holds: bool) -> None:
        """Note whether what ``condition`` asks holds."""
        self._note(UseKind.CONDITION, condition, as_of, valid_from=None, saw=HOLDS if holds else HOLDS_NOT)

    def note(self, seen: Iterable[Seen]) -> None:
        """Note what another recorder of this text has noted."""
        for one in seen:
            self.seen.setdefault((one.kind, one.place, one.key, one.as_of), one)

    def uses(self) -> tuple[Seen, ...]:
        """Return what was noted."""
        return tuple(self.seen.values())

    def _note(self, kind: UseKind, key: str, as_of: date, *, valid_from: date | None, saw: str) -> None:
        if not self.place:
            return
        seen = Seen(kind, self.place, key, as_of, as_of != self.as_of, valid_from, saw)
        self.seen.setdefault((kind, self.place, key, as_of), seen)


@dataclass(frozen=True)
class _WatchedBook(FactBook):
    """A book that tells a recorder what it is asked for."""

    recorder: Recorder = field(kw_only=True)

    def get(self, key: str, as_of: date) -> Fact:
        """Return the value, as the book does, and note it."""
        fact = super().get(key, as_of)
        self.recorder.note_fact(fact, as_of)
        return fact

    def holds(self, condition: str, as_of: date) -> bool:
        """Return whether the condition holds, as the book does, and note what it asks."""
        holds = super().holds(condition, as_of)
        is_negated = condition.strip().startswith("!")
        self.recorder.note_condition(bare(condition), as_of, holds=holds is not is_negated)
        return holds


def bare(condition: str) -> str:
    """Return what a condition asks: `! jkp` asks for `jkp`."""
    return condition.strip().removeprefix("!").strip()


def show_seen(fact: Fact) -> str:
    """Return what a reader sees of a value; that nobody checked it is part of it."""
    return f"{show(fact)} ({UNCHECKED})" if fact.is_doubtful else show(fact)


def placed(uses: Iterable[Seen], *, file: str, kind: UseKind, first: int = 1) -> list[Seen]:
    """Return the uses of a page of a course: their kind is the page's, their places are lines of ``file``.

    ``first`` is the line of the file its text begins at.
    """
    return [
        replace(
            use,
            place=f"{file}:{int(use.place) + first - 1}",
            kind=UseKind.CONDITION if use.kind is UseKind.CONDITION else kind,
        )
        for use in uses
    ]


def store_uses(
    session: Session,
    used: Iterable[Used],
    *,
    owner_type: UseOwner,
    standing: Standing,
) -> None:
    """Store the uses of each owner in place of those it had."""
    begin_write(session)
    rows: list[dict[str, Any]] = []
    owner_ids: list[int] = []
    for one in used:
        owner_ids.append(one.owner_id)
        rows += [
            vars(seen)
            | {
                "owner_type": owner_type,
                "owner_id": one.owner_id,
                "branch_id": one.branch_id,
                "standing": standing,
            }
            for seen in one.seen
        ]
    is_theirs = FactUse.owner_type == owner_type, FactUse.owner_id.in_(owner_ids)
    session.execute(delete(FactUse).where(*is_theirs))
    if rows:
        session.execute(insert(FactUse), rows)


def copy_uses(session: Session, *, from_id: int, to_id: int, branch_id: int | None) -> None:
    """Give a copy of a question version the uses of its original."""
    begin_write(session)
    original = select(FactUse).where(
        FactUse.owner_type == UseOwner.QUESTION_VERSION, FactUse.owner_id == from_id
    )
    skip = {"id", "owner_id", "branch_id"}
    names = [column.key for column in FactUse.__table__.columns if column.key not in skip]
    rows = [
        {name: row.__dict__[name] for name in names} | {"owner_id": to_id, "branch_id": branch_id}
        for row in session.scalars(original)
    ]
    if rows:
        session.execute(insert(FactUse), rows)


def supersede(session: Session, owner_type: UseOwner, owner_ids: Collection[int] | Any) -> None:
    """Note that something newer took the place of these owners; ``owner_ids`` may be a query."""
    begin_write(session)
    session.execute(
        update(FactUse)
        .where(
            FactUse.owner_type == owner_type,
            FactUse.owner_id.in_(owner_ids),
            FactUse.standing == Standing.LIVE,
        )
        .values(standing=Standing.SUPERSEDED)
        .execution_options(synchronize_session=False)
    )


def standing_of(session: Session, as_of: date, *, present: date) -> Standing:
    """Return how a text of that law date stands that is stored now.

    Historical: the date is before ``present``, which the book has for whoever names none, and never was that.
    """
    if as_of >= present:
        return Standing.LIVE
    was_present = exists().where(
        FactUse.as_of == as_of, ~FactUse.is_pinned, FactUse.standing != Standing.HISTORICAL
    )
    return Standing.LIVE if session.scalar(select(was_present)) else Standing.HISTORICAL
