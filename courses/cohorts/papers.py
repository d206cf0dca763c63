"""What the cohorts ask of the floor that issues certificates; `create_app` hands it in."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

EXTENSION = "papers"
"""Where `create_app` puts the implementation: ``app.extensions[EXTENSION]``."""


class Papers(Protocol):
    """What was issued."""

    def correction_url(self, session: Session, enrolment_id: int) -> str | None:
        """Return where a name is corrected once a certificate stands, None as long as none does."""
