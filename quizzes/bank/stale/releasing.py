"""Looking at a question whose facts have changed, and letting it back onto papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from courses.facts.keeping import accept
from courses.facts.models import Standing, UseOwner
from courses.facts.radar import Stale, find_stale
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.bank.cases import walked_source
from quizzes.bank.models import Question, QuestionVersion, StaleState, StaleVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.queries import get_question
from quizzes.bank.resolving import fingerprint
from quizzes.bank.services import Draft, make_draft, save_question
from quizzes.types.base import Json


@dataclass(frozen=True)
class Review:
    """A question as it stands, what its facts say now, and what was decided about it."""

    version: QuestionVersion
    row: StaleVersion | None
    stale: list[Stale]
    # Of a case that branches: its source with the questions it names filled in.
    told: Json | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return bool(self.stale)

    @property
    def is_paused(self) -> bool:
        """Whether it is on no new paper."""
        return self.row is not None and self.row.is_paused

    @property
    def mark(self) -> str:
        """What tells this look at it from a later one, when a fact has changed again."""
        return fingerprint([self.version.source_sha256, [[one.use.id, one.now] for one in self.stale]])

    def law_date(self, book: FactBook) -> date:
        """Return the law date a new wording would have."""
        return max(self.version.as_of, book.as_of)


def get_review(session: Session, question_id: int, *, actor: Actor, book: FactBook) -> Review:
    """Return a question the actor may see with what its facts say now.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    version = get_question(session, question_id, actor=actor)
    stale = find_stale(
        session,
        book,
        owner_type=UseOwner.QUESTION_VERSION,
        owner_ids=[version.id],
        standings=(Standing.LIVE, Standing.SUPERSEDED),
    )
    told = walked_source(session, version)
    return Review(version, session.get(StaleVersion, version.id), stale, told)


def redraft(review: Review, *, book: FactBook) -> Draft:
    """Return the wording as it is with the facts of now; to be called outside of transactions.

    Raises:
        SourceError: a fact in it has no value any more, or cannot decide a key.
    """
    version = review.version
    return make_draft(
        version.source,
        kind=version.type,
        topic=version.question.topic,
        use=version.question.use,
        as_of=review.law_date(book),
        book=book,
        told=review.told,
    )


def renew_question(
    session: Session, actor: Actor, *, question_id: int, mark: str, book: FactBook, now: datetime
) -> QuestionVersion:
    """Store the same wording with the facts of now; it stands in place of the one before.

    Raises:
        NotFound: not this person's to edit.
        Conflict: it is another question by now, or a fact has changed again.
        SourceError: a fact in it has no value any more, or cannot decide a key.
    """
    review = get_review(session, question_id, actor=actor, book=book)
    if not can_edit_question(actor, review.version.question):
        raise NotFound
    _check_mark(review, mark)
    draft, base = redraft(review, book=book), review.version.source_sha256
    version = save_question(session, actor, question_id=question_id, base=base, draft=draft, now=now)
    _record(session, "question.renewed", review, actor=actor, now=now, version=version.number)
    return version


def keep_question(
    session: Session,
    actor: Actor,
    *,
    question_id: int,
    mark: str,
    reason: str,
    book: FactBook,
    now: datetime,
) -> None:
    """Release a question as it is: somebody has found it right with the facts of now.

    Raises:
        NotFound: not this person's to edit.
        Conflict: it is another question by now, or a fact has changed again.
    """
    begin_write(session)
    question = session.get(Question, question_id, with_for_update=True)
    if question is None or not can_edit_question(actor, question):
        raise NotFound
    review = get_review(session, question_id, actor=actor, book=book)
    _check_mark(review, mark)
    rows = _list_open(session, question_id)
    owner_ids = {review.version.id, *(row.question_version_id for row in rows)}
    _accept(session, book, owner_ids, actor=actor, now=now)
    for row in rows:
        row.state, row.is_paused, row.reason = StaleState.RELEASED, False, reason
        row.closed_at, row.closed_by_id = now, actor.user_id
    _record(session, "question.kept", review, actor=actor, now=now, reason=reason)
    session.flush()


def _check_mark(review: Review, mark: str) -> None:
    if not review.stale:
        raise Conflict(_l("There is nothing to decide about this question any more."))
    if review.mark != mark:
        raise Conflict(_l("A fact or the question has changed meanwhile. Look at it again, then decide."))


def _list_open(session: Session, question_id: int) -> list[StaleVersion]:
    query = (
        select(StaleVersion)
        .join(StaleVersion.question_version)
        .where(QuestionVersion.question_id == question_id, StaleVersion.state == StaleState.OPEN)
        .with_for_update(of=StaleVersion)
    )
    return list(session.scalars(query))


def _accept(session: Session, book: FactBook, owner_ids: set[int], *, actor: Actor, now: datetime) -> None:
    stale = find_stale(
        session,
        book,
        owner_type=UseOwner.QUESTION_VERSION,
        owner_ids=owner_ids,
        standings=(Standing.LIVE, Standing.SUPERSEDED),
    )
    accept(session, stale, actor_id=actor.user_id, now=now)


def _record(
    session: Session, action: str, review: Review, *, actor: Actor, now: datetime, **details: object
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor.user_id,
        object_type="question",
        object_id=review.version.question_id,
        branch_id=review.version.question.branch_id,
        facts={one.use.key: [one.use.saw, one.now] for one in review.stale},
        **details,
    )
