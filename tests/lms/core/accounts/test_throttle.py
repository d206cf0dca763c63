"""Guessing is slowed down: the arithmetic, the counting, and through the door."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from lms.core.accounts import throttle
from lms.core.accounts.models import Throttle
from lms.core.accounts.throttle import Guess, give_back, reserve
from lms.core.clock import utc_now
from lms.core.db import own_transaction
from lms.core.errors import TooMany
from tests.conftest import NOW
from tests.lms.core.accounts.people import OTHER_PASSWORD, count_rows, make_trainee, post_password

KEY = "test:whoever"


def _fail(session: Session, times: int, *, at: datetime = NOW) -> None:
    for _ in range(times):
        throttle.fail(session, KEY, now=at)
    session.commit()


def _waits(session: Session, at: datetime, *, limit: int = 5) -> int:
    try:
        throttle.check(session, KEY, limit=limit, now=at)
    except TooMany as error:
        return error.retry_after_seconds
    return 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (8, 240), (10, 900), (999, 900)]
)
def test_waiting_begins_late_doubles_and_has_an_end(failures: int, seconds: int) -> None:
    assert throttle.wait_seconds(failures, Guess(KEY)) == seconds


def test_free_failures_cost_nothing(session: Session) -> None:
    _fail(session, 4)

    assert _waits(session, NOW) == 0


def test_wait_runs_off_with_time(session: Session) -> None:
    _fail(session, 5)

    assert _waits(session, NOW) == 31
    assert _waits(session, NOW + timedelta(seconds=20)) == 11
    assert _waits(session, NOW + timedelta(seconds=30)) == 0


def test_failures_are_forgotten_after_a_day(session: Session) -> None:
    _fail(session, 50)
    later = NOW + timedelta(days=1)

    assert _waits(session, later) == 0
    throttle.fail(session, KEY, now=later)
    assert session.get_one(Throttle, KEY).failures == 1


def test_right_answer_forgets_the_failures(session: Session) -> None:
    _fail(session, 50)

    throttle.forget(session, KEY)

    assert _waits(session, NOW) == 0


def test_reservations_count_before_anything_is_looked_at(session: Session) -> None:
    for _ in range(5):
        throttle.reserve(session, [Guess(KEY)], now=NOW)

    with pytest.raises(TooMany):
        throttle.reserve(session, [Guess(KEY)], now=NOW)


def test_a_try_that_waited_behind_a_later_failure_is_not_refused(session: Session) -> None:
    """On PostgreSQL 50 people wait for the row of one address; each began before the last one counted."""
    _fail(session, 1, at=NOW + timedelta(seconds=1))

    throttle.reserve(session, [Guess(KEY)], now=NOW)
    session.commit()

    row = session.get_one(Throttle, KEY)
    assert (row.failures, row.last_at) == (2, NOW + timedelta(seconds=1))


def test_refused_reservation_counts_nothing(session: Session) -> None:
    _fail(session, 5)
    for _ in range(3):
        with pytest.raises(TooMany):
            throttle.reserve(session, [Guess("a:new"), Guess(KEY)], now=NOW)
        session.rollback()

    assert session.get(Throttle, "a:new") is None
    assert session.get_one(Throttle, KEY).failures == 5


def test_given_back_reservation_leaves_count_and_clock_as_they_were(session: Session) -> None:
    _fail(session, 5)
    later = NOW + timedelta(minutes=1)

    held = throttle.reserve(session, [Guess(KEY)], now=later)
    throttle.give_back(session, held)
    session.commit()
    session.expire_all()

    row = session.get_one(Throttle, KEY)
    assert (row.failures, row.last_at) == (5, NOW)


def test_table_holds_no_names() -> None:
    key = throttle.key_of("login", "siti@contoh.test")

    assert "siti" not in key
    assert len(key) <= 100


def test_whole_ipv6_network_counts_as_one() -> None:
    assert throttle.address_key("2001:db8:1:2:3::1") == throttle.address_key("2001:db8:1:2:ffff::9")
    assert throttle.address_key("2001:db8:1:2::1") != throttle.address_key("2001:db8:1:3::1")
    assert throttle.address_key("192.0.2.1") != throttle.address_key("192.0.2.2")


def test_sweep_takes_what_is_forgotten_anyway(session: Session) -> None:
    _fail(session, 1)

    throttle.sweep(session, now=NOW + timedelta(days=2))
    session.commit()

    assert count_rows(Throttle) == 0


def test_guessing_from_many_addresses_is_slowed_down(client: FlaskClient, session: Session) -> None:
    make_trainee(session)

    answers = [
        post_password(client, "siti@contoh.test", "salah salah salah", address=f"198.51.100.{n}")
        for n in range(20)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 15
    assert int(answers[-1].headers["Retry-After"]) >= 1
    # Not even the right one, for a stranger's device.
    assert post_password(client, "siti@contoh.test", address="203.0.113.9").status_code == 429


def test_unknown_login_is_slowed_down_alike(client: FlaskClient) -> None:
    answers = [post_password(client, "tidakada@contoh.test", "salah salah salah") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


def test_owner_gets_in_from_the_usual_device_while_strangers_guess(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")
    client.post("/keluar")
    stranger = app.test_client()
    for n in range(20):
        post_password(stranger, "siti@contoh.test", "salah salah salah", address=f"198.51.100.{n}")

    assert post_password(client, "siti@contoh.test").status_code == 303


def test_known_device_is_slowed_down_by_itself(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    post_password(client, "siti@contoh.test")
    client.post("/keluar")

    codes = [post_password(client, "siti@contoh.test", "salah salah salah").status_code for _ in range(7)]

    assert codes == [422] * 5 + [429] * 2


def test_device_knows_only_whom_it_let_in(app: Flask, client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    make_trainee(session, login="budi@contoh.test")
    post_password(client, "siti@contoh.test")
    for n in range(6):
        post_password(app.test_client(), "budi@contoh.test", "salah salah", address=f"198.51.100.{n}")

    assert post_password(client, "budi@contoh.test", "salah salah").status_code == 429


def test_forged_device_cookie_is_worth_nothing(client: FlaskClient, session: Session) -> None:
    make_trainee(session)
    client.set_cookie("device", '["x",["0000000000000000"]].forged')

    for _ in range(5):
        post_password(client, "siti@contoh.test", "salah salah salah")

    assert post_password(client, "siti@contoh.test").status_code == 429


def test_one_address_may_mistype_often_but_not_for_ever(client: FlaskClient) -> None:
    now = utc_now()
    with own_transaction() as own:
        for _ in range(throttle.ADDRESS_FREE):
            throttle.fail(own, throttle.address_key("192.0.2.1"), now=now)

    assert post_password(client, "siapa@contoh.test", OTHER_PASSWORD).status_code == 429
    assert post_password(client, "siapa@contoh.test", OTHER_PASSWORD, address="192.0.2.2").status_code == 422


def test_right_passwords_are_not_counted(client: FlaskClient, session: Session) -> None:
    make_trainee(session)

    for _ in range(3):
        post_password(client, "siti@contoh.test")
        client.delete_cookie("device")

    assert [row.failures for row in session.query(Throttle).all()] == [0]


def test_parallel_guesses_do_not_slip_through_between_looking_and_counting(app: Flask) -> None:
    gate = Barrier(12)

    def guess() -> bool:
        gate.wait()
        try:
            with app.app_context(), own_transaction() as own:
                throttle.reserve(own, [Guess(KEY), Guess("test:other", free=100)], now=NOW)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        passed = list(pool.map(lambda _: guess(), range(12)))

    assert sum(passed) == 5


def test_a_try_given_back_leaves_times_written_as_all_others_are(session: Session) -> None:
    tried = reserve(session, [Guess("login:x")], now=NOW)
    again = reserve(session, [Guess("login:x")], now=NOW + timedelta(minutes=1))

    give_back(session, again)

    (kept,) = session.scalars(select(cast(Throttle.last_at, String)))
    (first,) = session.scalars(select(cast(Throttle.first_at, String)))
    assert tried[0].reserved_at == NOW
    assert kept == first
