"""Reads: questions of the bank as other systems can have them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from lms.core.accounts.actor import Actor
from quizzes.bank.cases import CASE, Home, complete, find_parts
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.pictures.storing import get_picture
from quizzes.bank.queries import list_newest_versions, sees
from quizzes.bank.resolving import SourceError
from quizzes.bank.search.models import QuestionTag
from quizzes.exchange.checking import source_faults
from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.exports.spelling_out import spell_out
from quizzes.types.base import Json


@dataclass(frozen=True)
class Outgoing:
    """A question that goes out: ``given`` is None where ``fault`` says why it cannot."""

    question_id: int
    summary: str
    given: GivenQuestion | None
    fault: str = ""


def list_outgoing(
    session: Session, actor: Actor | None, *, question_ids: Collection[int], book: FactBook
) -> list[Outgoing]:
    """Return those of these questions that the actor may see, all of them for none, by their numbers."""
    query = select(Question.id).where(Question.id.in_(question_ids))
    if actor is not None:
        query = query.where(sees(actor, Question.branch_id))
    newest = list_newest_versions(session, session.scalars(query).all())
    tags = _tags(session, newest)
    return [
        _outgoing(session, version, tags[question_id], book)
        for question_id, version in sorted(newest.items())
    ]


def _outgoing(session: Session, version: QuestionVersion, tags: list[str], book: FactBook) -> Outgoing:
    name = (version.question.key or "").partition("/")[2] or f"soal-{version.question_id}"
    try:
        given = spell_out(
            _told(session, version),
            kind=version.type,
            as_of=version.as_of,
            book=book,
            fetch=lambda sha256: _fetch(session, sha256),
            name=name,
            topic=version.question.topic,
            tags=tags,
        )
    except (SourceError, ValueError) as error:
        return Outgoing(version.question_id, version.summary, None, str(error))
    faults = source_faults(given.kind, given.source, given.files)
    if faults:
        return Outgoing(version.question_id, version.summary, None, " ".join(map(str, faults)))
    return Outgoing(version.question_id, version.summary, given)


def _told(session: Session, version: QuestionVersion) -> Json:
    """Return a source, of a case with the questions it names written out in it."""
    if version.type != CASE:
        return version.source
    home = Home(version.question.key, version.question.branch_id)
    parts = find_parts(session, version.source, home)
    told = complete(version.source, {ref: (part.type, part.source) for ref, part in parts.items()})
    bare = [{name: value for name, value in part.items() if name != "question"} for part in told["parts"]]
    return told | {"parts": bare}


def _fetch(session: Session, sha256: str) -> tuple[str, bytes]:
    """Return a picture in a format every programme opens: what is kept as WebP becomes PNG."""
    row = get_picture(session, sha256)
    ending = {"image/jpeg": "jpg", "image/png": "png"}.get(row.media_type)
    if ending is not None:
        return f"{sha256[:16]}.{ending}", row.body
    body = io.BytesIO()
    with Image.open(io.BytesIO(row.body)) as picture:
        picture.save(body, "PNG", optimize=True)
    return f"{sha256[:16]}.png", body.getvalue()


def _tags(session: Session, question_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(QuestionTag).where(QuestionTag.question_id.in_(question_ids)).order_by(QuestionTag.tag)
    for row in session.scalars(query):
        found[row.question_id].append(row.label)
    return found
