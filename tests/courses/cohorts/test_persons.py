"""Changes to people of a cohort: once, on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts import persons, queries
from courses.cohorts.roster import Person
from lms.core.accounts.models import UserSession
from lms.core.accounts.sessions import open_session
from lms.core.errors import Conflict, LmsError, NotFound
from tests import factories
from tests.courses.cohorts.acts import count, enrol, make
from tests.factories import NOW


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
