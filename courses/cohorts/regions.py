"""Wilayah: official codes of kabupaten and kota, and the many ways people write their names."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.text import fold

SOURCE = Path(__file__).parent / "data" / "regions.yaml"

_KINDS = {
    "kab": "Kabupaten",
    "kabupaten": "Kabupaten",
    "kota": "Kota",
    "kotamadya": "Kota",
    "city": "Kota",
    "regency": "Kabupaten",
}
# 35.19, 3519, 35,19 and the 35.2 that a spreadsheet makes of 35.20.
_CODE = re.compile(r"(\d{2})[.,]?(\d{1,2})")
_WORDS = re.compile(r"[^\W\d_]+")


@cache
def load_regions() -> dict[str, str]:
    """Return official code → name, e.g. "35.19" → "Kabupaten Madiun", in the order of the codes."""
    provinces: dict[str, dict[str, str]] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return {code: name for regions in provinces.values() for code, name in regions.items()}


def show_region(code: str) -> str:
    """Return the name of a region as a list shows it, e.g. "Kab. Madiun"; an unknown code as it is."""
    return load_regions().get(code, code).replace("Kabupaten ", "Kab. ")


def read_region(text: str) -> str:
    """Return the official code for a code or name as people write it.

    Raises:
        Invalid: nothing there, a name both a kabupaten and a kota bear, or no region we know.
    """
    folded = fold(text)
    if not folded:
        raise Invalid(_l("The region is missing."), field="region_code")
    code = _read_code(folded) or _read_name(folded)
    if code is None:
        raise Invalid(
            _l(
                "“%(text)s” is no kabupaten or kota we know. Write e.g. Kab. Madiun or 35.19.", text=text[:60]
            ),
            field="region_code",
        )
    return code


def _read_code(folded: str) -> str | None:
    match = _CODE.fullmatch(folded)
    if match is None:
        return None
    code = f"{match[1]}.{match[2]:0<2}"
    return code if code in load_regions() else None


def _read_name(folded: str) -> str | None:
    words = _WORDS.findall(folded)
    kinds = {_KINDS[word] for word in words if word in _KINDS}
    name = " ".join(word for word in words if word not in _KINDS)
    found = [code for kind, code in _names().get(name, {}).items() if not kinds or kind in kinds]
    if len(found) > 1:
        raise Invalid(
            _l("There are a Kabupaten and a Kota %(name)s: write which one.", name=name.title()),
            field="region_code",
        )
    return found[0] if found else None


@cache
def _names() -> dict[str, dict[str, str]]:
    """Return folded name → kind → code, e.g. "madiun" → {"Kabupaten": "35.19", "Kota": "35.77"}."""
    names: dict[str, dict[str, str]] = {}
    for code, full in load_regions().items():
        kind, _, name = full.partition(" ")
        names.setdefault(fold(name), {})[kind] = code
    return names
