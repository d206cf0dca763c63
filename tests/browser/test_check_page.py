"""The public check in a browser: each way and verdict, on a phone, without a script, by ear, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from certificates import life, services
from certificates.models import Certificate
from certificates.papers import open_paper
from certificates.reasons import Reason, SuspensionReason
from certificates.sealing import seal_certificate
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import House, context, house_in
from tests.certificates.checking.conftest import draw, stamp_of

pytestmark = pytest.mark.browser

NAME = "Siti Aminah, S.Sos."
LONG_NAME = "Raden Ajeng Siti Nurhalimatussa'diyah Wulandari Kusumaningrum, S.Sos., M.Kesos."
TITLES = {
    "valid": "Asli dan berlaku",
    "typed": "Asli dan berlaku",
    "hidden": "Asli, disembunyikan pemilik",
    "replaced": "Sudah diganti",
    "suspended": "Sedang ditangguhkan",
    "revoked": "Dicabut",
    "expired": "Kedaluwarsa",
    "tampered": "Dokumen berubah",
    "unknown": "Tidak ditemukan",
    "unchecked": "Belum bisa dicek",
}


@dataclass
class Street:
    """A served house with a certificate for each verdict, and what strangers hold in their hands."""

    house: House
    # Path of a page for each verdict.
    paths: dict[str, str]
    code: str
    pdf: bytes
    photo: bytes


@pytest.fixture(scope="module")
def street(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Everything a stranger may meet."""
    made: list[tuple[dict[str, str], str, bytes]] = []

    def furnish(app: Flask) -> None:
        made.append(_make_certificates(app))

    with house_in(template_instance, tmp_path_factory.mktemp("street"), furnish) as house:
        paths, code, pdf = made[0]
        yield Street(house, paths, code, pdf, draw(f"HTTP://127.0.0.1{paths['valid']}", form="JPEG"))


def _make_certificates(app: Flask) -> tuple[dict[str, str], str, bytes]:
    session, now = db.session(), utc_now()
    staff = factories.make_user(session, Role.ADMIN).id
    kinds = ("valid", "hidden", "replaced", "suspended", "revoked", "tampered")
    rows = {kind: _complete(kind) for kind in kinds}
    certificate_id = rows["valid"].id
    # Signing runs a loop of its own, and the browser has one in this thread.
    with ThreadPoolExecutor() as aside:
        aside.submit(_seal, app, certificate_id).result()
    services.set_hidden(session, rows["hidden"].user_id, certificate_id=rows["hidden"].id, is_hidden=True)
    about = {kind: {"certificate_id": row.id, "now": now} for kind, row in rows.items()}
    services.reissue(session, staff, name="Sita", organisation="", **about["replaced"])  # type: ignore[arg-type]
    life.suspend(session, staff, reason=SuspensionReason.DOUBT, note="", **about["suspended"])  # type: ignore[arg-type]
    life.revoke(session, staff, reason=Reason.CHEATING, note="", **about["revoked"])  # type: ignore[arg-type]
    change = "UPDATE certificate SET serial = serial || 'X' WHERE id = :id"
    session.execute(text(change), {"id": rows["tampered"].id})
    session.commit()
    rows["expired"] = _complete_one_that_ran_out()
    paths = {kind: f"/V/{row.code}/{stamp_of(row)}" for kind, row in rows.items()}
    paths |= {kind: f"/v/{rows[kind].code}" for kind in ("hidden", "tampered")}
    code = rows["valid"].code
    paths |= {"typed": f"/v/{code}", "unknown": "/v/0000", "unchecked": f"/V/{code}/Z{'A' * 119}"}
    kept = session.get_one(Certificate, rows["valid"].id, populate_existing=True)
    body = open_paper(kept, instance=Path(app.config["INSTANCE"]))
    session.rollback()
    return paths, code, body


def _seal(app: Flask, certificate_id: int) -> None:
    with app.app_context():
        seal_certificate(db.session(), certificate_id, now=utc_now())
        db.session.commit()
        db.session.remove()


def _complete(kind: str) -> Certificate:
    name = LONG_NAME if kind == "replaced" else NAME
    return factories.complete(db.session(), factories.make_enrolment(db.session(), name=name), now=utc_now())


def _complete_one_that_ran_out() -> Certificate:
    """Return one whose last day is the day before its issue."""
    session = db.session()
    enrolment = factories.make_enrolment(session, name=NAME)
    begin_write(session)
    change = "UPDATE edition SET valid_months = 0 WHERE id = :id"
    session.execute(text(change), {"id": enrolment.cohort.edition_id})
    session.commit()
    session.refresh(enrolment.cohort.edition)
    return factories.complete(session, enrolment, now=utc_now())


