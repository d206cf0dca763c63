"""What groups of keys and units are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from courses.facts.units import UNITS, Kind

GROUPS: dict[str, object] = {
    "jkk": _l("Work accidents (JKK)"),
    "jkm": _l("Death (JKM)"),
    "jht": _l("Old-age savings (JHT)"),
    "jp": _l("Pension (JP)"),
    "jkp": _l("Loss of the job (JKP)"),
    "scholarship": _l("Scholarships for children"),
    "bpu": _l("The self-employed (BPU)"),
    "jakon": _l("Construction projects"),
    "pmi": _l("Migrant workers"),
    "wage_base": _l("The wage that counts"),
    "contribution": _l("Paying contributions"),
    "registration": _l("Registering"),
    "data_change": _l("Changes of data"),
    "sanction": _l("Administrative sanctions"),
    "crime": _l("Criminal sanctions"),
    "law": _l("Laws and organs"),
    "fund": _l("The funds"),
    "perisai": _l("PERISAI agents"),
    "covid": _l("Relief during COVID-19"),
    "training": _l("The training of 2016"),
}
"""By what stands before the first point of a key, in the order of the page."""

_KINDS: dict[Kind, object] = {
    Kind.RUPIAH: "rupiah",
    Kind.FRACTION: _l("percent"),
    Kind.DAY: _l("day of the month"),
    Kind.YEAR: _l("calendar year"),
    Kind.DATE: _l("date"),
    Kind.BOOLEAN: _l("yes or no"),
    Kind.TEXT: _l("rule in words"),
}


def group_of(key: str) -> str:
    """Return the group of a key."""
    return key.partition(".")[0]


def group_name(group: str) -> object:
    """Return what people call a group; a new one has only its own name."""
    return GROUPS.get(group, group)


def unit_name(code: str, language: str) -> str:
    """Return "rupiah (IDR_per_month)" or "hari kerja (working_days)"."""
    unit = UNITS[code]
    noun = unit.nouns_en if language == "en" else unit.noun_id
    return f"{noun or _KINDS[unit.kind]} ({code})"
