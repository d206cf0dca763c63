"""Changes: questions and their versions. Views and commands commit.

A version never changes: an edit makes the next one, so that whatever somebody wrote can be brought back.
Everything is resolved before the write transaction begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from courses.facts.models import Standing, UseOwner
from courses.facts.uses import Used, copy_uses, standing_of, store_uses
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.queries import count_versions, get_question, is_used
from quizzes.bank.resolving import Resolved, resolve, source_sha256
from quizzes.bank.review.models import EventKind
from quizzes.bank.review.statuses import check_ready, lock_question, note_event, take_back
from quizzes.bank.search.indexing import note_words
from quizzes.bank.stale.staleness import take_over
from quizzes.types.base import Json

TWICE = timedelta(minutes=10)
"""The same wording by the same person within this time is the same form, sent twice."""


class Outdated(Conflict):
    """Somebody else saved the question since its editor was opened."""


@dataclass(frozen=True)
class Draft:
    """What the editor holds: the wording, resolved, and where it belongs."""

    kind: str
    topic: str
    use: str
    source: Json
    as_of: date
    resolved: Resolved
    facts_known_on: date
    # The law date of whoever names none, when it was resolved.
    present: date

    @property
    def sha256(self) -> str:
        """What tells this wording at this law date from any other."""
        return source_sha256(self.source, kind=self.kind, as_of=self.as_of)


def make_draft(
    source: Json,
    *,
    kind: str,
    topic: str,
    use: str,
    as_of: date,
    book: FactBook,
    told: Json | None = None,
) -> Draft:
    """Resolve what the editor holds; to be called outside of transactions.

    Args:
        told: what is resolved in place of ``source``: a case with the questions it names filled in.

    Raises:
        SourceError: a text, fact or citation in it is wrong.
    """
    resolved = resolve(told or source, kind=kind, book=book, as_of=as_of)
    return Draft(kind, topic, use, source, as_of, resolved, book.known_on, book.as_of)


def create_question(
    session: Session, actor: Actor, *, branch_id: int | None, draft: Draft, now: datetime
) -> Question:
    """Store a new question as a draft; the same form sent twice makes one.

    Raises:
        Invalid: the branch is not one of the actor's.
    """
    begin_write(session)
    if not actor.works_at(branch_id):
        raise Invalid(_l("Choose one of your branch offices."), field="branch_id")
    twin = _find_twin(session, actor, branch_id=branch_id, sha256=draft.sha256, now=now)
    if twin is not None:
        return twin
    question = Question(
        branch_id=branch_id,
        topic=draft.topic,
        use=draft.use,
        status=QuestionStatus.DRAFT.value,
        created_at=now,
        created_by_id=actor.user_id,
    )
    question.versions.append(new_version(draft, number=1, now=now, actor_id=actor.user_id))
    session.add(question)
    session.flush()
    note_versions(session, [(question.versions[0], draft)], now=now, actor_id=actor.user_id)
    _note_birth(session, question, actor=actor, now=now)
    _record(session, "question.created", question, actor=actor, now=now, topic=draft.topic)
    return question


def save_question(
    session: Session, actor: Actor, *, question_id: int, base: str, draft: Draft, now: datetime
) -> QuestionVersion:
    """Store an edit as the next version; one that changes no word stores none.

    Args:
        session: the database session.
        actor: who edits.
        question_id: the question.
        base: ``source_sha256`` of the version the editor was opened with.
        draft: what the editor holds now.
        now: the time of the edit.

    Raises:
        NotFound: not this person's to edit.
        Outdated: somebody else saved meanwhile.
        Conflict: the use of a used question would change.
        Invalid: the question is ready and the edit would make it unfit.
    """
    begin_write(session)
    question, newest = lock_question(session, actor, question_id)
    is_same = newest.source_sha256 == draft.sha256 and says_the_same(newest, draft)
    if is_same and _is_filed_alike(question, draft):
        return newest
    if newest.source_sha256 != base:
        raise Outdated(_l("Somebody else has saved this question meanwhile. Nothing of yours is lost."))
    _check_edit(question, draft, is_fixed=is_used(session, newest.id))
    question.topic, question.use = draft.topic, draft.use
    if not is_same:
        number = count_versions(session, [question_id])[question_id] + 1
        # The same words with the facts of now are still their author's.
        is_reworded = (draft.kind, draft.source) != (newest.type, newest.source)
        author_id = actor.user_id if is_reworded else newest.created_by_id
        newest = new_version(draft, number=number, now=now, actor_id=author_id)
        question.versions.append(newest)
        session.flush()
        note_versions(session, [(newest, draft)], now=now, actor_id=actor.user_id)
    else:
        note_words(session, [question_id])
    session.flush()
    take_back(session, question, newest, actor_id=actor.user_id, now=now)
    _record(session, "question.saved", question, actor=actor, now=now, version=newest.number)
    return newest


def copy_question(
    session: Session, actor: Actor, *, question_id: int, branch_id: int, now: datetime
) -> Question:
    """Copy a question the actor may see to a branch of theirs, as a draft of its own; sent twice makes one.

    Raises:
        NotFound: the question or the branch is not theirs to see.
    """
    begin_write(session)
    original = get_question(session, question_id, actor=actor)
    if not actor.works_at(branch_id):
        raise NotFound
    twin = _find_twin(
        session, actor, branch_id=branch_id, sha256=original.source_sha256, now=now, but=question_id
    )
    if twin is not None:
        return twin
    copy = Question(
        branch_id=branch_id,
        topic=original.question.topic,
        use=original.question.use,
        status=QuestionStatus.DRAFT.value,
        created_at=now,
        created_by_id=actor.user_id,
    )
    copy.versions.append(copy_version(original, number=1, now=now, actor_id=actor.user_id))
    session.add(copy)
    session.flush()
    copy_uses(session, from_id=original.id, to_id=copy.versions[0].id, branch_id=branch_id)
    note_words(session, [copy.id])
    _note_birth(session, copy, actor=actor, now=now)
    _record(session, "question.copied", copy, actor=actor, now=now, from_question_id=question_id)
    return copy


def says_the_same(version: QuestionVersion, draft: Draft) -> bool:
    """Return whether a version shows and asks what ``draft`` does, its facts as they are now."""
    resolved = draft.resolved
    return (version.content, version.stem_html, version.explanation_html) == (
        resolved.content,
        resolved.stem_html,
        resolved.explanation_html,
    )


def note_versions(
    session: Session,
    made: Sequence[tuple[QuestionVersion, Draft]],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Store what new or refilled versions use of the facts; they take the place of those before them."""
    for as_of, present in {(draft.as_of, draft.present) for _version, draft in made}:
        alike = [(v, d) for v, d in made if (d.as_of, d.present) == (as_of, present)]
        standing = standing_of(session, as_of, present=present)
        used = [Used(v.id, v.question.branch_id, d.resolved.uses) for v, d in alike]
        store_uses(session, used, owner_type=UseOwner.QUESTION_VERSION, standing=standing)
        if standing is Standing.LIVE:
            take_over(session, [version.id for version, _draft in alike], now=now, actor_id=actor_id)
    note_words(session, [version.question_id for version, _draft in made])


