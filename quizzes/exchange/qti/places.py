"""Places on a picture: areas to choose, or a point to set."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from PIL import Image

from lms.core.errors import Invalid
from lms.core.xml_reader import XmlElement
from quizzes.bank.pictures.storing import read_picture
from quizzes.exchange.markup import name_picture
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Sample, settle
from quizzes.exchange.qti.names import child, children, text_of
from quizzes.exchange.qti.shapes import Shape, read_shape
from quizzes.exchange.qti.values import QtiFault
from quizzes.types.base import Json

_CORNERS = 12


def read_hotspots(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of areas to choose one of."""
    choices = children(interaction, "hotspot-choice")
    names = [choice.attributes.get("identifier", "") for choice in choices]
    declaration = item.response(interaction)
    right = {str(name) for name in declaration.correct.items} & set(names)
    if len(right) != 1:
        raise ItemFault(_l("Exactly one place of a picture is right in our questions."))
    shapes = [_shape(choice) for choice in choices]
    labels = [_label(choice) for choice in choices]
    source = _source(item, interaction, shapes, labels, [name in right for name in names])
    samples = [Sample([(declaration.identifier, name)], {"choice": n}) for n, name in enumerate(names)]
    return _settled(item, source, [*samples, Sample([], None)])


def read_point(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of a point to set in an area."""
    declaration = item.response(interaction)
    areas = declaration.areas.areas if declaration.areas else []
    best = max((worth for _shape, worth in areas), default=0.0)
    if best <= 0 or sum(worth == best for _shape, worth in areas) != 1:
        raise ItemFault(_l("Exactly one place of a picture is right in our questions."))
    if len(areas) == 1:
        raise ItemFault(_l("Only one area is known; a question here has at least two places."))
    shapes = [shape for shape, _worth in areas]
    source = _source(item, interaction, shapes, [""] * len(areas), [worth == best for _shape, worth in areas])
    samples = [
        Sample([(declaration.identifier, _centre(shape))], {"choice": number})
        for number, shape in enumerate(shapes)
    ]
    return _settled(item, source, [*samples, Sample([], None)])


def _settled(item: Item, source: Json, samples: Sequence[Sample]) -> tuple[str, Json]:
    # Marks do not depend on the picture, whose size only the bank knows for good.
    bare = {"options": [{n: v for n, v in one.items() if n != "area"} for one in source["options"]]}
    settle("single_choice", [bare], samples, marks=item.marks, notes=item.notes)
    return "hotspot", source


def _shape(choice: XmlElement) -> Shape:
    try:
        return read_shape(choice.attributes)
    except QtiFault as fault:
        raise ItemFault(str(fault)) from fault


def _label(choice: XmlElement) -> str:
    said = choice.attributes
    return said.get("hotspot-label") or said.get("aria-label") or " ".join(text_of(choice).split())


def _source(
    item: Item,
    interaction: XmlElement,
    shapes: Sequence[Shape],
    labels: Sequence[str],
    rights: Sequence[bool],
) -> Json:
    shown = next((one for one in interaction.elements() if one.name in ("object", "img")), None)
    address = "" if shown is None else shown.attributes.get("data", shown.attributes.get("src", ""))
    body = item.fetch(address) if address else None
    if shown is None or body is None or not name_picture(body):
        raise ItemFault(_l("The picture with the places is missing, or no PNG or JPEG below 2 MB."))
    try:
        kept = read_picture(body)
    except Invalid as error:
        raise ItemFault(error.message) from error
    item.notes.files[name_picture(body)] = body
    factor = _factor(shown, kept.width, body)
    if not all(labels):
        item.notes.guess(_l("The places have no names: they are numbered. Say what each shows."))
    stem = item.stem(interaction)
    prompt = child(interaction, "prompt")
    alt = shown.attributes.get("alt") or " ".join(text_of(shown).split())
    if not alt:
        item.notes.guess(_l("The picture does not say what it shows: write it, it is read out."))
        alt = " ".join(text_of(prompt).split()) if prompt is not None else stem
    options = [
        {"text": label or f"Tempat {number}", "area": _area(item, shape, factor)}
        | ({"correct": True} if right else {})
        for number, (shape, label, right) in enumerate(zip(shapes, labels, rights, strict=True), 1)
    ]
    return {"stem": stem, "picture": name_picture(body), "alt": alt, "options": options}


def _factor(shown: XmlElement, kept_width: int, body: bytes) -> Decimal:
    """Return by how much coordinates shrink or grow: pictures are kept smaller, and may be shown larger."""
    said = shown.attributes.get("width", "").removesuffix("px").strip()
    width = int(said) if said.isdigit() and int(said) else _width(body)
    return Decimal(kept_width) / Decimal(width)


def _width(body: bytes) -> int:
    with Image.open(io.BytesIO(body)) as picture:
        return int(picture.width)


def _area(item: Item, shape: Shape, factor: Decimal) -> str:
    if shape.name == "default":
        raise ItemFault(_l("A place that is the whole picture is none."))
    numbers = [Decimal(repr(each)) * factor for each in _numbers(item, shape)]
    return " ".join(f"{number.quantize(Decimal('0.01')).normalize() + 0:f}" for number in numbers)


def _numbers(item: Item, shape: Shape) -> list[float]:
    coords = list(shape.coords)
    if shape.name == "rect":
        left, top, right, bottom = coords
        return [min(left, right), min(top, bottom), abs(right - left), abs(bottom - top)]
    if shape.name == "ellipse":
        item.notes.lose(_l("An ellipse became a shape of %(count)s corners.", count=_CORNERS))
        return _around(coords)
    if len(coords) > 2 * _CORNERS:
        raise ItemFault(_l("An area has more than %(count)s corners.", count=_CORNERS))
    return coords


def _around(coords: Sequence[float]) -> list[float]:
    x, y, across, down = coords
    angles = [2 * math.pi * number / _CORNERS for number in range(_CORNERS)]
    return [each for angle in angles for each in (x + across * math.cos(angle), y + down * math.sin(angle))]


def _centre(shape: Shape) -> str:
    coords = list(shape.coords)
    if shape.name == "rect":
        coords = [(coords[0] + coords[2]) / 2, (coords[1] + coords[3]) / 2]
    elif shape.name == "poly":
        coords = [sum(coords[::2]) / (len(coords) // 2), sum(coords[1::2]) / (len(coords) // 2)]
    return f"{round(coords[0])} {round(coords[1])}"
