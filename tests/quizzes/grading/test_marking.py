"""People judge answers; their agreement becomes a mark, and the result follows."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.learning.models import Completion, Progress
from lms.core.accounts.actor import Actor
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.grading import queries
from quizzes.grading.marking import judge
from quizzes.grading.models import Mark
from tests.factories import make_branch, make_user
from tests.quizzes.attempts.conftest import Desk
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, marker, read_lessons


def mark(desk: Desk, actor: Actor, item: PaperItem, fraction: str, comment: str = "") -> bool:
    is_marked = judge(
        desk.session,
        actor,
        item_id=item.id,
        fraction=Decimal(fraction),
        levels=[],
        comment=comment,
        now=desk.now,
    )
    desk.session.commit()
    return is_marked


def result_of(desk: Desk, attempt: Attempt) -> tuple[Decimal | None, bool | None]:
    desk.session.expire_all()
    return attempt.percent, attempt.has_passed


def test_a_paper_with_an_unmarked_answer_is_neither_passed_nor_done(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)

    assert result_of(desk, attempt) == (None, None)
    assert session.get_one(Progress, (desk.enrolment.id, desk.step.id)).completed_at is None


def test_nor_is_one_with_nothing_to_pass(session: Session) -> None:
    desk = essay_desk(session, pass_percent=None)
    hand_in(desk)

    assert session.get_one(Progress, (desk.enrolment.id, desk.step.id)).completed_at is None


def test_the_mark_brings_result_completion_and_certificate(session: Session) -> None:
    desk = essay_desk(session)
    read_lessons(desk)
    attempt = hand_in(desk)
    assert session.get(Completion, desk.enrolment.id) is None

    assert mark(desk, marker(desk), essay_of(desk, attempt), "0.5", "Cukup.")

    assert result_of(desk, attempt) == (75, True)
    assert session.get(Completion, desk.enrolment.id) is not None
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_a_low_mark_does_not_pass(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)

    mark(desk, marker(desk), essay_of(desk, attempt), "0")

    assert result_of(desk, attempt) == (50, False)


def test_marks_are_added_and_none_is_changed(session: Session) -> None:
    desk = essay_desk(session)
    item = essay_of(desk, hand_in(desk))
    actor = marker(desk)

    mark(desk, actor, item, "0.5", "Cukup.")

    rows = session.scalars(select(Mark).where(Mark.item_id == item.id).order_by(Mark.number)).all()
    assert [(row.kind, row.grader, row.fraction) for row in rows] == [
        ("automatic", "machine", None),
        ("hand", "person", Decimal("0.5")),
    ]
    assert (rows[1].graded_by_id, rows[1].comment) == (actor.user_id, "Cukup.")
    assert rows[1].question_version_id == item.question_version_id


def test_a_judgement_is_in_the_audit_log(session: Session) -> None:
    desk = essay_desk(session)
    mark(desk, marker(desk), essay_of(desk, hand_in(desk)), "1")

    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "answer.judged")).one()


def test_what_is_marked_is_not_marked_again(session: Session) -> None:
    desk = essay_desk(session)
    item = essay_of(desk, hand_in(desk))
    mark(desk, marker(desk), item, "1")

    with pytest.raises(Conflict, match="sudah dinilai"):
        mark(desk, marker(desk), item, "0")


def test_two_who_agree_make_a_mark(session: Session) -> None:
    desk = essay_desk(session, markers=2)
    attempt = hand_in(desk)
    item = essay_of(desk, attempt)

    assert not mark(desk, marker(desk), item, "0.6", "Baik.")
    assert result_of(desk, attempt) == (None, None)
    assert mark(desk, marker(desk), item, "0.8", "Baik sekali.")

    assert result_of(desk, attempt) == (85, True)
    comment = session.scalars(select(Mark.comment).where(Mark.kind == "hand")).one()
    assert comment == "Baik.\nBaik sekali."


def test_two_who_are_apart_need_a_third(session: Session) -> None:
    desk = essay_desk(session, markers=2, marking_gap_percent=10)
    attempt = hand_in(desk)
    item = essay_of(desk, attempt)

    assert not mark(desk, marker(desk), item, "0.2")
    assert not mark(desk, marker(desk), item, "1")
    assert mark(desk, marker(desk), item, "0.9")

    assert result_of(desk, attempt) == (95, True)


def test_one_marker_is_not_two(session: Session) -> None:
    desk = essay_desk(session, markers=2)
    item, actor = essay_of(desk, hand_in(desk)), marker(desk)
    mark(desk, actor, item, "0.5")

    with pytest.raises(Conflict, match="penilai lain"):
        mark(desk, actor, item, "0.5")


def test_who_has_judged_finds_it_no_more_in_the_queue(session: Session) -> None:
    desk = essay_desk(session, markers=2)
    item, first, second = essay_of(desk, hand_in(desk)), marker(desk), marker(desk)

    mark(desk, first, item, "0.5")

    assert queries.count_waiting(session, first) == 0
    assert [heap.first_item_id for heap in queries.list_heaps(session, second)] == [item.id]


def test_the_queue_is_that_of_ones_branch(session: Session) -> None:
    desk = essay_desk(session)
    item = essay_of(desk, hand_in(desk))
    stranger = actor_of(make_user(session), make_branch(session))

    assert queries.count_waiting(session, stranger) == 0
    assert queries.list_heaps(session, stranger) == []
    with pytest.raises(NotFound):
        mark(desk, stranger, item, "1")


def test_an_answer_the_machine_marks_is_not_marked_by_hand(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)
    choice = next(item for item in desk.items(attempt) if item.question_version.type != "essay")

    with pytest.raises(NotFound):
        mark(desk, marker(desk), choice, "1")


def test_the_next_is_of_the_same_question_and_goes_round(session: Session) -> None:
    desk = essay_desk(session, attempts_allowed=0)
    items = [essay_of(desk, hand_in(desk)).id for _ in range(3)]
    actor = marker(desk)

    assert queries.find_next(session, actor, item_id=items[0], skips=True) == items[1]
    assert queries.find_next(session, actor, item_id=items[2], skips=True) == items[0]
    mark(desk, actor, desk.session.get_one(PaperItem, items[1]), "1")
    assert queries.find_next(session, actor, item_id=items[1]) == items[2]


def test_the_average_of_sittings_counts_where_the_quiz_says_so(session: Session) -> None:
    desk = essay_desk(session, counts="average")
    actor = marker(desk)
    for fraction in ("0", "1"):
        mark(desk, actor, essay_of(desk, hand_in(desk)), fraction)

    row = session.get_one(Progress, (desk.enrolment.id, desk.step.id))
    assert (row.percent, row.completed_at is not None) == (75, True)
