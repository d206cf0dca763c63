"""How far a trial is: all of it travels with its form, signed, and is in no table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from lms.core.errors import Conflict, Invalid

SALT = "quiz-trial"
MAX_AGE_SECONDS = 86_400
"""A trial that was left lying for a day is begun anew."""
MAX_STATE = 400_000
"""Characters of a state: answers of a whole paper, long texts too."""

Answers = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Trial:
    """One trial of one person; positions are texts, because JSON knows no other keys."""

    user_id: int
    version_id: int
    # What the quiz was when the trial began: a paper is drawn anew from it for every page.
    mark: str
    seed: int
    # Seconds since the epoch.
    began: int
    # The question that is shown, from 1; one more than there are: the check before handing in.
    place: int = 1
    # What stands, as raw form values.
    answers: Answers = field(default_factory=dict)
    flagged: tuple[str, ...] = ()
    # Practice: how often each answer was looked at, what that cost, and whether it is shown now.
    looked: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    is_shown: bool = False

    def at(self, place: int) -> Trial:
        """Return the trial at another question."""
        return replace(self, place=place, is_shown=False)

    def answered(self, position: int, raw: Mapping[str, list[str]], *, is_flagged: bool) -> Trial:
        """Return the trial with an answer; an empty one takes away what stood."""
        answers = {key: value for key, value in self.answers.items() if key != str(position)}
        if any(any(text.strip() for text in texts) for texts in raw.values()):
            answers[str(position)] = {name: list(texts) for name, texts in raw.items()}
        flagged = (*(key for key in self.flagged if key != str(position)), *([str(position)] * is_flagged))
        return replace(self, answers=answers, flagged=flagged)

    def shown(self) -> Trial:
        """Return the trial with the answer of this place shown."""
        key = str(self.place)
        return replace(self, is_shown=True, looked={**self.looked, key: self.looked.get(key, 0) + 1})

    def again(self, cost_percent: int) -> Trial:
        """Return the trial with this place to be answered once more, at its cost."""
        key = str(self.place)
        lost = min(100, self.lost.get(key, 0) + cost_percent)
        return replace(self, is_shown=False, lost={**self.lost, key: lost})


def write_trial(trial: Trial, *, secret: str) -> str:
    """Return a trial as a signed text."""
    return str(_signer(secret).dumps(asdict(trial)))


def read_trial(text: str, *, secret: str, user_id: int, version_id: int) -> Trial:
    """Return the trial of a signed text.

    Raises:
        Invalid: it is none, too old, or another person's or quiz's.
    """
    try:
        data: dict[str, Any] = _signer(secret).loads(text[:MAX_STATE], max_age=MAX_AGE_SECONDS)
    except BadSignature:
        raise Invalid("") from None
    trial = Trial(**{**data, "flagged": tuple(data["flagged"])})
    if (trial.user_id, trial.version_id) != (user_id, version_id):
        raise Invalid("")
    return trial


def check_mark(trial: Trial, mark: str, message: object) -> None:
    """See that the quiz is still what the trial began with.

    Raises:
        Conflict: with ``message``, it is another by now.
    """
    if trial.mark != mark:
        raise Conflict(message)


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=SALT)
