"""The author's form of a text with gaps: the answers of a gap stand on one line each.

``= setiap bulan # reason`` is right, ``~ setiap tahun # reason`` is wrong, ``50% jaksa # reason`` earns half.
A number to reckon is one line: ``{fakta:jht.rate.worker|persen}``; ``50% ± 5`` below it is a wider tolerance.
"""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from lms.core.numbers import UNITS
from lms.core.numbers import show as show_number
from quizzes.types.base import FormatError, Json
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.expressions import read_expression, show_expression
from quizzes.types.numbers import read_number
from quizzes.types.rows_form import RowsForm
from quizzes.types.short_answer import read_percent, show_percent

MAX_GAPS = 8
MAX_WEIGHT = 10
SEPARATOR = " # "
KINDS = {"choice": _l("To choose"), "number": _l("A number"), "text": _l("A word to write")}
_NEAR = re.compile(r"(?P<share>[0-9.,]+) ?%\s*(?:±|\+-|\+/-)\s*(?P<tolerance>[0-9.,]+)")
_LINE = re.compile(r"(?P<mark>=|~|[0-9.,]+ ?%)\s*(?P<text>\S.*)")


class GapForm(Form):
    """One gap."""

    main = "answers"

    kind = SelectField(_l("Kind"), validate_choice=False, default="choice")
    answers = TextAreaField(_l("Answers, one a line"), [at_most(3000)])
    unit = SelectField(_l("Unit"), validate_choice=False)
    tolerance = StringField(_l("Tolerance"), [at_most(40)])
    weight = StringField(_l("Weight"), [at_most(4)])
    why = TextAreaField(_l("Why, shown after the result"), [at_most(MAX_TEXT)])
    match_case = BooleanField(_l("Capital letters matter"))
    match_accents = BooleanField(_l("Accents matter (é is not e)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice(kind, label) for kind, label in KINDS.items()]
        self.unit.choices = [SelectChoice(unit, unit or "–") for unit in ("", *UNITS)]

    def validate_answers(self, field: Field) -> None:
        """Say which line cannot be read."""
        try:
            read_answers(str(self.kind.data), field.data or "")
        except FormatError as error:
            raise ValidationError(str(error)) from error

    def validate_tolerance(self, field: Field) -> None:
        """Say why it is no number from 0 on."""
        try:
            is_below = bool(clean(field.data)) and read_number(clean(field.data)) < 0
        except FormatError as error:
            raise ValidationError(str(error)) from error
        if is_below:
            raise ValidationError(_l("The tolerance must be a number from 0 on."))

    def validate_weight(self, field: Field) -> None:
        """Say that it is no weight."""
        weights = {"", *(str(weight) for weight in range(1, MAX_WEIGHT + 1))}
        if clean(field.data) not in weights:
            raise ValidationError(_l("The weight is a whole number from 1 to %(most)s.", most=MAX_WEIGHT))


class ClozeForm(RowsForm):
    """The text, and its gaps in the order of their numbers."""

    list_name = "gaps"
    written_by = ("answers", "why")
    fewest = 1
    most = MAX_GAPS

    text = TextAreaField(_l("Text with gaps"), [at_most(4000)])
    gaps = FieldList(FormField(GapForm), label=_l("Gaps"), max_entries=MAX_GAPS)

    def show(self, source: Json) -> None:
        """Put the text and its gaps into the fields."""
        self.text.data = str(source.get("text") or "")
        self.set_rows([_row(gap) for gap in source.get("gaps") or []] or [{}])

    def read(self) -> Json:
        """Return the text and the gaps that are written."""
        text = {"text": clean(self.text.data)} if clean(self.text.data) else {}
        return text | {"gaps": [_gap(row) for row in self.written()]}


def read_answers(kind: str, text: str) -> Json:
    """Return the part of a gap's source that its lines hold.

    Raises:
        FormatError: a line cannot be read.
    """
    lines = [line.strip() for line in clean(text).split("\n") if line.strip()]
    if kind == "number":
        near = _NEAR.fullmatch(lines[-1]) if lines else None
        lines = lines[:-1] if near else lines
        answer = {"answer": read_expression(" ".join(lines))} if lines else {}
        return answer | ({"near": _read_near(near)} if near else {})
    found = [_read_line(line, kind) for line in lines]
    return {"options" if kind == "choice" else "answers": found}


def _read_line(line: str, kind: str) -> Json:
    said, _mark, why = line.partition(SEPARATOR)
    match = _LINE.fullmatch(said.strip())
    if match is None:
        raise FormatError(
            _l("“%(line)s”: a line begins with = where it is right and with ~ where it is wrong.", line=said)
        )
    reason = {"why": why.strip()} if why.strip() else {}
    share = {"=": "1", "~": "0"}.get(match["mark"]) or read_percent(match["mark"])
    if kind == "choice":
        right = {"correct": True} if match["mark"] == "=" else {} if share == "0" else {"share": share}
        return {"text": match["text"]} | right | reason
    return {"accept": match["text"]} | ({} if share == "1" else {"share": share}) | reason


def _read_near(match: re.Match[str]) -> Json:
    tolerance = read_number(match["tolerance"])
    return {"tolerance": f"{tolerance:f}", "fraction": read_percent(match["share"])}


def _row(gap: Json) -> dict[str, Any]:
    tolerance = gap.get("tolerance")
    return {
        "kind": gap.get("kind") or "choice",
        "answers": _show_answers(gap),
        "unit": str(gap.get("unit") or ""),
        "tolerance": show_number(read_plain(tolerance)) if tolerance else "",
        "weight": str(gap.get("weight") or ""),
        "why": str(gap.get("why") or ""),
        "match_case": bool(gap.get("match_case")),
        "match_accents": bool(gap.get("match_accents")),
    }


def read_plain(value: object) -> Any:
    """Return a number of a source, such as "0.01"."""
    return read_number(str(value).replace(".", ","))


def _show_answers(gap: Json) -> str:
    if gap.get("kind") == "number":
        return "\n".join([show_expression(gap.get("answer")), *_show_near(gap.get("near"))])
    lines = []
    for option in gap.get("options") or []:
        share = f"{show_percent(option['share']) or '100'}%" if "share" in option else "~"
        lines.append(_show_line("=" if option.get("correct") else share, option.get("text"), option))
    for form in gap.get("answers") or []:
        percent = show_percent(form.get("share", 1))
        mark = "=" if not percent else "~" if percent == "0" else f"{percent}%"
        lines.append(_show_line(mark, form.get("accept"), form))
    return "\n".join(lines)


def _show_near(near: Json | None) -> list[str]:
    if not near:
        return []
    return [f"{show_percent(near.get('fraction'))}% ± {show_number(read_plain(near.get('tolerance')))}"]


def _show_line(mark: str, text: object, part: Json) -> str:
    why = f"{SEPARATOR}{part['why']}" if part.get("why") else ""
    return f"{mark} {text}{why}"


def _gap(row: dict[str, Any]) -> Json:
    kind = row["kind"] if row["kind"] in KINDS else "choice"
    gap: Json = {"kind": kind} | read_answers(kind, row["answers"] or "")
    if clean(row["weight"]):
        gap["weight"] = int(clean(row["weight"])) if clean(row["weight"]).isdecimal() else 0
    if kind == "number":
        gap |= {"unit": row["unit"]} if row["unit"] in UNITS else {}
        if clean(row["tolerance"]):
            gap["tolerance"] = f"{read_number(clean(row['tolerance'])):f}"
    if kind == "text":
        gap |= {name: True for name in ("match_case", "match_accents") if row[name]}
    return gap | ({"why": clean(row["why"])} if clean(row["why"]) else {})
