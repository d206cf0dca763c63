"""The answer of this floor to what the cohorts ask."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from certificates.queries import find_standing


class IssuedPapers:
    """Where a name that stands on a certificate is corrected."""

    def correction_url(self, session: Session, enrolment_id: int) -> str | None:
        """Return the page that re-issues, None as long as no certificate stands."""
        certificate = find_standing(session, enrolment_id)
        return url_for("certificates.correct", certificate_id=certificate.id) if certificate else None
