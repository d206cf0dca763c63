"""A new root stands beside the old one: what was signed below either is genuine, here and elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from certificates.checking.inspection import inspect_file
from certificates.checking.offline_verdict import verdict_offline
from certificates.checking.trust import read_trusted, write_trusted
from certificates.checking.verdict import Verdict
from certificates.models import Certificate
from certificates.papers import open_paper
from certificates.sealing import seal_certificate
from certificates.signing.making import Maker
from certificates.signing.ring import KeyRing, current_ring
from lms.core.clock import utc_now
from tests.certificates.checking.test_uploads import send
from tests.certificates.signing.conftest import check
from tests.factories import complete, make_enrolment


@pytest.fixture
def papers(app: Flask, session: Session, instance: Path) -> list[bytes]:
    """A PDF signed below the old root, and one below the new root."""
    site = {"base_url": app.config["BASE_URL"], "site": app.config["SITE_NAME"]}
    first = _paper(app, session)
    assert Maker(instance, now=utc_now(), **site).renew_root() == ["root-2", "issuer-2", "signer-2"]
    return [first, _paper(app, session)]


def _paper(app: Flask, session: Session) -> bytes:
    certificate_id = complete(session, make_enrolment(session)).id
    seal_certificate(session, certificate_id, now=utc_now())
    session.commit()
    return open_paper(session.get_one(Certificate, certificate_id), instance=app.config["INSTANCE"])


def _with_root(ring: KeyRing, place: int) -> KeyRing:
    return replace(ring, roots=ring.roots[place : place + 1])


def test_the_old_paper_and_the_new_one_are_genuine(client: FlaskClient, papers: list[bytes]) -> None:
    for paper in papers:
        page = send(client, paper, "sertifikat.pdf").get_data(as_text=True)
        assert "verdict valid" in page
        assert 'class="failed"' not in page


def test_each_hangs_on_its_own_root_and_both_are_believed(papers: list[bytes]) -> None:
    ring = current_ring()
    assert [check(paper, ring).trusted for paper in papers] == [True, True]
    for place, trusted in ((0, ["good", "foreign"]), (1, ["foreign", "good"])):
        one = _with_root(ring, place)
        assert [inspect_file(paper, ring=one).signature for paper in papers] == trusted


def test_both_roots_go_along_where_there_is_no_database(
    app: Flask, papers: list[bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "bekal"
    names = write_trusted(folder, current_ring(), base_url=app.config["BASE_URL"], lists={})
    assert {"root-1.crt", "root-2.crt", "issuer-1.crl", "issuer-2.crl"} <= set(names)
    trusted = read_trusted(folder)
    for paper in papers:
        found = verdict_offline(inspect_file(paper, ring=trusted.ring), trusted, utc_now())
        assert found.verdict is Verdict.VALID


def test_the_page_of_a_certificate_leads_to_both_roots(
    session: Session, client: FlaskClient, papers: list[bytes]
) -> None:
    page = send(client, papers[0], "sertifikat.pdf").get_data(as_text=True)
    for name in ("akar-1.cer", "akar-2.cer", "penerbit-1.crl", "penerbit-2.crl"):
        assert f"/sertifikat/kunci/{name}" in page
        assert client.get(f"/sertifikat/kunci/{name}").status_code == 200
