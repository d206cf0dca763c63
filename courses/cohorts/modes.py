"""How a cohort meets, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from courses.cohorts.models import Mode

MODE_LABELS = {
    Mode.IN_PERSON: _l("Face to face"),
    Mode.ONLINE: _l("Online"),
    Mode.MIXED: _l("Partly face to face, partly online"),
}
"""As organisers choose them and certificates state them."""


def mode_text(mode: str) -> str:
    """Return how a cohort meets, in words."""
    return str(MODE_LABELS[Mode(mode)])
