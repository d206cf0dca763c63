"""The data of the book refuse to contradict themselves."""

import shutil
from pathlib import Path

import pytest

from courses.facts.book import DATA, read_book
from courses.facts.loading import BookFaults

HEAD = """schema: 1
as_of: "2026-11-22"
known_on: "2026-11-22"
sources:
  "A": {label: Sumber, where: "-"}
parameters:
"""
ENTRY = {
    "key": "jkm.benefit.funeral",
    "value": "3000000",
    "unit": "IDR",
    "valid_from": '"2015-07-01"',
    "valid_to": "null",
    "citation": '"PP 44/2015 Ps 34"',
    "confidence": "verified",
    "derived": "false",
    "sources": '["A"]',
    "note": '""',
}
LAW = """- id: pp-44-2015
  short: PP 44/2015
  title: JKK dan JKM
  title_en: Two programmes
  status: in_force
  valid_from: null
  url: "https://peraturan.go.id/id/pp-no-44-tahun-2015"
"""
TERM = """- id: bpu
  term: bukan penerima upah
  term_en: non-wage earner
  definition: Peserta tanpa upah.
  definition_en: A participant without a wage.
  cite: [pp-44-2015/5]
"""


def entry(**changes: str) -> str:
    """Return one entry as YAML; its first line is line 7 of the file, one field a line."""
    fields = {name: value for name, value in (ENTRY | changes).items() if value != "-gone-"}
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in fields.items()) + "\n"


def write(folder: Path, parameters: str, laws: str = LAW, terms: str = TERM) -> Path:
    (folder / "parameters.yaml").write_text(HEAD + parameters, encoding="utf-8")
    (folder / "laws.yaml").write_text(laws, encoding="utf-8")
    (folder / "glossary.yaml").write_text(terms, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(BookFaults) as refused:
        read_book(folder)
    return [str(fault) for fault in refused.value.faults]


def test_right_data_make_a_book(tmp_path: Path) -> None:
    book = read_book(write(tmp_path, entry()))

    assert list(book.facts) == ["jkm.benefit.funeral"]
    assert book.term("bpu").cite == ("pp-44-2015/5",)


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"key": "JKM"}, 7, "not a key"),
        ({"value": "0.24"}, 8, "float"),
        ({"value": '"tiga"'}, 8, "not a value"),
        ({"value": "-5"}, 8, "not a value"),
        ({"unit": "rupees"}, 9, "unknown unit"),
        ({"unit": "fraction", "value": "1"}, 8, "not a value"),
        ({"unit": "day_of_month", "value": "32"}, 8, "not a value"),
        ({"unit": "date", "value": '"2016-02-30"'}, 8, "not a value"),
        ({"unit": "rule", "value": "apa saja"}, 8, "shown"),
        ({"valid_from": '"2015-02-30"'}, 10, "valid_from"),
        ({"valid_from": '"0001-01-01"'}, 10, "1945"),
        ({"valid_to": '"kapan"'}, 11, "valid_to"),
        ({"valid_to": '"2014-01-01"'}, 11, "before"),
        ({"citation": '""'}, 12, "citation"),
        ({"citation": '"PP 1/1999 Ps 3"'}, 12, "PP 1/1999, which is not in the list of laws"),
        ({"citation": '"PP 44/2015 Ps 34; UU 40/2004 Ps 1"'}, 12, "UU 40/2004"),
        ({"known_from": '"2026-02-30"'}, 17, "known_from"),
        ({"known_from": '"2026-02-03"', "known_to": '"2026-02-02"'}, 18, "before known_from"),
        ({"confidence": "sure"}, 13, "confidence"),
        ({"derived": "maybe"}, 14, "derived"),
        ({"sources": '["X"]'}, 15, "unknown source"),
        ({"sources": "[]"}, 15, "unknown source"),
        ({"note": "-gone-"}, 7, "missing note"),
        ({"comment": "x"}, 17, "unknown field"),
        ({"shown": "{id: empat, en: four}"}, 17, "must contain the number"),
    ],
)
def test_a_faulty_fact_is_refused_with_its_line(
    tmp_path: Path, changes: dict[str, str], line: int, words: str
) -> None:
    found = faults(write(tmp_path, entry(**changes)))

    assert any(fault.startswith(f"parameters.yaml:{line}: ") and words in fault for fault in found), found


def test_values_of_a_key_that_overlap_are_refused(tmp_path: Path) -> None:
    early = entry(valid_to='"2019-12-02"')
    late = entry(valid_from='"2019-12-02"', value="10000000")

    assert faults(write(tmp_path, early + late)) == [
        "parameters.yaml:17: jkm.benefit.funeral from 2019-12-02 overlaps the value of line 7"
    ]


