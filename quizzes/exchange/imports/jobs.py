"""Jobs: large files are read and stored behind the page that waits for them; old ones are forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from courses.facts.book import load_book
from lms.core.db import begin_write, own_transaction
from lms.core.errors import Conflict
from lms.core.jobs.daily import daily
from lms.core.jobs.kinds import Kind
from quizzes.bank.resolving import SourceError
from quizzes.exchange.contract import Read, Unreadable
from quizzes.exchange.imports import services as imports
from quizzes.exchange.imports import storing
from quizzes.exchange.imports.alike import with_twins
from quizzes.exchange.imports.models import ImportedQuestion, ImportState, QuestionImport
from quizzes.exchange.imports.preparing import prepare
from quizzes.exchange.imports.reading import find_reader, get_reader, read_each
from quizzes.exchange.imports.storing import Ready, make_ready

STEP = 500
"""Questions read before the page is told how far it is."""
FORGET_JOB = "forget_imports"


def read_questions(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Read a file and note what is in it, or why it cannot be read."""
    waiting = _load(session, payload["import_id"])
    if waiting is None:
        return
    try:
        reader = get_reader(waiting.format) if waiting.format else find_reader(waiting.body, waiting.name)
        read = _told(read_each(waiting.body, waiting.name, reader), waiting.id)
        found = list(prepare(read, topic=waiting.topic, book=load_book()))
    except Unreadable as error:
        imports.refuse(session, waiting.id, problem=str(error.message))
        return
    told = with_twins(session, found, branch_id=waiting.branch_id)
    session.rollback()
    imports.note_found(session, waiting.id, key=reader.key, found=told, now=now)


def store_questions(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Store what is ticked of an import."""
    made = session.get(QuestionImport, payload["import_id"])
    if made is None or made.state != ImportState.STORING:
        return
    ready = list(ready_of(session, made))
    session.rollback()
    begin_write(session)
    locked = session.get(QuestionImport, payload["import_id"], with_for_update=True)
    if locked is not None and locked.state == ImportState.STORING:
        storing.store_locked(session, locked, ready=ready, now=now)


def ready_of(session: Session, made: QuestionImport) -> Iterator[Ready]:
    """Yield what is ticked of an import, resolved.

    Raises:
        Conflict: one of them does not hold any more, since a fact has changed.
    """
    book = load_book()
    for item in storing.list_ticked(session, made.id):
        yield _ready(item, made, book)


def forget_imports(session: Session, _payload: Mapping[str, Any], now: datetime) -> None:
    """Forget what nobody stored within a day."""
    imports.forget_old(session, now=now)


def _ready(item: ImportedQuestion, made: QuestionImport, book: Any) -> Ready:
    assert item.kind is not None
    try:
        return make_ready(
            item.source,
            kind=item.kind,
            topic=item.topic,
            use=made.use,
            book=book,
            line=item.line,
            place=item.place,
            tags=item.tags,
            item_id=item.id,
        )
    except SourceError as error:
        raise Conflict(error.message) from error


@dataclass(frozen=True)
class _Waiting:
    id: int
    body: bytes
    name: str
    format: str
    topic: str
    branch_id: int | None


def _load(session: Session, import_id: int) -> _Waiting | None:
    """Return what is to be read, and leave no transaction open while it is."""
    query = select(QuestionImport).where(QuestionImport.id == import_id).options(undefer(QuestionImport.body))
    made = session.scalar(query)
    if made is None or made.state != ImportState.WAITING or made.body is None:
        return None
    found = _Waiting(made.id, made.body, made.file_name, made.format, made.topic, made.branch_id)
    session.rollback()
    return found


def _told(read: Iterator[Read], import_id: int) -> Iterator[Read]:
    """Yield what is read, and note now and then how far it is."""
    for count, one in enumerate(read, 1):
        yield one
        if count % STEP == 0:
            with own_transaction() as session:
                imports.note_progress(session, import_id, done=count)


READ = Kind(imports.READ_JOB, read_questions, lease=timedelta(minutes=10))
STORE = Kind(imports.STORE_JOB, store_questions, lease=timedelta(minutes=10))
FORGET = Kind(FORGET_JOB, forget_imports, plan=daily(FORGET_JOB))
