"""Which questions come onto a paper."""

from random import Random

import pytest
from sqlalchemy.orm import Session

from lms.core.errors import Conflict
from quizzes.attempts.paper import draw_paper
from quizzes.bank.models import QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from tests.factories import make_question
from tests.quizzes.attempts.conftest import make_desk


def slot(slot_id: int, versions: list[QuestionVersion], count: int = 1) -> QuizSlot:
    candidates = [SlotCandidate(question_version=version) for version in versions]
    return QuizSlot(id=slot_id, position=slot_id, draw_count=count, marks=1, candidates=candidates)


def quiz(*slots: QuizSlot, **settings: bool) -> QuizVersion:
    return QuizVersion(slots=list(slots), **({"shuffle_questions": True, "shuffle_options": True} | settings))


@pytest.fixture
def versions() -> list[QuestionVersion]:
    content = {"options": [{"html": str(i), "correct": i == 0, "fixed": False} for i in range(4)]}
    return [
        QuestionVersion(id=n, question_id=100 + n, type="single_choice", content=content)
        for n in range(1, 11)
    ]


def test_no_question_comes_twice_though_slots_share_candidates(versions: list[QuestionVersion]) -> None:
    for seed in range(50):
        paper = draw_paper(quiz(slot(1, versions[:1]), slot(2, versions, 9)), Random(seed))
        assert sorted(item.question_version_id for item in paper) == list(range(1, 11))


def test_two_versions_of_one_question_do_not_meet(versions: list[QuestionVersion]) -> None:
    versions[1].question_id = versions[0].question_id

    with pytest.raises(Conflict):
        draw_paper(quiz(slot(1, versions[:2], 2)), Random(1))


def test_questions_not_seen_yet_come_first(versions: list[QuestionVersion]) -> None:
    seen: dict[int, list[dict[str, object]]] = {version.question_id: [] for version in versions[:6]}

    for seed in range(20):
        paper = draw_paper(quiz(slot(1, versions, 5)), Random(seed), seen=seen)
        drawn = {item.question_version_id for item in paper}
        assert {7, 8, 9, 10} <= drawn
        assert len(drawn) == 5


def test_too_few_candidates_are_said_so(versions: list[QuestionVersion]) -> None:
    with pytest.raises(Conflict, match=r"too few|kurang"):
        draw_paper(quiz(slot(1, versions[:2], 3)), Random(1))


def test_without_shuffling_the_order_is_that_of_the_slots(versions: list[QuestionVersion]) -> None:
    fixed = quiz(
        slot(1, versions[4:5]), slot(2, versions[1:2]), shuffle_questions=False, shuffle_options=False
    )

    paper = draw_paper(fixed, Random(1))

    assert [item.question_version_id for item in paper] == [5, 2]
    assert paper[0].prepared == {"order": [0, 1, 2, 3]}


def test_papers_differ_by_chance_alone(versions: list[QuestionVersion]) -> None:
    papers = {
        tuple(item.question_version_id for item in draw_paper(quiz(slot(1, versions, 5)), Random(seed)))
        for seed in range(20)
    }

    assert len(papers) > 10


def test_the_second_paper_has_other_questions(session: Session) -> None:
    desk = make_desk(session, [make_question(session) for _ in range(10)], draw=5)
    first = desk.start()
    desk.submit(first)

    second = desk.start()

    assert not {i.question_version_id for i in desk.items(first)} & {
        i.question_version_id for i in desk.items(second)
    }
