"""The key of a number question as an author types it: ``{fakta:jht.rate.worker} × 2.000.000 + 500``.

Parts are numbers and facts; × (or *) binds closer than +. A fact given as a share of one is written
``{fakta:jht.rate.worker|persen}`` to count in percent. What a calculator makes of a case is a part too:
``{hitung:pu|upah=2.500.000|risiko=sedang|hasil=total}``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.numbers import show
from quizzes.types.base import FormatError
from quizzes.types.numbers import read_number

_FACT = re.compile(r"\{fakta:\s*([a-z0-9_.]+)\s*(\|\s*persen\s*)?\}\Z")
_RECKONING = re.compile(r"\{hitung:([^{}|]+)((?:\|[^{}|=]+=[^{}|]*)*)\}\Z")
_TIMES = re.compile(r"[×*·]")


def read_expression(text: str) -> Any:
    """Return the source of an answer: a number, or one of fact, hitung, product and sum.

    Raises:
        FormatError: a part is neither a number nor a fact.
    """
    terms = [_read_term(term) for term in text.split("+")]
    return terms[0] if len(terms) == 1 else {"sum": terms}


def show_expression(source: Any) -> str:
    """Return the text that :func:`read_expression` reads as ``source``."""
    if isinstance(source, dict) and "sum" in source:
        return " + ".join(_show_term(term) for term in source["sum"])
    return _show_term(source)


def can_show(source: Any) -> bool:
    """Return whether :func:`show_expression` has a text for ``source``: a sum whose parts may be products."""
    terms = source["sum"] if isinstance(source, dict) and "sum" in source else [source]
    return isinstance(terms, list) and all(_is_term(term) for term in terms)


def _is_term(source: Any) -> bool:
    factors = source["product"] if isinstance(source, dict) and "product" in source else [source]
    return isinstance(factors, list) and all(
        "fact" in factor or _is_reckoning(factor)
        if isinstance(factor, dict)
        else not isinstance(factor, list)
        for factor in factors
    )


def _is_reckoning(source: Any) -> bool:
    inputs = source.get("masukan", {})
    names = {"hitung", "masukan", "hasil"}
    return names >= set(source) >= {"hitung", "hasil"} and isinstance(inputs, dict)


def _read_term(text: str) -> Any:
    factors = [_read_factor(factor.strip()) for factor in _TIMES.split(text)]
    if len(factors) == 1:
        return factors[0]
    return {"product": [_short(factor) for factor in factors]}


def _read_factor(text: str) -> Any:
    fact = _FACT.match(text)
    if fact:
        return {"fact": fact[1], "as": "percent"} if fact[2] else {"fact": fact[1]}
    reckoning = _RECKONING.match(text)
    if reckoning:
        return _read_reckoning(reckoning)
    if "{" in text:
        raise FormatError(_l("A fact is written like {fakta:jht.rate.worker}."))
    number = read_number(text)
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def _read_reckoning(match: re.Match[str]) -> Any:
    pairs = [pair.partition("=") for pair in match[2].split("|")[1:]]
    inputs = {name.strip(): value.strip() for name, _equals, value in pairs}
    result = inputs.pop("hasil", "")
    if not result:
        raise FormatError(_l("Say which result of the calculator counts, like |hasil=total."))
    return {"hitung": match[1].strip(), "masukan": inputs, "hasil": result}


def _show_reckoning(source: Any) -> str:
    inputs = {**source.get("masukan", {}), "hasil": source["hasil"]}
    return "".join(
        [f"{{hitung:{source['hitung']}", *(f"|{name}={value}" for name, value in inputs.items()), "}"]
    )


def _short(factor: Any) -> Any:
    """Return a fact inside a product as its key alone."""
    return factor["fact"] if isinstance(factor, dict) and set(factor) == {"fact"} else factor


def _show_term(source: Any) -> str:
    if isinstance(source, dict) and "product" in source:
        return " × ".join(_show_factor(factor) for factor in source["product"])
    return _show_factor(source)


def _show_factor(source: Any) -> str:
    if isinstance(source, dict) and "fact" in source:
        return f"{{fakta:{source['fact']}{'|persen' if 'as' in source else ''}}}"
    if isinstance(source, dict) and "hitung" in source:
        return _show_reckoning(source)
    is_key = isinstance(source, str) and source[:1].isalpha()
    return f"{{fakta:{source}}}" if is_key else _show_plain(source)


def _show_plain(source: Any) -> str:
    return "" if source in (None, "", {}) else show(Decimal(str(source)))
