"""Reads for the check."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition


def list_titles(session: Session) -> list[str]:
    """Return the titles that may stand on certificates, so that nobody types one with a slip."""
    query = select(Edition.title).where(Edition.status == "published").distinct().order_by(Edition.title)
    return list(session.scalars(query))
