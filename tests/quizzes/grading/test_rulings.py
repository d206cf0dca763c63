"""One decision about a question for everybody, with its consequences seen before."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.learning.models import Completion, Progress
from lms.core.accounts.actor import Actor
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import list_marked_items
from quizzes.grading.models import Mark, Ruling
from quizzes.grading.rulings import Decision, Foresight, foresee, rule, standing
from tests.factories import make_branch, make_user
from tests.quizzes.attempts.conftest import Desk
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, marker, read_lessons
from tests.quizzes.grading.test_marking import mark

VOID, FULL, RESTORED = Decision("void"), Decision("full"), Decision("restored")


def question_at(desk: Desk, attempt: Attempt, position: int) -> int:
    return desk.items(attempt)[position - 1].question_version.question_id


def look(desk: Desk, question_id: int, decision: Decision) -> Foresight:
    return foresee(
        desk.session, cohort_id=desk.enrolment.cohort_id, question_id=question_id, decision=decision
    )


def decide(
    desk: Desk, question_id: int, decision: Decision, actor: Actor | None = None, seen: str = ""
) -> Ruling:
    ruling = rule(
        desk.session,
        actor or marker(desk),
        cohort_id=desk.enrolment.cohort_id,
        question_id=question_id,
        decision=decision,
        reason="Kunci keliru.",
        mark=seen or look(desk, question_id, decision).mark,
        now=desk.now,
    )
    desk.session.commit()
    desk.session.expire_all()
    return ruling


def test_the_others_are_the_whole_where_a_question_is_left_out(desk: Desk) -> None:
    attempt = hand_in(desk, right=3)

    decide(desk, question_at(desk, attempt, 5), VOID)

    assert (attempt.marks_earned, attempt.marks_possible, attempt.percent) == (3, 4, 75)


def test_full_marks_are_for_everybody(desk: Desk) -> None:
    attempt = hand_in(desk, right=2)

    decide(desk, question_at(desk, attempt, 5), FULL)

    assert (attempt.percent, attempt.has_passed) == (60, True)


def test_extra_marks_come_on_top(desk: Desk) -> None:
    attempt = hand_in(desk, right=1)

    decide(desk, question_at(desk, attempt, 1), Decision("bonus", Decimal(2)))

    assert (attempt.marks_earned, attempt.percent) == (3, 60)


def test_what_follows_is_seen_before_and_changes_nothing(desk: Desk) -> None:
    attempt = hand_in(desk, right=2)

    seen = look(desk, question_at(desk, attempt, 5), FULL)

    assert [(effect.name, effect.before, effect.after) for effect in seen.gaining] == [
        (desk.enrolment.name, 40, 60)
    ]
    assert (seen.papers, seen.losing) == (1, [])
    assert attempt.percent == 40
    assert desk.session.scalar(select(func.count()).select_from(Ruling)) == 0


def test_who_passes_now_completes_the_course(desk: Desk) -> None:
    read_lessons(desk)
    attempt = hand_in(desk, right=2)

    decide(desk, question_at(desk, attempt, 5), FULL)

    assert desk.session.get(Completion, desk.enrolment.id) is not None


def test_a_certificate_is_never_taken_back_but_listed(desk: Desk) -> None:
    read_lessons(desk)
    attempt = hand_in(desk, right=3)
    question_id = question_at(desk, attempt, 1)

    losing = look(desk, question_id, VOID).losing
    ruling = decide(desk, question_id, VOID)

    assert [effect.has_completed for effect in losing] == [True]
    assert ruling.effects[0]["loses"]
    assert ruling.effects[0]["has_completed"]
    assert (attempt.percent, attempt.has_passed) == (50, False)
    assert desk.session.scalars(select(Certificate)).one().state == "valid"
    assert desk.session.get_one(Progress, (desk.enrolment.id, desk.step.id)).completed_at is not None


def test_it_holds_for_papers_handed_in_later(desk: Desk) -> None:
    first = hand_in(desk, right=2)
    question_id = question_at(desk, first, 5)
    decide(desk, question_id, FULL)

    later = hand_in(desk, right=0)

    assert later.percent == 20
    worths = {
        item.question_version.question_id: worth for item, worth in list_marked_items(desk.session, later.id)
    }
    assert worths[question_id].ruling == "full"


def test_leaving_out_holds_for_the_marks_of_a_later_paper(desk: Desk) -> None:
    first = hand_in(desk, right=2)
    decide(desk, question_at(desk, first, 1), VOID)

    assert hand_in(desk, right=5).marks_possible == 4


def test_another_cohort_is_not_touched(session: Session, desk: Desk) -> None:
    attempt = hand_in(desk, right=2)
    question_id = question_at(desk, attempt, 5)
    stranger = essay_desk(session)

    with pytest.raises(NotFound):
        decide(stranger, question_id, FULL)


def test_only_who_works_at_the_branch_decides(session: Session, desk: Desk) -> None:
    attempt = hand_in(desk, right=2)
    stranger = actor_of(make_user(session), make_branch(session))

    with pytest.raises(NotFound):
        decide(desk, question_at(desk, attempt, 5), FULL, stranger)


def test_results_that_changed_meanwhile_must_be_seen_again(desk: Desk) -> None:
    attempt = hand_in(desk, right=2)
    question_id = question_at(desk, attempt, 5)
    seen = look(desk, question_id, FULL).mark
    hand_in(desk, right=1)

    with pytest.raises(Conflict, match="sudah berubah"):
        decide(desk, question_id, FULL, seen=seen)


def test_a_decision_is_taken_back_whole(desk: Desk) -> None:
    attempt = hand_in(desk, right=3)
    question_id = question_at(desk, attempt, 5)
    decide(desk, question_id, VOID)

    decide(desk, question_id, RESTORED)

    assert (attempt.percent, attempt.marks_possible) == (60, 5)
    assert standing(desk.session, desk.enrolment.cohort_id, question_id=question_id) is None
    kinds = desk.session.scalars(select(Mark.kind).order_by(Mark.number)).all()
    assert kinds.count("void") == kinds.count("restored") == 1


def test_nothing_decided_cannot_be_taken_back(desk: Desk) -> None:
    attempt = hand_in(desk, right=3)

    with pytest.raises(Invalid, match="dibatalkan"):
        decide(desk, question_at(desk, attempt, 5), RESTORED)


def test_a_mark_by_hand_outlives_a_decision(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)
    essay = essay_of(desk, attempt)
    question_id = essay.question_version.question_id
    mark(desk, marker(desk), essay, "0.5")

    decide(desk, question_id, FULL)
    assert attempt.percent == 100
    decide(desk, question_id, RESTORED)

    assert attempt.percent == 75


def test_what_is_left_out_waits_for_nobody(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)

    decide(desk, essay_of(desk, attempt).question_version.question_id, VOID)

    assert (attempt.percent, attempt.has_passed) == (100, True)


def test_a_decision_is_in_the_audit_log_with_its_reason(desk: Desk) -> None:
    attempt = hand_in(desk, right=2)
    decide(desk, question_at(desk, attempt, 5), FULL)

    event = desk.session.scalars(select(AuditEvent).where(AuditEvent.action == "question.ruled")).one()
    assert event.details["reason"] == "Kunci keliru."
