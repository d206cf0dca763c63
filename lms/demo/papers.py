"""The signed papers of the demo: every address that `lms demo --json` prints leads to a PDF."""

from __future__ import annotations

import logging

from sqlalchemy import select

from certificates.models import Certificate
from certificates.sealing import seal_certificate
from courses.cohorts.models import Cohort
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Unavailable

log = logging.getLogger(__name__)


def sign_papers() -> int:
    """Make and keep the papers demo people have none of yet, and return how many were made.

    Where this machine lacks the renderer nothing is made: pages say what to install, and a paper is made
    when somebody asks for it.
    """
    session = db.session()
    query = (
        select(Certificate.id)
        .join(Cohort, Cohort.id == Certificate.cohort_id)
        .where(Cohort.is_demo, Certificate.state == "valid", Certificate.pdf_sha256.is_(None))
        .order_by(Certificate.id)
    )
    made = 0
    try:
        for certificate_id in session.scalars(query).all():
            made += seal_certificate(session, certificate_id, now=utc_now())
            session.commit()
    except Unavailable as error:
        log.warning("papers of the demo are made later: %s", error)
    return made
