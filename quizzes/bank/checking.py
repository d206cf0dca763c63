"""What is wrong with the questions and quizzes of a course folder at a law date, by file and line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from courses.catalogue.folder import CourseFolder, QuestionSource, QuizSource
from courses.facts.book import FactBook, FactError
from courses.facts.documents import Fault, SourceMap
from quizzes.bank.resolving import Resolved, SourceError, resolve, source_faults
from quizzes.bank.rules import (
    COUNTS,
    DIFFICULTIES,
    LEVELS,
    MAX_ATTEMPTS,
    MAX_DRAW,
    MUST_HAVE_A_PASS_MARK,
    SHOW_RESULT,
    USES,
)
from quizzes.bank.supply import Demand, list_unfillable
from quizzes.types import TYPES, get_type
from quizzes.types.base import Json

COMMON_FIELDS = frozenset(
    {"stem", "explanation", "cite", "read", "objective", "difficulty", "level", "berlaku"}
)
_OWN_COLUMNS = frozenset({"id", "type", "use"})
_TYPE_KEYS = {question_type.key for question_type in TYPES}


@dataclass(frozen=True)
class FolderQuestion:
    """A question of a folder that belongs to the law date, resolved."""

    id: str
    topic: str
    use: str
    kind: str
    source: Json
    resolved: Resolved


@dataclass(frozen=True)
class FolderSlot:
    """A slot that belongs to the law date: one question by name, or so many of a topic."""

    topic: str | None
    count: int
    question_ids: tuple[str, ...]
    line: int


@dataclass
class Bank:
    """The questions and slots of a folder at a law date, and what is wrong with them."""

    questions: dict[str, FolderQuestion] = field(default_factory=dict)
    # By the path of the quiz.
    slots: dict[str, list[FolderSlot]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def check_bank(folder: CourseFolder, *, book: FactBook, as_of: date) -> Bank:
    """Return everything the folder asks, at ``as_of``; what has faults is left out."""
    bank = Bank()
    left_out: set[str] = set()
    for question in folder.questions.values():
        _CheckedQuestion(bank, question, book, as_of).add(left_out)
    for quiz in folder.quizzes.values():
        bank.slots[quiz.path] = _CheckedQuiz(bank, folder, quiz, left_out).slots()
    return bank


@dataclass(frozen=True)
class _CheckedQuestion:
    bank: Bank
    question: QuestionSource
    book: FactBook
    as_of: date

    def add(self, left_out: set[str]) -> None:
        """Put the question into the bank, or its faults; one of another law date is noted in ``left_out``."""
        before = len(self.bank.faults)
        self._check_fields()
        if len(self.bank.faults) > before:
            return
        data = self.question.data
        try:
            if not self.book.applies(data.get("berlaku", ">=0001-01-01"), self.as_of):
                left_out.add(self.question.id)
                return
        except FactError as error:
            self._say("berlaku", str(error))
            return
        source = {name: value for name, value in data.items() if name not in _OWN_COLUMNS}
        try:
            resolved = resolve(source, kind=data["type"], book=self.book, as_of=self.as_of)
        except SourceError as error:
            self.bank.faults.append(Fault(self.question.file, line_of(data, error.field), error.message))
            return
        self.bank.questions[self.question.id] = FolderQuestion(
            self.question.id, self.question.topic, data["use"], data["type"], source, resolved
        )

    def _check_fields(self) -> None:
        data = self.question.data
        if data.get("type") not in _TYPE_KEYS:
            self._say("type", _("A question is one of: %(kinds)s.", kinds=", ".join(sorted(_TYPE_KEYS))))
            return
        for name in data:
            if name not in COMMON_FIELDS | _OWN_COLUMNS | get_type(data["type"]).source_fields:
                self._say(name, _("Unknown field “%(name)s”.", name=name))
        self._check_word("use", USES, is_needed=True)
        self._check_word("difficulty", DIFFICULTIES, is_needed=False)
        self._check_word("level", LEVELS, is_needed=False)
        for name in ("stem", "explanation", "read", "objective", "berlaku"):
            if name in data and not isinstance(data[name], str):
                self._say(name, _("“%(name)s” must be text.", name=name))
        cite = data.get("cite", [])
        if not isinstance(cite, list) or not all(isinstance(ref, str) for ref in cite):
            self._say("cite", _("“%(name)s” must be a list.", name="cite"))
        if not self._has_odd_texts():
            for message in source_faults(data, kind=data["type"]):
                self._say("options" if "options" in data else "answer", message)

    def _has_odd_texts(self) -> bool:
        """Report texts of options that YAML read as something else, such as 5 or true."""
        data, before = self.question.data, len(self.bank.faults)
        options = data.get("options")
        for number, option in enumerate(options if isinstance(options, list) else []):
            for name in ("text", "why"):
                if isinstance(option, SourceMap) and name in option and not isinstance(option[name], str):
                    line = line_of(data, f"options-{number}-{name}")
                    message = _("“%(name)s” must be text: put it in quotes.", name=name)
                    self.bank.faults.append(Fault(self.question.file, line, str(message)))
        return len(self.bank.faults) > before

    def _check_word(self, name: str, words: Collection[str], *, is_needed: bool) -> None:
        value = self.question.data.get(name)
        if value not in words and (is_needed or value is not None):
            self._say(name, _("“%(name)s” is one of: %(words)s.", name=name, words=", ".join(words)))

    def _say(self, name: str, message: str) -> None:
        self.bank.faults.append(Fault(self.question.file, self.question.data.line_of(name), str(message)))


def line_of(data: SourceMap, name: str) -> int:
    """Return the line of a field as a fault names it: "stem", "options-2-why", "why_true"."""
    part, _dash, rest = name.partition("-")
    if part == "options" and rest and isinstance(data.get("options"), list):
        option = data["options"][int(rest.partition("-")[0])]
        return option.line_of(rest.partition("-")[2]) if isinstance(option, SourceMap) else data.line
    if name.startswith("why_") and isinstance(data.get("why"), SourceMap):
        return int(data["why"].line_of(name.removeprefix("why_")))
    return data.line_of(name)


@dataclass(frozen=True)
class _CheckedQuiz:
    bank: Bank
    folder: CourseFolder
    quiz: QuizSource
    left_out: set[str]

    def slots(self) -> list[FolderSlot]:
        """Return the slots of the law date; report settings and slots that cannot be."""
        self._check_settings()
        data = self.quiz.data
        entries = data.get("slots")
        slots: list[FolderSlot] = []
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, SourceMap):
                self._say(data.line_of("slots"), _("A slot is {question: …} or {draw: …, count: …}."))
            else:
                slots += self._draw(entry) if "draw" in entry else self._named(entry)
        if not slots:
            self._say(data.line_of("slots"), _("The quiz has no question at this law date."))
        for index in list_unfillable([Demand(slot.question_ids, slot.count) for slot in slots]):
            message = _(
                "There are too few questions for this slot: it needs %(count)s, and none comes twice.",
                count=slots[index].count,
            )
            self._say(slots[index].line, message)
        return slots

    def _check_settings(self) -> None:
        data = self.quiz.data
        for name, words in (("counts", COUNTS), ("show_result", SHOW_RESULT)):
            if data.get(name, next(iter(words))) not in words:
                message = _("“%(name)s” is one of: %(words)s.", name=name, words=", ".join(words))
                self._say(data.line_of(name), message)
        if data.get("purpose") in MUST_HAVE_A_PASS_MARK and not data.get("pass_percent"):
            self._say(data.line_of("purpose"), _("A quiz of this purpose needs a pass_percent above 0."))
        if isinstance(data.get("attempts"), int) and data["attempts"] > MAX_ATTEMPTS:
            message = _("At most %(count)s attempts are possible.", count=MAX_ATTEMPTS)
            self._say(data.line_of("attempts"), message)
        if data.get("time_limit_minutes") == 0:
            self._say(data.line_of("time_limit_minutes"), _("A time limit is at least one minute."))

    def _named(self, entry: SourceMap) -> list[FolderSlot]:
        key = entry.get("question")
        line = entry.line_of("question")
        if set(entry) != {"question"} or not isinstance(key, str):
            self._say(entry.line, _("A slot is {question: …} or {draw: …, count: …}."))
        elif key not in self.folder.questions:
            self._say(line, _("There is no question “%(key)s”.", key=key))
        elif self._gives_its_key_away(key):
            self._say(line, _("“%(key)s” is of use practice: its key is in a lesson.", key=key))
        elif key not in self.left_out and key in self.bank.questions:
            return [FolderSlot(None, 1, (key,), entry.line)]
        return []

    def _gives_its_key_away(self, key: str) -> bool:
        is_practice = self.folder.questions[key].data.get("use") == "practice"
        return is_practice and self.quiz.data.get("purpose") != "practice"

    def _draw(self, entry: SourceMap) -> list[FolderSlot]:
        topic, count = entry.get("draw"), entry.get("count", 1)
        is_count = isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MAX_DRAW
        if not set(entry) <= {"draw", "count"} or not is_count:
            self._say(entry.line, _("A slot is {question: …} or {draw: …, count: …}."))
            return []
        if topic not in {question.topic for question in self.folder.questions.values()}:
            self._say(entry.line_of("draw"), _("There is no file questions/%(topic)s.yaml.", topic=topic))
            return []
        found = [q.id for q in self.bank.questions.values() if q.topic == topic and q.use == "graded"]
        return [FolderSlot(str(topic), count, tuple(found), entry.line)]

    def _say(self, line: int, message: str) -> None:
        self.bank.faults.append(Fault(self.quiz.file, line, str(message)))
