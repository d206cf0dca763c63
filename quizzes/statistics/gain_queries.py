"""Reads: people who took the pretest and the posttest, whole and by objective, unsur and wilayah."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.text import fold
from quizzes.bank.models import Purpose, QuestionVersion, QuizVersion
from quizzes.statistics.cells import Cell, read_cell
from quizzes.statistics.gains import LEAST_IN_GROUP, Gain, Pair, gain_of
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Scope, papers_of

BEFORE, AFTER = Purpose.PRETEST.value, Purpose.POSTTEST.value
TESTS = (BEFORE, AFTER)


@dataclass
class Learner:
    """One person with what they earned and could earn before and after, in 10⁻⁷ of a mark."""

    enrolment_id: int
    cohort_id: int
    name: str
    element: str
    region_code: str
    # By test: [earned, possible], and the words of all answers.
    sums: dict[str, list[int]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=lambda: {test: [] for test in TESTS})

    @property
    def pair(self) -> Pair | None:
        """Before and after; None of who took one of them only."""
        return _pair(self, self.sums)


@dataclass(frozen=True)
class Group:
    """Some of the people, or what all of them know of something."""

    label: str
    gain: Gain


@dataclass(frozen=True)
class Learning:
    """What the people of a scope learned."""

    pairs: Sequence[Pair]
    gain: Gain
    # Took one of the tests only.
    unpaired: int
    objectives: Sequence[Group]
    elements: Sequence[Group]
    regions: Sequence[Group]
    # Groups with too few people to show: how many groups.
    too_small: int


def read_learning(session: Session, scope: Scope) -> Learning:
    """Return what people learned from the pretest to the posttest, in two queries."""
    return learning_of(session, read_learners(session, scope))


def learning_of(session: Session, learners: Sequence[Learner]) -> Learning:
    """Return what these people learned, in one query."""
    paired = [learner for learner in learners if learner.pair is not None]
    pairs = _pairs(paired)
    elements, few = _grouped(paired, lambda learner: learner.element)
    regions, fewer = _grouped(paired, lambda learner: learner.region_code)
    return Learning(
        pairs=pairs,
        gain=gain_of(pairs),
        unpaired=len(learners) - len(paired),
        objectives=_by_objective(session, paired),
        elements=elements,
        regions=regions,
        too_small=few + fewer,
    )


def list_cohort_gains(session: Session, learners: Sequence[Learner]) -> list[tuple[Cohort, Gain]]:
    """Return what each cohort learned, the newest first, in one query; those with pairs only."""
    groups: dict[int, list[Learner]] = defaultdict(list)
    for learner in learners:
        if learner.pair is not None:
            groups[learner.cohort_id].append(learner)
    query = select(Cohort).where(Cohort.id.in_(groups)).order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    return [(cohort, gain_of(_pairs(groups[cohort.id]))) for cohort in session.scalars(query)]


def read_learners(session: Session, scope: Scope) -> list[Learner]:
    """Return who handed in a pretest or a posttest that is marked, by name."""
    columns = (Enrolment.id, Enrolment.cohort_id, Enrolment.name, Enrolment.element, Enrolment.region_code)
    given = (QuizVersion.purpose, PaperTally.earned, PaperTally.possible, PaperTally.cells)
    query = (
        papers_of(scope, *columns, *given)
        .join(Enrolment, Enrolment.id == PaperTally.enrolment_id)
        .join(QuizVersion, QuizVersion.id == PaperTally.quiz_version_id)
        .where(QuizVersion.purpose.in_(TESTS), PaperTally.earned.is_not(None), PaperTally.possible > 0)
        .order_by(Enrolment.name_folded, Enrolment.id, PaperTally.attempt_id)
    )
    found: dict[int, Learner] = {}
    for enrolment_id, cohort_id, name, element, region, test, earned, possible, cells in session.execute(
        query
    ):
        learner = found.setdefault(enrolment_id, Learner(enrolment_id, cohort_id, name, element, region))
        _add(learner.sums, test, earned, possible)
        learner.words[test] += cells.split(" ")
    return list(found.values())


def _add(sums: dict[str, list[int]], test: str, earned: int, possible: int) -> None:
    held = sums.setdefault(test, [0, 0])
    held[0] += earned
    held[1] += possible


def _pair(learner: Learner, sums: Mapping[str, Sequence[int]]) -> Pair | None:
    if any(test not in sums or not sums[test][1] for test in TESTS):
        return None
    before, after = (100 * sums[test][0] / sums[test][1] for test in TESTS)
    return Pair(learner.enrolment_id, learner.name, before, after)


def _pairs(learners: Iterable[Learner]) -> list[Pair]:
    return [pair for pair in (learner.pair for learner in learners) if pair is not None]


def _grouped(learners: Iterable[Learner], key: Callable[[Learner], str]) -> tuple[list[Group], int]:
    """Return the groups that are large enough, by name, and how many are not."""
    groups: dict[str, list[Learner]] = defaultdict(list)
    for learner in learners:
        groups[key(learner)].append(learner)
    large = {label: found for label, found in groups.items() if len(found) >= LEAST_IN_GROUP}
    shown = [Group(label, gain_of(_pairs(found))) for label, found in sorted(large.items())]
    return shown, len(groups) - len(large)


def _by_objective(session: Session, learners: Sequence[Learner]) -> list[Group]:
    """Return what was learned of each objective that both tests ask, what was learned least first."""
    words = {word for learner in learners for test in TESTS for word in learner.words[test]}
    cells = {word: cell for word, cell in ((word, read_cell(word)) for word in words) if not cell.is_voided}
    names = _objectives(session, {cell.version_id for cell in cells.values()})
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for learner in learners:
        for key, sums in _sums_by(learner, cells, names).items():
            pair = _pair(learner, sums)
            if key and pair is not None:
                pairs[key].append(pair)
    labels = {fold(name): name for name in sorted(names.values(), reverse=True)}
    large = [
        Group(labels[key], gain_of(found)) for key, found in pairs.items() if len(found) >= LEAST_IN_GROUP
    ]
    return sorted(large, key=lambda group: (_order(group.gain), group.label))


def _sums_by(
    learner: Learner, cells: Mapping[str, Cell], names: Mapping[int, str]
) -> dict[str, dict[str, list[int]]]:
    """Return by objective and test what somebody earned and could earn."""
    found: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for test in TESTS:
        for cell in (cells[word] for word in learner.words[test] if word in cells):
            _add(found[fold(names.get(cell.version_id, ""))], test, cell.earned, cell.maximum)
    return found


def _order(gain: Gain) -> float:
    return (gain.after or 0.0) - (gain.before or 0.0)


def _objectives(session: Session, version_ids: Iterable[int]) -> dict[int, str]:
    objective = QuestionVersion.source["objective"].as_string()
    query = select(QuestionVersion.id, objective).where(QuestionVersion.id.in_(version_ids))
    return {version_id: name or "" for version_id, name in session.execute(query)}
