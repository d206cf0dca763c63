"""Read a number as people in Indonesia write it, in words of either language, and never as another one.

A point groups thousands, a comma begins decimals: ``5.000.000,50``. What could be read in two ways
(``5,000``) or breaks these rules (``5,000.00``, ``1.00``, ``5.00.000``) is a format error with a
proposal; Moodle reads ``1,00`` as 100 and marks it right, which is how a right answer becomes a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import lazy_gettext as _l

UNITS = ("rupiah", "persen", "hari", "hari kerja", "bulan", "tahun", "orang")
"""What a number may be counted in; empty for none."""

MAX_LENGTH = 30

_SCALES = {
    "ribu": 1_000,
    "rb": 1_000,
    "juta": 1_000_000,
    "jt": 1_000_000,
    "miliar": 1_000_000_000,
    "milyar": 1_000_000_000,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
_UNIT_WORDS = {unit: unit for unit in UNITS} | {
    "percent": "persen",
    "day": "hari",
    "days": "hari",
    "working day": "hari kerja",
    "working days": "hari kerja",
    "month": "bulan",
    "months": "bulan",
    "year": "tahun",
    "years": "tahun",
    "person": "orang",
    "people": "orang",
    "bln": "bulan",
    "thn": "tahun",
}
"""What people write for a unit in either language."""
_WHOLE = re.compile(r"-?[0-9]+\Z")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?\Z")
_DECIMAL = re.compile(r"-?[0-9]+,[0-9]+\Z")
# 5,000 is five to one reader and five thousand to another.
_TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}\Z")
_DIGITS = re.compile(r"-?[.,]?[0-9][0-9.,]*\Z")
_MINUS = str.maketrans("\u2212\u2013", "--")
_NO_NUMBER = _l("Please type a number, for example 5.000.000 or 0,24.")


class NumberFault(ValueError):
    """A text is no number, or one that could be another; the message proposes what to type."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


def read_number(text: str, *, unit: str = "", scales: bool = True) -> Decimal:
    """Return the number somebody typed; its unit may be typed too if it is ``unit``.

    Args:
        text: e.g. "5.000.000,50", "Rp5.000.000", "0,24%", "15 hari kerja", "2,5 juta".
        unit: one of ``UNITS``, or empty: then any of them may be typed.
        scales: whether "2,5 juta" is read; where not, the fault says the number in figures.

    Raises:
        NumberFault: not a number, or one that could be another; the message proposes what to type.
    """
    if len(text) > MAX_LENGTH:
        raise NumberFault(_l("This is too long for a number."))
    plain = " ".join("".join(map(_narrow, text)).casefold().translate(_MINUS).split())
    plain, word = _without_scale(_without_unit(plain, unit))
    value = _read_digits(plain, word) * _SCALES.get(word, 1)
    if word and not scales:
        raise NumberFault(_l("Please write the number in figures: %(number)s.", number=show(_trimmed(value))))
    return value


def show(value: Decimal) -> str:
    """Return ``value`` in Indonesian form with all its digits, e.g. "5.000.000,50", so that it reads back."""
    digits = max(0, -int(value.as_tuple().exponent))
    shown = str(format_decimal(value, "#,##0" + ("." + "0" * digits if digits else ""), locale="id"))
    return f"{shown}0" if _TWO_WAYS.match(shown) else shown


def _narrow(character: str) -> str:
    """Return a wide digit or sign as the common one; a raised 2 is no 2, nor is a fraction two numbers."""
    is_wide = unicodedata.decomposition(character).startswith(("<wide>", "<noBreak>"))
    return unicodedata.normalize("NFKC", character) if is_wide else character


def _trimmed(value: Decimal) -> Decimal:
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def _without_unit(text: str, unit: str) -> str:
    currency = re.match(r"(rp\.?|idr) ?", text)
    if currency:
        _check_unit("rupiah", unit)
        text, unit = text[currency.end() :], "rupiah"
    if unit in {"", "rupiah"}:
        text = text.removesuffix(",-").removesuffix(",--")
    ending = re.search(r" ?(%|[a-z][a-z ]*)\Z", text)
    name = ending[1].replace("%", "persen") if ending else ""
    for word in sorted(_UNIT_WORDS, key=len, reverse=True):
        if name == word or name.endswith(f" {word}"):
            known = _UNIT_WORDS[word]
            # "15 hari" for a question in working days says less, not something else.
            _check_unit(known, "hari" if (known, unit) == ("hari", "hari kerja") else unit)
            return text.removesuffix("%").removesuffix(word).rstrip()
    return text


def _check_unit(written: str, unit: str) -> None:
    if unit and written != unit:
        raise NumberFault(_l("This answer is counted in %(unit)s. Please type the number only.", unit=unit))


def _without_scale(text: str) -> tuple[str, str]:
    """Return the text without a word like "juta", and that word."""
    number, _, word = text.rpartition(" ")
    if word in _SCALES:
        return number, word
    attached = re.match(r"([-0-9.,]+)([a-z]+)\Z", text)
    if attached and attached[2] in _SCALES:
        return attached[1], attached[2]
    return text, ""


def _read_digits(text: str, word: str) -> Decimal:
    """Return the number in figures; what is proposed for another one has the ``word`` behind it."""
    if _TWO_WAYS.match(text):
        whole, _, decimals = text.partition(",")
        raise NumberFault(
            _l(
                "This can be read in two ways. Did you mean %(thousands)s or %(decimal)s?",
                thousands=f"{whole}.{decimals} {word}".rstrip(),
                decimal=f"{whole},{decimals}0 {word}".rstrip(),
            )
        )
    if _WHOLE.match(text) or _DECIMAL.match(text) or _GROUPED.match(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    compact = text.replace(" ", "")
    if not _DIGITS.match(compact):
        raise NumberFault(_NO_NUMBER)
    raise NumberFault(
        _l(
            "Did you mean %(number)s? A point groups thousands, a comma begins decimals.",
            number=f"{_guess(compact)} {word}".rstrip(),
        )
    )


def _guess(text: str) -> str:
    """Return what somebody most likely meant who typed separators in another way."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if digits[0] in ".,":
        return f"{sign}0,{re.sub('[.,]', '', digits)}"
    parts = re.split(r"[.,]", digits.rstrip(".,"))
    separators = re.findall(r"[.,]", digits.rstrip(".,"))
    mixed = len(set(separators)) > 1
    is_decimal = len(parts) > 1 and (len(parts[-1]) != 3 or parts[0] == "0" or (mixed and len(parts) == 2))
    whole = "".join(parts[:-1] if is_decimal else parts)
    shown = show(Decimal(whole or "0"))
    return f"{sign}{shown},{parts[-1]}" if is_decimal else f"{sign}{shown}"
