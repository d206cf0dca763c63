"""Changes: a quiz begun in the browser. A step of a course names it by its key like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.headings import make_anchor
from courses.catalogue.models import Edition
from courses.catalogue.queries import list_published_editions
from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound
from quizzes.bank.models import Quiz, QuizVersion
from quizzes.bank.quiz.drafts import record_change, touch_draft
from quizzes.bank.quiz.presets import Preset
from quizzes.bank.services import TWICE

MAX_NAME = 80
"""Characters of a title that stand in the key."""


@dataclass(frozen=True)
class NewQuiz:
    """What somebody wants to begin."""

    title: str
    purpose: str
    preset: Preset
    # None: of the nation.
    branch_id: int | None
    # The quiz belongs to its course and has its law date.
    edition_id: int


def list_editions(session: Session) -> Sequence[Edition]:
    """Return the newest published edition of each course."""
    newest: dict[int, Edition] = {}
    for edition in list_published_editions(session):
        newest.setdefault(edition.course_id, edition)
    return list(newest.values())


def create_quiz(session: Session, actor: Actor, *, wanted: NewQuiz, now: datetime) -> QuizVersion:
    """Begin a quiz with an empty draft; the same form sent twice makes one.

    Raises:
        NotFound: there is no such edition.
        Invalid: the branch is not one of the actor's.
    """
    begin_write(session)
    if not (actor.is_trainer and actor.works_at(wanted.branch_id)):
        raise Invalid(_l("Choose one of your branch offices."), field="branch_id")
    edition = session.get(Edition, wanted.edition_id)
    if edition is None or edition.status != "published":
        raise NotFound
    key = _key(edition.course.slug, wanted)
    twin, key = _find_twin(session, actor, key, now=now)
    if twin is not None:
        return twin
    quiz = Quiz(key=key, title=wanted.title, branch_id=wanted.branch_id)
    draft = QuizVersion(
        number=1,
        status="draft",
        purpose=wanted.purpose,
        branch_id=wanted.branch_id,
        as_of=edition.as_of,
        created_at=now,
        created_by_id=actor.user_id,
        blueprint=[],
        **(asdict(wanted.preset.settings) | {"title": wanted.title}),
    )
    draft.quiz, draft.source_sha256 = quiz, ""
    session.add(draft)
    touch_draft(session, draft)
    record_change(session, "quiz_version.created", draft, actor=actor, now=now, key=key)
    return draft


def _key(slug: str, wanted: NewQuiz) -> str:
    home = "nasional" if wanted.branch_id is None else f"kantor-{wanted.branch_id}"
    return f"{slug}/{home}/{make_anchor(wanted.title)[:MAX_NAME] or 'kuis'}"


def _find_twin(session: Session, actor: Actor, key: str, *, now: datetime) -> tuple[QuizVersion | None, str]:
    """Return the draft the same form has just made, or else a key that is free."""
    taken = {
        quiz.key: quiz
        for quiz in session.scalars(select(Quiz).where(Quiz.key.startswith(key, autoescape=True)))
    }
    versions = taken[key].versions if key in taken else []
    if len(versions) == 1 and versions[0].status == "draft":
        made = versions[0]
        if made.created_by_id == actor.user_id and now - made.created_at < TWICE and not made.slots:
            return made, key
    numbers = range(2, len(taken) + 3)
    return None, key if key not in taken else next(f"{key}-{n}" for n in numbers if f"{key}-{n}" not in taken)
