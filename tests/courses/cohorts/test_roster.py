"""Reading rosters, whatever program wrote them, whatever people call things, whoever wants to break it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from courses.cohorts.elements import LABELS, read_element
from courses.cohorts.phones import read_phone, show_phone
from courses.cohorts.regions import load_regions, read_region, show_region
from courses.cohorts.roster import Person, check_row, read_roster, roster_from_json
from lms.core.errors import Invalid
from tests.courses.cohorts import files
from tests.courses.cohorts.files import BUDI, HEADER, SITI

SITI_READ = Person("Siti Aminah", "academic", "SMK Contoh", "35.77", "+6281234567890")


def people(body: bytes, name: str = "a.csv") -> list[Person | None]:
    return [check_row(row).person for row in read_roster(body, name).rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_way_to_save_a_csv_is_read(delimiter: str, encoding: str) -> None:
    body = files.csv_bytes(
        HEADER, [*SITI[:2], "SMK “Café”", *SITI[3:]], delimiter=delimiter, encoding=encoding
    )

    (person,) = people(body)

    assert person == Person("Siti Aminah", "academic", "SMK “Café”", "35.77", "+6281234567890")


def test_excel_keeps_the_digits_of_a_number_it_shortened() -> None:
    body = files.xlsx_bytes(HEADER, [*SITI[:3], 35.2, 81234567890])

    (person,) = people(body, "a.xlsx")

    assert person == Person("Siti Aminah", "academic", "SMK Contoh", "35.20", "+6281234567890")


def test_the_header_is_found_below_a_title_in_any_order_and_language() -> None:
    body = files.csv_bytes(
        ["Daftar peserta"],
        [],
        ["No", "No. HP", "Kab/Kota *", "Full name", "UNSUR (pilih)", "Instansi"],
        ["1", "+62 812 3456 7890", "35.77", "Siti Aminah", "academic", "SMK Contoh"],
    )

    roster = read_roster(body, "a.csv")

    assert check_row(roster.rows[0]).person == SITI_READ
    assert roster.rows[0].line == 4
    assert roster.ignored == ("No",)


def test_a_hint_of_excel_about_the_separator_is_followed() -> None:
    assert people(b"sep=,\r\n" + files.csv_bytes(HEADER, SITI, delimiter=",")) == [SITI_READ]


def test_names_with_commas_in_quotes_stay_whole() -> None:
    body = files.csv_bytes(HEADER, ['"Siti Aminah, S.Pd."', *SITI[1:]], delimiter=",")

    (person,) = people(body)

    assert person is not None
    assert person.name == "Siti Aminah, S.Pd."


def test_rows_survive_the_way_through_the_draft() -> None:
    roster = read_roster(files.csv_bytes(HEADER, SITI, BUDI), "a.csv")

    assert roster_from_json(roster.as_json()) == roster.rows


def test_invisible_and_turning_characters_are_taken_out_of_names() -> None:
    (person,) = people(files.csv_bytes(HEADER, ["Siti\u202e\u200b Aminah\x07", *SITI[1:]]))

    assert person is not None
    assert person.name == "Siti Aminah"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({0: ""}, "name"),
        ({0: "=1+1"}, "name"),
        ({0: "@SUM(A1)"}, "name"),
        ({0: "12345"}, "name"),
        ({0: "Siti 🌾"}, "name"),
        ({2: "أمينة"}, "organisation"),
        ({0: "A" * 201}, "name"),
        ({1: ""}, "element"),
        ({1: "Petualang"}, "element"),
        ({2: ""}, "organisation"),
        ({2: "x" * 201}, "organisation"),
        ({3: ""}, "region_code"),
        ({3: "Madiun"}, "region_code"),
        ({3: "Konoha"}, "region_code"),
        ({3: "35.99"}, "region_code"),
        ({4: "8,12E+10"}, "phone"),
        ({4: "123"}, "phone"),
        ({4: "nanti"}, "phone"),
    ],
)
def test_a_faulty_cell_is_named_by_its_field(change: dict[int, str], field: str) -> None:
    row = [change.get(place, cell) for place, cell in enumerate(SITI)]

    (written,) = read_roster(files.csv_bytes(HEADER, row), "a.csv").rows
    checked = check_row(written)

    assert checked.person is None
    assert list(checked.faults) == [field]


def test_a_row_tells_everything_that_is_wrong_at_once() -> None:
    (written,) = read_roster(files.csv_bytes(HEADER, ["", "x", "", "y", "z"]), "a.csv").rows

    assert set(check_row(written).faults) == {"name", "element", "organisation", "region_code", "phone"}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"  \r\n "),
        ("only-a-header.csv", files.csv_bytes(HEADER)),
        ("no-header.csv", files.csv_bytes(SITI, BUDI)),
        ("column-missing.csv", files.csv_bytes(HEADER[:2], SITI[:2])),
        ("column-twice.csv", files.csv_bytes([*HEADER, "Nama lengkap"], [*SITI, "x"])),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
        ("nul.csv", b"Nama;Unsur\0;Organisasi"),
        ("open-quote.csv", files.csv_bytes(HEADER) + b'\r\n"' + b"x" * 200_000),
        ("too-many.csv", files.csv_bytes(HEADER, *[BUDI] * 2001)),
        ("far-too-many.csv", files.csv_bytes(HEADER, *[BUDI] * 9000)),
        ("workbook.csv", files.xlsx_bytes(HEADER, SITI)),
        ("workbook.pdf", files.xlsx_bytes(HEADER, SITI)),
        ("text.xlsx", files.csv_bytes(HEADER, SITI)),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("cut.xlsx", files.xlsx_bytes(HEADER, SITI)[:2000]),
        ("zip.xlsx", files.xlsx_with({"xl/workbook.xml": b"<workbook/>"})),
        ("broken-xml.xlsx", files.xlsx_with({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})),
        ("bomb.xlsx", files.zip_bomb()),
        ("entries.xlsx", files.many_entries()),
        ("entities.xlsx", files.entity_bomb()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_roster_is_refused_with_a_sentence(name: str, body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_roster(body, name)

    assert refused.value.field == "file"
    assert str(refused.value.message)


def test_a_sheet_that_claims_a_million_rows_and_columns_is_read_only_as_far_as_we_go() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>Unsur</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )

    with pytest.raises(Invalid):
        read_roster(files.xlsx_with({"xl/worksheets/sheet1.xml": sheet}), "a.xlsx")


def test_two_thousand_rows_are_taken() -> None:
    assert len(read_roster(files.csv_bytes(HEADER, *[BUDI] * 2000), "a.csv").rows) == 2000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("35.19", "35.19"),
        ("3519", "35.19"),
        ("35,19", "35.19"),
        ("35.2", "35.20"),
        ("Kab. Madiun", "35.19"),
        ("KABUPATEN MADIUN", "35.19"),
        ("Kab.Madiun", "35.19"),
        ("Kota Madiun", "35.77"),
        ("Madiun (Kota)", "35.77"),
        ("Kotamadya Madiun", "35.77"),
        (" ngawi ", "35.21"),
        ("Surabaya", "35.78"),
        ("Sleman", "34.04"),
        ("Lima Puluh Kota", "13.07"),
        ("Kab. Lima Puluh Kota", "13.07"),
        ("Jakarta Selatan", "31.74"),
        ("Kota Adm. Jakarta Selatan", "31.74"),
        ("kota baubau", "74.72"),
        ("Tojo Una-Una", "72.09"),
    ],
)
def test_a_region_is_known_by_code_and_by_the_names_people_write(text: str, code: str) -> None:
    assert read_region(text) == code


def test_a_name_nearly_right_is_answered_with_the_right_one() -> None:
    with pytest.raises(Invalid, match="Did you mean Kab\\. Bojonegoro"):
        read_region("Bojonogoro")


def test_all_regions_of_the_country_are_there_and_read_back_what_is_shown() -> None:
    assert len(load_regions()) == 514
    for code in load_regions():
        assert read_region(code) == code
        assert read_region(show_region(code)) == code


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_label_of_every_element_is_read_back_in_both_languages(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        for key, label in LABELS.items():
            assert read_element(str(label)) == key.value


@pytest.mark.parametrize(
    "text", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "81234567890", "0812.3456.7890"]
)
def test_a_telephone_number_has_one_form(text: str) -> None:
    assert read_phone(text) == "+6281234567890"
    assert show_phone(read_phone(text)) == "0812-3456-7890"


def test_no_telephone_number_is_none() -> None:
    assert read_phone("  ") is None
