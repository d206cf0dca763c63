"""The parts of a question in Moodle XML, kind by kind. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import PLUGIN_FILES, list_pictures, to_html, to_plain
from quizzes.exchange.moodle.essays import write_rubric
from quizzes.exchange.moodle.marks import nearest_grade, shares_of, write_percent, write_share
from quizzes.exchange.moodle.numbers import numbers_of, write_plain_number
from quizzes.exchange.moodle.orders import GRADINGS
from quizzes.exchange.moodle.words import write_forms
from quizzes.exchange.moodle.written_tables import WrittenKey, table_of
from quizzes.types.base import Json

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PIN = "20"
"""Radius of the place around a pin, in hundredths of a picture's width: as large as a finger."""


@dataclass(frozen=True)
class Element:
    """An element to be written: words, or elements."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: Sequence[Element | str] = ()

    def written(self, depth: int) -> str:
        """Return the element as lines, indented."""
        said = "".join(f' {name}="{_words(value, quote=True)}"' for name, value in self.attributes.items())
        before = "  " * depth
        if all(isinstance(child, str) for child in self.children):
            words = "".join(_words(child) for child in self.children if isinstance(child, str))
            return f"{before}<{self.name}{said}>{words}</{self.name}>\n"
        inner = "".join(child.written(depth + 1) for child in self.children if isinstance(child, Element))
        return f"{before}<{self.name}{said}>\n{inner}{before}</{self.name}>\n"


def text_element(name: str, text: str, form: str = "", further: Sequence[Element] = ()) -> Element:
    """Return an element with a ``text`` in it, and how it is written."""
    attributes = {"format": form} if form else {}
    return Element(name, attributes, [Element("text", {}, [text]), *further])


def file_element(name: str, body: bytes) -> Element:
    """Return a file within a text."""
    said = {"name": name, "path": "/", "encoding": "base64"}
    return Element("file", said, [base64.b64encode(body).decode()])


def written_kind(question: GivenQuestion) -> tuple[str, list[Element]]:
    """Return what a question is called in Moodle, and all of it but name, stem, explanation and tags."""
    return _KINDS[question.kind](question)


def _single(question: GivenQuestion) -> tuple[str, list[Element]]:
    shares = [
        Fraction(1) if option.get("correct") else Fraction(str(option.get("share", 0)))
        for option in question.source["options"]
    ]
    return "multichoice", _choices(question, shares, is_single=True)


def _several(question: GivenQuestion) -> tuple[str, list[Element]]:
    return "multichoice", _choices(question, shares_of(question.source), is_single=False)


def _choices(question: GivenQuestion, shares: Sequence[Fraction], *, is_single: bool) -> list[Element]:
    options = question.source["options"]
    is_kept = all(option.get("fixed") for option in options)
    answers = [
        _answer(question, write_percent(nearest_grade(share)), option, str(option["text"]))
        for option, share in zip(options, shares, strict=True)
    ]
    said = {"single": _yes(is_single, "true", "false"), "shuffleanswers": _yes(not is_kept, "true", "false")}
    return [*_plain(said | {"answernumbering": "abc"}), *answers]


def _true_false(question: GivenQuestion) -> tuple[str, list[Element]]:
    source = question.source
    why = source.get("why") or {}
    sides = [("true", bool(source["answer"])), ("false", not source["answer"])]
    return "truefalse", [
        Element(
            "answer",
            {"fraction": _yes(is_right, "100", "0"), "format": "moodle_auto_format"},
            [Element("text", {}, [side]), _feedback(question, why.get(side))],
        )
        for side, is_right in sides
    ]


def _matching(question: GivenQuestion) -> tuple[str, list[Element]]:
    source = question.source
    pairs = [(pair["text"], pair["match"]) for pair in source["pairs"]]
    lone = [("", other["text"]) for other in source.get("distractors") or []]
    return "matching", [
        *_plain({"shuffleanswers": "true"}),
        *(
            text_element(
                "subquestion",
                _html(str(text)),
                "html",
                [*_pictures(question, str(text)), text_element("answer", _bare(str(match)))],
            )
            for text, match in (*pairs, *lone)
        ),
    ]


def _ordering(question: GivenQuestion) -> tuple[str, list[Element]]:
    said = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": GRADINGS[str(question.source["scoring"])],
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    items = enumerate(question.source["items"], 1)
    lines = [_answer(question, f"{place}.0000000", {}, str(item["text"])) for place, item in items]
    return "ordering", [*_plain(said), *lines]


def _number(question: GivenQuestion) -> tuple[str, list[Element]]:
    source = question.source
    answers = [
        Element(
            "answer",
            {"fraction": write_percent(nearest_grade(one.fraction)), "format": "moodle_auto_format"},
            [
                Element("text", {}, [write_plain_number(one.value)]),
                Element("tolerance", {}, [write_plain_number(one.tolerance)]),
                _feedback(question, None),
            ],
        )
        for one in numbers_of(source)
    ]
    return "numerical", [*answers, *unit_elements(source)]


def unit_elements(source: Json) -> list[Element]:
    """Return the units of a number and what a wrong one costs."""
    unit, further = str(source.get("unit") or ""), source.get("units") or []
    if not unit:
        return _plain({"unitgradingtype": "0", "unitpenalty": "0", "showunits": "3", "unitsleft": "0"})
    penalty = Fraction(str(source.get("unit_penalty", 1 if further else 0)))
    said = {
        "unitgradingtype": _yes(bool(further) and penalty > 0, "1", "0"),
        "unitpenalty": write_share(penalty),
        "showunits": _yes(bool(further), "2", "0"),
        "unitsleft": _yes(unit == "rupiah", "1", "0"),
    }
    rows = [(unit, Fraction(1)), *((one["name"], 1 / Fraction(str(one["factor"]))) for one in further)]
    units = [
        Element("unit", {}, _plain({"multiplier": _precise(multiplier), "unit_name": str(name)}))
        for name, multiplier in rows
    ]
    return [*_plain(said), Element("units", {}, units)]


def _short_answer(question: GivenQuestion) -> tuple[str, list[Element]]:
    source = question.source
    said = {"usecase": _yes(bool(source.get("match_case")), "1", "0")}
    if not source.get("match_accents"):
        # Moodle passes over it; we read it again.
        said["useaccents"] = "0"
    answers = [
        Element(
            "answer",
            {"fraction": write_percent(nearest_grade(form.fraction)), "format": "plain_text"},
            [Element("text", {}, [form.accept]), _feedback(question, form.why)],
        )
        for form in write_forms(source)
    ]
    return "shortanswer", [*_plain(said), *answers]


def _cloze(question: GivenQuestion) -> tuple[str, list[Element]]:  # noqa: ARG001
    return "cloze", []


def _essay(question: GivenQuestion) -> tuple[str, list[Element]]:
    source = question.source
    said = {
        "responseformat": "plain",
        "responserequired": "1",
        "responsefieldlines": "15",
        "minwordlimit": str(source.get("min_words") or ""),
        "maxwordlimit": str(source.get("max_words") or ""),
        "attachments": _yes(bool(source.get("attachment")), "1", "0"),
        "attachmentsrequired": "0",
    }
    lines = "".join(f"<li>{escape(line, quote=False)}</li>" for line in write_rubric(source))
    notes = [text_element("graderinfo", f"<ul>{lines}</ul>", "html")]
    return "essay", [*_plain(said), *notes, text_element("responsetemplate", "", "html")]


def _hotspot(question: GivenQuestion) -> tuple[str, list[Element]]:
    source = question.source
    name = str(source["picture"])
    right = next(option for option in source["options"] if option.get("correct"))
    numbers = str(right.get("area") or f"{right.get('at')} {_PIN}").replace(",", " ").split()
    drag = Element("drag", {}, [*_plain({"no": "1"}), Element("text", {}, [_bare(str(right["text"]))])])
    shape, coordinates = _shape(numbers)
    drop = Element("drop", {}, _plain({"no": "1", "shape": shape, "coords": coordinates, "choice": "1"}))
    file = Element(
        "file", {"name": name, "encoding": "base64"}, [base64.b64encode(question.files[name]).decode()]
    )
    return "ddmarker", [file, drag, drop]


def _calculated(question: GivenQuestion) -> tuple[str, list[Element]]:
    table = table_of(question.source)
    assert table is not None
    answers = [
        Element("answer", {"fraction": key.percent}, [*_plain(_said_of(key)), _feedback(question, None)])
        for key in table.keys
    ]
    sets = [_dataset(name, values) for name, values in table.columns.items()]
    said = [*_plain({"synchronize": "0"}), *answers, *unit_elements(question.source)]
    return "calculated", [*said, Element("dataset_definitions", {}, sets)]


def _said_of(key: WrittenKey) -> dict[str, str]:
    tolerance = {"text": "{ans}", "tolerance": key.tolerance, "tolerancetype": key.kind}
    return tolerance | {"correctanswerformat": "1", "correctanswerlength": key.digits}


def _dataset(name: str, values: Sequence[str]) -> Element:
    items = [
        Element("dataset_item", {}, _plain({"number": str(number), "value": value}))
        for number, value in enumerate(values, 1)
    ]
    words = {
        "distribution": "uniform",
        "minimum": min(values, key=Fraction),
        "maximum": max(values, key=Fraction),
    }
    return Element(
        "dataset_definition",
        {},
        [
            text_element("status", "private"),
            text_element("name", name),
            *_plain({"type": "calculated"}),
            *(text_element(word, value) for word, value in words.items()),
            text_element("decimals", str(max(len(value.partition(".")[2]) for value in values))),
            *_plain({"itemcount": str(len(values))}),
            Element("dataset_items", {}, items),
            *_plain({"number_of_items": str(len(values))}),
        ],
    )


_KINDS: dict[str, Callable[[GivenQuestion], tuple[str, list[Element]]]] = {
    "single_choice": _single,
    "multiple_response": _several,
    "true_false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "number": _number,
    "calculated": _calculated,
    "short_answer": _short_answer,
    "cloze": _cloze,
    "essay": _essay,
    "hotspot": _hotspot,
}


def _answer(question: GivenQuestion, fraction: str, part: Json, text: str) -> Element:
    children = [Element("text", {}, [_html(text)]), *_pictures(question, text)]
    return Element(
        "answer",
        {"fraction": fraction, "format": "html"},
        [*children, _feedback(question, part.get("why"))],
    )


def _feedback(question: GivenQuestion, text: object) -> Element:
    markdown = str(text or "")
    return text_element("feedback", _html(markdown), "html", _pictures(question, markdown))


def _pictures(question: GivenQuestion, text: str) -> list[Element]:
    names = dict.fromkeys(list_pictures(text))
    return [file_element(name, question.files[name]) for name in names if name in question.files]


def _plain(said: dict[str, str]) -> list[Element]:
    return [Element(name, {}, [value]) for name, value in said.items()]


def _shape(numbers: Sequence[str]) -> tuple[str, str]:
    if len(numbers) == 3:
        return "circle", f"{numbers[0]},{numbers[1]};{numbers[2]}"
    if len(numbers) == 4:
        return "rectangle", f"{numbers[0]},{numbers[1]};{numbers[2]},{numbers[3]}"
    corners = zip(numbers[::2], numbers[1::2], strict=True)
    return "polygon", ";".join(f"{x},{y}" for x, y in corners)


def _precise(number: Fraction) -> str:
    """Return a multiplier with so many digits that its factor is found again."""
    return (
        f"{number.numerator / number.denominator:.15g}" if number.denominator > 1 else str(number.numerator)
    )


def _html(text: str) -> str:
    return to_html(text, pictures=PLUGIN_FILES)


def _bare(text: str) -> str:
    return " ".join(to_plain(text).split())


def _yes(is_so: bool, yes: str, no: str) -> str:
    return yes if is_so else no


def _words(text: str, *, quote: bool = False) -> str:
    return escape(_NO_XML.sub("", text), quote=quote)
