"""What publishing a draft of a quiz would store, and what keeps it from being published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from quizzes.bank.models import QuestionVersion, QuizSlot
from quizzes.bank.quiz.supply import Demand
from quizzes.bank.services import Draft


@dataclass(frozen=True)
class Problem:
    """What keeps a draft from being published; `slot_id` None: the quiz as a whole."""

    message: str
    slot_id: int | None = None


class State(NamedTuple):
    """What a plan rests on: a question as it stood when the plan was made."""

    version_id: int
    source_sha256: str
    status: str
    use: str


@dataclass
class Plan:
    """What publishing a draft would store.

    But for `rows`, `pool` and `stored` nothing expires with the transaction.
    """

    base: str
    problems: list[Problem] = field(default_factory=list)
    # Questions by slot.
    slots: dict[int, list[int]] = field(default_factory=dict)
    # The questions of every case in a slot, by its question.
    cases: dict[int, list[int]] = field(default_factory=dict)
    # By question id, of every question in a slot.
    states: dict[int, State] = field(default_factory=dict)
    # By question id, the version that holds at the law date, where there is one.
    found: dict[int, int] = field(default_factory=dict)
    # By question id, these versions themselves. For pages that only read: these do expire.
    stored: dict[int, QuestionVersion] = field(default_factory=dict)
    # By question id, the version to be made for the law date.
    made: dict[int, Draft] = field(default_factory=dict)
    # What a rule may draw from, of the topics that were looked at. For pages that only read.
    pool: list[QuestionVersion] = field(default_factory=list)
    # The tags of these by question id, folded.
    tags: dict[int, frozenset[str]] = field(default_factory=dict)
    # What quizzes that rules keep apart may ask, by quiz.
    used: dict[int, set[int]] = field(default_factory=dict)
    # By question id, the wording that stands. For pages that only read: these do expire.
    rows: dict[int, QuestionVersion] = field(default_factory=dict)

    def asked(self, slot: QuizSlot) -> list[int]:
        """Return the questions of a slot; with a case those of the case behind it."""
        named = self.slots[slot.id]
        return [*named, *(part for case in named for part in self.cases.get(case, ()))]

    def demands(self, slot: QuizSlot) -> list[Demand]:
        """Return what a slot asks for: a case asks for each of its questions."""
        parts = [part for case in self.slots[slot.id] for part in self.cases.get(case, ())]
        return [Demand([part], 1) for part in parts] or [Demand(self.slots[slot.id], slot.draw_count)]
