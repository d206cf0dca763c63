"""Reads: how the questions of the bank did that were asked often enough, as a prior for one asked rarely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from quizzes.bank.models import Purpose, QuizVersion
from quizzes.statistics.cells import read_cell
from quizzes.statistics.intervals import Prior, find_prior
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Scope, papers_of

LEAST_ANSWERS = 30
"""A question of the bank that fewer people answered says too little of the bank."""
MOST_PAPERS = 3000
"""The newest papers that are looked at."""


def read_priors(session: Session, scope: Scope) -> Mapping[bool, Prior | None]:
    """Return the prior before the training (True) and in its course (False), in one query.

    Each question version counts once, by the newest first attempts of all people who may be counted
    together: those of the demo, or all others. Practice is left out: its answers are shown.
    """
    everybody = replace(Scope(), is_demo=scope.is_demo)
    query = (
        papers_of(everybody, PaperTally.cells, QuizVersion.purpose)
        .join(QuizVersion, QuizVersion.id == PaperTally.quiz_version_id)
        .where(QuizVersion.purpose != Purpose.PRACTICE.value)
        .order_by(PaperTally.attempt_id.desc())
        .limit(MOST_PAPERS)
    )
    words: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for cells, purpose in session.execute(query):
        words[purpose == Purpose.PRETEST.value].update(cells.split(" "))
    return {is_pretest: find_prior(facilities(found)) for is_pretest, found in words.items()}


def facilities(words: Mapping[str, int]) -> list[tuple[float, int]]:
    """Return of each question version often enough answered its mean share (0–1) and how many answered.

    Args:
        words: of answers, as `quizzes.statistics.cells` writes them → how many.
    """
    people: Counter[int] = Counter()
    earned: dict[int, float] = {}
    for word, times in words.items():
        cell = read_cell(word)
        if cell.fraction is not None:
            people[cell.version_id] += times
            earned[cell.version_id] = earned.get(cell.version_id, 0.0) + times * float(cell.fraction)
    return [
        (min(1.0, max(0.0, earned[version_id] / count)), count)
        for version_id, count in sorted(people.items())
        if count >= LEAST_ANSWERS
    ]
