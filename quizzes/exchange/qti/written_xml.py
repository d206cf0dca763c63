"""XML of QTI 3 as text: elements, values and the few rules every item of ours is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from quizzes.exchange.markup import to_html

V3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
PICTURES = "../media/"
"""Where an item finds its pictures."""

_BARE = re.compile(r"<(br|img|hr)\b([^>]*?)/?>")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tag(name: str, within: str = "", /, **attributes: object) -> str:
    """Return an element; ``_`` in names of attributes becomes ``-``, those that are None are left out."""
    said = "".join(
        f' {key.replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{within}</{name}>" if within else f"<{name}{said}/>"


def _text(value: object) -> str:
    return _NOT_XML.sub("", str(value).lower() if isinstance(value, bool) else str(value))


def plain(text: str) -> str:
    """Return bare words as XML."""
    return escape(_NOT_XML.sub("", text))


def html(markdown: str) -> str:
    """Return inline Markdown as XHTML."""
    shown = to_html(_NOT_XML.sub("", markdown), pictures=PICTURES).replace("&nbsp;", "&#160;")
    return _BARE.sub(r"<\1\2/>", shown)


def number(value: Decimal | float | str) -> str:
    """Return a number as XML Schema has it."""
    return f"{Decimal(str(value)).normalize() + 0:f}"


def base(base_type: str, text: object) -> str:
    """Return a written value."""
    return tag("qti-base-value", plain(str(text)), base_type=base_type)


def variable(identifier: str) -> str:
    """Return what a variable holds."""
    return tag("qti-variable", identifier=identifier)


def set_outcome(identifier: str, expression: str) -> str:
    """Return the rule that gives an outcome a value."""
    return tag("qti-set-outcome-value", expression, identifier=identifier)


def add(points: str) -> str:
    """Return the rule that adds to the score."""
    return set_outcome("SCORE", tag("qti-sum", variable("SCORE") + base("float", points)))


def branches(cases: Iterable[tuple[str, str]], prefix: str = "response") -> str:
    """Return a condition: for the first expression that holds, its rules."""
    parts = [
        tag(f"qti-{prefix}-{'else-if' if place else 'if'}", expression + rules)
        for place, (expression, rules) in enumerate(cases)
    ]
    return tag(f"qti-{prefix}-condition", "".join(parts)) if parts else ""


def values(name: str, texts: Iterable[str]) -> str:
    """Return a list of values: a key or a default."""
    return tag(name, "".join(tag("qti-value", plain(text)) for text in texts))


def mapping(entries: Iterable[tuple[str, str]], *, lower: str | None = None, case: bool | None = None) -> str:
    """Return what each answer is worth; all others are worth nothing."""
    lines = [
        tag("qti-map-entry", map_key=key, mapped_value=worth, case_sensitive=case) for key, worth in entries
    ]
    return tag("qti-mapping", "".join(lines), default_value="0", lower_bound=lower)


def response(identifier: str, cardinality: str, base_type: str, *, within: str = "") -> str:
    """Return the declaration of a response."""
    return tag(
        "qti-response-declaration",
        within,
        identifier=identifier,
        cardinality=cardinality,
        base_type=base_type,
    )


def outcome(identifier: str, base_type: str, default: str = "", **attributes: object) -> str:
    """Return the declaration of an outcome."""
    within = values("qti-default-value", [default]) if default else ""
    cardinality = attributes.pop("cardinality", "single")
    return tag(
        "qti-outcome-declaration",
        within,
        identifier=identifier,
        cardinality=cardinality,
        base_type=base_type,
        **attributes,
    )


@dataclass
class Draft:
    """What a kind of question puts into its item; the frame is the same for all.

    ``template`` names the standard's processing, else ``rules`` are written; ``feedback`` is the cardinality
    of what is said to single answers, if anything is.
    """

    body: str
    responses: str = ""
    rules: str = ""
    template: str = ""
    highest: str = "1"
    feedback: str = ""
    templates: str = ""
    template_rules: str = ""
    is_human: bool = False
    media: dict[str, bytes] = field(default_factory=dict)
