"""Calculated questions from file to paper: those of the shipped course, each reckoned anew from its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_folder
from courses.facts.book import load_book
from courses.facts.models import UseKind
from courses.facts.radar import DECIDING
from lms.core.accounts.models import Role
from quizzes.attempts.paper import draw_paper
from quizzes.bank.folder.exporting import edited_files
from quizzes.bank.folder.selfcheck import show_check
from quizzes.bank.models import QuestionVersion
from quizzes.bank.preview.samples import list_samples
from quizzes.bank.resolving import Resolved, SourceError, resolve
from quizzes.types import get_type
from tests import factories
from tests.courses.facts.changes import change
from tests.courses.shipped import shipped_course
from tests.quizzes.bank.folder.test_exporting import edit
from tests.quizzes.bank.folders import LAW_2016, LAW_2026
from tests.quizzes.bank.stale.test_staleness import rows
from tests.quizzes.bank.test_resolving import doubtful_book
from tests.quizzes.bank.users import KEY, QUESTIONS, load, newest, question

KIND = get_type("calculated")
CALCULATOR = {"hitung": "pu", "masukan": {"upah": "{upah}"}, "hasil": "pekerja"}
SOURCE: dict[str, Any] = {
    "stem": "Upah {nilai:upah} sebulan. Berapa rupiah potongannya?",
    "explanation": "Jadi **{nilai:jawaban}**.",
    "variables": "upah: 2.000.000 sampai 3.000.000 langkah 200.000 rupiah",
    "answer": "upah × {fakta:jht.rate.worker}",
    "unit": "rupiah",
    "variants": 5,
}

IN_FILE = f"""\
- id: iuran-07
  type: calculated
  use: graded
  stem: "Upah {{nilai:upah}} sebulan. Berapa rupiah potongannya?"
  variables: |-
    upah: 2.000.000 sampai 3.000.000 langkah 200.000 rupiah
    bulan: 1 | 2 bulan
  conditions: |-
    upah > 2.000.000
  answer: upah × {{fakta:{KEY}}} × bulan
  unit: rupiah
  tolerance: 0
  tolerance_kind: relative
  near: {{tolerance: 2, fraction: "0.5"}}
  variants: 7
- id: iuran-08
  type: calculated
  use: graded
  stem: "Gaji {{nilai:gaji}}. Berapa bulan lagi?"
  variables: "gaji: 3 | 5 | 7"
  answer: {{hitung: pu, masukan: {{upah: "{{gaji}}000000", jp: tidak}}, hasil: pekerja}}
  unit: bulan
  units: [{{name: tahun, factor: 12}}]
  unit_penalty: "0.25"
