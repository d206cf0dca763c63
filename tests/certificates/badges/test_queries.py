"""Places in the status lists, on the database at hand."""

from __future__ import annotations

import re
from itertools import count

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from certificates.badges import queries
from certificates.badges.queries import (
    CANDIDATES,
    draw_status_index,
    draw_status_indexes,
    find_achievement,
    list_set_places,
)
from certificates.badges.status_lists import LIST_BITS, SET_BY, Purpose
from certificates.models import Certificate
from courses.cohorts.models import Enrolment
from lms.core.errors import NotFound
from tests.conftest import POSTGRES
from tests.factories import NOW, make_edition, make_enrolment
from tests.security.test_query_counts import counted

BOTH = frozenset({"revoked", "replaced", "suspended"})
VALUES = {"status_index_1": "0", "status_index_2": str(LIST_BITS - 1), "param_1": "'last'"}
numbers = count(1)


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    return make_enrolment(session)


def put(session: Session, enrolment: Enrolment, places: dict[int, str]) -> None:
    """Add fallen certificates at places of the status lists."""
    rows = [
        {
            "enrolment_id": enrolment.id,
            "user_id": enrolment.user_id,
            "cohort_id": enrolment.cohort_id,
            "code": f"{next(numbers):017d}",
            "serial": f"{next(numbers)}/X",
            "record": "{}",
            "record_sha256": "0" * 64,
            "state": state,
            "status_index": index,
            "is_hidden": False,
            "issued_at": NOW,
        }
        for index, state in places.items()
    ]
    session.execute(insert(Certificate), rows)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What chance gives, in order; the test fills it."""
    given: list[int] = []
    monkeypatch.setattr(queries.secrets, "randbelow", lambda _limit: given.pop(0))
    return given


def test_first_place_is_in_the_first_list(session: Session) -> None:
    assert 0 <= draw_status_index(session) < LIST_BITS


def test_places_are_drawn_at_random(session: Session) -> None:
    assert len({draw_status_index(session) for _ in range(20)}) > 15


def test_a_place_is_never_given_twice(session: Session, enrolment: Enrolment, drawn: list[int]) -> None:
    put(session, enrolment, {7: "revoked", 9: "revoked"})
    drawn += [7, 9, 11, *range(20, 20 + CANDIDATES)]

    assert draw_status_index(session) == 11


def test_a_full_list_is_followed_by_the_next(
    session: Session, enrolment: Enrolment, drawn: list[int]
) -> None:
    put(session, enrolment, dict.fromkeys(range(CANDIDATES), "revoked"))
    drawn += [*range(CANDIDATES), *range(CANDIDATES)]

    assert draw_status_index(session) == LIST_BITS


def test_drawing_goes_on_in_the_newest_list(session: Session, enrolment: Enrolment) -> None:
    put(session, enrolment, {2 * LIST_BITS + 5: "revoked"})

    assert 2 * LIST_BITS <= draw_status_index(session) < 3 * LIST_BITS


def test_many_are_drawn_at_once_and_each_is_another(session: Session, enrolment: Enrolment) -> None:
    put(session, enrolment, dict.fromkeys(range(0, 1000), "revoked"))

    with counted() as sent:
        indexes = draw_status_indexes(session, count=1000)

    assert len(set(indexes)) == 1000
    assert not set(indexes) & set(range(1000))
    assert len(sent) == 2


def test_drawing_asks_twice(session: Session, enrolment: Enrolment) -> None:
    put(session, enrolment, {5: "revoked"})

    with counted() as sent:
        draw_status_index(session)

    assert len(sent) == 2


def test_a_list_has_the_bits_of_its_own_certificates(session: Session, enrolment: Enrolment) -> None:
    other = make_enrolment(session)
    put(
        session,
        enrolment,
        {
            0: "revoked",
            3: "replaced",
            LIST_BITS - 1: "revoked",
            LIST_BITS: "revoked",
            LIST_BITS + 4: "suspended",
        },
    )
    put(session, other, {8: "suspended"})

    first = {purpose: set(list_set_places(session, 1, states=SET_BY[purpose])) for purpose in Purpose}
    second = {purpose: set(list_set_places(session, 2, states=SET_BY[purpose])) for purpose in Purpose}

    assert first == {Purpose.REVOCATION: {0, 3, 8, LIST_BITS - 1}, Purpose.SUSPENSION: {8}}
    assert second == {Purpose.REVOCATION: {0, 4}, Purpose.SUSPENSION: {4}}


def test_standing_ones_set_no_bit(session: Session, enrolment: Enrolment) -> None:
    put(session, enrolment, {6: "valid"})

    assert list_set_places(session, 1, states=BOTH) == []


@pytest.mark.parametrize("number", [0, 2, 3, 16_385, 999_999_999])
def test_lists_there_are_not_are_not_found(session: Session, enrolment: Enrolment, number: int) -> None:
    put(session, enrolment, {6: "revoked"})

    with pytest.raises(NotFound):
        list_set_places(session, number, states=BOTH)


def test_without_certificates_there_is_no_list(session: Session) -> None:
    with pytest.raises(NotFound):
        list_set_places(session, 1, states=BOTH)


def test_a_list_asks_once_however_much_is_in_it(session: Session, enrolment: Enrolment) -> None:
    put(session, enrolment, dict.fromkeys(range(0, 3000, 3), "revoked"))

    with counted() as sent:
        places = list_set_places(session, 1, states=BOTH)

    assert (len(sent), len(places)) == (1, 1000)


@pytest.mark.sqlite_only
@pytest.mark.skipif(bool(POSTGRES), reason="how SQLite goes about it")
def test_only_the_fallen_ones_are_looked_at(session: Session, enrolment: Enrolment) -> None:
    put(session, enrolment, {5: "revoked"})
    with counted() as sent:
        list_set_places(session, 1, states=BOTH)

    plan = session.execute(text("EXPLAIN QUERY PLAN " + sent[0].replace("?", "1"))).all()

    assert any("ix_certificate_status_index" in row[3] for row in plan), plan


@pytest.mark.postgres_only
@pytest.mark.skipif(not POSTGRES, reason="how PostgreSQL goes about it")
def test_only_the_fallen_ones_are_looked_at_on_postgres(session: Session, enrolment: Enrolment) -> None:
    session.execute(text("DROP INDEX uq_certificate_one_standing"))
    put(session, enrolment, dict.fromkeys(range(5_000), "valid"))
    put(session, enrolment, {5_001: "revoked"})
    session.execute(text("ANALYZE certificate"))
    with counted() as sent:
        list_set_places(session, 1, states=BOTH)

    query = re.sub(r"%\((\w+)\)s(::\w+)?", lambda m: VALUES[m[1]], sent[0])
    plan = session.execute(text("EXPLAIN " + query)).scalars().all()

    assert any("ix_certificate_status_index" in row for row in plan), plan


def test_an_address_names_a_published_edition(session: Session) -> None:
    edition = make_edition(session)
    name = edition.title.lower().replace(" ", "-")
    draft = make_edition(session, status="draft")

    assert find_achievement(session, name, edition=edition.number) is edition
    assert find_achievement(session, name, edition=edition.number + 1) is None
    assert find_achievement(session, "lain", edition=edition.number) is None
    assert find_achievement(session, draft.title.lower().replace(" ", "-"), edition=draft.number) is None
