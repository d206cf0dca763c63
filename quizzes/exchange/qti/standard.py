"""The response processing every item may name instead of writing it down: the templates of the standard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from lms.core.xml_reader import XmlElement, read_xml
from quizzes.exchange.qti.names import children
from quizzes.exchange.qti.values import QtiFault

_MATCH = "<match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>"


def _set(outcome: str, expression: str) -> str:
    return f"<set-outcome-value identifier='{outcome}'>{expression}</set-outcome-value>"


def _score(points: str) -> str:
    return _set("SCORE", f"<base-value base-type='float'>{points}</base-value>")


def _feedback(name: str) -> str:
    return _set("FEEDBACKBASIC", f"<base-value base-type='identifier'>{name}</base-value>")


def _if(expression: str, then: str, otherwise: str) -> str:
    return (
        f"<response-condition><response-if>{expression}{then}</response-if>"
        f"<response-else>{otherwise}</response-else></response-condition>"
    )


def _mapped(operator: str) -> str:
    response = "<is-null><variable identifier='RESPONSE'/></is-null>"
    return _if(response, _score("0.0"), _set("SCORE", f"<{operator} identifier='RESPONSE'/>"))


_HIGHEST = (
    "<equal tolerance-mode='exact'><variable identifier='SCORE'/><variable identifier='MAXSCORE'/></equal>"
)
_MATCH_CORRECT = _if(_MATCH, _score("1.0"), _score("0.0"))
_TEMPLATES = {
    "match_correct": _MATCH_CORRECT,
    "map_response": _mapped("map-response"),
    "map_response_point": _mapped("map-response-point"),
    "cc2_match": _MATCH_CORRECT,
    "cc2_match_basic": _if(
        _MATCH,
        _set("SCORE", "<variable identifier='MAXSCORE'/>") + _feedback("correct"),
        _feedback("incorrect"),
    ),
    "cc2_map_response": _mapped("map-response") + _if(_HIGHEST, _feedback("correct"), _feedback("incorrect")),
}
"""By the last part of their addresses: whichever version of the standard an item is of, they say the same."""


def rules_of_template(address: str) -> Sequence[XmlElement]:
    """Return the rules of the template at an address.

    Raises:
        QtiFault: it is none of the standard's.
    """
    name = address.strip().rstrip("/").rpartition("/")[2].removesuffix(".xml").lower()
    if name not in _TEMPLATES:
        raise QtiFault(f"The response processing template {address!r} is none of the standard's.")
    return _parsed(name)


@cache
def _parsed(name: str) -> Sequence[XmlElement]:
    return children(read_xml(f"<rules>{_TEMPLATES[name]}</rules>".encode()))
