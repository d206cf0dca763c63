"""Hotspot: one place on a drawing or a picture is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.hotspot_form import HotspotForm
from quizzes.types.options import (
    count_correct,
    option_faults,
    order_options,
    positions,
    present_options,
    read_positions,
    resolve_options,
    review_options,
)
from quizzes.types.pictures import picture_faults, resolve_picture, size_of
from quizzes.types.regions import NUMBER, read_point, read_region, region_faults

_AT = re.compile(rf"({NUMBER}) ({NUMBER})")
_PLACE_FIELDS = ("at", "area")


class Hotspot(QuestionType):
    """A picture with places on it, and the places as radio buttons under it: either way answers.

    The places are either pins everybody sees (``at``), or regions nobody sees (``area``): then any point may
    be marked, and the regions stay here.

    Content: ``options`` as of a single choice, each with ``x`` and ``y`` or with ``area``; ``drawing_html``,
    ``box`` and ``radius`` of the picture. A number is that of the place on this paper.
    Answer: ``{"choice": <index>}`` from the list or by a pin, ``{"at": "<x> <y>"}`` where a point was marked.
    """

    key = "hotspot"
    source_fields = frozenset({"drawing", "picture", "alt", "options"})
    edit_form = HotspotForm
    script = "types/hotspot.js"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Place on a drawing"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with drawing, places and key."""
        options = source.get("options")
        places = options if isinstance(options, list) else []
        if not all(isinstance(place, dict) for place in places):
            return [str(_l("The options are not a list."))]
        bare = [{n: value for n, value in place.items() if n not in _PLACE_FIELDS} for place in places]
        faults = option_faults({"options": bare} if isinstance(options, list) else {})
        found = [str(fault) for fault in picture_faults(source)]
        faults += found or [str(fault) for fault in _faults_of_places(source, places)]
        if not faults and count_correct(source) != 1:
            faults.append(str(_l("Exactly one place is right.")))
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the picture as safe markup, and the places with their texts as HTML."""
        content = resolve_options(source, resolver)
        for option, place in zip(content["options"], source["options"], strict=True):
            match = _AT.fullmatch(str(place.get("at", "")))
            if place.get("area"):
                option["area"] = " ".join(str(place["area"]).replace(",", " ").split())
            else:
                option["x"], option["y"] = match.groups() if match else ("0", "0")
        return content | resolve_picture(source, resolver)

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return the order of the places, and by it their numbers."""
        return order_options(content, rng, shuffle=shuffle)

    def present(self, content: Json, prepared: Json) -> Json:
        """Return the picture, its pins, and the places: position and html; never a region."""
        is_free = _is_free(content)
        return present_options(content, prepared) | _picture(content, prepared) | {"is_free": is_free}

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the chosen place or the marked point, None when there is neither; a place goes first.

        Raises:
            FormatError: a foreign number, more than one, or a point that is not on the picture.
        """
        chosen = read_positions(raw.get("choice", ()), prepared)
        if len(chosen) > 1:
            raise FormatError(_l("Only one place can be chosen here."))
        if chosen:
            return {"choice": chosen[0]}
        points = [value for value in raw.get("at", ()) if value.strip()]
        if not points:
            return None
        width, height = map(Fraction, content["box"].split()[2:])
        point = read_point(points[0])
        if len(points) > 1 or point is None or not _is_free(content) or point[0] > width or point[1] > height:
            raise FormatError(_l("This point is not on the picture. Please mark it again."))
        return {"at": points[0]}

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return 1 for the right place or a point in its region, else 0."""
        place = _place_of(content, answer)
        is_right = place is not None and content["options"][place]["correct"]
        return Grade(Decimal(1) if is_right else Decimal(0))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return the picture, its pins or regions, the point, and the places: chosen, right, and why."""
        place = _place_of(content, answer)
        shown = review_options(content, prepared, [] if place is None else [place])
        regions = [
            region.drawn() | {"position": position, "is_right": content["options"][index]["correct"]}
            for position, index in enumerate(prepared["order"], 1)
            if (region := read_region(content["options"][index].get("area")))
        ]
        point = answer["at"].split() if answer and "at" in answer else None
        return shown | _picture(content, prepared) | {"regions": regions, "point": point}

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the number of the right place."""
        return {"choice": positions(content, prepared, are_right=True)[:1]}

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return the number of the first wrong place."""
        return {"choice": positions(content, prepared, are_right=False)[:1]}

    def examples(self) -> list[Example]:
        """Return three places on a line."""
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
            '<path class="d-line" d="M20 50h260"/><text class="d-bold" x="20" y="20">Jalan klaim</text></svg>'
        )
        places = [
            {"text": "Kejadian", "at": "40 50", "why": "Di sini belum ada berkas."},
            {"text": "Loket", "at": "150 50", "correct": True},
            {"text": "Rekening", "at": "260.5 50"},
        ]
        unreadable: list[Raw] = [
            {"choice": ["0"]},
            {"choice": ["4"]},
            {"choice": ["1", "2"]},
            {"at": ["10 10"]},
        ]
        source = {"drawing": drawing, "alt": "Garis dari kejadian sampai rekening", "options": places}
        picture = {"file": "slip.png", "sha256": "0" * 64, "width": 600, "height": 400}
        regions = [
            {"text": "Potongan JHT", "area": "40 40 200 60", "correct": True},
            {"text": "Upah pokok", "area": "400 100 60", "why": "Itu sebelum dipotong."},
            {"text": "Tanda tangan", "area": "300 300 560 300 560 380 300 380"},
        ]
        hidden = {"picture": picture, "alt": "Slip gaji Bu Sari", "options": regions}
        off: list[Raw] = [{"at": ["601 10"]}, {"at": ["x"]}, {"at": ["1 1", "2 2"]}]
        return [
            Example(source, {"choice": ["2"]}, {"choice": ["1"]}, unreadable),
            Example(hidden, {"at": ["240 100"]}, {"at": ["241 100"]}, off),
            Example(hidden, {"choice": ["1"]}, {"at": ["430 350"]}, [{"choice": ["9"]}]),
        ]


def _is_free(content: Json) -> bool:
    return any("area" in option for option in content["options"])


def _place_of(content: Json, answer: Json | None) -> int | None:
    """Return the place that was chosen, or the first whose region holds the point; None: none."""
    if answer is None or "choice" in answer:
        return None if answer is None else int(answer["choice"])
    point = read_point(answer["at"])
    for index, option in enumerate(content["options"]):
        region = read_region(option.get("area"))
        if point and region and region.holds(point):
            return index
    return None


def _faults_of_places(source: Json, places: list[Json]) -> Iterator[object]:
    size = size_of(source)
    if not any(place.get("area") for place in places):
        for number, place in enumerate(places, 1):
            match = _AT.fullmatch(str(place.get("at", "")))
            if match is None or Decimal(match[1]) > size.width or Decimal(match[2]) > size.height:
                yield _l("Place %(number)s is not on the drawing: write for example 120 80.", number=number)
        return
    if any(place.get("at") for place in places) or not all(place.get("area") for place in places):
        yield _l("Either every place is a point (at) or every place is an area.")
        return
    regions = [read_region(place["area"]) for place in places]
    yield from region_faults(regions, Fraction(size.width), Fraction(size.height))


def _picture(content: Json, prepared: Json) -> Json:
    options = content["options"]
    pins = [
        {"position": position, "x": options[index]["x"], "y": options[index]["y"]}
        for position, index in enumerate(prepared["order"], 1)
        if "x" in options[index]
    ]
    return {"pins": pins} | {name: content[name] for name in ("drawing_html", "box", "radius")}
