"""Response processing and template processing: rules, conditions, and where they end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.call import number
from quizzes.exchange.qti.declarations import OUTCOME, TEMPLATE
from quizzes.exchange.qti.evaluation import evaluate
from quizzes.exchange.qti.names import children
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.values import QtiFault, Value, boolean, read_scalar, single


class Exit(Exception):
    """The rules end here."""


class Restart(Exception):
    """A constraint of template processing does not hold: begin again."""


def follow(rules: Sequence[XmlElement], session: Session) -> None:
    """Follow rules in their order.

    Raises:
        Exit: a rule ends the processing.
        Restart: a template constraint does not hold.
    """
    for rule in rules:
        try:
            _follow_one(rule, session)
        except QtiFault as fault:
            session.tell(f"Line {rule.line}: {fault}")


def _follow_one(rule: XmlElement, session: Session) -> None:
    if rule.name in ("response-condition", "template-condition"):
        _branch(rule, session)
    elif rule.name in ("response-processing-fragment", "template-processing-fragment"):
        follow(children(rule), session)
    elif rule.name in _SETTERS:
        _SETTERS[rule.name](rule, session)
    elif rule.name in _ENDS:
        _ENDS[rule.name](rule, session)
    else:
        raise QtiFault(f"There is no rule {rule.name}.")


def _branch(rule: XmlElement, session: Session) -> None:
    """The first branch whose expression is true is followed; NULL is not true."""
    for branch in children(rule):
        parts = children(branch)
        if branch.name.endswith("-else"):
            return follow(parts, session)
        if not parts:
            raise QtiFault("A condition has no expression.")
        if evaluate(parts[0], session) == boolean(True):
            return follow(parts[1:], session)
    return None


def _said(rule: XmlElement, session: Session) -> tuple[str, Value]:
    parts = children(rule)
    if len(parts) != 1:
        raise QtiFault(f"{rule.name} needs one expression.")
    return rule.attributes.get("identifier", "").strip(), evaluate(parts[0], session)


def _set_outcome(rule: XmlElement, session: Session) -> None:
    session.set(*_said(rule, session), OUTCOME)


def _set_template(rule: XmlElement, session: Session) -> None:
    session.set(*_said(rule, session), TEMPLATE)


def _set_correct(rule: XmlElement, session: Session) -> None:
    session.set_correct(*_said(rule, session))


def _set_default(rule: XmlElement, session: Session) -> None:
    session.set_default(*_said(rule, session))


def _look_up(rule: XmlElement, session: Session) -> None:
    identifier, value = _said(rule, session)
    declaration = session.find(identifier)
    if declaration.table is None:
        raise QtiFault(f"{identifier} has no table to look up in.")
    found = None if value.is_null else declaration.table.look_up(number(value))
    kind = declaration.base_type
    session.set(identifier, Value() if found is None else single(kind, read_scalar(kind, found)), OUTCOME)


def _exit(_rule: XmlElement, _session: Session) -> NoReturn:
    raise Exit


def _constrain(rule: XmlElement, session: Session) -> None:
    parts = children(rule)
    if not parts or evaluate(parts[0], session) != boolean(True):
        raise Restart


_SETTERS = {
    "set-outcome-value": _set_outcome,
    "set-template-value": _set_template,
    "set-correct-response": _set_correct,
    "set-default-value": _set_default,
    "lookup-outcome-value": _look_up,
}
_ENDS = {"exit-response": _exit, "exit-template": _exit, "template-constraint": _constrain}
