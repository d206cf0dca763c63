"""What a certificate states: facts frozen at issue, as canonical JSON (RFC 8785)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785

SCHEMA = 1


@dataclass(frozen=True)
class Holder:
    """The person, as named by themselves before the posttest."""

    name: str
    element: str
    organisation: str


@dataclass(frozen=True)
class Programme:
    """The edition that was learned."""

    title: str
    title_en: str
    edition: int
    # The law date of its numbers, ISO.
    as_of: str
    # Jam pelajaran.
    hours: int


@dataclass(frozen=True)
class Run:
    """The cohort: when and where."""

    name: str
    place: str
    time_zone: str
    # ISO dates.
    starts_on: str
    ends_on: str
    # How it met: `in_person`, `online` or `mixed`.
    mode: str = "in_person"


@dataclass(frozen=True)
class ModuleResult:
    """One line of the transcript."""

    day: int
    title: str
    kind: str
    minutes: int
    # Best percent of its quizzes, 0–100 with one digit after the point; None where it has none.
    percent: str | None


@dataclass(frozen=True)
class Result:
    """Passed by the rule of the cohort's edition."""

    rule: list[Mapping[str, Any]]
    # Percent of the quiz the rule names last, e.g. the posttest; None without one.
    percent: str | None


@dataclass(frozen=True)
class Office:
    """Who issues, and who signs for it."""

    code: str
    name: str
    address: str
    city: str
    signatory_name: str
    signatory_title: str
    # What lets this person sign; may be empty.
    signatory_mandate: str = ""


@dataclass(frozen=True)
class Record:
    """Everything a certificate certifies. Equal records have equal bytes and an equal hash."""

    code: str
    serial: str
    # ISO, UTC, seconds.
    issued_at: str
    completed_at: str
    holder: Holder
    programme: Programme
    run: Run
    result: Result
    modules: list[ModuleResult]
    office: Office
    evidence_sha256: str
    # Serial of the certificate this one replaces; empty for a first one.
    replaces: str
    is_demo: bool
    # The last day it is valid, ISO; empty: it does not run out.
    expires_on: str = ""
    schema: int = SCHEMA

    @property
    def issued_on(self) -> date:
        """The day of issue where the training was."""
        return _day(self.issued_at, self.run.time_zone)

    @property
    def completed_on(self) -> date:
        """The day all requirements were met, where the training was."""
        return _day(self.completed_at, self.run.time_zone)

    @property
    def starts_on(self) -> date:
        """The first day of the training."""
        return date.fromisoformat(self.run.starts_on)

    @property
    def ends_on(self) -> date:
        """The last day of the training."""
        return date.fromisoformat(self.run.ends_on)

    @property
    def last_day(self) -> date | None:
        """The last day it is valid, where the training was; None: it does not run out."""
        return date.fromisoformat(self.expires_on) if self.expires_on else None

    @property
    def expires_at(self) -> datetime | None:
        """The moment its last day is over, in UTC; None: it does not run out."""
        if self.last_day is None:
            return None
        midnight = datetime.combine(self.last_day + timedelta(days=1), time(), ZoneInfo(self.run.time_zone))
        return midnight.astimezone(UTC)

    @property
    def as_of(self) -> date:
        """The law date of the edition."""
        return date.fromisoformat(self.programme.as_of)


def write_record(record: Record) -> str:
    """Return the canonical JSON of a record."""
    return canonical(asdict(record))


def read_record(text: str) -> Record:
    """Return the record written as ``text``.

    Raises:
        ValueError: it is not a record of a schema we know.
    """
    facts = json.loads(text)
    if facts.get("schema") != SCHEMA:
        raise ValueError(f"record of schema {facts.get('schema')!r}, known is {SCHEMA}")
    return Record(
        **facts
        | {
            "holder": Holder(**facts["holder"]),
            "programme": Programme(**facts["programme"]),
            "run": Run(**facts["run"]),
            "result": Result(**facts["result"]),
            "modules": [ModuleResult(**row) for row in facts["modules"]],
            "office": Office(**facts["office"]),
        }
    )


def canonical(facts: Any) -> str:
    """Return JSON as RFC 8785 writes it: the same facts, the same text."""
    return rfc8785.dumps(facts).decode()


def digest(text: str) -> str:
    """Return the sha256 of a text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def iso(moment: datetime) -> str:
    """Return an aware UTC datetime to the second, e.g. ``2016-10-20T09:15:00Z``."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(moment: str, zone: str) -> date:
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date()
