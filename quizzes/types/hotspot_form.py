"""The author's form of a hotspot: a drawing, and the places on it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)

from courses.catalogue.drawings import MAX_BYTES
from lms.core.fields import at_most
from quizzes.types.base import Json
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.options import MAX_OPTIONS, MIN_OPTIONS
from quizzes.types.pictures import read_shown_picture, show_picture
from quizzes.types.rows_form import RowsForm


class PlaceForm(Form):
    """One place."""

    main = "text"

    text = TextAreaField(_l("What it is called"), [at_most(MAX_TEXT)])
    at = StringField(_l("Pin: right, down"), [at_most(20)])
    area = StringField(_l("Or a hidden area"), [at_most(120)])
    why = TextAreaField(_l("Why, shown after the result"), [at_most(MAX_TEXT)])
    is_right = BooleanField(_l("This is the right place"))


class HotspotForm(RowsForm):
    """The drawing as SVG or a picture, what it shows in words, and its places.

    Who draws the page keeps a picture that was sent, and writes into `picture` how it is found.
    """

    list_name = "options"
    written_by = ("text", "at", "area", "why")
    fewest = MIN_OPTIONS
    most = MAX_OPTIONS

    drawing = TextAreaField(_l("Drawing (SVG)"), [at_most(MAX_BYTES)])
    picture = HiddenField()
    upload = FileField(_l("Or a picture: PNG or JPEG"))
    has_no_picture = BooleanField(_l("Without this picture"))
    alt = StringField(_l("What the drawing shows"), [at_most(MAX_TEXT)])
    options = FieldList(FormField(PlaceForm), label=_l("Places"), max_entries=MAX_OPTIONS)

    def show(self, source: Json) -> None:
        """Fill the fields; a new question begins with empty places."""
        self.drawing.data, self.alt.data = str(source.get("drawing") or ""), str(source.get("alt") or "")
        self.picture.data = show_picture(source.get("picture"))
        self.set_rows([_row(option) for option in source.get("options") or []] or [{}] * 3)

    def read(self) -> Json:
        """Return the drawing and the places that are written."""
        source: Json = {"options": [_place(row) for row in self.written()]}
        written = {"drawing": clean(self.drawing.data), "alt": clean(self.alt.data)}
        picture = None if self.has_no_picture.data else read_shown_picture(clean(self.picture.data))
        kept = {"picture": picture} if picture else {}
        return source | kept | {name: text for name, text in written.items() if text}


def _row(option: Json) -> dict[str, Any]:
    texts = {name: str(option.get(name) or "") for name in ("text", "at", "area", "why")}
    return texts | {"is_right": bool(option.get("correct"))}


def _place(row: dict[str, Any]) -> Json:
    place: Json = {"text": clean(row["text"])}
    for name in ("at", "area"):
        written = " ".join(clean(row[name]).split())
        # A place without either keeps an empty pin, for the fault to stand at.
        if written or (name == "at" and not clean(row["area"])):
            place[name] = written
    if row["is_right"]:
        place["correct"] = True
    return place | ({"why": clean(row["why"])} if clean(row["why"]) else {})
