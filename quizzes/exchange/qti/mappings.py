"""What a declaration says about the worth of responses: mapping, areas, and tables of outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.names import child, children
from quizzes.exchange.qti.shapes import Shape, read_shape
from quizzes.exchange.qti.values import CONTAINERS, QtiFault, Scalar, Value, key_of, read_scalar


@dataclass(frozen=True)
class Bounds:
    """What a sum may not go beyond, and what is mapped where nothing fits."""

    default: float = 0.0
    lower: float | None = None
    upper: float | None = None

    def keep(self, total: float) -> float:
        """Return the total within the bounds."""
        if self.lower is not None and total < self.lower:
            return self.lower
        return self.upper if self.upper is not None and total > self.upper else total


@dataclass(frozen=True)
class MapEntry:
    """One line of a mapping."""

    key: Scalar
    worth: float
    is_case_sensitive: bool = True

    def fits(self, base_type: str, scalar: Scalar) -> bool:
        """Say whether the scalar is the one meant."""
        if isinstance(scalar, str) and isinstance(self.key, str) and not self.is_case_sensitive:
            return scalar.casefold() == self.key.casefold()
        return key_of(base_type, scalar) == key_of(base_type, self.key)


@dataclass(frozen=True)
class Mapping:
    """The worth of each member; the whole is the sum, each different member counted once."""

    bounds: Bounds
    entries: Sequence[MapEntry]

    def worth(self, value: Value) -> float:
        """Return what a response is worth: none at all the default, an empty set nothing."""
        if value.cardinality not in CONTAINERS:
            return self.bounds.keep(self._of(value, value.items[0]) if value.items else self.bounds.default)
        different = {key_of(value.base_type, item): item for item in value.items}
        return self.bounds.keep(sum(self._of(value, item) for item in different.values()))

    def _of(self, value: Value, item: Scalar) -> float:
        fitting = (entry.worth for entry in self.entries if entry.fits(value.base_type, item))
        return next(fitting, self.bounds.default)


@dataclass(frozen=True)
class AreaMapping:
    """The worth of areas; each counts once, however many points fall into it."""

    bounds: Bounds
    areas: Sequence[tuple[Shape, float]]

    def worth(self, value: Value) -> float:
        """Return what the points are worth; those in no area are worth the default each."""
        hit: set[int] = set()
        total = 0.0
        for point in value.items:
            found = self._area_of(point)
            if found is None:
                total += self.bounds.default
            elif found not in hit:
                hit.add(found)
                total += self.areas[found][1]
        return self.bounds.keep(total)

    def _area_of(self, point: Scalar) -> int | None:
        return next((n for n, (shape, _) in enumerate(self.areas) if shape.holds(point)), None)


@dataclass(frozen=True)
class Table:
    """Outcomes by a number: exactly the number (match table), or from a number on (interpolation table).

    Rows are (number, whether it is meant itself, outcome as text); an interpolation table is read from its
    first row on, as written.
    """

    is_interpolation: bool
    rows: Sequence[tuple[float, bool, str]]
    default: str | None

    def look_up(self, number: float) -> str | None:
        """Return the outcome as text, None when no row fits and there is no default."""
        for source, includes, target in self.rows:
            if number == source and includes:
                return target
            if self.is_interpolation and number > source:
                return target
        return self.default


def read_mapping(declaration: XmlElement, base_type: str) -> Mapping | None:
    """Return the mapping of a response declaration, if it has one."""
    found = child(declaration, "mapping")
    if found is None:
        return None
    return Mapping(_bounds(found), [_entry(entry, base_type) for entry in children(found, "map-entry")])


def _entry(entry: XmlElement, base_type: str) -> MapEntry:
    said = entry.attributes
    sensitive = said.get("case-sensitive", "true").strip() not in ("false", "0")
    key = read_scalar(base_type, said.get("map-key", ""))
    return MapEntry(key, number_of(said, "mapped-value"), sensitive)


def read_area_mapping(declaration: XmlElement) -> AreaMapping | None:
    """Return the area mapping of a response declaration, if it has one."""
    found = child(declaration, "area-mapping")
    if found is None:
        return None
    entries = children(found, "area-map-entry")
    areas = [(read_shape(entry.attributes), number_of(entry.attributes, "mapped-value")) for entry in entries]
    return AreaMapping(_bounds(found), areas)


def _bounds(element: XmlElement) -> Bounds:
    said = element.attributes
    lower = number_of(said, "lower-bound") if "lower-bound" in said else None
    upper = number_of(said, "upper-bound") if "upper-bound" in said else None
    return Bounds(number_of(said, "default-value") if "default-value" in said else 0.0, lower, upper)


def read_table(declaration: XmlElement) -> Table | None:
    """Return the lookup table of an outcome declaration, if it has one."""
    for name in ("match-table", "interpolation-table"):
        found = child(declaration, name)
        if found is not None:
            rows = [_row(entry) for entry in children(found, f"{name}-entry")]
            return Table(name.startswith("inter"), rows, found.attributes.get("default-value"))
    return None


def _row(entry: XmlElement) -> tuple[float, bool, str]:
    said = entry.attributes
    includes = said.get("include-boundary", "true").strip() not in ("false", "0")
    return number_of(said, "source-value"), includes, said.get("target-value", "")


def number_of(attributes: dict[str, str], name: str) -> float:
    """Return an attribute that must be a number.

    Raises:
        QtiFault: it is missing or no number.
    """
    if name not in attributes:
        raise QtiFault(f"The attribute {name} is missing.")
    number = read_scalar("float", attributes[name])
    assert isinstance(number, float)
    return number
