"""Certificates of a stage, and the requests they meet: a paper made, a code typed, a QR scanned or forged.

One is earned and issued by the services. What others have says the same under another name, code and number.
"""

from __future__ import annotations

import itertools
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from certificates.codes import new_code
from certificates.models import Certificate, CertificateCheck, CertificateEvent
from certificates.paper import Printing, paper_html, paper_style
from certificates.papers import seal
from certificates.qr import check_address, draw_qr
from certificates.record import Record, digest, read_record, write_record
from certificates.serials import check_character
from certificates.services import issue, keep_pdf
from certificates.signing.ring import read_ring
from certificates.signing.stamp import make_stamp
from courses.cohorts.models import Enrolment
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from tests.bench.load import FORM, raw
from tests.bench.typst_page import QR_FILE, typst_page
from tests.servers import Pass

BASE_URL = "https://belajar.example.id"
NOT_YET = ("pdf_sha256", "unsigned_sha256", "signer", "renderer", "stamp", "credential", "status_index")
"""What a certificate without a paper lacks."""


class Certificates:
    """The certificates of one stage."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._folder = app, folder
        key = read_ring(folder).stamp_key
        assert key is not None
        self._stamp_key = key
        self._made, self._model = 0, 0
        self._shown: list[tuple[str, str]] = []
        self._waiting: list[tuple[int, Pass]] = []

    @property
    def model_id(self) -> int:
        """The one all others are copies of."""
        return self._model

    def issue(self, session: Session, enrolment: Enrolment) -> None:
        """Issue and sign the one all others are copies of, and write down what a yardstick prints."""
        now = utc_now()
        certificate = issue(session, enrolment.id, evidence={}, now=now)
        session.commit()
        record, ring = read_record(certificate.record), read_ring(self._folder)
        sealed = seal(record, ring=ring, status_index=0, instance=self._folder, base_url=BASE_URL, now=now)
        keep_pdf(session, certificate.id, sealed=sealed, now=now)
        session.commit()
        self._model = certificate.id
        self._write_yardsticks(record, sealed.stamp)

    def _write_yardsticks(self, record: Record, stamp: str) -> None:
        paper = paper_html(Printing(record, BASE_URL, stamp))
        styled = paper.replace("</head>", f"<style>{paper_style()}</style></head>")
        (self._folder / "paper.html").write_text(styled, encoding="utf-8")
        (self._folder / "paper.typ").write_text(typst_page(paper), encoding="utf-8")
        picture = draw_qr(check_address(record.code, base_url=BASE_URL, stamp=stamp)).picture
        (self._folder / QR_FILE).write_bytes(b64decode(picture.partition(",")[2]))

    def show(self, session: Session, enrolments: Sequence[Enrolment]) -> None:
        """Give people signed certificates for strangers to look at."""
        for certificate in self.copy(session, enrolments, is_signed=True):
            assert certificate.stamp is not None
            self._shown.append((certificate.code, certificate.stamp))

    def promise(self, session: Session, enrolments: Sequence[Enrolment], passes: Mapping[int, Pass]) -> None:
        """Give people certificates without a paper; ``passes`` by their ids."""
        rows = self.copy(session, enrolments, is_signed=False)
        self._waiting += [(row.id, passes[row.user_id]) for row in rows]

    def copy(
        self, session: Session, enrolments: Sequence[Enrolment], *, is_signed: bool
    ) -> list[Certificate]:
        """Return a new certificate for each enrolment; the caller commits."""
        begin_write(session)
        model = session.get_one(Certificate, self._model)
        values = {column.key: getattr(model, column.key) for column in inspect(Certificate).column_attrs}
        record = read_record(model.record)
        certificates = [
            Certificate(**values | self._facts(record, own, is_signed=is_signed)) for own in enrolments
        ]
        for certificate in certificates:
            certificate.events.append(CertificateEvent(kind="issued", at=model.issued_at))
        session.add_all(certificates)
        session.flush()
        return certificates

    def _facts(self, record: Record, own: Enrolment, *, is_signed: bool) -> dict[str, Any]:
        self._made += 1
        bare = f"{self._made:05}/PK/BENCH/X/2016"
        holder = replace(record.holder, name=own.name, organisation=own.organisation)
        serial = f"{bare}-{check_character(bare)}"
        facts = replace(record, code=new_code(), serial=serial, holder=holder)
        text = write_record(facts)
        links = {"id": None, "user_id": own.user_id, "cohort_id": own.cohort_id, "enrolment_id": own.id}
        texts = {"code": facts.code, "serial": serial, "record": text, "record_sha256": digest(text)}
        signed: dict[str, Any] = {"stamp": make_stamp(facts, self._stamp_key), "status_index": self._made}
        return links | texts | (signed if is_signed else dict.fromkeys(NOT_YET))

    # Requests.

    def papers(self, count: int) -> list[bytes]:
        """Return askings of holders for a paper that was not made yet."""
        taken = [self._waiting.pop() for _ in range(min(count, len(self._waiting)))]
        assert len(taken) == count, "too few certificates without a paper"
        return [raw("POST", f"/sertifikat/{number}/berkas", own.headers, b"", FORM) for number, own in taken]

    def first_looks(self, count: int) -> list[bytes]:
        """Return first looks of strangers who typed a code, each at another certificate if they suffice."""
        self._forget_looks()
        return self.looks(count)

    def looks(self, count: int) -> list[bytes]:
        """Return looks by code, whoever looked before."""
        return [raw("GET", f"/v/{code}", {}) for code, _stamp in self._some(count)]

    def first_scans(self, count: int) -> list[bytes]:
        """Return first looks of strangers with the paper's QR."""
        self._forget_looks()
        return self.scans(count)

    def scans(self, count: int) -> list[bytes]:
        """Return scans, whoever looked before."""
        return [raw("GET", f"/V/{code}/{stamp}", {}) for code, stamp in self._some(count)]

    def forgeries(self, count: int) -> list[bytes]:
        """Return scans of codes with the stamp of another certificate."""
        shown = self._some(count + 1)
        pairs = itertools.pairwise(shown)
        return [raw("GET", f"/V/{code}/{stamp}", {}) for (code, _own), (_other, stamp) in pairs]

    def _some(self, count: int) -> list[tuple[str, str]]:
        return [self._shown[number % len(self._shown)] for number in range(count)]

    def _forget_looks(self) -> None:
        """Let nobody have looked: a look is noted once in ten minutes."""
        with self._app.app_context():
            db.session.execute(delete(CertificateCheck))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()


def all_signed(session: Session, certificate_ids: Sequence[int]) -> bool:
    """Return whether each of them has its signed file."""
    query = select(Certificate.id).where(Certificate.pdf_sha256.is_not(None))
    return set(certificate_ids) <= set(session.scalars(query))
