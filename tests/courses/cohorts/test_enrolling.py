"""People come into a cohort: whole or not at all, once, on record."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from courses.cohorts import persons, queries
from courses.cohorts.comparison import Undecided
from courses.cohorts.models import Card, Enrolment
from courses.cohorts.roster import Person
from lms.core.accounts.models import Role, User
from lms.core.errors import Conflict, Invalid, NotFound
from tests import factories
from tests.courses.cohorts.acts import actions, apply, count, enrol, make
from tests.courses.cohorts.counting import counted
from tests.courses.cohorts.files import BUDI, SITI
from tests.factories import NOW


def test_enrolling_makes_an_account_and_a_card(session: Session) -> None:
    enrolment = enrol(session, make(session))

    assert enrolment.card is not None
    assert len(enrolment.card.number) == 8
    assert (enrolment.user.role, enrolment.user.login, enrolment.user.phone) == (
        "trainee",
        None,
        "+6281234567890",
    )


def test_people_of_a_demo_cohort_are_demo_people(session: Session) -> None:
    assert enrol(session, make(session, is_demo=True)).user.is_demo


def test_a_known_person_keeps_the_account_over_cohorts(session: Session) -> None:
    first = make(session)
    second = make(session, branch_id=first.branch_id)
    before = enrol(session, first)

    after = enrol(session, second, user_id=before.user_id)

    assert after.user_id == before.user_id
    assert count(session, User) == 1


def test_nobody_is_in_a_cohort_twice(session: Session) -> None:
    cohort = make(session)
    enrolment = enrol(session, cohort)

    with pytest.raises(Conflict):
        enrol(session, cohort, user_id=enrolment.user_id)


def test_another_branchs_person_cannot_be_drawn_into_a_cohort(session: Session) -> None:
    stranger = enrol(session, make(session))

    with pytest.raises(NotFound):
        enrol(session, make(session), user_id=stranger.user_id)


def test_staff_cannot_be_drawn_into_a_cohort(session: Session) -> None:
    cohort = make(session)
    admin = factories.make_user(session, Role.ADMIN)

    with pytest.raises(NotFound):
        enrol(session, cohort, user_id=admin.id)


def test_a_roster_never_finds_staff_or_people_of_other_branches(session: Session) -> None:
    cohort = make(session)
    factories.make_user(session, Role.ADMIN, name="Siti Aminah", phone="+6281234567890")
    enrol(session, make(session))

    person = Person("Siti Aminah", "academic", "SMK Contoh", "35.77", "+6281234567890")

    assert queries.list_known_people(session, cohort, [person]) == []


def test_a_roster_is_applied_whole(session: Session) -> None:
    cohort = make(session)

    apply(session, cohort, SITI, BUDI)

    assert [enrolment.name for enrolment in queries.list_enrolments(session, cohort.id)] == [BUDI[0], SITI[0]]
    assert actions(session).count("enrolment.created") == 2
    assert actions(session)[-1] == "roster.applied"


@pytest.mark.parametrize(
    "row", [["", *BUDI[1:]], ["Siti Aminah", "PSM", "Lain", "Ngawi", ""]], ids=["faulty", "undecided"]
)
def test_a_roster_is_applied_whole_or_not_at_all(session: Session, row: list[str]) -> None:
    cohort = make(session)

    with pytest.raises(Invalid):
        apply(session, cohort, SITI, row)
    session.rollback()

    assert count(session, Enrolment) == count(session, User) == count(session, Card) == 0


def test_the_same_roster_twice_changes_nothing(session: Session) -> None:
    cohort = make(session)
    apply(session, cohort, SITI, BUDI)

    apply(session, cohort, SITI, BUDI)

    assert count(session, Enrolment) == count(session, User) == 2


def test_a_roster_brings_known_people_into_the_next_cohort_and_withdrawn_ones_back(session: Session) -> None:
    first = make(session)
    apply(session, first, SITI, BUDI)
    siti = queries.list_enrolments(session, first.id)[1]
    persons.withdraw(session, None, enrolment_id=siti.id, now=NOW)
    session.commit()
    second = make(session, branch_id=first.branch_id)

    apply(session, second, SITI, BUDI)
    apply(session, first, SITI)

    assert count(session, User) == 2
    assert count(session, Enrolment) == 4
    assert {e.status for e in queries.list_enrolments(session, first.id)} == {"active"}


def test_somebody_in_the_cohort_under_another_organisation_is_not_enrolled_again(
    session: Session,
) -> None:
    first = make(session)
    second = make(session, branch_id=first.branch_id)
    before = enrol(session, first)
    enrol(session, second, user_id=before.user_id, organisation="Pindah ke sini")

    apply(session, second, SITI)

    assert len(queries.list_enrolments(session, second.id)) == 1


def test_decisions_are_checked_against_what_is_known_when_they_are_applied(session: Session) -> None:
    cohort = make(session)

    with pytest.raises(Undecided):
        apply(session, cohort, SITI, row_2="user-1")


def test_many_people_take_as_many_reads_as_two(session: Session) -> None:
    numbers = []
    for size in (2, 300):
        cohort = make(session)
        rows = [[f"Orang {chr(65 + n // 26)}{chr(97 + n % 26)}", *BUDI[1:]] for n in range(size)]
        with counted(session) as statements:
            apply(session, cohort, *rows)
        numbers.append(sum(statement.startswith("SELECT") for statement in statements))

    assert numbers[0] == numbers[1]
