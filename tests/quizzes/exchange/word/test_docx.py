from __future__ import annotations

import io
import time
import tracemalloc
import zlib
from collections.abc import Callable
from struct import pack
from typing import Any

import docx
import pytest

from quizzes.exchange.contract import ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.word.reader import WordReader
from tests.quizzes.exchange.word.word_files import (
    BULLETS,
    LETTERS,
    NUMBERS,
    a,
    made,
    p,
    picture,
    q,
    run,
    table,
)


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    header = pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\xff\x00\x00" * 2 for _row in range(2)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def read(*blocks: str, **said: Any) -> list[Any]:
    return list(WordReader().read(made(*blocks, **said), "soal.docx"))


def shape(question: Any) -> tuple[str, list[tuple[str, bool]]]:
    """Return the stem, and the answers with whether they are right."""
    assert isinstance(question, ReadQuestion), question
    options = question.source.get("options") or []
    return question.source["stem"], [(one["text"], bool(one.get("correct"))) for one in options]


WANTED = [
    ("Apa itu JHT?", [("Tabungan", True), ("Santunan", False)]),
    ("Apa itu JKM?", [("Tabungan", False), ("Santunan", True)]),
]
"""What each of these documents says, in whatever way."""

CONSTRUCTS: dict[str, list[str]] = {
    "counted by Word, answers a level deeper": [
        q("Apa itu JHT?"), a("Tabungan"), a("Santunan"), p("Kunci: A"),
        q("Apa itu JKM?"), a("Tabungan"), a("Santunan"), p("Kunci: B"),
    ],
    "answers in lists of their own": [
        q("Apa itu JHT?"), p("Tabungan", num=("20", 0), look="b"), p("Santunan", num=("20", 0)),
        q("Apa itu JKM?"), p("Tabungan", num=("21", 0)), p("Santunan", num=("21", 0), look="b"),
    ],
    "one list of letters that goes on counting": [
        q("Apa itu JHT?"), p("Tabungan", num=(LETTERS, 0)), p("Santunan", num=(LETTERS, 0)), p("Jawaban: a"),
        q("Apa itu JKM?"), p("Tabungan", num=(LETTERS, 0)), p("Santunan", num=(LETTERS, 0)), p("Jawaban: b"),
    ],
    "answers counted by numbers of their own": [
        q("Apa itu JHT?"), p("Tabungan", num=("40", 0), look="mark"), p("Santunan", num=("40", 0)),
        q("Apa itu JKM?"), p("Tabungan", num=("41", 0)), p("Santunan", num=("41", 0), look="mark"),
    ],
    "answers with dots": [
        q("Apa itu JHT?"), p("Tabungan", num=(BULLETS, 0), look="u"), p("Santunan", num=(BULLETS, 0)),
        q("Apa itu JKM?"), p("Tabungan", num=(BULLETS, 0)), p("Santunan", num=(BULLETS, 0), look="u"),
    ],
    "counted by a style": [
        p("Apa itu JHT?", style="Soal"), p("A. Tabungan"), p("B. Santunan"), p("Kunci Jawaban: A"),
        p("Apa itu JKM?", style="SoalTebal"), p("A. Tabungan"), p("B. Santunan"), p("KUNCI : B."),
    ],
    "typed by hand": [
        p("1. Apa itu JHT?"), p("a. Tabungan"), p("b. Santunan"), p("Jawab: A"),
        p("2. Apa itu JKM?"), p("a) Tabungan"), p("b) Santunan"), p("Jawaban yang benar: B"),
    ],
    "typed with the word Soal": [
        p("Soal 1. Apa itu JHT?"), p("(A) Tabungan", look="red"), p("(B) Santunan"),
        p("Soal 2. Apa itu JKM?"), p("(A) Tabungan"), p("(B) Santunan", look="red"),
    ],
    "soft line breaks in one paragraph": [
        p("1. Apa itu JHT?\nA. Tabungan\nB. Santunan\nKunci: A"),
        p("2. Apa itu JKM?\nA. Tabungan\nB. Santunan\nKunci: B"),
    ],
    "answers on one line": [
        p("1. Apa itu JHT?"), p("A. Tabungan\tB. Santunan"), p("Kunci: A"),
        p("2. Apa itu JKM?"), p("A. Tabungan   B. Santunan"), p("Kunci: B"),
    ],
    "stars before and behind": [
        q("Apa itu JHT?"), p("*A. Tabungan"), p("B. Santunan"),
        q("Apa itu JKM?"), p("A. Tabungan"), p("B. Santunan*"),
    ],
    "ticks": [
        q("Apa itu JHT?"), a("Tabungan ✓"), a("Santunan"),
        q("Apa itu JKM?"), a("Tabungan"), a("Santunan (benar)"),
    ],
    "coloured background of words": [
        q("Apa itu JHT?"), a("Tabungan", "shade"), a("Santunan"),
        q("Apa itu JKM?"), a("Tabungan"), a("Santunan", "shade"),
    ],
    "slanted answers": [
        q("Apa itu JHT?"), a("Tabungan", "i"), a("Santunan"),
        q("Apa itu JKM?"), a("Tabungan"), a("Santunan", "i"),
    ],
    "without numbers": [
        p("Apa itu JHT?"), p("A. Tabungan", look="b"), p("B. Santunan"), p(),
        p("Apa itu JKM?"), p("A. Tabungan"), p("B. Santunan", look="b"),
    ],
    "a table with our header": [
        table(("No", "Soal", "A", "B", "Kunci"), ("1", "Apa itu JHT?", "Tabungan", "Santunan", "A"),
              ("2", "Apa itu JKM?", "Tabungan", "Santunan", "B")),
    ],
    "a table that arranges": [
        table(("1.", "Apa itu JHT?"), ("A.", "Tabungan"), ("B.", "Santunan"), ("", "Kunci: A")),
        table(("2.", "Apa itu JKM?"), ("A.", "Tabungan"), ("B.", "Santunan"), ("", "Kunci: B")),
    ],
    "a table counted by Word": [
        table((p(num=(NUMBERS, 0)), "Apa itu JHT?"), (p(num=("20", 0)), p("Tabungan", look="b")),
              (p(num=("20", 0)), "Santunan")),
        table((p(num=(NUMBERS, 0)), "Apa itu JKM?"), (p(num=("21", 0)), "Tabungan"),
              (p(num=("21", 0)), p("Santunan", look="b"))),
    ],
    "answers side by side in a table": [
        q("Apa itu JHT?"), table(("A. Tabungan", "B. Santunan")), p("Kunci: A"),
        q("Apa itu JKM?"), table(("A. Tabungan", "B. Santunan")), p("Kunci: B"),
    ],
    "a list of keys at the end": [
        q("Apa itu JHT?"), a("Tabungan"), a("Santunan"), q("Apa itu JKM?"), a("Tabungan"), a("Santunan"),
        p("KUNCI JAWABAN", look="b"), p("1. A   2. B"),
    ],
    "a list of keys in a table": [
        p("1. Apa itu JHT?"), p("A. Tabungan"), p("B. Santunan"),
        p("2. Apa itu JKM?"), p("A. Tabungan"), p("B. Santunan"),
        p("Kunci jawaban:"), table(("1", "A"), ("2", "B")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_two_questions_are_found_however_they_are_written(construct: str) -> None:
    found = read(*CONSTRUCTS[construct])

    assert [shape(question) for question in found] == WANTED
    assert {question.kind for question in found} == {"single_choice"}


@pytest.mark.parametrize(
    ("construct", "words"),
    [
        ("answers in lists of their own", "bold"),
        ("answers counted by numbers of their own", "background"),
        ("answers with dots", "underlined"),
        ("typed with the word Soal", "another colour"),
        ("answers on one line", "one line"),
        ("stars before and behind", "star"),
        ("slanted answers", "slanted"),
        ("a list of keys at the end", "list at the end"),
    ],
)
def test_each_guess_is_told(construct: str, words: str) -> None:
    for question in read(*CONSTRUCTS[construct]):
        assert any(words in str(guess) for guess in question.guesses)


def test_a_key_in_words_is_no_guess_and_one_that_looks_otherwise_is_told() -> None:
    plain, other = read(
        q("Apa?"), a("satu"), a("dua"), p("Kunci: B"),
        q("Apa?"), a("satu", "b"), a("dua"), p("Kunci: B. dua"),
    )  # fmt: skip

    assert plain.guesses == ()
    assert [right for _text, right in shape(other)[1]] == [False, True]
    assert "line with the key counts" in str(other.guesses[0])


def test_reasons_headings_and_the_place_come_along() -> None:
    first, second = read(
        p("Program", style="Judul1"),
        q("Apa?"), a("satu"), a("dua"), p("Jawaban: A"), p("Pembahasan: Karena satu."), p("Dan dua."),
        p("Klaim", style="Judul1"),
        p("Siapa?\nSungguh?", num=(NUMBERS, 0)), a("saya"), a("Anda"), p("Jawaban: Anda"), p(),
    )  # fmt: skip

    assert (first.topic, first.line) == ("Program", 2)
    assert first.source["explanation"] == "Karena satu.\\\nDan dua."
    assert first.original.startswith("1. Apa?\nA. satu\nB. dua\nJawaban: A")
    assert shape(second) == ("Siapa?\\\nSungguh?", [("saya", False), ("Anda", True)])
    assert (second.topic, "by its words" in str(second.guesses)) == ("Klaim", True)


def test_lines_before_the_answers_belong_to_the_question() -> None:
    (question,) = read(
        q("Perhatikan:"), p("Iuran wajib", num=("40", 0)), p("Iuran sukarela", num=("40", 0)),
        p("A. 1 saja"), p("B. 1 dan 2"), p("Kunci: A"),
    )  # fmt: skip

    stem, options = shape(question)
    assert stem == "Perhatikan:\\\n1. Iuran wajib\\\n2. Iuran sukarela"
    assert options == [("1 saja", True), ("1 dan 2", False)]


def test_looks_become_markdown_and_marks_of_ours_are_letters() -> None:
    (question,) = read(
        p(run("Upah "), run("pokok", "b"), run(" dan "), run("m", "i"), run("2", "sup"), num=(NUMBERS, 0)),
        a("{fakta:jht.rate.worker} *"), a("5 < 6 & 7"), p("Kunci: A"),
    )  # fmt: skip

    assert question.source["stem"] == "Upah **pokok** dan *m*²"
    assert shape(question)[1][0][0] in {"\\{fakta\\:jht.rate.worker}", "{fakta\\:jht.rate.worker}"}
    assert shape(question)[1][1] == ("5 < 6 & 7", False)


def test_several_right_answers_may_be_ticked() -> None:
    by_key, by_look = read(
        q("Apa?"), a("satu"), a("dua"), a("tiga"), p("Kunci: A dan C"),
        q("Apa?"), a("satu", "b"), a("dua"), a("tiga", "b"),
    )  # fmt: skip

    assert {by_key.kind, by_look.kind} == {"multiple_response"}
    assert [right for _text, right in shape(by_look)[1]] == [True, False, True]


@pytest.mark.parametrize(
    ("key", "kind", "own"),
    [
        ("Benar", "true_false", {"answer": True}),
        ("salah.", "true_false", {"answer": False}),
        ("Rp42.000.000", "number", {"answer": 42000000, "unit": "rupiah"}),
        ("0,24%", "number", {"answer": "0.24", "unit": "persen"}),
        ("BPJS; BP*", "short_answer", {"answers": [{"accept": "BPJS"}, {"accept": "BP\\*"}]}),
    ],
)
def test_a_question_without_answers_asks_for_what_its_key_is(
    key: str, kind: str, own: dict[str, Any]
) -> None:
    (question,) = read(q("Bagaimana?"), p(f"Kunci: {key}"))

    assert (question.kind, question.source) == (kind, {"stem": "Bagaimana?"} | own)
    assert question.guesses


def test_under_a_heading_of_essays_a_question_is_one() -> None:
    (question,) = read(p("II. Soal Uraian", style="Judul1"), q("Jelaskan!"), p("Jawaban: Karena begitu."))

    assert question.kind == "essay"
    assert question.source["explanation"] == "Karena begitu."
    assert "rubric" in str(question.guesses)


def test_pictures_come_along_with_what_they_show() -> None:
    targets = {"r1": "media/image1.png", "r2": "media/image2.emf", "r3": "media/weg.png"}
    (question,) = read(
        p("Lihat ", picture("r1", "Kartu peserta"), picture("r2", "Grafik"), picture("r3"), num=(NUMBERS, 0)),
        a("satu"), a("dua"), p("Kunci: A"),
        parts={"word/media/image1.png": png(), "word/media/image2.emf": b"EMF"},
        targets=targets,
    )  # fmt: skip

    ((name, body),) = question.files.items()
    assert body == png()
    assert f"{{gambar:{name}|Kartu peserta}}" in question.source["stem"]
    assert question.original.startswith("1. Lihat […][…][…]")
    assert any("picture is left out" in str(loss) for loss in question.losses)


def test_hidden_and_deleted_words_are_not_read_and_inserted_ones_are() -> None:
    (question,) = read(
        p(
            run("Apa"),
            run(" rahasia", "hidden"),
            f"<w:del>{run(' lama')}</w:del>",
            f"<w:ins>{run(' baru')}</w:ins>",
            f'<w:hyperlink r:id="x">{run("?")}</w:hyperlink>',
            num=(NUMBERS, 0),
        ),
        a("satu"),
        a("dua"),
        p("Kunci: A"),
    )

    assert question.source["stem"] == "Apa baru?"


def test_formulas_text_boxes_and_tables_are_told_as_losses() -> None:
    formula = "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>"
    inside = "<wps:txbx><w:txbxContent><w:p/></w:txbxContent></wps:txbx>"
    box = f"<w:r><mc:AlternateContent><mc:Choice>{inside}</mc:Choice></mc:AlternateContent></w:r>"
    (question,) = read(
        p("Hitung ", formula, box, num=(NUMBERS, 0)), table(("Upah", "Iuran"), ("dua juta", "dua ribu")),
        p("A. satu"), p("B. dua"), p("Kunci: A"),
    )  # fmt: skip

    assert question.source["stem"] == "Hitung x+1\\\nUpah | Iuran\\\ndua juta | dua ribu"
    said = " ".join(map(str, question.losses))
    assert all(word in said for word in ("formula", "text box", "table"))


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([a("satu"), a("dua")], "key is missing"),
        ([a("satu", "b"), a("dua", "b")], "key is missing"),
        ([a("satu")], "only one answer"),
        ([a("satu"), a("dua"), p("Kunci: D")], "not there"),
        ([a("satu"), a("dua"), p("Kunci: entahlah")], "names no answer"),
        ([], "neither answers nor a key"),
    ],
)
def test_what_cannot_be_read_is_a_fault_at_its_paragraph_and_the_next_one_is_read(
    blocks: list[str], words: str
) -> None:
    fault, question = read(p("Pengantar."), q("Apa?"), *blocks, q("Siapa?"), a("x", "b"), a("y"))

    assert isinstance(fault, ReadFault)
    assert (fault.line, words in str(fault.message)) == (2, True), fault.message
    assert shape(question) == ("Siapa?", [("x", True), ("y", False)])


def test_a_file_of_the_library_that_others_use_is_read_too() -> None:
    document = docx.Document()
    document.add_heading("Bab satu", 1)
    for text in ("Apa itu JHT?", "Apa itu JKM?"):
        document.add_paragraph(text, style="List Number")
        for answer in ("Tabungan", "Santunan"):
            bold = document.add_paragraph(style="List Bullet").add_run(answer)
            bold.bold = (answer == "Tabungan") is ("JHT" in text)
    out = io.BytesIO()
    document.save(out)

    found = list(WordReader().read(out.getvalue(), "x.docx"))

    assert [shape(question) for question in found] == WANTED
    assert {question.topic for question in found if isinstance(question, ReadQuestion)} == {"Bab satu"}


def many() -> bytes:
    return made(*(q(f"Soal {number}?") for number in range(100_000)))


def bomb() -> bytes:
    return made(parts={"word/media/huge.png": b"0" * 150_000_000})


def entities() -> bytes:
    return made(parts={"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'})


def deep() -> bytes:
    opened = "".join(f'<w:sdt w:n="{number * 7919}"><w:sdtContent>' for number in range(5000))
    return made(opened + p("x") + "</w:sdtContent></w:sdt>" * 5000)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "100,000 questions": (many, "elements"),
    "bomb": (bomb, "unpacks to more than"),
    "entities": (entities, "DOCTYPE"),
    "deep": (deep, "too deeply"),
    "half": (lambda: made(q("Apa?"))[:500], "zip"),
    "no document": (lambda: made(parts={"word/document.xml": "<x/>"}), "no Word file"),
    "old": (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600, "old or password"),
    "empty": (lambda: made(p("Halo."), p()), "neither answers"),
    "nothing": (lambda: made(p()), "No questions"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_a_second_and_little_memory(kind: str) -> None:
    make, words = HOSTILE[kind]
    data = make()
    tracemalloc.start()
    started = time.process_time()

    try:
        found = list(WordReader().read(data, "x.docx"))
        told = " ".join(str(one.message) for one in found if isinstance(one, ReadFault))
    except Unreadable as refused:
        told = str(refused)

    spent, (_now, most) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words in told
    assert most < 200_000_000
    assert spent < 20, "a runaway; in quiet it is about a second"


def test_only_word_files_are_recognised() -> None:
    reader = WordReader()

    assert reader.recognises(made(q("Apa?")), "x.docx")
    assert reader.recognises(b"\xd0\xcf\x11\xe0", "x.doc")
    assert not reader.recognises(b"\xd0\xcf\x11\xe0", "x.xls")
    assert not reader.recognises(b"PK\x03\x04 xl/workbook.xml", "x.xlsx")
