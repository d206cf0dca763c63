"""What only a whole bank or a whole quiz shows: where keys stand, how long they are, what answers what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import gettext as _

from courses.catalogue.question_files import QUESTIONS
from courses.catalogue.sources import CourseFolder, QuestionSource, QuizSource
from courses.facts.documents import Fault, SourceMap
from quizzes.bank.advice.gives_away_another import list_given_away
from quizzes.bank.advice.item import Item, rows
from quizzes.bank.advice.key_position import has_pattern

ENOUGH = 20
"""Questions from which on a share says something."""
MAX_LONGEST_SHARE = 0.4
"""Share of keys that may be the longest answer; of four answers one in four is."""
MAX_POSITION_RATIO = 1.5
"""Times the even share at which keys stand too often at one place."""
MAX_SIDE_SHARE = 0.7
"""Share of statements that may be all true, or all false."""


def advise_on_keys(questions: Iterable[QuestionSource]) -> list[Fault]:
    """Return what somebody who knows nothing could learn from the keys of the bank."""
    found = list(questions)
    singles = [question.data["options"] for question in found if question.data["type"] == "single_choice"]
    return [*_on_lengths(singles), *_on_positions(singles), *_on_sides(found)]


def _on_lengths(singles: Sequence[list[dict[str, object]]]) -> Iterator[Fault]:
    longest = sum(_is_longest(options) for options in singles)
    if len(singles) >= ENOUGH and longest > MAX_LONGEST_SHARE * len(singles):
        message = _(
            "In %(count)s of %(all)s questions the right answer is the longest: guessing so pays.",
            count=longest,
            all=len(singles),
        )
        yield Fault(QUESTIONS, 0, str(message))


def _is_longest(options: Sequence[Mapping[str, object]]) -> bool:
    right = max((len(str(option["text"])) for option in options if option.get("correct")), default=0)
    return all(len(str(option["text"])) < right for option in options if not option.get("correct"))


def _on_positions(singles: Sequence[list[dict[str, object]]]) -> Iterator[Fault]:
    by_count: dict[int, list[int]] = defaultdict(list)
    for options in singles:
        by_count[len(options)] += [place for place, option in enumerate(options, 1) if option.get("correct")]
    for count, places in by_count.items():
        place, times = Counter(places).most_common(1)[0] if places else (0, 0)
        if len(places) >= ENOUGH and times > MAX_POSITION_RATIO * len(places) / count:
            message = _(
                "In %(times)s of %(all)s questions of %(count)s answers the right one is number %(place)s.",
                times=times,
                all=len(places),
                count=count,
                place=place,
            )
            yield Fault(QUESTIONS, 0, str(message))


def _on_sides(questions: Iterable[QuestionSource]) -> Iterator[Fault]:
    sides = Counter(
        question.data["answer"] for question in questions if question.data["type"] == "true_false"
    )
    for side, times in sides.items():
        if sides.total() >= ENOUGH and times > MAX_SIDE_SHARE * sides.total():
            word = "true" if side else "false"
            message = _(
                "%(times)s of %(all)s statements are %(side)s.", times=times, all=sides.total(), side=word
            )
            yield Fault(QUESTIONS, 0, str(message))


def advise_on_quizzes(folder: CourseFolder, questions: Mapping[str, QuestionSource]) -> list[Fault]:
    """Return what a quiz shows as a whole: a pattern of its keys, and questions that answer another of it."""
    return [
        Fault(quiz.file, quiz.data.line_of("slots"), str(message))
        for quiz in folder.quizzes.values()
        for message in _on_quiz(quiz, _named(quiz, questions))
    ]


def _on_quiz(quiz: QuizSource, named: Mapping[str, QuestionSource]) -> Iterator[str]:
    if not quiz.data.get("shuffle_options", True) and has_pattern(_places(named.values())):
        yield _("The places of the right answers show a pattern: mix the answers.")
    for tells, told in list_given_away({id_: read_item(question) for id_, question in named.items()}):
        yield _("“%(tells)s” tells the answer of “%(told)s”.", tells=tells, told=told)


def _named(quiz: QuizSource, questions: Mapping[str, QuestionSource]) -> dict[str, QuestionSource]:
    slots = [slot for slot in quiz.data.get("slots") or [] if isinstance(slot, SourceMap)]
    return {key: questions[key] for slot in slots if (key := str(slot.get("question"))) in questions}


def _places(questions: Iterable[QuestionSource]) -> list[int]:
    """Return the place of the key of each question that has one of several, from 1."""
    singles = [question.data for question in questions if question.data["type"] == "single_choice"]
    return [
        place for data in singles for place, row in enumerate(rows(data, "options"), 1) if row.get("correct")
    ]


def read_item(question: QuestionSource) -> Item:
    """Return a question of a folder as the rules read it."""
    return Item(str(question.data["type"]), question.data)
