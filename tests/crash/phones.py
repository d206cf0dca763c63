"""People who answer without a break at a real server, what it told them, and what of it is there."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from lms.core.db import db
from quizzes.attempts.models import AnswerEvent, PaperItem, Response
from tests.halls import Seat
from tests.servers import Line

QUESTIONS = 5
PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Acknowledged:
    """A save the server said it had applied."""

    attempt_id: int
    event_id: str
    position: int
    sequence: int
    choice: str


@dataclass
class Phones:
    """A hall of people who answer, each on a line of their own, until the block is left."""

    seats: list[Seat]
    port: int
    pause_seconds: float = 0.0
    acknowledged: list[Acknowledged] = field(default_factory=list)
    repeated: int = 0
    # By status, 0 for no answer at all.
    unanswered: Counter[int] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Let everybody answer while the block runs."""
        threads = [threading.Thread(target=self._answer, args=(seat,)) for seat in self.seats]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(60)

    def wait_for(self, count: int) -> None:
        """Wait until so many saves more are confirmed.

        Raises:
            AssertionError: they do not come: whoever was killed is not replaced.
        """
        goal, end = len(self.acknowledged) + count, time.monotonic() + PATIENCE_SECONDS
        while len(self.acknowledged) < goal:
            assert time.monotonic() < end, f"{goal - len(self.acknowledged)} of {count} saves do not come"
            time.sleep(0.02)

    def _answer(self, seat: Seat) -> None:
        line, chance, sequence = Line(self.port, seat.holder, timeout=15), random.Random(seat.attempt_id), 0
        while not self.over.is_set():
            sequence += 1
            save = Acknowledged(
                seat.attempt_id,
                f"save-{seat.attempt_id}-{sequence}",
                chance.randint(1, QUESTIONS),
                sequence,
                str(chance.randint(1, 2)),
            )
            self._send_until_confirmed(line, save)
            time.sleep(self.pause_seconds)
        line.close()

    def _send_until_confirmed(self, line: Line, save: Acknowledged) -> None:
        """Send as a phone does: the same event again and again until it is confirmed."""
        tries = 1
        while not self._send(line, save) and not self.over.is_set():
            time.sleep(0.05)
            tries += 1
        self.repeated += tries > 1

    def _send(self, line: Line, save: Acknowledged) -> bool:
        data = {
            "position": save.position,
            "event": save.event_id,
            "sequence": save.sequence,
            "raw": {"choice": [save.choice]},
            "flagged": False,
        }
        try:
            answer = line.send("POST", f"/percobaan/{save.attempt_id}/jawaban", data=data)
        except OSError:
            self.unanswered[0] += 1
            return False
        if answer.status == 503:
            self.unanswered[503] += 1
            return False
        if answer.status != 200 or answer.json["outcome"] != "applied":
            self.surprises.append(f"{answer.status} {answer.body[:200]!r}")
            return True
        self.acknowledged.append(save)
        return True


def check(phones: Phones) -> dict[str, int]:
    """Assert that nothing confirmed is lost and nothing is stored twice; return the numbers.

    Raises:
        AssertionError: something is, or too little happened to prove anything.
    """
    assert not phones.surprises, phones.surprises[:3]
    assert len(phones.acknowledged) > 100, f"only {len(phones.acknowledged)} saves: this proves nothing"
    assert phones.unanswered.total(), "nobody noticed anything: this proves nothing"
    lost = missing(phones)
    assert not lost, lost[:3]
    session = db.session()
    ids = [(event.attempt_id, event.event_id) for event in session.scalars(select(AnswerEvent))]
    assert len(ids) == len(set(ids))
    session.rollback()
    return {"acknowledged": len(phones.acknowledged), "lost": len(lost), "repeated": phones.repeated}


def missing(phones: Phones) -> list[Acknowledged]:
    """Return what was confirmed and is not there: the event, or a standing answer at least as new."""
    session = db.session()
    session.rollback()
    session.expire_all()
    events = {
        (event.attempt_id, event.event_id): (event.sequence, event.raw, event.outcome)
        for event in session.scalars(select(AnswerEvent))
    }
    rows = session.execute(select(PaperItem, Response).join(Response, Response.item_id == PaperItem.id))
    standing = {(item.attempt_id, item.position): response for item, response in rows}
    return [save for save in phones.acknowledged if not _is_there(save, events, standing)]


def _is_there(
    save: Acknowledged,
    events: dict[tuple[int, str], tuple[int, object, str]],
    standing: dict[tuple[int, int], Response],
) -> bool:
    raw = {"choice": [save.choice]}
    answer = standing.get((save.attempt_id, save.position))
    if answer is None or answer.sequence < save.sequence:
        return False
    if answer.sequence == save.sequence and answer.raw != raw:
        return False
    return events.get((save.attempt_id, save.event_id)) == (save.sequence, raw, "applied")
