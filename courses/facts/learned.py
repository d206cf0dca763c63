"""What was confirmed since the data were shipped, as the book takes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from flask import g, has_app_context, has_request_context
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from courses.facts.entries import read_day
from courses.facts.fact import Confidence, Fact, Label, Source, Value
from courses.facts.models import CorrectionKind, FactCorrection
from courses.facts.units import UNITS, Kind
from lms.core.db import db

_CONFIRMED = FactCorrection.revision.is_not(None)
_LATEST = (
    select(FactCorrection.chain, select(func.count(FactCorrection.revision)).scalar_subquery())
    .where(_CONFIRMED)
    .order_by(FactCorrection.revision.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Learned:
    """A confirmed correction: a fact with the day it was learned on as `known_from`."""

    fact: Fact
    is_amendment: bool
    source: Source
    label: Label | None


def find_chain() -> str:
    """Return what names all corrections confirmed so far, empty for none or outside an application.

    Asked once per request; a request that confirms one asks again from then on, as it may yet be undone.
    """
    if not has_app_context():
        return ""
    if not has_request_context():
        return _ask()
    if "fact_chain" not in g:
        g.fact_chain = _ask()
    known: str | None = g.fact_chain
    return _ask() if known is None else known


def forget_chain() -> None:
    """Make this request ask again: something is being confirmed in it."""
    if has_request_context():
        g.fact_chain = None


def _ask() -> str:
    session = db.session()
    try:
        row = session.execute(_LATEST).one_or_none()
    except (OperationalError, ProgrammingError):
        # Before `lms db upgrade` there is no table; then the shipped data are all there is.
        session.rollback()
        if inspect(db.engine).has_table(FactCorrection.__tablename__):
            raise
        return ""
    # The count: the demo's corrections go away with its people.
    return f"{row[0]}.{row[1]}" if row else ""


def list_learned(session: Session) -> list[Learned]:
    """Return all confirmed corrections in the order in which they were confirmed."""
    rows = session.scalars(select(FactCorrection).where(_CONFIRMED).order_by(FactCorrection.revision))
    return [to_learned(row) for row in rows]


def to_learned(row: FactCorrection, *, learned_on: date | None = None) -> Learned:
    """Return a correction as the book takes it; ``learned_on``: as if it were confirmed that day."""
    source = Source(code_of(row), row.source_label, row.source_where)
    return Learned(
        fact=_to_fact(row, source.code, row.known_on or learned_on),
        is_amendment=row.kind == CorrectionKind.AMENDMENT,
        source=source,
        label=Label(row.label_id, row.label_en) if row.label_id and row.label_en else None,
    )


def code_of(row: FactCorrection) -> str:
    """Return the code of its source, as in the data files: no two installations make the same one."""
    return f"KOR-{row.proposed_at:%Y%m%d}-{row.id}"


def raw_value(value: str | None, unit: str) -> str | int | bool | None:
    """Return a kept value as a data file would hold it; a text that does not fit the unit stays a text."""
    kind = UNITS[unit].kind if unit in UNITS else Kind.TEXT
    if value is None:
        return None
    if kind is Kind.BOOLEAN and value in {"true", "false"}:
        return value == "true"
    is_whole = kind in {Kind.RUPIAH, Kind.COUNT, Kind.DAY, Kind.YEAR}
    return int(value) if is_whole and value.isascii() and value.isdigit() else value


def _to_fact(row: FactCorrection, code: str, learned_on: date | None) -> Fact:
    return Fact(
        key=row.key,
        value=_to_value(row),
        unit=row.unit,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        citation=row.citation,
        confidence=Confidence(row.confidence),
        is_derived=row.is_derived,
        sources=(code,),
        note=row.note,
        shown=to_shown(row.shown_id, row.shown_en),
        line=0,
        after_gap=row.after_gap,
        known_from=learned_on,
    )


def _to_value(row: FactCorrection) -> Value:
    raw = raw_value(row.value, row.unit)
    kind = UNITS[row.unit].kind
    if kind is Kind.DATE:
        return read_day(raw)
    if raw is None or isinstance(raw, bool):
        return raw
    return str(raw) if kind is Kind.TEXT else Decimal(raw)


def to_shown(shown_id: str, shown_en: str) -> dict[str, str]:
    """Return how a rule in words reads, by language; empty where neither is given."""
    return {"id": shown_id, "en": shown_en} if shown_id or shown_en else {}


def chain_of(before: str, row: FactCorrection, *, known_on: date) -> str:
    """Return the next link: sha256 over the one before and everything a correction says."""
    fact = [row.kind, row.key, row.value, row.unit, row.valid_from, row.valid_to, known_on, row.after_gap]
    origin = [row.citation, row.confidence, row.is_derived, row.source_label, row.source_where, row.note]
    words = [row.shown_id, row.shown_en, row.label_id, row.label_en]
    said = json.dumps([before, row.id, *fact, *origin, *words], default=str)
    return sha256(said.encode()).hexdigest()
