"""Whether the slots of a quiz can always be filled with different questions. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """What one slot asks for: so many out of these questions."""

    question_ids: Collection[int | str]
    count: int

    @property
    def spare(self) -> int:
        """How much choice is left."""
        return len(self.question_ids) - self.count


def list_unfillable(demands: Sequence[Demand]) -> list[int]:
    """Return the indexes of the slots that may find too few questions on some paper.

    A paper fills the slots with the least choice first and never takes a question twice; here each slot
    is given what is left in the worst case.
    """
    order = sorted(range(len(demands)), key=lambda index: (demands[index].spare, index))
    unfillable = []
    for place, index in enumerate(order):
        wanted = demands[index]
        taken = sum(
            min(demands[other].count, len(set(demands[other].question_ids) & set(wanted.question_ids)))
            for other in order[:place]
        )
        if len(wanted.question_ids) - taken < wanted.count:
            unfillable.append(index)
    return sorted(unfillable)
