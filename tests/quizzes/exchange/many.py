"""Files with very many questions, one of each format, made as quickly as text can be put together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.quizzes.exchange.word.word_files import W

_TEXT = "{0}. Siapa yang mendaftarkan pekerja ke-{0}?\nA. Pemberi kerja {0}\nB. Tetangga {0}\n"
_CELLS = "Siapa {0}?{1}Pemberi kerja{1}Tetangga{1}"


def _pasted(count: int) -> bytes:
    return "".join(_TEXT.format(n) + "Kunci: A\n\n" for n in range(1, count + 1)).encode()


def _starred(count: int) -> bytes:
    return "".join(_TEXT.format(n).replace("A.", "*A.") + "\n" for n in range(1, count + 1)).encode()


def _aiken(count: int) -> bytes:
    return "".join(f"Siapa {n}?\nA. a\nB. b\nANSWER: A\n\n" for n in range(count)).encode()


def _gift(count: int) -> bytes:
    return "".join(f"::s{n}::Siapa {n}? {{=pemberi kerja ~tetangga}}\n\n" for n in range(count)).encode()


def _moodle(count: int) -> bytes:
    body = "".join(
        f"<question type='truefalse'><name><text>{n}</text></name><questiontext><text>Siapa {n}?</text>"
        "</questiontext><answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false"
        "</text></answer></question>\n"
        for n in range(count)
    )
    return f"<?xml version='1.0'?><quiz>{body}</quiz>".encode()


def _qti12(count: int) -> bytes:
    body = "".join(
        f"<item ident='i{n}' title='{n}'><presentation><material><mattext>Siapa {n}?</mattext></material>"
        "<response_lid ident='r'><render_choice><response_label ident='a'><material><mattext>a</mattext>"
        "</material></response_label></render_choice></response_lid></presentation></item>\n"
        for n in range(count)
    )
    section = f"<assessment ident='a'><section>{body}</section></assessment>"
    return f"<questestinterop>{section}</questestinterop>".encode()


def _qti12_package(count: int) -> bytes:
    return _zip({"imsmanifest.xml": b"<manifest>imsqti_xmlv1p2</manifest>", "a/a.xml": _qti12(count)})


def _qti(count: int) -> bytes:
    item = b"<qti-assessment-item identifier='a'/>"
    files = {f"items/i{n}.xml": item for n in range(count)}
    return _zip({"imsmanifest.xml": b"<manifest>imsqti_item_xmlv3p0</manifest>"} | files, zipfile.ZIP_STORED)


def _csv(count: int) -> bytes:
    rows = "".join(_CELLS.format(n, ";") + "A\n" for n in range(count))
    return ("Soal;Pilihan A;Pilihan B;Jawaban\n" + rows).encode()


def _kahoot(count: int) -> bytes:
    head = "Question,Answer 1,Answer 2,Time limit,Correct answer(s)\n"
    return (head + "".join(_CELLS.format(n, ",") + "20,1\n" for n in range(count))).encode()


def _quizizz(count: int) -> bytes:
    head = "Question Text,Question Type,Option 1,Option 2,Correct Answer\n"
    rows = "".join(f"Siapa {n}?,Multiple Choice,a,b,1\n" for n in range(count))
    return (head + rows).encode()


def _xlsx(count: int) -> bytes:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>Siapa {n}?</t></is></c></row>'
        for n in range(1, count)
    )
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    return _zip({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet.encode()})


def _docx(count: int) -> bytes:
    lines = (
        line
        for n in range(1, count + 1)
        for line in (f"{n}. Siapa yang mendaftarkan pekerja ke-{n}?", "A. a", "B. b", "Kunci: A")
    )
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return _zip({"word/document.xml": document.encode()})


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method, compresslevel=1) as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return made.getvalue()


MANY: dict[str, tuple[str, str, Callable[[int], bytes]]] = {
    "pasted": ("teks", "soal.txt", _pasted),
    "pasted with stars": ("teks", "soal.txt", _starred),
    "Aiken": ("aiken", "soal.txt", _aiken),
    "GIFT": ("gift", "soal.gift", _gift),
    "GIFT in UTF-16": ("gift", "soal.gift", lambda count: _gift(count).decode().encode("utf-16")),
    "Moodle XML": ("moodle_xml", "soal.xml", _moodle),
    "Moodle XML in UTF-16": ("moodle_xml", "soal.xml", lambda n: _moodle(n).decode().encode("utf-16")),
    "QTI 1.2": ("qti12", "soal.xml", _qti12),
    "QTI 1.2 in a package": ("qti12", "soal.zip", _qti12_package),
    "QTI 3 in a package": ("qti", "soal.zip", _qti),
    "CSV": ("xlsx", "soal.csv", _csv),
    "XLSX": ("xlsx", "soal.xlsx", _xlsx),
    "Kahoot": ("kahoot", "soal.csv", _kahoot),
    "Quizizz": ("quizizz", "soal.csv", _quizizz),
    "Word": ("docx", "soal.docx", _docx),
}
"""By what it is: the key of its reader, its name, and a file with so many questions."""
