"""Who of a cohort has a certificate, and who has none and why: reads for the organiser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.catalogue.tree import Tree, get_tree
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress

PAGE_SIZE = 100
"""People on one page of a cohort's list; a hall has 25 to 50."""

_HAS_NONE = ~select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id).exists()
"""Whether somebody never got a certificate."""


@dataclass(frozen=True)
class CohortRow:
    """One person of a cohort, the certificate that stands or stood last, and what is missing for one."""

    enrolment: Enrolment
    completed_at: datetime | None
    certificate: Certificate | None
    # Titles of the steps that completion still asks for, in order.
    missing: tuple[str, ...]

    @property
    def is_overdue(self) -> bool:
        """Whether the course is complete but no certificate was ever issued: repair issues it."""
        return self.certificate is None and self.completed_at is not None


def list_of_cohort(
    session: Session,
    cohort: Cohort,
    *,
    after: tuple[bool, str, int] | None = None,
    limit: int | None = PAGE_SIZE,
) -> list[CohortRow]:
    """Return one page and one more of the people of a cohort, in a constant number of queries.

    Those with a certificate come first, each half by name. Who left the cohort is there only with a
    certificate.

    Args:
        cohort: with its edition.
        after: the place of the last person of the page before, see :func:`find_place`.
        limit: people on a page; None for all.
    """
    query = (
        select(Enrolment, Completion.completed_at)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort.id)
        .where((Enrolment.status == "active") | Completion.enrolment_id.is_not(None))
        .order_by(_HAS_NONE, Enrolment.name_folded, Enrolment.id)
        .limit(None if limit is None else limit + 1)
    )
    if after is not None:
        query = query.where(tuple_(_HAS_NONE, Enrolment.name_folded, Enrolment.id) > after)
    people = session.execute(query).all()
    newest = _newest_of(session, [enrolment.id for enrolment, _ in people])
    done = _done_of(session, [enrolment.id for enrolment, _ in people if enrolment.id not in newest])
    wanted = list(_wanted(get_tree(session, cohort.edition_id), cohort.edition.requirements))
    return [
        CohortRow(
            enrolment,
            completed_at,
            newest.get(enrolment.id),
            tuple(title for step_id, title in wanted if step_id not in done.get(enrolment.id, ())),
        )
        for enrolment, completed_at in people
    ]


def find_place(session: Session, enrolment_id: int, *, cohort_id: int) -> tuple[bool, str, int] | None:
    """Return where somebody stands in the list: without a certificate or not, folded name, id; or None."""
    query = select(_HAS_NONE, Enrolment.name_folded).where(
        Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id
    )
    place = session.execute(query).one_or_none()
    return None if place is None else (bool(place[0]), place[1], enrolment_id)


@dataclass(frozen=True)
class Counts:
    """What there is to count in a cohort."""

    # People who take part, completed the course and never got a certificate.
    missing: int
    valid: int
    suspended: int
    # Valid, but without a signed file.
    waiting: int


def count_of_cohort(session: Session, cohort_id: int) -> Counts:
    """Count in one query."""
    missing = (
        select(func.count())
        .select_from(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active", _HAS_NONE)
    )
    mine = select(func.count()).select_from(Certificate).where(Certificate.cohort_id == cohort_id)
    valid = mine.where(Certificate.state == "valid")
    counts = (
        missing,
        valid,
        mine.where(Certificate.state == "suspended"),
        valid.where(Certificate.pdf_sha256.is_(None)),
    )
    return Counts(*session.execute(select(*(count.scalar_subquery() for count in counts))).one())


def count_standing(cohort_id: ColumnElement[int]) -> ColumnElement[int]:
    """Return how many certificates stand in a cohort, as a column of a query about cohorts."""
    return (
        select(func.count())
        .select_from(Certificate)
        .where(Certificate.cohort_id == cohort_id, Certificate.state == "valid")
        .scalar_subquery()
    )


def _newest_of(session: Session, enrolment_ids: Sequence[int]) -> dict[int, Certificate]:
    query = select(Certificate).where(Certificate.enrolment_id.in_(enrolment_ids)).order_by(Certificate.id)
    return {row.enrolment_id: row for row in session.scalars(query)}


def _done_of(session: Session, enrolment_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the ids of the steps each has done."""
    query = select(Progress.enrolment_id, Progress.step_id).where(
        Progress.enrolment_id.in_(enrolment_ids), Progress.completed_at.is_not(None)
    )
    done: dict[int, set[int]] = {}
    for enrolment_id, step_id in session.execute(query):
        done.setdefault(enrolment_id, set()).add(step_id)
    return done


def _wanted(tree: Tree, requirements: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    """Yield id and title of the steps completion asks for, in order."""
    is_all = any(rule["kind"] == "all_steps" for rule in requirements)
    quizzes = {rule["quiz"] for rule in requirements if rule["kind"] == "quiz_passed"}
    for step in tree.steps():
        if (is_all and step.is_required) or step.path in quizzes:
            yield step.id, step.title
