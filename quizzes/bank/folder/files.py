"""Questions as the files of a course folder have them: `questions/<topic>.yaml` and their pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from quizzes.bank.cases import CASE, Home, find_parts, list_refs
from quizzes.bank.folder.pictures import FOLDER, named_picture
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.queries import list_newest_versions, sees
from quizzes.types.case_parts import read_parts

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can say: the same questions are the same bytes."""


@dataclass(frozen=True)
class Exported:
    """Files by path, and the questions in them."""

    files: dict[str, bytes]
    question_ids: list[int]


def list_files(session: Session, actor: Actor, *, question_ids: Collection[int]) -> Exported:
    """Return the files of the questions among these that the actor may see."""
    query = select(Question.id).where(Question.id.in_(question_ids), sees(actor, Question.branch_id))
    newest = _with_parts(session, list_newest_versions(session, session.scalars(query).all()))
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    files: dict[str, bytes] = {}
    names = _names(newest.values())
    for _id, version in sorted(newest.items()):
        source, pictures = named_picture(session, version.source)
        entries[version.question.topic].append(_entry(version, source, names))
        files |= pictures
    texts = {f"{FOLDER}/{topic}.yaml": _dump(rows) for topic, rows in sorted(entries.items())}
    return Exported(texts | files, sorted(newest))


def note_export(session: Session, actor: Actor, *, question_ids: Collection[int], now: datetime) -> None:
    """Note that somebody took questions with their keys out of the house."""
    begin_write(session)
    record(
        session,
        "question.exported",
        at=now,
        actor_id=actor.user_id,
        object_type="question",
        question_ids=list(question_ids),
    )


def zip_files(files: dict[str, bytes]) -> bytes:
    """Return the files as one zip, the same bytes for the same files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            member = zipfile.ZipInfo(path, date_time=FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return body.getvalue()


def _with_parts(session: Session, versions: dict[int, QuestionVersion]) -> dict[int, QuestionVersion]:
    """Return the versions and those that the cases among them name: without them a case is none."""
    found = dict(versions)
    for version in versions.values():
        if version.type == CASE:
            home = Home(version.question.key, version.question.branch_id)
            found |= {part.question_id: part for part in find_parts(session, version.source, home).values()}
    return found


def _entry(version: QuestionVersion, source: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a question as its file has it."""
    named = {"id": names[f"#{version.question_id}"], "type": version.type}
    return {**named, "use": version.question.use, **_with_names(source, names)}


def _names(versions: Iterable[QuestionVersion]) -> dict[str, str]:
    """Return what each question is called in its file, by all that cases call it.

    An id begins with the topic. One without a course, or moved to another topic since, goes by its number,
    with more digits than a course gives.
    """
    names: dict[str, str] = {}
    for version in versions:
        question = version.question
        own = (question.key or "").partition("/")[2]
        is_there = re.fullmatch(rf"{re.escape(question.topic)}-\d\d+", own)
        name = own if is_there else f"{question.topic}-{question.id:05}"
        names |= dict.fromkeys([f"#{question.id}", *([question.key, own] if question.key else [])], name)
    return names


def _with_names(source: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the source of a case with its parts named as in the file."""
    refs = dict(list_refs(source)) if source.get("parts") else {}
    if not refs:
        return source
    parts = list(read_parts(source))
    for index, ref in refs.items():
        parts[index] = dict(parts[index]) | {"question": names.get(ref, ref)}
    return {**source, "parts": parts}


def _dump(rows: list[dict[str, Any]]) -> bytes:
    text = yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=110)
    return text.encode()
