"""One question, one answer: what becomes of a code, with limits on guessing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import queries
from certificates.checking import limits
from certificates.checking.arrivals import Arrival, Proof
from certificates.checking.file_verdict import FileFinding
from certificates.checking.limits import Asker, Try
from certificates.checking.verdict import UNKNOWN, Cause, Finding, Verdict, judge
from certificates.models import Certificate
from lms.core.errors import TooMany


@dataclass(frozen=True)
class Answer:
    """What somebody is told, and about which certificate."""

    arrival: Arrival
    finding: Finding
    # None: no such certificate, or it was not looked for.
    certificate: Certificate | None = None
    is_owner: bool = False
    # What was found in the file they sent.
    file: FileFinding | None = None


def ask(session: Session, arrival: Arrival, *, asker: Asker, now: datetime, typed_name: str = "") -> Answer:
    """Answer somebody who came by whichever way.

    A stamp was tested when the arrival was read: one that is not ours asks the database nothing, so that its
    answer tells nothing about the code and costs next to nothing. Codes that are unknown and codes that
    cannot be codes cost the same.

    Raises:
        TooMany: whoever guesses must wait.
    """
    if arrival.proof is Proof.FORGED:
        return Answer(arrival, UNKNOWN)
    if arrival.proof is Proof.FOREIGN_KEY:
        return Answer(arrival, Finding(Verdict.UNCHECKED, cause=Cause.KEY))
    tried = None if arrival.is_trusted else limits.try_code(session, asker, now=now)
    certificate = queries.find_by_code(session, arrival.code or "")
    if certificate is None:
        return Answer(arrival, _missing(session, tried, now))
    if tried is not None:
        limits.forgive(session, tried)
    if arrival.is_withdrawn(certificate.link_generation):
        arrival = arrival.without_proof()
    is_owner = asker.user_id == certificate.user_id
    finding = judge(
        certificate,
        is_trusted=arrival.is_trusted or is_owner,
        now=now,
        facts=arrival.facts,
        typed_name=typed_name,
    )
    return Answer(arrival, lead_on(session, certificate, finding), certificate, is_owner)


def ask_by_name(
    session: Session, arrival: Arrival, typed_name: str, *, asker: Asker, now: datetime
) -> Answer:
    """Answer somebody who has the code and says whose certificate it is; a wrong name is a guess.

    Raises:
        TooMany: whoever guesses must wait.
    """
    tried = limits.try_name(session, asker, arrival.code or "", now=now)
    try:
        answer = ask(session, arrival, asker=asker, now=now, typed_name=typed_name)
    except TooMany:
        limits.forgive(session, tried)
        raise
    if answer.finding.is_masked:
        limits.count_failure(session, tried, now=now)
    else:
        limits.forgive(session, tried)
    return answer


def _missing(session: Session, tried: Try | None, now: datetime) -> Finding:
    """Return what is said where there is no record; without proof it was a guess."""
    if tried is None:
        return Finding(Verdict.UNCHECKED, cause=Cause.RECORD)
    limits.count_failure(session, tried, now=now)
    return UNKNOWN


def lead_on(session: Session, certificate: Certificate, finding: Finding) -> Finding:
    """Add the code of the successor for whoever sees the whole record; a typed code leads no further."""
    if finding.verdict is not Verdict.REPLACED or finding.record is None or finding.is_masked:
        return finding
    query = select(Certificate.code).where(Certificate.id == certificate.replaced_by_id)
    return replace(finding, successor=session.scalar(query) or "")
