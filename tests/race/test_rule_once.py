"""A decision about a question while a hall hands in: every result follows from it, whoever came first."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, User
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from quizzes.attempts.models import Attempt
from quizzes.grading.models import Mark, Ruling
from quizzes.grading.rulings import Decision, foresee, rule
from tests import factories
from tests.quizzes.attempts.conftest import Desk
from tests.quizzes.bank.actors import actor_of
from tests.race.conftest import Crowd, Server
from tests.servers import Answer

ROUNDS = 4
PEOPLE = 11
VOID = Decision("void")


def make_desks(session: Session) -> list[Desk]:
    """Return a hall of people with three questions each; the last has handed in."""
    now = utc_now()
    cohort = factories.make_cohort(
        session, edition=factories.make_edition(session), starts_on=now.date(), ends_on=now.date()
    )
    step = factories.make_quiz_step(session, cohort, [factories.make_question(session) for _ in range(3)])
    people = [factories.make_enrolment(session, cohort=cohort) for _ in range(PEOPLE + 1)]
    desks = [Desk(session, person, step, now) for person in people]
    for desk in desks:
        desk.answer(desk.start(), right=2)
    return desks


def leave_out(server: Server, *, user_id: int, branch_id: int, cohort_id: int, question_id: int) -> Answer:
    """Decide as the page does, again as long as results change under it."""
    with server.app.app_context():
        session = db.session()
        actor = actor_of(session.get_one(User, user_id), session.get_one(Branch, branch_id))
        about = {"cohort_id": cohort_id, "question_id": question_id, "decision": VOID}
        while True:
            session.rollback()
            mark = foresee(session, **about).mark  # type: ignore[arg-type]
            try:
                rule(session, actor, **about, reason="Keliru.", mark=mark, now=utc_now())  # type: ignore[arg-type]
            except Conflict:
                continue
            session.commit()
            db.session.remove()
            return Answer(200, {}, b"")


def test_a_decision_and_hand_ins_in_parallel_agree(session: Session, server: Server, crowd: Crowd) -> None:
    for _round in range(ROUNDS):
        desks = make_desks(session)
        cohort = desks[0].enrolment.cohort
        branch = session.get_one(Branch, cohort.branch_id)
        trainer = factories.make_user(session, Role.TRAINER, branch=branch)
        ids = [desk.start().id for desk in desks]
        first = desks[-1].submit(desks[-1].start())
        question_id = desks[-1].items(first)[0].question_version.question_id
        phones = [server.phone(desk.enrolment.user_id) for desk in desks[:-1]]
        hand_ins = [
            partial(phone.post, f"/percobaan/{attempt_id}/kirim")
            for phone, attempt_id in zip(phones, ids, strict=False)
        ]
        decide = partial(
            leave_out,
            server,
            user_id=trainer.id,
            branch_id=branch.id,
            cohort_id=cohort.id,
            question_id=question_id,
        )

        replies = crowd.rush([*hand_ins[:5], decide, *hand_ins[5:]])

        assert {reply.status for reply in replies} == {200, 303}
        session.rollback()
        session.expire_all()
        results = session.scalars(select(Attempt).where(Attempt.id.in_(ids))).all()
        assert {(one.state, one.marks_possible) for one in results} == {("submitted", 2)}
        voids = select(func.count(Mark.id)).join(Ruling, Ruling.id == Mark.ruling_id)
        voids = voids.where(Ruling.cohort_id == cohort.id)
        assert session.scalar(voids) == PEOPLE + 1
