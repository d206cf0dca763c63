"""What was answered most where nothing is chosen: of each type, by thirds, and nobody's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from quizzes.statistics.given_answers import LEAST_ALIKE, MOST_SHOWN, TYPES, Answers, Paper, count_answers
from quizzes.statistics.given_queries import Content, of_version, read_answers
from quizzes.statistics.papers import Scope
from quizzes.types import TYPES as ALL_TYPES
from quizzes.types import get_type
from tests.factories import make_enrolment, make_question, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import hand_in
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


class Bare:
    """Resolves what has no marks."""

    def html(self, text: str) -> str:
        return text

    plain = html

    def number(self, expression: Any) -> Any:
        from decimal import Decimal

        return Decimal(str(expression))


def content(type_key: str, **source: Any) -> Any:
    return get_type(type_key).resolve(source, Bare())


def count(type_key: str, of: Any, answers: list[Any], rests: list[int] | None = None) -> Answers:
    papers = [Paper(answer, rest) for answer, rest in zip(answers, rests or [0] * len(answers), strict=True)]
    found = count_answers(type_key, of, papers)
    assert found is not None
    return found


def told(answers: Answers) -> list[tuple[str, list[tuple[str, bool, int]], int, int]]:
    return [
        (
            part.label,
            [(one.text, one.is_right, one.people) for one in part.given],
            part.others,
            part.unanswered,
        )
        for part in answers.parts
    ]


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Any:
    with app.test_request_context():
        yield


def test_numbers_are_counted_as_people_write_them_with_the_groups_that_know_most_and_least() -> None:
    of = content("number", answer=200000, tolerance=10, unit="rupiah")
    answers = [{"value": "200000"}] * 4 + [{"value": "20000"}] * 4 + [None] * 4
    rests = [900] * 4 + [100, 100, 500, 100] + [100, 500, 500, 500]
    found = count("number", of, answers, rests)

    assert told(found) == [("", [("20.000 rupiah", False, 4), ("200.000 rupiah", True, 4)], 0, 4)]
    assert (found.upper, found.lower) == (4, 4)
    assert [(one.upper, one.lower) for one in found.parts[0].given] == [(0, 3), (4, 0)]


def test_a_third_of_so_few_people_would_name_them() -> None:
    of = content("number", answer=1)
    few, enough = ([{"value": str(one % 2)} for one in range(people)] for people in (9, 10))

    assert count("number", of, few, list(range(9))).upper == 0
    assert count("number", of, enough, list(range(10))).upper == 4


def test_what_lies_within_the_tolerance_is_right_though_it_is_another_number() -> None:
    of = content("number", answer=200, tolerance=10)
    assert told(count("number", of, [{"value": "205"}, {"value": "211"}])) == [
        ("", [("205", True, 1), ("211", False, 1)], 0, 0)
    ]


def test_of_many_numbers_the_most_frequent_are_listed_and_the_others_counted() -> None:
    of = content("number", answer=1)
    answers = [{"value": str(number)} for number in range(1, MOST_SHOWN + 4)] + [{"value": "9"}]
    ((_label, given, others, _none),) = told(count("number", of, answers))

    assert (given[0], len(given), others) == (("9", False, 2), MOST_SHOWN, 3)


def test_typed_words_of_few_people_stay_with_them() -> None:
    of = content("short_answer", answers=[{"accept": "Perisai"}])
    answers = (
        [{"text": "Perisai"}] * 2 + [{"text": "PERISAI"}] + [{"text": "saya Budi, 0812"}] * (LEAST_ALIKE - 1)
    )

    assert told(count("short_answer", of, answers)) == [("", [("Perisai", True, 3)], LEAST_ALIKE - 1, 0)]


def test_lines_are_told_with_what_was_put_beside_them() -> None:
    pairs = [{"text": "JHT", "match": "hari tua"}, {"text": "JKK", "match": "kecelakaan"}]
    of = content("matching", pairs=pairs)
    found = count("matching", of, [{"pairs": [0, 1]}, {"pairs": [1, None]}, {"pairs": [1, 1]}, None])

    assert told(found) == [
        ("JHT", [("kecelakaan", False, 2), ("hari tua", True, 1)], 0, 1),
        ("JKK", [("kecelakaan", True, 2)], 0, 2),
    ]


def test_steps_are_told_with_the_places_they_were_given() -> None:
    of = content("ordering", items=[{"text": "lapor"}, {"text": "klaim"}], scoring="absolute_position")
    found = count("ordering", of, [{"places": [1, 2]}, {"places": [2, 1]}, {"places": [2, None]}])

    assert told(found) == [
        ("lapor", [("Urutan ke-2", False, 2), ("Urutan ke-1", True, 1)], 0, 0),
        ("klaim", [("Urutan ke-1", False, 1), ("Urutan ke-2", True, 1)], 0, 1),
    ]


def test_gaps_are_told_one_by_one() -> None:
    options = [{"text": "dua", "correct": True}, {"text": "tiga"}]
    gaps = [
        {"kind": "choice", "options": options},
        {"kind": "number", "answer": 5, "unit": "hari"},
        {"kind": "text", "answers": [{"accept": "BPJS*"}]},
    ]
    of = content("cloze", text="a [[1]] b [[2]] c [[3]]", gaps=gaps)
    answers = [{"gaps": [{"choice": 1}, {"value": "5"}, {"text": "BPJS TK"}]}] * 3 + [
        {"gaps": [{"choice": 0}, None, {"text": "nama saya"}]}
    ]

    assert told(count("cloze", of, answers)) == [
        ("Isian 1", [("tiga", False, 3), ("dua", True, 1)], 0, 0),
        ("Isian 2", [("5 hari", True, 3)], 0, 1),
        ("Isian 3", [("BPJS TK", True, 3)], 1, 0),
    ]


def test_variants_are_told_apart_and_those_nobody_met_are_left_out() -> None:
    kind = get_type("calculated")
    example = kind.examples()[0]
    of = kind.resolve(example.source, Bare())
    right = of["variants"][0]["answer"]
    found = count("calculated", of, [{"value": right, "variant": 1}, {"value": "1", "variant": 2}, None])

    assert [part.label for part in found.parts] == ["varian 1", "varian 2"]
    assert [part.given[0].is_right for part in found.parts] == [True, False]
    assert [part.unanswered for part in found.parts] == [0, 0]


def test_places_and_points_on_a_picture_are_told_as_places() -> None:
    picture = {"sha256": "0" * 64, "width": 600, "height": 400}
    places = [
        {"text": "Potongan", "area": "40 40 200 60", "correct": True},
        {"text": "Upah", "area": "400 100 60"},
    ]
    of = content("hotspot", picture=picture, alt="Slip", options=places)
    answers = [{"choice": 1}, {"at": "100 60"}, {"at": "590 390"}]

    assert told(count("hotspot", of, answers)) == [
        (
            "",
            [("Upah", False, 1), ("di tempat lain", False, 1), ("titik di tempat yang benar", True, 1)],
            0,
            0,
        )
    ]


def test_essays_are_never_counted_and_whatever_is_chosen_is_told_elsewhere() -> None:
    assert {kind.key for kind in ALL_TYPES} - TYPES == {
        "essay",
        "case_set",
        "single_choice",
        "multiple_response",
        "true_false",
    }
    assert count_answers("essay", {}, [Paper({"text": "rahasia"}, 0)]) is None


def test_the_order_of_papers_changes_nothing() -> None:
    of = content("number", answer=1)
    papers = [Paper({"value": str(number % 4)}, number * 7 % 5) for number in range(30)]

    assert count_answers("number", of, papers) == count_answers("number", of, papers[::-1])


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_is_read_as_it_is_kept(session: Session, sign_in: SignIn, kind: str) -> None:
    version = make_question(session, kind)
    desk = make_desk(session, [version, make_question(session)], shuffle_questions=False)
    for right in (2, 1, 0):
        other = make_enrolment(session, cohort=desk.enrolment.cohort)
        attempt = hand_in(Desk(session, other, desk.step, desk.now), right)

    contents = {version.id: Content(kind, version.content)}
    found = read_answers(session, of_version(Scope(), attempt.quiz_version_id), contents)[version.id]

    if kind not in {"short_answer", "cloze"}:
        assert any(one.is_right for part in found.parts for one in part.given)
    assert read_answers(session, of_version(Scope(), attempt.quiz_version_id + 99), contents) == {}
    browser = sign_in(make_user(session, Role.ADMIN).id)
    shown = [one.text for part in found.parts for one in part.given] or ["Jawaban lain"]
    cohort = f"/angkatan/{desk.enrolment.cohort_id}/analisis/{attempt.quiz_id}"
    for address in (f"/kuis/{attempt.quiz_id}/analisis", cohort, f"/soal/{version.question_id}/capaian"):
        with counted() as sent:
            page = browser.get(address).text
        assert any(text in page for text in shown)
        assert len(sent) <= PAGE_LIMIT, sent
