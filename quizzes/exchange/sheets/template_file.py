"""The empty template to fill: our columns, an example of each type that fits a row, and what they mean."""

from __future__ import annotations

from flask_babel import gettext as _

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.sheets.template import SHAPES, XlsxWriter
from quizzes.exchange.sheets.template_words import KINDS
from quizzes.exchange.sheets.writing import as_xlsx
from quizzes.types import get_type

FILE_NAME = "templat-soal.xlsx"


def template_xlsx() -> bytes:
    """Return the workbook; the sheet to fill stands first and has nothing but its header."""
    examples = [_example(kind) for kind in SHAPES]
    header, *rows = XlsxWriter().table(examples)
    return as_xlsx({_("Questions"): [header], _("Example"): [header, *rows], _("Help"): _help()})


def _example(kind: str) -> GivenQuestion:
    """Return the first example of a type, with a question that says of which."""
    stem = f"Contoh: {KINDS[kind].indonesian}"
    return GivenQuestion(kind, {"stem": stem, **get_type(kind).examples()[0].source}, name="")


def _help() -> list[list[str]]:
    arrow = _("“left → right” in each column; “→ right” is an answer that belongs to nothing.")
    return [
        [_("Type"), _("How it is written")],
        [str(KINDS["single_choice"]), _("One answer in each column; the key is its letter, such as B.")],
        [str(KINDS["multiple_response"]), _("As above; the key names several letters, such as A, C.")],
        [str(KINDS["true_false"]), _("The key is “benar” or “salah”; no answers are needed.")],
        [str(KINDS["matching"]), arrow],
        [str(KINDS["ordering"]), _("The lines in their right order, one in each column.")],
        [
            str(KINDS["number"]),
            _("The key is a number as you write it: 40.000 or 0,24. Its unit stands apart."),
        ],
        [str(KINDS["short_answer"]), _("Accepted answers, one in each column; a star stands for anything.")],
        [str(KINDS["cloze"]), _("Write [[1]], [[2]] in the text; each column says what fills its gap.")],
        [str(KINDS["essay"]), _("Each column is a criterion, with a line for each level: 2: complete.")],
        ["", _("Bold is **bold**, slanted is *slanted*. Columns you do not need can be deleted.")],
    ]
