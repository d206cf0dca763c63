"""What is typed as items of QTI 3: numbers with their bands, words with their forms, numbers drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.qti.items import UNIT
from quizzes.exchange.qti.marks import Bare
from quizzes.exchange.qti.pattern_stars import to_schema
from quizzes.exchange.qti.written_xml import (
    Draft,
    add,
    base,
    branches,
    html,
    mapping,
    number,
    plain,
    response,
    tag,
    values,
    variable,
)
from quizzes.types import tolerance
from quizzes.types.base import Json
from quizzes.types.calculated import Calculated
from quizzes.types.number import Number
from quizzes.types.other_numbers import other_contents
from quizzes.types.patterns import ESCAPED, STAR, sample

_ID = "RESPONSE"
_SIGN = re.compile(r"\{nilai:\s*([a-z0-9_]*)\s*\}")


def write_number(question: GivenQuestion) -> Draft:
    """Return a number to type; the shares of its bands are tried from the largest on."""
    content = Number().resolve(question.source, Bare())
    body = _stem(question) + tag("p", entry(_ID) + unit_word(content["unit"]))
    declared = response(
        _ID, "single", "float", within=values("qti-correct-response", [number(content["answer"])])
    )
    return Draft(body, declared, rules=branches(number_cases(_ID, content)))


def number_cases(identifier: str, content: Json, weight: int = 1) -> list[tuple[str, str]]:
    """Return which numbers earn what, as conditions and rules.

    Args:
        identifier: of the response.
        content: of a number question.
        weight: what the whole is worth.
    """
    found = list(_bands(content))
    for other, share in other_contents(content):
        found += [(share * earned, ends) for earned, ends in _bands(other)]
    found.sort(key=lambda one: -one[0])
    return [(_between(identifier, *ends), add(number(share * weight))) for share, ends in found if share > 0]


def _bands(content: Json) -> Iterator[tuple[Decimal, tuple[Decimal, Decimal]]]:
    right, kind = Decimal(content["answer"]), content.get("tolerance_kind", "nominal")
    yield Decimal(1), tolerance.band(right, Decimal(content["tolerance"]), kind)
    if content.get("near"):
        near = content["near"]
        yield Decimal(near["fraction"]), tolerance.band(right, Decimal(near["tolerance"]), kind)


def _between(identifier: str, low: Decimal, high: Decimal) -> str:
    """Return that a number lies between two others; both are written as they are, so that ends are exact."""
    if low == high:
        return tag("qti-equal", variable(identifier) + base("float", number(low)), tolerance_mode="exact")
    least = tag("qti-gte", variable(identifier) + base("float", number(low)))
    return tag("qti-and", least + tag("qti-lte", variable(identifier) + base("float", number(high))))


def write_words(question: GivenQuestion) -> Draft:
    """Return words to type; a star becomes a pattern."""
    answers = question.source["answers"]
    is_strict = bool(question.source.get("match_case"))
    body = _stem(question) + tag("p", entry(_ID))
    within = values("qti-correct-response", [_best(answers)])
    if not any(has_star(answer["accept"]) for answer in answers):
        worth = [(sample(one["accept"]), number(one.get("share", 1))) for one in answers]
        within += mapping(worth, case=is_strict)
        return Draft(body, response(_ID, "single", "string", within=within), template="map_response")
    return Draft(
        body,
        response(_ID, "single", "string", within=within),
        rules=branches(word_cases(_ID, answers, is_strict=is_strict)),
    )


def word_cases(
    identifier: str, answers: Sequence[Json], *, is_strict: bool, weight: int = 1
) -> list[tuple[str, str]]:
    """Return which words earn what, in the order in which they are tried."""
    return [
        (
            _fits(identifier, answer["accept"], is_strict=is_strict),
            add(number(Decimal(str(answer.get("share", 1))) * weight)),
        )
        for answer in answers
    ]


def _fits(identifier: str, accept: str, *, is_strict: bool) -> str:
    if has_star(accept):
        return tag("qti-pattern-match", variable(identifier), pattern=to_schema(accept, match_case=is_strict))
    return tag(
        "qti-string-match", variable(identifier) + base("string", sample(accept)), case_sensitive=is_strict
    )


def has_star(accept: str) -> bool:
    """Say whether a form holds a star that stands for anything."""
    return STAR in accept.replace(ESCAPED, "")


def _best(answers: Sequence[Json]) -> str:
    return sample(max(answers, key=lambda answer: Decimal(str(answer.get("share", 1))))["accept"])


def can_reckon(source: Json) -> bool:
    """Say whether the variants of a calculated question can be made."""
    try:
        return bool(Calculated().resolve(source, Bare())["variants"])
    except ValueError:
        return False


def write_calculated(question: GivenQuestion) -> Draft:
    """Return a number that is drawn: one variant of all, chosen by template processing."""
    kind, source = Calculated(), question.source
    variants = kind.resolve(source, Bare())["variants"]
    names = sorted({name for text in _texts(source) for name in _SIGN.findall(text)})
    declared = tag(
        "qti-template-declaration", identifier="VARIANT", cardinality="single", base_type="integer"
    )
    declared += "".join(
        tag("qti-template-declaration", identifier=_name(name), cardinality="single", base_type="string")
        for name in names
    )
    contents = [tolerance.resolve(source) | one for one in variants]
    draw = tag("qti-random-integer", min=1, max=len(variants))
    chosen = [(_is_variant(place), _fixed(one, names)) for place, one in enumerate(variants, 1)]
    cases = [
        (tag("qti-and", _is_variant(place) + condition), rules)
        for place, content in enumerate(contents, 1)
        for condition, rules in number_cases(_ID, content)
    ]
    body = _SIGN_IN_HTML.sub(
        lambda match: tag("qti-printed-variable", identifier=_name(match[1])),
        tag("p", html(kind.mark(source["stem"]))),
    )
    return Draft(
        body + tag("p", entry(_ID) + unit_word(source.get("unit", ""))),
        response(_ID, "single", "float"),
        rules=branches(cases),
        templates=declared,
        template_rules=tag("qti-set-template-value", draw, identifier="VARIANT")
        + branches(chosen, "template"),
    )


_SIGN_IN_HTML = re.compile(r"⟦([a-z][a-z0-9_]*)⟧")


def _texts(source: Json) -> list[str]:
    return [str(source.get("stem") or "")]


def _name(name: str) -> str:
    return f"V_{name}"


def _is_variant(place: int) -> str:
    return tag("qti-match", variable("VARIANT") + base("integer", place))


def _fixed(variant: Json, names: Sequence[str]) -> str:
    shown = "".join(
        tag("qti-set-template-value", base("string", variant["shown"].get(name, "")), identifier=_name(name))
        for name in names
    )
    key = base("float", number(variant["answer"]))
    return shown + tag("qti-set-correct-response", key, identifier=_ID)


def _stem(question: GivenQuestion) -> str:
    return tag("p", html(question.source["stem"]))


def entry(identifier: str) -> str:
    """Return a place to type in."""
    return tag("qti-text-entry-interaction", response_identifier=identifier, expected_length=20)


def unit_word(unit: str) -> str:
    """Return a unit as the word behind a number; nothing where there is none."""
    return " " + tag("span", plain(unit), **{UNIT.replace("-", "_"): unit}) if unit else ""
