"""Edits of a course's questions, back into its files: only the entries that were edited differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.sources import CourseFolder, QuestionSource
from courses.catalogue.splices import replace_entry
from quizzes.bank.folder.pictures import named_picture
from quizzes.bank.models import Question, QuestionVersion

_FLAGS = frozenset({"correct", "fixed", "match_case", "match_accents"})
"""Fields that mean no where they are left out."""


def edited_files(session: Session, folder: CourseFolder) -> dict[str, bytes]:
    """Return by path the question files that say something else than the newest versions.

    A fact that was corrected changes no file of a course: texts name it by key.

    Raises:
        SpliceError: an entry is laid out so that it cannot be changed in place.
    """
    files: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    newest = _newest_versions(session, folder.slug)
    for question in folder.questions.values():
        version = newest.get(f"{folder.slug}/{question.id}")
        if version is None:
            continue
        source, sent = named_picture(session, version.source)
        if not _differs(question, version.type, source):
            continue
        pictures |= sent
        text = files.get(question.file) or folder.files[question.file].decode("utf-8")
        files[question.file] = replace_entry(text, question.id, _wanted(question, version.type, source))
    return {file: text.encode() for file, text in files.items()} | pictures


def _newest_versions(session: Session, slug: str) -> Mapping[str, QuestionVersion]:
    query = (
        select(Question.key, QuestionVersion)
        .join(QuestionVersion.question)
        .where(Question.key.startswith(f"{slug}/", autoescape=True))
        .order_by(QuestionVersion.number)
    )
    return {str(key): version for key, version in session.execute(query)}


def _differs(question: QuestionSource, kind: str, source: dict[str, Any]) -> bool:
    data = {name: value for name, value in question.data.items() if name not in {"id", "use", "type"}}
    return bool(_plain(data) != _plain(source) or question.data["type"] != kind)


def _wanted(question: QuestionSource, kind: str, written: dict[str, Any]) -> dict[str, Any]:
    """Return the entry as it should be: what means the same keeps the form it has in the file."""
    data, source = question.data, _plain(written)
    kept = {
        name: data[name]
        for name in data
        if name in {"type", "use"} or _plain({name: data[name]}) == _plain({name: source.get(name)})
    }
    changed = {name: _as_there(value, data.get(name)) for name, value in source.items() if name not in kept}
    return {name: value for name, value in kept.items() if name != "id"} | changed | {"type": kind}


def _as_there(value: Any, there: Any) -> Any:
    """Return a changed value with those of its parts that mean the same as they stand."""
    if isinstance(value, list) and isinstance(there, list) and len(value) == len(there):
        return [_as_there(part, old) for part, old in zip(value, there, strict=True)]
    return there if there is not None and _plain(value) == _plain(there) else value


def _plain(value: Any) -> Any:
    """Return a value without what says nothing: an empty text, an option that is not right."""
    if isinstance(value, dict):
        found = {str(name): _plain(part) for name, part in value.items()}
        return {name: part for name, part in found.items() if not _says_nothing(name, part)}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _says_nothing(name: str, value: Any) -> bool:
    return value is None or value in ("", [], {}) or (name in _FLAGS and value is False)
