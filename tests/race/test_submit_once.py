"""Twelve hand-ins at the same moment, forty times: one result, one certificate, no error."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.cohorts.models import Enrolment
from courses.learning.models import Completion, Progress
from lms.core.clock import utc_now
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.grading.models import Mark
from quizzes.types import get_type
from tests import factories
from tests.quizzes.attempts.conftest import Desk
from tests.race.conftest import Crowd, Server

ROUNDS = 40
PARALLEL = 12


def make_desks(session: Session, count: int) -> list[Desk]:
    """Make people whose course is this one quiz: passing it completes the course."""
    now = utc_now()
    edition = factories.make_edition(session, lessons=0)
    cohort = factories.make_cohort(session, edition=edition, starts_on=now.date(), ends_on=now.date())
    step = factories.make_quiz_step(session, cohort, [factories.make_question(session) for _ in range(3)])
    enrolments = [factories.make_enrolment(session, cohort=cohort) for _ in range(count)]
    return [Desk(session, enrolment, step, now) for enrolment in enrolments]


def count(session: Session, model: type, *conditions: object) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_parallel_hand_ins_give_one_result_and_one_certificate(
    session: Session, server: Server, crowd: Crowd
) -> None:
    for desk in make_desks(session, ROUNDS):
        attempt = desk.start()
        desk.answer(attempt, right=3)
        phones = [server.phone(desk.enrolment.user_id) for _ in range(PARALLEL)]

        replies = crowd.rush([partial(phone.post, f"/percobaan/{attempt.id}/kirim") for phone in phones])

        assert {reply.status for reply in replies} == {303}
        assert {reply.headers.get("Location", "") for reply in replies} == {f"/percobaan/{attempt.id}/hasil"}

    assert count(session, Attempt, Attempt.state == "submitted", Attempt.has_passed) == ROUNDS
    assert count(session, Mark) == 3 * ROUNDS
    assert count(session, Progress, Progress.attempts_used == 1) == ROUNDS
    assert count(session, Completion) == ROUNDS
    assert count(session, Certificate) == ROUNDS


def test_answers_and_hand_ins_in_parallel_agree_on_what_counts(
    session: Session, server: Server, crowd: Crowd
) -> None:
    """An answer acknowledged as applied is in the result; one that came later is kept as late."""
    for desk in make_desks(session, ROUNDS // 4):
        attempt_id = desk.start().id
        phones = [server.phone(desk.enrolment.user_id) for _ in range(PARALLEL)]
        path = f"/percobaan/{attempt_id}"
        saves = [
            partial(
                phone.post,
                f"{path}/jawaban",
                data={
                    "position": n % 3 + 1,
                    "event": f"race-{n}",
                    "sequence": n + 1,
                    "raw": {"choice": ["1" if n % 2 else "2"]},
                    "flagged": False,
                },
            )
            for n, phone in enumerate(phones[:9])
        ]
        hand_ins = [partial(phone.post, f"{path}/kirim") for phone in phones[9:]]

        replies = crowd.rush(saves[:5] + hand_ins + saves[5:])

        saved = [reply for reply in replies if not reply.headers.get("Location", "")]
        assert {reply.status for reply in saved} <= {200, 409}
        told = sorted(reply.json["outcome"] for reply in saved)
        kept = session.scalars(select(AnswerEvent.outcome).where(AnswerEvent.attempt_id == attempt_id)).all()
        assert sorted(kept) == told
        assert_result_follows_from_answers(session, attempt_id)


def assert_result_follows_from_answers(session: Session, attempt_id: int) -> None:
    session.rollback()
    session.expire_all()
    for item in session.scalars(select(PaperItem).where(PaperItem.attempt_id == attempt_id)):
        standing = session.get(Response, item.id)
        grade = get_type(item.question_version.type).grade(
            item.question_version.content, standing.answer if standing else None
        )
        applied = select(func.max(AnswerEvent.sequence)).where(
            AnswerEvent.item_id == item.id, AnswerEvent.outcome == "applied"
        )
        assert grade is not None
        assert session.scalars(select(Mark.fraction).where(Mark.item_id == item.id)).one() == grade.fraction
        assert session.scalar(applied) == (standing.sequence if standing else None)


def test_the_same_save_in_parallel_is_kept_once_and_answered_alike(
    session: Session, server: Server, crowd: Crowd
) -> None:
    for desk in make_desks(session, ROUNDS // 4):
        attempt_id = desk.start().id
        phones = [server.phone(desk.enrolment.user_id) for _ in range(PARALLEL)]
        entry = {"position": 1, "event": "same-1", "sequence": 1, "raw": {"choice": ["2"]}, "flagged": False}

        replies = crowd.rush(
            [partial(phone.post, f"/percobaan/{attempt_id}/jawaban", data=entry) for phone in phones]
        )

        assert {reply.status for reply in replies} == {200}
        assert {reply.json["outcome"] for reply in replies} == {"applied"}
        assert count(session, AnswerEvent, AnswerEvent.attempt_id == attempt_id) == 1


def test_saves_of_one_question_in_parallel_leave_the_highest_standing(
    session: Session, server: Server, crowd: Crowd
) -> None:
    for desk in make_desks(session, ROUNDS // 4):
        attempt_id = desk.start().id
        phones = [server.phone(desk.enrolment.user_id) for _ in range(PARALLEL)]
        entries = [
            {"position": 1, "event": f"race-{n}", "sequence": n, "raw": {"choice": [str(n % 3 + 1)]}}
            for n in range(1, PARALLEL + 1)
        ]

        replies = crowd.rush(
            [
                partial(phone.post, f"/percobaan/{attempt_id}/jawaban", data=entry)
                for phone, entry in zip(phones, entries, strict=True)
            ]
        )

        assert {reply.status for reply in replies} == {200}
        session.rollback()
        standing = session.scalars(select(Response).where(Response.attempt_id == attempt_id)).one()
        assert (standing.sequence, standing.raw) == (PARALLEL, {"choice": ["1"]})
        assert count(session, AnswerEvent, AnswerEvent.attempt_id == attempt_id) == PARALLEL


def test_noise_of_other_people_is_untouched(session: Session, server: Server) -> None:
    mine, theirs = make_desks(session, 2)
    attempt, other = mine.start(), theirs.start()

    server.phone(mine.enrolment.user_id).post(f"/percobaan/{attempt.id}/kirim")

    assert count(session, Attempt, Attempt.id == other.id, Attempt.state == "in_progress") == 1
    assert count(session, Enrolment) == 2
