"""The list a phone carries: all that do not stand, nothing else, small."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import timedelta

import brotli
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from certificates.checking.ended import ENDED, PREFIX_BYTES, hash_code, list_ended, write_ended
from certificates.checking.verdict import Verdict
from certificates.codes import new_code
from certificates.models import Certificate
from lms.core.db import begin_write
from tests.factories import NOW


@pytest.mark.parametrize("verdict", [Verdict.REVOKED, Verdict.REPLACED, Verdict.SUSPENDED])
def test_what_does_not_stand_is_listed_by_what_became_of_it(
    session: Session, certificate: Certificate, verdict: Verdict
) -> None:
    assert list(list_ended(session, now=NOW)) == []
    begin_write(session)
    certificate.state = str(verdict)
    session.commit()
    assert list(list_ended(session, now=NOW)) == [(verdict, certificate.code)]


def test_one_whose_last_day_is_over_is_listed_from_that_moment(
    session: Session, certificate: Certificate
) -> None:
    begin_write(session)
    certificate.expires_at = NOW
    session.commit()
    assert list(list_ended(session, now=NOW)) == [(Verdict.EXPIRED, certificate.code)]
    assert list(list_ended(session, now=NOW - timedelta(seconds=1))) == []
    begin_write(session)
    session.execute(
        text("UPDATE certificate SET state = 'suspended' WHERE code = :c"), {"c": certificate.code}
    )
    session.commit()
    assert list(list_ended(session, now=NOW)) == [(Verdict.SUSPENDED, certificate.code)]


def test_no_code_can_be_read_out_of_the_list() -> None:
    codes = [new_code() for _ in range(50)]
    written = write_ended([(Verdict.REVOKED, code) for code in codes], now=NOW)
    lists = written["lists"]
    assert isinstance(lists, dict)
    assert list(lists) == [str(verdict) for verdict in ENDED]
    body = base64.b64decode(lists["revoked"])
    found = [body[at : at + PREFIX_BYTES] for at in range(0, len(body), PREFIX_BYTES)]
    assert found == sorted(hash_code(code) for code in codes), "their order tells nothing either"
    assert not [code for code in codes if code in json.dumps(written)]


def test_ten_thousand_of_a_million_take_sixty_kilobytes() -> None:
    rows = [(secrets.choice(ENDED), new_code()) for _ in range(10_000)]
    written = write_ended(rows, now=NOW)
    assert len(brotli.compress(json.dumps(written).encode(), quality=5)) <= 60_000
    assert written["count"] == 10_000
    rate = written["false_positive_rate"]
    assert isinstance(rate, float)
    assert rate < 1e-8
