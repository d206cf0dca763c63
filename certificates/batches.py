"""Work on many certificates of a cohort at once: asked for once, done bit by bit by jobs, told as it goes.

Each job does one piece and promises the next in the same transaction, so that a run that is killed is begun
again where the last commit was, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from certificates.models import CertificateBatch
from courses.cohorts.models import Cohort
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record as record_audit
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.jobs.models import Job
from lms.core.jobs.services import enqueue, retry

JOB = "certificate_batch"


class Kind(StrEnum):
    """What is done."""

    # The signed files that are not kept yet.
    PAPERS = "papers"
    # One PDF of all for the printer.
    PRINT = "print"
    # New certificates with what is written down of office and cohort now.
    REISSUE = "reissue"


@dataclass(frozen=True)
class Piece:
    """What came of a few certificates."""

    # sha256 of files made for the whole batch.
    files: tuple[str, ...] = ()
    failed_ids: tuple[int, ...] = ()
    # Why something failed, or why everything stops.
    problem: str = ""
    # Whether to go on makes no sense, e.g. without keys.
    is_end: bool = False


def ask(
    session: Session,
    actor_id: int,
    *,
    cohort_id: int,
    kind: Kind,
    certificate_ids: Sequence[int],
    now: datetime,
) -> CertificateBatch:
    """Promise work on certificates of a cohort, or return the batch of this kind that is under way.

    Raises:
        Conflict: there is nothing to do.
    """
    begin_write(session)
    branch_id = session.scalar(select(Cohort.branch_id).where(Cohort.id == cohort_id).with_for_update())
    open_one = session.scalar(_newest(cohort_id, kind).where(CertificateBatch.finished_at.is_(None)))
    if open_one is not None:
        _try_again(session, open_one, now=now)
        return open_one
    if not certificate_ids:
        raise Conflict(_l("There is nothing to do: everything is as it should be."))
    batch = CertificateBatch(
        cohort_id=cohort_id,
        kind=kind.value,
        asked_by_id=actor_id,
        asked_at=now,
        certificate_ids=list(certificate_ids),
        failed_ids=[],
        files=[],
    )
    session.add(batch)
    session.flush()
    _promise(session, batch, now=now)
    record_audit(
        session,
        f"certificates.{kind.value}",
        at=now,
        actor_id=actor_id,
        object_type="cohort",
        object_id=cohort_id,
        branch_id=branch_id,
        count=len(certificate_ids),
    )
    return batch


def advance(
    session: Session, batch_id: int, *, begun_at: int, count: int, piece: Piece, now: datetime
) -> bool:
    """Note what came of the next ``count`` certificates and promise the next piece, or end the batch.

    Returns:
        False if another run has noted this piece: roll back what this one did.
    """
    begin_write(session)
    batch = session.get(CertificateBatch, batch_id, with_for_update=True)
    if batch is None or batch.finished_at is not None or batch.done != begun_at:
        return False
    batch.files = [*batch.files, *piece.files]
    batch.failed_ids = [*batch.failed_ids, *piece.failed_ids]
    batch.problem = piece.problem[:500] or batch.problem
    batch.done = begun_at if piece.is_end else begun_at + count
    if piece.is_end or batch.done >= len(batch.certificate_ids):
        batch.finished_at = now
    else:
        _promise(session, batch, now=now)
    session.flush()
    return True


@dataclass(frozen=True)
class Progress:
    """A batch, and what its next job is up to."""

    batch: CertificateBatch
    # Of the job of the next piece; empty when all is done.
    job_state: str
    job_problem: str

    @property
    def total(self) -> int:
        """How many certificates it is about."""
        return len(self.batch.certificate_ids)

    @property
    def is_under_way(self) -> bool:
        """Whether looking again makes sense."""
        return self.batch.finished_at is None and self.job_state != "failed"

    @property
    def is_whole(self) -> bool:
        """Whether every certificate had its turn."""
        return self.batch.done >= self.total


def get_progress(session: Session, batch_id: int, *, cohort_id: int, actor: Actor) -> Progress:
    """Return how far a batch is.

    Raises:
        NotFound: there is none, or it is another cohort's or another branch's.
    """
    query = (
        select(CertificateBatch, Job.state, Job.problem)
        .join(Cohort, Cohort.id == CertificateBatch.cohort_id)
        .outerjoin(Job, Job.key == func.concat(f"{JOB}:", CertificateBatch.id, ":", CertificateBatch.done))
        .where(CertificateBatch.id == batch_id, CertificateBatch.cohort_id == cohort_id)
    )
    if not actor.is_admin:
        query = query.where(Cohort.branch_id.in_(actor.branch_ids))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Progress(row[0], row[1] or "", row[2] or "")


def list_newest(session: Session, cohort_id: int) -> dict[str, CertificateBatch]:
    """Return the last batch of each kind of a cohort."""
    newest = (
        select(func.max(CertificateBatch.id))
        .where(CertificateBatch.cohort_id == cohort_id)
        .group_by(CertificateBatch.kind)
    )
    rows = session.scalars(select(CertificateBatch).where(CertificateBatch.id.in_(newest)))
    return {row.kind: row for row in rows}


def _newest(cohort_id: int, kind: Kind) -> Select[CertificateBatch]:
    mine = CertificateBatch.cohort_id == cohort_id, CertificateBatch.kind == kind.value
    return select(CertificateBatch).where(*mine).order_by(CertificateBatch.id.desc()).limit(1)


def _promise(session: Session, batch: CertificateBatch, *, now: datetime) -> None:
    payload = {"batch_id": batch.id, "begun_at": batch.done}
    enqueue(session, JOB, key=f"{JOB}:{batch.id}:{batch.done}", payload=payload, now=now)


def _try_again(session: Session, batch: CertificateBatch, *, now: datetime) -> None:
    """Let the job of the next piece begin anew, if it was given up."""
    key = f"{JOB}:{batch.id}:{batch.done}"
    job_id = session.scalar(select(Job.id).where(Job.key == key, Job.state == "failed"))
    if job_id is not None:
        retry(session, job_id=job_id, now=now)
