"""The author's form of a case set: the story, and a row for each part.

A part is a question named by its id, a decision (one choice a line: ``next | text | reason``), or an end.
A question written in place comes from a file; the form hands it on as it is.
Ways on from a question stand one a line, too: ``2 = part``, ``right = part``, ``else = part``.
"""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from quizzes.types.base import FormatError, Json
from quizzes.types.case_ways import ELSE, read_ways
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.rows_form import RowsForm

MAX_PARTS = 40
MAX_STORY = 6000
_BETWEEN = " | "
_FIRST_ROWS = 4
_AROUND = frozenset({"name", "next"})
"""What a part says of its place in the case, whatever it is."""
ENDS = {"": _l("no end"), "good": _l("a good end"), "partly": _l("half of the way"), "bad": _l("a bad end")}


class PartForm(Form):
    """One part."""

    main = "question"

    name = StringField(_l("Name, for the ways to it"), [at_most(60)])
    question = StringField(_l("Question"), [at_most(140)])
    ways = TextAreaField(_l("Ways on, one a line"), [at_most(1000)])
    text = TextAreaField(_l("What happens"), [at_most(MAX_STORY)])
    choices = TextAreaField(_l("Choices, one a line"), [at_most(MAX_STORY)])
    end = SelectField(_l("End"), validate_choice=False)
    debrief = TextAreaField(_l("What was right"), [at_most(MAX_TEXT)])
    kept = HiddenField(validators=[at_most(MAX_STORY)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.end.choices = [SelectChoice(end, label) for end, label in ENDS.items()]

    @property
    def kept_stem(self) -> str:
        """What a question written in place asks."""
        return str(read_kept(self.kept.data).get("stem", ""))

    def validate_kept(self, field: Field) -> None:
        """Say that a question written in place did not come back as it went out."""
        if field.data and not read_kept(field.data):
            raise ValidationError(str(_l("This question cannot be read. Open the page again.")))

    def validate_choices(self, field: Field) -> None:
        """Say which line cannot be read."""
        try:
            read_choices(field.data)
        except FormatError as error:
            raise ValidationError(str(error)) from error

    def validate_ways(self, field: Field) -> None:
        """Say which line cannot be read."""
        try:
            read_lines(field.data)
        except FormatError as error:
            raise ValidationError(str(error)) from error


class CaseSetForm(RowsForm):
    """Story and parts."""

    list_name = "parts"
    written_by = ("question", "text", "choices", "kept")
    fewest = 1
    most = MAX_PARTS

    text = TextAreaField(_l("The story or the table"), [at_most(MAX_STORY)])
    parts = FieldList(FormField(PartForm), label=_l("Parts"), max_entries=MAX_PARTS)

    def show(self, source: Json) -> None:
        """Fill the rows; a new case begins with empty ones."""
        self.text.data = str(source.get("text") or "")
        listed = source.get("parts")
        self.set_rows([_row(part) for part in listed or [] if part] or [{}] * _FIRST_ROWS)

    def read(self) -> Json:
        """Return story and parts; a part that only names a question is its name."""
        source: Json = {"parts": [_part(row) for row in self.written()]}
        text = clean(self.text.data)
        return {"text": text, **source} if text else source

    def find(self, place: str) -> list[Field]:
        """Return the fields a place of the source is shown in: all choices stand in one."""
        name, _dash, rest = place.partition("-")
        number, _dash, part = rest.partition("-")
        return super().find(f"{name}-{number}-{part.partition('-')[0]}" if part else place)


def read_lines(text: str | None) -> dict[str, str]:
    """Return the ways as written: a sign and a name a line; a name alone is where every answer leads.

    Raises:
        FormatError: a line says no way; it says which.
    """
    ways: dict[str, str] = {}
    for line in (line.strip() for line in clean(text).split("\n") if line.strip()):
        sign, mark, name = (part.strip() for part in line.partition("="))
        sign, name = (sign, name) if mark else (ELSE, sign)
        if not name or not sign or sign in ways:
            raise FormatError(_l("“%(line)s” is no way. Write it like: 2 = part-b", line=line))
        ways[sign] = name
    return ways


def read_kept(text: str | None) -> Json:
    """Return a question written in place; empty: there is none, or it cannot be read."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read_choices(text: str | None) -> list[Json]:
    """Return the choices of a decision.

    Raises:
        FormatError: a line lacks where it leads or what it says; it says which.
    """
    return [_choice(line.strip()) for line in clean(text).split("\n") if line.strip()]


def _choice(line: str) -> Json:
    name, text, why = (*(part.strip() for part in line.split(_BETWEEN, 2)), "", "")[:3]
    if not name or not text:
        raise FormatError(
            _l("“%(line)s” is no choice. Write it like: part-b | what one does | what comes of it", line=line)
        )
    return {"text": text, "next": name} | ({"why": why} if why else {})


def _row(part: Any) -> dict[str, Any]:
    if isinstance(part, str):
        return {"question": part}
    row = {name: str(part.get(name) or "") for name in ("name", "question", "text", "end", "debrief")}
    ways = read_ways(part.get("next"))
    lines = [name if sign == ELSE and len(ways) == 1 else f"{sign} = {name}" for sign, name in ways.items()]
    if "type" in part:
        inner = {key: value for key, value in part.items() if key not in _AROUND}
        return {"name": row["name"], "ways": "\n".join(lines), "kept": json.dumps(inner)}
    return row | {"ways": "\n".join(lines), "choices": "\n".join(map(_line, part.get("choices") or []))}


def _line(choice: Json) -> str:
    texts = (choice.get("next"), choice.get("text"), choice.get("why"))
    return _BETWEEN.join(" ".join(str(text).split()) for text in texts if text)


def _part(row: dict[str, Any]) -> Json | str:
    """Return a row as it stands in a source: its kind is what was filled in."""
    name = {"name": clean(row["name"])} if clean(row["name"]) else {}
    if clean(row["end"]):
        debrief = {"debrief": clean(row["debrief"])} if clean(row["debrief"]) else {}
        return name | {"text": clean(row["text"]), "end": clean(row["end"])} | debrief
    if clean(row["choices"]):
        return name | {"text": clean(row["text"]), "choices": read_choices(row["choices"])}
    ways = read_lines(row["ways"])
    following: Any = ways.get(ELSE) if set(ways) == {ELSE} else ways
    around = name | ({"next": following} if ways else {})
    if row["kept"]:
        return read_kept(row["kept"]) | around
    return around | {"question": clean(row["question"])} if around else clean(row["question"])
