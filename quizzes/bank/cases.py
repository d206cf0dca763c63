"""Case sets: what their parts are, in a course folder and in the bank.

A part that names a question is that question: it has a slot of its own in a quiz version, beside which the
version of the case stands, so that papers, saves, marks and results know nothing new. `complete` fills parts
in where a case is shown by itself: to its author, and where it branches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.resolving import SourceError
from quizzes.types.base import Json
from quizzes.types.case_parts import read_parts
from quizzes.types.case_set import TOLD
from quizzes.types.case_ways import is_branching

CASE = "case_set"


@dataclass(frozen=True)
class Home:
    """Where a case belongs: names of its parts without a course are of the course of ``key``."""

    key: str | None = None
    # None: the nation.
    branch_id: int | None = None


def list_refs(source: Json) -> list[tuple[int, str]]:
    """Return the questions a case names, each with the index of its part."""
    named = ((index, part.get("question")) for index, part in enumerate(read_parts(source)) if _is_map(part))
    return [(index, str(ref).strip()) for index, ref in named if ref]


def branches(source: Json) -> bool:
    """Return whether what follows a part of a case depends on the answer."""
    return is_branching([part for part in read_parts(source) if _is_map(part)])


def _is_map(part: Any) -> bool:
    return isinstance(part, Mapping)


def complete(source: Json, found: Mapping[str, tuple[str, Json]]) -> Json:
    """Return the source of a case with the questions it names filled in, by their type and source."""
    parts = []
    for part in read_parts(source):
        kind, inner = found.get(str(part.get("question")), ("", {})) if _is_map(part) else ("", {})
        parts.append({**inner, "type": kind, **part} if kind else part)
    return {**source, "parts": parts}


def find_parts(session: Session, source: Json, home: Home) -> dict[str, QuestionVersion]:
    """Return by name the newest version of the questions a case names: the nation's and those of its home."""
    return _find(session, [(source, home)])[0]


def find_parts_of(session: Session, rows: Sequence[QuestionVersion]) -> dict[int, dict[str, QuestionVersion]]:
    """Return by question what `find_parts` finds of each of these cases, in one query for all."""
    told = [(row.source, Home(row.question.key, row.question.branch_id)) for row in rows]
    return {row.question_id: found for row, found in zip(rows, _find(session, told), strict=True)}


def _find(session: Session, told: Sequence[tuple[Json, Home]]) -> list[dict[str, QuestionVersion]]:
    wanted = [{ref: _full(ref, home.key) for _index, ref in list_refs(source)} for source, home in told]
    names = {name for names in wanted for name in names.values()}
    if not names:
        return [{} for _one in told]
    ids = [int(name[1:]) for name in names if _is_number(name)]
    named = or_(Question.id.in_(ids), Question.key.in_([name for name in names if not _is_number(name)]))
    rows = session.scalars(_newest().where(named)).all()
    by_name = {f"#{row.question_id}": row for row in rows} | {
        row.question.key: row for row in rows if row.question.key
    }
    return [
        {
            ref: by_name[name]
            for ref, name in names.items()
            if name in by_name and by_name[name].question.branch_id in (None, home.branch_id)
        }
        for names, (_source, home) in zip(wanted, told, strict=True)
    ]


def names_of_parts(rows: Iterable[QuestionVersion]) -> set[str]:
    """Return the names of all questions that are parts of the cases among ``rows``."""
    cases = [row for row in rows if row.type == CASE]
    return {_full(ref, row.question.key) for row in cases for _index, ref in list_refs(row.source)}


def is_named(row: QuestionVersion, names: Collection[str]) -> bool:
    """Return whether a question is one of those named."""
    return f"#{row.question_id}" in names or row.question.key in names


def _full(ref: str, key: str | None) -> str:
    course = (key or "").partition("/")[0]
    return ref if ref.startswith("#") or "/" in ref or not course else f"{course}/{ref}"


def _is_number(name: str) -> bool:
    return name.startswith("#") and name[1:].isdecimal() and len(name) < 10


def _newest() -> Any:
    other = aliased(QuestionVersion)
    newest = (
        select(other.id)
        .where(other.question_id == Question.id)
        .order_by(other.as_of.desc(), other.number.desc())
        .limit(1)
        .correlate(Question)
        .scalar_subquery()
    )
    return (
        select(QuestionVersion)
        .join(QuestionVersion.question)
        .where(QuestionVersion.id == newest)
        .options(contains_eager(QuestionVersion.question))
    )


def check_parts(source: Json, found: Mapping[str, QuestionVersion], *, use: str) -> Iterator[tuple[str, str]]:
    """Yield the place of a part and why the question it names cannot be one."""
    if branches(source) and use != "practice":
        yield "parts", str(_l("What follows an answer can differ in practice only."))
    refs = list_refs(source)
    for index, ref in refs:
        version = found.get(ref)
        if version is None:
            yield f"parts-{index}", str(_l("There is no question “%(key)s”.", key=ref))
        elif version.type == CASE:
            yield f"parts-{index}", str(_l("A case cannot be a part of a case."))
        elif version.question.use != use:
            yield f"parts-{index}", str(_l("A part is for the same use as its case."))
        elif [other for _index, other in refs].count(ref) > 1:
            yield f"parts-{index}", str(_l("“%(key)s” is a part twice.", key=ref))


def told_source(session: Session, source: Json, *, kind: str, use: str, home: Home) -> Json:
    """Return what is to be resolved in place of ``source``: a case that branches with its parts filled in.

    Raises:
        SourceError: a part names a question that cannot be one.
    """
    if kind != CASE:
        return source
    found = find_parts(session, source, home)
    for place, message in check_parts(source, found, use=use):
        raise SourceError(place, message)
    return complete(source, sources_of(found)) if branches(source) else source


def filled_in(session: Session, source: Json, *, kind: str, home: Home) -> Json:
    """Return a source to look at: of a case with the questions it names, as far as they are there."""
    if kind != CASE:
        return source
    found = find_parts(session, source, home)
    told = {ref: version for ref, version in found.items() if version.type != CASE}
    return complete(source, sources_of(told))


def walked_source(session: Session, version: QuestionVersion) -> Json | None:
    """Return the source of a case that branches with the questions it names filled in; of others nothing."""
    if version.type != CASE or not branches(version.source):
        return None
    home = Home(version.question.key, version.question.branch_id)
    return filled_in(session, version.source, kind=CASE, home=home)


def sources_of(found: Mapping[str, QuestionVersion]) -> dict[str, tuple[str, Json]]:
    """Return type and source of the questions found."""
    return {ref: (version.type, version.source) for ref, version in found.items()}


def shown_content(session: Session, version: QuestionVersion) -> Json:
    """Return the content of a version to look at: of a case with the questions it names as they are now."""
    content: Json = version.content
    if version.type != CASE or content.get("mode") != TOLD:
        return content
    question = version.question
    found = find_parts(session, version.source, Home(question.key, question.branch_id))
    return {**content, "parts": [_shown_part(part, found) for part in content["parts"]]}


def _shown_part(part: Json, found: Mapping[str, QuestionVersion]) -> Json:
    version = found.get(part["question"])
    if version is None or version.type == CASE:
        return part
    filled = ("type", "stem_html", "explanation_html", "content")
    return part | {name: getattr(version, name) for name in filled}


def in_order(source: Json, found: Mapping[str, QuestionVersion]) -> Sequence[QuestionVersion]:
    """Return the questions of a case in the order of its parts, without those that are not there."""
    return [found[ref] for _index, ref in list_refs(source) if ref in found]
