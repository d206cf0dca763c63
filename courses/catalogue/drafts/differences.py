"""What a working copy changes against an edition, for people: words, the order of steps, questions, facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from courses.catalogue.changes import Change, compare_folders
from courses.catalogue.marks import MARK
from courses.catalogue.sources import CourseFolder
from courses.facts.book import FactBook, FactError
from courses.facts.formatting import show

CONTEXT = 12
"""Words shown before and behind a change."""
_WORD = re.compile(r"\s*\S+|\s+$")


@dataclass(frozen=True)
class Piece:
    """A run of words: `same`, `inserted`, `deleted`, or `skipped` (same, and left out)."""

    kind: str
    text: str


@dataclass(frozen=True)
class TextChange:
    """A text that says something else: how many words came and went, and where."""

    name: str
    title: str
    inserted: int
    deleted: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FactChange:
    """A number of the law that is used anew, no more, or has another value: how it was and is shown."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """All that a working copy changes."""

    lessons: Sequence[TextChange]
    questions: Sequence[TextChange]
    # Steps by path, as people call them.
    added: Sequence[str]
    removed: Sequence[str]
    moved: Sequence[str]
    facts: Sequence[FactChange]
    # By kind of thing, as for a course that came as a zip.
    others: Sequence[Change]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        found = (self.lessons, self.questions, self.added, self.removed, self.moved, self.facts, self.others)
        return not any(found)


def compare(
    old: CourseFolder, new: CourseFolder, *, book: FactBook, old_day: date, new_day: date
) -> Difference:
    """Return what ``new`` at its law date says other than ``old`` at its own."""
    before, after = _titles(old), _titles(new)
    both = [path for path in after if path in before]
    in_order = [path for path in before if path in after]
    shown = {"lesson", "page", "question"}
    return Difference(
        lessons=list(_texts(_pages(old), _pages(new))),
        questions=list(_texts(_questions(old), _questions(new))),
        added=[title for path, title in after.items() if path not in before],
        removed=[title for path, title in before.items() if path not in after],
        moved=[after[path] for path in _moved(in_order, both)],
        facts=list(_facts(old, new, book, old_day, new_day)),
        others=[change for change in compare_folders(new, old) if change.kind not in shown],
    )


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """Return two texts as one, word by word; long runs that stay are cut to what stands beside a change."""
    pieces: list[Piece] = []
    lines = SequenceMatcher(None, old.splitlines(True), new.splitlines(True), autojunk=False)
    olds, news = old.splitlines(True), new.splitlines(True)
    for tag, a, b, c, d in lines.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(olds[a:b])))
        else:
            pieces += _word_pieces("".join(olds[a:b]), "".join(news[c:d]))
    return tuple(_cut(_joined(pieces)))


def _word_pieces(old: str, new: str) -> Iterator[Piece]:
    olds, news = _WORD.findall(old), _WORD.findall(new)
    for tag, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(olds[a:b]))
            continue
        if b > a:
            yield Piece("deleted", "".join(olds[a:b]))
        if d > c:
            yield Piece("inserted", "".join(news[c:d]))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def _cut(pieces: list[Piece]) -> Iterator[Piece]:
    for place, piece in enumerate(pieces):
        words = _WORD.findall(piece.text)
        is_first, is_last = place == 0, place == len(pieces) - 1
        if piece.kind != "same" or len(words) <= CONTEXT * (1 if is_first or is_last else 2):
            yield piece
            continue
        if not is_first:
            yield Piece("same", "".join(words[:CONTEXT]))
        yield Piece("skipped", "")
        if not is_last:
            yield Piece("same", "".join(words[-CONTEXT:]))


def _texts(old: Mapping[str, tuple[str, str]], new: Mapping[str, tuple[str, str]]) -> Iterator[TextChange]:
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name, ("", "")), new.get(name, ("", ""))
        if before[1] == after[1]:
            continue
        pieces = compare_words(before[1], after[1])
        counts = {
            kind: sum(len(piece.text.split()) for piece in pieces if piece.kind == kind)
            for kind in ("inserted", "deleted")
        }
        yield TextChange(name, after[0] or before[0], counts["inserted"], counts["deleted"], pieces)


def _pages(folder: CourseFolder) -> dict[str, tuple[str, str]]:
    pages = (*folder.lessons.items(), *folder.pages.items())
    return {path: (page.title, f"{page.title}\n\n{page.markdown}") for path, page in pages}


def _questions(folder: CourseFolder) -> dict[str, tuple[str, str]]:
    return {
        key: (str(question.data.get("stem", key)), "\n".join(_lines(dict(question.data))))
        for key, question in folder.questions.items()
    }


def _lines(value: object, name: str = "") -> Iterator[str]:
    """Yield what a question says, a line for each field."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _lines(part, f"{name}{key}: ")
    elif isinstance(value, list):
        for part in value:
            yield from _lines(part, name)
    else:
        yield f"{name}{value}"


def _titles(folder: CourseFolder) -> dict[str, str]:
    return {step.path: folder.title_of(step) for step in folder.steps()}


def _moved(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield what stands elsewhere among those both have: as few as explain the new order."""
    kept = {
        old[block.a + offset]
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for offset in range(block.size)
    }
    yield from (path for path in new if path not in kept)


def _facts(
    old: CourseFolder, new: CourseFolder, book: FactBook, old_day: date, new_day: date
) -> Iterator[FactChange]:
    before, after = _shown(old, book, old_day), _shown(new, book, new_day)
    for key in sorted({*before, *after}):
        if before.get(key, "") != after.get(key, ""):
            yield FactChange(key, before.get(key, ""), after.get(key, ""))


def _shown(folder: CourseFolder, book: FactBook, day: date) -> dict[str, str]:
    """Return the numbers lessons name, as they are shown on that day; those not in force are left out."""
    found: dict[str, str] = {}
    for page in (*folder.lessons.values(), *folder.pages.values()):
        for match in MARK.finditer(page.text):
            key = match["body"].partition("|")[0].strip()
            if match["name"] == "fakta" and "@" not in key and key not in found:
                try:
                    found[key] = show(book.get(key, day))
                except FactError:
                    continue
    return found
