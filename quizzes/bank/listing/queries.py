"""Reads: the list of questions, narrowed by words and by what they are filed under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.queries import PAGE_SIZE, list_newest_versions, sees_in_order
from quizzes.bank.search.finding import place_of_found
from quizzes.bank.search.leaping import list_each
from quizzes.bank.search.models import QuestionSearch, QuestionTag

MOST_COUNTED = 1000
"""Questions that are counted; beyond that the list says "more than"."""


@dataclass(frozen=True)
class QuestionFilter:
    """What the list of questions is narrowed to; empty means all."""

    search: str = ""
    topic: str = ""
    # Folded.
    tag: str = ""
    module: str = ""
    level: str = ""
    difficulty: str = ""
    status: str = ""
    use: str = ""
    type: str = ""
    # "nation", a branch id in digits, or empty.
    owner: str = ""

    def own_conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a row of `Question` must fulfil."""
        for column, value in (
            (Question.topic, self.topic),
            (Question.status, self.status),
            (Question.use, self.use),
        ):
            if value:
                yield column == value
        if self.owner == "nation":
            yield Question.branch_id.is_(None)
        elif self.owner.isdecimal() and len(self.owner) < 10:
            yield Question.branch_id == int(self.owner)

    def said_conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a row of `QuestionSearch` must fulfil."""
        for column, value in (
            (QuestionSearch.type, self.type),
            (QuestionSearch.module, self.module),
            (QuestionSearch.level, self.level),
            (QuestionSearch.difficulty, self.difficulty),
        ):
            if value:
                yield column == value


@dataclass(frozen=True)
class QuestionPage:
    """One page of the list, the newest first; `older` is the id to go on before, None at the end."""

    rows: list[QuestionVersion] = field(default_factory=list)
    older: int | None = None


class Choices(NamedTuple):
    """What there is to narrow the list to."""

    topics: list[str]
    tags: list[str]
    modules: list[str]


def list_questions(
    session: Session, *, actor: Actor, narrowed: QuestionFilter, before: int | None = None
) -> QuestionPage:
    """Return the newest version of each question the actor may see, one page of them."""
    query, place = _matching(session, actor, narrowed)
    if before is not None:
        query = query.where(place < before)
    ids = session.scalars(query.order_by(place.desc()).limit(PAGE_SIZE + 1)).all()
    found = list_newest_versions(session, ids[:PAGE_SIZE])
    rows = [found[question_id] for question_id in ids[:PAGE_SIZE] if question_id in found]
    return QuestionPage(rows, ids[PAGE_SIZE - 1] if len(ids) > PAGE_SIZE else None)


def count_questions(session: Session, *, actor: Actor, narrowed: QuestionFilter) -> int:
    """Return how many questions fit, `MOST_COUNTED` and one more where there are yet more."""
    query, _place = _matching(session, actor, narrowed)
    some = query.limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def list_choices(session: Session, *, actor: Actor) -> Choices:
    """Return what the questions the actor may see are filed under."""
    columns = (Question.topic, QuestionTag.tag, QuestionSearch.module)
    topics, tags, modules = list_each(session, columns, is_seen=sees_in_order(actor))
    return Choices(topics, tags, [module for module in modules if module])


def tags_of(session: Session, question_ids: list[int]) -> dict[int, list[QuestionTag]]:
    """Return by question id its tags in order."""
    query = select(QuestionTag).where(QuestionTag.question_id.in_(question_ids)).order_by(QuestionTag.tag)
    found: dict[int, list[QuestionTag]] = {question_id: [] for question_id in question_ids}
    for tag in session.scalars(query):
        found[tag.question_id].append(tag)
    return found


def _matching(
    session: Session, actor: Actor, narrowed: QuestionFilter
) -> tuple[Select[int], ColumnElement[int]]:
    """Select the questions that fit, and the column that tells their order: that of the narrowest index.

    Words are looked up first where there are some: SQLite's index gives its rows in order and stops when a
    page is full.
    """
    said = list(narrowed.said_conditions())
    place, found = _place(session, narrowed, is_said=bool(said))
    query = select(place)
    if place is not Question.id:
        query = query.join(Question, Question.id == place)
    if narrowed.tag and place is not QuestionTag.question_id:
        query = query.join(QuestionTag, QuestionTag.question_id == place)
    if said and place is not QuestionSearch.question_id:
        query = query.join(QuestionSearch, QuestionSearch.question_id == place)
    if narrowed.tag:
        said.append(QuestionTag.tag == narrowed.tag)
    return query.where(*found, *said, sees_in_order(actor), *narrowed.own_conditions()), place


def _place(
    session: Session, narrowed: QuestionFilter, *, is_said: bool
) -> tuple[Any, list[ColumnElement[bool]]]:
    if narrowed.search:
        return place_of_found(session, narrowed.search)
    if narrowed.tag:
        return QuestionTag.question_id, []
    return (QuestionSearch.question_id if is_said else Question.id), []
