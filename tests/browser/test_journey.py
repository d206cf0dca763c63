"""The main job from door to door: four people, one training, one certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import LAPTOP, Site
from tests.browser.people import Organiser, Trainee, Trainer, Words, download

OpenBrowser = Callable[..., BrowserContext]

ROSTER = """nama;unsur;organisasi;wilayah;telepon
Wagini Contoh;perangkat desa;Desa Contoh;Kab. Madiun;
Sarmin Contoh;gapoktan;Gapoktan Contoh;Ngawi;
"""


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        pytest.param("id", True, id="Indonesian"),
        pytest.param("id", False, id="Indonesian without JavaScript"),
        pytest.param("en", True, id="English"),
    ],
)
def test_from_an_empty_cohort_to_a_certificate_a_stranger_checks(
    site: Site, open_browser: OpenBrowser, tmp_path: Path, language: str, scripts: bool
) -> None:
    words = Words(language)
    laptop = {"viewport": LAPTOP, "java_script_enabled": scripts}
    phone = {"java_script_enabled": scripts}
    roster = tmp_path / "peserta.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    stem = f"Soal contoh {language} {scripts}: pilihan mana yang benar?"

    organiser = Organiser(open_browser(**laptop), words)
    organiser.sign_in_with_password(site.account("organiser"))
    cohort_id = organiser.set_up_cohort(f"Angkatan uji {language} {scripts}")
    organiser.send_roster(cohort_id, roster)
    card = organiser.read_card(cohort_id, "Wagini Contoh")

    trainer = Trainer(open_browser(**laptop), words)
    trainer.sign_in_with_password(site.account("trainer"))
    trainer.write_question(stem)
    trainer.put_into_quiz("Kuis mengenal kader", stem)
    trainer.move_cohort_on(cohort_id)

    trainee = Trainee(open_browser(**phone), words)
    trainee.sign_in_with_card(card)
    trainee.do_everything(site, scripts=scripts)
    assert any(stem in text for text in trainee.met)

    trainee.page.goto("/sertifikat")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", trainee.page.content())
    assert code
    pdf = download(trainee, "Download PDF")
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 200_000

    stranger = open_browser(**phone).new_page()
    stranger.goto("/periksa")
    stranger.locator("input[name=kode]").fill(code[0].lower().replace("-", " "))
    stranger.locator("form:has(input[name=kode]) button").first.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(Words("id")("This certificate is genuine"))
    expect(stranger.locator("main")).to_contain_text("W*** C***")
