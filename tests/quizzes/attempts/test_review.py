"""What a result page may show, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.learning.models import Progress
from lms.core.clock import utc_now
from quizzes.attempts.deadline import closing_moment
from quizzes.attempts.review import Shown, shown
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.showing import KINDS, PRESETS, WHENS, showing_of
from quizzes.bank.rules import SHOW_RESULT
from tests.factories import make_cohort, make_question
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, marker
from tests.quizzes.grading.test_marking import mark
from tests.quizzes.grading.test_pages import page

SignIn = Callable[[int], FlaskClient]
ALL = Shown(marks=True, answers=True, feedback=True, citations=True)
ANSWERS_LATER = ("answers", "feedback", "citations")


def version(show_result: str = "after_submit", **exceptions: str) -> QuizVersion:
    return QuizVersion(show_result=show_result, **{f"show_{kind}": when for kind, when in exceptions.items()})


def test_every_preset_authors_choose_says_something_of_every_kind() -> None:
    assert set(PRESETS) == set(SHOW_RESULT)
    assert all(len(whens) == len(KINDS) and set(whens) <= set(WHENS) for whens in PRESETS.values())


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("after_submit", ALL),
        ("after_each", ALL),
        ("score_only", Shown(marks=True, answers=False, feedback=False, citations=False)),
        ("reasons_only", Shown(marks=True, answers=False, feedback=True, citations=True)),
        (
            "after_close",
            Shown(marks=True, answers=False, feedback=False, citations=False, later=ANSWERS_LATER),
        ),
    ],
)
def test_while_the_training_is_open(session: Session, preset: str, expected: Shown) -> None:
    assert shown(version(preset), make_cohort(session), now=utc_now() - timedelta(days=3000)) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("preset", PRESETS)
def test_each_kind_is_set_by_itself(session: Session, preset: str, kind: str) -> None:
    cohort = make_cohort(session)
    closes_at = closing_moment(cohort)
    before = closes_at - timedelta(seconds=1)

    never = version(preset, **{kind: "never"})
    later = version(preset, **{kind: "after_close"})
    at_once = version(preset, **{kind: "after_submit"})

    assert not getattr(shown(never, cohort, now=closes_at), kind)
    assert not getattr(shown(later, cohort, now=before), kind)
    assert kind in shown(later, cohort, now=before).later
    assert getattr(shown(later, cohort, now=closes_at), kind)
    assert getattr(shown(at_once, cohort, now=before), kind)
    others = {name: when for name, when in showing_of(version(preset)).items() if name != kind}
    assert others.items() <= showing_of(never).items()


def test_what_comes_later_comes_with_the_second_the_training_closes(session: Session) -> None:
    cohort = make_cohort(session)
    closes_at = closing_moment(cohort)

    assert not shown(version("after_close"), cohort, now=closes_at - timedelta(seconds=1)).questions
    assert shown(version("after_close"), cohort, now=closes_at) == ALL


def test_what_is_never_shown_is_not_shown_after_the_end(session: Session) -> None:
    cohort = make_cohort(session)

    assert not shown(version("score_only"), cohort, now=closing_moment(cohort)).questions
    assert not shown(version("reasons_only"), cohort, now=closing_moment(cohort)).answers


# --- the pages


def result_of(desk: Desk, sign_in: SignIn, right: int) -> str:
    attempt = hand_in(desk, right)
    return page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")


@pytest.mark.parametrize(("right", "says"), [(4, "Anda lulus"), (2, "Belum lulus")])
def test_without_marks_only_whether_it_is_passed(
    session: Session, sign_in: SignIn, right: int, says: str
) -> None:
    desk = make_desk(session, show_marks="never")

    text = result_of(desk, sign_in, right)

    assert f"<h1>{says}</h1>" in text
    assert f"{right * 20}%" not in text
    assert "dari 5 benar" not in text
    assert 'class="tag ok"' not in text
    assert 'id="q5"' in text


@pytest.mark.parametrize("shows", ["never", "after_close"])
def test_marks_that_are_hidden_are_hidden_everywhere(session: Session, sign_in: SignIn, shows: str) -> None:
    desk = make_desk(session, show_marks=shows)
    hand_in(desk, right=4)
    client, base = sign_in(desk.enrolment.user_id), f"/belajar/{desk.enrolment.id}"

    assert "80%" not in page(client, base)
    assert "80%" not in page(client, f"{base}/kuis/{desk.step.id}")
    assert session.get_one(Progress, (desk.enrolment.id, desk.step.id)).percent == 80


def test_marks_that_are_shown_stand_in_the_outline(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    hand_in(desk, right=4)

    assert "80%" in page(sign_in(desk.enrolment.user_id), f"/belajar/{desk.enrolment.id}")


def test_a_quiz_may_show_nothing_at_all(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, show_result="score_only", show_marks="never", pass_percent=None)

    text = result_of(desk, sign_in, right=3)

    assert "<h1>Diserahkan</h1>" in text
    assert "tidak menunjukkan nilai maupun jawaban" in text
    assert "60%" not in text


def test_articles_may_be_hidden_beside_answers(session: Session, sign_in: SignIn) -> None:
    cited = [make_question(session, citations=[{"ref": "x", "label": "Pasal 10 UU 24/2011", "url": ""}])]
    open_desk, closed_desk = make_desk(session, cited), make_desk(session, cited, show_citations="never")

    assert "Pasal 10 UU 24/2011" in result_of(open_desk, sign_in, right=1)
    text = result_of(closed_desk, sign_in, right=1)
    assert "Pasal 10 UU 24/2011" not in text
    assert 'class="answers"' in text


def test_comments_of_markers_are_reasons(session: Session, sign_in: SignIn) -> None:
    for feedback, is_there in (("after_submit", True), ("never", False)):
        desk = essay_desk(session, show_feedback=feedback)
        attempt = hand_in(desk)
        mark(desk, marker(desk), essay_of(desk, attempt), "0.5", comment="Sebut pasalnya.")

        text = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")

        assert ("Sebut pasalnya." in text) is is_there


def test_what_comes_later_is_named(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, show_answers="after_close")

    text = result_of(desk, sign_in, right=3)

    assert "setelah pelatihan ditutup" in text
    assert "Jawaban benar." in text
    assert 'class="answers"' not in text
