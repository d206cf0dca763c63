"""A stored question as other systems can have it: facts, citations and terms as words of its law date. Pure.

What is left of our own marks is ``{gambar:name|…}`` for pictures, and ``{nilai:…}`` where numbers differ from
paper to paper: those stand in the question as a table of variants then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from courses.catalogue.citing import cite
from courses.catalogue.markdown import plain_inline
from courses.catalogue.marks import MARK
from courses.facts.book import FactBook
from lms.core.numbers import show
from quizzes.bank.resolving import BookResolver, resolve
from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import BREAK, from_plain
from quizzes.types.base import Json
from quizzes.types.pictures import is_picture
from quizzes.types.tolerance import trimmed
from quizzes.types.variables import (
    MAX_DIGITS,
    ROW,
    Definition,
    Law,
    Variable,
    list_cases,
    read_conditions,
    read_variables,
)

Fetch = Callable[[str], tuple[str, bytes]]
"""Returns the name and the bytes of a picture by its hash."""

BASIS = "Dasar"
"""Stands before the articles of law at the end of an explanation, which is content."""
_OURS = frozenset({"berlaku", "pair", "cite"})
"""What only a course here can read."""
_SPOKEN = frozenset({"fakta", "pasal", "istilah", "keliru"})
_PICTURE = re.compile(r"\{gambar:\s*(?P<sha>[0-9a-f]{64}) [0-9]+x[0-9]+\|(?P<alt>[^{}]*)\}")
_VALUE = re.compile(r"\{nilai:\s*([a-z0-9_]*)\s*\}")
_KEY = "kunci"


def spell_out(
    source: Json,
    *,
    kind: str,
    as_of: date,
    book: FactBook,
    fetch: Fetch,
    name: str,
    topic: str = "",
    tags: Sequence[str] = (),
) -> GivenQuestion:
    """Return a question as it stands at ``as_of``.

    Args:
        source: as the bank has it; a case with the questions it names filled in.
        kind: its type.
        as_of: the law date of its version.
        book: the facts.
        fetch: where pictures come from.
        name: what it is called in the file.
        topic: what it is filed under.
        tags: its tags.

    Raises:
        SourceError: it does not hold at that date any more.
    """
    speller = _Speller(book, as_of, fetch)
    spelled = speller.question(source, kind)
    return GivenQuestion(kind, spelled, name, topic, tuple(tags), speller.files)


class _Speller:
    """Replaces marks at one law date, and collects the pictures that are shown."""

    def __init__(self, book: FactBook, as_of: date, fetch: Fetch) -> None:
        self.files: dict[str, bytes] = {}
        self._book, self._as_of, self._fetch = book, as_of, fetch

    def question(self, source: Json, kind: str) -> Json:
        """Return the source of a question, its parts too where it is a case."""
        own = {name: value for name, value in source.items() if name not in _OURS}
        if kind == "calculated":
            own |= self._table(source)
        elif kind == "number":
            own["answer"] = self._number(source.get("answer"))
        elif kind == "cloze":
            own["gaps"] = [self._gap(gap) for gap in source.get("gaps") or []]
        elif kind == "case_set":
            own["parts"] = [self._part(part) for part in source.get("parts") or []]
        spelled: Json = self._spoken(own)
        return self._with_basis(spelled, source)

    def _part(self, part: Json) -> Json:
        return self.question(part, str(part["type"])) if "type" in part else part

    def _gap(self, gap: Json) -> Json:
        return gap | {"answer": self._number(gap["answer"])} if gap.get("kind") == "number" else gap

    def _number(self, expression: object) -> str:
        return f"{trimmed(BookResolver(self._book, self._as_of).number(expression)):f}"

    def _spoken(self, value: Any) -> Any:
        if isinstance(value, str):
            return MARK.sub(self._mark, _PICTURE.sub(self._picture, value))
        if isinstance(value, list):
            return [self._spoken(part) for part in value]
        if isinstance(value, Mapping):
            if is_picture(value):
                return self._keep(value["sha256"])
            return {name: self._spoken(part) for name, part in value.items()}
        return value

    def _mark(self, match: re.Match[str]) -> str:
        """Return the words of a mark; one that is written out, with a sign before it, is none."""
        if match["name"] not in _SPOKEN or match.string[: match.start()].endswith("\\"):
            return match[0]
        return from_plain(plain_inline(match[0], book=self._book, as_of=self._as_of))

    def _picture(self, match: re.Match[str]) -> str:
        return f"{{gambar:{self._keep(match['sha'])}|{match['alt']}}}"

    def _keep(self, sha256: str) -> str:
        name, body = self._fetch(sha256)
        self.files[name] = body
        return name

    def _with_basis(self, spelled: Json, source: Json) -> Json:
        labels = [cite(self._book, str(ref)).label for ref in source.get("cite") or []]
        if not labels:
            return spelled
        basis = from_plain(f"{BASIS}: {'; '.join(labels)}.")
        before = str(spelled.get("explanation") or "")
        return spelled | {"explanation": f"{before}{BREAK}{basis}" if before else basis}

    def _table(self, source: Json) -> Json:
        """Return the variants of a calculated question as a table of those numbers its texts show."""
        content = resolve(source, kind="calculated", book=self._book, as_of=self._as_of).content
        variables = read_variables(str(source.get("variables") or ""))
        conditions = read_conditions(str(source.get("conditions") or ""), variables)
        definition = Definition(variables, conditions, int(source.get("seed", 1)))
        law = Law(BookResolver(self._book, self._as_of).number)
        cases = list(islice(list_cases(definition, law), len(content["variants"])))
        shown = set(_VALUE.findall(f"{source.get('stem', '')} {source.get('explanation', '')}"))
        lines = [
            _line(variable, [case.value(variable.name) for case in cases])
            for variable in variables
            if variable.name in shown
        ]
        keys = [show(Decimal(variant["answer"])) for variant in content["variants"]]
        lines.append(f"{_KEY}: {ROW} {' | '.join(keys)}")
        return {
            "variables": "\n".join(lines),
            "conditions": "",
            "answer": _KEY,
            "variants": len(keys),
            "seed": 1,
        }


def _line(variable: Variable, values: Sequence[Decimal | str]) -> str:
    """Return a variable as a column of the table."""
    shown = " | ".join(
        value if isinstance(value, str) else show(trimmed(round(value, MAX_DIGITS))) for value in values
    )
    return f"{variable.name}: {ROW} {shown} {variable.unit}".rstrip()
