"""Moodle XML out: what Moodle 4.5 reads with the same marks; what it cannot hold is said before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask_babel import lazy_gettext as _l

from quizzes.exchange.case_groups import CASE_TAG
from quizzes.exchange.contract import GivenQuestion, Text, Writer
from quizzes.exchange.markup import PLUGIN_FILES, list_pictures, to_html, to_plain
from quizzes.exchange.moodle.cloze_text import write_cloze
from quizzes.exchange.moodle.losses import common_losses, part_question, texts_of
from quizzes.exchange.moodle.story import story_html_of
from quizzes.exchange.moodle.topics import write_topic
from quizzes.exchange.moodle.written import Element, file_element, text_element, written_kind
from quizzes.exchange.moodle.written_tables import table_losses, table_of
from quizzes.types.base import Json

MAX_NAME = 255
"""Letters of a question's name in Moodle."""


class MoodleXmlWriter(Writer):
    """A file for Moodle's question bank."""

    key = "moodle_xml"
    ending = ".xml"
    media_type = "application/xml"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "Moodle XML"

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether Moodle has such questions; of a case all its parts."""
        if question.kind == "case_set":
            parts = [part_question(question, part) for part in question.source.get("parts") or []]
            return bool(parts) and all(part is not None and self.holds(part) for part in parts)
        if question.kind == "calculated":
            return table_of(question.source) is not None
        return question.kind != "hotspot" or question.source.get("picture") in question.files

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what Moodle cannot hold of a question."""
        if self.holds(question):
            return list(dict.fromkeys(_losses(question)))
        if question.kind == "calculated":
            return [
                _l("Its numbers are words, or follow from facts that are not spelled out: it is left out.")
            ]
        if question.kind == "hotspot":
            return [_l("Moodle needs a picture for places, not a drawing: it is left out.")]
        return [_l("Moodle has no cases whose next part depends on the answer: it is left out.")]

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the questions; a category stands before those that belong to it."""
        pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n']
        topic: str | None = None
        for number, question in enumerate(questions, 1):
            if not self.holds(question):
                continue
            if question.topic != topic:
                topic = question.topic
                pieces.append(_category(topic).written(1))
            pieces += [element.written(1) for element in _elements(question, number)]
        return "".join([*pieces, "</quiz>\n"]).encode()


def _category(topic: str) -> Element:
    return Element("question", {"type": "category"}, [text_element("category", write_topic(topic))])


def _elements(question: GivenQuestion, number: int) -> Iterator[Element]:
    """Yield a question; a case as its story and its parts, which share a tag."""
    if question.kind != "case_set":
        yield _element(question, question.name, question.tags)
        return
    tags = (f"{CASE_TAG}{number}", *question.tags)
    story = story_html_of(str(question.source.get("text") or ""), pictures=PLUGIN_FILES)
    name = to_plain(str(question.source["stem"]))
    yield Element(
        "question",
        {"type": "description"},
        [*_head(name, story, _files(question, [str(question.source.get("text") or "")])), _tags(tags)],
    )
    for place, part in enumerate(question.source["parts"], 1):
        given = part_question(question, part)
        if given is not None:
            yield _element(given, f"{name} {place}", tags)


def _element(question: GivenQuestion, name: str, tags: Sequence[str]) -> Element:
    source = question.source
    kind, parts = written_kind(question)
    stem = str(source["stem"])
    html = write_cloze(source, pictures=PLUGIN_FILES) if kind == "cloze" else f"<p>{_html(stem)}</p>"
    shown = [stem, str(source.get("text") or "")] if kind == "cloze" else [stem]
    explanation = str(source.get("explanation") or "")
    reason = _html(explanation)
    table = table_of(source) if question.kind == "calculated" else None
    if table is not None:
        html, reason = table.texts(stem), table.texts(explanation)
    said = text_element("generalfeedback", reason, "html", _files(question, [explanation]))
    marks = [Element("defaultgrade", {}, ["1"]), Element("penalty", {}, ["0"])]
    head = _head(name or to_plain(stem), html, _files(question, shown))
    return Element("question", {"type": kind}, [*head, said, *marks, *parts, _tags(tags)])


def _head(name: str, html: str, files: list[Element]) -> list[Element]:
    bare = " ".join(name.split())[:MAX_NAME]
    return [text_element("name", bare), text_element("questiontext", html, "html", files)]


def _html(text: str) -> str:
    return to_html(text, pictures=PLUGIN_FILES)


def _files(question: GivenQuestion, texts: Sequence[str]) -> list[Element]:
    names = dict.fromkeys(name for text in texts for name in list_pictures(text))
    return [file_element(name, question.files[name]) for name in names if name in question.files]


def _tags(tags: Sequence[str]) -> Element:
    return Element("tags", {}, [text_element("tag", tag) for tag in dict.fromkeys(tags)])


def _losses(question: GivenQuestion) -> Iterator[Text]:
    yield from common_losses(question)
    source, kind = question.source, question.kind
    names = [name for text in texts_of(question) for name in list_pictures(text)]
    if any(name not in question.files for name in names):
        yield _l("A picture is left out: its file is not there.")
    checks: dict[str, Callable[[Json], Iterator[Text]]] = {
        "cloze": _cloze_losses,
        "hotspot": _hotspot_losses,
        "calculated": table_losses,
        "essay": _essay_losses,
    }
    if kind in checks:
        yield from checks[kind](source)
    options = source.get("options") or [] if kind in {"single_choice", "multiple_response"} else []
    kept = sum(bool(option.get("fixed")) for option in options)
    if 0 < kept < len(options) or any(option.get("group") for option in options):
        yield _l("Answers that keep their place or stay together are shuffled.")
    for part in source.get("parts") or [] if kind == "case_set" else []:
        given = part_question(question, part)
        yield from _losses(given) if given is not None else ()


def _cloze_losses(source: Json) -> Iterator[Text]:
    if any(gap.get("why") for gap in source["gaps"]):
        yield _l("What is said to everybody at a gap is left out.")
    if any(gap.get("unit") for gap in source["gaps"]):
        yield _l("The units of gaps are left out.")
    if any(gap["kind"] == "text" and not gap.get("match_accents") for gap in source["gaps"]):
        yield _l("In Moodle accents matter: é is not e.")


def _hotspot_losses(source: Json) -> Iterator[Text]:
    yield _l("It becomes a marker to be put on the right place; the wrong places are not named.")
    if any(option.get("why") for option in source["options"]):
        yield _l("The reasons of the places are left out.")


def _essay_losses(source: Json) -> Iterator[Text]:
    if source.get("rubric"):
        yield _l("The rubric becomes notes for markers: Moodle has no rubric in a question.")
