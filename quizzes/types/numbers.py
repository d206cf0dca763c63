"""Numbers in answers: what cannot be read is a format error, not a wrong answer."""

from __future__ import annotations

from decimal import Decimal

from lms.core import numbers
from quizzes.types.base import FormatError


def read_number(text: str, *, unit: str = "") -> Decimal:
    """Return the number somebody typed, as :func:`lms.core.numbers.read_number`.

    Raises:
        FormatError: not a number, or one that could be another; the message proposes what to type.
    """
    try:
        return numbers.read_number(text, unit=unit)
    except numbers.NumberFault as fault:
        raise FormatError(fault.message) from fault
