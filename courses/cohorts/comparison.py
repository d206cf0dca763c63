"""The dry run: each row of a roster beside the people a branch knows; pure, and done again at applying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from courses.cohorts.roster import CheckedRow, Person
from lms.core.errors import Invalid
from lms.core.text import fold

ANOTHER = "new"
"""The choice "this is another person"."""

MAX_OPTIONS = 5
"""People of one name offered for one row: a file of 2,000 namesakes stays a page."""


class State(StrEnum):
    """How a row stands."""

    # Nobody like this is known.
    NEW = "new"
    # Same telephone number, or same name, organisation and region as somebody.
    KNOWN = "known"
    # Known, and in this cohort already.
    PRESENT = "present"
    # Same name as somebody else, or the file has this person twice.
    TWIN = "twin"
    # Something is wrong with the row itself.
    FAULTY = "faulty"


@dataclass(frozen=True)
class KnownPerson:
    """Somebody the branch has trained, as one of its rosters says."""

    user_id: int
    person: Person
    # The cohort that roster was of.
    cohort_name: str
    # This person's enrolment in the cohort the roster is for, if there is one.
    enrolment_id: int | None
    is_withdrawn: bool

    @property
    def is_in_cohort(self) -> bool:
        """Whether this person is in the cohort already, withdrawn or not."""
        return self.enrolment_id is not None


@dataclass(frozen=True)
class Option:
    """An answer to "who is this?": a known account (``user-7``) or an earlier row of the file (``row-4``)."""

    value: str
    person: Person
    known: KnownPerson | None = None
    line: int | None = None


@dataclass(frozen=True)
class ComparedRow:
    """A row with its state, who it may be, and what we would choose; ``suggestion`` "" asks the organiser."""

    row: CheckedRow
    state: State
    options: tuple[Option, ...] = ()
    suggestion: str = ANOTHER

    @property
    def field(self) -> str:
        """Name of the form field that holds the decision."""
        return f"row-{self.row.line}"

    @property
    def suggested(self) -> Option | None:
        """Who we take this to be; None for another person, or while nobody is suggested."""
        return next((option for option in self.options if option.value == self.suggestion), None)


@dataclass(frozen=True)
class DryRun:
    """A whole roster, compared."""

    rows: tuple[ComparedRow, ...]

    def count(self, state: str) -> int:
        """Return how many rows are in a state."""
        return sum(row.state == state for row in self.rows)

    @property
    def is_ready(self) -> bool:
        """Whether it can be applied once the decisions are made: no row is faulty."""
        return all(row.state is not State.FAULTY for row in self.rows)

    @property
    def undecided_count(self) -> int:
        """How many rows have no suggestion: the organiser says who they are."""
        return sum(not row.suggestion for row in self.rows)


@dataclass(frozen=True)
class Plan:
    """What applying will do: whom to enrol with which account, and which withdrawn people come back."""

    enrol: tuple[tuple[Person, int | None], ...]
    reinstate: tuple[int, ...]
    unchanged_count: int


class Undecided(Invalid):
    """Rows wait for a decision, or two rows ask for the same person; ``lines`` names them."""

    def __init__(self, message: object, lines: Sequence[int]) -> None:
        super().__init__(message)
        self.lines = tuple(lines)


def compare(rows: Iterable[CheckedRow], known: Iterable[KnownPerson]) -> DryRun:
    """Return every row with its state and the people it may be."""
    book = _Book(known)
    compared = []
    for row in rows:
        compared.append(_compare_row(row, book))
        book.note(row)
    return DryRun(tuple(compared))


def compare_person(person: Person, known: Iterable[KnownPerson]) -> tuple[Option, ...]:
    """Return the known people one person may be, for the form of a late-comer."""
    return _Book(known).options_for(person)


def plan(dry_run: DryRun, decisions: Mapping[str, str]) -> Plan:
    """Return what applying will do with these decisions, by field name; a missing one takes the suggestion.

    Raises:
        Invalid: a row is faulty.
        Undecided: a row waits for a decision or has one that is not offered, or a person is chosen twice.
    """
    if not dry_run.is_ready:
        raise Invalid(
            _l("Some rows are faulty. Correct them in the file and send it again: nothing was changed.")
        )
    choices = [(row, decisions.get(row.field) or row.suggestion) for row in dry_run.rows]
    _check_choices(choices)
    enrol: list[tuple[Person, int | None]] = []
    reinstate: list[int] = []
    for row, choice in choices:
        known = next((option.known for option in row.options if option.value == choice), None)
        if choice == ANOTHER or (known is not None and not known.is_in_cohort):
            assert row.row.person is not None
            enrol.append((row.row.person, None if known is None else known.user_id))
        elif known is not None and known.is_withdrawn and known.enrolment_id is not None:
            reinstate.append(known.enrolment_id)
    return Plan(tuple(enrol), tuple(reinstate), len(choices) - len(enrol) - len(reinstate))


def _check_choices(choices: list[tuple[ComparedRow, str]]) -> None:
    undecided = [row.row.line for row, choice in choices if choice not in _allowed(row)]
    if undecided:
        raise Undecided(_l("Decide who these people are: the rows are marked."), undecided)
    counts = Counter(choice for _, choice in choices if choice.startswith("user-"))
    twice = [row.row.line for row, choice in choices if counts[choice] > 1]
    if twice:
        raise Undecided(_l("Two rows were said to be the same person: the rows are marked."), twice)


def _allowed(row: ComparedRow) -> set[str]:
    return {ANOTHER, *(option.value for option in row.options)}


def _compare_row(row: CheckedRow, book: _Book) -> ComparedRow:
    if row.person is None:
        return ComparedRow(row, State.FAULTY)
    options = (*book.options_for(row.person), *book.earlier_rows(row.person))
    if not options:
        return ComparedRow(row, State.NEW)
    sure = next((option for option in options if _is_surely(row.person, option.person)), None)
    if sure is not None:
        return ComparedRow(row, _state_of(sure), options, suggestion=sure.value)
    same_phone = any(option.known and _has_phone(row.person, option.person) for option in options)
    return ComparedRow(row, State.KNOWN if same_phone else State.TWIN, options, suggestion="")


def _state_of(option: Option) -> State:
    if option.known is None:
        return State.TWIN
    return State.PRESENT if option.known.is_in_cohort and not option.known.is_withdrawn else State.KNOWN


def _is_surely(person: Person, other: Person) -> bool:
    same_name = fold(person.name) == fold(other.name)
    return person.identity == other.identity or (same_name and _has_phone(person, other))


def _has_phone(person: Person, other: Person) -> bool:
    return person.phone is not None and person.phone == other.phone


class _Book:
    """People by telephone number and folded name: those the branch knows, and the rows met so far."""

    def __init__(self, known: Iterable[KnownPerson]) -> None:
        self._known = _by_key((person.person, person) for person in known)
        self._rows: dict[str, list[CheckedRow]] = {}

    def note(self, row: CheckedRow) -> None:
        """Remember a row of the file for those that follow; of many namesakes the first are enough."""
        for key in _keys(row.person) if row.person else ():
            rows = self._rows.setdefault(key, [])
            if len(rows) < MAX_OPTIONS:
                rows.append(row)

    def options_for(self, person: Person) -> tuple[Option, ...]:
        """Return the known people this may be, one option per account, the surest first."""
        found: dict[int, KnownPerson] = {}
        for key in _keys(person):
            for known in self._known.get(key, []):
                if known.user_id not in found or _is_surely(person, known.person):
                    found[known.user_id] = known
        order = sorted(found.values(), key=lambda known: not _is_surely(person, known.person))
        return tuple(
            Option(f"user-{known.user_id}", known.person, known=known) for known in order[:MAX_OPTIONS]
        )

    def earlier_rows(self, person: Person) -> tuple[Option, ...]:
        """Return the earlier rows of the file this may be."""
        rows = {row.line: row for key in _keys(person) for row in self._rows.get(key, [])}
        return tuple(
            Option(f"row-{line}", row.person, line=line)
            for line, row in sorted(rows.items())[:MAX_OPTIONS]
            if row.person
        )


def _keys(person: Person) -> list[str]:
    return [f"name:{fold(person.name)}", *([f"phone:{person.phone}"] if person.phone else [])]


def _by_key(people: Iterable[tuple[Person, KnownPerson]]) -> dict[str, list[KnownPerson]]:
    found: dict[str, list[KnownPerson]] = {}
    for person, known in people:
        for key in _keys(person):
            found.setdefault(key, []).append(known)
    return found