@pytest.mark.parametrize("kind", TITLES)
def test_the_verdict_fills_the_first_screen_and_keeps_nobody_out(
    chromium: Browser, street: Street, kind: str
) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(street.house.url + street.paths[kind])
        expect(page).to_have_title(f"{TITLES[kind]} · Penggerak")
        banner = page.locator(".verdict").bounding_box()
        assert banner is not None
        assert banner["y"] + banner["height"] <= 740 / 2, "there is room for what it is about"
        assert page.locator(".verdict svg").count() == 1
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert_no_barrier(page, kind, widths=(320, 1280, 360))


def test_no_two_verdicts_look_alike_without_colours(chromium: Browser, street: Street) -> None:
    """Each has a word, a drawing and a border of its own."""
    with context(chromium) as profile:
        page, seen = profile.new_page(), {}
        for kind in TITLES.keys() - {"typed"}:
            page.goto(street.house.url + street.paths[kind])
            seen[kind] = page.locator(".verdict svg").inner_html()
    assert len(set(seen.values())) == len(seen)


def _words(page: Page) -> str:
    """Return what a reader of screens would say of the page."""
    return page.locator("main").aria_snapshot()


def test_a_reader_of_screens_says_verdict_facts_and_each_line(chromium: Browser, street: Street) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(street.house.url + street.paths["valid"])
        said = _words(page)
        assert said.index('heading "Asli dan berlaku" [level=1]') < said.index(NAME)
        assert "Baik: Tanda tangan di dalam QR milik kami" in said
        page.goto(street.house.url + street.paths["revoked"])
        said = _words(page)
        assert 'heading "Dicabut" [level=1]' in said
        assert "Tidak: Tidak berlaku lagi: sudah dicabut." in said
        page.goto(street.house.url + street.paths["typed"])
        said = _words(page)
        assert "S A S" in said
        assert "***" not in said
        assert 'textbox "Nama lengkap beserta gelar' in said


def test_everything_works_without_a_script(chromium: Browser, street: Street) -> None:
    with context(chromium, java_script_enabled=False) as profile:
        page = profile.new_page()
        _type_code(page, street)
        _type_name(page)
        _send(page, street, "foto.jpg", "image/jpeg", street.photo)
        expect(page.locator("dl.facts")).to_contain_text(NAME)
        _send(page, street, "sertifikat.pdf", "application/pdf", street.pdf)
        expect(page.locator("dl.facts")).to_contain_text(NAME)
        expect(page.locator(".checked .failed")).to_have_count(0)
        _send(page, street, "sertifikat.pdf", "application/pdf", street.pdf + b"\n% lebih")
        expect(page.get_by_role("heading", level=1)).to_have_text("Dokumen berubah")
        expect(page.locator("body")).not_to_contain_text(NAME)
        _doubt(page)


def _type_code(page: Page, street: Street) -> None:
    page.goto(f"{street.house.url}/periksa")
    page.get_by_label("Kode pada sertifikat").fill(street.code.lower())
    page.get_by_role("button", name="Periksa", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asli dan berlaku")
    expect(page.locator("body")).not_to_contain_text(NAME)


def _type_name(page: Page) -> None:
    page.get_by_label("Nama lengkap beserta gelar").fill("Siti Aminah")
    page.get_by_role("button", name="Cocokkan nama").click()
    expect(page.locator("#name-error")).to_be_visible()
    page.get_by_label("Nama lengkap beserta gelar").fill("siti aminah ssos")
    page.get_by_role("button", name="Cocokkan nama").click()
    expect(page.locator("dl.facts")).to_contain_text(NAME)


def _send(page: Page, street: Street, name: str, kind: str, body: bytes) -> None:
    page.goto(f"{street.house.url}/periksa")
    file = {"name": name, "mimeType": kind, "buffer": body}
    page.get_by_label("Foto atau PDF sertifikat").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Periksa foto atau PDF").click()


def _doubt(page: Page) -> None:
    page.get_by_role("link", name="Beri tahu kantor penerbit").click()
    page.get_by_label("Apa yang membuat Anda ragu?").fill("Berkasnya lain.")
    page.get_by_role("button", name="Kirim ke kantor").click()
    expect(page.get_by_role("status")).to_contain_text("Terima kasih")


def test_a_check_by_keyboard_alone(chromium: Browser, street: Street) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"{street.house.url}/periksa")
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "kode":
                break
        page.keyboard.type(street.code)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Asli dan berlaku")


@pytest.mark.parametrize("kind", ["valid", "typed", "unknown"])
def test_a_page_is_at_most_twenty_kilobytes(chromium: Browser, street: Street, kind: str) -> None:
    with context(chromium) as profile:
        answer = profile.request.get(street.house.url + street.paths[kind])
        assert len(answer.body()) <= 20_000
        assert "<script" not in answer.text()
