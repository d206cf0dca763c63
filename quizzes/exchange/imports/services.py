"""Changes: a file is sent, read, looked at, mended and stored. Nothing is read or resolved in here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.jobs.services import enqueue
from quizzes.bank.pictures.storing import keep_picture
from quizzes.exchange.imports.models import ImportedQuestion, ImportState, QuestionImport
from quizzes.exchange.imports.preparing import Prepared

KEEP = timedelta(days=1)
"""How long what was read waits for somebody to store it."""
MOST_OPEN = 10
"""Imports of one person at a time; the oldest goes."""
READ_JOB, STORE_JOB = "read_questions", "store_questions"
BATCH = 500


@dataclass(frozen=True)
class Sent:
    """A file, and where its questions are to go. ``format`` may be empty, to have it recognised."""

    branch_id: int | None
    topic: str
    use: str
    format: str
    # Empty for pasted text.
    file_name: str


def begin(session: Session, actor: Actor, sent: Sent, *, body: bytes, now: datetime) -> QuestionImport:
    """Keep a file and promise to read it.

    Raises:
        Invalid: the branch is not one of the actor's.
    """
    made = _new(session, actor, sent, state=ImportState.WAITING, now=now)
    made.body = body
    session.flush()
    enqueue(session, READ_JOB, key=f"{READ_JOB}:{made.id}", payload={"import_id": made.id}, now=now)
    return made


def keep_found(
    session: Session, actor: Actor, sent: Sent, *, found: Sequence[Prepared], now: datetime
) -> QuestionImport:
    """Keep what was read from a file at once.

    Raises:
        Invalid: the branch is not one of the actor's.
    """
    made = _new(session, actor, sent, state=ImportState.READ, now=now)
    session.flush()
    _add(session, made, found, now=now)
    return made


def note_found(
    session: Session, import_id: int, *, key: str, found: Sequence[Prepared], now: datetime
) -> None:
    """Note what a job has read; one that was noted or thrown away meanwhile changes nothing."""
    made = _waiting(session, import_id)
    if made is not None:
        made.state, made.format, made.body, made.done = ImportState.READ, key, None, len(found)
        _add(session, made, found, now=now)


def refuse(session: Session, import_id: int, *, problem: str) -> None:
    """Note that a file cannot be read, and why."""
    made = _waiting(session, import_id)
    if made is not None:
        made.state, made.problem, made.body = ImportState.REFUSED, problem[:1000], None
        session.flush()


def note_progress(session: Session, import_id: int, *, done: int) -> None:
    """Note how many questions a job has read so far."""
    begin_write(session)
    session.execute(update(QuestionImport).where(QuestionImport.id == import_id).values(done=done))


def tick(
    session: Session, actor: Actor, *, import_id: int, shown: Collection[int], ticked: Collection[int]
) -> None:
    """Let of the questions that were ``shown`` just these be ticked.

    Raises:
        NotFound: it is not this person's, or not there any more.
    """
    lock_import(session, actor, import_id)
    here = ImportedQuestion.import_id == import_id, ImportedQuestion.id.in_(shown)
    open_ = ImportedQuestion.kind.is_not(None), ImportedQuestion.question_id.is_(None)
    session.execute(
        update(ImportedQuestion).where(*here, *open_).values(is_ticked=ImportedQuestion.id.in_(ticked))
    )


def tick_all(session: Session, actor: Actor, *, import_id: int, is_ticked: bool) -> None:
    """Tick every question that is not stored, or none.

    Raises:
        NotFound: it is not this person's, or not there any more.
    """
    lock_import(session, actor, import_id)
    which = ImportedQuestion.import_id == import_id, ImportedQuestion.kind.is_not(None)
    open_ = ImportedQuestion.question_id.is_(None)
    session.execute(update(ImportedQuestion).where(*which, open_).values(is_ticked=is_ticked))


def mend(
    session: Session, actor: Actor, *, import_id: int, item_id: int, mended: Prepared, now: datetime
) -> None:
    """Put a question in the place of what was read, and tick it.

    Raises:
        NotFound: it is not this person's, or not there any more.
        Conflict: it is stored already.
    """
    made = lock_import(session, actor, import_id)
    item = session.get(ImportedQuestion, item_id)
    if item is None or item.import_id != import_id:
        raise NotFound
    if item.question_id is not None:
        raise Conflict(_l("This question is stored already: change it in the bank."))
    for name, value in _values(made, item.position, mended).items():
        setattr(item, name, value)
    item.is_ticked = mended.kind is not None
    _keep_pictures(session, [mended], actor_id=actor.user_id, now=now)
    session.flush()


def drop(session: Session, actor: Actor, *, import_id: int) -> None:
    """Throw an import away; questions that were stored stay.

    Raises:
        NotFound: it is not this person's, or not there any more.
    """
    lock_import(session, actor, import_id)
    _forget(session, [import_id])


def promise_storing(session: Session, actor: Actor, *, import_id: int, now: datetime) -> None:
    """Promise to store what is ticked; promised twice it is done once.

    Raises:
        NotFound: it is not this person's, or not there any more.
    """
    made = lock_import(session, actor, import_id)
    if made.state != ImportState.READ:
        return
    made.state, made.done = ImportState.STORING, made.done + 1
    payload = {"import_id": import_id}
    enqueue(session, STORE_JOB, key=f"{STORE_JOB}:{import_id}:{made.done}", payload=payload, now=now)
    session.flush()


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget what nobody stored within a day; return how many files that were."""
    begin_write(session)
    old = session.scalars(select(QuestionImport.id).where(QuestionImport.created_at < now - KEEP)).all()
    _forget(session, old)
    return len(old)


