"""The paper: two pages, everything on it, nothing cut, readable by machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from certificates.codes import show_code
from certificates.embedded import find_code
from certificates.paper import paper_html, render_paper, render_papers
from certificates.record import ModuleResult
from lms.core import pdf
from lms.core.errors import Conflict
from lms.core.typeface import fitting_size, line_count, missing_characters
from tests.certificates.samples import make_record

BASE = "https://penggerak.contoh.test"
LONG = {
    "name": ("Wirasasmita " * 17)[:199].strip(),
    "organisation": ("Organisasi panjang " * 12)[:199].strip(),
    "title": ("Judul Pelatihan " * 13)[:199].strip(),
    "place": ("Hotel panjang sekali " * 15)[:299].strip(),
    "office": ("Kantor Cabang " * 15)[:199].strip(),
    "address": ("Jalan panjang " * 22)[:299].strip(),
}
NAMES = [
    "Sri",
    "Siti Nurhaliza binti Abdullah",
    "R.M. Ng. Soerjo Koesoemo, S.H., M.Hum.",
    "I Gusti Ayu Putu Kéṭut Ḍarmawati",
    "Ṣāliḥ ibn ʿAbd ar-Raḥmān",
    "Nguyễn Thị Phương Thảo",
    "Prawiradilaga-Hadikusumoningrat-Kartanegara-Wirasasmita-Suryadiningrat",
]


@pytest.fixture(scope="module", autouse=True)
def _close_renderer() -> Iterator[None]:
    yield
    pdf._close()


def text_of(body: bytes) -> list[str]:
    """Return the text of each page with single blanks."""
    document = pypdfium2.PdfDocument(body)
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return pages


def test_many_papers_are_one_file_that_is_no_certificate_itself() -> None:
    long = make_record(LONG["name"], organisation=LONG["organisation"], title=LONG["title"])

    body = render_papers([make_record("Ani"), long, make_record("Budi")], title="Semua", base_url=BASE)

    pages = text_of(body)
    assert len(pages) == 6
    assert "Ani" in pages[0]
    assert "Budi" in pages[4]
    assert "Halaman" not in pages[1]
    assert find_code(body) is None


def test_both_pages_say_what_they_must() -> None:
    record = make_record()
    first, second = text_of(render_paper(record, base_url=BASE))
    for text in (
        record.holder.name,
        record.serial,
        record.programme.title,
        record.programme.title_en,
        "19–20 Oktober 2016",
        "19–20 October 2016",
        "16 jam pelajaran",
        "86,7",
        show_code(record.code),
        "penggerak.contoh.test/v",
        record.office.signatory_name,
        "Madiun, 20 Oktober 2016",
    ):
        assert text in first, text
    assert "CONTOH:" not in first
    assert all(module.title in second for module in record.modules)


@pytest.mark.parametrize("name", NAMES)
def test_any_latin_name_is_on_the_paper_in_full(name: str) -> None:
    first, second = text_of(render_paper(make_record(name), base_url=BASE))
    squeezed = name.replace(" ", "").replace("-", "")
    assert squeezed in first.replace(" ", "").replace("-", "").replace("\ufffe", "")
    assert squeezed in second.replace(" ", "").replace("-", "").replace("\ufffe", "")


def test_everything_at_its_longest_still_fits_two_pages_and_nothing_is_cut() -> None:
    first, _ = text_of(render_paper(make_record(**LONG), base_url=BASE))  # type: ignore[arg-type]
    packed = first.replace(" ", "").casefold()
    for text in LONG.values():
        assert text.replace(" ", "").casefold() in packed


def test_a_long_transcript_takes_more_pages_and_the_first_stays_one() -> None:
    modules = [ModuleResult(1 + i // 30, f"Modul nomor {i + 1}", "external", 45, "70.0") for i in range(60)]
    pages = text_of(render_paper(replace(make_record(), modules=modules), base_url=BASE))
    assert len(pages) > 2
    assert "diberikan kepada" in pages[0]
    assert "Modul" not in pages[0]
    assert all(any(module.title in page for page in pages[1:]) for module in modules)


def test_a_sample_says_so_on_both_pages() -> None:
    for page in text_of(render_paper(make_record(is_demo=True), base_url=BASE)):
        assert "CONTOH:" in page


def test_a_sign_without_a_shape_is_told_and_not_printed() -> None:
    with pytest.raises(Conflict) as caught:
        render_paper(make_record("Siti 漢 Aminah"), base_url=BASE)
    assert "漢" in str(caught.value.message)


def test_markup_in_a_name_is_text() -> None:
    name = '<img src="http://127.0.0.1:9/x"> {{7*7}} & Co'
    assert name in text_of(render_paper(make_record(name), base_url=BASE))[0]


def test_the_same_record_gives_the_same_bytes_small_and_without_attachments() -> None:
    record = make_record()
    body = render_paper(record, base_url=BASE)
    render_paper(make_record("Somebody Else"), base_url=BASE)
    assert render_paper(record, base_url=BASE) == body
    assert len(body) < 60_000
    assert b"/EmbeddedFile" not in body
    assert b"/JavaScript" not in body


def test_metadata_come_from_the_record() -> None:
    document = pypdfium2.PdfDocument(render_paper(make_record(), base_url=BASE))
    found = document.get_metadata_dict()
    document.close()
    assert found["Title"] == "Sertifikat 00001/PK/K1/X/2016 – Siti Aminah"
    assert found["Author"] == "Kantor Cabang Contoh"
    assert found["CreationDate"].startswith("D:20161020090400")


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_a_scanner_reads_the_code_from_the_page(dpi: int) -> None:
    record = make_record()
    document = pypdfium2.PdfDocument(render_paper(record, base_url=BASE))
    picture = document[0].render(scale=dpi / 72).to_pil()
    document.close()
    found = zxingcpp.read_barcodes(picture)
    assert [code.text for code in found] == [f"HTTPS://PENGGERAK.CONTOH.TEST/V/{record.code}"]


def test_the_code_is_found_in_the_file() -> None:
    record = make_record()
    assert find_code(render_paper(record, base_url=BASE)) == record.code


def test_the_notes_stand_below_the_transcript() -> None:
    record = make_record()
    document = pypdfium2.PdfDocument(render_paper(record, base_url=BASE))
    page = document[1].get_textpage()

    def bottom(text: str) -> float:
        found = page.search(text).get_next()
        assert found is not None, text
        return min(page.get_charbox(found[0] + i)[1] for i in range(found[1]))

    last = min(bottom(module.title) for module in record.modules)
    notes = bottom("Angka peraturan")
    page.close()
    document.close()
    assert notes < last


def test_the_document_declares_its_language_and_marks_the_english_parts() -> None:
    html = paper_html(make_record(), base_url=BASE)
    assert '<html lang="id">' in html
    assert 'lang="en">Certificate of Completion' in html


def test_long_names_are_set_smaller_step_by_step() -> None:
    sizes = [fitting_size("x" * n, ((29, 1), (24, 1), (20, 1), (17, 3)), 690) for n in (10, 50, 60, 70, 150)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 29
    assert sizes[-1] == 17


def test_lines_are_counted_as_they_break() -> None:
    assert line_count("satu", 10, 500) == 1
    assert line_count("satu " * 100, 10, 500) > 3
    assert line_count("x" * 500, 10, 500) >= 4


def test_missing_characters_are_named_once() -> None:
    assert missing_characters("Ṣāliḥ Nguyễn é") == ""
    assert missing_characters("漢a漢字") == "漢字"
