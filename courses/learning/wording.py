"""Locks in words."""

from __future__ import annotations

from flask_babel import gettext as _

from courses.learning.outline import Lock, LockKind
from lms.core.i18n import show_date


def lock_text(lock: Lock) -> str:
    """Return why a step is locked, as a sentence that says what opens it."""
    if lock.kind is LockKind.DAY and lock.day:
        return str(_("Opens on %(day)s.", day=show_date(lock.day)))
    if lock.kind is LockKind.STEP:
        return str(_("Opens when “%(step)s” is done.", step=lock.step_title))
    if lock.kind is LockKind.PERCENT:
        return str(
            _("Opens with at least %(percent)s%% in “%(step)s”.", percent=lock.percent, step=lock.step_title)
        )
    return str(_("This training closed on %(day)s.", day=show_date(lock.day) if lock.day else ""))
