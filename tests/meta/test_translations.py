"""Every sentence of the interface has an Indonesian one, and it is not the English one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from lms.core import translations_build

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "lms" / "core" / "translations"
PACKAGES = ("lms", "courses", "quizzes", "certificates")

SAME = {
    "Bahasa Indonesia",
    "English",
    "PDF",
    "PIN",
    "Format",
    "Login",
    "Status",
    "Link",
    "CSV",
    "QR",
    "Internal",
    "Browser",
    "Radar",
}
"""What is written alike in both languages."""

PREFIXES = {"Error: "}
"""What stands before a whole title."""

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}


@cache
def extracted() -> tuple[str, ...]:
    """Return every sentence marked for translation in code and templates."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: set[str] = set()
    for package in PACKAGES:
        for entry in extract_from_dir(str(ROOT / package), methods, options, keywords=KEYWORDS):
            text = entry[2]
            found.add(text[0] if isinstance(text, tuple) else text)
    return tuple(sorted(found))


@cache
def catalogue() -> Catalog:
    """Return the Indonesian catalogue."""
    with (FOLDER / "id" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="id", abort_invalid=True)


def _messages() -> dict[str, Message]:
    return {m.id if isinstance(m.id, str) else m.id[0]: m for m in catalogue() if m.id}


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_sentence_is_in_the_catalogue_and_none_is_left_over() -> None:
    known = set(_messages())

    assert not set(extracted()) - known, "not translated"
    assert not known - set(extracted()), "left over"


def test_every_sentence_has_an_indonesian_one() -> None:
    assert not [text for text, message in _messages().items() if not all(_strings(message))]
    assert not [text for text, message in _messages().items() if message.fuzzy]


def test_no_translation_is_the_english_text_again() -> None:
    same = {text for text, message in _messages().items() if text in _strings(message)}

    assert not {text for text in same - SAME if re.search(r"[A-Za-z]{3,}", re.sub(r"%\(\w+\)[sd]", "", text))}


@pytest.mark.parametrize("pattern", [r"%\(\w+\)[sd]", r"</?\w+[^>]*>", r"%%", r"\{\w*\}"])
def test_places_for_values_agree(pattern: str) -> None:
    for text, message in _messages().items():
        for translated in filter(None, _strings(message)):
            assert set(re.findall(pattern, text)) == set(re.findall(pattern, translated)), text


def test_edges_agree() -> None:
    for text, message in _messages().items():
        for translated in filter(None, _strings(message)):
            assert (text[:1].isspace(), text[-1:].isspace()) == (
                translated[:1].isspace(),
                translated[-1:].isspace(),
            )
            assert (text[-1] in ".?!:…") == (translated[-1] in ".?!:…"), (text, translated)


def test_no_sentence_is_glued_together() -> None:
    """A sentence that begins or ends in the middle cannot be translated."""
    assert not [text for text in extracted() if text not in PREFIXES and (text != text.strip() or not text)]


def test_placeholders_are_named() -> None:
    assert not [text for text in extracted() if re.search(r"%[sd]|\{\}|\{0\}", text)]


def test_compiled_catalogue_is_built_from_this_one(tmp_path: Path) -> None:
    source = FOLDER / "id" / "LC_MESSAGES" / "messages.po"
    target = tmp_path / "id" / "LC_MESSAGES"
    target.mkdir(parents=True)
    (target / "messages.po").write_bytes(source.read_bytes())

    translations_build.compile_translations(tmp_path)

    assert (target / "messages.mo").read_bytes() == source.with_suffix(".mo").read_bytes(), (
        "run `lms-prepare`"
    )
