"""Scanning by camera, and the check without signal: a true paper, forged, changed, ended, an old list."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from certificates import life
from certificates.models import Certificate
from certificates.reasons import Reason
from certificates.record import Record, read_record
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.text import fold
from tests import factories
from tests.browser.barriers import assert_no_barrier
from tests.browser.conftest import ARGUMENTS, CHROMIUM, House, context, house_in
from tests.certificates.checking.conftest import draw, stamp_of
from tests.certificates.checking.stamp_vectors import PATH

pytestmark = pytest.mark.browser

NAME = "Siti Aminah, S.Sos."
DETECTOR = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(source) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [source.videoWidth || source.width, source.videoHeight || source.height];
    canvas.getContext("2d").drawImage(source, 0, 0);
    return (await window.readPicture(canvas.toDataURL("image/png"))).map((rawValue) => ({rawValue}));
  }
};
"""
"""In place of the browser's own reader, which Chromium has not on Linux: camera, frames, page and all behind
it are real, and the frames are read by the server's reader."""

LAMP = """
MediaStreamTrack.prototype.getCapabilities = () => ({torch: true});
MediaStreamTrack.prototype.applyConstraints = async ({advanced}) => { window.isLit = advanced[0].torch; };
"""
"""A camera made of a film has no lamp."""


@dataclass
class Counter:
    """A served house with one certificate that stands and one that was revoked."""

    house: House
    records: dict[str, Record]
    stamps: dict[str, str]

    def address(self, kind: str = "valid") -> str:
        """Return what the QR says."""
        return f"{self.house.url}/V/{self.records[kind].code}/{self.stamps[kind]}".upper()


