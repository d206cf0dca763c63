"""A small language for keys: ``round(min(upah; {fakta:jp.wage_cap}) × {fakta:jp.rate.worker})``.

Numbers are written as everywhere (2.000.000; 0,5), parts of a function stand between semicolons. Names are
variables of the question, or facts by key, which have a point in them. What a calculator makes of a case is
``{hitung:pu|upah={upah}|hasil=total}``. There is nothing else: no powers, no names of Python, no loops.
All is exact Decimal arithmetic with 50 digits.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from quizzes.types.formula_parts import (
    COMPARISONS,
    ROUNDINGS,
    Call,
    FormulaFault,
    Looked,
    Node,
    Number,
    Operation,
    Variable,
)
from quizzes.types.formula_tokens import Token, marked, number_of, read_tokens

MAX_LENGTH = 500
"""Characters."""
MAX_DEPTH = 20
"""Brackets within brackets."""


def parse_formula(text: str) -> Node:
    """Return what a formula says.

    Raises:
        FormulaFault: it cannot be read, or is too long or too deep.
    """
    return _Parser(text).whole(_Parser.sum)


def parse_condition(text: str) -> Node:
    """Return what a condition such as ``upah > {fakta:jp.wage_cap}`` says.

    Raises:
        FormulaFault: it cannot be read, or compares nothing.
    """
    return _Parser(text).whole(_Parser.comparison)


class _Parser:
    """Reads a text from left to right: comparison, sum, product, sign, part."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise FormulaFault(
                MAX_LENGTH, _l("A formula has at most %(count)s characters.", count=MAX_LENGTH)
            )
        self._tokens = read_tokens(text)
        self._place = 0
        self._depth = 0

    def whole(self, read: Callable[[_Parser], Node]) -> Node:
        """Return what ``read`` finds; nothing may be left over."""
        node = read(self)
        if self._now.kind != "end":
            raise self._fault(_l("“%(text)s” does not belong here.", text=self._now.text))
        return node

    def comparison(self) -> Node:
        """Read two sums and the sign between them."""
        left = self.sum()
        if self._now.text not in COMPARISONS:
            raise self._fault(_l("A condition compares: <, <=, >, >=, = or != is missing."))
        sign = self._take()
        return Operation(sign.position, sign.text, left, self.sum())

    def sum(self) -> Node:
        """Read products with + and − between them."""
        node = self._product()
        while self._now.text in {"+", "-"}:
            sign = self._take()
            node = Operation(sign.position, sign.text, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._now.text in {"*", "/"}:
            sign = self._take()
            node = Operation(sign.position, sign.text, node, self._signed())
        return node

    def _signed(self) -> Node:
        if self._now.text != "-":
            return self._part()
        sign = self._take()
        return self._deeper(
            lambda: Operation(sign.position, "-", Number(sign.position, Decimal(0)), self._signed())
        )

    def _part(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(token.position, number_of(token))
        if token.kind == "mark":
            return Looked(token.position, marked(token))
        if token.kind == "name":
            if self._now.text == "(":
                return self._deeper(lambda: self._call(token))
            if "." in token.text:
                return Looked(token.position, {"fact": token.text})
            return Variable(token.position, token.text)
        if token.text == "(":
            return self._deeper(lambda: self._closed(self.sum()))
        if token.kind == "end":
            raise FormulaFault(token.position, _l("Something is missing at the end."))
        raise FormulaFault(token.position, _l("“%(text)s” does not belong here.", text=token.text))

    def _closed(self, node: Node) -> Node:
        self._expect(")")
        return node

    def _call(self, name: Token) -> Node:
        self._expect("(")
        if name.text == "if":
            return self._if(name)
        if name.text == "round":
            return self._rounding(name)
        if name.text not in {"min", "max"}:
            known = "min, max, round, if"
            message = _l(
                "There is no function “%(name)s”. Known are: %(known)s.", name=name.text, known=known
            )
            raise FormulaFault(name.position, message)
        arguments = [self.sum()]
        while self._now.text == ";":
            self._take()
            arguments.append(self.sum())
        self._expect(")")
        if len(arguments) < 2:
            message = _l("%(name)s compares at least two parts: write ; between them.", name=name.text)
            raise FormulaFault(name.position, message)
        return Call(name.position, name.text, tuple(arguments))

    def _if(self, name: Token) -> Node:
        condition = self.comparison()
        self._expect(";")
        is_so = self.sum()
        self._expect(";")
        is_not = self.sum()
        self._expect(")")
        return Call(name.position, "if", (condition, is_so, is_not))

    def _rounding(self, name: Token) -> Node:
        arguments, rule = [self.sum()], "half_up"
        if self._now.text == ";":
            self._take()
            chosen = self._take()
            rule = chosen.text
            if rule not in ROUNDINGS:
                message = _l("Round by one of these: %(known)s.", known=", ".join(ROUNDINGS))
                raise FormulaFault(chosen.position, message)
        if self._now.text == ";":
            self._take()
            arguments.append(self.sum())
        self._expect(")")
        return Call(name.position, "round", tuple(arguments), rule)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault(_l("This is nested too deeply: use a variable for a part of it."))
        node = read()
        self._depth -= 1
        return node

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._now
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def _expect(self, text: str) -> None:
        if self._now.text != text or self._now.kind != "sign":
            raise self._fault(_l("“%(text)s” is missing here.", text=text))
        self._take()

    def _fault(self, message: object) -> FormulaFault:
        return FormulaFault(self._now.position, message)
