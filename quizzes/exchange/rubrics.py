"""What an essay is marked by that comes without a rubric: our essays need one. Pure."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Json

GUESS = _l("It does not say how it is marked: a rubric with three levels was put in. Look at it.")


def plain_rubric() -> list[Json]:
    """Return a rubric that fits any essay, in the language of the courses."""
    levels = [("Belum menjawab pertanyaan", 0), ("Menjawab sebagian", 1), ("Menjawab lengkap dan benar", 2)]
    return [{"text": "Isi jawaban", "levels": [{"text": text, "points": points} for text, points in levels]}]