def new_version(draft: Draft, *, number: int, now: datetime, actor_id: int | None) -> QuestionVersion:
    """Return a version of ``draft``, not yet stored."""
    version = QuestionVersion(number=number, created_at=now, created_by_id=actor_id)
    _fill(version, draft)
    return version


def copy_version(
    original: QuestionVersion, *, number: int, now: datetime, actor_id: int | None
) -> QuestionVersion:
    """Return the same wording as a version of another question, not yet stored."""
    return QuestionVersion(
        number=number,
        type=original.type,
        source=original.source,
        content=original.content,
        stem_html=original.stem_html,
        explanation_html=original.explanation_html,
        citations=original.citations,
        read=original.read,
        summary=original.summary,
        as_of=original.as_of,
        facts_known_on=original.facts_known_on,
        source_sha256=original.source_sha256,
        created_at=now,
        created_by_id=actor_id,
    )


def _find_twin(
    session: Session,
    actor: Actor,
    *,
    branch_id: int | None,
    sha256: str,
    now: datetime,
    but: int | None = None,
) -> Question | None:
    """Return the question, other than ``but``, that the same form made a moment ago."""
    here = Question.branch_id.is_(None) if branch_id is None else Question.branch_id == branch_id
    query = (
        select(Question)
        .join(Question.versions)
        .where(
            here,
            Question.created_by_id == actor.user_id,
            Question.created_at > now - TWICE,
            QuestionVersion.source_sha256 == sha256,
        )
    )
    if but is not None:
        query = query.where(Question.id != but)
    return session.scalar(query.limit(1))


def _fill(version: QuestionVersion, draft: Draft) -> None:
    resolved = draft.resolved
    version.type = draft.kind
    version.source = draft.source
    version.content = resolved.content
    version.stem_html = resolved.stem_html
    version.explanation_html = resolved.explanation_html
    version.citations = list(resolved.citations)
    version.read = str(draft.source.get("read") or "")
    version.summary = resolved.summary
    version.as_of = draft.as_of
    version.facts_known_on = draft.facts_known_on
    version.source_sha256 = draft.sha256


def _is_filed_alike(question: Question, draft: Draft) -> bool:
    return (question.topic, question.use) == (draft.topic, draft.use)


def _check_edit(question: Question, draft: Draft, *, is_fixed: bool) -> None:
    if is_fixed and question.use != draft.use:
        raise Conflict(
            _l("A published quiz uses this question, so it cannot change between graded and practice.")
        )
    if question.status == QuestionStatus.READY.value:
        check_ready(draft.source, draft.kind)


def _note_birth(session: Session, question: Question, *, actor: Actor, now: datetime) -> None:
    made, kind = question.versions[0], EventKind.CHANGED
    note_event(session, question, made, kind=kind, before=None, actor_id=actor.user_id, now=now)


def _record(
    session: Session, action: str, question: Question, *, actor: Actor, now: datetime, **details: object
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor.user_id,
        object_type="question",
        object_id=question.id,
        branch_id=question.branch_id,
        **details,
    )
