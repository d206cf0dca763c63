"""What a report says of papers: by another way, in words, and where there is little to say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Branch, Role
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import QuizVersion
from quizzes.grading.models import Mark
from quizzes.statistics.cells import Cell
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Found, Papers, Scope, read_papers
from quizzes.statistics.places import Asked, Place, draws_of, list_places
from quizzes.statistics.report_queries import analyse_version
from quizzes.statistics.reports import QuizReport, build_report
from quizzes.statistics.verdicts import judge_quiz
from tests.factories import make_branch, make_enrolment, make_question, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import hand_in
from tests.quizzes.grading.test_rulings import VOID, decide
from tests.quizzes.statistics import plain
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]
UNIT = 10_000_000
OPTIONS = {
    "options": [
        {"html": "Benar", "correct": True},
        {"html": "Salah satu", "correct": False},
        {"html": "Salah dua", "correct": False},
    ]
}


def place(number: int, *, content: dict[str, Any] | None = None) -> Place:
    asked = Asked(number, number, 1, "single_choice", f"Soal {number}", "", content or OPTIONS)
    return Place(number, number, Decimal(1), [asked], is_drawn=False)


def sit(desk: Desk, right: int) -> Attempt:
    """Let somebody else of the cohort hand in."""
    enrolment = make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    return hand_in(Desk(desk.session, enrolment, desk.step, desk.now), right)


def report_of(papers: Iterable[list[int]]) -> QuizReport:
    """Return the report of papers, each the options chosen; option 0 is right, 9 is no answer."""
    found = Papers()
    for chosen in papers:
        found.possible = len(chosen) * UNIT
        total = sum(one == 0 for one in chosen) * UNIT
        found.totals[total] += 1
        for number, one in enumerate(chosen, 1):
            answer = None if one == 9 else (one,)
            found.words[total][Cell(number, Decimal(one == 0), Decimal(1), answer).word()] += 1
    width = found.possible // UNIT
    return build_report([place(number) for number in range(1, width + 1)], Found(found, 0, 0))


def test_what_the_database_says_is_what_plain_python_says(session: Session) -> None:
    desk = make_desk(session, [make_question(session) for _ in range(4)])
    rights = [4, 3, 3, 1, 0, 2]
    for right in rights:
        hand_in(
            Desk(session, make_enrolment(session, cohort=desk.enrolment.cohort), desk.step, desk.now), right
        )
    quiz = session.scalars(select(QuizVersion).order_by(QuizVersion.id.desc())).first()
    assert quiz is not None

    found = analyse_version(session, quiz.quiz_id, Scope(desk.enrolment.cohort_id))

    assert found is not None
    # The other way: from the marks of every answer, which the report never reads.
    papers: dict[int, dict[int, int]] = {}
    marked = select(PaperItem.attempt_id, PaperItem.question_version_id, Mark.fraction)
    for attempt_id, version_id, fraction in session.execute(marked.join(Mark, Mark.item_id == PaperItem.id)):
        assert version_id not in papers.setdefault(attempt_id, {}), "marked once"
        papers[attempt_id][version_id] = int(fraction)
    versions = sorted({version_id for paper in papers.values() for version_id in paper})
    by_version = {one: [paper[one] for paper in papers.values()] for one in versions}
    totals = [sum(paper.values()) for paper in papers.values()]
    expected = plain.of_quiz(list(by_version.values()), totals)
    assert sorted(totals) == sorted(rights)
    assert {name: getattr(found.report.quiz, name) for name in expected} == pytest.approx(expected)
    for row in found.report.rows:
        column = by_version[row.place.versions[0].version_id]
        expected = plain.of_question(column, totals, 1)
        assert {name: getattr(row.statistics, name) for name in expected} == pytest.approx(expected)
        assert row.statistics.guess == pytest.approx(100 / 3)


shares = st.sampled_from([Decimal(0), Decimal("0.3333333"), Decimal("0.5"), Decimal(1)])
sheets = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(shares, min_size=width, max_size=width), min_size=1, max_size=15)
)


@given(sheets)
@settings(max_examples=100, deadline=None)
def test_partial_marks_come_to_what_plain_python_says(sheet: list[list[Decimal]]) -> None:
    found = Papers(possible=len(sheet[0]) * UNIT)
    for paper in sheet:
        total = int(sum(paper) * UNIT)
        found.totals[total] += 1
        cells = [Cell(number, share, Decimal(1)) for number, share in enumerate(paper, 1)]
        found.words[total].update(cell.word() for cell in cells)

    report = build_report([place(number) for number in range(1, len(sheet[0]) + 1)], Found(found, 0, 0))

    columns = [[Fraction(share) for share in column] for column in zip(*sheet, strict=True)]
    totals = [sum(map(Fraction, paper), Fraction(0)) for paper in sheet]
    expected = plain.of_quiz(columns, totals)
    assert {name: getattr(report.quiz, name) for name in expected} == pytest.approx(expected, abs=1e-6)
    for row, column in zip(report.rows, columns, strict=True):
        expected = plain.of_question(column, totals, 1)
        assert {name: getattr(row.statistics, name) for name in expected} == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("which", "totals"), [("pertama", [1]), ("terakhir", [2]), ("terbaik", [3]), ("semua", [1, 2, 3])]
)
def test_the_attempts_that_count_are_chosen(
    session: Session, desk: Desk, which: str, totals: list[int]
) -> None:
    for right in (1, 3, 2):
        hand_in(desk, right)
    (version_id,) = session.scalars(select(PaperTally.quiz_version_id).distinct())

    found = read_papers(session, Scope(desk.enrolment.cohort_id, which=which), {version_id: []})[version_id]

    assert sorted(found.papers.totals.elements()) == [total * UNIT for total in totals]


def test_a_scope_holds_others_out(session: Session, desk: Desk) -> None:
    hand_in(desk, 3)
    (version_id,) = session.scalars(select(PaperTally.quiz_version_id).distinct())
    branch_id = desk.enrolment.cohort.branch_id
    other = make_branch(session)

    def count(scope: Scope) -> int:
        return read_papers(session, scope, {version_id: []}).get(version_id, Found()).papers.count

    assert count(Scope(branch_ids=frozenset({branch_id}))) == count(Scope()) == 1
    assert count(Scope(branch_ids=frozenset({other.id}))) == count(Scope(branch_ids=frozenset())) == 0
    assert count(Scope(desk.enrolment.cohort_id + 1000)) == 0


def test_a_slot_that_draws_two_has_two_places_and_its_questions_stand_beside_the_whole_paper(
    session: Session,
) -> None:
    desk = make_desk(session, [make_question(session) for _ in range(3)], draw=2)
    for right in (2, 1, 0, 2, 1):
        hand_in(
            Desk(session, make_enrolment(session, cohort=desk.enrolment.cohort), desk.step, desk.now), right
        )
    (version_id,) = session.scalars(select(PaperTally.quiz_version_id).distinct())

    places = list_places(session, [version_id])[version_id]
    report = build_report(places, read_papers(session, Scope(), {version_id: draws_of(places)})[version_id])

    assert [(one.number, one.slot, one.is_drawn) for one in places] == [(1, 1, True), (2, 1, True)]
    assert [row.statistics.papers for row in report.rows] == [5, 5]
    assert report.quiz.maximum == 2
    # Its questions stand together at the first of its places.
    assert sum(part.statistics.papers for part in report.rows[0].parts) == 10
    assert (report.rows[0].last, report.rows[1].parts, report.rows[1].choices) == (2, [], {})
    # The first on the paper was right four times, the second twice.
    assert [row.statistics.facility for row in report.rows] == [80, 40]


def test_a_question_left_out_is_in_no_total_but_still_told(session: Session, desk: Desk) -> None:
    people = [3, 1, 2]
    for right in people:
        attempt = sit(desk, right)
    version_id = desk.items(attempt)[0].question_version_id
    decide(desk, desk.items(attempt)[0].question_version.question_id, VOID)

    (quiz_id,) = session.scalars(select(PaperTally.quiz_id).distinct())
    found = analyse_version(session, quiz_id, Scope(desk.enrolment.cohort_id))

    assert found is not None
    report = found.report
    assert (report.quiz.attempts, report.quiz.maximum) == (3, 4)
    (row,) = [row for row in report.rows if row.place.versions[0].version_id == version_id]
    assert (row.left_out, row.statistics.intended_weight) == (3, None)
    assert row.statistics.facility is not None


def test_the_best_who_choose_a_wrong_answer_are_told_first(app: Flask) -> None:
    # Question 1 has a wrong key: who knows the other four chooses the second answer.
    best, worst = [1, 0, 0, 0, 0], [0, 1, 1, 2, 1]
    report = report_of([best] * 12 + [worst] * 12 + [[0, 0, 1, 1, 0]] * 6)

    with app.test_request_context():
        verdicts = judge_quiz(report)

    assert report.rows[0].finding == "lure"
    assert verdicts[0].place == 1
    assert "B, “Salah satu”" in verdicts[0].text
    assert {"30", "100"} <= set(re.findall("[0-9]+", verdicts[-1].text))


def test_more_than_a_screenful_is_counted_and_a_pretest_is_told_as_one(app: Flask) -> None:
    # Of twelve questions eleven have a wrong key for those who know the twelfth.
    report = report_of([[1] * 11 + [0]] * 12 + [[2] * 11 + [1]] * 12 + [[0] * 11 + [1]] * 2)

    with app.test_request_context():
        verdicts = judge_quiz(report, is_pretest=True)

    assert len(report.to_check) == 11
    assert [verdict.place for verdict in verdicts[:8]] == list(range(1, 9))
    assert "9, 10, 11" in verdicts[8].text
    assert "menebak" in verdicts[9].text


def test_the_upper_and_lower_thirds_are_counted_beside_all() -> None:
    report = report_of([[0, 0, 0, 0]] * 5 + [[1, 0, 0, 1]] * 5 + [[2, 1, 1, 1]] * 4 + [[9, 1, 1, 1]])

    choices = report.rows[0].choices[1]
    told = [(one.letter, one.is_right, one.people, one.upper, one.lower) for one in choices.options]
    assert told == [("A", True, 5, 5, 0), ("B", False, 5, 0, 0), ("C", False, 4, 0, 4)]
    assert (choices.upper, choices.lower, choices.unanswered) == (5, 5, 1)


@pytest.mark.parametrize("papers", [[], [[0, 0]], [[0, 0]] * 40, [[1, 1]] * 40])
def test_nothing_one_paper_or_all_alike_is_no_crash(app: Flask, papers: list[list[int]]) -> None:
    report = report_of(papers)

    with app.test_request_context():
        assert judge_quiz(report)
    assert all(row.statistics.discrimination_index is None for row in report.rows)
    assert sum(report.histogram) == len(papers)


def test_so_few_papers_are_all_that_is_said(app: Flask) -> None:
    with app.test_request_context():
        verdicts = judge_quiz(report_of([[0, 1, 0]] * 9))

    assert len(verdicts) == 1
    assert "9" in verdicts[0].text


def test_papers_with_other_questions_are_left_aside(session: Session, desk: Desk) -> None:
    for right in (1, 2, 3):
        attempt = sit(desk, right)
    begin_write(session)
    fewer = update(PaperTally).where(PaperTally.attempt_id == attempt.id)
    session.execute(fewer.values(possible=4 * UNIT))
    session.commit()

    found = read_papers(session, Scope(), {attempt.quiz_version_id: []})[attempt.quiz_version_id]

    assert (found.papers.count, found.aside, found.waiting) == (2, 1, 0)


def test_pages_and_files_show_it_in_few_queries(session: Session, sign_in: SignIn, desk: Desk) -> None:
    for right in (5, 4, 3, 3, 2, 2, 1, 1, 0, 0, 5):
        hand_in(
            Desk(session, make_enrolment(session, cohort=desk.enrolment.cohort), desk.step, desk.now), right
        )
    cohort_id = desk.enrolment.cohort_id
    (quiz_id,) = session.scalars(select(PaperTally.quiz_id).distinct())
    branch = session.get_one(Branch, session.get_one(Cohort, cohort_id).branch_id)
    browser = sign_in(make_user(session, Role.ORGANISER, branch=branch).id)
    begin = f"/angkatan/{cohort_id}/analisis"

    assert f"{begin}/{quiz_id}" in browser.get(begin).get_data(as_text=True)
    for address in (begin, f"{begin}/{quiz_id}", f"/kuis/{quiz_id}/analisis"):
        with counted() as sent:
            page = browser.get(address).get_data(as_text=True)
        assert len(sent) <= PAGE_LIMIT, sent
        assert ("11 orang" if address == begin else "11 dari sekitar 100") in page
    table = browser.get(f"{begin}/{quiz_id}/tabel.csv").data.decode("utf-8-sig").splitlines()
    assert len(table) == 6
    assert table[1].startswith("1;")
    assert browser.get(f"{begin}/{quiz_id}/tabel.xlsx").data.startswith(b"PK")
    named = browser.get(f"{begin}/{quiz_id}/tabel.csv", query_string={"percobaan": 'x"\r\ny'}).headers
    assert named["Content-Disposition"].endswith('-pertama.csv"')
    assert browser.get(f"{begin}/{quiz_id + 1000}").status_code == 404


def test_variants_of_a_calculated_question_stand_apart() -> None:
    found = Papers(possible=2 * UNIT)
    for variant, earned, other in ((1, 1, 1), (1, 0, 0), (2, 1, 0), (2, 1, 1), (2, 0, 1)):
        total = (earned + other) * UNIT
        found.totals[total] += 1
        cells = (Cell(1, Decimal(earned), Decimal(1), (), variant), Cell(2, Decimal(other), Decimal(1), (0,)))
        found.words[total].update(cell.word() for cell in cells)

    row = build_report([place(1), place(2)], Found(found, 0, 0)).rows[0]

    parts = [(part.variant, part.statistics.papers, part.statistics.facility) for part in row.parts]
    assert parts == [(1, 2, 50), (2, 3, pytest.approx(200 / 3))]
    # The rest of a variant's papers is the other question: 1 and 0 beside 1 and 0.
    assert row.parts[0].statistics.discrimination_index == pytest.approx(100)


def test_counting_is_not_touched_by_the_order_of_papers() -> None:
    papers = [[0, 1, 2], [1, 1, 0], [0, 0, 0], [2, 0, 1]] * 5

    one, other = report_of(papers), report_of(papers[::-1])

    assert one == replace(other)
    assert Counter(row.finding for row in one.rows) == Counter(row.finding for row in other.rows)
