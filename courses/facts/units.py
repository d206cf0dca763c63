"""Units of facts: what kind of value each has, and how it is said in Indonesian and English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a value is written."""

    RUPIAH = "rupiah"
    """Whole rupiah: Rp42.000.000."""
    FRACTION = "fraction"
    """A share of one as decimal text, shown as percent: 0.0024 is 0,24%."""
    COUNT = "count"
    """A whole number followed by a noun: 15 hari kerja."""
    DAY = "day"
    """A day of a month: tanggal 15."""
    YEAR = "year"
    """A calendar year: 2022."""
    DATE = "date"
    """An ISO date: 1 Agustus 2017."""
    BOOLEAN = "boolean"
    """true or false."""
    TEXT = "text"
    """A rule in words; the entry says how it is shown in both languages."""


@dataclass(frozen=True)
class Unit:
    """One unit; the nouns are empty where the kind needs none."""

    kind: Kind
    noun_id: str = ""
    noun_en: str = ""
    nouns_en: str = ""


def _count(noun_id: str, noun_en: str, nouns_en: str = "") -> Unit:
    return Unit(Kind.COUNT, noun_id, noun_en, nouns_en or f"{noun_en}s")


UNITS: dict[str, Unit] = {
    "IDR": Unit(Kind.RUPIAH),
    "IDR_max": Unit(Kind.RUPIAH),
    "IDR_per_month": Unit(Kind.RUPIAH),
    "IDR_per_participant": Unit(Kind.RUPIAH),
    "IDR_per_year": Unit(Kind.RUPIAH),
    "fraction": Unit(Kind.FRACTION),
    "fraction_of_accumulated_contributions_and_returns": Unit(Kind.FRACTION),
    "fraction_of_base_income": Unit(Kind.FRACTION),
    "fraction_of_capped_wage": Unit(Kind.FRACTION),
    "fraction_of_contract_slice": Unit(Kind.FRACTION),
    "fraction_of_contributions": Unit(Kind.FRACTION),
    "fraction_of_due_contribution": Unit(Kind.FRACTION),
    "fraction_of_investment": Unit(Kind.FRACTION),
    "fraction_of_jht_fund": Unit(Kind.FRACTION),
    "fraction_of_monthly_wage": Unit(Kind.FRACTION),
    "fraction_of_returns": Unit(Kind.FRACTION),
    "fraction_of_wage": Unit(Kind.FRACTION),
    "fraction_over_reference_price": Unit(Kind.FRACTION),
    "fraction_per_day": Unit(Kind.FRACTION),
    "fraction_per_month": Unit(Kind.FRACTION),
    "fraction_per_year": Unit(Kind.FRACTION),
    "articles": _count("pasal", "article"),
    "calendar_days": _count("hari kalender", "calendar day"),
    "chapters": _count("bab", "chapter"),
    "children": _count("anak", "child", "children"),
    "days": _count("hari", "day"),
    "groups": _count("kelompok", "group"),
    "hours": _count("jam", "hour"),
    "items": _count("jenis", "kind"),
    "months": _count("bulan", "month"),
    "months_of_wage": _count("bulan upah", "month of wages", "months of wages"),
    "occupations": _count("pekerjaan", "occupation"),
    "persons": _count("orang", "person", "people"),
    "principles": _count("prinsip", "principle"),
    "programs": _count("program", "programme"),
    "regions": _count("wilayah", "region"),
    "risks": _count("risiko", "risk"),
    "rows": _count("baris", "row"),
    "times": _count("kali", "time"),
    "workers": _count("pekerja", "worker"),
    "working_days": _count("hari kerja", "working day"),
    "years": _count("tahun", "year"),
    "years_exclusive": _count("tahun", "year"),
    "day_of_month": Unit(Kind.DAY),
    "day_of_next_month": Unit(Kind.DAY),
    "day_of_same_month": Unit(Kind.DAY),
    "year": Unit(Kind.YEAR),
    "date": Unit(Kind.DATE),
    "boolean": Unit(Kind.BOOLEAN),
    "enum": Unit(Kind.TEXT),
    "formula": Unit(Kind.TEXT),
    "rule": Unit(Kind.TEXT),
}
"""Every unit a fact may have. A new one is one line here."""
