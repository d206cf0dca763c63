"""The contract of a question type: one module, one template, one test, one line in the register.

A question lives in four forms:

``source``    as the author wrote it (YAML or the editor), JSON, with ``{fakta:…}`` unresolved
``content``   resolved at a law date: texts as HTML, numbers as strings; holds the key; stays on the server
``prepared``  what was fixed for one paper when the attempt started: order of options, variables
``answer``    what a person said, parsed, in terms of ``content`` (never of positions on the paper)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, ClassVar, Protocol

from quizzes.types.rubric import Criterion

Json = dict[str, Any]
Raw = Mapping[str, Sequence[str]]
"""Form values of one question as sent, without the prefix of the question: ``{"choice": ["2"]}``."""


class FormatError(ValueError):
    """The input cannot be read: not wrong, not an answer. The message is shown at the field."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


class FieldFault(ValueError):
    """A source cannot be resolved; ``field`` is the part of it that is at fault, e.g. "variables"."""

    def __init__(self, field: str, message: object) -> None:
        super().__init__(str(message))
        self.field = field


@dataclass(frozen=True)
class Grade:
    """What an answer earns, before marks: ``fraction`` 0–1 exact, and a sentence on how it came about."""

    fraction: Decimal
    comment: str = ""


class Resolver(Protocol):
    """How a type turns what the author wrote into what holds at the law date."""

    def html(self, text: str) -> str:
        """Return inline Markdown with facts, citations and terms as safe HTML."""

    def plain(self, text: str) -> str:
        """Return the same as plain text."""

    def number(self, expression: Any) -> Decimal:
        """Return the value of ``{fact: …}``, ``{product: […]}``, ``{sum: […]}`` or a plain number.

        Raises:
            ValueError: unknown key, no value at the law date, or a fact marked `memory`.
        """


@dataclass(frozen=True)
class Example:
    """A sample of a type: feeds the contract test, the demo and the docs.

    ``right``, ``half``, ``wrong`` and ``unreadable`` are raw form values for the *unshuffled* paper;
    ``half`` maps raw values to the fraction they earn.
    """

    source: Json
    right: Raw
    wrong: Raw
    unreadable: Sequence[Raw] = ()
    half: Sequence[tuple[Raw, Decimal]] = field(default_factory=tuple)


class QuestionType(ABC):
    """One kind of question. Stateless; pure: no database, no request, no clock."""

    key: ClassVar[str]
    """Stored name; never changes. Also the name of the module, the template and the test."""

    source_fields: ClassVar[frozenset[str]]
    """Fields of a source that belong to this type; stem, explanation and citations every question has."""

    edit_form: ClassVar[type[Any]]
    """Author's form for these fields, a subclass of `quizzes.types.edit_form.EditForm`."""

    key_field: ClassVar[str] = "options"
    """Field of a source that a fault belongs to which names none, such as an unknown fact in the key."""

    has_variants: ClassVar[bool] = False
    """Whether `variants` returns some: then its key is a formula, and papers differ in their numbers."""

    max_bytes: ClassVar[int] = 500
    """The longest answer as JSON: request and reply of a save stay below 1 KB, but of a text of one's own."""

    is_judged: ClassVar[bool] = False
    """Whether `grade` leaves what was answered to a person; then `rubric` says what they look at."""

    script: ClassVar[str] = ""
    """Asset a page needs that shows such a question, if any: what makes answering handier, never possible."""

    @property
    @abstractmethod
    def label(self) -> str:
        """Name shown to authors, translated."""

    @abstractmethod
    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with ``source``, one sentence each; empty when it can be resolved."""

    def placed_faults(self, source: Json) -> list[tuple[str, str]]:
        """Return what `faults` does, each with the field it belongs to: "parts-2"."""
        return [(self.key_field, message) for message in self.faults(source)]

    @abstractmethod
    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the content of ``source`` at the resolver's law date."""

    def mark(self, text: str) -> str:
        """Return stem or explanation as written, with signs where papers differ; `fill` replaces them."""
        return text

    def fill(self, text: str, content: Json, prepared: Json) -> str:  # noqa: ARG002
        """Return a stem or explanation as HTML with what this paper has in the place of signs."""
        return text

    def variants(self, content: Json) -> list[Json]:  # noqa: ARG002
        """Return all that `prepare` could return, where these are numbered variants; else nothing."""
        return []

    @abstractmethod
    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return what is fixed for one paper; with ``shuffle=False`` the order as written."""

    @abstractmethod
    def present(self, content: Json, prepared: Json) -> Json:
        """Return all the page may show while the answer is open: no key, weight, feedback or stable id."""

    def is_same_on_paper(self, before: Json, after: Json, prepared: Json) -> bool:
        """Return whether two contents ask the same on a paper: an answer to one is then one to the other."""
        return self.present(before, prepared) == self.present(after, prepared)

    @abstractmethod
    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the answer, or None when nothing was answered.

        Raises:
            FormatError: the input cannot be read (foreign position, not a number, …).
        """

    @abstractmethod
    def grade(self, content: Json, answer: Json | None) -> Grade | None:
        """Return what the answer earns, None when a person must judge. No answer earns 0."""

    def rubric(self, content: Json) -> Sequence[Criterion]:  # noqa: ARG002
        """Return what a person who marks looks at; without criteria they choose a share of the marks."""
        return ()

    @abstractmethod
    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return what the result page shows: chosen, right, reasons, in the order of the paper."""

    def solution_html(self, content: Json) -> str:  # noqa: ARG002
        """Return the right answer as safe HTML in Indonesian, for self-checks in lessons; empty: none."""
        return ""

    @abstractmethod
    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return form values that earn everything on this paper: for the demo and the tests."""

    @abstractmethod
    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return form values that can be read and earn less than everything."""

    @abstractmethod
    def examples(self) -> list[Example]:
        """Return samples with right, half-right, wrong and unreadable answers."""
