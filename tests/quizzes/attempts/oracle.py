"""What ought to be true of one person's sittings, in plain Python: no database, nothing of the house.

Written from the rules (answers and deadlines), not from the code; the state machine compares the two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

Raw = dict[str, list[str]]


@dataclass(frozen=True)
class Written:
    """What somebody did at a question, as the phone keeps it until it is confirmed."""

    sitting: int
    position: int
    event_id: str
    sequence: int
    raw: Raw | None
    is_flagged: bool


@dataclass(frozen=True)
class Told:
    """What the phone must be told of one of them."""

    outcome: str
    received_at: datetime
    standing: Written | None


@dataclass
class Sitting:
    """One sitting as it ought to be."""

    number: int
    started_at: datetime
    ends_at: datetime
    # Since when the time stands still; then `ends_at` is the end it had.
    halted_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: str | None = None
    earned: int | None = None
    standing: dict[int, Written] = field(default_factory=dict)
    # By event id, in the order they came: what it was, when, and what became of it.
    history: dict[str, tuple[Written, datetime, str]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nobody has handed it in."""
        return self.submitted_at is None

    def is_over(self, now: datetime) -> bool:
        """Return whether its time has run out."""
        return self.halted_at is None and now > self.ends_at


@dataclass
class Oracle:
    """One person, one quiz: ``right`` says by position what earns its mark, all other answers nothing."""

    right: Mapping[int, Sequence[Raw]]
    limit: timedelta
    allowed: int
    pass_percent: int
    sittings: list[Sitting] = field(default_factory=list)
    halted_at: datetime | None = None

    @property
    def last(self) -> Sitting | None:
        """The sitting that is going on, or was last."""
        return self.sittings[-1] if self.sittings else None

    def start(self, now: datetime) -> Sitting | None:
        """Begin or go on; None: the person is told why not."""
        last = self.last
        if last is not None and last.is_open:
            return None if last.is_over(now) else last
        if self.halted_at is not None or len(self.sittings) >= self.allowed:
            return None
        self.sittings.append(Sitting(len(self.sittings) + 1, now, now + self.limit))
        return self.last

    def save(self, written: Written, now: datetime) -> Told | None:
        """Keep what arrived; None: refused, its number belongs to another question."""
        sitting = self.sittings[written.sitting - 1]
        known = sitting.history.get(written.event_id)
        if known is not None:
            first, at, outcome = known
            if first.position != written.position:
                return None
            return Told(outcome, at, sitting.standing.get(written.position))
        outcome = self._judge(sitting, written, now)
        if outcome == "applied":
            sitting.standing[written.position] = written
        sitting.history[written.event_id] = (written, now, outcome)
        return Told(outcome, now, sitting.standing.get(written.position))

    def _judge(self, sitting: Sitting, written: Written, now: datetime) -> str:
        if not sitting.is_open or sitting.is_over(now):
            return "late"
        standing = sitting.standing.get(written.position)
        return "applied" if standing is None or written.sequence > standing.sequence else "superseded"

    def says_nothing_new(self, written: Written) -> bool:
        """Return whether a whole form that says this says what stands."""
        standing = self.sittings[written.sitting - 1].standing.get(written.position)
        said = (None, False) if standing is None else (standing.raw, standing.is_flagged)
        return (written.raw, written.is_flagged) == said

    def submit(self, sitting: Sitting, by: str, now: datetime) -> None:
        """Hand in; whoever comes after the end, it is the end that handed it in."""
        if not sitting.is_open:
            return
        is_over = sitting.is_over(now)
        sitting.submitted_by = "deadline" if is_over else by
        sitting.submitted_at = sitting.ends_at if is_over else now
        sitting.earned = sum(
            position in sitting.standing and sitting.standing[position].raw in right
            for position, right in self.right.items()
        )

    def sweep(self, now: datetime) -> None:
        """Hand in what ran out."""
        if self.last is not None and self.last.is_over(now):
            self.submit(self.last, "deadline", now)

    def pause(self, now: datetime) -> None:
        """Stop the time of the hall; whose time is over stays out."""
        if self.halted_at is not None:
            return
        self.halted_at = now
        for sitting in self._going_on(now):
            sitting.halted_at = now

    def resume(self, now: datetime) -> None:
        """Let it go on: every end moves by the pause in whole seconds, for the person's good."""
        if self.halted_at is None:
            return
        pause = timedelta(seconds=math.ceil((now - self.halted_at) / timedelta(seconds=1)))
        self.halted_at = None
        for sitting in self.sittings:
            if sitting.is_open and sitting.halted_at is not None:
                sitting.ends_at += pause
                sitting.halted_at = None

    def extend(self, minutes: int, now: datetime) -> None:
        """Give everybody who sits more time."""
        for sitting in self._going_on(now):
            sitting.ends_at += timedelta(minutes=minutes)

    def give(self, minutes: int, tries: int, now: datetime) -> None:
        """Allow this person more, now and in sittings to come."""
        self.extend(minutes, now)
        self.limit += timedelta(minutes=minutes)
        self.allowed += tries

    def _going_on(self, now: datetime) -> list[Sitting]:
        return [one for one in self.sittings if one.is_open and not one.is_over(now)]

    def percent(self, sitting: Sitting) -> Decimal | None:
        """Return what a sitting came to."""
        return None if sitting.earned is None else Decimal(100 * sitting.earned) / len(self.right)

    def counts(self) -> tuple[int, Decimal | None, bool]:
        """Return what the course knows: sittings handed in, the best percent, whether it was passed."""
        percents = [self.percent(sitting) for sitting in self.sittings]
        known = [percent for percent in percents if percent is not None]
        best = max(known, default=None)
        return len(known), best, best is not None and best >= self.pass_percent
