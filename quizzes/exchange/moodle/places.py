"""Kinds of Moodle whose answers are put into a text or onto a picture, as gaps and places of ours. Pure."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from quizzes.exchange.markup import BREAK, from_plain, name_picture, to_plain
from quizzes.exchange.moodle.cloze_text import STEM
from quizzes.exchange.moodle.parts import Part
from quizzes.exchange.moodle.text import Notes, Refused, Texts
from quizzes.types.base import Json

ELSEWHERE = "Bagian lain gambar"
"""The wrong place of a question that has only a right one: all else on the picture."""
_MARK = re.compile(r"\[\[([0-9]{1,3})\]\]")
_SIGN = re.compile("\ue030([0-9]{1,3})\ue031")


def read_places_in_text(part: Part, texts: Texts, notes: Notes) -> Json:
    """Return stem, text and gaps of a text with words to choose or to drag into it.

    Raises:
        Refused: a mark names no word, or there is none.
    """
    listed = part.all("selectoption") or part.all("dragbox")
    words = [(texts.read(one.value("text")), one.value("group") or "1") for one in listed]
    words_of = part.one("questiontext").changed(lambda text: _MARK.sub("\ue030\\1\ue031", text))
    body = words_of.read(texts)
    gaps: list[Json] = []

    def gap(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        if not 0 <= number < len(words):
            raise Refused(_l("[[%(number)s]] names no word to choose.", number=match[1]))
        text, group = words[number]
        others = [other for other, its in words if its == group and other != text]
        options = [{"text": text, "correct": True}, *({"text": other} for other in dict.fromkeys(others))]
        gaps.append({"kind": "choice", "options": options})
        return f"[[{len(gaps)}]]"

    marked = _SIGN.sub(gap, body)
    if not gaps:
        raise Refused(_l("No gap such as [[1]] stands in the text."))
    paragraphs = marked.split(BREAK * 2)
    first = next(at for at, one in enumerate(paragraphs) if _MARK.search(one))
    stem = (BREAK * 2).join(paragraphs[:first]) or STEM
    if not first:
        notes.guess(_l("It asks nothing above its gaps: “%(stem)s” was put there.", stem=STEM))
    return {"stem": stem, "text": (BREAK * 2).join(paragraphs[first:]), "gaps": gaps}


def read_place_on_picture(part: Part, texts: Texts, notes: Notes) -> Json:
    """Return picture and places of a question with one marker and one place for it.

    Raises:
        Refused: it has several, no picture, or a place we do not know.
    """
    drags, drops = part.all("drag"), part.all("drop")
    if len(drags) != 1 or len(drops) != 1:
        raise Refused(_l("Several markers on one picture are not possible here: make a question for each."))
    picture = next((body for one in part.all("file") if name_picture(body := one.body())), b"")
    name = name_picture(picture)
    if not name:
        raise Refused(_l("Its picture is missing, or no PNG or JPEG below 2 MB."))
    texts.files[name] = picture
    label = texts.read(drags[0].value("text")) or from_plain(part.value("name"))
    width, height = size_of(picture)
    notes.guess(
        _l("All of the picture but the place of the marker is one wrong place: “%(name)s”.", name=ELSEWHERE)
    )
    return {
        "picture": name,
        "alt": from_plain(to_plain(part.one("questiontext").read(texts))[:200] or part.value("name")),
        "options": [
            {"text": label, "area": _area(drops[0]), "correct": True},
            {"text": ELSEWHERE, "area": f"0 0 {width} {height}"},
        ],
    }


def size_of(picture: bytes) -> tuple[int, int]:
    """Return how wide and high a PNG or JPEG is, by its head.

    Raises:
        Refused: its head is damaged.
    """
    if picture.startswith(b"\x89PNG") and len(picture) > 24:
        return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    place = 2
    while place + 9 < len(picture) and picture[place] == 0xFF:
        kind, length = picture[place + 1], int.from_bytes(picture[place + 2 : place + 4])
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            return int.from_bytes(picture[place + 7 : place + 9]), int.from_bytes(
                picture[place + 5 : place + 7]
            )
        place += 2 + length
    raise Refused(_l("Its picture is missing, or no PNG or JPEG below 2 MB."))


def _area(drop: Part) -> str:
    """Return "x y radius", "x y width height" or the corners of a place."""
    numbers = re.findall(r"[0-9]+(?:\.[0-9]{1,2})?", drop.value("coords"))
    shape = drop.value("shape").casefold()
    counts = {"circle": len(numbers) == 3, "rectangle": len(numbers) == 4, "polygon": len(numbers) >= 6}
    if not counts.get(shape, False):
        raise Refused(
            _l("The place of its marker cannot be read: %(coords)s.", coords=drop.value("coords")[:60])
        )
    return " ".join(numbers)
