"""The paper of a trial: drawn by the engine of real ones from what would be published, stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from courses.facts.book import load_book
from quizzes.attempts.models import PaperItem, Response
from quizzes.attempts.paper import draw_paper
from quizzes.attempts.stories import Story
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.bank.publication.as_published import as_published
from quizzes.bank.publication.publishing import plan_publication
from quizzes.bank.quiz.plans import Problem
from quizzes.bank.resolving import fingerprint
from quizzes.grading.scoring import Earned, Score, score
from quizzes.grading.services import fraction_by
from quizzes.grading.worth import Worth
from quizzes.trials.state import Trial
from quizzes.types import get_type
from quizzes.types.base import FormatError


@dataclass(frozen=True)
class Tried:
    """A version as trainees would have it, what keeps it from being published, and what tells it apart."""

    version: QuizVersion
    problems: Sequence[Problem]
    mark: str


def take_version(session: Session, version: QuizVersion, *, now: datetime) -> Tried:
    """Return a version to be tried: a published one as it is, a draft as it would be published now."""
    if version.status == "published":
        return Tried(version, (), version.source_sha256)
    plan = plan_publication(session, version, book=load_book())
    told = [version.source_sha256, sorted((key, tuple(state)) for key, state in plan.states.items())]
    return Tried(as_published(version, plan, now=now), plan.problems, fingerprint(told))


def draw_items(tried: Tried, trial: Trial) -> list[PaperItem]:
    """Return the questions of a trial with the answers so far: the same for every page of it.

    Raises:
        lms.core.errors.Conflict: there are too few questions, or none.
    """
    # Nothing hangs on it, and every page draws the same again.
    plan = draw_paper(tried.version, Random(trial.seed))  # noqa: S311
    versions = {
        candidate.question_version_id: candidate.question_version
        for slot in tried.version.slots
        for candidate in slot.candidates
    }
    return [
        _item(
            PaperItem(
                position=position,
                question_version=versions[planned.question_version_id],
                marks=planned.marks,
                prepared=planned.prepared,
                case_version_id=planned.case_version_id,
                lost_percent=trial.lost.get(str(position), 0),
            ),
            trial,
        )
        for position, planned in enumerate(plan, 1)
    ]


def _item(item: PaperItem, trial: Trial) -> PaperItem:
    """Put the answer that stands into an item."""
    raw = trial.answers.get(str(item.position))
    is_flagged = str(item.position) in trial.flagged
    if raw is None and not is_flagged:
        return item
    version = item.question_version
    answer, error = None, ""
    try:
        answer = get_type(version.type).parse(raw or {}, version.content, item.prepared)
    except FormatError as fault:
        error = str(fault)
    item.response = Response(
        raw=raw, answer=answer, format_error=error, is_flagged=is_flagged, sequence=0, saved_at=None
    )
    return item


def worth_of_item(item: PaperItem) -> Worth:
    """Return what an answer is worth, after what was lost by answering again; None waits for a person."""
    return Worth(fraction_by(item.question_version, item))


def score_of(version: QuizVersion, items: Sequence[PaperItem]) -> Score:
    """Return the result of a trial as a sitting would have it."""
    earned = [Earned(worth_of_item(item).fraction, item.marks) for item in items]
    return score(earned, pass_percent=version.pass_percent)


def stories_of(version: QuizVersion, items: Sequence[PaperItem]) -> Mapping[int, Story]:
    """Return the stories of the cases on a paper, by the id of their version."""
    cases: dict[int, QuestionVersion] = {
        slot.case_version_id: slot.case_version
        for slot in version.slots
        if slot.case_version_id is not None and slot.case_version is not None
    }
    places: dict[int, list[int]] = {}
    for item in items:
        if item.case_version_id in cases:
            places.setdefault(item.case_version_id, []).append(item.position)
    return {
        key: Story(cases[key].stem_html, cases[key].content["text_html"], tuple(positions))
        for key, positions in places.items()
    }
