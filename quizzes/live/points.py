"""What went worst on a day of a cohort, by objective, with what helps to teach it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Day, Lesson, Module, ModulePage, Step
from courses.cohorts.models import Cohort, Enrolment
from lms.core.text import fold
from quizzes.attempts.models import Attempt, PaperItem, Response
from quizzes.bank.models import Purpose, QuestionVersion, QuizVersion
from quizzes.grading.leaving_out import is_voided
from quizzes.grading.models import RULINGS, Mark
from quizzes.live.drawn import Drawn, count_drawn
from quizzes.live.facility import Facility, mean
from quizzes.live.passages import find_passage, find_questions, nearest

SHOWN = 3
"""Points on the page: what a morning has time for."""


@dataclass(frozen=True)
class Answered:
    """One answer to a question: of each person the first, before anybody had shown them the right one."""

    enrolment_id: int
    version_id: int
    question_id: int
    objective: str
    fraction: Decimal
    answer: dict[str, Any] | None


@dataclass(frozen=True)
class Point:
    """An objective with how it went over all its questions."""

    objective: str
    facility: Facility
    answers: Sequence[Answered]


@dataclass(frozen=True)
class TaughtAgain:
    """A point with what stands on the page."""

    point: Point
    # Its question that went worst, how many people answered that, and what drew them.
    summary: str
    asked: int
    unanswered: int
    drawn: Sequence[Drawn]
    # Of the lesson; without a title this cohort has no such lesson.
    lesson: str = ""
    passage: Sequence[str] = ()
    discussion: str = ""
    page_id: int | None = None


@dataclass(frozen=True)
class Ranking:
    """The points of a day, the worst first."""

    worst: Sequence[Point] = ()
    # Earned as little as the last of the worst: which of them stands on the page is chance.
    tied: Sequence[Point] = ()
    # Went better, but with so few people might be as bad.
    unclear: Sequence[Point] = ()
    # Answered by too few people.
    too_few: int = 0
    # All that can be said something of.
    count: int = 0
    taught: Sequence[TaughtAgain] = field(default_factory=tuple)


def list_days(session: Session, edition_id: int) -> list[tuple[int, str]]:
    """Return the days of an edition: position and title."""
    query = select(Day.position, Day.title).where(Day.edition_id == edition_id).order_by(Day.position)
    return [(position, title) for position, title in session.execute(query)]


def find_worst(session: Session, cohort: Cohort, *, day: int) -> Ranking:
    """Return what went worst on a day, in at most four queries whatever the size of the cohort."""
    ranking = rank(_points(_first_answers(session, cohort.id, day)))
    taught = _taught(session, cohort.edition_id, ranking.worst)
    return Ranking(**{**vars(ranking), "taught": taught})


def rank(points: Iterable[Point]) -> Ranking:
    """Return the points with too little earned, the worst first, and say what chance has decided."""
    everything = list(points)
    known = sorted(
        (point for point in everything if point.facility.is_enough),
        key=lambda point: (point.facility.share, -point.facility.people, point.objective),
    )
    bad = [point for point in known if not point.facility.is_good]
    worst, others = bad[:SHOWN], bad[SHOWN:]
    last = worst[-1].facility if worst else None
    tied = [point for point in others if last and point.facility.share == last.share]
    unclear = [
        point
        for point in others
        if last and point not in tied and not last.is_clearly_worse_than(point.facility)
    ]
    return Ranking(worst, tied, unclear, too_few=len(everything) - len(known), count=len(known))


def _first_answers(session: Session, cohort_id: int, day: int) -> list[Answered]:
    seen: dict[tuple[int, int], Answered] = {}
    for row in session.execute(_marked(cohort_id, day)):
        objective = row.objective or row.summary
        answer = Answered(row.enrolment_id, row.id, row.question_id, objective, row.fraction, row.answer)
        seen.setdefault((answer.enrolment_id, answer.question_id), answer)
    return list(seen.values())


def _points(answers: Iterable[Answered]) -> list[Point]:
    groups: dict[str, list[Answered]] = defaultdict(list)
    for answer in answers:
        groups[fold(answer.objective)].append(answer)
    return [Point(found[0].objective, _facility(found), found) for found in groups.values()]


def _facility(answers: Sequence[Answered]) -> Facility:
    people = {answer.enrolment_id for answer in answers}
    return Facility(mean([answer.fraction for answer in answers]), len(people))


def _taught(session: Session, edition_id: int, points: Sequence[Point]) -> list[TaughtAgain]:
    chosen = [_hardest(point) for point in points]
    versions = {
        version.id: version
        for version in session.scalars(
            select(QuestionVersion).where(
                QuestionVersion.id.in_([answers[0].version_id for answers in chosen])
            )
        )
    }
    reads = [versions[answers[0].version_id].read for answers in chosen]
    lessons, guides = _lessons(session, edition_id, reads), _guides(session, edition_id, reads)
    return [
        _teach(point, answers, versions[answers[0].version_id], lessons, guides)
        for point, answers in zip(points, chosen, strict=True)
    ]


def _hardest(point: Point) -> list[Answered]:
    """Return the answers to the version of a question of the point that went worst."""
    groups: dict[int, list[Answered]] = defaultdict(list)
    for answer in point.answers:
        groups[answer.version_id].append(answer)
    return min(groups.values(), key=lambda found: (_facility(found).share, -len(found), found[0].version_id))


def _teach(
    point: Point,
    answers: Sequence[Answered],
    version: QuestionVersion,
    lessons: dict[str, tuple[str, str]],
    guides: dict[str, tuple[int, str]],
) -> TaughtAgain:
    path, _, anchor = version.read.partition("#")
    title, html = lessons.get(path, ("", ""))
    page_id, guide = guides.get(_folder(version.read), (None, ""))
    return TaughtAgain(
        point=point,
        summary=version.summary,
        asked=len(answers),
        unanswered=sum(answer.answer is None for answer in answers),
        drawn=count_drawn(version.type, version.content, [answer.answer for answer in answers]),
        lesson=title,
        passage=find_passage(html, anchor),
        discussion=nearest(find_questions(guide), f"{point.objective} {version.summary}"),
        page_id=page_id,
    )


def _lessons(session: Session, edition_id: int, reads: Sequence[str]) -> dict[str, tuple[str, str]]:
    paths = [read.partition("#")[0] for read in reads]
    query = (
        select(Step.path, Step.title, Lesson.html)
        .join(Lesson, Lesson.step_id == Step.id)
        .where(Step.edition_id == edition_id, Step.path.in_(paths))
    )
    return {path: (title, html) for path, title, html in session.execute(query)}


def _guides(session: Session, edition_id: int, reads: Sequence[str]) -> dict[str, tuple[int, str]]:
    query = (
        select(Module.folder, ModulePage.id, ModulePage.html)
        .join(ModulePage.module)
        .join(Module.day)
        .where(Day.edition_id == edition_id, ModulePage.kind == "trainer_guide")
        .where(Module.folder.in_([_folder(read) for read in reads]))
    )
    return {folder: (page_id, html) for folder, page_id, html in session.execute(query)}


def _folder(read: str) -> str:
    return read.partition("#")[0].rpartition("/")[0]


def _marked(cohort_id: int, day: int) -> Select[Any]:
    """Return the query over every marked answer of a day, each person's in the order they were handed in.

    A pretest asks what nobody has taught yet and stays out, so do questions that were left out.
    """
    newest = (
        select(func.max(Mark.number))
        .where(Mark.item_id == PaperItem.id, Mark.kind.not_in(RULINGS))
        .correlate(PaperItem)
        .scalar_subquery()
    )
    objective = QuestionVersion.source["objective"].as_string().label("objective")
    return (
        select(Attempt.enrolment_id, QuestionVersion.id, QuestionVersion.question_id)
        .add_columns(objective, QuestionVersion.summary, Mark.fraction, Response.answer)
        .select_from(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Step, Step.id == Attempt.step_id)
        .join(Module, Module.id == Step.module_id)
        .join(Day, Day.id == Module.day_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(PaperItem, PaperItem.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Mark, and_(Mark.item_id == PaperItem.id, Mark.number == newest))
        .outerjoin(Response, Response.item_id == PaperItem.id)
        .where(Enrolment.cohort_id == cohort_id, Day.position == day, Attempt.state == "submitted")
        .where(QuizVersion.purpose != Purpose.PRETEST, Mark.fraction.is_not(None))
        .where(~is_voided(QuestionVersion.question_id, cohort_id))
        .order_by(Attempt.submitted_at, Attempt.id, PaperItem.position)
    )
