"""A mark given by hand is corrected: a new mark, the old one kept, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.learning.models import Completion, Progress
from lms.core.accounts.actor import Actor
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.models import PaperItem
from quizzes.grading import queries
from quizzes.grading.correcting import Correction, correct
from quizzes.grading.models import Mark
from tests.factories import make_branch, make_user
from tests.quizzes.attempts.conftest import Desk
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, marker, read_lessons, trainer_of
from tests.quizzes.grading.test_marking import mark, result_of
from tests.quizzes.grading.test_pages import page
from tests.quizzes.grading.test_rulings import VOID, decide

SignIn = Callable[[int], FlaskClient]


def newest(session: Session, item: PaperItem) -> int:
    return session.scalars(select(Mark.number).where(Mark.item_id == item.id)).all()[-1]


def change(
    desk: Desk, item: PaperItem, fraction: str, actor: Actor | None = None, seen: int = 0
) -> Correction:
    done = correct(
        desk.session,
        actor or marker(desk),
        item_id=item.id,
        fraction=Decimal(fraction),
        levels=[],
        comment="Baik sekali.",
        reason="Jawaban kedua terlewat.",
        seen=seen or newest(desk.session, item),
        now=desk.now,
    )
    desk.session.commit()
    return done


def marked_desk(session: Session, fraction: str = "0", **settings: object) -> tuple[Desk, PaperItem]:
    desk = essay_desk(session, **settings)
    read_lessons(desk)
    essay = essay_of(desk, hand_in(desk))
    mark(desk, marker(desk), essay, fraction, comment="Kurang.")
    return desk, essay


def test_the_result_follows_and_the_old_mark_stays(session: Session) -> None:
    desk, essay = marked_desk(session)
    assert result_of(desk, essay.attempt) == (50, False)

    done = change(desk, essay, "0.5")

    assert result_of(desk, essay.attempt) == (75, True)
    assert (done.before, done.after, done.gains, done.loses) == (50, 75, True, False)
    marks = session.scalars(select(Mark).where(Mark.item_id == essay.id).order_by(Mark.number)).all()
    assert [(one.kind, one.fraction) for one in marks] == [
        ("automatic", None),
        ("hand", 0),
        ("hand", Decimal("0.5")),
    ]
    assert (marks[1].comment, marks[2].comment) == ("Kurang.", "Baik sekali.")
    assert (marks[1].reason, marks[2].reason) == ("", "Jawaban kedua terlewat.")


def test_who_passes_by_it_completes_the_course(session: Session) -> None:
    desk, essay = marked_desk(session)
    assert session.get(Completion, desk.enrolment.id) is None

    change(desk, essay, "1")

    assert session.get(Completion, desk.enrolment.id) is not None


def test_what_was_done_stays_done(session: Session) -> None:
    desk, essay = marked_desk(session, "1")

    done = change(desk, essay, "0")

    assert done.loses
    assert result_of(desk, essay.attempt) == (50, False)
    assert session.scalars(select(Certificate)).one().state == "valid"
    assert session.get_one(Progress, (desk.enrolment.id, desk.step.id)).completed_at is not None


def test_a_decision_for_everybody_stands_above_it(session: Session) -> None:
    desk, essay = marked_desk(session)
    decide(desk, essay.question_version.question_id, VOID)

    change(desk, essay, "0.5")

    assert result_of(desk, essay.attempt) == (100, True)


def test_an_answer_without_a_mark_is_not_corrected(session: Session) -> None:
    desk = essay_desk(session)
    essay = essay_of(desk, hand_in(desk))

    with pytest.raises(Conflict, match="belum dinilai"):
        change(desk, essay, "1")


def test_of_two_who_correct_at_once_the_second_is_asked_to_look(session: Session) -> None:
    desk, essay = marked_desk(session)
    seen = newest(session, essay)
    change(desk, essay, "0.5", seen=seen)

    with pytest.raises(Conflict, match="sudah berubah"):
        change(desk, essay, "1", seen=seen)


def test_another_branch_finds_nothing(session: Session) -> None:
    desk, essay = marked_desk(session)

    with pytest.raises(NotFound):
        change(desk, essay, "1", actor_of(make_user(session), make_branch(session)))


def test_it_is_in_the_audit_log_with_its_reason(session: Session) -> None:
    desk, essay = marked_desk(session)
    change(desk, essay, "0.5")

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "answer.mark_corrected")).one()
    assert event.details["reason"] == "Jawaban kedua terlewat."


def test_the_history_tells_opinions_and_marks_in_order(session: Session) -> None:
    desk = essay_desk(session, markers=2, marking_gap_percent=20)
    essay = essay_of(desk, hand_in(desk))
    for fraction in ("0", "1", "0.5"):
        mark(desk, marker(desk), essay, fraction)
    change(desk, essay, "0.75")

    history = queries.list_history(session, essay.id)

    assert [(one.fraction, bool(one.number)) for one in history] == [
        (0, False),
        (1, False),
        (Decimal("0.5"), False),
        (Decimal("0.5"), True),
        (Decimal("0.75"), True),
    ]


# --- pages


def test_a_trainer_corrects_in_the_browser(session: Session, sign_in: SignIn) -> None:
    desk, essay = marked_desk(session)
    client, url = sign_in(trainer_of(desk).id), f"/nilai/{essay.id}/ubah"
    assert url in page(client, "/nilai")
    assert url in page(client, f"/nilai/{essay.id}")
    text = page(client, url)
    assert "Kurang." in text
    assert desk.enrolment.name not in text
    values = {"level_0": "1", "comment": "Baik.", "seen": str(newest(session, essay))}

    assert "Tuliskan alasannya dalam satu kalimat." in client.post(url, data=values).text
    response = client.post(url, data=values | {"reason": "Terlewat."})

    assert (response.status_code, response.location) == (303, url)
    text = page(client, url)
    assert "Terlewat." in text
    assert "Kuis ini sekarang lulus karenanya." in text
    result = page(sign_in(desk.enrolment.user_id), f"/percobaan/{essay.attempt_id}/hasil")
    assert "Baik." in result
    assert "Terlewat." not in result


def test_a_page_that_became_old_corrects_nothing(session: Session, sign_in: SignIn) -> None:
    desk, essay = marked_desk(session)
    client, url = sign_in(trainer_of(desk).id), f"/nilai/{essay.id}/ubah"

    client.post(url, data={"level_0": "1", "reason": "Terlewat.", "seen": "x"})

    assert "sudah berubah" in page(client, url)
    assert result_of(desk, essay.attempt) == (50, False)


def test_where_no_mark_stands_the_page_leads_to_marking(session: Session, sign_in: SignIn) -> None:
    desk = essay_desk(session)
    essay = essay_of(desk, hand_in(desk))

    text = page(sign_in(trainer_of(desk).id), f"/nilai/{essay.id}/ubah")

    assert f'href="/nilai/{essay.id}"' in text
