"""The outline is pure: edition, cohort, progress and clock in; what is open and why out."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from courses.catalogue.models import Day, Edition, Module, Step
from courses.catalogue.tree import Tree, grow
from courses.cohorts.models import Cohort
from courses.learning.models import Progress
from courses.learning.outline import LockKind, Outline, build_outline

FIRST_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECOND_MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def step(number: int, kind: str = "lesson", release: list[object] | None = None) -> Step:
    return Step(
        id=number,
        position=number,
        path=f"m/{number}",
        kind=kind,
        title=f"Langkah {number}",
        minutes=5,
        release=release or [],
        is_required=True,
    )


def edition(*days: list[Step]) -> Tree:
    of = Edition(
        days=[
            Day(
                position=i,
                title=f"Hari {i}",
                modules=[
                    Module(position=1, folder=f"m{i}", kind="internal", title="M", minutes=30, steps=steps)
                ],
            )
            for i, steps in enumerate(days, 1)
        ]
    )
    return grow(of)


def cohort(zone: str = "Asia/Jakarta") -> Cohort:
    return Cohort(starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24), time_zone=zone)


def progress(*done: int, **percents: int) -> dict[int, Progress]:
    rows = {n: Progress(step_id=n, completed_at=FIRST_MORNING, attempts_used=0) for n in done}
    for name, percent in percents.items():
        number = int(name.removeprefix("q"))
        rows.setdefault(number, Progress(step_id=number, attempts_used=1)).percent = Decimal(percent)
    return rows


def outline(
    of: Tree,
    *,
    now: datetime = FIRST_MORNING,
    rows: dict[int, Progress] | None = None,
    zone: str = "Asia/Jakarta",
) -> Outline:
    return build_outline(of, cohort(zone), rows or {}, now=now)


def test_everything_is_locked_before_the_first_day() -> None:
    found = outline(edition([step(1)]), now=datetime(2026, 11, 22, 16, 59, tzinfo=UTC))

    assert found.next_step is None
    assert found.find(1).lock.kind is LockKind.DAY
    assert found.find(1).lock.day == date(2026, 11, 23)


@pytest.mark.parametrize(("zone", "is_open"), [("Asia/Jakarta", False), ("Asia/Makassar", True)])
def test_the_first_day_begins_at_midnight_of_the_cohorts_zone(zone: str, is_open: bool) -> None:
    found = outline(edition([step(1)]), now=datetime(2026, 11, 22, 16, 30, tzinfo=UTC), zone=zone)

    assert found.find(1).is_open is is_open


def test_a_step_after_the_previous_opens_when_that_is_done() -> None:
    tree = edition([step(1), step(2, release=[{"after": "previous"}])])

    assert outline(tree).find(2).lock.step_title == "Langkah 1"
    assert outline(tree, rows=progress(1)).find(2).is_open


def test_previous_looks_over_the_edge_of_a_module() -> None:
    tree = edition([step(1)], [step(2, release=[{"after": "previous"}])])

    assert not outline(tree).find(2).is_open
    assert outline(tree, rows=progress(1)).find(2).is_open


def test_a_step_of_the_second_day_waits_for_that_day() -> None:
    tree = edition([step(1)], [step(2, release=[{"day_begun": 2}])])

    assert outline(tree).find(2).lock.day == date(2026, 11, 24)
    assert outline(tree, now=SECOND_MORNING).find(2).is_open


@pytest.mark.parametrize(("percent", "is_open"), [(59, False), (60, True)])
def test_a_minimum_percent_opens_at_exactly_that_percent(percent: int, is_open: bool) -> None:
    tree = edition([step(1, "quiz"), step(2, release=[{"minimum_percent": 60, "quiz": "m/1"}])])

    assert outline(tree, rows=progress(q1=percent)).find(2).is_open is is_open


def test_all_release_rules_must_hold() -> None:
    tree = edition([step(1), step(2, release=[{"day_begun": 2}, {"after": "previous"}])])

    assert not outline(tree, rows=progress(1)).find(2).is_open
    assert not outline(tree, now=SECOND_MORNING).find(2).is_open
    assert outline(tree, now=SECOND_MORNING, rows=progress(1)).find(2).is_open


def test_thirty_days_after_the_end_what_is_not_done_closes_and_what_is_done_stays_readable() -> None:
    found = outline(
        edition([step(1), step(2)]), now=datetime(2026, 12, 25, 2, 0, tzinfo=UTC), rows=progress(1)
    )

    assert found.find(1).is_open
    assert found.find(2).lock.kind is LockKind.CLOSED


def test_the_one_thing_to_do_now_is_the_first_open_step_that_is_not_done() -> None:
    tree = edition([step(1), step(2), step(3)])

    assert outline(tree, rows=progress(1)).next_step.step_id == 2
    assert outline(tree, rows=progress(1, 2, 3)).next_step is None


def test_missing_names_required_steps_and_the_quiz_to_pass() -> None:
    optional = step(3)
    optional.is_required = False
    tree = edition([step(1), step(2, "quiz"), optional])

    found = outline(tree, rows=progress(1)).missing(
        [{"kind": "all_steps"}, {"kind": "quiz_passed", "quiz": "m/2"}]
    )

    assert [s.step_id for s in found] == [2]


def test_nothing_is_missing_when_all_is_done() -> None:
    assert outline(edition([step(1)]), rows=progress(1)).missing([{"kind": "all_steps"}]) == []
