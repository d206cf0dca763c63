"""Kahoot's spreadsheet: a header somewhere under the rules, four answers, “1,3” for what is right.

Source: the template Kahoot gives away, as public code that fills it has it (header in row 8; not relied on).
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import Read, Reader, ReadFault, ReadQuestion, Text, Unreadable
from quizzes.exchange.lines import cut
from quizzes.exchange.markup import from_plain
from quizzes.exchange.sheets.header import RowFault, Table, find_table
from quizzes.exchange.sheets.keys import read_key
from quizzes.exchange.sheets.rows import ENDINGS, Row, open_sheets, peek
from quizzes.types.base import Json

ANSWERS = tuple(f"answer {number}" for number in range(1, 7))
NAMES = {name: name for name in ("question", "correct answer", *ANSWERS)} | {
    "correct answers": "correct answer",
    "time limit": "time",
    "image": "image",
    "image link": "image",
    "image url": "image",
}
REQUIRED = ("question", "answer 1", "answer 2", "correct answer")


class KahootReader(Reader):
    """Rows of question, answers, time limit and the numbers of the right answers."""

    key = "kahoot"
    endings = ENDINGS

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Kahoot spreadsheet"))

    def recognises(self, data: bytes, name: str) -> bool:
        """Look for the words of the header."""
        words = peek(data, name)
        return all(word in words for word in ("question", "answer 1", "correct answer", "time limit"))

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield a question for each row with one, single choice or several answers.

        Raises:
            Unreadable: no such sheet, or beyond a limit.
        """
        table = find_table(open_sheets(data), NAMES, REQUIRED)
        if table is None:
            raise Unreadable(
                _l("No row with the headers “Question”, “Answer 1” and “Correct answer(s)” was found.")
            )
        return limited(read for row in table.rows() if (read := _read(table, row)) is not None)


def _read(table: Table, row: Row) -> Read | None:
    """Return what a row holds, None for one with a number alone."""
    stem = table.text(row, "question")
    answers = [table.text(row, name) for name in ANSWERS]
    original, fault = cut(row.shown()), table.fault(row)
    if fault is None and not stem and not any(answers):
        return None
    if fault is not None:
        return ReadFault(row.number, fault, original)
    try:
        right, guesses = read_key(row.cell(table.columns["correct answer"]), answers)
    except RowFault as error:
        return ReadFault(row.number, error.message, original)
    return checked(
        ReadQuestion(
            kind="single_choice" if len(right) == 1 else "multiple_response",
            source=choice_source(stem, answers, right),
            line=row.number,
            original=original,
            guesses=(*table.sheet.guesses, *guesses),
            losses=tuple(list_losses(table, row)),
        )
    )


def choice_source(stem: str, answers: list[str], right: list[int]) -> Json:
    """Return a choice whose answers stand in columns, some of them empty; plain words become Markdown."""
    options = [
        {"text": from_plain(text)} | ({"correct": True} if index in right else {})
        for index, text in enumerate(answers)
        if text
    ]
    return {"stem": from_plain(stem), "options": options}


def list_losses(table: Table, row: Row) -> Iterator[Text]:
    """Yield what a row of a game has that a question of ours has not."""
    seconds, image = table.text(row, "time"), table.text(row, "image")
    if seconds:
        yield _l("Its time limit (%(seconds)s seconds): with us a quiz has one for all.", seconds=seconds)
    if image:
        yield _l("Its picture (%(address)s): nothing is fetched. Put it in by hand.", address=image)
