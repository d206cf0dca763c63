"""What one question of a Word document asks, and what is its key: a line, a star, or how an answer looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.checking import checked
from quizzes.exchange.contract import Read, ReadFault, ReadQuestion, Text
from quizzes.exchange.lines import cut
from quizzes.exchange.markup import BREAK, from_html
from quizzes.exchange.rubrics import GUESS, plain_rubric
from quizzes.exchange.sheets.header import RowFault
from quizzes.exchange.sheets.keys import read_signs
from quizzes.exchange.sheets.template_rows import key_number, read_typed_number, unit_of
from quizzes.exchange.word.document import Line, Run, words
from quizzes.exchange.word.lines import part_of
from quizzes.exchange.word.splitting import Block, Option
from quizzes.types.base import Json
from quizzes.types.short_answer import MAX_LENGTH

_TICK = re.compile(r"\s*(?:\*+|[✓✔✅√]️?|\((?:benar|kunci|jawaban)\))\s*$", re.I)
_LETTER_AND_MORE = re.compile(r"\(?(?P<letter>[A-La-l])[.):]\s*(?P<text>.*)", re.DOTALL)
_TRUE, _FALSE = {"benar", "betul", "true", "b"}, {"salah", "false", "s"}
_ESSAY = re.compile(r"\b(esai|esei|essai|essay|uraian)\b", re.I)
_LOOKS: tuple[tuple[Callable[[Run], bool], Text], ...] = (
    (lambda run: run.is_marked, _l("The answer with a coloured background was taken for the key.")),
    (lambda run: run.is_bold, _l("The bold answer was taken for the key.")),
    (lambda run: run.is_underlined, _l("The underlined answer was taken for the key.")),
    (lambda run: run.is_coloured, _l("The answer in another colour was taken for the key.")),
    (lambda run: run.is_italic, _l("The slanted answer was taken for the key.")),
)


class Making:
    """One question while it is made: its texts become Markdown, its pictures come along."""

    def __init__(self, block: Block, pictures: Mapping[str, bytes]) -> None:
        self._block, self._pictures = block, pictures
        self._files: dict[str, bytes] = {}
        self._losses, self._guesses = list(block.losses), list(block.guesses)

    def made(self) -> Read:
        """Return the question, or why it is none."""
        block = self._block
        original = cut("\n".join(block.original))
        try:
            kind, own = self._asked()
            told = [own.pop("explanation", ""), self._text(block.reason)]
            source: Json = {"stem": self._text(block.stem)} | own
        except (RowFault, ValueError) as fault:
            message = fault.message if isinstance(fault, RowFault) else str(fault)
            return ReadFault(block.paragraph, message, original)
        explanation = BREAK.join(text for text in told if text)
        return checked(
            ReadQuestion(
                kind=kind,
                source=source | ({"explanation": explanation} if explanation else {}),
                line=block.paragraph,
                original=original,
                topic=block.topic,
                guesses=tuple(dict.fromkeys(self._guesses)),
                losses=tuple(dict.fromkeys(self._losses)),
                files=self._files,
            )
        )

    def _asked(self) -> tuple[str, Json]:
        """Return the type and its part of the source.

        Raises:
            RowFault: it has no key, or one that names no answer.
        """
        options = self._block.options
        if not options:
            return self._without_options()
        if len(options) == 1:
            raise RowFault(_l("There is only one answer: write two at least, each with its letter."))
        right = self._right(options)
        rows = [
            {"text": self._text(_bare(option))} | ({"correct": True} if index in right else {})
            for index, option in enumerate(options)
        ]
        if len(right) == 1:
            return "single_choice", {"options": rows}
        self._guesses.append(_l("Several answers are right, so people may tick several."))
        return "multiple_response", {"options": rows}

    def _right(self, options: Sequence[Option]) -> set[int]:
        """Return which answers are right: by the key, else by stars and ticks, else by their looks."""
        looks = self._by_looks(options)
        if not self._block.key:
            if not looks:
                raise RowFault(_l("The key is missing: add a line such as “Kunci: B”, or mark an answer."))
            right, guess = looks
            self._guesses.append(guess)
            return right
        named = self._named(options)
        if looks and looks[0] != named:
            self._guesses.append(_l("The line with the key counts; another answer is marked as right, too."))
        return named

    def _by_looks(self, options: Sequence[Option]) -> tuple[set[int], Text] | None:
        starred = {
            index
            for index, option in enumerate(options)
            if option.is_starred or _TICK.search(words(option.lines[-1]))
        }
        if 0 < len(starred) < len(options):
            return starred, _l("The star or tick at an answer was taken for the key.")
        for look, guess in _LOOKS:
            found = {index for index, option in enumerate(options) if _is_all(option.lines, look)}
            if 0 < len(found) < len(options):
                return found, guess
        return None

    def _named(self, options: Sequence[Option]) -> set[int]:
        """Return the answers a key names, by letters or by their words.

        Raises:
            RowFault: it names none, or one that is not there.
        """
        key = " ".join(_said(self._block.key).split()).rstrip(".")
        texts = [fold(_said(_bare(option))).rstrip(".") for option in options]
        found = set(read_signs(key))
        if fold(key) in texts and found != {texts.index(fold(key))}:
            self._guesses.append(_l("The key names an answer by its words."))
            return {texts.index(fold(key))}
        more = _LETTER_AND_MORE.fullmatch(key)
        if not found and more:
            found = set(read_signs(more["letter"]))
        if not found:
            raise RowFault(_l("The key “%(key)s” names no answer.", key=key[:60]))
        if max(found) >= len(options):
            raise RowFault(_l("The key “%(key)s” names an answer that is not there.", key=key[:60]))
        return found

    def _without_options(self) -> tuple[str, Json]:
        """Return a question whose answer is said: true or false, a number, words or an essay."""
        block = self._block
        key = " ".join(_said(block.key).split())
        if not key and not _ESSAY.search(block.topic):
            raise RowFault(
                _l("There are neither answers nor a key: add lines such as “A. …” and “Kunci: A”.")
            )
        word = fold(key).rstrip(".")
        if word in _TRUE | _FALSE:
            self._guesses.append(_l("The key is true or false, so that is what people choose from."))
            return "true_false", {"answer": word in _TRUE}
        number = _read_number(key)
        if number:
            self._guesses.append(_l("The key is a number, so people type one; it must be exact."))
            return "number", number
        if not key or len(key) > MAX_LENGTH or _ESSAY.search(block.topic):
            self._guesses.append(GUESS)
            told = {"explanation": self._text(block.key)} if key else {}
            return "essay", {"rubric": plain_rubric()} | told
        self._guesses.append(_l("There are no answers to choose from, so people write words."))
        accepted = [piece.strip() for piece in key.rstrip(".").split(";") if piece.strip()]
        return "short_answer", {"answers": [{"accept": text.replace("*", "\\*")} for text in accepted]}

    def _text(self, lines: Sequence[Line]) -> str:
        """Return lines as inline Markdown; what is bold or slanted as a whole is neither."""
        trimmed = [_trimmed(line) for line in lines]
        if _is_all(trimmed, lambda run: run.is_bold):
            trimmed = [[replace(run, is_bold=False) for run in line] for line in trimmed]
        if _is_all(trimmed, lambda run: run.is_italic):
            trimmed = [[replace(run, is_italic=False) for run in line] for line in trimmed]
        html = "<br>".join("".join(run.html for run in line) for line in trimmed if line)
        found = from_html(html, pictures=self._pictures)
        self._files |= found.files
        self._losses += found.losses
        return found.markdown


def _bare(option: Option) -> list[Line]:
    """Return the lines of an answer without the star or tick behind it."""
    *first, last = option.lines
    tick = _TICK.search(words(last))
    return [*first, part_of(last, 0, tick.start()) if tick and tick.start() else last]


def _is_all(lines: Sequence[Line], look: Callable[[Run], bool]) -> bool:
    """Return whether all words of lines look so."""
    runs = [run for line in lines for run in line if run.text.strip() and not run.picture]
    return bool(runs) and all(look(run) for run in runs)


def _said(lines: Sequence[Line]) -> str:
    return "\n".join(words(line) for line in lines).strip()


def _trimmed(line: Line) -> Line:
    """Return a line without blanks at its ends; tabs are blanks."""
    text = words(line)
    start = len(text) - len(text.lstrip())
    return part_of(line, start, max(start, len(text.rstrip()))) if text.strip() else line


def _read_number(text: str) -> Json:
    """Return the source of a number that stands alone, nothing where it is none."""
    if not re.match(r"(?:rp\.?\s?)?-?[0-9]", text, re.I):
        return {}
    bare, unit = text.rstrip("."), unit_of(text.rstrip("."))
    try:
        number = read_typed_number(bare, "", unit)
    except RowFault:
        return {}
    return {"answer": key_number(number)} | ({"unit": unit} if unit else {})
