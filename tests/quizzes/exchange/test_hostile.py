"""Files somebody made to do harm, or that were harmed on their way, by every reader: a clear error, soon.

Whatever comes is either read, told as faults, or refused as `Unreadable`; anything else is a bug of ours.
"""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import force_locale

from quizzes.exchange.checking import source_faults
from quizzes.exchange.contract import Read, Reader, ReadQuestion, Unreadable
from quizzes.exchange.decoding import without_zeros
from quizzes.exchange.formats import READERS
from quizzes.exchange.imports.reading import find_reader, read_all
from quizzes.exchange.limits import MAX_BYTES, MAX_TEXT
from tests.courses.catalogue.hostile import encrypted, link, packed
from tests.quizzes.exchange.fixtures import FIXTURES, Fixture
from tests.quizzes.exchange.many import MANY

SOON = 1.0
"""Seconds of work until a file is refused."""
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
BOMB = b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a0 "ha">' + LAUGHS + b"]><quiz>&a9;</quiz>"
OUTSIDE = (
    b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<quiz><question type="essay">&x;</question></quiz>'
)
DEEP = b"<quiz>" + b"<a>" * 200_000
PARTS = ("word/document.xml", "xl/workbook.xml", "imsmanifest.xml")


def zipped(body: bytes) -> bytes:
    """Return a zip whose parts all hold ``body``, so that each reader of packages finds one of its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *PARTS, "assessment.xml"):
            archive.writestr(name, body)
    return made.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "blank": lambda: b" \r\n\t" * 100,
    "NUL": lambda: b"\0" * 5_000,
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "entities": lambda: BOMB,
    "outside entity": lambda: OUTSIDE,
    "deep": lambda: DEEP,
    "UTF-16 without mark": lambda: "Siapa?\nA. a\nB. b\nANSWER: A\n".encode("utf-16-le"),
    "half a letter": lambda: "Siapa?\nA. a\nB. b\nANSWER: A\n".encode("utf-16")[:-1],
    "wrong letters": lambda: b"<?xml version='1.0' encoding='utf-7'?><quiz>+ADw-</quiz>",
    "cell of 10 MB": lambda: b"1. " + b"x" * 10_000_000 + b"\na. x\nb. y\nKunci: A\n",
    "braces": lambda: b"{" * 200_000,
    "marks": lambda: b"::" * 100_000 + b"{=" * 100_000,
    "quotes": lambda: b'"' * 200_001,
    "separators": lambda: b"," * 1_000_000,
    "lines": lambda: b"\n".join([b"x"] * 100_000),
    "options": lambda: b"1. a\n" + b"A. x\n" * 100_000 + b"ANSWER: A\n",
    "traversal": lambda: packed(("../../imsmanifest.xml", b"<manifest/>")),
    "link": link,
    "encrypted": encrypted,
    "zip bomb": lambda: zipped(b"\0" * 5_000_000),
    "entities in a zip": lambda: zipped(BOMB),
    "outside entity in a zip": lambda: zipped(OUTSIDE),
    "half a zip": lambda: zipped(b"<manifest/>")[:200],
    "many files": lambda: packed(
        *((f"{number}.xml", b"") for number in range(21_000)), method=zipfile.ZIP_STORED
    ),
}
_TEXT_ROWS, _PARSER = "quizzes.exchange.sheets.rows._text_rows", "lms.core.xml_reader.expat.ParserCreate"
NOT_ENTERED = {
    "QTI 1.2 in a package": _PARSER,
    "QTI 3 in a package": "quizzes.exchange.packages.zipfile.ZipFile",
    "CSV": _TEXT_ROWS,
    "Kahoot": _TEXT_ROWS,
    "Quizizz": _TEXT_ROWS,
    "XLSX": "quizzes.exchange.sheets.rows.openpyxl.load_workbook",
    "Word": _PARSER,
}
"""What would begin to read a file that is too large; where none is named, the reader itself."""
_made: dict[str, bytes] = {}


def body_of(name: str) -> bytes:
    """Return a hostile file, made once for all readers."""
    if name not in _made:
        _made[name] = HOSTILE[name]()
    return _made[name]


def tried(reader: Reader, data: bytes, name: str) -> list[Read]:
    """Return what a reader makes of a file; nothing where it refuses it."""
    begun = time.process_time()
    try:
        found = list(reader.read(data, name))
    except Unreadable:
        found = []
    spent = time.process_time() - begun
    assert spent < SOON * 3, f"{reader.key} took {spent:.1f} s"
    return found


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.key)
def test_a_hostile_file_is_read_or_refused(app: Flask, reader: Reader, name: str) -> None:
    data = body_of(name)
    with app.test_request_context():
        for ending in reader.endings[:2]:
            reader.recognises(data, f"soal{ending}")
            for one in tried(reader, data, f"soal{ending}"):
                if isinstance(one, ReadQuestion):
                    assert source_faults(one.kind, one.source, one.files) == []
                    assert max(len(str(text)) for text in one.source.values()) <= 20 * MAX_TEXT


@pytest.mark.parametrize(
    "name", ["entities", "outside entity", "entities in a zip", "outside entity in a zip"]
)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.key)
def test_no_entity_is_followed(app: Flask, reader: Reader, name: str) -> None:
    with app.test_request_context():
        said = str(tried(reader, body_of(name), f"soal{reader.endings[0]}"))
    assert "root:" not in said
    assert "hahahaha" not in said


@pytest.mark.parametrize("name", ["zip bomb", "entities", "deep", "many files", "half a zip"])
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.key)
def test_memory_stays_bounded(app: Flask, reader: Reader, name: str) -> None:
    data = body_of(name)
    with app.test_request_context():
        tracemalloc.start()
        try:
            list(reader.read(data, f"soal{reader.endings[0]}"))
        except Unreadable:
            pass
        finally:
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert most < 40_000_000


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda one: f"{one.path.parent.name}-{one.path.stem}")
def test_half_a_file_is_read_as_far_as_it_goes_or_refused(app: Flask, fixture: Fixture) -> None:
    with app.test_request_context():
        for share in (3, 2):
            tried(fixture.reader, fixture.data[: len(fixture.data) // share], fixture.name)


@pytest.mark.parametrize("what", MANY)
def test_a_hundred_thousand_questions_are_refused_unread(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    key, name, make = MANY[what]
    data = make(100_000)
    reader = type(next(reader for reader in READERS if reader.key == key))

    def enter(*_given: object, **_named: object) -> None:
        raise AssertionError("it is being read")

    if what in NOT_ENTERED:
        monkeypatch.setattr(NOT_ENTERED[what], enter)
    else:
        monkeypatch.setattr(reader, "read", enter)
    with app.test_request_context(), force_locale("en"):
        with pytest.raises(Unreadable) as caught:
            read_all(data, name, key=key)
        said = str(caught.value.message)
    assert "more than" in said.casefold()
    assert "Split" in said


@pytest.mark.parametrize("what", MANY)
def test_what_counts_questions_does_not_count_too_many(app: Flask, what: str) -> None:
    key, name, make = MANY[what]
    reader = next(reader for reader in READERS if reader.key == key)
    with app.test_request_context():
        assert reader.least(without_zeros(make(7))) in {0, 7}
        for fixture in FIXTURES:
            if fixture.reader.key == key and "unreadable" not in fixture.wanted:
                wanted = fixture.wanted.get("questions", []), fixture.wanted.get("faults", [])
                assert reader.least(without_zeros(fixture.data)) <= 2 * sum(map(len, wanted)) + 2
        assert name.endswith(reader.endings)


def test_what_is_refused_says_why(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Unreadable) as caught:
        read_all(body_of("zip bomb"), "soal.zip")
    assert str(caught.value.message)


def test_more_bytes_than_we_read_are_refused_at_once(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Unreadable, match=f"{MAX_BYTES // 1_000_000} MB"):
        find_reader(b"x" * (MAX_BYTES + 1), "soal.txt")
