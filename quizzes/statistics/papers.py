"""Reads: the papers a report is about, counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Float

from courses.cohorts.models import Cohort
from quizzes.statistics.models import PaperTally
from quizzes.statistics.places import Draw

WHICH = {
    "pertama": _l("First attempt of each person"),
    "terakhir": _l("Last attempt of each person"),
    "terbaik": _l("Best attempt of each person"),
    "semua": _l("All attempts"),
}
"""Which papers of a person count; the first is the default, as nobody had seen the answers by then."""

_AT_ONCE = 2000


@dataclass(frozen=True)
class Scope:
    """Whose papers: of one cohort, of some branches (None: of all), and which attempts of each person.

    People of the demo and people of cohorts are never counted together: ``is_demo`` says which (None: where
    no cohort of the other kind can be meant).
    """

    cohort_id: int | None = None
    branch_ids: frozenset[int] | None = None
    which: str = "pertama"
    is_demo: bool | None = None


@dataclass
class Papers:
    """Papers with the same questions, counted by what they earned (10⁻⁷ of a mark)."""

    possible: int = 0
    totals: Counter[int] = field(default_factory=Counter)
    # Total of a paper → word of an answer → how many; one that could stand at several places ends in "#2".
    words: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def count(self) -> int:
        """How many papers there are."""
        return self.totals.total()


@dataclass(frozen=True)
class Found:
    """What is analysed, and what is not."""

    papers: Papers = field(default_factory=Papers)
    # An answer of theirs waits for a person.
    waiting: int = 0
    # Other questions count on them than on most: a question was left out, or it was paused.
    aside: int = 0


def read_papers(session: Session, scope: Scope, draws: Mapping[int, Sequence[Draw]]) -> dict[int, Found]:
    """Return the papers of some quiz versions, in one query; a version nobody handed in is missing.

    Papers on which other questions count have totals that cannot be compared; the most frequent kind is
    analysed, the others are counted.

    Args:
        scope: whose.
        draws: by quiz version the slots of which a question does not tell its place.
    """
    query = papers_of(
        scope, PaperTally.quiz_version_id, PaperTally.earned, PaperTally.possible, PaperTally.cells
    ).where(PaperTally.quiz_version_id.in_(draws))
    waiting: Counter[int] = Counter()
    kinds: dict[int, dict[int, Papers]] = defaultdict(dict)
    for version_id, earned, possible, cells in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        of_version = kinds[version_id]
        if earned is None:
            waiting[version_id] += 1
            continue
        papers = of_version.setdefault(possible, Papers(possible))
        words, slots = cells.split(" "), draws[version_id]
        papers.totals[earned] += 1
        papers.words[earned].update(_placed(words, slots) if slots else words)
    return {version_id: _most(kinds[version_id], waiting[version_id]) for version_id in kinds}


def _most(kinds: Mapping[int, Papers], waiting: int) -> Found:
    most = max(kinds.values(), key=lambda papers: papers.count, default=Papers())
    return Found(most, waiting, sum(papers.count for papers in kinds.values()) - most.count)


def _placed(words: Iterable[str], draws: Sequence[Draw]) -> list[str]:
    """Return the words, each that could stand at several places with the number of its own: "…#2"."""
    turns = [0] * len(draws)
    found = []
    for word in words:
        version_id = int(word.partition(":")[0])
        for place, draw in enumerate(draws):
            if version_id in draw.version_ids and turns[place] < len(draw.numbers):
                found.append(f"{word}#{draw.numbers[turns[place]]}")
                turns[place] += 1
                break
        else:
            found.append(word)
    return found


def papers_of(scope: Scope, *columns: Any) -> Select[Any]:
    """Return a query over the papers of a scope."""
    query = select(*columns).select_from(PaperTally)
    if scope.cohort_id is not None:
        query = query.where(PaperTally.cohort_id == scope.cohort_id)
    if scope.branch_ids is not None or scope.is_demo is not None:
        query = query.join(Cohort, Cohort.id == PaperTally.cohort_id)
    if scope.branch_ids is not None:
        query = query.where(Cohort.branch_id.in_(scope.branch_ids))
    if scope.is_demo is not None:
        query = query.where(Cohort.is_demo.is_(scope.is_demo))
    counts = counts_as(scope.which)
    return query if counts is None else query.where(counts)


def counts_as(which: str) -> ColumnElement[bool] | None:
    """Return the condition that a paper is the one of its person that counts; None: all do."""
    other = aliased(PaperTally)
    before = {
        "pertama": other.number < PaperTally.number,
        "terakhir": other.number > PaperTally.number,
        "terbaik": or_(
            _share(other) > _share(PaperTally),
            and_(_share(other) == _share(PaperTally), other.number < PaperTally.number),
        ),
    }
    if which not in before:
        return None
    same = and_(other.enrolment_id == PaperTally.enrolment_id, other.quiz_id == PaperTally.quiz_id)
    return ~exists().where(same, before[which])


def _share(tally: type[PaperTally]) -> ColumnElement[float]:
    return func.coalesce(cast(tally.earned, Float) / func.nullif(tally.possible, 0), -1.0)
