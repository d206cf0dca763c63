"""Changes to cohorts and their people: whole or not at all, once, on record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts import day_plan, persons, queries, services, timetable
from courses.cohorts.comparison import Undecided
from courses.cohorts.models import Card, Cohort, Enrolment, RosterDraft
from courses.cohorts.roster import Person, Roster, check_row, read_roster
from courses.cohorts.signals import cohort_created
from lms.core.accounts.models import Role, User, UserSession
from lms.core.accounts.services import open_session
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, Invalid, LmsError, NotFound
from tests import factories
from tests.courses.cohorts import files
from tests.courses.cohorts.counting import counted
from tests.courses.cohorts.files import BUDI, HEADER, SITI
from tests.factories import NOW


def count(session: Session, model: type) -> int:
    return session.scalars(select(func.count()).select_from(model)).one()


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def make(session: Session, **values: object) -> Cohort:
    defaults: dict[str, object] = {
        "branch_id": factories.make_branch(session).id,
        "edition_id": factories.make_edition(session).id,
        "name": "Madiun 3",
        "place": "Hotel Contoh",
        "time_zone": "Asia/Jakarta",
        "starts_on": date(2026, 11, 23),
        "ends_on": date(2026, 11, 24),
        "now": NOW,
    }
    cohort = services.create_cohort(session, None, **(defaults | values))  # type: ignore[arg-type]
    session.commit()
    return cohort


def enrol(session: Session, cohort: Cohort, **values: object) -> Enrolment:
    defaults: dict[str, object] = {
        "name": "Siti Aminah",
        "element": "academic",
        "organisation": "SMK Contoh",
        "region_code": "35.77",
        "phone": "+6281234567890",
        "now": NOW,
    }
    enrolment = services.enrol(session, None, cohort_id=cohort.id, **(defaults | values))  # type: ignore[arg-type]
    session.commit()
    return enrolment


def apply(session: Session, cohort: Cohort, *rows: list[str], **decisions: str) -> object:
    checked = [check_row(row) for row in read_roster(files.csv_bytes(HEADER, *rows), "a.csv").rows]
    chosen = {name.replace("_", "-"): value for name, value in decisions.items()}
    plan = services.apply_roster(session, None, cohort_id=cohort.id, rows=checked, decisions=chosen, now=NOW)
    session.commit()
    return plan


def test_setting_up_a_cohort_tells_the_floors_above_inside_the_transaction(session: Session) -> None:
    heard = []

    def listen(sender: Session, event: object) -> None:
        heard.append((event.cohort_id, sender.info.get("writing")))  # type: ignore[attr-defined]

    with cohort_created.connected_to(listen):
        cohort = make(session)

    assert heard == [(cohort.id, True)]
    assert actions(session) == ["cohort.created"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"branch_id": 999}, "branch_id"),
        ({"edition_id": 999}, "edition_id"),
        ({"ends_on": date(2026, 11, 22)}, "ends_on"),
    ],
)
def test_a_cohort_that_cannot_be_is_refused_at_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make(session, **values)

    assert refused.value.field == field


def test_a_draft_edition_has_no_cohorts(session: Session) -> None:
    edition = factories.make_edition(session, status="draft")

    with pytest.raises(Invalid):
        make(session, edition_id=edition.id)


def test_moving_a_cohort_moves_its_timetable_and_keeps_the_times_of_day(session: Session) -> None:
    cohort = make(session)
    timetable.draft_timetable(session, None, cohort_id=cohort.id, now=NOW)
    session.commit()

    services.change_cohort(
        session,
        None,
        cohort_id=cohort.id,
        name="Madiun 3",
        place="Makassar",
        time_zone="Asia/Makassar",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 2),
        now=NOW,
    )
    session.commit()

    (slot,) = queries.list_sessions(session, cohort.id)
    assert slot.starts_at == datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    assert slot.ends_at - slot.starts_at == timedelta(minutes=60)


def test_a_cohort_cannot_end_before_its_timetable(session: Session) -> None:
    cohort = make(session)
    slot = day_plan.Slot(
        "Penutup", datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 2, tzinfo=UTC)
    )
    timetable.add_session(session, None, cohort_id=cohort.id, slot=slot, now=NOW)
    session.commit()

    with pytest.raises(Invalid) as refused:
        services.change_cohort(
            session,
            None,
            cohort_id=cohort.id,
            name="x",
            place="x",
            time_zone="Asia/Jakarta",
            starts_on=date(2026, 11, 23),
            ends_on=date(2026, 11, 23),
            now=NOW,
        )
    assert refused.value.field == "ends_on"


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


def test_a_draft_is_its_senders_and_is_used_once(session: Session) -> None:
    cohort, sender = make(session), factories.make_user(session, Role.ORGANISER)
    roster = read_roster(files.csv_bytes(HEADER, SITI), "a.csv")
    draft = services.store_draft(
        session, sender.id, cohort_id=cohort.id, roster=roster, file_name="a.csv", now=NOW
    )
    draft_id = draft.id
    session.commit()
    rows = [check_row(row) for row in roster.rows]

    assert queries.find_draft(session, draft_id, cohort_id=cohort.id, user_id=sender.id + 1) is None
    assert queries.find_draft(session, draft_id, cohort_id=cohort.id + 1, user_id=sender.id) is None
    services.apply_roster(
        session, sender.id, cohort_id=cohort.id, rows=rows, decisions={}, draft_id=draft_id, now=NOW
    )
    session.commit()
    with pytest.raises(Conflict):
        services.apply_roster(
            session, sender.id, cohort_id=cohort.id, rows=rows, decisions={}, draft_id=draft_id, now=NOW
        )


def test_a_new_draft_throws_away_ones_own_and_what_lay_a_day(session: Session) -> None:
    cohort, one, two = make(session), *(factories.make_user(session, Role.ORGANISER) for _ in range(2))
    roster = Roster(())
    for sender, at in ((one, NOW - timedelta(days=2)), (two, NOW), (two, NOW)):
        services.store_draft(session, sender.id, cohort_id=cohort.id, roster=roster, file_name="a", now=at)
        session.commit()

    assert list(session.scalars(select(RosterDraft.user_id))) == [two.id]


def test_the_number_of_a_draft_is_never_used_again(session: Session) -> None:
    cohort, sender = make(session), factories.make_user(session, Role.ORGANISER)
    numbers = []
    for _ in range(2):
        draft = services.store_draft(
            session, sender.id, cohort_id=cohort.id, roster=Roster(()), file_name="a", now=NOW
        )
        numbers.append(draft.id)
        session.commit()

    assert numbers[0] < numbers[1]


def test_many_people_take_as_many_reads_as_two(session: Session) -> None:
    numbers = []
    for size in (2, 300):
        cohort = make(session)
        rows = [[f"Orang {chr(65 + n // 26)}{chr(97 + n % 26)}", *BUDI[1:]] for n in range(size)]
        with counted(session) as statements:
            apply(session, cohort, *rows)
        numbers.append(sum(statement.startswith("SELECT") for statement in statements))

    assert numbers[0] == numbers[1]


def test_replacing_a_card_ends_what_it_opened_and_a_second_click_does_nothing(session: Session) -> None:
    enrolment = enrol(session, make(session))
    assert enrolment.card is not None
    for card_id in (enrolment.card.id, None):
        open_session(
            session,
            enrolment.user_id,
            via="card" if card_id else "password",
            now=NOW,
            user_agent="",
            expires_at=NOW + timedelta(days=1),
            card_id=card_id,
        )
    session.commit()

    card = persons.replace_card(session, None, enrolment_id=enrolment.id, generation=1, now=NOW)
    session.commit()

    assert card.generation == 2
    assert list(session.scalars(select(UserSession.via))) == ["password"]
    with pytest.raises(Conflict):
        persons.replace_card(session, None, enrolment_id=enrolment.id, generation=1, now=NOW)


def test_withdrawing_stops_the_card_and_can_be_undone_once(session: Session) -> None:
    enrolment = enrol(session, make(session))
    assert enrolment.card is not None
    open_session(
        session,
        enrolment.user_id,
        via="card",
        now=NOW,
        user_agent="",
        expires_at=NOW + timedelta(days=1),
        card_id=enrolment.card.id,
    )
    session.commit()

    persons.withdraw(session, None, enrolment_id=enrolment.id, now=NOW)
    session.commit()

    assert count(session, UserSession) == 0
    with pytest.raises(NotFound):
        queries.get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id)
    with pytest.raises(Conflict):
        persons.withdraw(session, None, enrolment_id=enrolment.id, now=NOW)
    session.rollback()
    persons.reinstate(session, None, enrolment_id=enrolment.id, now=NOW)
    session.commit()
    assert queries.get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id).status == "active"


def test_a_corrected_name_reaches_the_account(
    session: Session,
) -> None:
    enrolment = enrol(session, make(session))
    right = Person("Siti Aminah, S.Pd.", "union", "SP Contoh", "35.19", None)

    changed = persons.change_person(session, None, enrolment_id=enrolment.id, person=right, now=NOW)
    session.commit()

    assert (changed.name, changed.user.name, changed.user.phone) == (right.name, right.name, None)
    assert changed.name_folded == "siti aminah, s.pd."


def test_a_name_confirmed_for_the_certificate_follows_only_the_roster(session: Session) -> None:
    for confirmed, after in (("Siti Aminah", "Siti A."), ("Dra. Siti", "Dra. Siti")):
        enrolment = factories.make_enrolment(session, name="Siti Aminah", certificate_name=confirmed)

        person = Person("Siti A.", "union", "SP Contoh", "35.19", None)
        changed = persons.change_person(session, None, enrolment_id=enrolment.id, person=person, now=NOW)
        session.commit()

        assert changed.certificate_name == after


def test_a_request_for_another_name_is_dealt_with_once(session: Session) -> None:
    enrolment = factories.make_enrolment(session, certificate_name="Siti", correction_request="Tambah gelar")
    values = {"enrolment_id": enrolment.id, "certificate_name": "Siti, S.Pd.", "now": NOW}

    persons.resolve_correction(session, None, **values)  # type: ignore[arg-type]
    session.commit()

    session.refresh(enrolment)
    assert (enrolment.certificate_name, enrolment.correction_request) == ("Siti, S.Pd.", None)
    with pytest.raises(Conflict):
        persons.resolve_correction(session, None, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [persons.withdraw, persons.reinstate])
def test_changes_to_nobody_are_not_found(session: Session, change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LmsError):
        change(session, None, enrolment_id=999, now=NOW)