@pytest.fixture(scope="module")
def counter(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """Where papers are shown to somebody."""
    made: list[dict[str, Any]] = []

    def furnish(_app: Flask) -> None:
        session, now = db.session(), utc_now()
        rows: dict[str, Certificate] = {}
        for kind in ("valid", "revoked"):
            rows[kind] = factories.complete(session, factories.make_enrolment(session, name=NAME), now=now)
        staff = factories.make_user(session, Role.ADMIN).id
        gone = rows["revoked"].id
        life.revoke(session, staff, certificate_id=gone, reason=Reason.CHEATING, note="", now=now)
        session.commit()
        made.append({kind: read_record(row.record) for kind, row in rows.items()})
        made.append({kind: stamp_of(row) for kind, row in rows.items()})
        session.rollback()

    with house_in(template_instance, tmp_path_factory.mktemp("counter"), furnish) as house:
        yield Counter(house, *made)


def _fill(page: Page, counter: Counter, kind: str = "valid", **other: str) -> None:
    record = counter.records[kind]
    told = {
        "Isi QR": counter.address(kind),
        "Nomor, seperti tercetak": record.serial,
        "Nama lengkap beserta gelar": f"  {NAME.upper()} ",
        "Pelatihan yang diselesaikan": record.programme.title,
        "Tanggal dinyatakan lulus": record.completed_on.isoformat(),
    }
    for label, text in (told | other).items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Periksa", exact=True).click()


def _open(profile: BrowserContext, counter: Counter) -> Page:
    page = profile.new_page()
    page.goto(f"{counter.house.url}/periksa/luring")
    expect(page.locator("#bekal")).to_contain_text("Di ponsel ini")
    return page


def _answer(page: Page, word: str, sentence: str) -> None:
    expect(page.locator("#jawaban h2")).to_have_text(word)
    expect(page.locator("#jawaban .verdict p")).to_contain_text(sentence)


def test_a_paper_is_checked_with_the_network_cut(chromium: Browser, counter: Counter) -> None:
    with context(chromium, service_workers="allow") as profile:
        page = _open(profile, counter)
        expect(page.locator("#disimpan")).to_be_visible()
        profile.set_offline(True)
        page.close()
        page = _open(profile, counter)
        _fill(page, counter)
        _answer(page, "Asli dan berlaku", "menurut daftar per")
        expect(page.locator(".checked .failed")).to_have_count(0)
        assert_no_barrier(page, "offline", widths=(320, 1280, 360))
        _fill(page, counter, "revoked")
        _answer(page, "Dicabut", "tidak berlaku")
        stamp = counter.stamps["valid"]
        forged = counter.address().replace(stamp, stamp[:-2] + ("AA" if stamp[-2:] != "AA" else "BA"))
        _fill(page, counter, **{"Isi QR": forged})
        _answer(page, "Tidak ditemukan", "bukan milik kami")
        _fill(page, counter, **{"Nama lengkap beserta gelar": "Siti Aminah, M.Sos."})
        _answer(page, "Dokumen berubah", "tulisan lain")
        _fill(page, counter, **{"Nomor, seperti tercetak": ""})
        _answer(page, "Belum bisa dicek", "keempat isian")
        _fill(page, counter, **{"Isi QR": "https://contoh.test/v/123"})
        _answer(page, "Belum bisa dicek", "bukan isi lengkap")
        _fill(page, counter, **{"Isi QR": counter.address().replace(stamp, "Z" + stamp[1:])})
        _answer(page, "Belum bisa dicek", "kunci yang tidak ada")
        page.get_by_role("link", name="English").click()
        expect(page).to_have_title(re.compile("Check without signal"))
        expect(page.locator("#bekal")).to_contain_text("On this phone")
        profile.set_offline(False)


def test_the_worker_serves_this_page_and_no_other(chromium: Browser, counter: Counter) -> None:
    with context(chromium, service_workers="allow") as profile:
        page = _open(profile, counter)
        expect(page.locator("#disimpan")).to_be_visible()
        scopes = page.evaluate(
            "navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.scope))"
        )
        assert scopes == [f"{counter.house.url}/periksa/luring"]
        kept = page.evaluate("caches.open('luring').then(c => c.keys()).then(all => all.map(one => one.url))")
        paths = {url.removeprefix(counter.house.url) for url in kept}
        own = {"/periksa/luring", "/periksa/luring/en", "/periksa/kunci.json", "/periksa/dicabut.json"}
        assert own <= paths
        assert all(path.startswith("/aset/") for path in paths - own)


def _date_list(profile: BrowserContext, days: int) -> None:
    """Answer with an empty list that is so many days old."""
    at = (utc_now() - timedelta(days=days)).isoformat()
    body = {"at": at, "bytes": 5, "count": 0, "false_positive_rate": 0.0, "lists": {"revoked": ""}}
    profile.unroute_all()
    profile.route("**/dicabut.json", lambda route: route.fulfill(body=json.dumps(body)))


def test_a_list_that_is_too_old_does_not_say_that_one_stands(chromium: Browser, counter: Counter) -> None:
    with context(chromium) as profile:
        for days, clock in ((8, "of a week ago"), (-2, "of the day after tomorrow")):
            _date_list(profile, days)
            page = _open(profile, counter)
            expect(page.locator("#bekal"), clock).to_contain_text("terlalu lama")
            _fill(page, counter)
            _answer(page, "Belum bisa dicek", "terlalu lama")
            expect(page.locator(".checked .open")).to_have_count(2)


def test_the_browser_folds_every_letter_as_python_does(chromium: Browser, counter: Counter) -> None:
    vectors = json.loads(PATH.read_text(encoding="ascii"))
    letters = [chr(n) for n in range(0x30000) if not 0xD800 <= n < 0xE000]
    changed = {letter: fold(letter) for letter in letters if fold(letter) != letter}
    with context(chromium) as profile:
        page = _open(profile, counter)
        wrong = page.evaluate(
            "changed => Object.entries(changed).filter(([one, folded]) => Stamp.fold(one) !== folded)",
            changed,
        )
        assert wrong == []
        serial, programme, day = vectors["facts"]
        for name, folded, hashed in vectors["names"]:
            assert page.evaluate("name => Stamp.fold(name)", name) == folded, name
            made = page.evaluate("facts => Stamp.factsHash(...facts)", [serial, name, programme, day])
            assert made == hashed, name


def _film(path: Path, text: str) -> Path:
    """Write one frame with a QR as a film (Y4M), as Chromium's camera made of a file wants it."""
    frame = Image.open(io.BytesIO(draw(text, size=720))).convert("YCbCr").resize((640, 640))
    y, blue, red = frame.split()
    body = y.tobytes() + b"".join(one.resize((320, 320)).tobytes() for one in (blue, red))
    path.write_bytes(b"YUV4MPEG2 W640 H640 F10:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + body) * 2)
    return path


def _read(picture: str) -> list[str]:
    image = Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2]))).convert("L")
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.fixture
def camera(counter: Counter, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser whose camera sees one QR."""
    text = request.param if request.param.startswith("https") else counter.address()
    film = _film(tmp_path / "qr.y4m", text)
    eyes = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    # The house's own browser runs already in this thread, and there is one driver in it.
    browser = request.getfixturevalue("chromium").browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, *eyes]
    )
    with context(browser) as profile:
        profile.expose_function("readPicture", _read)
        profile.add_init_script(DETECTOR)
        yield profile
    browser.close()


@pytest.mark.parametrize("camera", ["own"], indirect=True)
def test_a_scan_leads_to_the_answer_and_offline_fills_the_form(
    camera: BrowserContext, counter: Counter
) -> None:
    camera.grant_permissions(["camera"])
    page = camera.new_page()
    page.goto(f"{counter.house.url}/periksa")
    page.get_by_role("button", name="Pindai dengan kamera").click()
    expect(page).to_have_title("Asli dan berlaku · Penggerak")
    page = _open(camera, counter)
    page.get_by_role("button", name="Pindai dengan kamera").click()
    _answer(page, "Belum bisa dicek", "keempat isian")
    expect(page.locator("video")).to_be_hidden()
    assert page.evaluate("document.querySelector('video').srcObject") is None, "the camera is off again"


@pytest.mark.parametrize("camera", ["https://contoh.test/diskon"], indirect=True)
def test_another_qr_is_told_and_the_camera_goes_on_with_its_lamp(
    camera: BrowserContext, counter: Counter
) -> None:
    camera.grant_permissions(["camera"])
    camera.add_init_script(LAMP)
    page = camera.new_page()
    page.goto(f"{counter.house.url}/periksa")
    page.get_by_role("button", name="Pindai dengan kamera").click()
    page.get_by_role("button", name="Lampu", pressed=False).click()
    expect(page.get_by_role("button", name="Lampu", pressed=True)).to_be_visible()
    assert page.evaluate("window.isLit") is True
    expect(page.locator(".scan-said")).to_contain_text("bukan QR sertifikat")
    expect(page.locator("video")).to_be_visible()
    page.get_by_role("button", name="Tutup kamera").click()
    expect(page.locator("video")).to_be_hidden()
    expect(page.get_by_role("button", name="Pindai dengan kamera")).to_be_focused()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("NotAllowedError", "tidak diizinkan"),
        ("NotFoundError", "Tidak ada kamera"),
        ("AbortError", "tidak mau menyala"),
    ],
)
def test_a_camera_that_cannot_be_used_is_told(
    chromium: Browser, counter: Counter, error: str, sentence: str
) -> None:
    with context(chromium) as profile:
        profile.add_init_script(DETECTOR)
        profile.add_init_script(
            "if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia ="
            f" async () => {{ throw new DOMException('', '{error}'); }}"
        )
        page = profile.new_page()
        page.goto(f"{counter.house.url}/periksa")
        page.get_by_role("button", name="Pindai dengan kamera").click()
        expect(page.locator(".scan-said")).to_contain_text(sentence)
        assert_no_barrier(page, "scan", widths=(320, 1280, 360))


def test_without_a_reader_no_camera_is_offered_and_the_photo_stays(
    chromium: Browser, counter: Counter
) -> None:
    with context(chromium) as profile:
        profile.add_init_script("delete window.BarcodeDetector")
        page = profile.new_page()
        page.goto(f"{counter.house.url}/periksa")
        expect(page.get_by_label("Foto atau PDF sertifikat")).to_be_visible()
        expect(page.get_by_role("button", name="Pindai dengan kamera")).to_be_hidden()


def test_a_photo_that_is_let_fall_onto_the_page_is_checked(chromium: Browser, counter: Counter) -> None:
    photo = list(draw(counter.address(), form="JPEG"))
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"{counter.house.url}/periksa")
        page.evaluate(
            """bytes => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([new Uint8Array(bytes)], "foto.jpg", {type: "image/jpeg"}));
              for (const kind of ["dragover", "drop"])
                document.body.dispatchEvent(
                  new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true}));
            }""",
            photo,
        )
        expect(page).to_have_title("Asli dan berlaku · Penggerak")


def test_without_a_script_the_page_says_where_to_check(chromium: Browser, counter: Counter) -> None:
    with context(chromium, java_script_enabled=False) as profile:
        page = profile.new_page()
        page.goto(f"{counter.house.url}/periksa/luring")
        expect(page.locator("main")).to_contain_text("Tanpa JavaScript, periksalah saat ada sinyal")
        expect(page.locator("#luring")).to_be_hidden()
        page.get_by_role("link", name="Ada sinyal?").click()
        expect(page).to_have_title("Periksa sertifikat · Penggerak")
