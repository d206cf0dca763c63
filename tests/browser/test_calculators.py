"""The calculators as people use them: without a script, on a phone, in both colours, on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from tests.browser.barriers import WIDTHS, assert_no_barrier
from tests.browser.conftest import House, context, house_in

pytestmark = pytest.mark.browser

SUMS = {
    "pu": "upah=15.000.000&risiko=sangat_tinggi",
    "bpu": "dasar=20.700.000&jht=ya",
    "jakon": "kontrak=12.500.000.000",
    "jkk": "upah=3.000.000&akibat=meninggal&bulan_stmb=14&angkutan=laut&biaya_angkutan=1.000.000"
    "&anak1_tk_sd=8&anak1_smp=3&anak1_sma=3&anak1_kuliah=5&anak2_tk_sd=8&anak2_smp=3&anak2_sma=3&anak2_kuliah=5",
    "jkm": "bulan_peserta=48&bulan_iur=48&anak1_tk_sd=8&anak1_smp=3&anak1_sma=3&anak1_kuliah=5"
    "&anak2_tk_sd=8&anak2_smp=3&anak2_sma=3&anak2_kuliah=5",
    "jht": "upah=3.000.000&bulan=360&hasil_setahun=5,5",
    "jp": "keadaan=pensiun&bulan_iur=240&rata_upah=4.000.000",
    "jkp": "upah=6.000.000&alasan=phk&bulan=6&bulan_iur=24&usia_daftar=30&bulan_sejak_phk=1",
}


@pytest.fixture(scope="module")
def empty_house(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_in(template_instance, tmp_path_factory.mktemp("calculators"), lambda _app: None) as house:
        yield house


def test_a_sum_is_made_without_a_script_and_its_address_can_be_passed_on(
    chromium: Browser, empty_house: House
) -> None:
    with context(chromium, java_script_enabled=False) as profile:
        page = profile.new_page()
        page.goto(f"{empty_house.url}/hitung")
        page.get_by_role("link", name="Iuran pekerja penerima upah").click()
        page.get_by_label("Upah", exact=True).fill("2.000.000")
        page.get_by_label("Tanggal hukum").fill("2016-10-19")
        page.get_by_role("button", name="Hitung").click()

        assert page.get_by_text("Rp184.800").first.is_visible()
        address = page.url
        page.goto(address)
        assert page.get_by_text("Rp184.800").first.is_visible()


@pytest.mark.parametrize("name", SUMS)
def test_nothing_keeps_anybody_out_of_a_result(chromium: Browser, empty_house: House, name: str) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"{empty_house.url}/hitung/{name}?{SUMS[name]}")

        assert_no_barrier(page, name, widths=WIDTHS)


def test_nothing_keeps_anybody_out_of_a_fault(chromium: Browser, empty_house: House) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"{empty_house.url}/hitung/pu?upah=Rp+1,5+juta&jht=mungkin")

        assert page.locator(".field-error").count() == 2
        assert_no_barrier(page, "pu with faults", widths=WIDTHS)


@pytest.mark.parametrize("name", SUMS)
def test_a_result_prints_on_one_side_of_a4(chromium: Browser, empty_house: House, name: str) -> None:
    with context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"{empty_house.url}/hitung/{name}?{SUMS[name]}")
        paper = pypdfium2.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))

        assert len(paper) == 1
        width, height = paper[0].get_size()
        assert (round(width), round(height)) == (595, 842)
