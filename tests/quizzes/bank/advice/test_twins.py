"""Near twins are found, also those that only numbers tell apart; questions of one subject are not."""

from __future__ import annotations

from quizzes.bank.advice.twins import Twins, Wording, find_twins

OTHERS = [
    Wording("a-1", "Siapa yang mengawasi BPJS dari luar?", ("Dewan", "OJK")),
    Wording("a-2", "Ke mana keluarga menyerahkan berkas klaim?", ("Kantor cabang", "Kantor desa")),
    Wording("a-3", "Kapan kecelakaan dilaporkan untuk pertama kali?", ("Segera", "Nanti")),
]
SHOP = "Upah Bu Sri di toko roti Rp2.000.000 sebulan. Berapa rupiah iuran JHT bagian pekerja?"


def twins(*wordings: Wording) -> list[Twins]:
    return list(find_twins([*OTHERS, *wordings]))


def test_other_questions_are_no_twins() -> None:
    assert twins() == []


def test_other_numbers_and_another_name_make_no_other_question() -> None:
    second = SHOP.replace("Bu Sri", "Bu Tini").replace("2.000.000", "3.500.000")

    assert twins(Wording("b-1", SHOP, ()), Wording("b-2", second, ())) == [Twins("b-1", "b-2", True)]


def test_a_reworded_question_is_a_near_twin() -> None:
    second = "Bu Rini, peserta, meninggal di rumah karena sakit. Program mana yang memberi santunan?"
    first = second.replace("?", " kepada keluarganya?")
    options = ("JKM", "JKK", "JHT")

    assert twins(Wording("b-1", first, options), Wording("b-2", second, options)) == [
        Twins("b-1", "b-2", False)
    ]


def test_a_pair_may_be_alike_but_not_differ_only_in_numbers() -> None:
    reworded = SHOP.replace("di toko roti", "di warung soto")

    assert twins(Wording("b-1", SHOP, (), "ujian-1"), Wording("b-2", reworded, (), "ujian-1")) == []
    copied = SHOP.replace("2.000.000", "3.000.000")
    assert twins(Wording("b-1", SHOP, (), "ujian-1"), Wording("b-2", copied, (), "ujian-1")) == [
        Twins("b-1", "b-2", True)
    ]
