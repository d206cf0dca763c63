"""Texts with gaps, texts of one's own and places on pictures as items of QTI 3."""

from __future__ import annotations

import re
from decimal import Decimal

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import name_picture, to_plain
from quizzes.exchange.qti.entry_writing import entry, number_cases, unit_word, word_cases
from quizzes.exchange.qti.essays import LEVEL_POINTS, LIMITS
from quizzes.exchange.qti.gaps import PART
from quizzes.exchange.qti.marks import Bare
from quizzes.exchange.qti.written_xml import (
    PICTURES,
    Draft,
    add,
    base,
    branches,
    html,
    number,
    plain,
    response,
    tag,
    values,
    variable,
)
from quizzes.types.base import Json
from quizzes.types.cloze import MARK
from quizzes.types.number import Number
from quizzes.types.pictures import Size, size_of
from quizzes.types.rubric import read_points

_ID = "RESPONSE"
_PART = PART.replace("-", "_")
_PIN_SHARE, _WIDE = 24, Decimal(320)
"""How many radii of a pin are as long as a picture is wide, as `quizzes.types.pictures` draws them."""


def write_cloze(question: GivenQuestion) -> Draft:
    """Return a text with gaps, each a list to choose from or a place to type in; weights are points."""
    gaps = question.source["gaps"]
    shown = MARK.sub(
        lambda match: _gap(int(match[1]), gaps[int(match[1]) - 1]), html(question.source["text"])
    )
    body = tag("div", tag("p", html(question.source["stem"])), **{_PART: "stem"})
    body += tag("div", tag("p", shown), **{_PART: "text"})
    draft = Draft(body, "".join(_declared(place, gap) for place, gap in enumerate(gaps, 1)))
    draft.rules = "".join(_marked(place, gap) for place, gap in enumerate(gaps, 1))
    draft.highest = str(sum(int(gap.get("weight", 1)) for gap in gaps))
    return draft


def _id(place: int) -> str:
    return f"GAP_{place}"


def _gap(place: int, gap: Json) -> str:
    if gap["kind"] != "choice":
        return entry(_id(place)) + unit_word(str(gap.get("unit", "")))
    options = "".join(
        tag("qti-inline-choice", plain(to_plain(option["text"])), identifier=f"c{number}")
        for number, option in enumerate(gap["options"], 1)
    )
    return tag("qti-inline-choice-interaction", options, response_identifier=_id(place), shuffle=True)


def _declared(place: int, gap: Json) -> str:
    base_type, key = _key(gap)
    return response(_id(place), "single", base_type, within=values("qti-correct-response", [key]))


def _key(gap: Json) -> tuple[str, str]:
    if gap["kind"] == "choice":
        right = next(n for n, option in enumerate(gap["options"], 1) if option.get("correct"))
        return "identifier", f"c{right}"
    if gap["kind"] == "number":
        return "float", number(str(gap["answer"]))
    answer = max(gap["answers"], key=lambda one: Decimal(str(one.get("share", 1))))
    return "string", _sample(answer["accept"])


def _sample(accept: str) -> str:
    return accept.replace("\\*", "\ue000").replace("*", "").replace("\ue000", "*")


def _marked(place: int, gap: Json) -> str:
    weight = int(gap.get("weight", 1))
    if gap["kind"] == "number":
        return branches(number_cases(_id(place), Number().resolve(gap, Bare()), weight))
    if gap["kind"] == "text":
        is_strict = bool(gap.get("match_case"))
        return branches(word_cases(_id(place), gap["answers"], is_strict=is_strict, weight=weight))
    shares = [
        (f"c{number}", Decimal(str(option.get("share", 1 if option.get("correct") else 0))))
        for number, option in enumerate(gap["options"], 1)
    ]
    return branches(
        (tag("qti-match", variable(_id(place)) + base("identifier", name)), add(number(share * weight)))
        for name, share in shares
        if share > 0
    )


