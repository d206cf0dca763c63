"""What is special about calculated questions: their variants."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from quizzes.types.base import FieldFault
from quizzes.types.calculated import Calculated

KIND = Calculated()
SOURCE = {
    "stem": "Upah {nilai:upah} sebulan, risiko {nilai:risiko}. Berapa {nilai:bulan} bulan iurannya?",
    "explanation": "{nilai:upah} × 2% × {nilai:bulan} = {nilai:jawaban}.",
    "variables": (
        "upah: 2.000.000 sampai 6.000.000 langkah 250.000 rupiah\n"
        "risiko: rendah | sangat_tinggi\nbulan: 3 | 12"
    ),
    "conditions": "upah > {fakta:floor}",
    "answer": "upah × {fakta:rate} × bulan",
    "unit": "rupiah",
    "variants": 8,
}
FACTS = {"floor": Decimal(3000000), "rate": Decimal("0.02")}


class Law:
    def html(self, text: str) -> str:
        return text

    def plain(self, text: str) -> str:
        return text

    def number(self, expression: Any) -> Decimal:
        if expression.get("fact") in FACTS:
            return FACTS[expression["fact"]]
        raise ValueError("Nobody knows this fact.")


def content(**changes: Any) -> dict[str, Any]:
    return KIND.resolve(SOURCE | changes, Law())


def test_variants_are_numbered_exact_and_the_same_again() -> None:
    made = content()

    assert [variant["number"] for variant in made["variants"]] == list(range(1, 9))
    assert made == content()
    assert made["variants"] == content(variants=12)["variants"][:8]
    assert made != content(seed=2)
    assert len({str(variant["values"]) for variant in made["variants"]}) == 8


def test_a_key_fits_papers_of_the_same_numbers_only() -> None:
    made, paper = content(), {"variant": 8}

    assert KIND.is_same_on_paper(made, content(answer="upah × {fakta:rate}"), paper)
    assert not KIND.is_same_on_paper(made, content(seed=2), paper)
    with pytest.raises(LookupError):
        KIND.is_same_on_paper(made, content(variants=7), paper)


def test_every_variant_keeps_the_conditions_and_has_its_own_key() -> None:
    for variant in content()["variants"]:
        wage, months = (Decimal(variant["values"][name].replace(".", "")) for name in ("upah", "bulan"))
        assert wage > 3000000
        assert Decimal(variant["answer"]) == wage * 2 / 100 * months


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 10**6), st.integers(1, 9999), st.integers(0, 10**6))
def test_a_right_answer_reckoned_elsewhere_is_right_at_every_variant(
    first: int, step: int, rate: int, seed: int
) -> None:
    """Integers alone are the oracle: wage × rate ÷ 10,000, half a rupiah upwards."""
    made = KIND.resolve(
        {
            "variables": f"upah: {first} sampai {first + 9 * step} langkah {step} rupiah",
            "answer": f"round(upah × {rate} / 10.000)",
            "unit": "rupiah",
            "seed": seed,
        },
        Law(),
    )

    for variant in made["variants"]:
        prepared = {"variant": variant["number"]}
        wage = int(variant["values"]["upah"].replace(".", ""))
        right = (2 * wage * rate + 10_000) // 20_000
        for text, fraction in ((str(right), 1), (f"Rp{right:,}".replace(",", "."), 1), (str(right + 1), 0)):
            answer = KIND.parse({"value": [text]}, made, prepared)
            assert KIND.grade(made, answer).fraction == fraction


@pytest.mark.parametrize("shuffle", [True, False])
def test_what_solves_one_variant_is_judged_by_its_own_key(shuffle: bool) -> None:
    made = content()

    for prepared in KIND.variants(made):
        answer = KIND.parse(KIND.solve(made, prepared), made, prepared)
        assert answer is not None
        assert KIND.grade(made, answer).fraction == 1
        others = [{**answer, "variant": other["variant"]} for other in KIND.variants(made)]
        right = [KIND.grade(made, other).fraction for other in others]
        assert right.count(Decimal(1)) < len(right)


def test_the_stem_shows_the_values_in_indonesian_form() -> None:
    made = content()
    marked = KIND.mark(SOURCE["stem"])
    variant = made["variants"][0]

    filled = KIND.fill(marked, made, {"variant": 1})

    assert "{nilai" not in marked
    assert f"Upah Rp{variant['values']['upah']} sebulan" in filled
    assert "risiko rendah" in filled or "risiko sangat tinggi" in filled
    assert "⟦" not in filled


def test_the_explanation_may_name_the_right_number() -> None:
    made = content()

    filled = KIND.fill(KIND.mark(SOURCE["explanation"]), made, {"variant": 1})

    right = Decimal(made["variants"][0]["answer"])
    assert f"= Rp{right:,.0f}".replace(",", ".") in filled


def test_brackets_an_author_typed_stay() -> None:
    assert KIND.fill("a ⟦x⟧ <b>", content(), {"variant": 1}) == "a ⟦x⟧ <b>"


def test_the_open_page_shows_neither_variant_nor_values() -> None:
    assert KIND.present(content(), {"variant": 3}) == {"unit": "rupiah", "units": []}


def test_chance_reaches_every_variant_and_nothing_else() -> None:
    made = content()

    drawn = {KIND.prepare(made, Random(seed), shuffle=True)["variant"] for seed in range(200)}

    assert drawn == set(range(1, 9))
    assert KIND.prepare(made, Random(1), shuffle=False) == {"variant": 1}


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"variables": "upah 5"}, "variables", "Line 1"),
        ({"conditions": "upah"}, "conditions", "Line 1"),
        ({"answer": "upah ×"}, "answer", "Character 7"),
        ({"answer": "gaji × 2"}, "answer", "There is no variable “gaji”"),
        ({"answer": "upah × {fakta:unknown.key}"}, "answer", "Nobody knows this fact"),
        ({"conditions": "upah > {fakta:unknown.key}"}, "conditions", "Nobody knows this fact"),
        ({"answer": "upah - 5.000.000"}, "answer", "below 0"),
        ({"answer": "upah / (bulan - 3)"}, "answer", "divides by 0"),
        ({"answer": "upah × upah × upah"}, "answer", "beyond any sense"),
        ({"answer": "upah / 7"}, "answer", "no end"),
        ({"answer": "upah / 1.000.000"}, "answer", "no whole rupiah"),
        ({"answer": "risiko + 1"}, "answer", "is a word"),
        ({"conditions": "upah > 5.800.000"}, "variants", "Only 4 combinations"),
        ({"conditions": "upah > 6.000.000"}, "variants", "Only 0 combinations"),
        ({"stem": "Upah {nilai:gaji}?"}, "stem", "There is no variable “gaji”"),
        ({"stem": "Upah {nilai:jawaban}?"}, "stem", "There is no variable “jawaban”"),
        ({"stem": "Berapa?"}, "stem", "shows no variable"),
        ({"explanation": "{nilai:x}"}, "explanation", "There is no variable “x”"),
        ({"answer": {"hitung": "pu"}}, "answer", "hitung, masukan and hasil"),
        ({"answer": {"hitung": "pu", "masukan": {"upah": 500.0}, "hasil": "total"}}, "answer", "quotes"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_sentence(
    changes: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(FieldFault) as error:
        content(**changes)

    assert error.value.field == field
    assert said in str(error.value)


def test_a_variant_without_sense_is_named_with_its_values() -> None:
    with pytest.raises(FieldFault, match=r"Variant \d \(upah [\d.]+, risiko \w+, bulan \d+\): the right"):
        content(answer="upah - 5.000.000")


def test_a_number_without_an_end_may_stand_where_it_is_rounded() -> None:
    made = content(answer="round(upah / 7)")

    wage = Decimal(made["variants"][0]["values"]["upah"].replace(".", ""))
    assert Decimal(made["variants"][0]["answer"]) == (wage / 7).quantize(Decimal(1), ROUND_HALF_UP)


def test_who_asks_for_no_number_of_variants_gets_ten_or_what_there_is() -> None:
    few = {name: value for name, value in SOURCE.items() if name != "variants"}

    assert len(KIND.resolve(few, Law())["variants"]) == 10
    assert len(KIND.resolve(few | {"conditions": "upah > 5.800.000"}, Law())["variants"]) == 4
    with pytest.raises(FieldFault, match="Only 0"):
        KIND.resolve(few | {"conditions": "upah > 6.000.000"}, Law())


@pytest.mark.parametrize("missing", ["variables", "answer"])
def test_an_unfinished_question_can_be_kept_and_no_answer_to_it_is_right(missing: str) -> None:
    source = {name: value for name, value in SOURCE.items() if name not in {missing, "conditions"}}
    source |= {"variables": ""} if missing == "variables" else {}

    made = KIND.resolve(source if missing == "answer" else source | {"answer": "1"}, Law())

    prepared = KIND.prepare(made, Random(1), shuffle=True)
    assert KIND.faults(source)
    assert KIND.variants(made) == []
    answer = KIND.parse({"value": ["1"]}, made, prepared)
    assert KIND.grade(made, answer).fraction == 0
    assert KIND.review(made, prepared, answer)["right"] is None


@pytest.mark.parametrize(
    "changes", [{"variants": 1}, {"variants": 101}, {"variants": "8"}, {"seed": -1}, {"seed": True}]
)
def test_counts_are_whole_numbers_within_limits(changes: dict[str, Any]) -> None:
    assert KIND.faults(SOURCE | changes)


def test_tolerance_and_units_are_those_of_numbers() -> None:
    made = content(
        tolerance=1,
        tolerance_kind="relative",
        near={"tolerance": 10, "fraction": "0.5"},
        units=[{"name": "ribu rupiah", "factor": 1000}],
        unit_penalty="0.2",
    )
    right = Decimal(made["variants"][0]["answer"])

    def earned(value: Decimal, unit: str) -> Decimal:
        answer = KIND.parse({"value": [f"{value:f}"], "unit": [unit]}, made, {"variant": 1})
        return KIND.grade(made, answer).fraction

    assert earned(right, "rupiah") == 1
    assert earned(right / 1000, "ribu rupiah") == 1
    assert earned(right, "ribu rupiah") == Decimal("0.8")
    assert earned(right + right // 20, "rupiah") == Decimal("0.5")


def test_the_form_keeps_lines_as_they_are_written() -> None:
    form = KIND.edit_form()
    form.show(SOURCE)

    read = form.read()

    assert {name: read[name] for name in ("variables", "conditions", "answer", "variants")} == {
        name: SOURCE[name] for name in ("variables", "conditions", "answer", "variants")
    }


def test_the_form_takes_a_calculator_as_text() -> None:
    text = "{hitung:pu|upah={upah}|risiko=sedang|hasil=total}"
    form = KIND.edit_form(MultiDict({"answer": text}))

    mapping = form.read()["answer"]

    assert mapping == {"hitung": "pu", "masukan": {"upah": "{upah}", "risiko": "sedang"}, "hasil": "total"}
    form.show({"answer": mapping})
    assert form.answer.data == text


@pytest.mark.parametrize(
    ("field", "value"),
    [("variables", "upah"), ("conditions", "upah"), ("answer", "1 +"), ("variants", "x"), ("seed", "-1")],
)
def test_the_form_says_at_the_field_what_is_wrong(field: str, value: str) -> None:
    form = KIND.edit_form(MultiDict({"variables": "upah: 5", "answer": "upah", field: value}))

    assert not form.validate()
    assert list(form.errors) == [field]
