"""The admin's pages of staff, as an admin meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, User, UserSession
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests import factories
from tests.lms.core.accounts.people import OTHER_PASSWORD, count_rows, make_organiser, post_password

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def admin(session: Session) -> User:
    return factories.make_user(session, Role.ADMIN, name="Admin Pusat", password_hash="x")


@pytest.fixture
def browser(admin: User, sign_in: SignIn) -> FlaskClient:
    return sign_in(admin.id)


@pytest.fixture
def trainer(session: Session) -> User:
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session), name="Bu Rina")


def text(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def form_of(page: str) -> dict[str, list[str]]:
    """Return what a page's own form would send back."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page.split("<main")[1].split("<footer", maxsplit=1)[0]):
        kind = (re.search(r'type="(\w+)"', tag) or ["", "text"])[1]
        if kind in {"radio", "checkbox"} and " checked" not in tag:
            continue
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name[1], []).append(value[1] if value else "")
    return found


def test_the_desk_of_an_admin_leads_to_staff_and_offices(browser: FlaskClient) -> None:
    page = text(browser, "/")

    assert 'href="/pengguna"' in page
    assert 'href="/kantor"' in page


@pytest.mark.parametrize("path", ["/", "/akun"])
def test_others_find_no_way_there(session: Session, sign_in: SignIn, path: str) -> None:
    organiser = factories.make_user(session, Role.ORGANISER, branch=factories.make_branch(session))

    page = text(sign_in(organiser.id), path)

    assert "/pengguna" not in page
    assert "/kantor" not in page


def test_the_list_says_who_is_what_where_and_how(
    session: Session, browser: FlaskClient, trainer: User
) -> None:
    factories.make_user(session, Role.ORGANISER, name="Pak Hadi", is_active=False)
    factories.make_user(session, name="Peserta Biasa")

    page = text(browser, "/pengguna")

    for words in ("Bu Rina", trainer.memberships[0].branch.name, "Pelatih", "Belum ada kata sandi"):
        assert words in page
    assert "Pak Hadi" in page
    assert "Diblokir" in page
    assert "Peserta Biasa" not in page


def test_the_search_keeps_what_was_typed_and_says_when_nobody_fits(browser: FlaskClient) -> None:
    page = text(browser, "/pengguna?q=<tidak ada>&peran=trainer")

    assert 'value="&lt;tidak ada&gt;"' in page
    assert "Tidak ada yang cocok" in page
    assert browser.get("/pengguna?setelah=99999999999999999999&q=%00").status_code == 200


def test_somebody_new_chooses_a_password_with_a_link_that_is_shown_once(
    session: Session, browser: FlaskClient, client: FlaskClient
) -> None:
    branch = factories.make_branch(session)
    data = {
        "name": "Panitia Baru",
        "login": "0812 3456 7890",
        "role": "organiser",
        "branch_ids": [str(branch.id)],
    }

    response = browser.post("/pengguna/baru", data=data)
    page = text(browser, response.location)

    link = re.search(r"http://127\.0\.0\.1:8000(/sandi/[\w-]+)", page)
    assert link
    assert link[1] not in text(browser, response.location)
    client.get(link[1])
    client.post("/sandi", data={"password": OTHER_PASSWORD, "again": OTHER_PASSWORD})
    assert post_password(client, "+6281234567890", OTHER_PASSWORD).location == "/akun/kode"


