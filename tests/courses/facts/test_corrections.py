"""What one admin reads and another confirms is part of the book; what was published knows nothing of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.facts import corrections
from courses.facts.book import load_book, shipped_book
from courses.facts.formatting import show
from courses.facts.models import CorrectionKind, CorrectionState, FactCorrection
from courses.facts.readings import Reading, find_faults
from courses.facts.signals import FactsChanged, facts_changed
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from tests import factories

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
LEARNED = date(2026, 11, 30)
BEFORE = date(2026, 11, 29)
FUNERAL = "jkm.benefit.funeral"
FROM = date(2027, 1, 1)


@pytest.fixture
def admins(session: Session) -> tuple[int, int]:
    """Two people, as it takes."""
    return factories.make_user(session, Role.ADMIN).id, factories.make_user(session, Role.ADMIN).id


def reading(**changes: Any) -> Reading:
    values: dict[str, Any] = {
        "kind": CorrectionKind.SUCCESSOR,
        "key": FUNERAL,
        "value": "12000000",
        "unit": "IDR",
        "valid_from": FROM,
        "valid_to": None,
        "citation": "PP 82/2019 Ps I angka 3",
        "confidence": "verified",
        "source_label": "Naskah PP",
        "source_where": "https://peraturan.go.id/contoh",
    }
    return Reading(**(values | changes))


def confirmed(
    session: Session, admins: tuple[int, int], *, now: datetime = NOW, **changes: Any
) -> FactCorrection:
    row = corrections.propose(session, admins[0], reading=reading(**changes), now=now)
    session.commit()
    corrections.confirm(session, admins[1], correction_id=row.id, now=now)
    session.commit()
    return row


def test_a_proposal_changes_nothing(session: Session, admins: tuple[int, int]) -> None:
    corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()

    assert load_book() is shipped_book()


def test_a_new_value_ends_the_one_before_it(session: Session, admins: tuple[int, int]) -> None:
    confirmed(session, admins)

    book = load_book()
    assert show(book.get(FUNERAL, FROM)) == "Rp12.000.000"
    assert show(book.get(FUNERAL, date(2026, 12, 31))) == "Rp10.000.000"
    assert book.get(FUNERAL, date(2026, 12, 31)).valid_to == date(2026, 12, 31)
    assert [source.label for source in book.sources.values() if source.code.startswith("KOR-")] == [
        "Naskah PP"
    ]


def test_the_book_says_when_its_newest_thing_was_learned(session: Session, admins: tuple[int, int]) -> None:
    confirmed(session, admins)

    assert (load_book().known_on, load_book().as_of) == (LEARNED, shipped_book().as_of)
    assert load_book().mark != shipped_book().mark == "2026-11-22"


def test_a_value_that_has_begun_moves_the_law_date_and_one_that_lies_ahead_does_not(
    session: Session, admins: tuple[int, int]
) -> None:
    confirmed(session, admins)
    assert load_book().as_of == shipped_book().as_of

    confirmed(session, admins, key="jkk.funeral", valid_from=date(2026, 11, 29))
    assert load_book().as_of == date(2026, 11, 29)

    confirmed(session, admins, now=NOW + timedelta(days=60), key="jkk.denture", valid_from=date(2027, 1, 15))
    assert load_book().as_of == date(2027, 1, 15)


def test_the_day_it_was_learned_is_a_day_at_home(session: Session, admins: tuple[int, int]) -> None:
    confirmed(session, admins, now=datetime(2026, 11, 30, 18, 0, tzinfo=UTC))

    assert load_book().known_on == date(2026, 12, 1)


def test_the_book_of_an_earlier_day_stays_as_it_was(session: Session, admins: tuple[int, int]) -> None:
    confirmed(session, admins)
    confirmed(session, admins, now=NOW + timedelta(days=5), value="13000000", valid_from=date(2028, 1, 1))

    then, between, now = load_book(known_on=BEFORE), load_book(known_on=LEARNED), load_book()
    later = date(2028, 6, 1)
    assert [show(book.get(FUNERAL, later)) for book in (then, between, now)] == [
        "Rp10.000.000",
        "Rp12.000.000",
        "Rp13.000.000",
    ]
    assert {key: list(map(show, history)) for key, history in then.facts.items()} == {
        key: list(map(show, history)) for key, history in shipped_book().facts.items()
    }
    assert (then.known_on, between.known_on, now.known_on) == (BEFORE, LEARNED, LEARNED + timedelta(days=5))


def test_a_value_is_corrected_in_its_place(session: Session, admins: tuple[int, int]) -> None:
    confirmed(session, admins, kind=CorrectionKind.AMENDMENT, value="10500000", valid_from=date(2019, 12, 2))

    history = load_book().history(FUNERAL)
    assert [show(fact) for fact in history] == ["Rp3.000.000", "Rp10.500.000"]
    assert show(load_book(known_on=BEFORE).get(FUNERAL, FROM)) == "Rp10.000.000"


def test_a_correction_may_end_a_value(session: Session, admins: tuple[int, int]) -> None:
    confirmed(
        session,
        admins,
        kind=CorrectionKind.AMENDMENT,
        value="10000000",
        valid_from=date(2019, 12, 2),
        valid_to=date(2027, 6, 30),
    )

    assert not load_book().applies(FUNERAL, date(2027, 7, 1))
    assert load_book().applies(FUNERAL, date(2027, 6, 30))


def test_a_new_key_has_a_name(session: Session, admins: tuple[int, int]) -> None:
    confirmed(
        session,
        admins,
        kind=CorrectionKind.NEW_KEY,
        key="jkm.benefit.flowers",
        label_id="Karangan bunga",
        label_en="Flowers",
    )

    assert show(load_book().get("jkm.benefit.flowers", FROM)) == "Rp12.000.000"
    assert load_book().label("jkm.benefit.flowers", "en") == "Flowers"
    assert "jkm.benefit.flowers" not in load_book(known_on=BEFORE).facts


def test_two_corrections_of_one_day_make_two_books(session: Session, admins: tuple[int, int]) -> None:
    confirmed(session, admins)
    first = load_book()
    confirmed(session, admins, kind=CorrectionKind.AMENDMENT, value="12500000")

    assert show(load_book().get(FUNERAL, FROM)) == "Rp12.500.000"
    assert load_book().known_on == first.known_on
    assert load_book().mark != first.mark


def test_nobody_confirms_or_refuses_the_own_proposal(session: Session, admins: tuple[int, int]) -> None:
    row = corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()

    for act in (
        lambda: corrections.confirm(session, admins[0], correction_id=row.id, now=NOW),
        lambda: corrections.refuse(session, admins[0], correction_id=row.id, reason="x", now=NOW),
    ):
        with pytest.raises(Conflict):
            act()
        session.rollback()
    assert load_book() is shipped_book()


def test_the_database_itself_wants_two_people(session: Session, admins: tuple[int, int]) -> None:
    row = corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()

    begin_write(session)
    row.state, row.decided_by_id = CorrectionState.REFUSED, admins[0]
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_only_who_proposed_takes_back(session: Session, admins: tuple[int, int]) -> None:
    row = corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()

    with pytest.raises(Conflict):
        corrections.withdraw(session, admins[1], correction_id=row.id, now=NOW)
    session.rollback()
    corrections.withdraw(session, admins[0], correction_id=row.id, now=NOW)
    session.commit()

    assert row.state == CorrectionState.WITHDRAWN
    assert load_book() is shipped_book()


@pytest.mark.parametrize("first", ["confirm", "refuse"])
def test_a_decided_proposal_is_decided(session: Session, admins: tuple[int, int], first: str) -> None:
    third = factories.make_user(session, Role.ADMIN).id
    row = corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()
    if first == "confirm":
        corrections.confirm(session, admins[1], correction_id=row.id, now=NOW)
    else:
        corrections.refuse(session, admins[1], correction_id=row.id, reason="Bukan naskah resmi.", now=NOW)
    session.commit()

    for act in (
        lambda: corrections.confirm(session, third, correction_id=row.id, now=NOW),
        lambda: corrections.refuse(session, third, correction_id=row.id, reason="x", now=NOW),
        lambda: corrections.withdraw(session, admins[0], correction_id=row.id, now=NOW),
    ):
        with pytest.raises(Conflict):
            act()
        session.rollback()


def test_a_key_has_one_open_proposal(session: Session, admins: tuple[int, int]) -> None:
    corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()

    with pytest.raises(Conflict):
        corrections.propose(session, admins[1], reading=reading(value="1"), now=NOW)
    session.rollback()


def test_what_does_not_fit_the_book_any_more_is_not_confirmed(
    session: Session, admins: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()
    begin_write(session)
    row.key = "jkm.benefit.gone"
    session.commit()

    with pytest.raises(Conflict, match=r"jkm\.benefit\.gone"):
        corrections.confirm(session, admins[1], correction_id=row.id, now=NOW)
    session.rollback()


def test_an_unknown_correction_is_not_found(session: Session, admins: tuple[int, int]) -> None:
    with pytest.raises(NotFound):
        corrections.confirm(session, admins[0], correction_id=4711, now=NOW)
    session.rollback()


def test_every_step_is_in_the_audit_log(session: Session, admins: tuple[int, int]) -> None:
    row = confirmed(session, admins)

    events = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "fact_correction")).all()
    assert [(event.action, event.actor_id, event.object_id) for event in events] == [
        ("fact_correction.proposed", admins[0], row.id),
        ("fact_correction.confirmed", admins[1], row.id),
    ]
    assert events[1].details == {
        "key": FUNERAL,
        "kind": "successor",
        "value": "12000000",
        "valid_from": "2027-01-01",
    }


@pytest.fixture
def heard() -> Iterator[list[tuple[FactsChanged, str]]]:
    """What the noticeboard said, and the value the book had at that moment."""
    found: list[tuple[FactsChanged, str]] = []

    def listen(_sender: Session, *, event: FactsChanged) -> None:
        found.append((event, show(load_book().get(event.key, event.valid_from))))

    with facts_changed.connected_to(listen):
        yield found


def test_those_above_hear_of_it_inside_the_transaction_and_see_the_new_book(
    session: Session, admins: tuple[int, int], heard: list[tuple[FactsChanged, str]]
) -> None:
    row = confirmed(session, admins)

    event = FactsChanged(FUNERAL, FROM, None, LEARNED, row.id, NOW, admins[1])
    assert heard == [(event, "Rp12.000.000")]


def test_a_confirmation_that_is_undone_leaves_no_trace(session: Session, admins: tuple[int, int]) -> None:
    row = corrections.propose(session, admins[0], reading=reading(), now=NOW)
    session.commit()
    corrections.confirm(session, admins[1], correction_id=row.id, now=NOW)
    assert load_book() is not shipped_book()

    session.rollback()

    assert load_book() is shipped_book()


def test_another_process_sees_what_was_confirmed(
    app: Flask, session: Session, admins: tuple[int, int]
) -> None:
    confirmed(session, admins)

    with app.test_request_context():
        assert show(load_book().get(FUNERAL, FROM)) == "Rp12.000.000"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"value": "tiga"}, "value", "not a value"),
        ({"value": "-5"}, "value", "not a value"),
        ({"unit": "rupees"}, "unit", "unknown unit"),
        ({"unit": "fraction", "value": "0.5"}, "unit", "counted otherwise"),
        ({"citation": ""}, "citation", "needs a citation"),
        ({"citation": "PP 1/1999 Ps 3"}, "citation", "not in the list of laws"),
        ({"citation": "UU 24/2011 Ps 72"}, "citation", "71 articles"),
        ({"citation": "UU 24/2011 Ps 72"}, "citation", "no Article 72"),
        ({"confidence": "sure"}, "confidence", "unknown confidence"),
        ({"confidence": "verified", "source_label": ""}, "source_label", "where this was read"),
        ({"confidence": "secondary", "source_where": ""}, "source_where", "where this was read"),
        ({"valid_from": date(1901, 1, 1)}, "valid_from", "1945"),
        ({"valid_to": date(2026, 1, 1)}, "valid_to", "before"),
        ({"valid_from": date(2019, 12, 2)}, "valid_from", "already starts"),
        ({"valid_from": date(2016, 1, 1)}, "valid_to", "overlaps"),
        ({"valid_from": date(2015, 1, 1), "valid_to": date(2015, 5, 1)}, "valid_to", "nothing would hold"),
        ({"key": "jkm.benefit.nothing"}, "key", "no fact"),
        ({"key": "JKM"}, "key", "not a key"),
        ({"kind": CorrectionKind.AMENDMENT}, "valid_from", "No value starts"),
        (
            {
                "kind": CorrectionKind.AMENDMENT,
                "value": "10000000",
                "valid_from": date(2019, 12, 2),
                "citation": "PP 82/2019 Ps I angka 3 (Ps 34 ayat (1) huruf c)",
            },
            "value",
            "says already",
        ),
        ({"kind": CorrectionKind.NEW_KEY}, "key", "already"),
        ({"kind": CorrectionKind.NEW_KEY, "key": "jkm.new"}, "label_id", "called"),
    ],
)
def test_what_the_loader_would_refuse_is_refused_at_its_field(
    session: Session, admins: tuple[int, int], changes: dict[str, Any], field: str, words: str
) -> None:
    with force_locale("en"):
        found = find_faults(load_book(), reading(**changes))

    assert any(fault.field == field and words in fault.message for fault in found), found
    with pytest.raises(Invalid):
        corrections.propose(session, admins[0], reading=reading(**changes), now=NOW)


def test_a_value_after_a_gap_needs_a_reason(session: Session, admins: tuple[int, int]) -> None:
    change = {"key": "covid.due_day", "unit": "day_of_month", "value": "30"}

    found = find_faults(load_book(), reading(**change))

    assert [fault.field for fault in found] == ["valid_from"]
    assert not find_faults(load_book(), reading(**change, after_gap="Relaksasi kedua."))


def test_what_was_not_read_anywhere_needs_no_source_and_decides_no_key(
    session: Session, admins: tuple[int, int]
) -> None:
    confirmed(session, admins, confidence="memory", source_label="", source_where="")

    assert load_book().get(FUNERAL, FROM).is_doubtful
