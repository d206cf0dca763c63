"""What the page shows of an import: every question as it will look, beside its lines of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.db import db
from lms.core.web.arguments import read_word
from quizzes.bank.models import QuestionVersion
from quizzes.bank.resolving import SourceError, resolve
from quizzes.exchange.imports import queries as import_queries
from quizzes.exchange.imports.models import ImportedQuestion, QuestionImport
from quizzes.exchange.imports.reading import get_reader
from quizzes.types import get_type
from quizzes.types.base import Json


@dataclass(frozen=True)
class Shown:
    """A question as it looks with its key, or why it cannot be shown."""

    item: ImportedQuestion
    label: str = ""
    stem_html: str = ""
    explanation_html: str = ""
    # What the template of its type needs.
    drawn: Mapping[str, Any] | None = None
    fault: str = ""
    twins: tuple[QuestionVersion, ...] = ()


def show_items(made: QuestionImport) -> str:
    """Return the page of an import that was read."""
    session, actor = db.session(), current_actor()
    only, page = read_word("hanya"), request.args.get("halaman", 1, type=int)
    items, pages = import_queries.list_items(session, made.id, only=only, page=page)
    twins = import_queries.list_twins(session, items, actor=actor)
    return render_template(
        "exchange/review.html",
        made=made,
        format=get_reader(made.format).label,
        counts=import_queries.count_items(session, made.id),
        rows=[_shown(item, twins) for item in items],
        only=only,
        page=min(max(page, 1), pages),
        pages=pages,
    )


def draw(source: Json, *, kind: str, prefix: str) -> tuple[str, str, Mapping[str, Any]]:
    """Return stem, explanation, and what the template of the type needs to show it with its key.

    Raises:
        SourceError: a text, fact or citation in it is wrong.
    """
    question_type, book = get_type(kind), load_book()
    resolved = resolve(source, kind=kind, book=book, as_of=book.as_of)
    content = resolved.content
    prepared = question_type.prepare(content, SystemRandom(), shuffle=False)
    review = question_type.review(content, prepared, None)
    stem = question_type.fill(resolved.stem_html, content, prepared)
    explanation = question_type.fill(resolved.explanation_html, content, prepared)
    return stem, explanation, {"name_prefix": prefix, "review": review, "is_key": True}


def _shown(item: ImportedQuestion, twins: Mapping[int, QuestionVersion]) -> Shown:
    if item.kind is None:
        return Shown(item, fault=item.problem)
    label = get_type(item.kind).label
    found = tuple(twins[twin] for twin in item.twins if twin in twins)
    try:
        stem, explanation, drawn = draw(item.source, kind=item.kind, prefix=f"soal-{item.id}-")
    except SourceError as error:
        message = _("It cannot be shown any more: %(reason)s", reason=error.message)
        return Shown(item, label, fault=message, twins=found)
    return Shown(item, label, stem, explanation, drawn, twins=found)
