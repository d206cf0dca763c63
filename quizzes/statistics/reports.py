"""What the papers of a quiz tell of each question and of the whole, and what to do about it. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from quizzes.live.facility import LEAST_PEOPLE, Interval, wilson
from quizzes.statistics.cells import Cell, read_cell
from quizzes.statistics.classical import (
    DUBIOUS_EFFICIENCY,
    ItemMarks,
    ItemStatistics,
    QuizStatistics,
    analyse_item,
    analyse_items,
    analyse_quiz,
)
from quizzes.statistics.distractors import Choices, Chosen, Option, count_choices
from quizzes.statistics.guessing import guess_score
from quizzes.statistics.intervals import Prior, bonett, fisher
from quizzes.statistics.items import (
    LEAST_FOR_DISCRIMINATION,
    Discrimination,
    Facility,
    ItemAnalysis,
)
from quizzes.statistics.papers import Found, Papers
from quizzes.statistics.places import Asked, Place

UNIT = 10_000_000
ENOUGH = 100
"""About so many answers tell of a question what further ones confirm; with fewer it is said."""

TO_CHECK = ("lure", "key", "hard", "weak")
"""Findings that ask for a look at the question, the gravest first."""


@dataclass(frozen=True)
class Part:
    """A question drawn at a place, or one variant of a calculated question (0: none)."""

    asked: Asked
    variant: int
    statistics: ItemStatistics


@dataclass(frozen=True)
class Row:
    """One place of the paper."""

    place: Place
    statistics: ItemStatistics
    analysis: ItemAnalysis
    # Facility drawn towards the questions of the bank, 0–1; None with too few people, or of too small a bank.
    shrunk: float | None
    # By question version, of those that have answers to choose. Of a slot that draws several questions, all
    # its places together stand at the first: `last` is the number of its last place.
    choices: Mapping[int, Choices]
    parts: Sequence[Part]
    last: int
    # Papers on which it did not count.
    left_out: int

    @property
    def lure(self) -> tuple[Asked, Option] | None:
        """The wrong answer those who know most prefer, and the question it belongs to."""
        for asked in self.place.versions:
            option = self.choices[asked.version_id].lure if asked.version_id in self.choices else None
            if option is not None:
                return asked, option
        return None

    @property
    def finding(self) -> str:
        """What to do about it, as a word: "lure", or one of `ItemAnalysis.finding`."""
        return "lure" if self.lure else self.analysis.finding

    @property
    def is_dubious(self) -> bool:
        """Whether Moodle would mark it so."""
        efficiency = self.statistics.discriminative_efficiency
        return efficiency is not None and efficiency < DUBIOUS_EFFICIENCY


@dataclass(frozen=True)
class QuizReport:
    """One version of a quiz among some people."""

    quiz: QuizStatistics
    cic_interval: Interval | None
    rows: Sequence[Row]
    waiting: int
    aside: int
    # Percent (0–100, in tens: 0 to below 10 first) → papers; all right counts to the last.
    histogram: Sequence[int]
    # What facilities are drawn towards.
    prior: Prior | None = None

    @property
    def is_enough(self) -> bool:
        """Whether more papers would hardly change anything."""
        return self.quiz.attempts >= ENOUGH

    @property
    def to_check(self) -> list[Row]:
        """Rows that ask for a look, the gravest first."""
        found = [row for row in self.rows if row.finding in TO_CHECK]
        return sorted(found, key=lambda row: (TO_CHECK.index(row.finding), row.place.number))

    def percent(self, marks: float | None) -> float | None:
        """Return marks as a share of the paper, 0–100."""
        return self.quiz.percent(marks)


class _Seen(NamedTuple):
    """An answer, the total of its paper, and how many papers have both."""

    cell: Cell
    total: int
    times: int


def build_report(places: Sequence[Place], found: Found, *, prior: Prior | None = None) -> QuizReport:
    """Return the report of a quiz version; ``prior`` is how the questions of the bank did."""
    seen = _by_place(places, found.papers)
    items = [_item(place, seen[place.number]) for place in places]
    counted = [item for item in items if item.pairs]
    statistics = dict(zip((item.name for item in counted), analyse_items(counted), strict=True))
    quiz = analyse_quiz(found.papers.totals, counted, unit=UNIT)
    cic = None if quiz.cic is None else bonett(quiz.cic, len(counted), quiz.attempts)
    slots = {place.slot: [one.number for one in places if one.slot == place.slot] for place in places}
    rows = [
        _row(place, seen, statistics.get(item.name) or analyse_item(item), slots[place.slot], prior)
        for place, item in zip(places, items, strict=True)
    ]
    return QuizReport(quiz, cic, rows, found.waiting, found.aside, _histogram(found.papers), prior)


def _by_place(places: Sequence[Place], papers: Papers) -> dict[int, list[_Seen]]:
    # What is named at one place and may be drawn at another stands where it is named.
    numbers = {
        asked.version_id: place.number
        for place in sorted(places, key=lambda place: not place.is_drawn)
        for asked in place.versions
    }
    found: dict[int, list[_Seen]] = {place.number: [] for place in places}
    cells: dict[str, Cell] = {}
    for total, words in papers.words.items():
        for word, times in words.items():
            plain, _, placed = word.partition("#")
            if plain not in cells:
                cells[plain] = read_cell(plain)
            number = int(placed) if placed else numbers.get(cells[plain].version_id)
            if number is not None:
                found[number].append(_Seen(cells[plain], total, times))
    return found


def _item(place: Place, seen: Iterable[_Seen]) -> ItemMarks:
    guesses = {guess_score(asked.type, asked.content) for asked in place.versions}
    guess = guesses.pop() if len(guesses) == 1 else None
    counted = [one for one in seen if not one.cell.is_voided]
    return ItemMarks(str(place.number), place.maximum, _pairs(counted), guess)


def _pairs(seen: Iterable[_Seen]) -> Counter[tuple[int, int]]:
    pairs: Counter[tuple[int, int]] = Counter()
    for cell, total, times in seen:
        pairs[cell.earned, total] += times
    return pairs


def _row(
    place: Place,
    seen: Mapping[int, Sequence[_Seen]],
    statistics: ItemStatistics,
    numbers: Sequence[int],
    prior: Prior | None,
) -> Row:
    mine = seen[place.number]
    voided = [one for one in mine if one.cell.is_voided]
    if voided and len(voided) == len(mine):
        # Left out for everybody: it is in no total, but what people chose still tells why.
        statistics = analyse_item(ItemMarks(str(place.number), place.maximum, _pairs(mine), None, False))
    analysis = judge(statistics)
    whole = [one for number in numbers for one in seen[number]] if place.number == numbers[0] else []
    return Row(
        place=place,
        statistics=statistics,
        analysis=analysis,
        shrunk=_shrunk(analysis, prior),
        choices=_choices(place, whole),
        parts=_parts(place, whole),
        last=numbers[-1],
        left_out=sum(one.times for one in voided),
    )


def judge(statistics: ItemStatistics) -> ItemAnalysis:
    """Return what so many people can tell of a question."""
    people, facility, discrimination = statistics.papers, None, None
    if people >= LEAST_PEOPLE and statistics.facility is not None:
        share = min(1.0, max(0.0, statistics.facility / 100))
        facility = Facility(Decimal(repr(share)), wilson(share, people))
    index = statistics.discrimination_index
    if people >= LEAST_FOR_DISCRIMINATION and index is not None:
        interval = fisher(index / 100, people)
        discrimination = Discrimination(index / 100, interval) if interval else None
    return ItemAnalysis(people, facility, discrimination)


def _choices(place: Place, seen: Sequence[_Seen]) -> dict[int, Choices]:
    found = {}
    for asked in place.versions:
        chosen: Counter[tuple[Chosen, int]] = Counter()
        for cell, total, times in seen:
            if cell.version_id == asked.version_id:
                rest = total if cell.is_voided else total - cell.earned
                chosen[cell.chosen, rest] += times
        choices = count_choices(asked.type, asked.content, chosen) if chosen else None
        if choices is not None:
            found[asked.version_id] = choices
    return found


def _parts(place: Place, seen: Sequence[_Seen]) -> list[Part]:
    """Return the questions of a draw, each beside the whole total, or the variants of a named question."""
    groups: dict[tuple[int, int], list[_Seen]] = defaultdict(list)
    for one in seen:
        if not one.cell.is_voided:
            groups[one.cell.version_id, 0].append(one)
            if one.cell.variant:
                groups[one.cell.version_id, one.cell.variant].append(one)
    asked = {one.version_id: one for one in place.versions}
    wanted = [key for key in sorted(groups) if key[1] or place.is_drawn]
    return [
        Part(
            asked[version],
            variant,
            analyse_item(
                ItemMarks(
                    str(place.number),
                    place.maximum,
                    _pairs(groups[version, variant]),
                    guess_score(asked[version].type, asked[version].content),
                    is_in_total=not place.is_drawn,
                )
            ),
        )
        for version, variant in wanted
    ]


def _shrunk(analysis: ItemAnalysis, prior: Prior | None) -> float | None:
    if analysis.facility is None or prior is None:
        return None
    return prior.shrink(float(analysis.facility.share), analysis.people)


def _histogram(papers: Papers) -> list[int]:
    bars = [0] * 10
    for total, times in papers.totals.items():
        bars[min(9, 10 * total // papers.possible) if papers.possible else 0] += times
    return bars
