"""Advice on lines to match, to order, to write and to complete: what is too easy, too hard or unfair."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.types.base import Json
from quizzes.types.cloze import MARK

FEW_PAIRS = 3
MANY_LINES = 7
"""What people keep in mind at once, on a screen that shows as many."""
MANY_FOR_ALL = 4
MANY_GAPS = 5
SHORT_FORM = 4
"""Letters between two stars below which nearly anything fits."""


def advise_on_kind(source: Json, *, kind: str) -> Iterator[object]:
    """Yield what could be better in a question of this type, a sentence each."""
    points = _BY_KIND.get(kind)
    if points is not None:
        yield from points(source)


def _on_pairs(source: Json) -> Iterator[object]:
    pairs, lone = source.get("pairs") or [], source.get("distractors") or []
    if len(pairs) < FEW_PAIRS:
        yield _l("With two pairs half is a matter of luck: write at least three.")
    if pairs and not lone and len({fold(str(pair.get("match", ""))) for pair in pairs}) == len(pairs):
        yield _l(
            "As many answers as lines: the last pair is left over for everybody. "
            "Add an answer that belongs to nothing."
        )


def _on_lines(source: Json) -> Iterator[object]:
    count = len(source.get("items") or [])
    if count > MANY_LINES:
        yield _l("More than seven lines are hard to keep in mind: make two questions of them.")
    if source.get("scoring") == "all_or_nothing" and count > MANY_FOR_ALL:
        yield _l("One slip among so many lines takes all marks: let a partly right order earn something.")


def _on_forms(source: Json) -> Iterator[object]:
    forms = [str(answer.get("accept") or "") for answer in source.get("answers") or []]
    if len(forms) == 1 and "*" not in forms[0]:
        yield _l("Only one spelling is accepted, and people write it in several: add forms, or a star.")
    for form in forms:
        if form.strip("*") != form and len(form.replace("*", "").strip()) < SHORT_FORM:
            yield _l("“%(form)s” accepts nearly anything.", form=form)


def _on_gaps(source: Json) -> Iterator[object]:
    gaps, text = source.get("gaps") or [], str(source.get("text") or "").strip()
    if len(gaps) > MANY_GAPS:
        yield _l("With more than five gaps the text can hardly be read: make two questions of it.")
    if MARK.match(text):
        yield _l("The text begins with a gap: nobody knows yet what it is about.")
    for gap in gaps:
        if gap.get("kind") == "text":
            yield from _on_forms(gap)


_BY_KIND: dict[str, Callable[[Json], Iterator[object]]] = {
    "matching": _on_pairs,
    "ordering": _on_lines,
    "short_answer": _on_forms,
    "cloze": _on_gaps,
}
