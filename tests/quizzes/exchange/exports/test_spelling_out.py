"""What leaves the house says in words what its marks say at its law date, and holds nothing of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from courses.facts.book import load_book
from quizzes.bank.resolving import resolve
from quizzes.exchange.exports.spelling_out import spell_out
from quizzes.types import TYPES, get_type

BOOK = load_book()
SHIPPED = Path(__file__).parents[4] / "courses" / "curriculum" / "kader-penggerak" / "questions"
BESIDE = {"id", "type", "use"}


def fetch(sha256: str) -> tuple[str, bytes]:
    return f"{sha256[:4]}.png", b"png"


def shipped() -> list[dict[str, Any]]:
    """Return the two longest shipped questions of each type, but for cases: their parts are others."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(SHIPPED.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text("utf-8")):
            if "berlaku" not in row and row["type"] != "case_set":
                found.setdefault(row["type"], []).append(row)
    return [row for rows in found.values() for row in sorted(rows, key=lambda row: -len(str(row)))[:2]]


@pytest.mark.parametrize("row", shipped(), ids=lambda row: row["id"])
def test_a_shipped_question_is_the_same_without_its_marks(row: dict[str, Any]) -> None:
    source = {name: value for name, value in row.items() if name not in BESIDE}
    given = spell_out(source, kind=row["type"], as_of=BOOK.as_of, book=BOOK, fetch=fetch, name=row["id"])
    assert not re.search(r"(?<!\\)\{(fakta|pasal|istilah|keliru|hitung):", str(given.source))
    assert get_type(row["type"]).faults(given.source) == []
    before = resolve(source, kind=row["type"], book=BOOK, as_of=BOOK.as_of)
    after = resolve(given.source, kind=row["type"], book=BOOK, as_of=BOOK.as_of)
    assert words(after.stem_html) == words(before.stem_html)
    if row["type"] == "calculated":
        assert keys(after.content) == keys(before.content)
    else:
        assert without_links(after.content) == without_links(before.content)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def without_links(content: Any) -> str:
    return re.sub(r"(\d)\.0+\b", r"\1", words(str(content)))


def keys(content: dict[str, Any]) -> list[str]:
    """Return what the variants show and ask, in whatever order."""
    return sorted(variant["shown"]["jawaban"] for variant in content["variants"])


def test_every_type_has_a_sample_here() -> None:
    assert {row["type"] for row in shipped()} >= {kind.key for kind in TYPES} - {"case_set"}


def test_articles_stand_behind_the_explanation() -> None:
    source = {"stem": "a?", "answer": True, "explanation": "Ya.", "cite": ["uu-24-2011/10"]}
    given = spell_out(source, kind="true_false", as_of=BOOK.as_of, book=BOOK, fetch=fetch, name="x")
    assert given.source == {
        "stem": "a?",
        "answer": True,
        "explanation": "Ya.\\\nDasar: Pasal 10 UU 24/2011.",
    }


def test_pictures_go_along_by_name() -> None:
    mark = f"{{gambar:{'a' * 64} 10x20|pintu}}"
    picture = {"sha256": "b" * 64, "width": 10, "height": 20}
    source = {"stem": f"Apa {mark}?", "picture": picture, "alt": "x"}
    given = spell_out(source, kind="hotspot", as_of=BOOK.as_of, book=BOOK, fetch=fetch, name="x")
    assert given.source == {"stem": "Apa {gambar:aaaa.png|pintu}?", "picture": "bbbb.png", "alt": "x"}
    assert set(given.files) == {"aaaa.png", "bbbb.png"}


def test_a_mark_that_is_written_out_stays_letters() -> None:
    source = {"stem": r"Apa \{fakta\:jht.rate}?", "answer": True}
    given = spell_out(source, kind="true_false", as_of=BOOK.as_of, book=BOOK, fetch=fetch, name="x")
    assert given.source["stem"] == source["stem"]
