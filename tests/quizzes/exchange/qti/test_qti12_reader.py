"""Packages of QTI 1.2: of text2qti, Canvas and Blackboard. Single items: `fixtures/qti12`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from quizzes.exchange.contract import ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.packages import write_package
from quizzes.exchange.qti.qti12_reader import Qti12Reader

FIXTURES = Path(__file__).parents[1] / "fixtures" / "qti12"

WRITTEN = """Quiz title: Iuran

Title: Tunggal
1. Siapa yang *membayar*?
... Pasal 17.
a) Kader
... Kader tidak menerima uang.
*b) Pemberi **kerja**

2. Mana program?
[*] JKK
[*] JHT
[ ] SIM

3. Kader memungut iuran.
a) True
*b) False

4. Siapa yang menagih?
* Kejaksaan
* jaksa

5. Berapa persen?
= 0.24 +- 0.01

6. Berapa orang?
= 5

7. Mengapa?
____

8. Kirimkan formulir.
^^^^
"""


def text2qti_package(text: str) -> bytes:
    body = io.BytesIO()
    QTI(Quiz(text, config=Config())).write(body)
    return body.getvalue()


def questions(data: bytes) -> list[ReadQuestion]:
    found = list(Qti12Reader().read(data, "paket.zip"))
    assert all(isinstance(one, ReadQuestion) for one in found), found
    return [one for one in found if isinstance(one, ReadQuestion)]


def test_all_that_text2qti_writes_is_read() -> None:
    single, several, truth, words, number, whole, essay, file = questions(text2qti_package(WRITTEN))

    assert single.name == "Tunggal"
    assert single.source == {
        "stem": "Siapa yang *membayar*?",
        "options": [
            {"text": "Kader", "why": "Kader tidak menerima uang."},
            {"text": "Pemberi **kerja**", "correct": True},
        ],
        "explanation": "Pasal 17.",
    }
    assert several.source["scoring"] == "all_or_nothing"
    assert [bool(option.get("correct")) for option in several.source["options"]] == [True, True, False]
    assert truth.source == {"stem": "Kader memungut iuran.", "answer": False}
    assert words.source["answers"] == [{"accept": "Kejaksaan"}, {"accept": "jaksa"}]
    assert number.source == {"stem": "Berapa persen?", "answer": "0.24", "tolerance": "0.01"}
    assert whole.source == {"stem": "Berapa orang?", "answer": "5"}
    assert [essay.kind, file.kind, file.source["attachment"]] == ["essay", "essay", True]


def manifest(kind: str, href: str) -> bytes:
    return f"<manifest><resources><resource type='{kind}' href='{href}'/></resources></manifest>".encode()


def test_a_picture_of_canvas_is_found_by_its_file_base() -> None:
    body = io.BytesIO()
    Image.new("RGB", (4, 4)).save(body, "PNG")
    source = "$IMS-CC-FILEBASE$/Uploaded%20Media/slip%20a.png?canvas_download=1"
    text = (FIXTURES / "canvas-kinds.xml").read_text("utf-8")
    shown = text.replace("&lt;p&gt;Siapa yang", f"&lt;p&gt;&lt;img src='{source}' alt='Slip'&gt; Siapa yang")

    found = [
        one
        for one in Qti12Reader().read(
            write_package(
                {
                    "imsmanifest.xml": manifest("imsqti_xmlv1p2", "a/a.xml"),
                    "a/a.xml": shown.encode(),
                    "web_resources/Uploaded Media/slip a.png": body.getvalue(),
                }
            ),
            "a.zip",
        )
        if isinstance(one, ReadQuestion)
    ]

    assert list(found[0].files.values()) == [body.getvalue()]
    assert found[0].source["stem"].endswith("|Slip} Siapa yang *menagih*?")


def test_a_pool_of_blackboard_is_recognised_and_a_broken_part_is_one_fault() -> None:
    pool = (FIXTURES / "blackboard.xml").read_bytes()
    package = write_package(
        {
            "imsmanifest.xml": manifest("assessment/x-bb-qti-pool", "res00001.dat"),
            "res00001.dat": pool,
            "res00002.dat": b"<questestinterop><item></questestinterop>",
            "res00003.dat": b"<COURSE/>",
        }
    )

    found = list(Qti12Reader().read(package, "pool.zip"))

    assert Qti12Reader().recognises(package, "pool.zip")
    assert [one.file for one in found if isinstance(one, ReadFault)] == ["res00001.dat", "res00002.dat"]
    assert len(found) == 8


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (write_package({"a.txt": b"x"}), "no file of QTI 1.2"),
        (b"<quiz/>", "quiz"),
        (b"<!DOCTYPE questestinterop SYSTEM 'ims_qtiasiv1p2p1.dtd'><questestinterop/>", "document type"),
    ],
)
def test_what_is_no_qti_1_2_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(Qti12Reader().read(data, "x"))

    assert words in str(caught.value)


def test_metadata_that_is_cut_short_says_nothing() -> None:
    text = (FIXTURES / "canvas-matching.xml").read_text("utf-8")
    cut = text.replace("<fieldentry>2.0</fieldentry>", "")

    (read,) = questions(cut.encode())

    assert cut != text
    assert read.losses == ()
