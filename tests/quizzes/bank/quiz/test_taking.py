"""How a quiz is taken: in files, in drafts, in what tells versions apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from courses.cohorts.models import Cohort
from lms.core.errors import Invalid
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.fingerprints import quiz_fingerprint
from quizzes.bank.quiz.moments import moment_for, read_moment
from quizzes.bank.quiz.taking import USUAL, faults_of, from_file, list_faults, unusual


def version(**values: Any) -> QuizVersion:
    told = {"title": "Kuis", "purpose": "module", "show_result": "after_submit", "as_of": date(2026, 11, 22)}
    return QuizVersion(**(told | values))


@pytest.mark.parametrize(
    ("text", "stored"),
    [("2 13:00", "2 13:00"), (" 2 13.00 ", "2 13:00"), ("1  9:05", "1 09:05"), ("60 23:59", "60 23:59")],
)
def test_a_moment_is_read_in_both_spellings_and_kept_in_one(text: str, stored: str) -> None:
    assert str(read_moment(text)) == stored


@pytest.mark.parametrize(
    "text", ["", "13:00", "0 13:00", "61 13:00", "2 24:00", "2 13:60", "2 13", "dua 13:00", "2 13:00 WIB"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_moment(text)


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", 6), ("Asia/Makassar", 5), ("Asia/Jayapura", 4)])
def test_a_moment_is_that_of_the_cohorts_zone(zone: str, hour: int) -> None:
    cohort = Cohort(starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24), time_zone=zone)

    assert moment_for("2 13:00", cohort) == datetime(2026, 11, 24, hour, tzinfo=UTC)
    assert moment_for(None, cohort) is None


def test_a_file_that_says_nothing_is_as_usual() -> None:
    assert from_file({"title": "Kuis"}) == dict(USUAL)


def test_a_file_says_it_by_its_own_names() -> None:
    said = from_file({"sequential": True, "opens": "2 9.30", "grace_seconds": 30})

    assert (said["is_sequential"], said["opens"], said["grace_seconds"]) == (True, "2 09:30", 30)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"opens": "besok"}, "opens"),
        ({"opens": "2 13:00", "closes": "2 13:00"}, "closes"),
        ({"opens": "10 08:00", "closes": "9 20:00"}, "closes"),
        ({"grace_seconds": 301}, "grace_seconds"),
        ({"cooldown_minutes": -1}, "cooldown_minutes"),
        ({"retry_cost_percent": 101}, "retry_cost_percent"),
        ({"retries": 1}, "retries"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(data: dict[str, Any], field: str) -> None:
    found = list_faults(data, purpose="practice", show_result="after_submit")

    assert [name for name, _message in found] == [field]


@pytest.mark.parametrize(
    "data", [{}, {"opens": "2 13:00"}, {"opens": "9 20:00", "closes": "10 08:00"}, {"grace_seconds": 300}]
)
def test_what_can_be_has_no_fault(data: dict[str, Any]) -> None:
    assert list(list_faults(data, purpose="module", show_result="after_submit")) == []


def test_answers_are_shown_at_once_in_practice_only() -> None:
    assert faults_of(version(purpose="practice", show_result="after_each", retries=2)) == []
    assert [name for name, _ in faults_of(version(show_result="after_each"))] == ["show_result"]


def test_a_setting_that_is_not_usual_makes_another_version() -> None:
    plain = quiz_fingerprint(version())

    assert quiz_fingerprint(version(**USUAL)) == plain
    for name, value in {"opens": "2 13:00", "needs_code": True, "retries": 1, "grace_seconds": 5}.items():
        assert quiz_fingerprint(version(**{name: value})) != plain
    assert unusual(version(needs_code=True)) == {"needs_code": True}