def write_essay(question: GivenQuestion) -> Draft:
    """Return a text of one's own, with the rubric for who marks it."""
    source = question.source
    limits = {
        name.replace("-", "_"): source[field]
        for name, field in LIMITS.items()
        if source.get(field) is not None
    }
    criteria = "".join(_criterion(criterion) for criterion in source["rubric"])
    rubric = tag(
        "qti-rubric-block", tag("qti-content-body", tag("ul", criteria)), use="scoring", view="scorer"
    )
    body = rubric + tag(
        "qti-extended-text-interaction",
        tag("qti-prompt", html(source["stem"])),
        response_identifier=_ID,
        expected_lines=10,
        **limits,
    )
    draft = Draft(body, response(_ID, "single", "string"), is_human=True)
    points = (max(read_points(level["points"]) or 0 for level in one["levels"]) for one in source["rubric"])
    draft.highest = number(sum(points) or 1)
    return draft


def _criterion(criterion: Json) -> str:
    name = LEVEL_POINTS.replace("-", "_")
    levels = "".join(
        tag("li", html(level["text"]), **{name: number(str(level["points"]))})
        for level in criterion["levels"]
    )
    return tag("li", tag("p", html(criterion["text"])) + tag("ul", levels))


def write_hotspot(question: GivenQuestion) -> Draft:
    """Return a picture with places; pins become circles."""
    source = question.source
    name, body = picture_of(question)
    size = size_of(source) if isinstance(source.get("picture"), dict) or not source.get("picture") else None
    places = "".join(_place(n, option, size) for n, option in enumerate(source["options"], 1))
    width, height = (size.width, size.height) if size else (None, None)
    kind = "image/svg+xml" if name.endswith(".svg") else f"image/{'png' if name.endswith('.png') else 'jpeg'}"
    shown = tag(
        "object", plain(to_plain(source["alt"])), data=PICTURES + name, type=kind, width=width, height=height
    )
    right = [f"c{n}" for n, option in enumerate(source["options"], 1) if option.get("correct")]
    interaction = tag(
        "qti-hotspot-interaction",
        tag("qti-prompt", html(source["stem"])) + shown + places,
        response_identifier=_ID,
        max_choices=1,
    )
    declared = response(_ID, "single", "identifier", within=values("qti-correct-response", right))
    return Draft(interaction, declared, template="match_correct", media={name: body})


def picture_of(question: GivenQuestion) -> tuple[str, bytes]:
    """Return name and content of the picture with the places; without content there is none to write."""
    drawing, picture = question.source.get("drawing"), question.source.get("picture")
    if drawing:
        return f"{re.sub('[^a-z0-9]', '-', question.name.casefold())[:40]}.svg", str(drawing).encode()
    named = picture if isinstance(picture, str) else ""
    if isinstance(picture, dict):
        tried = (picture.get("file", ""), picture["sha256"], f"{picture['sha256']}.png")
        named = next((one for one in tried if one in question.files), "")
    body = question.files.get(named, b"")
    return (name_picture(body) or named), body


def _place(place: int, option: Json, size: Size | None) -> str:
    shape, coords = _shape(option, size)
    return tag(
        "qti-hotspot-choice",
        identifier=f"c{place}",
        shape=shape,
        coords=",".join(number(each) for each in coords),
        hotspot_label=to_plain(option["text"]),
    )


def _shape(option: Json, size: Size | None) -> tuple[str, list[Decimal]]:
    if option.get("at"):
        x, y = map(Decimal, option["at"].split())
        return "circle", [x, y, ((size.width if size else _WIDE) / _PIN_SHARE).quantize(Decimal("0.1"))]
    numbers = [Decimal(each) for each in str(option["area"]).replace(",", " ").split()]
    if len(numbers) == 4:
        x, y, width, height = numbers
        return "rect", [x, y, x + width, y + height]
    return ("circle" if len(numbers) == 3 else "poly"), numbers
