"""Which certificates do not stand, as a list that a phone carries: hashes of codes, five bytes each.

A code holds 80 random bits, so nobody finds one by its hash. Ten thousand of a million take 50 KB; a phone
that asks for a certificate that stands then reads *revoked* once in a hundred million times.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from certificates.checking.verdict import Verdict
from certificates.models import Certificate
from certificates.record import iso

PURPOSE = "DICABUT"
"""Before a code, so that its hash here is none it has elsewhere."""
PREFIX_BYTES = 5
ENDED = (Verdict.REVOKED, Verdict.REPLACED, Verdict.SUSPENDED, Verdict.EXPIRED)


def list_ended(session: Session, *, now: datetime) -> Iterator[tuple[Verdict, str]]:
    """Yield what became of each certificate that does not stand, and its code: two queries, small indexes."""
    # Written out, so that both databases take the index of those that do not stand.
    fallen = select(Certificate.state, Certificate.code).where(text("state <> 'valid'"))
    for state, code in session.execute(fallen):
        yield Verdict(state), code
    over = select(Certificate.code).where(Certificate.state == "valid", Certificate.expires_at <= now)
    for code in session.scalars(over):
        yield Verdict.EXPIRED, code


def write_ended(rows: Iterable[tuple[Verdict, str]], *, now: datetime) -> dict[str, object]:
    """Return the list as it is published: sorted hashes in base64 for each verdict, and how sure they are."""
    hashes: dict[Verdict, list[bytes]] = {verdict: [] for verdict in ENDED}
    for verdict, code in rows:
        hashes[verdict].append(hash_code(code))
    count = sum(map(len, hashes.values()))
    lists = {str(verdict): _packed(found) for verdict, found in hashes.items()}
    return {
        "at": iso(now),
        "bytes": PREFIX_BYTES,
        "count": count,
        "false_positive_rate": count / 2 ** (8 * PREFIX_BYTES),
        "lists": lists,
    }


def hash_code(code: str) -> bytes:
    """Return what stands for a code in the list."""
    return hashlib.sha256(f"{PURPOSE}\0{code}".encode()).digest()[:PREFIX_BYTES]


def _packed(hashes: list[bytes]) -> str:
    return base64.b64encode(b"".join(sorted(hashes))).decode()
