"""Reads: what a blueprint and its rules rest on: modules, supply, questions of other quizzes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Course, Day, Edition, Module
from courses.catalogue.scenarios import FOLDER
from lms.core.accounts.actor import Actor
from quizzes.bank.models import QuestionVersion, Quiz, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.queries import count_askable_by_place, sees
from quizzes.bank.quiz.blueprints import Cell, module_of
from quizzes.bank.rules import LEVELS


def course_of(quiz_key: str) -> str:
    """Return the course a quiz belongs to, by its slug."""
    return quiz_key.partition("/")[0]


@dataclass(frozen=True)
class CourseMap:
    """What the course of a quiz has: titles of its modules by folder, in order, and of its other quizzes."""

    modules: dict[str, str]
    quizzes: dict[int, str]


def get_course_map(session: Session, quiz: Quiz, *, actor: Actor) -> CourseMap:
    """Return the modules of the newest edition, and the other quizzes the actor may see, in one query."""
    course = course_of(quiz.key)
    newest = (
        select(Edition.id)
        .join(Edition.course)
        .where(Course.slug == course, Edition.status == "published")
        .order_by(Edition.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    modules = (
        select(Day.position, Module.position, Module.folder, literal(0), Module.title)
        .join(Module.day)
        .where(Day.edition_id == newest)
    )
    quizzes = select(literal(10_000), Quiz.id, literal(""), Quiz.id, Quiz.title).where(
        Quiz.key.startswith(f"{course}/", autoescape=True),
        ~Quiz.key.contains(f"/{FOLDER}/"),
        Quiz.id != quiz.id,
        sees(actor, Quiz.branch_id),
    )
    both = modules.union_all(quizzes).subquery()
    rows = session.execute(select(both).order_by(both.c[0], both.c[1])).all()
    return CourseMap(
        {folder: title for _day, _place, folder, quiz_id, title in rows if not quiz_id},
        {quiz_id: title for _day, _place, _folder, quiz_id, title in rows if quiz_id},
    )


@dataclass(frozen=True)
class Askable:
    """How many ready questions a quiz may ask, by topic and by cell."""

    topics: dict[str, int]
    cells: dict[Cell, int]


def count_askable(session: Session, *, quiz_key: str, branch_id: int | None) -> Askable:
    """Return how many ready questions a quiz may ask."""
    topics: Counter[str] = Counter()
    cells: Counter[Cell] = Counter()
    for topic, read, level, count in count_askable_by_place(session, quiz_key=quiz_key, branch_id=branch_id):
        topics[topic] += count
        cells[Cell(module_of(read), level if level in LEVELS else "")] += count
    return Askable(dict(sorted(topics.items())), cells)


def list_used(session: Session, quiz_ids: Collection[int], *, branch_id: int | None) -> dict[int, set[int]]:
    """Return by quiz the questions it may ask: in its newest published version, and in drafts.

    Of a draft those it names; what it will draw is settled when it is published. Versions of other branch
    offices do not matter.
    """
    if not quiz_ids:
        return {}
    query = (
        select(QuizVersion.quiz_id, QuizVersion.status, QuizVersion.number, QuestionVersion.question_id)
        .join(QuizVersion.slots)
        .join(QuizSlot.candidates)
        .join(SlotCandidate.question_version)
        .where(
            QuizVersion.quiz_id.in_(quiz_ids),
            or_(QuizVersion.branch_id.is_(None), QuizVersion.branch_id == branch_id),
        )
    )
    found: dict[int, dict[tuple[str, int], set[int]]] = defaultdict(lambda: defaultdict(set))
    for quiz_id, status, number, question_id in session.execute(query):
        found[quiz_id][status, number].add(question_id)
    return {quiz_id: _standing(versions) for quiz_id, versions in found.items()}


def _standing(versions: dict[tuple[str, int], set[int]]) -> set[int]:
    """Return the questions of the newest published version and of drafts."""
    newest = max((number for status, number in versions if status == "published"), default=0)
    kept = [ids for (status, number), ids in versions.items() if status == "draft" or number == newest]
    return {question_id for ids in kept for question_id in ids}