"""


def made(**changes: Any) -> Resolved:
    return resolve(SOURCE | changes, kind="calculated", book=load_book(), as_of=LAW_2026)


# The numbers of the law below are typed from the regulations, not taken from our facts.
def _pension(at: date, years: int, wage: int, least: int, most: int) -> Fraction:
    return max(Fraction(least), min(Fraction(most), Fraction(years * wage, 100)))


def _stmb(at: date, wage: int, months: int) -> Fraction:
    full, part = (6, Fraction(75, 100)) if at < date(2019, 12, 2) else (12, Fraction(1))
    first, second = min(months, full), max(0, min(months, 12) - full)
    return wage * (first + second * part + max(0, months - 12) * Fraction(1, 2))


def _contract(at: date, value: int) -> Fraction:
    first, rest = Fraction(100_000_000), Fraction(value - 100_000_000)
    return first * Fraction(21 + 3, 10_000) + rest * Fraction(17 + 2, 10_000)


def _percent(text: Fraction, *shares: str) -> Fraction:
    return text * sum(Fraction(share) for share in shares) / 100


RECKONED: dict[str, Callable[..., Any]] = {
    "keuangan-33": lambda at, men, wage, rate: men * (wage * (rate + 30 + 370 + 200) / 10_000),
    "keuangan-34": lambda at, day, rate: Fraction(day * 25 * rate, 10_000),
    "keuangan-35": _contract,
    "jht-29": lambda at, wage, years: Fraction(wage * 57, 1000) * years * 12,
    "jht-30": lambda at, years, balance, _none: Fraction(balance, 10) if years >= 10 else Fraction(0),
    "jkm-30": lambda at, all_, hurt: (all_ - hurt) * (24_000_000 if at == LAW_2016 else 42_000_000),
    "jkm-31": lambda at, men, wage: Fraction(men * wage * 3, 1000) * 12,
    "jp-28": lambda at, cap, one, other: Fraction(one + min(other, cap), 100),
    "jp-29": _pension,
    "jp-30": lambda at, years, months: 180 - 12 * years - months,
    "jkk-32": _stmb,
    "jkp-25": lambda at, months, wage: min(months, 6) * Fraction(60, 100) * min(wage, 5_000_000),
}


@cache
def shipped(as_of: date) -> dict[str, Resolved]:
    book, questions = load_book(), shipped_course().questions.values()
    return {
        question.id: resolve(dict(question.data), kind="calculated", book=book, as_of=as_of)
        for question in questions
        if question.data["type"] == "calculated"
        and book.applies(question.data.get("berlaku", ">=0001-01-01"), as_of)
    }


def numbers_of(text: str) -> list[int]:
    """Return the numbers a reader sees, percentages in hundredths of a percent."""
    found = re.findall(r"(\d[\d.]*)(,\d+)?(%)?", re.sub(r"<[^>]+>", "", text))
    return [
        round(Fraction(f"{whole.replace('.', '')}{part.replace(',', '.')}") * (100 if sign else 1))
        for whole, part, sign in ((whole.rstrip("."), part, sign) for whole, part, sign in found)
    ]


@pytest.mark.parametrize("as_of", [LAW_2016, LAW_2026])
def test_every_variant_of_the_course_is_right_by_a_reckoning_of_our_own(app: Flask, as_of: date) -> None:
    found = shipped(as_of)

    assert len(found) >= 8
    for key, asked in found.items():
        content, stem = asked.content, asked.stem_html
        assert len(KIND.variants(content)) >= 15
        for prepared in KIND.variants(content):
            shown = KIND.fill(stem, content, prepared)
            right = Fraction(RECKONED[key](as_of, *numbers_of(shown)))
            assert right.denominator == 1, (key, shown)
            raw = {"value": [f"{int(right):,}".replace(",", ".")], "unit": [content["unit"]]}
            answer = KIND.parse(raw, content, prepared)
            assert KIND.grade(content, answer).fraction == 1, (key, shown, right)


def test_both_law_dates_have_what_belongs_to_them(app: Flask) -> None:
    assert set(RECKONED) == set(shipped(LAW_2026))
    assert set(shipped(LAW_2026)) - set(shipped(LAW_2016)) == {"jkp-25"}


def test_the_facts_of_a_formula_are_noted_as_such_and_decide() -> None:
    used = {(use.kind, use.key) for use in made(answer=CALCULATOR, conditions="upah < jp.wage_cap").uses}

    keys = {key for kind, key in used if kind is UseKind.FORMULA}
    assert keys >= {"jht.rate.worker", "jp.rate.worker", "jp.wage_cap"}
    assert UseKind.FORMULA in DECIDING


def test_a_fact_from_memory_decides_no_variant() -> None:
    with pytest.raises(SourceError, match="memory") as error:
        resolve(SOURCE, kind="calculated", book=doubtful_book(), as_of=LAW_2026)

    assert error.value.field == "answer"


def test_nor_does_one_a_calculator_looked_up() -> None:
    with pytest.raises(SourceError, match="memory"):
        resolve(SOURCE | {"answer": CALCULATOR}, kind="calculated", book=doubtful_book(), as_of=LAW_2026)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"variables": "upah 2"}, "variables"),
        ({"conditions": "upah"}, "conditions"),
        ({"answer": "upah - 9.000.000"}, "answer"),
        ({"answer": {**CALCULATOR, "hasil": "laba"}}, "answer"),
        ({"stem": "{nilai:gaji}?"}, "stem"),
    ],
)
def test_a_fault_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(SourceError) as error:
        made(**changes)

    assert error.value.field == field


def test_the_law_date_decides_which_variants_there_are() -> None:
    source = SOURCE | {"conditions": "upah > jp.benefit.min × 8", "variants": 3}

    then = resolve(source, kind="calculated", book=load_book(), as_of=LAW_2016)

    # 8 × 310.050 and 8 × 411.400.
    wages = {variant["values"]["upah"] for variant in then.content["variants"]}
    assert wages == {"2.600.000", "2.800.000", "3.000.000"}
    with pytest.raises(SourceError, match="Only 0"):
        resolve(source, kind="calculated", book=load_book(), as_of=LAW_2026)


def test_samples_show_five_variants_with_their_keys() -> None:
    resolved = made()

    samples = list_samples("calculated", resolved.content, resolved.stem_html)

    assert [sample.number for sample in samples] == [1, 2, 3, 4, 5]
    for sample, variant in zip(samples, resolved.content["variants"], strict=True):
        assert f"Rp{variant['values']['upah']}" in sample.stem
        assert sample.right.endswith(" rupiah")
    assert list_samples("true_false", {"answer": True, "why_html": {}}, "x") == []


def test_a_self_check_shows_the_first_variant(app: Flask) -> None:
    resolved = made()

    shown = show_check(resolved, kind="calculated", question_id="coba-01")

    variant = resolved.content["variants"][0]
    assert f"Upah Rp{variant['values']['upah']} sebulan" in shown
    assert variant["shown"]["jawaban"] in shown
    assert "⟦" not in shown


def version_of(resolved: Resolved) -> QuestionVersion:
    return QuestionVersion(id=1, question_id=1, type="calculated", content=resolved.content)


def quiz_with(version: QuestionVersion, *, shuffle: bool) -> Any:
    candidate = SimpleNamespace(question_version=version, question_version_id=version.id)
    slot = SimpleNamespace(
        id=1, position=1, draw_count=1, marks=1, case_version_id=None, candidates=[candidate]
    )
    return SimpleNamespace(slots=[slot], shuffle_options=shuffle, shuffle_questions=shuffle)


@pytest.mark.parametrize("shuffle", [True, False])
def test_a_paper_avoids_the_variants_somebody_has_met(shuffle: bool) -> None:
    quiz, seen = quiz_with(version_of(made()), shuffle=shuffle), []

    for seed in range(10):
        (item,) = draw_paper(quiz, Random(seed), seen={1: seen})
        seen.append(item.prepared)

    numbers = [prepared["variant"] for prepared in seen]
    assert sorted(numbers[:5]) == sorted(numbers[5:]) == [1, 2, 3, 4, 5]


@pytest.fixture
def admin(session: Session, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ADMIN).id)


def test_a_fact_that_changes_pauses_what_is_reckoned_with_it(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, questions=QUESTIONS + IN_FILE)

    change(session, KEY, "0.03")

    assert rows(session)["iuran-07 1"] == ("open", True)
    assert rows(session)["iuran-08 1"] == ("open", True)


def test_both_reckonings_stand_side_by_side_and_a_new_version_has_new_keys(
    session: Session, tmp_path: Path, admin: FlaskClient
) -> None:
    load(session, tmp_path, questions=QUESTIONS + IN_FILE)
    before = newest(session, "iuran-07").content["variants"]
    change(session, KEY, "0.03")

    page = admin.get(f"/soal/{question(session, 'iuran-07').id}/tinjau").text

    assert f"Upah {before[0]['shown']['upah']} sebulan" in page
    assert "Rumus varian" in page
    assert "⟦" not in page
    edit(admin, session, "iuran-07")
    after = newest(session, "iuran-07").content["variants"]
    assert [one["values"] for one in after] == [one["values"] for one in before]
    assert [int(one["answer"]) * 2 for one in after] == [int(one["answer"]) * 3 for one in before]


def test_a_question_and_its_try_show_the_values_of_a_variant(
    session: Session, tmp_path: Path, admin: FlaskClient
) -> None:
    load(session, tmp_path, questions=QUESTIONS + IN_FILE)
    address = f"/soal/{question(session, 'iuran-07').id}"
    first = newest(session, "iuran-07").content["variants"][0]

    page, tried = admin.get(address).text, admin.get(f"{address}/coba").text
    right = admin.post(f"{address}/coba", data={"coba-value": first["answer"]})

    for shown in (page, tried):
        assert f"Upah {first['shown']['upah']} sebulan" in shown
    assert page.count("= <") + page.count("rupiah</strong>") >= 5
    assert "100%" in right.text


@pytest.mark.parametrize("name", ["iuran-07", "iuran-08"])
def test_the_editor_saves_a_calculated_question_as_it_stands(
    session: Session, tmp_path: Path, admin: FlaskClient, name: str
) -> None:
    load(session, tmp_path, questions=QUESTIONS + IN_FILE)
    folder = read_folder(tmp_path / "coba")

    edit(admin, session, name)
    assert edited_files(session, folder) == {}
    edit(admin, session, name, **{"detail-seed": "5"})
    ((_file, body),) = edited_files(session, folder).items()
    assert "seed: 5" in body.decode()
