"""The paper: two pages, everything on it, nothing cut, readable by machines."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest

from certificates.checking.pdf_rescue import search_code
from certificates.codes import show_code
from certificates.paper import CREDENTIAL_FILE, Printing, paper_html, render_paper, render_papers
from certificates.record import ModuleResult
from lms.core.errors import Conflict
from lms.core.typeface import even_width, fitting_size, line_count, missing_characters
from tests.certificates.samples import LONGEST, make_record

pytestmark = pytest.mark.usefixtures("renderer")

BASE = "https://penggerak.contoh.test"


def text_of(body: bytes) -> list[str]:
    """Return the text of each page with single blanks."""
    document = pypdfium2.PdfDocument(body)
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return pages


def test_many_papers_are_one_file_that_is_no_certificate_itself() -> None:
    long = make_record(LONGEST["name"], organisation=LONGEST["organisation"], title=LONGEST["title"])

    body = render_papers([make_record("Ani"), long, make_record("Budi")], title="Semua", base_url=BASE)

    pages = text_of(body)
    assert len(pages) == 6
    assert "Ani" in pages[0]
    assert "Budi" in pages[4]
    assert "Halaman" not in pages[1]
    assert search_code(body) is None


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


def test_everything_at_its_longest_still_fits_two_pages_and_nothing_is_cut() -> None:
    first, _ = text_of(render_paper(make_record(**LONGEST), base_url=BASE))
    packed = first.replace(" ", "").casefold()
    for text in LONGEST.values():
        assert text.replace(" ", "").casefold() in packed


def test_a_long_transcript_takes_more_pages_and_the_first_stays_one() -> None:
    modules = [ModuleResult(1 + i // 30, f"Modul nomor {i + 1}", "external", 45, "70.0") for i in range(60)]
    pages = text_of(render_paper(replace(make_record(), modules=modules), base_url=BASE))
    assert len(pages) > 2
    assert f"Halaman 2 dari {len(pages)}" in pages[1]
    assert all(show_code(make_record().code) in page for page in pages)
    assert "diberikan kepada" in pages[0]
    assert "Modul" not in pages[0]
    assert all(any(module.title in page for page in pages[1:]) for module in modules)


def test_how_it_met_until_when_it_holds_and_by_what_right_it_is_signed_stand_on_it() -> None:
    plain = make_record()
    record = replace(
        plain,
        expires_on="2019-10-20",
        run=replace(plain.run, mode="mixed"),
        office=replace(plain.office, signatory_mandate="Surat Kuasa Nomor 12 Tahun 2016"),
    )
    first, _ = text_of(render_paper(record, base_url=BASE))
    assert "secara tatap muka dan daring" in first
    assert "Berlaku sampai 20 Oktober 2019." in first
    assert "Valid until 20 October 2019." in first
    assert "Surat Kuasa Nomor 12 Tahun 2016" in first


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


def test_the_credential_is_carried_as_it_is() -> None:
    text = '{"nama":"Ṣāliḥ"}'
    body = render_paper(make_record(), base_url=BASE, credential=text)
    with pikepdf.open(io.BytesIO(body)) as document:
        assert list(document.attachments) == [CREDENTIAL_FILE]
        carried = document.attachments[CREDENTIAL_FILE].get_file()
        assert carried.read_bytes() == text.encode()
        assert carried.creation_date == datetime(2016, 10, 20, 9, 4, tzinfo=UTC)


def test_a_voice_reads_the_paper_as_it_is_meant() -> None:
    """Headings, tables with headers, the picture's text; signature and code after what they stand below."""
    with pikepdf.open(io.BytesIO(render_paper(make_record(), base_url=BASE))) as document:
        elements = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        kinds = [str(one.S) for one in elements if one.get("/Type") == "/StructElem"]
        (figure,) = [one for one in elements if one.S == "/Figure"]
    assert [kinds.count(kind) for kind in ("/H1", "/H2", "/H3", "/Table")] == [1, 1, 2, 2]
    assert kinds.count("/TH") == 4
    assert kinds.index("/H1") < kinds.index("/Figure") < kinds.index("/H2")
    assert str(figure.Alt) == "Kode QR menuju halaman pemeriksaan sertifikat ini"


def test_metadata_come_from_the_record() -> None:
    document = pypdfium2.PdfDocument(render_paper(make_record(), base_url=BASE))
    found = document.get_metadata_dict()
    document.close()
    assert found["Title"] == "Sertifikat 00001/PK/K1/X/2016 – Siti Aminah"
    assert found["Author"] == "Kantor Cabang Contoh"
    assert found["CreationDate"].startswith("D:20161020090400")


def test_the_code_is_found_in_the_file() -> None:
    record = make_record()
    assert search_code(render_paper(record, base_url=BASE)) == record.code


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
    html = paper_html(Printing(make_record(), BASE))
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


def test_lines_of_a_name_are_about_as_long_and_no_title_stands_alone_on_the_last() -> None:
    name = "Prof. Dr. H. Raden Mas Suryodiningrat Kusumowardhani Hadiningrat, S.H., M.Hum., Ph.D."

    document = pypdfium2.PdfDocument(render_paper(make_record(name), base_url=BASE))
    lines = document[0].get_textpage().get_text_bounded().splitlines()
    document.close()

    assert [line.strip() for line in lines if "Prof." in line or "Ph.D." in line] == [
        "Prof. Dr. H. Raden Mas Suryodiningrat",
        "Kusumowardhani Hadiningrat, S.H., M.Hum., Ph.D.",
    ]
    assert line_count(name, 24, even_width(name, 24, 690)) == line_count(name, 24, 690) == 2
    assert even_width("Siti Aminah", 33, 690) == 690


def test_missing_characters_are_named_once() -> None:
    assert missing_characters("Ṣāliḥ Nguyễn é") == ""
    assert missing_characters("漢a漢字") == "漢字"
