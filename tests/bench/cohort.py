"""The certificates of a cohort, signed by the job that an organiser's button asks for."""

from __future__ import annotations

from certificates.batches import Kind, ask
from certificates.queries import list_standing_ids
from lms.core.clock import utc_now
from lms.core.db import db
from tests.bench.certificates import all_signed
from tests.bench.runs import Run, run_jobs
from tests.bench.stage import Stage


def sign_cohort(stage: Stage, count: int) -> tuple[Run, Run]:
    """Sign so many certificates on two cores; return a run with nothing to do, and this one."""
    idle = run_jobs(stage)
    with stage.app.app_context():
        session = db.session()
        cohort_id, actor_id, ids = _prepare(stage, count)
        ask(session, actor_id, cohort_id=cohort_id, kind=Kind.PAPERS, certificate_ids=ids, now=utc_now())
        session.commit()
        _let_go()
    busy = run_jobs(stage)
    with stage.app.app_context():
        assert all_signed(db.session(), ids), "not all were signed"
        _let_go()
    return idle, busy


def _prepare(stage: Stage, count: int) -> tuple[int, int, list[int]]:
    session = db.session()
    cohort, own = stage.cohort(session, count)
    stage.certificates.copy(session, own, is_signed=False)
    session.commit()
    ids = list_standing_ids(session, cohort.id, only_unsigned=True)
    assert len(ids) == count
    return cohort.id, own[0].user_id, ids


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()
