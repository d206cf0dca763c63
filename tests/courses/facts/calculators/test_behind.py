"""What a result rests on: with every other fact changed, it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from courses.facts.book import FactBook, shipped_book
from courses.facts.calculators.register import calculate, keys_behind
from courses.facts.models import UseKind
from courses.facts.uses import Recorder, Seen

LAW_2016, LAW_2026 = date(2016, 10, 19), date(2026, 11, 1)

CASES = [
    ("pu", {"upah": "4.000.000", "risiko": "sedang"}),
    ("pu", {"upah": "100.000", "satuan_upah": "harian", "jp": "tidak"}),
    ("pu", {"upah": "15.000.000"}),
    ("bpu", {"dasar": "2.000.000"}),
    ("jakon", {"kontrak": "750.000.000"}),
    ("jkk", {"upah": "2.000.000", "akibat": "meninggal", "bulan_stmb": "14"}),
    ("jkk", {"upah": "500.000", "akibat": "meninggal"}),
    ("jkk", {"upah": "2.000.000", "akibat": "cacat_total", "angkutan": "darat", "biaya_angkutan": "700.000"}),
    ("jht", {"upah": "3.000.000", "bulan": "24", "hasil_setahun": "5"}),
    ("jp", {"bulan_iur": "180", "rata_upah": "1.500.000"}),
    ("jp", {"bulan_iur": "240", "rata_upah": "40.000.000"}),
]


def reckoned(
    book: FactBook, name: str, inputs: dict[str, str], as_of: date
) -> tuple[dict[str, Decimal], dict[str, set[str]], list[Seen]]:
    recorder = Recorder(as_of, UseKind.KEY, "answer")
    outcome = calculate(name, inputs, book=recorder.watch(book), as_of=as_of)
    seen = list(recorder.uses())
    asked = [one.key for one in seen]
    return (
        dict(outcome.results),
        {result: keys_behind(outcome, result, asked) for result in outcome.results},
        seen,
    )


def with_other_value(book: FactBook, key: str) -> FactBook:
    """Return the book with each number of ``key`` tripled."""
    history = [
        replace(fact, value=fact.value * 3) if isinstance(fact.value, Decimal) else fact
        for fact in book.facts[key]
    ]
    return replace(book, facts={**book.facts, key: tuple(history)})


JKM = {"sebab": "lain", "masih_aktif": "ya", "segmen": "pu", "bulan_iur": "72"}
JKP = {"upah": "8.000.000", "alasan": "phk", "bulan_iur": "24", "usia_daftar": "30"}


@pytest.mark.parametrize(
    ("name", "inputs", "as_of"),
    [(*case, as_of) for case in CASES for as_of in (LAW_2016, LAW_2026)]
    + [("jkm", JKM, LAW_2016), ("jkm", {**JKM, "bulan_peserta": "72"}, LAW_2026), ("jkp", JKP, LAW_2026)],
)
def test_what_is_not_behind_a_result_does_not_decide_it(
    name: str, inputs: dict[str, str], as_of: date
) -> None:
    book = shipped_book()
    results, behind, seen = reckoned(book, name, inputs, as_of)
    compared = 0
    for key in {one.key for one in seen if one.kind is not UseKind.CONDITION}:
        others = [result for result in results if key not in behind[result]]
        compared += len(others)
        if others:
            changed, _behind, _seen = reckoned(with_other_value(book, key), name, inputs, as_of)
            assert {result: changed[result] for result in others} == {
                result: results[result] for result in others
            }, key
    assert compared


def test_a_part_of_a_wage_does_not_rest_on_the_others() -> None:
    _results, behind, _seen = reckoned(shipped_book(), "pu", {"upah": "15.000.000"}, LAW_2026)

    assert "jkk.rate.pu.very_low" in behind["jkk"]
    assert not {"jht.rate.worker", "jp.wage_cap", "jkp.rate.government"} & behind["jkk"]
    assert {"jp.wage_cap", "jp.rate.worker"} <= behind["jp_pekerja"]
    assert not {"jkp.wage_cap", "contribution.late_fee_per_month"} & behind["total"]
