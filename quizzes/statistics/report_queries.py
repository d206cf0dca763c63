"""Reads: the versions of a quiz that were taken, and the report of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizzes.bank.models import Purpose, QuizVersion
from quizzes.statistics.bank_prior import read_priors
from quizzes.statistics.given_answers import Answers
from quizzes.statistics.given_queries import Content, of_version, read_answers
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Found, Scope, papers_of, read_papers
from quizzes.statistics.places import draws_of, list_places
from quizzes.statistics.reports import QuizReport, build_report


@dataclass(frozen=True)
class Taken:
    """A version of a quiz and how many papers of it were handed in, every attempt counted."""

    id: int
    quiz_id: int
    number: int
    title: str
    purpose: str
    pass_percent: int | None
    papers: int


@dataclass(frozen=True)
class Analysed:
    """The report of one version, beside the others that were taken."""

    scope: Scope
    version: Taken
    versions: Sequence[Taken]
    report: QuizReport


def analyse_version(
    session: Session, quiz_id: int, scope: Scope, *, version_id: int | None = None
) -> Analysed | None:
    """Return the report of a version of a quiz, the newest taken unless one is named, in four queries.

    None while nobody of the scope has handed it in.
    """
    versions = list_taken(session, scope, quiz_id=quiz_id)
    version = next((one for one in versions if version_id in {None, one.id}), None)
    if version is None:
        return None
    return Analysed(scope, version, versions, _reports(session, scope, [version])[0])


def read_given(session: Session, found: Analysed) -> dict[int, Answers]:
    """Return what was answered most to the questions of a report that have no options, in one query."""
    asked = [one for row in found.report.rows for one in row.place.versions]
    contents = {one.version_id: Content(one.type, one.content) for one in asked}
    return read_answers(session, of_version(found.scope, found.version.id), contents)


def analyse_all(session: Session, scope: Scope) -> list[tuple[Taken, QuizReport]]:
    """Return the reports of all quizzes a scope has taken, in four queries; meant for one cohort."""
    taken = list_taken(session, scope)
    return list(zip(taken, _reports(session, scope, taken), strict=True))


def _reports(session: Session, scope: Scope, taken: Sequence[Taken]) -> list[QuizReport]:
    places = list_places(session, [version.id for version in taken])
    draws = {version_id: draws_of(found) for version_id, found in places.items()}
    papers = read_papers(session, scope, draws)
    priors = read_priors(session, scope) if taken else {}
    return [
        build_report(
            places[version.id],
            papers.get(version.id, Found()),
            prior=priors.get(version.purpose == Purpose.PRETEST.value),
        )
        for version in taken
    ]


def list_taken(session: Session, scope: Scope, *, quiz_id: int | None = None) -> list[Taken]:
    """Return the quiz versions a scope has papers of, the newest of each quiz first."""
    everybody = replace(scope, which="semua")
    counted = papers_of(everybody, PaperTally.quiz_version_id, func.count().label("papers"))
    if quiz_id is not None:
        counted = counted.where(PaperTally.quiz_id == quiz_id)
    by_version = counted.group_by(PaperTally.quiz_version_id).subquery()
    query = (
        select(QuizVersion.id, QuizVersion.quiz_id, QuizVersion.number, QuizVersion.title)
        .add_columns(QuizVersion.purpose, QuizVersion.pass_percent, by_version.c.papers)
        .join(by_version, by_version.c.quiz_version_id == QuizVersion.id)
        .order_by(QuizVersion.title, QuizVersion.quiz_id, QuizVersion.number.desc())
    )
    return [Taken(*row) for row in session.execute(query)]
