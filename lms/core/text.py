"""Text as it is compared and kept."""

from __future__ import annotations

import unicodedata
from typing import Any


def fold(text: str) -> str:
    """Return ``text`` as it is compared: NFKC, casefolded, single blanks, trimmed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def tidy(value: Any) -> Any:
    """Return a string with single blanks and no control characters; anything else unchanged."""
    if not isinstance(value, str):
        return value
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in value)
    return " ".join(printable.split())