def test_days_between_two_values_are_refused(tmp_path: Path) -> None:
    early = entry(valid_to='"2019-11-30"')
    late = entry(valid_from='"2019-12-02"', value="10000000")

    assert faults(write(tmp_path, early + late)) == [
        "parameters.yaml:17: jkm.benefit.funeral from 2019-12-02 leaves a gap after 2019-11-30 of line 7: "
        "close it, or say why with after_gap"
    ]


def test_a_gap_with_a_reason_is_taken(tmp_path: Path) -> None:
    early = entry(valid_to='"2019-11-30"')
    late = entry(valid_from='"2020-01-01"', value="10000000", after_gap='"Diskon kedua."')

    assert len(read_book(write(tmp_path, early + late)).history("jkm.benefit.funeral")) == 2


def test_an_article_beyond_the_last_is_refused(tmp_path: Path) -> None:
    found = faults(write(tmp_path, entry(citation='"PP 44/2015 Ps 64"'), laws=LAW + "  articles: 63\n"))

    assert "parameters.yaml:12: PP 44/2015 has 63 articles: there is no Article 64 in it." in found


def test_what_was_superseded_does_not_overlap_what_is_known(tmp_path: Path) -> None:
    before = entry(known_to='"2026-11-30"')
    after = entry(value="4000000", known_from='"2026-12-01"')

    book = read_book(write(tmp_path, before + after))

    assert [fact.value for fact in book.history("jkm.benefit.funeral")] == [4_000_000]
    assert len(book.entries["jkm.benefit.funeral"]) == 2


def test_what_was_known_at_one_time_may_not_overlap(tmp_path: Path) -> None:
    before = entry(known_to='"2026-12-01"')
    after = entry(value="4000000", known_from='"2026-12-01"')

    assert "overlaps" in faults(write(tmp_path, before + after))[0]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ("jkm.benefit.funeral: {id: Biaya pemakaman}", "labels.yaml:1: jkm.benefit.funeral needs id and en"),
        ("jkm.nothing: {id: Apa, en: What}", "labels.yaml:1: jkm.nothing is no fact"),
        ("- jkm", "labels.yaml:1: must hold keys"),
    ],
)
def test_a_faulty_name_is_refused(tmp_path: Path, labels: str, words: str) -> None:
    folder = write(tmp_path, entry())
    (folder / "labels.yaml").write_text(labels, encoding="utf-8")

    assert any(words in fault for fault in faults(folder))


def test_the_same_fact_twice_is_refused(tmp_path: Path) -> None:
    assert "overlaps" in faults(write(tmp_path, entry() + entry()))[0]


def test_values_that_follow_each_other_are_taken(tmp_path: Path) -> None:
    early = entry(valid_to='"2019-12-01"')
    late = entry(valid_from='"2019-12-02"', value="10000000")

    assert len(read_book(write(tmp_path, late + early)).history("jkm.benefit.funeral")) == 2


@pytest.mark.parametrize(
    ("laws", "words"),
    [
        (LAW + LAW, "laws.yaml:8: pp-44-2015 is listed twice"),
        (LAW.replace("PP 44/2015", "PP 45/2015"), "laws.yaml:2: short must be"),
        (LAW.replace("in_force", "fine"), "laws.yaml:5: unknown status"),
        (LAW.replace("https://", "http://"), "laws.yaml:7: url"),
        (LAW + "  amended_by: [uu-1-1945]\n", "names the unknown law uu-1-1945"),
        (LAW + "  note: Hanya Indonesia\n", "both languages"),
        (LAW + "  colour: red\n", "laws.yaml:8: unknown field 'colour'"),
        (LAW.replace("pp-44-2015", "pp44"), "not an id"),
        ("just text\n", "laws.yaml:1: must hold a list"),
        (LAW + "- just text\n", "laws.yaml:8: an entry must have fields"),
    ],
)
def test_a_faulty_law_is_refused(tmp_path: Path, laws: str, words: str) -> None:
    found = faults(write(tmp_path, entry(), laws=laws))

    assert any(words in fault for fault in found), found


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (TERM + TERM, "glossary.yaml:7: bpu is explained already at glossary.yaml:1"),
        (TERM.replace("pp-44-2015", "pp-99-1999"), "glossary.yaml:6: unknown citation"),
        (TERM.replace("id: bpu", "id: BPU"), "glossary.yaml:1: 'BPU' is not an id"),
        (TERM.replace("Peserta tanpa upah.", '""'), "glossary.yaml:4: definition is empty"),
    ],
)
def test_a_faulty_term_is_refused(tmp_path: Path, terms: str, words: str) -> None:
    found = faults(write(tmp_path, entry(), terms=terms))

    assert any(words in fault for fault in found), found


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = faults(
        write(tmp_path, entry(unit="x") + entry(citation='""'), laws=LAW.replace("in_force", "fine"))
    )

    assert len(found) >= 3


def test_the_shipped_data_have_no_fault(tmp_path: Path) -> None:
    folder = shutil.copytree(DATA, tmp_path / "data")

    assert len(read_book(folder).facts) == 266
