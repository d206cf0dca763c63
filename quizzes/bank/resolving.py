"""What an author wrote, resolved at a law date: texts as HTML, keys as numbers, citations as links."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.catalogue.citing import cite
from courses.catalogue.markdown import MarkdownFault, plain_inline, render_inline
from courses.facts.book import FactBook
from courses.facts.calculators.base import LawAt
from courses.facts.calculators.register import calculate, doubtful_facts, keys_behind
from courses.facts.models import UseKind
from courses.facts.uses import Recorder, Seen
from quizzes.bank.pictures.texts import put_in, said_in_words, take_out
from quizzes.types import get_type
from quizzes.types.base import FieldFault, Json
from quizzes.types.texts import list_texts

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
    # What it asked the book for, by field.
    uses: tuple[Seen, ...] = ()


class BookResolver:
    """Resolves texts and numbers by the fact book at one law date (`quizzes.types.base.Resolver`).

    What is asked of the book is noted in `recorder`, by the field that is at work.
    """

    def __init__(self, book: FactBook, as_of: date, *, key_use: UseKind = UseKind.KEY) -> None:
        self.recorder = Recorder(as_of)
        self._key_use = key_use
        self._unwatched = book
        self._book = self.recorder.watch(book)
        self._as_of = as_of

    def check_condition(self, condition: str) -> None:
        """Ask whether the question belongs to the law date, so that it is noted.

        Raises:
            ValueError: the condition cannot be read.
        """
        self._book.applies(condition, self._as_of)

    def html(self, text: str) -> str:
        """Return inline Markdown as safe HTML, with nothing in it that tells right from wrong."""
        bare, shown = take_out(text)
        return put_in(render_inline(bare, book=self._book, as_of=self._as_of), shown)

    def plain(self, text: str) -> str:
        """Return the same as plain text."""
        return plain_inline(said_in_words(text), book=self._book, as_of=self._as_of)

    def number(self, expression: Any) -> Decimal:
        """Return the value of an expression of facts and numbers.

        Raises:
            ValueError: it cannot be read, or a fact in it cannot decide a key.
        """
        with self.recorder.at(self._key_use, "answer"):
            if isinstance(expression, dict) and "hitung" in expression:
                return self._reckoning(expression)
            if isinstance(expression, dict) and len(set(expression) - {"as"}) == 1:
                return self._operation(expression)
            return _plain_number(expression)

    def _operation(self, expression: Json) -> Decimal:
        if set(expression) <= {"fact", "as"} and expression.get("as", "percent") == "percent":
            value = self._book.number(str(expression["fact"]), self._as_of)
            return value * 100 if "as" in expression else value
        ((name, parts),) = expression.items()
        if name not in {"product", "sum"} or not isinstance(parts, list) or not parts:
            raise ValueError(str(_l("The answer can be made of fact, hitung, product and sum only.")))
        values = [self._part(part) for part in parts]
        if name == "sum":
            return sum(values, Decimal(0))
        product = Decimal(1)
        for value in values:
            product *= value
        return product

    def _reckoning(self, expression: Json) -> Decimal:
        """Return what a calculator makes of the case, decided by checked facts only."""
        name, inputs, result = _reckoning_parts(expression)
        recorder = Recorder(self._as_of, self._key_use, "answer")
        outcome = calculate(name, inputs, book=recorder.watch(self._unwatched), as_of=self._as_of)
        for key in doubtful_facts(outcome, LawAt(self._unwatched, self._as_of)):
            self._book.number(key, self._as_of)  # refuses what was never checked
        if result not in outcome.results:
            raise ValueError(
                str(
                    _l(
                        "The calculator “%(name)s” has no result “%(result)s” here. It has: %(known)s.",
                        name=name,
                        result=result,
                        known=", ".join(outcome.results) or "–",
                    )
                )
            )
        behind = keys_behind(outcome, result, [seen.key for seen in recorder.uses()])
        self.recorder.note([seen for seen in recorder.uses() if seen.key in behind])
        return outcome.results[result]

    def _part(self, part: Any) -> Decimal:
        """Return a part of a product or sum: a text is the key of a fact, unless it is in figures."""
        if isinstance(part, str) and not part[:1].isdigit() and not part.startswith("-"):
            return self._book.number(part, self._as_of)
        return self.number(part)


def _reckoning_parts(expression: Json) -> tuple[str, dict[str, str], str]:
    """Return calculator, inputs as typed, and the name of the result."""
    inputs = expression.get("masukan", {})
    if set(expression) - {"hitung", "masukan", "hasil"} or not isinstance(inputs, dict):
        raise ValueError(str(_l("A calculated answer has hitung, masukan and hasil, nothing else.")))
    for name, value in inputs.items():
        # 500.000 without quotes would be five hundred: YAML reads a point as decimals.
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValueError(str(_l('Write %(name)s in quotes, like "2.500.000".', name=name)))
    typed = {str(name): str(value) for name, value in inputs.items()}
    return str(expression["hitung"]), typed, str(expression.get("hasil", ""))


def resolve(source: Json, *, kind: str, book: FactBook, as_of: date) -> Resolved:
    """Return a question at ``as_of``; ``source`` is what a question file or the editor says, without its id.

    Raises:
        SourceError: a text, fact or citation in it is wrong, with the field it is in.
    """
    question_type = get_type(kind)
    key_use = UseKind.FORMULA if question_type.has_variants else UseKind.KEY
    resolver = BookResolver(book, as_of, key_use=key_use)
    stem, explanation = (question_type.mark(str(source.get(name, ""))) for name in ("stem", "explanation"))
    if source.get("berlaku"):
        _at(resolver, "berlaku", resolver.check_condition, str(source["berlaku"]))
    plain = _at(resolver, "stem", resolver.plain, stem)
    return Resolved(
        content=_resolve_content(source, kind, resolver),
        stem_html=_at(resolver, "stem", resolver.html, stem),
        explanation_html=_at(resolver, "explanation", resolver.html, explanation),
        citations=[_citation(book, str(ref)) for ref in source.get("cite") or []],
        summary=plain if len(plain) <= SUMMARY_LENGTH else plain[: SUMMARY_LENGTH - 1] + "…",
        uses=resolver.recorder.uses(),
    )


def source_faults(source: Json, *, kind: str) -> list[str]:
    """Return what keeps a question from being ready, one sentence each."""
    return [message for _place, message in placed_faults(source, kind=kind)]


def placed_faults(source: Json, *, kind: str) -> list[tuple[str, str]]:
    """Return the same, each with the field it belongs to, such as "options" or "parts-2"."""
    question_type = get_type(kind)
    is_missing = not str(source.get("stem", "")).strip()
    faults = [(question_type.key_field, str(_l("The question itself is missing.")))] if is_missing else []
    return faults + question_type.placed_faults(source)


def fingerprint(value: Any) -> str:
    """Return the sha256 of ``value`` as canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def source_sha256(source: Json, *, kind: str, as_of: date) -> str:
    """Return what tells versions of a question apart: wording, key and law date."""
    return fingerprint([kind, source, as_of.isoformat()])


