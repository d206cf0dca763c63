"""Certificates with stamps, and pictures of their QR codes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import segno
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from certificates.models import Certificate
from certificates.record import read_record
from certificates.signing.ring import current_ring
from certificates.signing.stamp import make_stamp
from tests.factories import complete, make_enrolment

NAME = "Siti Aminah, S.Sos."
HOST = "127.0.0.1"


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """Siti's certificate, beside somebody else's, so that a forgotten condition shows."""
    complete(session, make_enrolment(session, name="Orang Lain"))
    return complete(session, make_enrolment(session, name=NAME, organisation="Desa Rahasia"))


@pytest.fixture
def stamp(app: Flask, certificate: Certificate) -> str:
    """The stamp in the QR of Siti's paper."""
    return stamp_of(certificate)


@pytest.fixture
def qr_path(certificate: Certificate, stamp: str) -> str:
    """The path in the QR of Siti's paper."""
    return f"/V/{certificate.code}/{stamp}"


def stamp_of(certificate: Certificate) -> str:
    """Return the stamp of a certificate, by the keys of the application at work."""
    key = current_ring().stamp_key
    assert key is not None
    return make_stamp(read_record(certificate.record), key)


def draw(text: str, *, form: str = "PNG", turned: int = 0, size: int = 1000) -> bytes:
    """Return a photo of a sheet with a QR on it."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=6, border=4)
    sheet = Image.new("RGB", (size, size), "white")
    sheet.paste(Image.open(drawn), (150, 200))
    photo = io.BytesIO()
    sheet.rotate(turned, expand=True, fillcolor="white").save(photo, form)
    return photo.getvalue()


Statements = Callable[[Callable[[], object]], list[str]]
