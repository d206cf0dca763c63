"""Changes: polls are put, answered, closed, and shown. One is open in a cohort at a time."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.models import QuestionVersion
from quizzes.live.models import Poll, PollAnswer

FEWEST_OPTIONS = 2
MOST_OPTIONS = 6
"""More cannot be read from the back of a hall."""


@dataclass(frozen=True)
class Asked:
    """A question as it is put."""

    stem_html: str
    options: Sequence[str]
    key: int | None = None
    explanation_html: str = ""
    question_version_id: int | None = None


@dataclass(frozen=True)
class Given:
    """An answer as a phone sent it; ``choice`` is the place of an option, from 0."""

    choice: int
    sequence: int


def ask_freely(stem: str, options: Sequence[str]) -> Asked:
    """Return a question somebody thought of, which has no key.

    Raises:
        Invalid: it has fewer than two answers or more than six, or two are the same.
    """
    texts = [text for text in options if text]
    if not FEWEST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        raise Invalid(
            _l("Write %(few)s to %(most)s answers.", few=FEWEST_OPTIONS, most=MOST_OPTIONS), field="option_1"
        )
    if len({text.casefold() for text in texts}) < len(texts):
        raise Invalid(_l("Two answers are the same."), field="option_1")
    return Asked(f"<p>{html.escape(stem)}</p>", [html.escape(text) for text in texts])


def ask_from_bank(version: QuestionVersion) -> Asked:
    """Return a question of the bank as it is put: single choice or true or false."""
    content = version.content
    if version.type == "true_false":
        options, key = [_("True"), _("False")], 0 if content["answer"] else 1
    else:
        options = [option["html"] for option in content["options"]]
        key = [option["correct"] for option in content["options"]].index(True)
    return Asked(version.stem_html, options, key, version.explanation_html, version.id)


def open_poll(session: Session, actor_id: int, *, cohort: Cohort, asked: Asked, now: datetime) -> Poll:
    """Put a question to a cohort.

    Raises:
        Conflict: another question is open: of a colleague, or a button pressed twice.
    """
    cohort_id, branch_id = cohort.id, cohort.branch_id
    begin_write(session)
    session.get(Cohort, cohort_id, with_for_update=True, populate_existing=True)
    if session.scalar(select(Poll.id).where(Poll.cohort_id == cohort_id, Poll.closed_at.is_(None))):
        raise Conflict(_l("A question is open already: this one. Close it before you put another."))
    poll = Poll(
        cohort_id=cohort_id,
        stem_html=asked.stem_html,
        options=list(asked.options),
        key=asked.key,
        explanation_html=asked.explanation_html,
        question_version_id=asked.question_version_id,
        opened_at=now,
        opened_by_id=actor_id,
    )
    session.add(poll)
    session.flush()
    _record(session, "poll.opened", poll, actor_id=actor_id, branch_id=branch_id, now=now)
    return poll


def close_poll(session: Session, actor_id: int, *, poll_id: int, cohort: Cohort, now: datetime) -> Poll:
    """Take no more answers; again it changes nothing.

    Raises:
        NotFound: the cohort has no such poll.
    """
    branch_id = cohort.branch_id
    poll = _take(session, poll_id, cohort.id)
    if poll.closed_at is None:
        poll.closed_at = now
        _record(session, "poll.closed", poll, actor_id=actor_id, branch_id=branch_id, now=now)
    return poll


def show_bars(session: Session, actor_id: int, *, poll_id: int, cohort: Cohort, now: datetime) -> Poll:
    """Let everybody see how many chose what; again it changes nothing.

    Raises:
        NotFound: the cohort has no such poll.
    """
    branch_id = cohort.branch_id
    poll = _take(session, poll_id, cohort.id)
    if poll.bars_at is None:
        poll.bars_at = now
        _record(session, "poll.bars_shown", poll, actor_id=actor_id, branch_id=branch_id, now=now)
    return poll


def show_key(session: Session, actor_id: int, *, poll_id: int, cohort: Cohort, now: datetime) -> Poll:
    """Let everybody see what is right and why, which closes the poll; again it changes nothing.

    Raises:
        NotFound: the cohort has no such poll.
        Conflict: nothing is right or wrong here.
    """
    branch_id = cohort.branch_id
    poll = _take(session, poll_id, cohort.id)
    if poll.key is None:
        raise Conflict(_l("This question has no right answer."))
    if poll.key_at is None:
        poll.closed_at = poll.closed_at or now
        poll.key_at = now
        _record(session, "poll.key_shown", poll, actor_id=actor_id, branch_id=branch_id, now=now)
    return poll


def answer_poll(
    session: Session,
    enrolment: Enrolment,
    *,
    poll_id: int,
    given: Given,
    now: datetime,
) -> bool:
    """Keep what a person answers; return whether it stands now.

    Sent twice it stands as it did; what they answered meanwhile on another page is kept.

    Raises:
        NotFound: their cohort has no such poll.
        Conflict: it was closed meanwhile.
        Invalid: nothing was chosen, or none of its options.
    """
    enrolment_id, cohort_id = enrolment.id, enrolment.cohort_id
    begin_write(session)
    # One person's taps one after the other; a closing waits for those that came before it.
    session.get_one(Enrolment, enrolment_id, with_for_update=True, populate_existing=True)
    poll = session.get(Poll, poll_id, with_for_update={"read": True}, populate_existing=True)
    if poll is None or poll.cohort_id != cohort_id:
        raise NotFound
    if poll.closed_at is not None:
        raise Conflict(_l("The question was closed before your answer came: it does not count."))
    if not 0 <= given.choice < len(poll.options):
        raise Invalid(_l("Choose one of the answers."), field="choice")
    return _keep(session, (poll_id, enrolment_id), given, now)


def _keep(session: Session, key: tuple[int, int], given: Given, now: datetime) -> bool:
    standing = session.get(PollAnswer, key, populate_existing=True)
    if standing is None:
        poll_id, enrolment_id = key
        standing = PollAnswer(poll_id=poll_id, enrolment_id=enrolment_id)
        session.add(standing)
    elif given.sequence <= standing.sequence:
        return standing.choice == given.choice
    standing.choice, standing.sequence, standing.answered_at = given.choice, given.sequence, now
    session.flush()
    return True


def _take(session: Session, poll_id: int, cohort_id: int) -> Poll:
    begin_write(session)
    poll = session.get(Poll, poll_id, with_for_update=True, populate_existing=True)
    if poll is None or poll.cohort_id != cohort_id:
        raise NotFound
    return poll


def _record(
    session: Session, action: str, poll: Poll, *, actor_id: int, branch_id: int, now: datetime
) -> None:
    about = {"object_type": "cohort", "object_id": poll.cohort_id, "branch_id": branch_id}
    record(session, action, at=now, actor_id=actor_id, **about, poll_id=poll.id)  # type: ignore[arg-type]
    session.flush()
