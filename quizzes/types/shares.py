"""Parts of the marks, exact to seven digits."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

SMALLEST = Decimal("1e-7")
"""Fractions are kept to seven digits, as marks are in the database."""


def ratio(earned: Decimal | int, possible: Decimal | int) -> Decimal:
    """Return what was earned of what was possible, 0 to 1, rounded half up to seven digits; of nothing, 0."""
    if not possible:
        return Decimal(0)
    return (Decimal(earned) / Decimal(possible)).quantize(SMALLEST, ROUND_HALF_UP).normalize() + 0


def read_share(value: object) -> Decimal | None:
    """Return a share as an author wrote it, 0 to 1, None where it is none."""
    try:
        share = Decimal(str(value))
    except ArithmeticError:
        return None
    return share if share.is_finite() and 0 <= share <= 1 and not isinstance(value, bool) else None