def lock_import(session: Session, actor: Actor, import_id: int) -> QuestionImport:
    """Return an import of this person, locked.

    Raises:
        NotFound: it is not this person's, or not there any more.
    """
    begin_write(session)
    mine = QuestionImport.id == import_id, QuestionImport.user_id == actor.user_id
    made = session.scalar(select(QuestionImport).where(*mine).with_for_update())
    if made is None:
        raise NotFound
    return made


def _new(session: Session, actor: Actor, sent: Sent, *, state: ImportState, now: datetime) -> QuestionImport:
    begin_write(session)
    if not (actor.is_trainer and actor.works_at(sent.branch_id)):
        raise Invalid(_l("Choose one of your branch offices."), field="branch_id")
    mine = select(QuestionImport.id).where(QuestionImport.user_id == actor.user_id)
    _forget(session, session.scalars(mine.order_by(QuestionImport.id.desc()).offset(MOST_OPEN - 1)).all())
    made = QuestionImport(
        user_id=actor.user_id,
        branch_id=sent.branch_id,
        topic=sent.topic,
        use=sent.use,
        format=sent.format,
        file_name=sent.file_name[:200],
        state=state.value,
        created_at=now,
    )
    session.add(made)
    return made


def _waiting(session: Session, import_id: int) -> QuestionImport | None:
    begin_write(session)
    which = QuestionImport.id == import_id, QuestionImport.state == ImportState.WAITING.value
    return session.scalar(select(QuestionImport).where(*which).with_for_update())


def _add(session: Session, made: QuestionImport, found: Sequence[Prepared], *, now: datetime) -> None:
    _keep_pictures(session, found, actor_id=made.user_id, now=now)
    rows = [_values(made, position, one) for position, one in enumerate(found, 1)]
    session.flush()
    for start in range(0, len(rows), BATCH):
        session.execute(insert(ImportedQuestion), rows[start : start + BATCH])


def _keep_pictures(
    session: Session, found: Iterable[Prepared], *, actor_id: int | None, now: datetime
) -> None:
    pictures = {picture.sha256: picture for one in found for picture in one.pictures}
    for picture in pictures.values():
        keep_picture(session, picture, now=now, actor_id=actor_id)


def _values(made: QuestionImport, position: int, one: Prepared) -> dict[str, object]:
    return {
        "import_id": made.id,
        "position": position,
        "kind": one.kind,
        "source": one.source,
        "place": one.place,
        "line": one.line,
        "original": one.original,
        "name": one.name,
        "topic": one.topic or made.topic,
        "tags": list(one.tags),
        "guesses": list(one.guesses),
        "losses": list(one.losses),
        "problem": one.problem,
        "twins": list(one.twins),
        "before": list(one.before),
        # What the bank has already is stored only where somebody wants it twice.
        "is_ticked": one.kind is not None and not one.twins,
    }


def _forget(session: Session, import_ids: Sequence[int]) -> None:
    for import_id in import_ids:
        session.execute(delete(ImportedQuestion).where(ImportedQuestion.import_id == import_id))
        session.execute(delete(QuestionImport).where(QuestionImport.id == import_id))
