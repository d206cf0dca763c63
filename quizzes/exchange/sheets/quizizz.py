"""The spreadsheet of Quizizz, now Wayground: a row a question, its kind in words.

Source: the template they give away, as public code that fills it has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import Read, Reader, ReadFault, ReadQuestion, Text, Unreadable
from quizzes.exchange.lines import cut
from quizzes.exchange.markup import from_plain
from quizzes.exchange.rubrics import GUESS, plain_rubric
from quizzes.exchange.sheets.header import RowFault, Table, find_table
from quizzes.exchange.sheets.kahoot import choice_source, list_losses
from quizzes.exchange.sheets.keys import read_key
from quizzes.exchange.sheets.rows import ENDINGS, Row, open_sheets, peek
from quizzes.types.base import Json

OPTIONS = tuple(f"option {number}" for number in range(1, 13))
NAMES = {name: name for name in OPTIONS} | {
    "question text": "question",
    "question type": "type",
    "correct answer": "correct",
    "correct answers": "correct",
    "time in seconds": "time",
    "time limit": "time",
    "image link": "image",
    "image url": "image",
    "answer explanation": "explanation",
    "explanation": "explanation",
}
REQUIRED = ("question", "type", "option 1", "correct")
SINGLE, SEVERAL, BLANK, OPEN, POLL = "single_choice", "multiple_response", "short_answer", "essay", "poll"
KINDS = {
    "": SINGLE,
    "multiple choice": SINGLE,
    "checkbox": SEVERAL,
    "checkboxes": SEVERAL,
    "multiple select": SEVERAL,
    "fill in the blank": BLANK,
    "fill in the blanks": BLANK,
    "open ended": OPEN,
    "poll": POLL,
}
_HELP = re.compile(r"\b(required|optional|default is|text (?:of|for) )")


class QuizizzReader(Reader):
    """Rows of question, kind, options, right answer, time, picture and explanation."""

    key = "quizizz"
    endings = ENDINGS

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Quizizz or Wayground spreadsheet"))

    def recognises(self, data: bytes, name: str) -> bool:
        """Look for the words of the header."""
        words = peek(data, name)
        return all(word in words for word in ("question text", "question type", "option 1", "correct answer"))

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield a question for each row; the row that explains the columns is passed over.

        Raises:
            Unreadable: no such sheet, or beyond a limit.
        """
        table = find_table(open_sheets(data), NAMES, REQUIRED)
        if table is None:
            raise Unreadable(
                _l("No row with the headers “Question Text”, “Question Type” and “Correct Answer” was found.")
            )
        return limited(_read(table, row) for row in table.rows() if not _is_idle(table, row))


def _is_idle(table: Table, row: Row) -> bool:
    """Return whether a row says nothing, or what belongs into the columns."""
    named = [row.cell(column) for column in table.columns.values()]
    explained = sum(bool(_HELP.search(cell.text.casefold())) for cell in named)
    is_help = row.number == table.header.number + 1 and explained >= 2
    return is_help or not any(cell.text or cell.fault for cell in named)


def _read(table: Table, row: Row) -> Read:
    original = cut(row.shown())
    try:
        kind, source, guesses = _read_kind(table, row)
    except RowFault as error:
        return ReadFault(row.number, error.message, original)
    explanation = from_plain(table.text(row, "explanation"))
    return checked(
        ReadQuestion(
            kind=kind,
            source=source | ({"explanation": explanation} if explanation else {}),
            line=row.number,
            original=original,
            guesses=(*table.sheet.guesses, *guesses),
            losses=tuple(list_losses(table, row)),
        )
    )


def _read_kind(table: Table, row: Row) -> tuple[str, Json, list[Text]]:
    """Return kind, source and guesses of a row.

    Raises:
        RowFault: a cell cannot be read, the kind is none of ours, or the key names no answer.
    """
    fault = table.fault(row)
    if fault is not None:
        raise RowFault(fault)
    named = table.text(row, "type")
    kind = KINDS.get(re.sub(r"[\W_]+", " ", fold(named)).strip())
    stem, options = table.text(row, "question"), [table.text(row, name) for name in OPTIONS]
    if kind is None:
        raise RowFault(_l("Questions of the kind “%(kind)s” cannot be read from a spreadsheet.", kind=named))
    if kind == POLL:
        raise RowFault(_l("This is a poll: no answer is right. Write it as a poll for the hall."))
    if kind == OPEN:
        return OPEN, {"stem": from_plain(stem), "rubric": plain_rubric()}, [GUESS]
    if kind == BLANK:
        return BLANK, {"stem": from_plain(stem), "answers": _forms(table, row, options)}, []
    right, guesses = read_key(row.cell(table.columns["correct"]), options)
    if kind == SINGLE and len(right) > 1:
        kind, guesses = SEVERAL, [*guesses, _l("Several answers are right: read as “Several answers”.")]
    return kind, choice_source(stem, options, right), guesses


def _forms(table: Table, row: Row, options: list[str]) -> list[Json]:
    """Return what is accepted: every option, and what the column of the right answer says in words."""
    said = table.text(row, "correct")
    texts = [text for text in options if text]
    if not texts or (said and not re.fullmatch(r"[0-9]+(\s*[,;]\s*[0-9]+)*", said)):
        texts.append(said)
    unique = {fold(text): text for text in reversed(texts)}
    return [{"accept": text.replace("*", "\\*")} for text in reversed(unique.values()) if text]
