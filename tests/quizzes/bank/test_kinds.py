"""Lines to match, to order, to write and to complete: from the file or the editor into the bank and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from courses.facts.documents import read_document
from courses.facts.models import UseKind
from lms.core.accounts.models import Role
from quizzes.bank.advice.asking import advise
from quizzes.bank.folder.checking import line_of
from quizzes.bank.folder.exporting import edited_files
from quizzes.bank.folder.items import check_item
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.folder.selfcheck import show_check
from quizzes.bank.models import QuestionVersion
from quizzes.bank.resolving import SourceError, resolve
from tests import factories
from tests.quizzes.bank.folder.test_exporting import edit, load
from tests.quizzes.bank.folder.test_items import question
from tests.quizzes.bank.folders import LAW_2026, QUESTIONS, make_folder

SignIn = Callable[[int], FlaskClient]
KINDS = """\
- id: iuran-11
  type: matching
  use: practice
  stem: Pasangkan iuran dengan tarifnya.
  pairs:
    - {text: JHT pekerja, match: "{fakta:jht.rate.worker}", why: Dipotong dari upah.}
    - {text: JHT pemberi kerja, match: "{fakta:jht.rate.employer}", why: Tidak dipotong.}
    - {text: JP pekerja, match: "{fakta:jp.rate.worker}", why: Dipotong dari upah.}
  distractors:
    - {text: separuh upah, why: Tidak ada iuran sebesar itu.}
  explanation: Begitulah.
- id: iuran-12
  type: ordering
  use: practice
  stem: Susunlah langkahnya.
  items:
    - {text: Menghitung, why: Lebih dahulu.}
    - {text: Membayar, why: Sesudah dihitung.}
    - {text: Menyimpan bukti, why: Terakhir.}
  scoring: neighbours
  explanation: Begitulah.
- id: iuran-13
  type: short_answer
  use: practice
  stem: Siapa memotong iuran?
  answers:
    - {accept: "*pemberi kerja*"}
    - {accept: "*majikan*", share: "0.5", why: Sebut pemberi kerja.}
  explanation: Begitulah.
- id: iuran-14
  type: cloze
  use: practice
  stem: Lengkapi.
  text: "Pekerja membayar [[1]] persen, dibayar [[2]]."
  gaps:
    - {kind: number, answer: {fact: jht.rate.worker, as: percent}, unit: persen, weight: 2, why: Dari upah.}
    - kind: choice
      options:
        - {text: sebulan sekali, correct: true, why: "Ya."}
        - {text: setahun sekali, why: "Terlalu jarang."}
  explanation: Begitulah.
