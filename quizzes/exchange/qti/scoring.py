"""Scoring one item by the specification: template processing, responses, response processing.

Source: QTI Assessment, Section and Item information models, versions 2.0 to 2.2 and 3.0 (1EdTech).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from lms.core.xml_reader import XmlElement, XmlFault
from quizzes.exchange.qti.declarations import (
    CONTEXT,
    KINDS,
    OUTCOME,
    RESPONSE,
    TEMPLATE,
    Declaration,
    read_declaration,
)
from quizzes.exchange.qti.documents import read_document
from quizzes.exchange.qti.names import child, children
from quizzes.exchange.qti.responses import Given, answer
from quizzes.exchange.qti.rules import Exit, Restart, follow
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.standard import rules_of_template
from quizzes.exchange.qti.values import QtiFault, as_json

MAX_RESTARTS = 100
"""Tries to meet a template's constraints, as the standard has it; then the defaults stand."""


@dataclass(frozen=True)
class Scored:
    """What an item came to: its outcomes as JSON has them, and what could not be done, a sentence each."""

    outcomes: dict[str, Any]
    errors: list[str]


def score(data: bytes, given: Sequence[Given], *, seed: int = 0) -> Scored:
    """Score the item in a file. The same seed gives the same random numbers."""
    try:
        item = read_document(data)
    except XmlFault as fault:
        return Scored({}, [f"Line {fault.line}: {fault.message}"])
    if item.name != "assessment-item":
        return Scored({}, [f"This is no QTI item but a {item.name}."])
    session = begin_session(item, seed=seed)
    answer(session, given)
    process(item, session)
    outcomes = {name: as_json(value) for name, value in session.outcomes().items()}
    return Scored(outcomes, session.errors)


def begin_session(item: XmlElement, *, seed: int = 0) -> Session:
    """Return a sitting of the item: variables declared, templates processed, nothing answered."""
    session = Session({}, rng=Random(seed))  # noqa: S311 - numbers of a question, no secret
    for kind in KINDS:
        for element in children(item, f"{kind}-declaration"):
            _declare(session, element, kind)
    session.begin((TEMPLATE, CONTEXT))
    _process_template(item, session)
    session.begin((RESPONSE, OUTCOME))
    return session


def _declare(session: Session, element: XmlElement, kind: str) -> None:
    try:
        declaration = read_declaration(element, kind)
    except QtiFault as fault:
        session.tell(f"Line {element.line}: {fault}")
        return
    if declaration.identifier in session.declared:
        session.tell(f"Line {element.line}: {declaration.identifier} is declared twice.")
        return
    session.declared[declaration.identifier] = declaration


def _process_template(item: XmlElement, session: Session) -> None:
    processing = child(item, "template-processing")
    if processing is None:
        return
    declared = dict(session.declared)
    for _try in range(MAX_RESTARTS):
        try:
            follow(children(processing), session)
        except Exit:
            return
        except Restart:
            _forget(session, declared)
        else:
            return
    session.tell("The constraints of the template are never met; its defaults stand.")


def _forget(session: Session, declared: dict[str, Declaration]) -> None:
    session.declared = dict(declared)
    session.begin((TEMPLATE,))


def process(item: XmlElement, session: Session) -> None:
    """Run the item's response processing, written down or named."""
    processing = child(item, "response-processing")
    if processing is None:
        return
    written = children(processing)
    # Rules beside the name of a template are what the template says, for who does not know it.
    address = processing.attributes.get("template", "")
    try:
        follow(written or (rules_of_template(address) if address else []), session)
    except QtiFault as fault:
        session.tell(f"Line {processing.line}: {fault}")
    except Exit:
        return
    except Restart:
        session.tell("A template constraint has no place in response processing.")
