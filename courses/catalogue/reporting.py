"""What a course holds at a law date, counted: no filler counts twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from courses.catalogue.checking import folder_at
from courses.catalogue.citing import OWN_RULES
from courses.catalogue.marks import MARK
from courses.catalogue.sources import CourseFolder, QuestionSource
from courses.catalogue.texts.passages import question_texts, read_markdown
from courses.catalogue.texts.sentences import list_sentences
from courses.facts.book import FactBook, load_book


@dataclass(frozen=True)
class Report:
    """Counts of one course at one law date."""

    as_of: str
    modules: int
    lessons: int
    # Of lessons; a sentence that stands twice counts once.
    words: int
    quizzes: int
    questions: int
    graded: int
    practice: int
    # By module folder, by level, by type: of the graded ones.
    by_module: Mapping[str, int]
    by_level: Mapping[str, int]
    by_type: Mapping[str, int]
    # By type: of those for practice.
    practice_by_type: Mapping[str, int]
    # By module folder, then by type: of the graded ones.
    types_of_modules: Mapping[str, Mapping[str, int]]
    pairs: int
    facts: int
    laws: int
    terms: int
    drawings: int
    scenarios: int
    scenes: int
    checklists: int

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)

    def rows(self) -> list[tuple[str, int]]:
        """Return the counts by name, those in words of the house."""
        levels = [(f"questions: {level}", count) for level, count in self.by_level.items()]
        types = [(f"questions: {_words(kind)}", count) for kind, count in self.by_type.items()]
        types += [(f"for practice: {_words(kind)}", count) for kind, count in self.practice_by_type.items()]
        return [
            ("modules", self.modules),
            ("lessons", self.lessons),
            ("words in lessons, repeated sentences once", self.words),
            ("quizzes", self.quizzes),
            ("questions", self.questions),
            ("questions that count", self.graded),
            ("questions for practice", self.practice),
            *levels,
            *types,
            ("pairs of pretest and posttest", self.pairs),
            ("facts used", self.facts),
            ("laws cited", self.laws),
            ("terms explained", self.terms),
            ("drawings", self.drawings),
            ("scenarios", self.scenarios),
            ("scenes", self.scenes),
            ("checklists", self.checklists),
        ]

    def module_lines(self) -> list[str]:
        """Return the modules with their graded questions, and how many of each type these are."""
        return [
            f"{module}\t{count}\t{', '.join(f'{_words(kind)} {of}' for kind, of in self._types_of(module))}"
            for module, count in self.by_module.items()
        ]

    def _types_of(self, module: str) -> list[tuple[str, int]]:
        return list(self.types_of_modules[module].items())


def report_course(folder: CourseFolder, *, as_of: date) -> Report:
    """Return the counts of ``folder`` at the law date."""
    book, folder = load_book(), folder_at(folder, as_of)
    questions = [question for question in folder.questions.values() if _holds(question, book, as_of)]
    graded = [question.data for question in questions if question.data.get("use") == "graded"]
    practice = [question.data for question in questions if question.data.get("use") != "graded"]
    named = Counter((name, key) for text in _texts(folder, questions) for name, key in _marks(text))
    named.update(("fakta", key) for question in questions for key in _keys(question.data, book))
    refs = (ref for question in questions for ref in question.data.get("cite") or [])
    named.update(("pasal", ref) for ref in refs if ref != OWN_RULES)
    return Report(
        as_of=as_of.isoformat(),
        modules=sum(len(day.modules) for day in folder.days),
        lessons=len(folder.lessons),
        words=count_words(folder),
        quizzes=len(folder.quizzes),
        questions=len(questions),
        graded=len(graded),
        practice=len(practice),
        by_module=_count(_module(question) for question in graded if question.get("read")),
        by_level=_count(str(question["level"]) for question in graded if question.get("level")),
        by_type=_count(str(question["type"]) for question in graded),
        practice_by_type=_count(str(question["type"]) for question in practice),
        types_of_modules=_count_types(question for question in graded if question.get("read")),
        pairs=len({question["pair"] for question in graded if question.get("pair")}),
        facts=len({key.partition("@")[0] for name, key in named if name == "fakta"}),
        laws=len({ref.partition("/")[0] for name, ref in named if name == "pasal"}),
        terms=len({term for name, term in named if name == "istilah"}),
        drawings=len(folder.drawings),
        scenarios=len(folder.scenarios),
        scenes=sum(len(scenario.scenes) for scenario in folder.scenarios.values()),
        checklists=len(folder.checklists),
    )


def count_words(folder: CourseFolder) -> int:
    """Return the words of all lessons; a sentence that stands twice counts once."""
    passages = [
        passage for lesson in folder.lessons.values() for passage in read_markdown(lesson.text, lesson.file)
    ]
    return sum({sentence.text: sentence.word_count for sentence in list_sentences(passages)}.values())


def show_table(reports: list[Report]) -> str:
    """Return reports side by side as a table in Markdown."""
    names = [name for report in reports for name, _count in report.rows()]
    rows = [dict(report.rows()) for report in reports]
    lines = [
        "| of the course | " + " | ".join(f"at {report.as_of}" for report in reports) + " |",
        "|---|" + "---:|" * len(reports),
    ]
    for name in dict.fromkeys(names):
        lines.append(f"| {name} | " + " | ".join(f"{row.get(name, 0):,}" for row in rows) + " |")
    return "\n".join(lines) + "\n"


def _holds(question: QuestionSource, book: FactBook, as_of: date) -> bool:
    condition = question.data.get("berlaku")
    return not isinstance(condition, str) or book.applies(condition, as_of)


def _texts(folder: CourseFolder, questions: list[QuestionSource]) -> Iterator[str]:
    for page in (*folder.lessons.values(), *folder.pages.values()):
        yield page.text
    yield from (checklist.text for checklist in folder.checklists.values())
    for scenario in folder.scenarios.values():
        yield from (text.words for scene in scenario.scenes for text in scene.texts)
    for question in questions:
        yield from (text for _kind, _line, text in question_texts(question.data))


def _marks(text: str) -> Iterator[tuple[str, str]]:
    for match in MARK.finditer(text):
        yield match["name"], match["body"].partition("|")[0].strip()


def _keys(answer: object, book: FactBook) -> Iterator[str]:
    """Yield the facts the key of a question is made of, wherever in it they stand."""
    if isinstance(answer, str):
        yield from [answer] if answer in book.facts else []
        yield from (body for name, body in _marks(answer) if name == "fakta" and body in book.facts)
    elif isinstance(answer, dict):
        for part in answer.values():
            yield from _keys(part, book)
    elif isinstance(answer, list):
        for part in answer:
            yield from _keys(part, book)


def _count(values: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _count_types(questions: Iterator[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    pairs = sorted((_module(question), str(question["type"])) for question in questions)
    return {
        module: _count(kind for _module, kind in group) for module, group in groupby(pairs, key=itemgetter(0))
    }


def _module(question: Mapping[str, Any]) -> str:
    return str(question["read"]).rpartition("/")[0]


def _words(kind: str) -> str:
    return kind.replace("_", " ")
