"""What an item declares: its responses, outcomes and template variables."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.mappings import (
    AreaMapping,
    Mapping,
    Table,
    read_area_mapping,
    read_mapping,
    read_table,
)
from quizzes.exchange.qti.names import child, children, text_of
from quizzes.exchange.qti.values import (
    BASE_TYPES,
    CARDINALITIES,
    NUMBERS,
    RECORD,
    SINGLE,
    QtiFault,
    Scalar,
    Value,
    container,
    read_scalar,
    single,
)

RESPONSE, OUTCOME, TEMPLATE, CONTEXT = "response", "outcome", "template", "context"
KINDS = (RESPONSE, OUTCOME, TEMPLATE, CONTEXT)

_ZERO: dict[str, Scalar] = {"integer": 0, "float": 0.0}


@dataclass(frozen=True)
class Declaration:
    """A variable of an item. ``default`` and ``correct`` are NULL where nothing is said."""

    kind: str
    identifier: str
    cardinality: str
    base_type: str
    default: Value
    correct: Value
    mapping: Mapping | None = None
    areas: AreaMapping | None = None
    table: Table | None = None

    @property
    def null(self) -> Value:
        """Return NULL of this variable's type."""
        return Value(self.cardinality, self.base_type)

    @property
    def initial(self) -> Value:
        """Return what it has before any processing: outcomes that are one number begin with 0."""
        if self.default.is_null and self.kind == OUTCOME and self.cardinality == SINGLE:
            return single(self.base_type, _ZERO[self.base_type]) if self.base_type in NUMBERS else self.null
        return self.default

    def fit(self, value: Value) -> Value:
        """Return ``value`` as this variable can hold it: whole numbers become floats and back.

        Raises:
            QtiFault: it has another cardinality or base type.
        """
        if value.is_null:
            return self.null
        if value.cardinality != self.cardinality:
            raise QtiFault(f"{self.identifier} is {self.cardinality}, the value is {value.cardinality}.")
        if self.cardinality == RECORD:
            return value
        items = tuple(self._fit_scalar(value.base_type, item) for item in value.items)
        return replace(value, base_type=self.base_type, items=items)

    def _fit_scalar(self, base_type: str, scalar: Scalar) -> Scalar:
        wanted = self.base_type
        if base_type == wanted or {base_type, wanted} <= {"identifier", "string", "uri", "intOrIdentifier"}:
            return scalar
        if wanted in ("float", "duration") and base_type in (*NUMBERS, "duration"):
            return float(scalar) if isinstance(scalar, int | float) else scalar
        if wanted == "integer" and isinstance(scalar, float) and scalar.is_integer():
            return int(scalar)
        raise QtiFault(f"{self.identifier} is of type {wanted}, the value is of type {base_type}.")


def read_declaration(element: XmlElement, kind: str) -> Declaration:
    """Return the variable an element declares.

    Raises:
        QtiFault: it has no name, an unknown type, or values that are not of its type.
    """
    said = element.attributes
    identifier = said.get("identifier", "").strip()
    cardinality = said.get("cardinality", SINGLE).strip()
    base_type = said.get("base-type", "").strip()
    if not identifier:
        raise QtiFault(f"Line {element.line}: a declaration has no identifier.")
    if cardinality not in CARDINALITIES:
        raise QtiFault(f"Line {element.line}: there is no cardinality {cardinality!r}.")
    if cardinality != RECORD and base_type not in BASE_TYPES:
        raise QtiFault(f"Line {element.line}: there is no base type {base_type!r}.")
    return Declaration(
        kind,
        identifier,
        cardinality,
        base_type,
        read_values(child(element, "default-value"), cardinality, base_type),
        read_values(child(element, "correct-response"), cardinality, base_type),
        read_mapping(element, base_type) if kind == RESPONSE else None,
        read_area_mapping(element) if kind == RESPONSE else None,
        read_table(element) if kind == OUTCOME else None,
    )


def read_values(element: XmlElement | None, cardinality: str, base_type: str) -> Value:
    """Return the values written within, NULL if there are none."""
    written = children(element, "value") if element is not None else []
    if not written:
        return Value(cardinality, base_type)
    if cardinality == RECORD:
        return Value(RECORD, fields={_field_name(value): _field(value) for value in written})
    items = [read_scalar(value.attributes.get("base-type", base_type), _written(value)) for value in written]
    if cardinality == SINGLE:
        return single(base_type, items[0])
    return container(cardinality, base_type, items)


def _field_name(value: XmlElement) -> str:
    return value.attributes.get("field-identifier", "").strip()


def _field(value: XmlElement) -> Value:
    base_type = value.attributes.get("base-type", "string").strip()
    return single(base_type, read_scalar(base_type, _written(value)))


def _written(value: XmlElement) -> str:
    return text_of(value).strip()
