"""What a look at the texts of a course found: faults to mend, and advice to think over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.facts.documents import Fault


@dataclass
class Findings:
    """Faults keep a course from passing `lms course check`, advice only where it is strict."""

    faults: list[Fault] = field(default_factory=list)
    advice: list[Fault] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take over what another look found."""
        self.faults += other.faults
        self.advice += other.advice

    def sorted(self) -> Findings:
        """Return the same by file and line, each thing once."""
        return Findings(_once(self.faults), _once(self.advice))


def _once(found: Iterable[Fault]) -> list[Fault]:
    return sorted(set(found))
