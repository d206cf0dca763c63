"""That somebody looked at a certificate is noted for its holder: when, by what way, what they read."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from certificates.checking.arrivals import Way
from certificates.checking.verdict import Verdict
from certificates.models import CertificateCheck
from lms.core.db import connection_of, own_transaction
from lms.core.statements import Prepared

log = logging.getLogger(__name__)

QUIET = timedelta(minutes=10)
"""The same way with the same answer is noted once in this time: a page loaded again is no second look, and
nobody fills the table by loading it for ever."""


def note_check(session: Session, certificate_id: int, *, way: Way, verdict: Verdict, now: datetime) -> None:
    """Note a look, in a transaction of its own. Where that fails, whoever asks gets the answer anyway."""
    if _was_noted(session, certificate_id, way=way, verdict=verdict, since=now - QUIET):
        return
    session.close()  # nothing is held while another connection writes
    try:
        with own_transaction() as own:
            connection = connection_of(own)
            look = {"certificate": certificate_id, "at": now, "way": way, "verdict": verdict}
            _noting(connection.dialect).rows(connection, look)
    except OperationalError as error:
        log.warning("a look at a certificate was not noted: %s", error)


@cache
def _noting(dialect: Dialect) -> Prepared:
    check: Table = CertificateCheck.__table__  # type: ignore[assignment]
    names = {"certificate_id": "certificate", "at": "at", "way": "way", "verdict": "verdict"}
    values: dict[str, Any] = {column: bindparam(name) for column, name in names.items()}
    return Prepared(insert(check).values(values).returning(check.c.id), dialect)


def _was_noted(session: Session, certificate_id: int, *, way: Way, verdict: Verdict, since: datetime) -> bool:
    look = {"certificate": certificate_id, "since": since, "way": way, "verdict": verdict}
    connection = connection_of(session)
    return bool(_same_look(connection.dialect).rows(connection, look))


@cache
def _same_look(dialect: Dialect) -> Prepared:
    check = CertificateCheck.__table__.c
    query = select(check.id).where(
        check.certificate_id == bindparam("certificate"),
        check.at > bindparam("since"),
        check.way == bindparam("way"),
        check.verdict == bindparam("verdict"),
    )
    return Prepared(query.limit(1), dialect)
