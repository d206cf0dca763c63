"""The words of a formula: numbers, names, signs, and facts and calculators between braces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from lms.core.numbers import NumberFault, read_number
from quizzes.types.base import Json
from quizzes.types.formula_parts import FormulaFault

MAX_PARTS = 200
"""Numbers, names and signs."""

_TOKEN = re.compile(
    r"(?P<number>[0-9][0-9.,]*)"
    r"|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)"
    r"|(?P<mark>\{(?:[^{}]|\{[^{}]*\})*\})"
    r"|(?P<sign><=|>=|!=|[-−–+*×·/÷()<>=≤≥≠;])"
)
_FACT = re.compile(r"\{fakta:\s*([a-z0-9_.]+)\s*(\|\s*persen\s*)?\}")
_RECKONING = re.compile(r"\{hitung:([^{}|]+)((?:\|(?:[^{}]|\{[^{}]*\})*)?)\}")
_SAME = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!="}


@dataclass(frozen=True)
class Token:
    """A word with its kind ("number", "name", "mark", "sign" or "end") and place, from 1."""

    kind: str
    text: str
    position: int


def read_tokens(text: str) -> list[Token]:
    """Return the words of a text, with one for its end.

    Raises:
        FormulaFault: a character cannot be read, or there are too many words.
    """
    tokens, place = list[Token](), 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        match = _TOKEN.match(text, place)
        if match is None:
            message = _l("“%(text)s” cannot be read here.", text=text[place])
            raise FormulaFault(place + 1, message)
        tokens.append(Token(match.lastgroup or "", _SAME.get(match[0], match[0]), place + 1))
        place = match.end()
        if len(tokens) > MAX_PARTS:
            raise FormulaFault(place, _l("A formula has at most %(count)s parts.", count=MAX_PARTS))
    return [*tokens, Token("end", "", len(text) + 1)]


def number_of(token: Token) -> Decimal:
    """Return the number a word says.

    Raises:
        FormulaFault: it is none of ours.
    """
    if token.text.endswith((",", ".")):
        raise FormulaFault(
            token.position + len(token.text) - 1, _l("Write ; between the parts of a function.")
        )
    try:
        return read_number(token.text)
    except NumberFault as fault:
        raise FormulaFault(token.position, fault.message) from fault


def marked(token: Token) -> Json:
    """Return the fact or calculator a word between braces names, as the resolver takes it.

    Raises:
        FormulaFault: it names neither.
    """
    fact = _FACT.fullmatch(token.text)
    if fact:
        return {"fact": fact[1], "as": "percent"} if fact[2] else {"fact": fact[1]}
    reckoning = _RECKONING.fullmatch(token.text)
    if reckoning:
        return _reckoning(reckoning, token.position)
    raise FormulaFault(
        token.position, _l("Write {fakta:jht.rate.worker} or {hitung:pu|upah={upah}|hasil=total}.")
    )


def show_reckoning(expression: Json) -> str:
    """Return ``{hitung: pu, masukan: {…}, hasil: total}`` as it stands in a formula."""
    inputs = {**expression.get("masukan", {}), "hasil": expression["hasil"]}
    pairs = "".join(f"|{name}={value}" for name, value in inputs.items())
    return f"{{hitung:{expression['hitung']}{pairs}}}"


def read_reckoning(text: str) -> Json | None:
    """Return ``{hitung:pu|…|hasil=total}`` as a mapping, None where a text is something else."""
    match = _RECKONING.fullmatch(text.strip())
    return _reckoning(match, 1) if match else None


def _reckoning(match: re.Match[str], position: int) -> Json:
    pairs = [pair.partition("=") for pair in match[2].split("|")[1:]]
    inputs = {name.strip(): value.strip() for name, _equals, value in pairs}
    result = inputs.pop("hasil", "")
    if not result:
        raise FormulaFault(position, _l("Say which result of the calculator counts, like |hasil=total."))
    return {"hitung": match[1].strip(), "masukan": inputs, "hasil": result}
