"""The radar: which texts and questions say what a fact no longer says.

A use is compared at its law date or, once the book's own is later, at that: what is in force now. What was
historical when it was stored is exempt.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from courses.facts.book import FactBook, FactError
from courses.facts.fact_users import FactUsers, User, UsingQuiz
from courses.facts.models import FactUse, Standing, UseKind, UseOwner
from courses.facts.uses import HOLDS, HOLDS_NOT, show_seen
from lms.core.accounts.actor import Actor

DECIDING = frozenset({UseKind.STEM, UseKind.OPTION, UseKind.KEY, UseKind.FORMULA, UseKind.CONDITION})
"""Uses a question rests on: it is paused. Any other is feedback and only warned of."""


@dataclass(frozen=True)
class Stale:
    """A use whose fact has another value now; `now` None: it has none any more."""

    use: FactUse
    now: str | None

    @property
    def pauses(self) -> bool:
        """Whether a question with it leaves new papers."""
        return self.use.owner_type == UseOwner.QUESTION_VERSION and self.use.kind in DECIDING


@dataclass(frozen=True)
class Finding:
    """A stale use and what it belongs to."""

    stale: Stale
    user: User


@dataclass(frozen=True)
class UsingPage:
    """A file of an edition that uses a fact, with the lines."""

    user: User
    kind: str
    file: str
    lines: Sequence[int]
    edition_id: int
    # What tells this look at it from a later one.
    mark: str
    # Who said last that it is right with the fact of then, and when.
    kept_by: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True)
class UsingQuestion:
    """A question that uses a fact, with the parts that do; `pauses`: it rests on the fact."""

    user: User
    kinds: Sequence[str]
    pauses: bool


@dataclass(frozen=True)
class UsedFact:
    """A fact with what uses it, gathered for people: texts of editions, questions, quizzes."""

    key: str
    findings: Sequence[Finding]

    @property
    def pages(self) -> list[UsingPage]:
        """Files of editions, in the order of the course."""
        found: dict[tuple[int, str, str], list[Finding]] = {}
        for one in self._of(UseOwner.EDITION):
            file = one.stale.use.place.rpartition(":")[0]
            found.setdefault((one.stale.use.owner_id, file, one.stale.use.kind), []).append(one)
        return [_page_of(*place, findings) for place, findings in sorted(found.items(), key=itemgetter(0))]

    @property
    def questions(self) -> list[UsingQuestion]:
        """Questions, in the order of their making."""
        found: dict[int, list[Finding]] = {}
        for one in self._of(UseOwner.QUESTION_VERSION):
            found.setdefault(one.stale.use.owner_id, []).append(one)
        return [
            UsingQuestion(
                uses[0].user,
                [*dict.fromkeys(one.stale.use.kind for one in uses)],
                any(one.stale.pauses for one in uses),
            )
            for uses in found.values()
        ]

    @property
    def quizzes(self) -> list[UsingQuiz]:
        """Published quizzes that name one of the questions that rest on it."""
        named = {quiz.version_id: quiz for one in self.questions if one.pauses for quiz in one.user.quizzes}
        return sorted(named.values(), key=lambda quiz: (quiz.title, quiz.version_id))

    def _of(self, owner_type: UseOwner) -> list[Finding]:
        return [one for one in self.findings if one.stale.use.owner_type == owner_type]


def _page_of(edition_id: int, file: str, kind: str, findings: Sequence[Finding]) -> UsingPage:
    uses = [one.stale.use for one in findings]
    kept = max((use for use in uses if use.accepted_at), key=attrgetter("accepted_at"), default=None)
    return UsingPage(
        findings[0].user,
        kind,
        file,
        sorted(int(use.place.rpartition(":")[2]) for use in uses),
        edition_id,
        mark_of([one.stale for one in findings]),
        kept_by=kept.accepted_by.name if kept and kept.accepted_by else "",
        kept_at=kept.accepted_at if kept else None,
    )


def mark_of(stale: Iterable[Stale]) -> str:
    """Return a short text that is another one when one of the facts has changed again."""
    told = sorted((one.use.id, one.now or "") for one in stale)
    return sha256(json.dumps(told).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class ChangedFact(UsedFact):
    """A fact with everything that says something else."""

    @property
    def changes(self) -> list[tuple[str, str | None]]:
        """What was seen and what holds now, each pair once."""
        return [
            *{(one.stale.use.accepted or one.stale.use.saw, one.stale.now): None for one in self.findings}
        ]


def find_stale(
    session: Session,
    book: FactBook,
    *,
    on: date | None = None,
    owner_ids: Collection[int] | None = None,
    owner_type: UseOwner | None = None,
    standings: Collection[Standing] = (Standing.LIVE,),
    actor: Actor | None = None,
) -> list[Stale]:
    """Return the uses whose fact has another value than they saw, in two queries at most.

    Args:
        session: the database session.
        book: what is known of the law now.
        on: the law date to compare with; the book's own unless given.
        owner_ids: with ``owner_type``, whose uses to look at; everybody's unless given.
        owner_type: of which kind of things to look at uses.
        standings: live ones only, unless given.
        actor: whose branches to look at; all unless given.
    """
    wanted = list(_conditions(owner_ids, owner_type, standings, actor))
    now_of = _Comparison(book, on or book.as_of)
    asked = select(FactUse.key, FactUse.kind, FactUse.as_of, FactUse.is_pinned, FactUse.saw, FactUse.accepted)
    stale_keys = {row.key for row in session.execute(asked.where(*wanted).distinct()) if now_of.is_stale(row)}
    if not stale_keys:
        return []
    query: Select[FactUse] = (
        select(FactUse)
        .where(*wanted, FactUse.key.in_(stale_keys))
        .options(joinedload(FactUse.accepted_by))
        .order_by(FactUse.id)
    )
    return [Stale(use, now_of.shown(use)) for use in session.scalars(query) if now_of.is_stale(use)]


def count_stale_keys(session: Session, book: FactBook, *, actor: Actor | None = None) -> int:
    """Return how many facts say something else than texts and questions in use, in one query."""
    wanted = _conditions(None, None, (Standing.LIVE,), actor)
    asked = select(FactUse.key, FactUse.kind, FactUse.as_of, FactUse.is_pinned, FactUse.saw, FactUse.accepted)
    now_of = _Comparison(book, book.as_of)
    return len({row.key for row in session.execute(asked.where(*wanted).distinct()) if now_of.is_stale(row)})


def scan(
    session: Session,
    book: FactBook,
    users: Iterable[FactUsers],
    *,
    on: date | None = None,
    actor: Actor | None = None,
) -> list[Finding]:
    """Return all that has to be looked at, by fact; things nobody has to mend any more are left out."""
    found = _describe(session, find_stale(session, book, on=on, actor=actor), users)
    return sorted(found, key=lambda finding: (finding.stale.use.key, finding.stale.use.id))


def find_uses_of(
    session: Session, key: str, users: Iterable[FactUsers], *, actor: Actor, limit: int
) -> tuple[UsedFact, int]:
    """Return what uses ``key`` and was not replaced, and how many uses there are beyond ``limit``."""
    wanted = FactUse.key == key, FactUse.standing != Standing.SUPERSEDED, sees(actor)
    # What is in use comes before what is kept as it was.
    order = FactUse.standing.desc(), FactUse.owner_type, FactUse.id
    rows = session.execute(
        select(FactUse, func.count().over())
        .where(*wanted)
        .options(joinedload(FactUse.accepted_by))
        .order_by(*order)
        .limit(limit)
    ).all()
    found = _describe(session, [Stale(use, use.saw) for use, _count in rows], users)
    return UsedFact(key, found), rows[0][1] - len(rows) if rows else 0


def _describe(session: Session, stale: Collection[Stale], users: Iterable[FactUsers]) -> list[Finding]:
    """Return those uses with what they belong to; nothing is asked where there are none."""
    described = {
        room.owner_type: room.describe(
            session, {one.use.owner_id for one in stale if one.use.owner_type == room.owner_type}
        )
        for room in users
    }
    return [
        Finding(one, described[UseOwner(one.use.owner_type)][one.use.owner_id])
        for one in stale
        if one.use.owner_id in described.get(UseOwner(one.use.owner_type), {})
    ]


def by_fact(findings: Iterable[Finding]) -> list[ChangedFact]:
    """Return the findings gathered by fact, in the order they come in."""
    gathered: dict[str, list[Finding]] = {}
    for finding in findings:
        gathered.setdefault(finding.stale.use.key, []).append(finding)
    return [ChangedFact(key, found) for key, found in gathered.items()]


@dataclass
class _Comparison:
    """What uses would see now, each question asked of the book once."""

    book: FactBook
    on: date
    _known: dict[tuple[str, bool, date], str | None] = field(default_factory=dict)

    def is_stale(self, use: Any) -> bool:
        """Return whether ``use``, a row with the columns of one, would see something nobody has looked at."""
        return (self.shown(use) or "") not in {use.saw, use.accepted}

    def shown(self, use: Any) -> str | None:
        """Return what ``use`` would see; None: there is no such value any more."""
        day = use.as_of if use.is_pinned else max(use.as_of, self.on)
        asked = use.key, use.kind == UseKind.CONDITION, day
        if asked not in self._known:
            self._known[asked] = self._ask(*asked)
        return self._known[asked]

    def _ask(self, key: str, is_condition: bool, day: date) -> str | None:
        try:
            if is_condition:
                return HOLDS if self.book.applies(key, day) else HOLDS_NOT
            return show_seen(self.book.get(key, day))
        except FactError:
            return None


def _conditions(
    owner_ids: Collection[int] | None,
    owner_type: UseOwner | None,
    standings: Collection[Standing],
    actor: Actor | None,
) -> Iterable[ColumnElement[bool]]:
    yield FactUse.standing.in_(list(standings))
    if owner_ids is not None:
        yield FactUse.owner_id.in_(list(owner_ids))
    if owner_type is not None:
        yield FactUse.owner_type == owner_type
    yield sees(actor)


def sees(actor: Actor | None) -> ColumnElement[bool]:
    """Return the condition that a use is the nation's or of a branch of the actor."""
    if actor is None or actor.is_admin:
        return true()
    return or_(FactUse.branch_id.is_(None), FactUse.branch_id.in_(actor.branch_ids))
