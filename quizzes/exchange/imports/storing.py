"""Changes: what was read becomes drafts of the bank, all of it in one transaction or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.text import fold
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.origin_models import QuestionOrigin
from quizzes.bank.review.models import EventKind
from quizzes.bank.review.statuses import note_event
from quizzes.bank.search.models import QuestionTag
from quizzes.bank.services import Draft, make_draft, new_version, note_versions
from quizzes.exchange.imports.models import ImportedQuestion, ImportState, QuestionImport
from quizzes.types.base import Json

BATCH = 500
CASE = "case_set"


@dataclass(frozen=True)
class Origin:
    """The file questions come from."""

    format: str
    file_name: str


@dataclass(frozen=True)
class Ready:
    """A question ready to be stored: resolved, with where it stood. ``parts`` are those of a case."""

    draft: Draft
    line: int
    place: str
    tags: tuple[str, ...] = ()
    parts: tuple[Ready, ...] = ()
    # Of what was read, where it was kept.
    item_id: int = 0


def make_ready(
    source: Json,
    *,
    kind: str,
    topic: str,
    use: str,
    book: FactBook,
    line: int = 0,
    place: str = "",
    tags: Iterable[str] = (),
    item_id: int = 0,
) -> Ready:
    """Resolve a question, and the parts of a case as questions of their own; outside of transactions.

    Raises:
        SourceError: a text, fact or citation in it is wrong.
    """
    draft = make_draft(source, kind=kind, topic=topic, use=use, as_of=book.as_of, book=book)
    parts = tuple(
        make_ready(
            {name: value for name, value in part.items() if name != "type"},
            kind=str(part["type"]),
            topic=topic,
            use=use,
            book=book,
            line=line,
            place=place,
        )
        for part in _own_parts(kind, source)
    )
    return Ready(draft, line, place, tuple(tags), parts, item_id)


def store_ready(
    session: Session,
    ready: Sequence[Ready],
    *,
    branch_id: int | None,
    origin: Origin,
    actor_id: int | None,
    now: datetime,
) -> list[int]:
    """Store questions as drafts; return their ids in the same order, without those of parts of cases."""
    begin_write(session)
    owner = _Owner(session, branch_id, origin, actor_id, now)
    parts = [part for one in ready for part in one.parts]
    part_ids = iter(owner.store(parts))
    named = [_named(one, [next(part_ids) for _part in one.parts]) for one in ready]
    question_ids = owner.store(named)
    if question_ids:
        _note(session, owner, question_ids)
    return question_ids


def store_ticked(
    session: Session, actor: Actor, *, import_id: int, ready: Sequence[Ready], now: datetime
) -> int:
    """Store what is ticked of an import, and return how many that were; pressed twice stores once.

    Args:
        session: the database session.
        actor: whose import it is.
        import_id: the import.
        ready: what is ticked, resolved.
        now: the time.

    Raises:
        NotFound: it is not this person's, or not there any more.
        Conflict: it was changed since it was resolved.
    """
    begin_write(session)
    query = select(QuestionImport).where(QuestionImport.id == import_id)
    made = session.scalar(query.where(QuestionImport.user_id == actor.user_id).with_for_update())
    if made is None:
        raise NotFound
    return store_locked(session, made, ready=ready, now=now)


def store_locked(session: Session, made: QuestionImport, *, ready: Sequence[Ready], now: datetime) -> int:
    """Store what is ticked of an import that is locked, and return how many that were.

    Raises:
        Conflict: it was changed since it was resolved.
    """
    by_id = {one.item_id: one for one in ready}
    items = list_ticked(session, made.id)
    if any(item.id not in by_id or not _is_same(item, by_id[item.id].draft) for item in items):
        raise Conflict(_l("Somebody changed this list meanwhile. Look at it once more, then store."))
    ids = store_ready(
        session,
        [by_id[item.id] for item in items],
        branch_id=made.branch_id,
        origin=Origin(made.format, made.file_name),
        actor_id=made.user_id,
        now=now,
    )
    for item, question_id in zip(items, ids, strict=True):
        item.question_id, item.is_ticked = question_id, False
    made.state = ImportState.READ
    session.flush()
    return len(ids)


def list_ticked(session: Session, import_id: int) -> list[ImportedQuestion]:
    """Return what is ticked of an import and not stored, in the order of the file."""
    query = select(ImportedQuestion).where(
        ImportedQuestion.import_id == import_id,
        ImportedQuestion.is_ticked,
        ImportedQuestion.kind.is_not(None),
        ImportedQuestion.question_id.is_(None),
    )
    return list(session.scalars(query.order_by(ImportedQuestion.position)))


@dataclass(frozen=True)
class _Owner:
    """Whose the questions become, and how they are stored."""

    session: Session
    branch_id: int | None
    origin: Origin
    actor_id: int | None
    now: datetime

    def store(self, ready: Sequence[Ready]) -> list[int]:
        ids: list[int] = []
        for start in range(0, len(ready), BATCH):
            ids += self._store(ready[start : start + BATCH])
        return ids

    def _store(self, ready: Sequence[Ready]) -> list[int]:
        made = [self._question(one.draft) for one in ready]
        self.session.add_all(made)
        self.session.flush()
        for question, one in zip(made, ready, strict=True):
            self._add_beside(question, one)
        versions = [(question.versions[0], one.draft) for question, one in zip(made, ready, strict=True)]
        note_versions(self.session, versions, now=self.now, actor_id=self.actor_id)
        return [question.id for question in made]

    def _question(self, draft: Draft) -> Question:
        version: QuestionVersion = new_version(draft, number=1, now=self.now, actor_id=self.actor_id)
        return Question(
            branch_id=self.branch_id,
            topic=draft.topic,
            use=draft.use,
            status=QuestionStatus.DRAFT.value,
            created_at=self.now,
            created_by_id=self.actor_id,
            versions=[version],
        )

    def _add_beside(self, question: Question, one: Ready) -> None:
        add, origin = self.session.add, self.origin
        add(
            QuestionOrigin(
                question_id=question.id,
                format=origin.format,
                file_name=origin.file_name,
                place=one.place,
                line=one.line,
            )
        )
        for tag, label in {fold(label): label for label in one.tags}.items():
            add(QuestionTag(question_id=question.id, tag=tag, label=label))
        note_event(
            self.session,
            question,
            question.versions[0],
            kind=EventKind.CHANGED,
            before=None,
            actor_id=self.actor_id,
            now=self.now,
        )


def _note(session: Session, owner: _Owner, question_ids: Sequence[int]) -> None:
    record(
        session,
        "question.imported",
        at=owner.now,
        actor_id=owner.actor_id,
        object_type="question",
        branch_id=owner.branch_id,
        format=owner.origin.format,
        file=owner.origin.file_name,
        count=len(question_ids),
        first_id=question_ids[0],
        last_id=question_ids[-1],
    )


def _own_parts(kind: str, source: Json) -> list[Json]:
    """Return the parts of a case that are written out in it, to become questions a quiz can ask."""
    if kind != CASE:
        return []
    parts: list[dict[str, Any]] = [part for part in source.get("parts") or [] if isinstance(part, dict)]
    is_told = all("type" in part and not {"next", "end", "question"} & set(part) for part in parts)
    return parts if is_told else []


def _named(one: Ready, part_ids: Sequence[int]) -> Ready:
    """Return a case that names its parts, which are questions of their own by now."""
    if not part_ids:
        return one
    source = one.draft.source | {"parts": [{"question": f"#{part_id}"} for part_id in part_ids]}
    return replace(one, draft=replace(one.draft, source=source))


def _is_same(item: ImportedQuestion, draft: Draft) -> bool:
    return (item.kind, item.source, item.topic) == (draft.kind, draft.source, draft.topic)