"""
IDS = ("iuran-11", "iuran-12", "iuran-13", "iuran-14")


def data_of(question_id: str) -> Any:
    return next(entry for entry in read_document(KINDS, file="") if entry["id"] == question_id)


@pytest.fixture
def admin(session: Session, sign_in: SignIn) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ADMIN).id)


@pytest.mark.parametrize("question_id", IDS)
def test_saved_as_it_stands_it_changes_no_file_and_a_stem_changes_one_line(
    app: Flask, session: Session, tmp_path: Path, admin: FlaskClient, question_id: str
) -> None:
    folder = make_folder(tmp_path, questions=QUESTIONS + KINDS)
    load(app, session, folder)

    edit(admin, session, question_id)
    assert edited_files(session, folder) == {}
    edit(admin, session, question_id, stem="Bagaimana sekarang?")

    ((file, body),) = edited_files(session, folder).items()
    before, after = folder.files[file].decode().splitlines(), body.decode().splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        '  stem: "Bagaimana sekarang?"'
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "source"),
    [
        (
            "matching",
            {"pairs-0-text": "a", "pairs-0-match": "b", "pairs-1-text": "c", "pairs-1-match": "d"},
            {"pairs": [{"text": "a", "match": "b"}, {"text": "c", "match": "d"}]},
        ),
        (
            "ordering",
            {"items-0-text": "a", "items-1-text": "b", "items-2-text": "c", "scoring": "neighbours"},
            {"items": [{"text": "a"}, {"text": "b"}, {"text": "c"}], "scoring": "neighbours"},
        ),
        (
            "short_answer",
            {"answers-0-accept": "a*", "answers-0-why": "Ya.", "match_case": "y"},
            {"answers": [{"accept": "a*", "why": "Ya."}], "match_case": True},
        ),
        (
            "cloze",
            {"text": "Ini [[1]].", "gaps-0-kind": "choice", "gaps-0-answers": "= a\r\n~ b # Bukan."},
            {
                "text": "Ini [[1]].",
                "gaps": [
                    {
                        "kind": "choice",
                        "options": [{"text": "a", "correct": True}, {"text": "b", "why": "Bukan."}],
                    }
                ],
            },
        ),
    ],
)
def test_each_is_written_shown_and_tried_in_the_browser(
    session: Session, sign_in: SignIn, kind: str, fields: dict[str, str], source: dict[str, Any]
) -> None:
    branch = factories.make_branch(session)
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)
    data = {"topic": "x", "use": "graded", "stem": "Soal", "difficulty": "", "level": ""}
    written = {f"detail-{name}": value for name, value in fields.items()}

    response = browser.post(f"/soal/baru?jenis={kind}", data=data | {"branch_id": branch.id} | written)

    assert response.status_code == 303
    assert session.scalars(select(QuestionVersion)).one().source == {"stem": "Soal"} | source
    for page in ("", "/ubah", "/coba"):
        assert browser.get(f"{response.location}{page}").status_code == 200
    assert browser.post(f"{response.location}/coba").status_code == 200


@pytest.mark.parametrize("kind", ["matching", "ordering", "short_answer", "cloze"])
def test_a_half_written_one_is_kept_as_a_draft_and_looked_at(
    session: Session, sign_in: SignIn, kind: str
) -> None:
    branch = factories.make_branch(session)
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)
    data = {"topic": "x", "use": "graded", "stem": "Soal", "difficulty": "", "level": ""}

    looked = browser.post(f"/soal/baru?jenis={kind}", data={"stem": "So", "aksi": "look"})
    added = browser.post(f"/soal/baru?jenis={kind}", data={"aksi": "row-add"})
    kept = browser.post(f"/soal/baru?jenis={kind}", data=data | {"branch_id": branch.id})

    assert (looked.status_code, added.status_code, kept.status_code) == (200, 200, 303)
    assert browser.get(kept.location).status_code == 200
    assert browser.post(f"{kept.location}/coba").status_code == 200


def test_a_line_nobody_can_read_is_said_at_its_gap(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(factories.make_user(session, Role.ADMIN).id)
    data = {"stem": "Soal", "topic": "x", "use": "graded", "branch_id": "nation"}

    response = browser.post("/soal/baru?jenis=cloze", data=data | {"detail-gaps-0-answers": "tanpa tanda"})

    assert response.status_code == 422
    assert 'id="detail-gaps-0-answers-error"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("question_id", "path", "field"),
    [
        ("iuran-11", ("pairs", 1, "match"), "pairs-1-match"),
        ("iuran-11", ("distractors", 0, "why"), "distractors-0-why"),
        ("iuran-12", ("items", 2, "text"), "items-2-text"),
        ("iuran-14", ("text",), "text"),
        ("iuran-14", ("gaps", 1, "options", 0, "why"), "gaps-1-options-0-why"),
    ],
)
def test_an_unknown_fact_is_found_where_it_stands(
    question_id: str, path: tuple[Any, ...], field: str
) -> None:
    data = data_of(question_id)
    place = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = "{fakta:tidak.ada}"

    with pytest.raises(SourceError) as error:
        resolve(data, kind=data["type"], book=load_book(), as_of=LAW_2026)

    assert error.value.field == field
    assert line_of(data, field) > data.line


def test_an_unknown_fact_in_a_number_belongs_to_the_gaps() -> None:
    data = data_of("iuran-14")
    data["gaps"][0]["answer"] = {"fact": "tidak.ada"}

    with pytest.raises(SourceError) as error:
        resolve(data, kind="cloze", book=load_book(), as_of=LAW_2026)

    assert error.value.field == "gaps"


def test_the_radar_knows_what_decides_a_gap() -> None:
    data = data_of("iuran-14")

    uses = resolve(data, kind="cloze", book=load_book(), as_of=LAW_2026).uses

    assert [(use.kind, use.key) for use in uses] == [(UseKind.KEY, "jht.rate.worker")]


@pytest.mark.parametrize(
    ("question_id", "words"),
    [
        ("iuran-11", "<li>JHT pekerja → 2%</li>"),
        ("iuran-12", "<ol><li>Menghitung</li><li>Membayar</li><li>Menyimpan bukti</li></ol>"),
        ("iuran-13", "<strong>…pemberi kerja…</strong>"),
        ("iuran-14", "Pekerja membayar <strong>2</strong> persen"),
    ],
)
def test_in_a_lesson_the_answer_is_folded_away(question_id: str, words: str) -> None:
    data = data_of(question_id)
    resolved = resolve(data, kind=data["type"], book=load_book(), as_of=LAW_2026)

    shown = show_check(resolved, kind=data["type"], question_id=question_id)

    assert words in shown
    assert "<details" in shown
    assert "<input" not in shown


def test_a_folder_with_them_has_no_faults(app: Flask, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, questions=QUESTIONS + KINDS)

    assert BankStore().faults(folder, LAW_2026) == []


def test_a_number_where_words_belong_is_a_fault_with_its_line(app: Flask, tmp_path: Path) -> None:
    text = KINDS.replace("{text: Membayar,", "{text: 5,")
    folder = make_folder(tmp_path, questions=QUESTIONS + text)

    (fault,) = BankStore().faults(folder, LAW_2026)

    assert fault.line == (QUESTIONS + text).split("\n").index("    - {text: 5, why: Sesudah dihitung.}") + 1
    assert "“text”" in fault.message


@pytest.mark.parametrize("question_id", IDS)
def test_one_that_says_its_reasons_passes_the_review(app: Flask, question_id: str) -> None:
    (entry,) = [part for part in KINDS.split("- id: ") if part.startswith(question_id)]

    assert list(check_item(question(f"- id: {entry}"))) == []


@pytest.mark.parametrize(
    ("question_id", "before", "words"),
    [
        ("iuran-11", ", why: Tidak dipotong.", "jawaban 2 belum diberi alasan"),
        ("iuran-11", ", why: Tidak ada iuran sebesar itu.", "jawaban 1 belum diberi alasan"),
        ("iuran-12", ", why: Terakhir.", "jawaban 3 belum diberi alasan"),
        ("iuran-13", ", why: Sebut pemberi kerja.", "jawaban 2 belum diberi alasan"),
        ("iuran-14", ", why: Dari upah.", "jawaban 1 belum diberi alasan"),
        ("iuran-14", ', why: "Terlalu jarang."', "jawaban 2 belum diberi alasan"),
    ],
)
def test_a_missing_reason_is_a_fault(app: Flask, question_id: str, before: str, words: str) -> None:
    (entry,) = [part for part in KINDS.split("- id: ") if part.startswith(question_id)]

    (fault,) = check_item(question(f"- id: {entry.replace(before, '')}"))

    assert words in fault.message


@pytest.mark.parametrize(
    ("kind", "source", "words"),
    [
        (
            "matching",
            {"pairs": [{"text": "a", "match": "b"}, {"text": "c", "match": "d"}]},
            ["With two pairs half is a matter of luck", "As many answers as lines"],
        ),
        (
            "ordering",
            {"items": [{"text": str(n)} for n in range(8)], "scoring": "all_or_nothing"},
            ["More than seven lines", "One slip among so many lines"],
        ),
        ("short_answer", {"answers": [{"accept": "BPJS"}]}, ["Only one spelling is accepted"]),
        ("short_answer", {"answers": [{"accept": "*a*"}]}, ["“*a*” accepts nearly anything."]),
        (
            "cloze",
            {
                "text": "".join(f"[[{n}]]" for n in range(1, 7)),
                "gaps": [{"kind": "text", "answers": [{"accept": "ab*"}]}] * 6,
            },
            [
                "With more than five gaps",
                "The text begins with a gap",
                *["“ab*” accepts nearly anything."] * 6,
            ],
        ),
        ("ordering", {}, ["The lines are not a list."]),
    ],
)
def test_advice_names_what_is_too_easy_too_hard_or_missing(
    kind: str, source: dict[str, Any], words: list[str]
) -> None:
    about = {"stem": "Apa?", "explanation": "Begitu.", "cite": ["uu-24-2011/19"]}

    lacking = [point.text for point in advise(about | source, kind=kind) if not point.is_good]

    assert len(lacking) == len(words)
    assert all(any(text.startswith(word) for text in lacking) for word in words)
