"""What an author wrote, resolved at a law date: texts as HTML, keys as numbers, citations as links."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.catalogue.markdown import MarkdownFault, plain_inline, render_inline
from courses.facts.book import FactBook
from quizzes.types import get_type
from quizzes.types.base import Json

SUMMARY_LENGTH = 300
_PLAIN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")


class SourceError(ValueError):
    """A part of a question cannot be resolved; `field` is its name in the source, e.g. "stem"."""

    def __init__(self, field: str, message: object) -> None:
        super().__init__(str(message))
        self.field = field
        self.message = str(message)


@dataclass(frozen=True)
class Resolved:
    """A question as it holds at the law date: what a question version stores."""

    content: Json
    stem_html: str
    explanation_html: str
    citations: list[dict[str, str]]
    summary: str


class BookResolver:
    """Resolves texts and numbers by the fact book at one law date (`quizzes.types.base.Resolver`)."""

    def __init__(self, book: FactBook, as_of: date) -> None:
        self._book = book
        self._as_of = as_of

    def html(self, text: str) -> str:
        """Return inline Markdown as safe HTML, with nothing in it that tells right from wrong."""
        return render_inline(text, book=self._book, as_of=self._as_of)

    def plain(self, text: str) -> str:
        """Return the same as plain text."""
        return plain_inline(text, book=self._book, as_of=self._as_of)

    def number(self, expression: Any) -> Decimal:
        """Return the value of an expression of facts and numbers.

        Raises:
            ValueError: it cannot be read, or a fact in it cannot decide a key.
        """
        if isinstance(expression, dict) and len(set(expression) - {"as"}) == 1:
            return self._operation(expression)
        return _plain_number(expression)

    def _operation(self, expression: Json) -> Decimal:
        if set(expression) <= {"fact", "as"} and expression.get("as", "percent") == "percent":
            value = self._book.number(str(expression["fact"]), self._as_of)
            return value * 100 if "as" in expression else value
        ((name, parts),) = expression.items()
        if name not in {"product", "sum"} or not isinstance(parts, list) or not parts:
            raise ValueError(str(_l("The answer can be made of fact, product and sum only.")))
        values = [self._part(part) for part in parts]
        if name == "sum":
            return sum(values, Decimal(0))
        product = Decimal(1)
        for value in values:
            product *= value
        return product

    def _part(self, part: Any) -> Decimal:
        """Return a part of a product or sum: a text is the key of a fact, unless it is in figures."""
        if isinstance(part, str) and not part[:1].isdigit() and not part.startswith("-"):
            return self._book.number(part, self._as_of)
        return self.number(part)


def resolve(source: Json, *, kind: str, book: FactBook, as_of: date) -> Resolved:
    """Return a question at ``as_of``; ``source`` is what a question file or the editor says, without its id.

    Raises:
        SourceError: a text, fact or citation in it is wrong, with the field it is in.
    """
    resolver = BookResolver(book, as_of)
    stem = str(source.get("stem", ""))
    plain = _at("stem", resolver.plain, stem)
    return Resolved(
        content=_resolve_content(source, kind, resolver),
        stem_html=_at("stem", resolver.html, stem),
        explanation_html=_at("explanation", resolver.html, str(source.get("explanation", ""))),
        citations=[_citation(book, str(ref)) for ref in source.get("cite") or []],
        summary=plain if len(plain) <= SUMMARY_LENGTH else plain[: SUMMARY_LENGTH - 1] + "…",
    )


def source_faults(source: Json, *, kind: str) -> list[str]:
    """Return what keeps a question from being ready, one sentence each."""
    faults = [] if str(source.get("stem", "")).strip() else [str(_l("The question itself is missing."))]
    return faults + get_type(kind).faults(source)


def fingerprint(value: Any) -> str:
    """Return the sha256 of ``value`` as canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def source_sha256(source: Json, *, kind: str, as_of: date) -> str:
    """Return what tells versions of a question apart: wording, key and law date."""
    return fingerprint([kind, source, as_of.isoformat()])


def _resolve_content(source: Json, kind: str, resolver: BookResolver) -> Json:
    """Resolve the part that belongs to the type, naming the field that is at fault."""
    for name, text in _texts(source):
        _at(name, resolver.html, text)
    try:
        return get_type(kind).resolve(source, resolver)
    except (MarkdownFault, ValueError) as error:
        raise SourceError("answer" if kind == "number" else "options", _message(error)) from error


def _texts(source: Json) -> Iterable[tuple[str, str]]:
    for number, option in enumerate(source.get("options") or []):
        yield f"options-{number}-text", str(option.get("text", ""))
        yield f"options-{number}-why", str(option.get("why") or "")
    why = source.get("why")
    for side, text in why.items() if isinstance(why, dict) else ():
        yield f"why_{side}", str(text)


def _at(field: str, render: Any, text: str) -> str:
    try:
        return str(render(text))
    except ValueError as error:
        raise SourceError(field, _message(error)) from error


def _message(error: ValueError) -> str:
    return error.message if isinstance(error, MarkdownFault) else str(error)


def _citation(book: FactBook, ref: str) -> dict[str, str]:
    try:
        shown = book.citation(ref)
        english = book.citation(ref, language="en")
    except ValueError as error:
        raise SourceError("cite", str(error)) from error
    return {"ref": ref, "label": shown.label, "label_en": english.label, "url": shown.url}


def _plain_number(value: Any) -> Decimal:
    if not isinstance(value, bool):
        text = str(value)
        if _PLAIN.fullmatch(text):
            return Decimal(text)
    raise ValueError(str(_l("“%(text)s” is not a number.", text=value)))
