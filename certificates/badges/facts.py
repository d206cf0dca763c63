"""What a credential states: taken from a record, or read back from a credential somebody sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from certificates.badges.status_lists import status_position
from certificates.record import Record, digest, iso, write_record

MAX_HOURS = 10_000
"""JP; more is no training."""


@dataclass(frozen=True)
class CredentialFacts:
    """Everything that differs from one credential to the next; moments are ISO."""

    # Public address of the installation that issued it, without trailing slash.
    base_url: str
    code: str
    serial: str
    name: str
    title: str
    edition: int
    # Jam pelajaran.
    hours: int
    # First and last moment of the training where it was.
    starts_at: str
    ends_at: str
    completed_at: str
    issued_at: str
    # The moment it runs out; empty: never.
    valid_until: str
    # Percent; empty where the rule names no quiz.
    percent: str
    office: str
    is_demo: bool
    status_index: int
    # Of the canonical record, so that everything it states is bound, transcript and signatory too.
    record_sha256: str


def take_facts(record: Record, *, status_index: int, base_url: str) -> CredentialFacts:
    """Return what the credential of a record states."""
    expires_at = record.expires_at
    return CredentialFacts(
        base_url=base_url,
        code=record.code,
        serial=record.serial,
        name=record.holder.name,
        title=record.programme.title,
        edition=record.programme.edition,
        hours=record.programme.hours,
        starts_at=_moment(record.starts_on, time(0), zone=record.run.time_zone),
        ends_at=_moment(record.ends_on, time(23, 59, 59), zone=record.run.time_zone),
        completed_at=record.completed_at,
        issued_at=record.issued_at,
        valid_until=iso(expires_at) if expires_at else "",
        percent=record.result.percent or "",
        office=record.office.name,
        is_demo=record.is_demo,
        status_index=status_index,
        record_sha256=digest(write_record(record)),
    )


def read_facts(document: Any) -> CredentialFacts:
    """Return what a document states that looks like a credential of ours; only writing it again proves it.

    Raises:
        ValueError: it does not look like one.
    """
    try:
        return _read(document)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("not a credential of ours") from error


def _read(document: Any) -> CredentialFacts:
    subject, status = document["credentialSubject"], document["credentialStatus"]
    achievement = subject["achievement"]
    facts = CredentialFacts(
        base_url=document["issuer"]["url"],
        code=document["id"].rpartition("/")[2],
        serial=subject["licenseNumber"],
        name=subject["identifier"][0]["identityHash"],
        title=achievement["name"],
        edition=int(achievement["version"]),
        hours=subject["creditsEarned"],
        starts_at=subject["activityStartDate"],
        ends_at=subject["activityEndDate"],
        completed_at=document["awardedDate"],
        issued_at=document["validFrom"],
        valid_until=document.get("validUntil", ""),
        percent=subject["result"][0]["value"] if "result" in subject else "",
        office=document["issuer"]["name"],
        is_demo=document["name"] != achievement["name"],
        status_index=status_position(status["statusListCredential"], status["statusListIndex"]),
        record_sha256=document["relatedResource"][0]["id"].rpartition(":")[2],
    )
    _check_kinds(facts)
    return facts


def _check_kinds(facts: CredentialFacts) -> None:
    for name, kind in CredentialFacts.__annotations__.items():
        if type(vars(facts)[name]).__name__ != kind:
            raise ValueError(f"{name} is no {kind}")
    if not 0 <= facts.hours <= MAX_HOURS:
        raise ValueError("no training is as long")


def _moment(day: date, clock: time, *, zone: str) -> str:
    return datetime.combine(day, clock, ZoneInfo(zone)).isoformat()
