"""What the builder asks of the room that works out how questions did; `create_app` hands it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from sqlalchemy.orm import Session

MEASURE = "measure_facility"
"""Where `create_app` puts the implementation: ``app.extensions[MEASURE]``."""


class MeasureFacility(Protocol):
    """Says what people earned of question versions."""

    def __call__(self, session: Session, version_ids: Sequence[int]) -> Mapping[int, Decimal]:
        """Return by version the mean share earned, 0–1; without those that too few people have answered."""
