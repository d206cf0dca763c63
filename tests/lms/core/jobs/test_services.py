"""A promise stands or falls with what made it necessary, and is kept once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.jobs import queries, services
from lms.core.jobs.models import Job
from tests.conftest import NOW

LEASE = timedelta(minutes=2)


def promise(session: Session, key: str = "one", **values: object) -> int:
    services.enqueue(session, "note", **({"key": key, "now": NOW} | values))  # type: ignore[arg-type]
    session.commit()
    job_id = session.scalar(select(Job.id).where(Job.key == key))
    assert job_id is not None
    return job_id


def take(session: Session, job_id: int, *, after: timedelta = timedelta()) -> str | None:
    job = services.claim(session, job_id, lease=LEASE, now=NOW + after)
    session.commit()
    return job.token if job else None


def job_of(session: Session, job_id: int) -> Job:
    session.expire_all()
    return session.get_one(Job, job_id)


def test_a_promise_falls_with_its_transaction(session: Session) -> None:
    services.enqueue(session, "note", key="one", now=NOW)

    session.rollback()

    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_promised_twice_is_one_job(session: Session) -> None:
    promise(session, payload={"word": "first"})

    assert services.enqueue(session, "note", key="one", payload={"word": "second"}, now=NOW) is False
    assert [job.payload for job in session.scalars(select(Job))] == [{"word": "first"}]


def test_only_what_is_due_is_taken(session: Session) -> None:
    job_id = promise(session, due_at=NOW + timedelta(minutes=5))

    assert queries.list_due(session, now=NOW, limit=9) == []
    assert take(session, job_id) is None
    assert queries.list_due(session, now=NOW + timedelta(minutes=5), limit=9) == [job_id]
    assert take(session, job_id, after=timedelta(minutes=5)) is not None


def test_a_job_under_lease_is_nobody_elses(session: Session) -> None:
    job_id = promise(session)
    take(session, job_id)

    assert queries.list_due(session, now=NOW + LEASE - timedelta(seconds=1), limit=9) == []
    assert take(session, job_id, after=LEASE - timedelta(seconds=1)) is None


def test_when_the_lease_is_over_another_takes_it_and_the_first_cannot_finish(session: Session) -> None:
    job_id = promise(session)
    first = take(session, job_id) or ""

    second = take(session, job_id, after=LEASE) or ""

    assert second not in {"", first}
    assert services.finish(session, job_id, token=first, now=NOW + LEASE) is False
    assert services.finish(session, job_id, token=second, now=NOW + LEASE) is True
    session.commit()
    assert take(session, job_id, after=timedelta(days=1)) is None


def test_a_failed_run_rests_longer_each_time_and_says_why(session: Session) -> None:
    job_id = promise(session)
    token = take(session, job_id) or ""

    services.give_back(session, job_id, token=token, problem="KeyError: 'x'", now=NOW)
    session.commit()

    job = job_of(session, job_id)
    assert (job.state, job.problem, job.due_at) == ("queued", "KeyError: 'x'", NOW + timedelta(seconds=10))
    assert [services.pause_after(tries).total_seconds() for tries in (1, 2, 3, 8)] == [10, 30, 90, 3600]


def test_a_run_that_lost_its_lease_cannot_give_the_job_back(session: Session) -> None:
    job_id = promise(session)
    first = take(session, job_id) or ""
    take(session, job_id, after=LEASE)

    services.give_back(session, job_id, token=first, problem="late", now=NOW + LEASE)

    assert (job_of(session, job_id).state, job_of(session, job_id).problem) == ("running", "")


def test_after_many_failed_runs_a_job_waits_for_a_person(session: Session) -> None:
    job_id, at = promise(session), timedelta()
    for _ in range(services.MAX_TRIES):
        token = take(session, job_id, after=at) or ""
        services.give_back(session, job_id, token=token, problem="no", now=NOW + at)
        session.commit()
        at += timedelta(hours=1)

    assert job_of(session, job_id).state == "failed"
    assert services.retry(session, job_id=job_id, now=NOW + at) == 1
    session.commit()
    assert take(session, job_id, after=at) is not None


def test_a_job_that_kills_its_runner_is_given_up(session: Session) -> None:
    job_id = promise(session)
    taken = [take(session, job_id, after=LEASE * number) for number in range(services.MAX_TRIES + 1)]

    assert [token is None for token in taken] == [False] * services.MAX_TRIES + [True]
    assert job_of(session, job_id).state == "failed"


def test_the_seat_is_for_one_until_it_is_over_or_left(session: Session) -> None:
    def sit(who: str, after: int) -> bool:
        at = NOW + timedelta(seconds=after)
        is_mine = services.take_seat(session, who, now=at, lease=timedelta(seconds=30))
        session.commit()
        return is_mine

    assert [sit("a", 0), sit("b", 1), sit("a", 20), sit("b", 49)] == [True, False, True, False]
    assert sit("b", 51)
    services.leave_seat(session, "a")
    assert not sit("a", 52)
    services.leave_seat(session, "b")
    session.commit()
    assert sit("a", 53)


def test_what_was_done_is_forgotten_and_what_failed_is_not(session: Session) -> None:
    done, failed = promise(session, "done"), promise(session, "failed")
    services.finish(session, done, token=take(session, done) or "", now=NOW)
    session.get_one(Job, failed).state = "failed"
    session.commit()

    services.forget_done(session, before=NOW + timedelta(seconds=1))

    assert [job.key for job in session.scalars(select(Job))] == ["failed"]
