"""Wilayah: official codes of kabupaten and kota, and the many ways people write their names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.text import fold

SOURCE = Path(__file__).parent / "data" / "regions.csv"

_KINDS = {
    "kab": "Kabupaten",
    "kabupaten": "Kabupaten",
    "kota": "Kota",
    "kotamadya": "Kota",
    "city": "Kota",
    "regency": "Kabupaten",
}
# The five of Jakarta and its islands are "Kota Administrasi"; nobody says so.
_SILENT = {"administrasi", "adm"}
# 35.19, 3519, 35,19 and the 35.2 that a spreadsheet makes of 35.20.
_CODE = re.compile(r"(\d{2})[.,]?(\d{1,2})")
_WORDS = re.compile(r"[^\W\d_]+")


@cache
def load_regions() -> dict[str, str]:
    """Return official code → name, e.g. "35.19" → "Kabupaten Madiun", in the order of the codes."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def show_region(code: str) -> str:
    """Return the name of a region as a list shows it, e.g. "Kab. Madiun"; an unknown code as it is."""
    return load_regions().get(code, code).replace("Kabupaten ", "Kab. ").replace(" Administrasi", "")


@cache
def region_names() -> tuple[str, ...]:
    """Return all names as a list shows them, to be offered while somebody types."""
    return tuple(sorted(show_region(code) for code in load_regions()))


def read_region(text: str) -> str:
    """Return the official code for a code or name as people write it.

    Raises:
        Invalid: nothing there, a name both a kabupaten and a kota bear, or no region we know.
    """
    folded = fold(text)
    if not folded:
        raise Invalid(_l("The region is missing."), field="region_code")
    code = _read_code(folded) or _read_name(_WORDS.findall(folded))
    if code is None:
        raise Invalid(_unknown(text), field="region_code")
    return code


def _unknown(text: str) -> object:
    words = [word for word in _WORDS.findall(fold(text)) if word not in _KINDS]
    close = get_close_matches("".join(words), _names(), n=1)
    if not close:
        return _l(
            "“%(text)s” is no kabupaten or kota we know. Write e.g. Kab. Madiun or 35.19.", text=text[:60]
        )
    code = next(iter(_names()[close[0]].values()))
    return _l(
        "“%(text)s” is no kabupaten or kota we know. Did you mean %(region)s?",
        text=text[:60],
        region=show_region(code),
    )


def _read_code(folded: str) -> str | None:
    match = _CODE.fullmatch(folded)
    if match is None:
        return None
    code = f"{match[1]}.{match[2]:0<2}"
    return code if code in load_regions() else None


def _read_name(words: Sequence[str]) -> str | None:
    for kind, name in _readings([word for word in words if word not in _SILENT]):
        found = [code for known, code in _names().get(name, {}).items() if kind in (None, known)]
        if len(found) > 1:
            raise Invalid(
                _l(
                    "There are a Kabupaten and a Kota %(name)s: write which one.",
                    name=" ".join(words).title(),
                ),
                field="region_code",
            )
        if found:
            return found[0]
    return None


def _readings(words: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """Yield kind and joined name: "Kota Madiun", "Madiun, Kota", and "Lima Puluh Kota", which is a name."""
    yield None, "".join(words)
    if words and words[0] in _KINDS:
        yield _KINDS[words[0]], "".join(words[1:])
    if words and words[-1] in _KINDS:
        yield _KINDS[words[-1]], "".join(words[:-1])


@cache
def _names() -> dict[str, dict[str, str]]:
    """Return joined folded name → kind → code, e.g. "madiun" → {"Kabupaten": "35.19", "Kota": "35.77"}."""
    names: dict[str, dict[str, str]] = {}
    for code, full in load_regions().items():
        kind, *words = (word for word in _WORDS.findall(fold(full)) if word not in _SILENT)
        names.setdefault("".join(words), {})[_KINDS[kind]] = code
    return names