def wording_sha256(source: Json, *, kind: str) -> str:
    """Return what tells wordings of a question apart, whatever the law date."""
    return fingerprint([kind, source])


def _resolve_content(source: Json, kind: str, resolver: BookResolver) -> Json:
    """Resolve the part that belongs to the type, naming the field that is at fault."""
    question_type = get_type(kind)
    for name, text in list_texts(source, question_type.source_fields):
        _at(resolver, name, resolver.html, str(text or ""))
    try:
        return question_type.resolve(source, resolver)
    except FieldFault as fault:
        raise SourceError(fault.field, str(fault)) from fault
    except (MarkdownFault, ValueError) as error:
        raise SourceError(question_type.key_field, _message(error)) from error


def _at(resolver: BookResolver, field: str, render: Any, text: str) -> str:
    try:
        with resolver.recorder.at(_use_kind(field), field):
            return str(render(text))
    except MarkdownFault as fault:
        is_one_line = "\n" not in text.strip()
        placed = _l("Line %(line)s: %(message)s", line=fault.line, message=fault.message)
        said = fault.message if is_one_line else placed
        raise SourceError(field, said) from fault
    except ValueError as error:
        raise SourceError(field, str(error)) from error


def _use_kind(field: str) -> UseKind:
    """Return what a field of a question is to the radar: "options-2-why" is feedback."""
    if field.endswith(("-text", "-match")):
        return UseKind.OPTION
    kinds = {
        "text": UseKind.STEM,
        "stem": UseKind.STEM,
        "explanation": UseKind.EXPLANATION,
        "berlaku": UseKind.CONDITION,
    }
    return kinds.get(field, UseKind.FEEDBACK)


def _message(error: ValueError) -> str:
    return error.message if isinstance(error, MarkdownFault) else str(error)


def _citation(book: FactBook, ref: str) -> dict[str, str]:
    try:
        shown, english = cite(book, ref), cite(book, ref, "en")
    except ValueError as error:
        raise SourceError("cite", str(error)) from error
    return {"ref": ref, "label": shown.label, "label_en": english.label, "url": shown.url}


def _plain_number(value: Any) -> Decimal:
    if not isinstance(value, bool):
        text = str(value)
        if _PLAIN.fullmatch(text):
            return Decimal(text)
    raise ValueError(str(_l("“%(text)s” is not a number.", text=value)))
