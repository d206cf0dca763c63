"""Ordering: lines to put in order, such as the steps of a claim."""

from __future__ import annotations

from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from lms.core.fields import at_most
from lms.core.text import fold
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.rows_form import RowsForm
from quizzes.types.shares import ratio

MIN_ITEMS = 3
MAX_ITEMS = 10
_FIELDS = frozenset({"text", "why"})

SCORINGS = {
    "absolute_position": _l("Each line in its place earns its share"),
    "neighbours": _l("Each line that follows the right one earns its share"),
    "all_or_nothing": _l("Only the whole order earns marks"),
}
"""How an order that is partly right counts; the name is kept with every version."""


class LineForm(Form):
    """One line."""

    main = "text"

    text = TextAreaField(_l("Line"), [at_most(MAX_TEXT)])
    why = TextAreaField(_l("Why, shown after the result"), [at_most(MAX_TEXT)])


class OrderingForm(RowsForm):
    """The lines in their right order, and how a partly right one counts."""

    list_name = "items"
    written_by = ("text", "why")
    fewest = MIN_ITEMS
    most = MAX_ITEMS

    items = FieldList(FormField(LineForm), label=_l("Lines in the right order"), max_entries=MAX_ITEMS)
    scoring = RadioField(_l("What a partly right order earns"), [Optional()], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scoring.choices = [SelectChoice(name, label) for name, label in SCORINGS.items()]

    def show(self, source: Json) -> None:
        """Fill the rows; a new question begins with empty ones."""
        names = ("text", "why")
        rows = [{name: str(item.get(name) or "") for name in names} for item in source.get("items") or []]
        self.set_rows(rows or [{}] * 4)
        self.scoring.data = str(source.get("scoring") or next(iter(SCORINGS)))

    def read(self) -> Json:
        """Return the lines that are written, and the rule."""
        items = [
            {"text": clean(row["text"])} | ({"why": clean(row["why"])} if clean(row["why"]) else {})
            for row in self.written()
        ]
        return {"items": items, "scoring": self.scoring.data if self.scoring.data in SCORINGS else ""}


class Ordering(QuestionType):
    """A place for each line. Content: ``items`` in the right order, ``scoring``.

    Answer: ``{"places": [<1 for the first> or None, for each item of the content]}``.
    """

    key = "ordering"
    source_fields = frozenset({"items", "scoring"})
    edit_form = OrderingForm
    key_field = "items"
    script = "types/order.js"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Ordering"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the lines and the rule."""
        items = source.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            return [str(_l("The lines are not a list."))]
        unknown = {name for item in items for name in item} - _FIELDS
        faults = [str(_l("Unknown field “%(name)s”.", name=name)) for name in sorted(unknown)]
        if not MIN_ITEMS <= len(items) <= MAX_ITEMS:
            faults.append(
                str(_l("An order has %(least)s to %(most)s lines.", least=MIN_ITEMS, most=MAX_ITEMS))
            )
        texts = [fold(str(item.get("text", ""))) for item in items]
        if not all(texts):
            faults.append(str(_l("A line is empty.")))
        elif len(set(texts)) < len(texts):
            faults.append(str(_l("Two lines say the same.")))
        if source.get("scoring") not in SCORINGS:
            faults.append(str(_l("The rule (scoring) is one of: %(names)s.", names=", ".join(SCORINGS))))
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the lines with their texts as HTML."""
        return {
            "items": [
                {
                    "html": resolver.html(str(item.get("text") or "")),
                    "why_html": resolver.html(str(item["why"])) if item.get("why") else "",
                }
                for item in source.get("items") or []
            ],
            "scoring": str(source.get("scoring") or ""),
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return the order shown, which is never the right one: unshuffled it is that of the alphabet."""
        items = content["items"]
        found = list(range(len(items)))
        shown = (
            rng.sample(found, len(found)) if shuffle else sorted(found, key=lambda i: fold(items[i]["html"]))
        )
        return {"shown": shown[1:] + shown[:1] if shown == found else shown}

    def present(self, content: Json, prepared: Json) -> Json:
        """Return ``rows``: position and html, and the name of the rule."""
        return {
            "rows": [
                {"position": position, "html": content["items"][index]["html"]}
                for position, index in enumerate(prepared["shown"], 1)
            ],
            "scoring": content["scoring"],
        }

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the place of each line, None for lines that have none; None when no line has one.

        Raises:
            FormatError: a foreign line, no place of this list, or one place for two lines.
        """
        lines = {f"place-{position}": index for position, index in enumerate(prepared["shown"], 1)}
        places: list[int | None] = [None] * len(content["items"])
        for name, sent in raw.items():
            values = [value for value in sent if value.strip()]
            if not values or not name.startswith("place-"):
                continue
            if name not in lines or len(values) > 1:
                raise FormatError(_l("This answer is not one of the options. Please choose again."))
            places[lines[name]] = _read_place(values[0].strip(), len(places))
        given = [place for place in places if place is not None]
        for place in given:
            if given.count(place) > 1:
                raise FormatError(
                    _l("Place %(place)s is given twice. Every line has a place of its own.", place=place)
                )
        return {"places": places} if given else None

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return what the order earns by the rule of the question."""
        marks = _marks(content, answer)
        if content["scoring"] == "all_or_nothing":
            comment = _l("Only the whole order earns marks.")
            return Grade(ratio(all(marks), 1), str(comment))
        if content["scoring"] == "neighbours":
            right, count = sum(marks[1:]), len(marks) - 1
            comment = _l("%(right)s of %(all)s lines follow the right one.", right=right, all=count)
        else:
            right, count = sum(marks), len(marks)
            comment = _l("%(right)s of %(all)s lines are in their place.", right=right, all=count)
        return Grade(ratio(right, count), str(comment))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return ``rows`` in the right order: line, place given (None: none), whether it counts, reason.

        And ``scoring``, the name of the rule, with a ``comment`` on what was earned.
        """
        places = [None] * len(content["items"]) if answer is None else answer["places"]
        marks = _marks(content, answer)
        return {
            "rows": [
                {
                    "html": item["html"],
                    "given": place,
                    "is_right": is_right,
                    "why_html": item["why_html"],
                }
                for item, place, is_right in zip(content["items"], places, marks, strict=True)
            ],
            "scoring": content["scoring"],
            "comment": self.grade(content, answer).comment,
        }

    def solution_html(self, content: Json) -> str:
        """Return the lines in their order."""
        lines = "".join(f"<li>{item['html']}</li>" for item in content["items"])
        return f"<ol>{lines}</ol>"

    def solve(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return the place of each line."""
        shown = enumerate(prepared["shown"], 1)
        return {f"place-{position}": [str(index + 1)] for position, index in shown}

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return the order backwards."""
        shown = enumerate(prepared["shown"], 1)
        return {f"place-{position}": [str(len(content["items"]) - index)] for position, index in shown}

    def examples(self) -> list[Example]:
        """Return one order by each rule."""
        texts = ("Melapor kecelakaan", "Isi formulir", "Serahkan berkas", "Terima keputusan")
        items = [{"text": text} for text in texts]
        items[0]["why"] = "Laporan memulai semuanya."
        # Shown by the alphabet: Isi, Melapor, Serahkan, Terima.
        right, wrong, swapped, late = map(_places, ("2134", "3421", "1234", "1423"))
        unreadable: list[Raw] = [
            {"place-1": ["1"], "place-2": ["1"]},
            {"place-1": ["5"]},
            {"place-1": ["x"]},
            {"place-9": ["1"]},
            {"place-1": ["1", "2"]},
        ]
        half: dict[str, list[Any]] = {
            "absolute_position": [(swapped, ratio(1, 2)), ({"place-4": ["4"]}, ratio(1, 4))],
            "neighbours": [(late, ratio(2, 3))],
            "all_or_nothing": [(swapped, ratio(0, 1))],
        }
        return [
            Example({"items": items, "scoring": name}, right, wrong, unreadable, half[name])
            for name in SCORINGS
        ]


def _places(places: str) -> Raw:
    return {f"place-{position}": [place] for position, place in enumerate(places, 1)}


def _read_place(text: str, count: int) -> int:
    if text not in {str(place) for place in range(1, count + 1)}:
        raise FormatError(_l("A place is a number from 1 to %(count)s.", count=count))
    return int(text)


def _marks(content: Json, answer: Json | None) -> list[bool]:
    """Return what counts of each line by the rule; by neighbours the first counts if it stands first."""
    places = [None] * len(content["items"]) if answer is None else answer["places"]
    if content["scoring"] == "neighbours":
        return [
            place is not None and (place == 1 if not index else places[index - 1] == place - 1)
            for index, place in enumerate(places)
        ]
    return [place == number for number, place in enumerate(places, 1)]
