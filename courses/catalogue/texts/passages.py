"""The words of a course folder, piece by piece, each with its file and line; marks and blocks taken out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.catalogue.boxes import FENCE
from courses.catalogue.folder import COURSE_FILE
from courses.catalogue.marks import MARK
from courses.catalogue.photos import ENDING
from courses.catalogue.scenarios import ScenarioSource
from courses.catalogue.sources import CourseFolder, LessonSource, QuestionSource
from courses.facts.documents import SourceList, SourceMap

VALUE = "\ue001"
"""Stands for a mark that prints a value, an article or a term: one word nobody typed."""
STORY_BLOCKS = frozenset({"contoh"})
"""Blocks that tell a case: wages and counts in them are of the story."""
DATA_BLOCKS = frozenset({"hitung", "cek"})
"""Blocks whose lines are no sentences."""
GAP = re.compile(r"\[\[\d+\]\]")
"""A gap in a text to complete."""
_SVG_WORDS = re.compile(r">([^<>]*\S[^<>]*)<")


class Kind(StrEnum):
    """Where a passage stands."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CELL = "cell"
    STEM = "stem"
    OPTION = "option"
    REASON = "reason"
    TITLE = "title"
    DRAWING = "drawing"


@dataclass(frozen=True)
class Passage:
    """A paragraph, cell, stem …: `text` may run over lines, the first of which is `line` of `file`."""

    file: str
    line: int
    kind: Kind
    text: str
    # Whether it tells a case, whose numbers are its own.
    is_story: bool = False
    # The case it speaks of: an option and a reason may repeat numbers of their stem.
    case: str = ""

    def line_at(self, position: int) -> int:
        """Return the line a character of `text` stands on."""
        return self.line + self.text.count("\n", 0, position)


def list_passages(folder: CourseFolder) -> list[Passage]:
    """Return everything people read in the course, whatever the law date."""
    found = list(_titles(folder))
    for lesson in (*folder.lessons.values(), *folder.pages.values()):
        found += _lesson(lesson)
    for checklist in folder.checklists.values():
        found += read_markdown(checklist.text, checklist.file)
    for scenario in folder.scenarios.values():
        found += _scenario(scenario)
    for question in folder.questions.values():
        found += _question(question)
    for file in (file for file in folder.drawings if not file.endswith(ENDING)):
        found += _drawing(file, folder.files[file].decode("utf-8", "replace"))
    return found


def read_markdown(text: str, file: str, *, first_line: int = 1, is_story: bool = False) -> list[Passage]:
    """Return the passages of a text of ours; ``first_line`` is where it begins in ``file``."""
    lines, stories, titles = _without_fences(plain_marks(text))
    found = [
        Passage(file, first_line + number, Kind.HEADING, title, is_story or number in stories)
        for number, title in titles
    ]
    for kind, token in _inlines(_parser().parse("\n".join(lines))):
        start = token.map[0] if token.map else 0
        words = "".join(_words(token.children or []))
        if words.strip():
            found.append(Passage(file, first_line + start, kind, words, is_story or start in stories))
    return found


def _titles(folder: CourseFolder) -> Iterator[Passage]:
    for module in (module for day in folder.days for module in day.modules):
        yield Passage(COURSE_FILE, module.line, Kind.TITLE, module.title)
    for lesson in (*folder.lessons.values(), *folder.pages.values()):
        yield Passage(lesson.file, 1, Kind.TITLE, lesson.title)
    for checklist in folder.checklists.values():
        yield Passage(checklist.file, 1, Kind.TITLE, checklist.title)
    for quiz in folder.quizzes.values():
        yield Passage(quiz.file, quiz.data.line_of("title"), Kind.TITLE, quiz.title)


def _lesson(lesson: LessonSource) -> list[Passage]:
    return read_markdown(lesson.text, lesson.file)


def _scenario(scenario: ScenarioSource) -> Iterator[Passage]:
    """Yield what a scenario says: all of it is the story."""
    yield Passage(scenario.file, 1, Kind.TITLE, scenario.title)
    yield Passage(scenario.file, 1, Kind.PARAGRAPH, plain_marks(scenario.summary), is_story=True)
    for text in (text for scene in scenario.scenes for text in scene.texts):
        yield from read_markdown(text.words, scenario.file, first_line=text.line, is_story=True)


def _drawing(file: str, text: str) -> Iterator[Passage]:
    """Yield the words of a drawing; in it nothing tells a case."""
    for match in _SVG_WORDS.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        yield Passage(file, line, Kind.DRAWING, plain_marks(html.unescape(match[1].strip())))