def test_the_link_is_not_shown_on_the_page_of_somebody_else(
    session: Session, browser: FlaskClient, trainer: User
) -> None:
    other = make_organiser(session)

    browser.post(f"/pengguna/{trainer.id}/sandi")

    assert "/sandi/" not in text(browser, f"/pengguna/{other.id}").replace(f"/{other.id}/sandi", "")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"login": "bukan alamat"}, "login"),
        ({"login": "siti@contoh.test"}, "login"),
        ({"role": "trainee"}, "role"),
        ({"role": ""}, "role"),
        ({"role": "trainer"}, "branch_ids"),
        ({"role": "trainer", "branch_ids": ["999"]}, "branch_ids"),
        ({"role": "trainer", "branch_ids": ["x"]}, "branch_ids"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(
    session: Session, browser: FlaskClient, changed: dict[str, object], field: str
) -> None:
    factories.make_branch(session)
    factories.make_user(session, login="siti@contoh.test")
    before = count_rows(User)

    response = browser.post(
        "/pengguna/baru", data={"name": "A", "login": "a@contoh.test", "role": "admin"} | changed
    )

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.get_data(as_text=True)
    assert count_rows(User) == before


def test_without_a_branch_office_the_page_says_what_comes_first(browser: FlaskClient) -> None:
    assert "Belum ada kantor cabang" in text(browser, "/pengguna/baru")


def test_a_change_is_saved_and_shown(session: Session, browser: FlaskClient, trainer: User) -> None:
    path = f"/pengguna/{trainer.id}"
    data = form_of(text(browser, f"{path}/ubah"))

    response = browser.post(f"{path}/ubah", data=data | {"name": ["Ibu Rina"], "role": ["organiser"]})

    assert (response.status_code, response.location) == (303, path)
    page = text(browser, path)
    assert "Ibu Rina" in page
    assert "Panitia" in page


def test_who_saves_an_old_page_sees_both_and_decides(
    session: Session, browser: FlaskClient, trainer: User
) -> None:
    path = f"/pengguna/{trainer.id}/ubah"
    old = form_of(text(browser, path))
    browser.post(path, data=old | {"name": ["Nama pertama"]})

    response = browser.post(path, data=old | {"name": ["Nama kedua"]})
    page = response.get_data(as_text=True)

    assert response.status_code == 409
    assert "Nama pertama" in page
    assert 'value="Nama kedua"' in page
    assert browser.post(path, data=form_of(page)).status_code == 303
    session.expire_all()
    assert session.get_one(User, trainer.id).name == "Nama kedua"


def test_blocking_is_asked_first_done_once_and_undone(
    session: Session, browser: FlaskClient, trainer: User
) -> None:
    path = f"/pengguna/{trainer.id}"
    assert "Semua perangkatnya langsung dikeluarkan" in text(browser, f"{path}/blokir")
    session.expire_all()
    assert session.get_one(User, trainer.id).is_active

    assert browser.post(f"{path}/blokir").location == path
    assert "Akun ini diblokir" in text(browser, path)
    assert browser.get(f"{path}/blokir").location == path
    assert browser.post(f"{path}/sandi").status_code == 409

    assert browser.get(f"{path}/buka").status_code == 200
    browser.post(f"{path}/buka")
    session.expire_all()
    assert session.get_one(User, trainer.id).is_active
    assert browser.get(f"{path}/buka").location == path


@pytest.mark.parametrize("ending", ["sandi", "kode", "sesi", "blokir"])
def test_the_own_account_is_refused_in_plain_words(browser: FlaskClient, admin: User, ending: str) -> None:
    for method in ("GET", "POST"):
        response = browser.open(f"/pengguna/{admin.id}/{ending}", method=method)
        assert response.status_code == 409
        assert "Ini akun Anda sendiri" in response.get_data(as_text=True)
    assert f"/pengguna/{admin.id}/{ending}" not in text(browser, f"/pengguna/{admin.id}")


def test_an_admin_corrects_the_own_name_and_stays_signed_in(browser: FlaskClient, admin: User) -> None:
    path = f"/pengguna/{admin.id}/ubah"
    data = form_of(text(browser, path))

    assert browser.post(path, data=data | {"role": ["trainer"]}).status_code == 422
    assert browser.post(path, data=data | {"login": ["lain@contoh.test"]}).status_code == 422
    assert browser.post(path, data=data | {"name": ["Admin Baru"]}).status_code == 303
    assert "Admin Baru" in text(browser, "/")


def test_second_factor_and_sessions_end(session: Session, browser: FlaskClient, sign_in: SignIn) -> None:
    organiser = make_organiser(session)
    elsewhere = sign_in(organiser.id)
    path = f"/pengguna/{organiser.id}"
    assert "Perangkat tidak dikenal" in text(browser, path)

    browser.post(f"{path}/sesi")
    assert elsewhere.get("/akun").status_code == 303

    browser.post(f"{path}/kode")
    session.expire_all()
    assert session.get_one(User, organiser.id).totp_secret is None
    assert "Belum ada verifikasi kedua" in text(browser, path)


@pytest.mark.parametrize("ending", ["ubah", "sandi", "kode", "sesi", "blokir", "buka"])
def test_an_old_sign_in_is_asked_for_anew_and_comes_back(
    session: Session, browser: FlaskClient, trainer: User, ending: str
) -> None:
    begin_write(session)
    session.execute(update(UserSession).values(fresh_at=utc_now() - timedelta(hours=1)))
    session.commit()
    path = f"/pengguna/{trainer.id}/{ending}"

    for method in ("GET", "POST"):
        response = browser.open(path, method=method, headers={"Referer": f"http://localhost{path}"})
        assert response.status_code == 403
        assert f"/masuk?next={path}" in response.get_data(as_text=True)
    session.expire_all()
    assert session.scalars(select(User).where(User.id == trainer.id)).one().is_active


def test_trainees_have_no_page_here(session: Session, browser: FlaskClient) -> None:
    trainee = factories.make_user(session)

    for ending in ("", "/ubah", "/sandi", "/kode", "/sesi", "/blokir", "/buka"):
        assert browser.get(f"/pengguna/{trainee.id}{ending}").status_code == 404
