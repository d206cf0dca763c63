"""What an answer is worth after all that was judged and decided, oldest first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from quizzes.grading.models import RULINGS, Mark, MarkKind
from quizzes.grading.scoring import Earned


@dataclass(frozen=True)
class Worth:
    """Of one question on one paper: what was judged, and the decision that stands about the question."""

    # 0–1; None waits for a person.
    judged: Decimal | None
    # "void", "full", "bonus" or "".
    ruling: str = ""
    bonus: Decimal = Decimal(0)
    # What the marker says, and why something was decided for everybody.
    comment: str = ""
    reason: str = ""
    # The version that says what is right, and why it is another than that of the paper, if it is.
    version_id: int | None = None
    regraded: str = ""

    @property
    def fraction(self) -> Decimal | None:
        """What counts, 0–1."""
        return Decimal(1) if self.ruling == MarkKind.FULL else self.judged

    @property
    def is_counted(self) -> bool:
        """Whether the question counts on this paper."""
        return self.ruling != MarkKind.VOID

    def judged_as(self, fraction: Decimal | None) -> Worth:
        """Return what it is worth when judged anew; what was decided about the question stays."""
        return replace(self, judged=fraction)

    def ruled(self, decision: str, bonus: Decimal | None, reason: str = "") -> Worth:
        """Return what it is worth under another decision; "restored" takes back what was decided."""
        kind = "" if decision == MarkKind.RESTORED else decision
        return replace(
            self,
            ruling=kind,
            bonus=bonus or Decimal(0) if kind == MarkKind.BONUS else Decimal(0),
            reason=reason if kind else "",
        )


def worth_of(marks: Sequence[Mark]) -> Worth:
    """Return what stands after the marks of one answer, in their order.

    The newest judgement says what the answer earned, and the newest ruling what becomes of that: neither
    overwrites the other, so a question marked by hand keeps its mark when a ruling is taken back.
    """
    judged = [mark for mark in marks if mark.kind not in RULINGS]
    ruled = [mark for mark in marks if mark.kind in RULINGS]
    worth = _judged(judged[-1]) if judged else Worth(None)
    return worth.ruled(ruled[-1].kind, ruled[-1].marks, ruled[-1].comment) if ruled else worth


def _judged(mark: Mark) -> Worth:
    """Return what a judgement says; why a mark given by hand was corrected is for staff alone."""
    regraded = mark.reason if mark.kind == MarkKind.AUTOMATIC else ""
    return Worth(
        mark.fraction, comment=mark.comment, version_id=mark.question_version_id, regraded=regraded or ""
    )


def counted(worths: Sequence[tuple[Worth, Decimal]]) -> list[Earned]:
    """Return what makes up the result of a paper, of each question its worth and its marks.

    Where all its questions are left out, everybody has earned them all: nobody loses by an error of ours.
    """
    kept = [Earned(worth.fraction, marks, worth.bonus) for worth, marks in worths if worth.is_counted]
    return kept or [Earned(Decimal(1), marks) for _, marks in worths]
