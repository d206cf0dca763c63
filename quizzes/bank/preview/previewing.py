"""How a question looks so far: the real engine and what its template needs, from what is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom
from typing import Any

from sqlalchemy.orm import Session

from courses.facts.book import load_book
from quizzes.bank import cases
from quizzes.bank.preview.doubts import list_doubts
from quizzes.bank.preview.samples import Sample, list_samples
from quizzes.bank.resolving import SourceError, resolve
from quizzes.types import get_type
from quizzes.types.base import Json

PREFIX = "coba-"
"""Before the names of inputs in a preview."""


@dataclass(frozen=True)
class Preview:
    """A question as a trainee would meet it; `fault` says why it cannot be shown yet."""

    stem_html: str = ""
    item: dict[str, Any] | None = None
    fault: str = ""
    # The first variants, where papers differ in their numbers.
    samples: Sequence[Sample] = ()
    # What is doubtful about them, a sentence each.
    doubts: Sequence[str] = ()


def preview(session: Session, source: Json, *, kind: str, as_of: date, home: cases.Home) -> Preview:
    """Return what a trainee would meet if ``source`` were all there is."""
    question_type = get_type(kind)
    try:
        told = cases.filled_in(session, source, kind=kind, home=home)
        resolved = resolve(told, kind=kind, book=load_book(), as_of=as_of)
    except SourceError as error:
        return Preview(fault=error.message)
    prepared = question_type.prepare(resolved.content, SystemRandom(), shuffle=False)
    item = {
        "name_prefix": PREFIX,
        "present": question_type.present(resolved.content, prepared),
        "answer": None,
        "error": "",
    }
    stem = question_type.fill(resolved.stem_html, resolved.content, prepared)
    samples = list_samples(kind, resolved.content, resolved.stem_html)
    doubts = list_doubts(kind, resolved.content, resolved.stem_html)
    return Preview(stem_html=stem, item=item, samples=samples, doubts=doubts)