def _question(question: QuestionSource) -> Iterator[Passage]:
    if question.data.get("type") == "case_set":
        yield from _case(question)
        return
    case = ""
    for kind, line, text in question_texts(question.data):
        words = one_line(GAP.sub(VALUE, plain_marks(text)))
        case = words if kind is Kind.STEM else case
        yield Passage(question.file, line, kind, words, is_story=kind is Kind.STEM, case=case)


def _case(question: QuestionSource) -> Iterator[Passage]:
    """Yield what a case says, paragraph by paragraph and cell by cell: all of it is the story."""
    data = question.data
    for name in ("stem", "text"):
        text = str(data.get(name) or "")
        line = data.line_of(name) + ("\n" in text)
        yield from read_markdown(text, question.file, first_line=line, is_story=True)
    for kind, line, text in _nested(data, "parts", None) if "parts" in data else ():
        yield Passage(question.file, line, kind, one_line(plain_marks(text)), is_story=True)


def question_texts(data: SourceMap) -> Iterator[tuple[Kind, int, str]]:
    """Yield what a question says, as written: stem, options, reasons, whatever its type."""
    yield from _field(data, "stem", Kind.STEM)
    yield from _field(data, "text", Kind.STEM)
    for name in data:
        if name not in {"stem", "text"}:
            yield from _nested(data, name, None)


_READ = {"text": Kind.OPTION, "match": Kind.OPTION, "why": Kind.REASON, "explanation": Kind.REASON}


def _nested(data: SourceMap, name: str, kind: Kind | None) -> Iterator[tuple[Kind, int, str]]:
    """Yield the texts of a field and of what is inside of it; all below `why` are reasons."""
    kind, value = kind or _READ.get(name), data[name]
    if isinstance(value, str) and kind is not None:
        yield kind, data.line_of(name), value
    for part in value if isinstance(value, SourceList) else [value]:
        if isinstance(part, SourceMap):
            for inner in part:
                yield from _nested(part, inner, kind)


def _field(data: SourceMap, name: str, kind: Kind) -> Iterator[tuple[Kind, int, str]]:
    if isinstance(data.get(name), str):
        yield kind, data.line_of(name), data[name]


def plain_marks(text: str) -> str:
    """Put one sign for each mark, but the words of a term; lines stay where they are."""
    return MARK.sub(lambda match: _mark_words(match["name"], match["body"]), text)


def _mark_words(name: str, body: str) -> str:
    _first, bar, words = body.partition("|")
    kept = words if name == "istilah" and bar else VALUE
    return kept + "\n" * (body.count("\n") - kept.count("\n"))


def _without_fences(text: str) -> tuple[list[str], set[int], list[tuple[int, str]]]:
    """Return the lines with blocks' fences blanked, the lines inside stories, and titles of blocks."""
    lines, stories, titles, open_blocks = text.split("\n"), set[int](), list[tuple[int, str]](), list[str]()
    for number, line in enumerate(lines):
        if not line.lstrip().startswith(FENCE):
            if any(name in STORY_BLOCKS for name in open_blocks):
                stories.add(number)
            lines[number] = "" if DATA_BLOCKS & set(open_blocks) else line
            continue
        name, _blank, rest = line.strip().removeprefix(FENCE).strip().partition(" ")
        lines[number] = ""
        if not name:
            open_blocks[-1:] = []
            continue
        open_blocks.append(name)
        if name not in DATA_BLOCKS and name != "berlaku" and rest.strip():
            titles.append((number, rest.strip()))
            stories |= {number} if name in STORY_BLOCKS else set()
    return lines, stories, titles


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _inlines(tokens: Iterable[Token]) -> Iterator[tuple[Kind, Token]]:
    kinds = {"heading_open": Kind.HEADING, "th_open": Kind.CELL, "td_open": Kind.CELL}
    kind = Kind.PARAGRAPH
    for token in tokens:
        if token.type == "inline":
            yield kind, token
        elif token.type.endswith("_open"):
            kind = kinds.get(token.type, Kind.PARAGRAPH)


def _words(children: Iterable[Token]) -> Iterator[str]:
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "image":
            yield from _words(child.children or [])
        else:
            yield child.content if child.type in {"text", "code_inline", "text_special"} else ""


def one_line(text: str) -> str:
    """Return the text with every run of blanks as one blank."""
    return " ".join(text.split())
