"""A photo or a PDF instead of a code: read outside of any transaction, answered like any other arrival."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from certificates import queries
from certificates.checking import limits
from certificates.checking.arrivals import Arrival, Proof, Way, read_arrival
from certificates.checking.asking import Answer, ask, lead_on
from certificates.checking.file_verdict import FileFinding, verdict_of
from certificates.checking.inspection import inspect_file
from certificates.checking.limits import Asker
from certificates.checking.payload import Payload, choose
from certificates.checking.photo import CostlyPhoto, read_photo
from certificates.checking.verdict import Finding, Verdict, judge
from certificates.signing.ring import KeyRing
from lms.core.errors import Invalid, TooMany, Unavailable

PDF = b"%PDF-"
WITHOUT_RECORD = frozenset({Verdict.TAMPERED, Verdict.UNKNOWN, Verdict.UNCHECKED})
"""Verdicts on a file that show nothing certified: it only claims to be ours."""
PROOFS_OF_PAPER = frozenset(
    {
        ("bytes", "same"),
        ("bytes", "same_pages"),
        ("qr", "good"),
        ("credential", "same"),
        ("credential", "good"),
    }
)
"""Lines that only somebody with the paper or the file brings about."""

STRANGE = _l("There is a QR on this photo, but it is none of a certificate of ours.")
NOTHING = _l(
    "No QR can be read on this photo. Hold the phone still, nearer and in good light, or type the code."
)


@dataclass(frozen=True)
class House:
    """What an installation is known by: its keys, its names."""

    ring: KeyRing
    card_key: bytes
    # Names this installation answers to, in small letters.
    hosts: Collection[str]


def ask_by_upload(session: Session, body: bytes, *, house: House, asker: Asker, now: datetime) -> Answer:
    """Answer somebody who sent a photo or a PDF; what holds no certificate of ours is counted.

    Raises:
        Invalid: no certificate could be found in it; the message says what to do.
        TooMany: so many useless files came from there that they must wait.
        Unavailable: many files are being read, or others from there.
    """
    tried = limits.try_file(session, asker, now=now)
    session.close()  # nothing is held while a file is read
    try:
        answer = _by_pdf(session, body, house, asker, now) if body.startswith(PDF) else None
        answer = answer or ask(session, _on_photo(body, house), asker=asker, now=now)
    except Invalid as error:
        if isinstance(error, CostlyPhoto):
            limits.count_costly(session, asker, now=now)
        limits.count_failure(session, tried, now=now)
        raise
    except (TooMany, Unavailable):
        limits.forgive(session, tried)
        raise
    if answer.finding.verdict in WITHOUT_RECORD:
        limits.count_failure(session, tried, now=now)
    else:
        limits.forgive(session, tried)
    return answer


def _on_photo(body: bytes, house: House) -> Arrival:
    texts = read_photo(body)
    payload = _payload_of(texts, house)
    publics, card_key = house.ring.stamp_publics, house.card_key
    arrival = read_arrival(payload.code, payload.token, publics=publics, card_key=card_key, is_qr=True)
    return arrival.by(Way.PHOTO)


def _payload_of(texts: list[str], house: House) -> Payload:
    payload = choose(texts, house.hosts)
    if payload is not None and payload.host in house.hosts:
        return payload
    if payload is not None:
        text = _l("The QR leads to %(host)s. That is not this site: type the code here.", host=payload.host)
        raise Invalid(text, field="file")
    raise Invalid(STRANGE if texts else NOTHING, field="file")


def _by_pdf(session: Session, body: bytes, house: House, asker: Asker, now: datetime) -> Answer:
    inspection = inspect_file(body, ring=house.ring, whom=asker.whom)
    if inspection.is_costly:
        limits.count_costly(session, asker, now=now)
    certificate = queries.find_by_code(session, inspection.code or "")
    file = _without_hints(verdict_of(inspection, certificate, house.ring, now))
    arrival = Arrival(Way.FILE, file.code, Proof.FILE)
    if file.verdict in WITHOUT_RECORD or certificate is None:
        return Answer(arrival, Finding(file.verdict), certificate, file=file)
    finding = judge(certificate, is_trusted=True, now=now)
    return Answer(arrival, lead_on(session, certificate, finding), certificate, file=file)


def _without_hints(file: FileFinding) -> FileFinding:
    """Say nothing about the words of a page that somebody made up around a code.

    Else thousands of names on one page would be tried at once.
    """
    if any((check.name, check.word) in PROOFS_OF_PAPER for check in file.checks):
        return file
    return replace(file, checks=tuple(check for check in file.checks if check.name != "page"))
