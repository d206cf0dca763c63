"""What the result page may show now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from courses.cohorts.models import Cohort
from quizzes.attempts.deadline import has_closed
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.showing import showing_of


@dataclass(frozen=True)
class Shown:
    """What of a result may be seen; ``later`` are the kinds that come when the training has closed."""

    marks: bool
    answers: bool
    feedback: bool
    citations: bool
    later: tuple[str, ...] = ()

    @property
    def questions(self) -> bool:
        """Whether questions are listed one by one."""
        return self.answers or self.feedback or self.citations


def shown(version: QuizVersion, cohort: Cohort, *, now: datetime) -> Shown:
    """Return what a person sees of a sitting that was handed in."""
    now_seen = {"after_each", "after_submit"} | ({"after_close"} if has_closed(cohort, now=now) else set())
    whens = showing_of(version)
    later = tuple(kind for kind, when in whens.items() if when == "after_close" and when not in now_seen)
    return _shown({kind: when in now_seen for kind, when in whens.items()}, later)


def _shown(seen: Mapping[str, bool], later: tuple[str, ...] = ()) -> Shown:
    return Shown(seen["marks"], seen["answers"], seen["feedback"], seen["citations"], later)
