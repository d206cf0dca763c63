"""Forms of those who hold a hall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional

from lms.core.fields import at_most, choices, select
from lms.core.forms import BaseForm
from lms.core.text import tidy
from quizzes.attempts.accommodations import MAX_ATTEMPTS, MAX_MINUTES, MAX_TIME_PERCENT
from quizzes.attempts.hall import MAX_MINUTES as MOST_GIVEN
from quizzes.attempts.holding import Hall
from quizzes.bank.fields import whole_number

_NO_MOMENT = _l("Write day and time as 2026-11-23 13:00.")
_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M", "%Y-%m-%dT%H:%M:%S"]


def moment_field(label: object) -> DateTimeLocalField:
    """Return a field for a moment in the zone of the cohort; it may stay empty."""
    return DateTimeLocalField(  # type: ignore[call-arg]
        label,  # type: ignore[arg-type]
        validators=[Optional()],
        format=_FORMATS,
        invalid_value_message=_NO_MOMENT,
    )


class ExtendForm(BaseForm):
    """More time for everybody who sits; ``seen`` is what was given before."""

    minutes = whole_number(_l("Minutes"), 1, MOST_GIVEN, missing=_l("Type how many minutes."))
    seen = HiddenField()


class WindowForm(BaseForm):
    """When a quiz may be begun in a cohort."""

    opens_at = moment_field(_l("Opens"))
    closes_at = moment_field(_l("Closes"))

    def show(self, hall: Hall, zone: str) -> None:
        """Put the cohort's own window into the fields."""
        self.opens_at.data, self.closes_at.data = (
            moment and moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            for moment in (hall.held.opens_at, hall.held.closes_at)
        )

    def moments(self, zone: str) -> list[datetime | None]:
        """Return when the quiz opens and closes, read in ``zone``."""
        return [_in_utc(field, zone) for field in (self.opens_at, self.closes_at)]


class CodeForm(BaseForm):
    """A code somebody thought of."""

    code = StringField(_l("A code of your own"), [at_most(40), DataRequired(_l("Type the code."))])


class AccommodationForm(BaseForm):
    """What one person is allowed beyond the others."""

    quiz = select(_l("For which quiz"))
    extra_time_percent = whole_number(_l("More time, in percent"), 0, MAX_TIME_PERCENT)
    extra_minutes = whole_number(_l("More minutes"), 0, MAX_MINUTES)
    extra_attempts = whole_number(_l("More tries"), 0, MAX_ATTEMPTS)
    reason = TextAreaField(
        _l("Reason"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the reason in a sentence.")), at_most(500)],
    )

    def offer(self, quizzes: Sequence[tuple[int, str]]) -> None:
        """Set which quizzes there are."""
        self.quiz.choices = choices([("", _l("Every quiz")), *((str(key), title) for key, title in quizzes)])

    @property
    def quiz_id(self) -> int | None:
        """The quiz chosen; None: every one."""
        return int(self.quiz.data) if self.quiz.data else None


def _in_utc(field: Field, zone: str) -> datetime | None:
    typed: datetime | None = field.data
    return typed and typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
