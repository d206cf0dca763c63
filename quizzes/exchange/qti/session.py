"""One sitting of an item: what its variables hold, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from quizzes.exchange.qti.declarations import OUTCOME, RESPONSE, Declaration
from quizzes.exchange.qti.values import SINGLE, QtiFault, Value, single

MAX_ERRORS = 100

_COMPLETION = Declaration(
    OUTCOME, "completionStatus", SINGLE, "identifier", single("identifier", "unknown"), Value()
)
_TRIES = Declaration(RESPONSE, "numAttempts", SINGLE, "integer", single("integer", 1), Value())
_DURATION = Declaration(RESPONSE, "duration", SINGLE, "duration", single("duration", 0.0), Value())
BUILT_IN = {one.identifier: one for one in (_COMPLETION, _TRIES, _DURATION)}
"""Variables every item has without declaring them; here it is being answered for the first time."""


@dataclass
class Session:
    """Variables by identifier. ``declared`` may be changed by template processing: keys and defaults."""

    declared: dict[str, Declaration]
    values: dict[str, Value] = field(default_factory=dict)
    rng: Random = field(default_factory=Random)
    errors: list[str] = field(default_factory=list)

    def begin(self, kinds: tuple[str, ...]) -> None:
        """Give all variables of these kinds what they begin with."""
        for declaration in self.declared.values():
            if declaration.kind in kinds:
                self.values[declaration.identifier] = declaration.initial

    def tell(self, message: object) -> None:
        """Note what went wrong, once."""
        text = str(message)
        if text not in self.errors and len(self.errors) < MAX_ERRORS:
            self.errors.append(text)

    def find(self, identifier: str) -> Declaration:
        """Return a variable's declaration.

        Raises:
            QtiFault: there is none.
        """
        found = self.declared.get(identifier) or BUILT_IN.get(identifier)
        if found is None:
            raise QtiFault(f"No variable {identifier!r} is declared.")
        return found

    def get(self, identifier: str) -> Value:
        """Return what a variable holds now.

        Raises:
            QtiFault: it is not declared.
        """
        declaration = self.find(identifier)
        return self.values.get(identifier, declaration.initial)

    def set(self, identifier: str, value: Value, kind: str) -> None:
        """Give a variable of that kind a value.

        Raises:
            QtiFault: it is not declared, of another kind, or cannot hold the value.
        """
        declaration = self.find(identifier)
        if declaration.kind != kind:
            raise QtiFault(f"{identifier} is no {kind} variable.")
        self.values[identifier] = declaration.fit(value)

    def set_correct(self, identifier: str, value: Value) -> None:
        """Change the right response of a response variable."""
        declaration = self.find(identifier)
        self.declared[identifier] = replace(declaration, correct=declaration.fit(value))

    def set_default(self, identifier: str, value: Value) -> None:
        """Change what a response or outcome variable begins with."""
        declaration = self.find(identifier)
        self.declared[identifier] = replace(declaration, default=declaration.fit(value))

    def outcomes(self) -> dict[str, Value]:
        """Return what all outcome variables hold: those declared, and built-in ones that were set."""
        found = {name: self.get(name) for name, one in self.declared.items() if one.kind == OUTCOME}
        built_in = {name: value for name, value in self.values.items() if name == _COMPLETION.identifier}
        return {**found, **built_in}
