"""What is wrong with the questions and quizzes of a course folder at a law date, by file and line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from courses.catalogue.fields import unknown_field
from courses.catalogue.sources import CourseFolder, QuestionSource, QuizSource
from courses.facts.book import FactBook, FactError
from courses.facts.documents import Fault, SourceList, SourceMap
from quizzes.bank.cases import CASE, branches
from quizzes.bank.folder.cases import check_case, list_parts, parts_here, resolve_walked
from quizzes.bank.folder.pictures import by_hash, pictures_of_texts, with_picture
from quizzes.bank.pictures.storing import Picture
from quizzes.bank.quiz.pairs import is_paired, list_pair_faults
from quizzes.bank.quiz.showing import EXCEPTIONS, KINDS
from quizzes.bank.quiz.supply import Demand, list_unfillable
from quizzes.bank.quiz.taking import IN_FILES, USUAL, list_faults
from quizzes.bank.resolving import Resolved, SourceError, placed_faults, resolve
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
from quizzes.types import TYPES, get_type
from quizzes.types.base import Json
from quizzes.types.texts import list_texts

COMMON_FIELDS = frozenset(
    {"stem", "explanation", "cite", "read", "objective", "difficulty", "level", "berlaku", "pair"}
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
    # The case the question is a part of.
    case: str = ""


@dataclass
class Bank:
    """The questions and slots of a folder at a law date, and what is wrong with them."""

    questions: dict[str, FolderQuestion] = field(default_factory=dict)
    # By the path of the quiz.
    slots: dict[str, list[FolderSlot]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # What questions are asked on, by the name in their file.
    pictures: dict[str, Picture] = field(default_factory=dict)


def check_bank(folder: CourseFolder, *, book: FactBook, as_of: date) -> Bank:
    """Return everything the folder asks, at ``as_of``; what has faults is left out."""
    bank = Bank()
    left_out: set[str] = set()
    there = by_hash(folder.files)
    for question in folder.questions.values():
        _CheckedQuestion(bank, question, book, as_of, folder.files, there).add(left_out)
    _check_cases(bank, folder, book, as_of)
    for quiz in folder.quizzes.values():
        bank.slots[quiz.path] = _CheckedQuiz(bank, folder, quiz, left_out).slots()
    bank.faults += list_pair_faults(
        [question for question in folder.questions.values() if question.id not in left_out],
        sound=bank.questions,
        quizzes={path: _named(slots) for path, slots in bank.slots.items()},
    )
    return bank


def _named(slots: list[FolderSlot]) -> set[str]:
    return {key for slot in slots if slot.topic is None for key in slot.question_ids}


def _can_be_drawn(question: FolderQuestion, parts: Collection[str]) -> bool:
    is_alone = question.kind != CASE and question.id not in parts
    return question.use == "graded" and is_alone and not is_paired(question.source)


def _check_cases(bank: Bank, folder: CourseFolder, book: FactBook, as_of: date) -> None:
    """Look at the parts of every case; what branches is resolved with the questions it names."""
    sources = {key: (question.kind, question.source) for key, question in bank.questions.items()}
    for case in [question for question in bank.questions.values() if question.kind == CASE]:
        written = folder.questions[case.id]
        faults = list(check_case(written, folder.questions))
        bank.faults += [
            Fault(written.file, line_of(written.data, place), str(text)) for place, text in faults
        ]
        if branches(case.source) and not faults:
            resolved = resolve_walked(case.source, sources, book=book, as_of=as_of)
            bank.questions[case.id] = replace(case, resolved=resolved)


@dataclass(frozen=True)
class _CheckedQuestion:
    bank: Bank
    question: QuestionSource
    book: FactBook
    as_of: date
    files: Mapping[str, bytes]
    # Pictures of the folder by their hash.
    there: Mapping[str, bytes]

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
            source = self._with_picture(source)
            self.bank.pictures.update(pictures_of_texts(source, self.there))
            resolved = resolve(source, kind=data["type"], book=self.book, as_of=self.as_of)
        except SourceError as error:
            self.bank.faults.append(Fault(self.question.file, line_of(data, error.field), error.message))
            return
        self.bank.questions[self.question.id] = FolderQuestion(
            self.question.id, self.question.topic, data["use"], data["type"], source, resolved
        )

    def _with_picture(self, source: Json) -> Json:
        name = str(source.get("picture"))
        if name in self.bank.pictures:
            return source | {"picture": self.bank.pictures[name].source(name)}
        source, picture = with_picture(source, self.files)
        if picture is not None:
            self.bank.pictures[name] = picture
        return source

    def _find_picture(self, source: Json) -> Json | None:
        """Return the source with its picture, None where that is at fault."""
        try:
            return self._with_picture(source)
        except SourceError as error:
            self._say(error.field, error.message)
            return None

    def _check_fields(self) -> None:
        data = self.question.data
        if data.get("type") not in _TYPE_KEYS:
            self._say("type", _("A question is one of: %(kinds)s.", kinds=", ".join(sorted(_TYPE_KEYS))))
            return
        known = COMMON_FIELDS | _OWN_COLUMNS | get_type(data["type"]).source_fields
        for name in data:
            if name not in known:
                self._say(name, unknown_field(name, known))
        self._check_word("use", USES, is_needed=True)
        self._check_word("difficulty", DIFFICULTIES, is_needed=False)
        self._check_word("level", LEVELS, is_needed=False)
        for name in ("stem", "explanation", "read", "objective", "berlaku", "pair"):
            if name in data and not isinstance(data[name], str):
                self._say(name, _("“%(name)s” must be text.", name=name))
        cite = data.get("cite", [])
        if not isinstance(cite, list) or not all(isinstance(ref, str) for ref in cite):
            self._say("cite", _("“%(name)s” must be a list.", name="cite"))
        if not self._has_odd_texts() and (source := self._find_picture(data)) is not None:
            for place, message in placed_faults(source, kind=data["type"]):
                self.bank.faults.append(Fault(self.question.file, line_of(data, place), message))

    def _has_odd_texts(self) -> bool:
        """Report texts that YAML read as something else, such as 5 or true."""
        data, before = self.question.data, len(self.bank.faults)
        for name, text in list_texts(data, get_type(data["type"]).source_fields):
            if not isinstance(text, str):
                message = _("“%(name)s” must be text: put it in quotes.", name=name.rpartition("-")[2])
                self.bank.faults.append(Fault(self.question.file, line_of(data, name), str(message)))
        return len(self.bank.faults) > before

    def _check_word(self, name: str, words: Collection[str], *, is_needed: bool) -> None:
        value = self.question.data.get(name)
        if value not in words and (is_needed or value is not None):
            self._say(name, _("“%(name)s” is one of: %(words)s.", name=name, words=", ".join(words)))

    def _say(self, name: str, message: str) -> None:
        self.bank.faults.append(Fault(self.question.file, self.question.data.line_of(name), str(message)))


def line_of(data: SourceMap, name: str) -> int:
    """Return the line of a field as a fault names it: "stem", "options-2-why", "why-true"."""
    place: Any = data
    line = data.line
    for part in name.split("-"):
        if isinstance(place, SourceMap):
            line, place = place.line_of(part), place.get(part)
        elif isinstance(place, SourceList) and part.isdigit() and int(part) < len(place):
            line, place = place.lines[int(part)], place[int(part)]
        else:
            break
    return line


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
        for name in (f"show_{kind}" for kind in KINDS if f"show_{kind}" in data):
            if data[name] not in EXCEPTIONS:
                message = _("“%(name)s” is one of: %(words)s.", name=name, words=", ".join(EXCEPTIONS))
                self._say(data.line_of(name), message)
        if data.get("purpose") in MUST_HAVE_A_PASS_MARK and not data.get("pass_percent"):
            self._say(data.line_of("purpose"), _("A quiz of this purpose needs a pass_percent above 0."))
        if isinstance(data.get("attempts"), int) and data["attempts"] > MAX_ATTEMPTS:
            message = _("At most %(count)s attempts are possible.", count=MAX_ATTEMPTS)
            self._say(data.line_of("attempts"), message)
        if data.get("markers", 1) not in (1, 2):
            self._say(data.line_of("markers"), _("One or two people mark an answer."))
        if not 0 <= data.get("marking_gap_percent", 20) <= 100:
            self._say(data.line_of("marking_gap_percent"), _("The gap is a percentage from 0 to 100."))
        if data.get("time_limit_minutes") == 0:
            self._say(data.line_of("time_limit_minutes"), _("A time limit is at least one minute."))
        by_column = {name: data.get(IN_FILES.get(name, name)) for name in USUAL}
        show_result = str(data.get("show_result", ""))
        for name, message in list_faults(
            by_column, purpose=str(data.get("purpose", "")), show_result=show_result
        ):
            self._say(data.line_of(IN_FILES.get(name, name)), message)

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
            return self._slots_of(self.bank.questions[key], entry)
        return []

    def _slots_of(self, named: FolderQuestion, entry: SourceMap) -> list[FolderSlot]:
        """Return the slot of a question, or those of the parts of a case."""
        if named.kind != CASE:
            return [FolderSlot(None, 1, (named.id,), entry.line)]
        if branches(named.source):
            self._say(entry.line, _("“%(key)s” branches: it is for practice, not for a quiz.", key=named.id))
            return []
        parts = parts_here(named.source, self.bank.questions)
        return [FolderSlot(None, 1, (part,), entry.line, case=named.id) for part in parts]

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
        parts = list_parts(self.folder.questions)
        found = [q.id for q in self.bank.questions.values() if q.topic == topic and _can_be_drawn(q, parts)]
        return [FolderSlot(str(topic), count, tuple(found), entry.line)]

    def _say(self, line: int, message: str) -> None:
        self.bank.faults.append(Fault(self.quiz.file, line, str(message)))
