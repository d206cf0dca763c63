"""Aiken, in and out, as Moodle 4.5 reads it: a question of one line, ``A.`` or ``A)`` options, ``ANSWER: B``.

Every line that is none of these begins a new question, as there; what stood before it is told as a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import GivenQuestion, Read, Reader, ReadFault, ReadQuestion, Text, Writer
from quizzes.exchange.decoding import decode
from quizzes.exchange.lines import cut
from quizzes.exchange.markup import from_plain, list_pictures, to_plain
from quizzes.types.options import MAX_OPTIONS

# A blank after the sign may be missing, as in Moodle; “U.S. law” is no option.
_OPTION = re.compile(r"[A-Z][.)](?![A-Z][.)])\s*(?P<text>.*)")
_ANSWER = re.compile(r"ANSWER:\s*(?P<letter>.*)")
_WRONG_ENDING = re.compile(r"(?i)\s*(answer|jawaban|kunci)\s*:")
MAX_NAME = 60
MIN_LINE = 2
"""Characters of a line that counts, as in Moodle."""


class AikenReader(Reader):
    """Plain text, one right option of several."""

    key = "aiken"
    endings = (".aiken", ".txt")
    sign = b"ANSWER:"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "Aiken"

    def recognises(self, data: bytes, name: str) -> bool:
        """Say whether a line begins with ``ANSWER:`` and one with ``A.`` or ``A)``."""
        if name.casefold().endswith(".aiken"):
            return True
        start = data[:100_000].replace(b"\0", b"")
        return bool(re.search(rb"(?m)^ANSWER:\s*[A-Z]\b", start) and re.search(rb"(?m)^A[.)]\s", start))

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield the questions and, for each that is cut short, a fault."""
        text, guesses = decode(data)
        return limited(_read(text, guesses))


class AikenWriter(Writer):
    """Questions with one right option; all else has no place in Aiken."""

    key = "aiken"
    ending = ".txt"
    media_type = "text/plain; charset=utf-8"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "Aiken"

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what is lost: reasons, explanation, pictures, lines, or all of it."""
        if not self.holds(question):
            return [_l("Aiken has only questions with one right option: this one is left out.")]
        options = question.source.get("options") or _true_false(question)
        losses: list[Text] = []
        if question.source.get("explanation"):
            losses.append(_l("The explanation is left out."))
        if any(option.get("why") for option in options) or question.source.get("why"):
            losses.append(_l("The reasons of the options are left out."))
        texts = [str(question.source["stem"]), *(str(option["text"]) for option in options)]
        if any(list_pictures(text) for text in texts):
            losses.append(_l("Pictures are left out: only what they show is said."))
        if any("\n" in to_plain(text) for text in texts):
            losses.append(_l("Its lines become one."))
        if question.kind == "true_false":
            losses.append(_l("True or false becomes a question with two options."))
        return losses

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether it is a choice of one."""
        if question.kind == "true_false":
            return True
        return question.kind == "single_choice" and len(question.source["options"]) <= MAX_OPTIONS

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the questions with an empty line after each."""
        return "\n".join(_written(question) for question in questions if self.holds(question)).encode()


@dataclass
class _Open:
    """A question that is being read: where it began, its words and options so far."""

    line: int
    stem: str
    options: list[str] = field(default_factory=list)
    original: list[str] = field(default_factory=list)


def _read(text: str, guesses: tuple[Text, ...]) -> Iterator[Read]:
    open_: _Open | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        option, answer = _OPTION.fullmatch(line), _ANSWER.fullmatch(line)
        if len(line) < MIN_LINE:
            continue
        if answer is not None or option is not None:
            if open_ is None:
                yield ReadFault(number, _("No question stands before this line."), cut(raw))
                continue
            open_.original.append(raw)
            if option is not None:
                open_.options.append(option["text"])
                continue
            assert answer is not None
            yield _finished(open_, answer["letter"].strip(), guesses)
            open_ = None
        else:
            if open_ is not None:
                yield _unfinished(open_, number, line)
            open_ = _Open(number, line, original=[raw])
    if open_ is not None:
        yield _unfinished(open_, number, "")


def _finished(open_: _Open, letter: str, guesses: tuple[Text, ...]) -> Read:
    original = cut("\n".join(open_.original))
    # Moodle looks at the first letter only.
    index = ord(letter[0]) - ord("A") if letter else -1
    if len(letter) > 1:
        guesses = (*guesses, _l("The answer was read as “%(letter)s”.", letter=letter[0]))
    if len(open_.options) < 2:
        return ReadFault(
            open_.line, _("Fewer than two options stand between the question and ANSWER."), original
        )
    if not 0 <= index < len(open_.options):
        message = _("ANSWER names “%(letter)s”, which is no letter of an option.", letter=letter[:20])
        return ReadFault(open_.line, message, original)
    options = [
        {"text": from_plain(text)} | ({"correct": True} if number == index else {})
        for number, text in enumerate(open_.options)
    ]
    source = {"stem": from_plain(open_.stem), "options": options}
    name = open_.stem[:MAX_NAME]
    return checked(ReadQuestion("single_choice", source, open_.line, original, name=name, guesses=guesses))


def _unfinished(open_: _Open, number: int, line: str) -> ReadFault:
    """Return why a question ended without its answer: at ``line``, or at the end of the file."""
    original = cut("\n".join(open_.original))
    if line and _WRONG_ENDING.match(line):
        return ReadFault(number, _("Write the answer as “ANSWER: A”, in capitals."), original)
    if line and open_.options:
        return ReadFault(open_.line, _("ANSWER is missing before line %(line)s.", line=number), original)
    if line:
        return ReadFault(
            open_.line, _("No options follow; a question is one line, then “A.”, “B.” and so on."), original
        )
    return ReadFault(open_.line, _("The file ends before ANSWER."), original)


def _written(question: GivenQuestion) -> str:
    options = question.source.get("options") or _true_false(question)
    lines = [_one_line(str(question.source["stem"]))]
    right = ""
    for number, option in enumerate(options):
        letter = chr(ord("A") + number)
        lines.append(f"{letter}. {_one_line(str(option['text']))}")
        right = letter if option.get("correct") else right
    return "\n".join([*lines, f"ANSWER: {right}", ""])


def _true_false(question: GivenQuestion) -> list[dict[str, object]]:
    is_true = bool(question.source.get("answer"))
    return [{"text": "Benar", "correct": is_true}, {"text": "Salah", "correct": not is_true}]


def _one_line(markdown: str) -> str:
    """Return words on one line that is not taken for an option or an answer."""
    words = " ".join(to_plain(markdown).split())
    return f"– {words}" if _OPTION.fullmatch(words) or _ANSWER.match(words) else words
