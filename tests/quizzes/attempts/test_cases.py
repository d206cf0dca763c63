"""A case in a quiz: its questions stay together under their story, and are questions like all others."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.attempts import queries
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.stories import list_stories
from quizzes.bank.models import CohortQuiz, QuestionVersion, QuizSlot, StaleVersion
from tests.factories import make_question, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.security.test_query_counts import counted

SignIn = Callable[[int], FlaskClient]
STORY = {"text_html": "<p>Truk pasir di jalan Caruban.</p>", "mode": "told", "parts": []}


def make_case(session: Session, *, alone: int = 4, parts: int = 3, **settings: object) -> tuple[Desk, int]:
    """Make a desk whose quiz has a case of ``parts`` questions behind ``alone`` others."""
    case = make_question(session, "case_set", content=STORY, stem_html="Truk pasir", summary="Truk pasir")
    questions = [make_question(session) for _ in range(alone + parts)]
    desk = make_desk(session, questions, **settings)
    begin_write(session)
    wanted = {question.id for question in questions[alone:]}
    for slot in session.scalars(select(QuizSlot)):
        if {one.question_version_id for one in slot.candidates} <= wanted:
            slot.case_version_id = case.id
    session.commit()
    return desk, case.id


def places(desk: Desk, attempt: Attempt, case_id: int) -> list[PaperItem]:
    return [item for item in desk.items(attempt) if item.case_version_id == case_id]


def test_questions_of_a_case_stay_together_in_their_order_wherever_it_is_shuffled(session: Session) -> None:
    desk, case_id = make_case(session, attempts_allowed=0)
    seen = set()
    for seed in range(6):
        desk.rng = Random(seed)
        attempt = desk.start()
        found = places(desk, attempt, case_id)
        versions = [item.question_version_id for item in found]
        first = found[0].position

        assert [item.position for item in found] == list(range(first, first + 3))
        assert versions == sorted(versions)
        seen.add(first)
        desk.submit(attempt)

    assert len(seen) > 1


def test_each_question_of_a_case_is_saved_and_marked_by_itself(session: Session) -> None:
    desk, _case_id = make_case(session, alone=0, shuffle_questions=False)
    attempt = desk.start()
    desk.answer(attempt, right=2)

    desk.submit(attempt)

    session.expire_all()
    assert attempt.marks_earned == 2
    assert attempt.marks_possible == 3


def test_the_story_stands_once_above_its_questions_and_each_says_which_it_is(
    session: Session, sign_in: SignIn
) -> None:
    desk, case_id = make_case(session, shuffle_questions=False)
    attempt = desk.start()
    client = sign_in(desk.enrolment.user_id)

    page = client.get(f"/percobaan/{attempt.id}").get_data(as_text=True)

    assert page.count("Truk pasir di jalan Caruban") == 1
    assert page.index(f'id="kasus-{case_id}" open') < page.index('id="q5"')
    assert page.index('id="q4"') < page.index(f'id="kasus-{case_id}"')
    assert page.count(f'data-case="kasus-{case_id}"') == 3
    assert "soal 2 dari 3" in page


def test_the_result_shows_the_story_with_its_questions(session: Session, sign_in: SignIn) -> None:
    desk, case_id = make_case(session, shuffle_questions=False)
    attempt = desk.start()
    desk.answer(attempt, right=7)
    desk.submit(attempt)

    page = sign_in(desk.enrolment.user_id).get(f"/percobaan/{attempt.id}/hasil").get_data(as_text=True)

    assert page.count(f'id="kasus-{case_id}"') == 1
    assert "Truk pasir di jalan Caruban" in page


def test_stories_cost_one_query_and_papers_without_none(session: Session) -> None:
    desk, case_id = make_case(session)
    attempt = desk.start()
    items = queries.list_items(session, attempt.id)

    with counted() as statements:
        stories = list_stories(session, items)
        nothing = list_stories(session, [item for item in items if item.case_version_id is None])

    assert len(statements) == 1
    assert not nothing
    assert stories[case_id].positions == tuple(sorted(stories[case_id].positions))


def test_a_story_whose_fact_has_changed_takes_all_of_its_questions_off_new_papers(session: Session) -> None:
    desk, case_id = make_case(session)
    begin_write(session)
    session.add(StaleVersion(question_version_id=case_id, is_paused=True, found_at=desk.now, state="open"))
    session.commit()

    attempt = desk.start()
    facts = queries.get_quiz_facts(session, desk.enrolment, desk.step.id)

    assert not places(desk, attempt, case_id)
    assert (attempt.left_out, attempt.paused_count) == (3, 3)
    assert (facts.question_count, facts.left_out) == (4, 3)


def test_a_paper_drawn_ahead_is_drawn_anew_when_its_story_is_paused(session: Session) -> None:
    from quizzes.attempts import drawing

    desk, case_id = make_case(session)
    cohort_id = desk.enrolment.cohort_id
    drawing.draw_ahead(session, cohort_id=cohort_id, step_id=desk.step.id, rng=Random(1), now=desk.now)
    begin_write(session)
    session.add(StaleVersion(question_version_id=case_id, is_paused=True, found_at=desk.now, state="open"))
    session.commit()

    attempt = desk.start()

    assert not places(desk, attempt, case_id)


def test_the_version_of_a_case_in_a_published_quiz_never_changes(session: Session) -> None:
    from quizzes.bank.queries import is_used

    _desk, case_id = make_case(session)

    assert is_used(session, case_id)
    assert session.get_one(QuestionVersion, case_id).type == "case_set"
    assert session.scalars(select(CohortQuiz)).first()


def test_who_marks_an_essay_of_a_case_reads_its_story(session: Session, sign_in: SignIn) -> None:
    case = make_question(session, "case_set", content=STORY, stem_html="Truk pasir", summary="Truk pasir")
    desk = make_desk(session, [make_question(session, "essay")])
    begin_write(session)
    session.scalars(select(QuizSlot)).one().case_version_id = case.id
    session.commit()
    attempt = desk.start()
    desk.answer(attempt, right=1)
    desk.submit(attempt)
    trainer = make_user(session, Role.TRAINER, branch=desk.enrolment.cohort.branch)
    (item,) = desk.items(attempt)

    page = sign_in(trainer.id).get(f"/nilai/{item.id}").get_data(as_text=True)

    assert "Truk pasir di jalan Caruban" in page
