"""Signing in with the printed card: QR, number and PIN, its days, its replacement, a whole hall at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from courses.cohorts.card_access import CardState, find_card, open_card_session
from courses.cohorts.card_codes import card_pin, card_token, is_card_pin, read_card_token
from courses.cohorts.models import Card, Enrolment
from lms.app import create_app
from lms.core.accounts.models import Role, Throttle, User, UserSession
from lms.core.accounts.sessions import end_sessions_of_card
from lms.core.clock import utc_now
from lms.core.config import load_config
from lms.core.db import begin_write, db
from lms.core.errors import NotFound
from lms.core.web import headers
from tests import factories
from tests.lms.core.accounts.people import without_tokens
from tests.pages import CheckedClient

KEY = b"k" * 32
TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()


def _enrol(session: Session, *, starts: int = 0, ends: int = 1, **values: object) -> Enrolment:
    """Put somebody into a cohort that begins and ends so many days from today."""
    cohort = factories.make_cohort(
        session, starts_on=TODAY + timedelta(days=starts), ends_on=TODAY + timedelta(days=ends)
    )
    return factories.make_enrolment(session, cohort=cohort, **values)


def _card(enrolment: Enrolment) -> Card:
    assert enrolment.card is not None
    return enrolment.card


def _url(app: Flask, card: Card) -> str:
    return f"/k/{card_token(app.config['CARD_KEY'], card.id, card.generation)}"


def _pin(app: Flask, card: Card) -> str:
    return card_pin(app.config["CARD_KEY"], card.id, card.generation)


def _post(client: FlaskClient, number: str, pin: str, address: str = "192.0.2.1") -> TestResponse:
    return client.post(
        "/masuk/kartu", data={"number": number, "pin": pin}, environ_overrides={"REMOTE_ADDR": address}
    )


def _wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06d}"


def _replace(session: Session, card: Card) -> None:
    begin_write(session)
    session.execute(update(Card).where(Card.id == card.id).values(generation=Card.generation + 1))
    end_sessions_of_card(session, card.id)
    session.commit()


def _is_signed_in(client: FlaskClient) -> bool:
    return client.get("/akun").status_code == 200


def test_token_names_card_and_generation_and_looks_random() -> None:
    tokens = [card_token(KEY, number, 1) for number in range(1, 200)]

    assert [read_card_token(KEY, token) for token in tokens] == [(number, 1) for number in range(1, 200)]
    assert len({token[:8] for token in tokens}) == 199
    assert {len(token) for token in tokens} == {40}
    assert read_card_token(KEY, card_token(KEY, 2**40 - 1, 2**16 - 1).upper()) == (2**40 - 1, 2**16 - 1)


def test_token_with_one_other_sign_is_worthless() -> None:
    token = card_token(KEY, 7, 1)

    for at, sign in enumerate(token):
        forged = token[:at] + ("a" if sign != "a" else "b") + token[at + 1 :]
        assert read_card_token(KEY, forged) is None


@pytest.mark.parametrize("token", ["", "a", "a" * 40, "0" * 40, "é" * 40, "a" * 41, "ａ" * 40])
def test_unreadable_token_is_worthless(token: str) -> None:
    assert read_card_token(KEY, token) is None


def test_token_and_pin_of_another_key_or_generation_differ() -> None:
    assert read_card_token(b"x" * 32, card_token(KEY, 7, 1)) is None
    assert card_token(KEY, 7, 1) != card_token(KEY, 7, 2)
    assert len({card_pin(KEY, number, 1) for number in range(500)}) > 495
    assert all(len(card_pin(KEY, number, 1)) == 6 for number in range(500))
    assert is_card_pin(KEY, 7, 1, card_pin(KEY, 7, 1))
    assert not is_card_pin(KEY, 7, 2, card_pin(KEY, 7, 1))


def test_qr_shows_the_name_and_one_button_that_signs_in(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    enrolment = _enrol(session)
    url = _url(app, _card(enrolment))

    page = client.get(url)
    assert enrolment.name in page.get_data(as_text=True)
    assert page.get_data(as_text=True).partition("<main")[2].partition("</main>")[0].count("<button") == 1
    assert not _is_signed_in(client)
    response = client.post(url)

    assert (response.status_code, response.location) == (303, "/")
    assert _is_signed_in(client)


def test_address_of_the_card_stays_out_of_referer_and_caches(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    url = _url(app, _card(_enrol(session)))

    for response in (client.get(url), client.post(url), client.get("/k/unknown")):
        assert response.headers["Referrer-Policy"] == "no-referrer, strict-origin"
        assert response.headers["Cache-Control"] == "no-store"


def test_button_works_over_https_where_browsers_send_the_bare_origin(
    instance: Path, database_url: str, session: Session
) -> None:
    """Flask-WTF asks for a Referer there; plain ``no-referrer`` would lock everybody out."""
    secure = create_app(
        load_config(instance, DATABASE_URL=database_url, TESTING=True, BASE_URL="https://lms.contoh.test")
    )
    secure.test_client_class = CheckedClient
    url = _url(secure, _card(_enrol(session)))
    client, site = secure.test_client(), "https://lms.contoh.test"
    client.sends_token = False
    page = client.get(url, base_url=site).get_data(as_text=True)
    token = page.partition("<main")[2].partition('name="csrf_token" value="')[2].partition('"')[0]

    without = client.post(url, base_url=site, data={"csrf_token": token})
    with_origin = client.post(url, base_url=site, data={"csrf_token": token}, headers={"Referer": f"{site}/"})

    with secure.app_context():
        db.engine.dispose()
    assert headers.NO_REFERER.endswith("strict-origin")
    assert (without.status_code, with_origin.status_code) == (400, 303)
    cookies = with_origin.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-device"}
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


@pytest.mark.parametrize("typed", ["{0}", "{1} {2}", " {1}-{2} ", "No. {0}"])
def test_number_and_pin_sign_in_however_they_are_written(
    app: Flask, client: FlaskClient, session: Session, typed: str
) -> None:
    card = _card(_enrol(session))
    pin = _pin(app, card)

    response = _post(
        client, typed.format(card.number, card.number[:4], card.number[4:]), f"{pin[:3]} {pin[3:]}"
    )

    assert response.status_code == 303
    assert _is_signed_in(client)


def test_card_page_comes_back_to_where_somebody_was(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    card = _card(_enrol(session))
    data = {"number": card.number, "pin": _pin(app, card)}

    assert client.post("/masuk/kartu?next=/akun", data=data).location == "/akun"
    assert client.post("/masuk/kartu?next=//evil.test", data=data).location == "/"


@pytest.mark.parametrize(
    ("number", "pin"),
    [
        ("", ""),
        ("1234567", "123456"),
        ("123456789", "123456"),
        ("12345678", "12345"),
        ("x" * 9999, "1" * 9999),
    ],
)
def test_unreadable_input_is_an_error_at_the_field_and_no_try(
    client: FlaskClient, session: Session, number: str, pin: str
) -> None:
    response = _post(client, number, pin)

    assert response.status_code == 422
    assert "field-error" in response.get_data(as_text=True)
    assert session.query(Throttle).count() == 0


def test_error_is_a_whole_sentence_in_the_language_of_the_person(client: FlaskClient) -> None:
    assert "Harus 8 angka, misalnya 1234 5678." in _post(client, "1", "2").get_data(as_text=True)

    client.post("/tampilan", data={"locale": "en"})

    assert "It has 8 digits, for example 1234 5678." in _post(client, "1", "2").get_data(as_text=True)


def test_unknown_number_and_wrong_pin_look_alike(app: Flask, client: FlaskClient, session: Session) -> None:
    card = _card(_enrol(session))

    wrong = _post(client, card.number, _wrong(_pin(app, card)))
    unknown = _post(client, "99999999", "123456")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert without_tokens(wrong).replace(card.number, "99999999") == without_tokens(unknown)


def test_guessing_a_pin_is_slowed_down_from_everywhere(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    card = _card(_enrol(session))
    pin = _pin(app, card)

    codes = [_post(client, card.number, _wrong(pin), f"198.51.100.{n}").status_code for n in range(10)]

    assert codes == [422] * 5 + [429] * 5
    assert _post(client, card.number, pin).status_code == 429
    # The QR needs no guessing and is not slowed down.
    assert client.post(_url(app, card)).status_code == 303


@pytest.mark.parametrize("by_qr", [True, False])
def test_strangers_who_guess_cannot_keep_the_owner_of_a_known_device_out(
    app: Flask, client: FlaskClient, session: Session, by_qr: bool
) -> None:
    card = _card(_enrol(session))
    pin, stranger = _pin(app, card), app.test_client()
    first = client.post(_url(app, card)) if by_qr else _post(client, card.number, pin)
    assert first.status_code == 303
    client.post("/keluar")

    codes = {_post(stranger, card.number, _wrong(pin), f"198.51.100.{n}").status_code for n in range(10)}

    assert codes == {422, 429}
    assert _post(app.test_client(), card.number, pin).status_code == 429
    assert _post(client, card.number, pin).status_code == 303


def test_fifty_people_behind_one_address_with_three_typos_each_all_get_in(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    cohort = factories.make_cohort(session, starts_on=TODAY, ends_on=TODAY + timedelta(days=1))
    people = [_card(factories.make_enrolment(session, cohort=cohort)) for _ in range(50)]
    browsers = [client, *(app.test_client() for _ in people[1:])]

    for _ in range(3):
        for card, browser in zip(people, browsers, strict=True):
            assert _post(browser, card.number, _wrong(_pin(app, card))).status_code == 422
    answers = [
        _post(browser, card.number, _pin(app, card)) for card, browser in zip(people, browsers, strict=True)
    ]

    assert {answer.status_code for answer in answers} == {303}
    assert session.query(UserSession).count() == 50


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (1, 2, CardState.EARLY),
        (0, 1, CardState.GOOD),
        (-1, 0, CardState.GOOD),
        (-31, -30, CardState.GOOD),
        (-32, -31, CardState.OVER),
    ],
)
def test_card_is_good_on_its_days_and_thirty_after(
    session: Session, starts: int, ends: int, state: CardState
) -> None:
    card = _card(_enrol(session, starts=starts, ends=ends))

    held = find_card(session, card.id, generation=1)

    assert held is not None
    assert held.state(utc_now()) is state


def test_days_are_those_of_the_zone_of_the_cohort(session: Session) -> None:
    cohort = factories.make_cohort(
        session, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 25), time_zone="Asia/Jayapura"
    )
    card = _card(factories.make_enrolment(session, cohort=cohort))
    held = find_card(session, card.id, generation=1)
    midnight = datetime(2026, 11, 24, tzinfo=ZoneInfo("Asia/Jayapura"))

    assert held is not None
    assert held.state(midnight - timedelta(seconds=1)) is CardState.EARLY
    assert held.state(midnight) is CardState.GOOD
    assert (held.first_day, held.last_day) == (date(2026, 11, 24), date(2026, 12, 25))


@pytest.mark.parametrize(("starts", "ends"), [(3, 4), (-40, -39)])
def test_card_out_of_its_days_says_so_and_signs_nobody_in(
    app: Flask, client: FlaskClient, session: Session, starts: int, ends: int
) -> None:
    card = _card(_enrol(session, starts=starts, ends=ends))
    url = _url(app, card)

    for response in (client.get(url), client.post(url), _post(client, card.number, _pin(app, card))):
        page = response.get_data(as_text=True)
        assert response.status_code == 200
        assert str((TODAY + timedelta(days=starts if starts > 0 else ends + 30)).year) in page
    assert session.query(UserSession).count() == 0


@pytest.mark.parametrize("how", ["withdrawn", "switched off", "staff"])
def test_card_of_somebody_who_may_not_come_signs_nobody_in(
    app: Flask, client: FlaskClient, session: Session, how: str
) -> None:
    enrolment = _enrol(session)
    card = _card(enrolment)
    begin_write(session)
    if how == "withdrawn":
        session.execute(update(Enrolment).values(status="withdrawn"))
    elif how == "switched off":
        session.execute(update(User).values(is_active=False))
    else:
        session.execute(update(User).values(role=Role.ADMIN.value))
    session.commit()

    client.post(_url(app, card))
    _post(client, card.number, _pin(app, card))

    assert session.query(UserSession).count() == 0


def test_replaced_card_is_worthless_and_its_sessions_end(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    card = _card(_enrol(session))
    old_url, old_pin = _url(app, card), _pin(app, card)
    client.post(old_url)
    assert _is_signed_in(client)

    _replace(session, card)
    session.refresh(card)

    assert not _is_signed_in(client)
    assert client.get(old_url).status_code == 404
    assert client.post(old_url).status_code == 404
    assert _post(client, card.number, old_pin).status_code == 422
    assert client.post(_url(app, card)).status_code == 303
    assert _post(client, card.number, _pin(app, card)).status_code == 303


@pytest.mark.parametrize("meanwhile", ["replaced", "withdrawn", "switched off"])
def test_card_that_stops_while_its_pin_is_looked_at_opens_nothing(session: Session, meanwhile: str) -> None:
    card = _card(_enrol(session))
    held = find_card(session, card.id, generation=1)
    assert held is not None
    begin_write(session)
    if meanwhile == "replaced":
        session.execute(update(Card).values(generation=2))
    elif meanwhile == "withdrawn":
        session.execute(update(Enrolment).values(status="withdrawn"))
    else:
        session.execute(update(User).values(is_active=False))
    session.commit()

    with pytest.raises(NotFound):
        open_card_session(session, held, now=utc_now(), user_agent="", days=40)


def test_session_of_a_card_ends_with_the_card(app: Flask, client: FlaskClient, session: Session) -> None:
    card = _card(_enrol(session, starts=-25, ends=-24))
    client.post(_url(app, card))

    (row,) = session.query(UserSession).all()

    assert row.via == "card"
    assert row.card_id == card.id
    assert row.expires_at == datetime.combine(
        TODAY + timedelta(days=7), datetime.min.time(), ZoneInfo("Asia/Jakarta")
    )


def test_card_takes_the_place_of_whoever_was_signed_in_here(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    first, second = _enrol(session), _enrol(session)
    client.post(_url(app, _card(first)))

    client.post(_url(app, _card(second)))

    (row,) = session.query(UserSession).all()
    assert row.user_id == second.user_id


def test_unknown_card_page_helps_on(client: FlaskClient) -> None:
    page = client.get("/k/aaaa")

    assert page.status_code == 404
    assert "/masuk/kartu" in page.get_data(as_text=True)


def test_sign_in_page_offers_the_card_first(client: FlaskClient) -> None:
    page = client.get("/masuk").get_data(as_text=True).partition("<main")[2]

    assert page.index("/masuk/kartu") < page.index('name="password"')
