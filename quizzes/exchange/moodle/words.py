"""Moodle's short answers as ours: forms tried from the top, stars for anything. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from quizzes.exchange.moodle.marks import write_share
from quizzes.exchange.moodle.text import Notes
from quizzes.types.base import Json
from quizzes.types.patterns import fits, sample

_STARS = re.compile(r"(?<!\\)\*(?:\s*\*)+")


@dataclass(frozen=True)
class Form:
    """A form of the answer with stars, what it earns, and what is said to who writes it."""

    accept: str
    fraction: Fraction
    why: str = ""


def words_source(forms: Sequence[Form], notes: Notes, *, match_case: bool) -> Json:
    """Return the accepted answers of a question, in Moodle's order; accents matter there, so they do here.

    Answers no text can reach are left out, and noted: they earn nothing in Moodle either.
    """
    source: Json = {"answers": [_answer(form, notes) for form in forms if form.accept.strip()]}
    source |= {"match_case": True} if match_case else {}
    return _reached(source | {"match_accents": True}, notes)


def write_forms(source: Json) -> list[Form]:
    """Return the forms of a short answer of ours; reasons stay Markdown."""
    return [
        Form(str(one["accept"]), Fraction(str(one.get("share", 1))), str(one.get("why") or ""))
        for one in source["answers"]
    ]


def _answer(form: Form, notes: Notes) -> Json:
    share = max(form.fraction, Fraction(0))
    if form.fraction < 0:
        notes.lose(_l("Answers that take marks away in Moodle earn nothing here, and cost nothing."))
    return (
        {"accept": _STARS.sub("*", " ".join(form.accept.split()))}
        | ({"share": write_share(share)} if share != 1 else {})
        | ({"why": form.why} if form.why else {})
    )


def _reached(source: Json, notes: Notes) -> Json:
    """Return a source without answers that no text can reach, because one before them always fits."""
    case, accents = bool(source.get("match_case")), bool(source.get("match_accents"))
    kept: list[Json] = []
    for answer in source["answers"]:
        texts = [
            text for text in (sample(answer["accept"]), sample(answer["accept"], " xyz ")) if text.strip()
        ]
        if all(
            any(fits(text, one["accept"], match_case=case, match_accents=accents) for one in kept)
            for text in texts
        ):
            notes.lose(
                _l("“%(text)s” is left out: an answer before it fits, too.", text=answer["accept"][:60])
            )
        else:
            kept.append(answer)
    return source | {"answers": kept}
