"""Changes: the parallel form of a quiz, as a draft of another quiz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound
from quizzes.bank.builder.new_quizzes import NewQuiz, create_quiz, list_editions
from quizzes.bank.models import Purpose, QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.policies import can_edit_version
from quizzes.bank.queries import list_askable, list_newest_versions
from quizzes.bank.quiz.blueprint_queries import list_used
from quizzes.bank.quiz.drafts import create_draft, record_change, touch_draft
from quizzes.bank.quiz.presets import preset_of
from quizzes.bank.quiz.queries import get_version, list_versions
from quizzes.bank.sisters.parallel import find_sisters


@dataclass(frozen=True)
class Sister:
    """The draft that was made, and the questions no counterpart was found for."""

    draft: QuizVersion
    missing: Sequence[QuestionVersion]


def make_sister(
    session: Session,
    actor: Actor,
    *,
    quiz_id: int,
    version_id: int,
    into_id: int | None,
    branch_id: int | None,
    now: datetime,
) -> Sister:
    """Fill a draft with a parallel form of a version: the same blueprint, no question twice, as hard.

    Args:
        into_id: the quiz to make it a draft of; None for a new one.
        branch_id: whose draft it is; None for the nation.

    Raises:
        NotFound: a quiz is not the actor's to see, or the branch not theirs to write for.
        Invalid: the other quiz has a draft already, or is the same.
    """
    begin_write(session)
    original = get_version(session, version_id, quiz_id=quiz_id, actor=actor)
    draft = _begin(session, actor, original, into_id=into_id, branch_id=branch_id, now=now)
    rows = list_newest_versions(session, {key for slot in original.slots for key in _asked(slot)})
    named = [rows[_asked(slot)[0]] for slot in original.slots if slot.draw_topic is None and _asked(slot)]
    used = list_used(session, [quiz_id], branch_id=branch_id).get(quiz_id, set()) | set(rows)
    pool = list_askable(
        session,
        quiz_key=draft.quiz.key,
        branch_id=branch_id,
        topics={row.question.topic for row in named},
        named=[],
    )
    found = find_sisters(named, [row for row, _tags in pool], used=used)
    draft.slots.clear()
    session.flush()
    draft.slots = [
        slot for slot in (_slot(one, found, quiz_id=quiz_id) for one in original.slots) if slot is not None
    ]
    for position, slot in enumerate(draft.slots, 1):
        slot.position = position
    draft.blueprint, draft.as_of = original.blueprint, original.as_of
    touch_draft(session, draft)
    record_change(session, "quiz_version.paired", draft, actor=actor, now=now, from_version_id=original.id)
    return Sister(draft, [one for one in named if one.question_id not in found])


def _begin(
    session: Session,
    actor: Actor,
    original: QuizVersion,
    *,
    into_id: int | None,
    branch_id: int | None,
    now: datetime,
) -> QuizVersion:
    """Return the draft to fill: of a new quiz, or the next version of the one that is named."""
    if into_id == original.quiz_id:
        raise Invalid(_l("A parallel form is another quiz."), field="into")
    if into_id is None:
        return create_quiz(session, actor, wanted=_new(session, original, branch_id), now=now)
    versions = list_versions(session, into_id, actor=actor)
    if not versions:
        raise NotFound
    if any(version.status == "draft" and version.branch_id == branch_id for version in versions):
        raise Invalid(_l("The other quiz has a draft already. Publish it or throw it away first."))
    newest = versions[0]
    draft = create_draft(
        session, actor, quiz_id=into_id, from_version_id=newest.id, branch_id=branch_id, now=now
    )
    if not can_edit_version(actor, draft):
        raise NotFound
    return draft


def _new(session: Session, original: QuizVersion, branch_id: int | None) -> NewQuiz:
    slug = original.quiz.key.partition("/")[0]
    editions = [edition for edition in list_editions(session) if edition.course.slug == slug]
    if not editions:
        raise Invalid(_l("The course of this quiz has no published edition."))
    is_pretest = original.purpose == Purpose.PRETEST
    purpose = Purpose.POSTTEST if is_pretest else Purpose(original.purpose)
    title = _("%(title)s, parallel form", title=original.title)[:200]
    return NewQuiz(title, purpose.value, preset_of(purpose), branch_id, editions[0].id)


def _asked(slot: QuizSlot) -> list[int]:
    return [candidate.question_version.question_id for candidate in slot.candidates]


def _slot(slot: QuizSlot, found: dict[int, QuestionVersion], *, quiz_id: int) -> QuizSlot | None:
    """Return the counterpart of a slot; None where there is none."""
    made = QuizSlot(draw_topic=slot.draw_topic, draw_count=slot.draw_count, marks=slot.marks)
    if slot.draw_topic is not None:
        made.draw_level, made.draw_difficulty = slot.draw_level, slot.draw_difficulty
        made.draw_not_in_id, made.draw_tag = quiz_id, slot.draw_tag
        return made
    asked = _asked(slot)
    if not asked or asked[0] not in found:
        return None
    made.candidates = [SlotCandidate(question_version=found[asked[0]])]
    return made
