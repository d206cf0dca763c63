"""How a branch office numbers its certificates: a pattern with places for what differs."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid

DEFAULT = "{nomor}/{jenis}/{kode}/{bulan_romawi}/{tahun}"
"""Where an office has no pattern of its own, e.g. ``00001/PK/MDN/X/2016``."""
PLACES = ("nomor", "jenis", "kode", "bulan", "bulan_romawi", "tahun")
"""What can be filled in: number, PK or DEMO, code of the office, month 01–12 or I–XII, year."""
NEEDED = ("nomor", "kode", "tahun")
"""Without them two certificates could get the same number."""
MAX_PATTERN_LENGTH = 60
MAX_SERIAL_LENGTH = 58
"""So that the check character and the dash before it still fit."""
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_PLACE = re.compile(r"\{([^{}]*)\}")
_AROUND = re.compile(r"[A-Za-z0-9./ -]*\Z")
_LONGEST = {"number": 999_999, "code": "X" * 20, "day": date(2038, 8, 31), "is_demo": True}


def read_pattern(text: str) -> str:
    """Return a pattern as it is kept; empty for the one all offices begin with.

    Raises:
        Invalid: two certificates could get the same number, or a place is unknown, or it is too long.
    """
    pattern = " ".join(text.split())
    if pattern in {"", DEFAULT}:
        return ""
    places = _PLACE.findall(pattern)
    unknown = [place for place in places if place not in PLACES]
    if unknown:
        known = ", ".join(f"{{{place}}}" for place in PLACES)
        raise _wrong(_l("There is no {%(place)s}. There are: %(known)s.", place=unknown[0], known=known))
    if not _AROUND.match(_PLACE.sub("", pattern)):
        raise _wrong(_l("Between the places only letters, digits, / . - and blanks can stand."))
    if any(places.count(place) != 1 for place in NEEDED):
        raise _wrong(_l("{nomor}, {kode} and {tahun} must each stand in it once."))
    if "{kode}" not in pattern.split("/"):
        raise _wrong(
            _l("{kode} must stand alone between two slashes, so that no other office has the number.")
        )
    if len(pattern) > MAX_PATTERN_LENGTH or len(fill_pattern(pattern, **_LONGEST)) > MAX_SERIAL_LENGTH:  # type: ignore[arg-type]
        raise _wrong(_l("Numbers of this pattern become too long: 58 characters at most."))
    return pattern


def fill_pattern(pattern: str, *, number: int, code: str, day: date, is_demo: bool) -> str:
    """Return a number without its check character, e.g. ``00001/PK/MDN/X/2016``.

    Args:
        pattern: as :func:`read_pattern` returned it.
        number: counted per office and year.
        day: of issue, where the training was.
        is_demo: it says DEMO, wherever the pattern has a place for that or not.
    """
    pattern = pattern or DEFAULT
    counted = f"{number:05d}"
    values = {
        "nomor": counted if "{jenis}" in pattern or not is_demo else f"DEMO-{counted}",
        "jenis": "DEMO" if is_demo else "PK",
        "kode": code,
        "bulan": f"{day.month:02d}",
        "bulan_romawi": ROMAN_MONTHS[day.month - 1],
        "tahun": str(day.year),
    }
    return _PLACE.sub(lambda place: values[place[1]], pattern)


def _wrong(message: object) -> Invalid:
    return Invalid(message, field="serial_pattern")
