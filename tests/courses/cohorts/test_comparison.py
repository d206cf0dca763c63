"""The dry run: who a row may be, and what applying will do."""

from __future__ import annotations

import pytest

from courses.cohorts.comparison import KnownPerson, State, Undecided, compare, compare_person, plan
from courses.cohorts.roster import CheckedRow, Person, RosterRow
from lms.core.errors import Invalid

SITI = Person("Siti Aminah", "academic", "SMK Contoh", "35.77", "+6281234567890")


def checked(person: Person | None, line: int = 2) -> CheckedRow:
    return CheckedRow(RosterRow(line, "", "", "", "", ""), person, {} if person else {"name": "x"})


def known(
    person: Person, user_id: int = 7, *, here: int | None = None, withdrawn: bool = False
) -> KnownPerson:
    return KnownPerson(user_id, person, "Angkatan lama", here, withdrawn)


def changed(**values: object) -> Person:
    return Person(**(vars(SITI) | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "state", "suggestion"),
    [
        (None, State.NEW, "new"),
        (SITI, State.KNOWN, "user-7"),
        # The same name, organisation and region, but no number: the same person.
        (changed(phone=None, name="SITI  aminah"), State.KNOWN, "user-7"),
        # The same name and number elsewhere: the same person, moved.
        (changed(organisation="Lain", region_code="35.19"), State.KNOWN, "user-7"),
        # The same number, another name: a family shares a phone; somebody has to say.
        (changed(name="Budi Santoso", organisation="Lain"), State.KNOWN, ""),
        # The same name alone: a twin.
        (changed(organisation="Lain", phone=None), State.TWIN, ""),
        (changed(region_code="35.19", phone="+62811111111"), State.TWIN, ""),
        # Nothing in common.
        (changed(name="Budi Santoso", phone=None), State.NEW, "new"),
    ],
)
def test_a_row_is_new_known_or_a_twin(other: Person | None, state: State, suggestion: str) -> None:
    run = compare([checked(SITI)], [known(other)] if other else [])

    assert (run.rows[0].state, run.rows[0].suggestion) == (state, suggestion)


def test_a_faulty_row_is_faulty_and_keeps_the_rest_from_being_applied() -> None:
    run = compare([checked(SITI), checked(None, 3)], [])

    assert run.rows[1].state is State.FAULTY
    with pytest.raises(Invalid):
        plan(run, {})


def test_somebody_in_the_cohort_already_is_left_as_is() -> None:
    run = compare([checked(SITI)], [known(SITI, here=5)])

    assert run.rows[0].state is State.PRESENT
    assert plan(run, {}).unchanged_count == 1


def test_somebody_withdrawn_comes_back() -> None:
    run = compare([checked(SITI)], [known(SITI, here=5, withdrawn=True)])

    assert plan(run, {}).reinstate == (5,)


def test_doubles_inside_the_file_are_offered_for_a_decision() -> None:
    run = compare([checked(SITI, 2), checked(changed(organisation="Lain", phone=None), 3)], [])

    assert run.rows[1].state is State.TWIN
    with pytest.raises(Undecided) as undecided:
        plan(run, {})
    assert undecided.value.lines == (3,)
    assert len(plan(run, {"row-3": "row-2"}).enrol) == 1
    assert len(plan(run, {"row-3": "new"}).enrol) == 2


def test_the_same_row_twice_is_left_out_unless_somebody_says_otherwise() -> None:
    run = compare([checked(SITI, 2), checked(SITI, 3)], [])

    assert len(plan(run, {}).enrol) == 1
    assert len(plan(run, {"row-3": "new"}).enrol) == 2


@pytest.mark.parametrize("choice", ["user-8", "row-9", "user-", "x", "NEW"])
def test_a_decision_that_was_not_offered_is_refused(choice: str) -> None:
    run = compare([checked(SITI)], [known(SITI)])

    with pytest.raises(Undecided):
        plan(run, {"row-2": choice})


def test_two_rows_cannot_be_the_same_known_person() -> None:
    namesake = changed(organisation="Lain", phone=None)
    run = compare([checked(SITI, 2), checked(namesake, 3)], [known(SITI)])

    with pytest.raises(Undecided) as undecided:
        plan(run, {"row-3": "user-7"})
    assert undecided.value.lines == (2, 3)


def test_a_known_person_is_enrolled_with_the_account() -> None:
    run = compare([checked(SITI)], [known(SITI)])

    assert plan(run, {}).enrol == ((SITI, 7),)
    assert plan(run, {"row-2": "new"}).enrol == ((SITI, None),)


def test_one_account_of_many_rosters_is_one_option_the_surest() -> None:
    options = compare_person(
        SITI, [known(changed(organisation="Lain")), known(SITI), known(changed(phone=None))]
    )

    assert [option.person.organisation for option in options] == ["SMK Contoh"]


def test_two_thousand_namesakes_stay_a_page() -> None:
    rows = [checked(changed(organisation=f"Desa {n}", phone=None), n) for n in range(2, 2002)]

    run = compare(rows, [known(changed(organisation=f"Kampung {n}", phone=None), n) for n in range(50)])

    assert max(len(row.options) for row in run.rows) <= 10
