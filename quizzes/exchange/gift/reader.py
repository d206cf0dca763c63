"""GIFT, the text format of Moodle, read as Moodle reads it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from quizzes.exchange.case_groups import CASE_TAG, Member, gathered
from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import Read, Reader, ReadFault, ReadQuestion
from quizzes.exchange.decoding import decode
from quizzes.exchange.gift.grammar import (
    Block,
    Parts,
    category_of,
    comments_of,
    list_blocks,
    plain,
    split_form,
    take_apart,
)
from quizzes.exchange.lines import cut
from quizzes.exchange.moodle.essays import essay_source
from quizzes.exchange.moodle.marks import Option, read_fraction, several_source, single_source
from quizzes.exchange.moodle.numbers import Accepted, number_source, read_plain_number, unit_asked
from quizzes.exchange.moodle.orders import order_source
from quizzes.exchange.moodle.pairs import Pair, pairs_source
from quizzes.exchange.moodle.text import AUTO, Notes, Refused, Texts
from quizzes.exchange.moodle.topics import read_topic
from quizzes.exchange.moodle.words import Form, words_source
from quizzes.types.base import Json

_SIDES = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]*)?)%")
_LOOKS = re.compile(r"^\s*(\$CATEGORY:|::[^\n]*::)|\{\s*(#|=|~|(T|F|TRUE|FALSE)\s*[#}])", re.I | re.M)
_ORDER = re.compile(
    r">\s*(?P<count>[0-9]+\s+)?(?P<select>(ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)\s+)?"
    r"(?P<layout>(HORIZONTAL|HORI|H|VERTICAL|VERT|V)\s+)?(?P<grading>[A-Z_]{3,}\s+)?"
    r"(?P<show>(SHOW|HIDE|TRUE|FALSE|YES|NO|0|1)\s+)?(?P<style>(none|abc|ABCD|123|iii|IIII)\s+)?",
)


class Gift(Reader):
    """Questions between empty lines: ``::name:: question {=right ~wrong}``."""

    key = "gift"
    endings = (".gift", ".gift.txt")

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "GIFT (Moodle)"

    def recognises(self, data: bytes, name: str) -> bool:
        """Say whether it is named so, or has a category, a name or answers as GIFT writes them."""
        if name.lower().endswith(self.endings):
            return True
        beginning = data[:200_000].decode("utf-8", "replace").lstrip("\ufeff")
        return not beginning.lstrip().startswith("<") and _LOOKS.search(beginning) is not None

    def least(self, data: bytes) -> int:
        """Count the braces that open answers."""
        return data.count(b"{") - data.count(b"\\{")

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield the questions of a file.

        Raises:
            Unreadable: it is no text, or too large.
        """
        text, guesses = decode(data)
        yield from limited(gathered(_members(text, guesses)))


def _members(text: str, guesses: tuple[object, ...]) -> Iterator[Member]:
    topic = ""
    for block in list_blocks(text):
        category, rest = category_of(block)
        topic = topic if category is None else read_topic(category)
        if rest.lines:
            member = _read_block(rest, topic)
            if isinstance(member.read, ReadQuestion) and guesses:
                guessed = (*guesses, *member.read.guesses)
                member = replace(member, read=replace(member.read, guesses=guessed))
            yield member


def _read_block(block: Block, topic: str) -> Member:
    """Return what a block holds; of one with comments only, nothing."""
    line = block.line + next((at for at, one in enumerate(block.lines) if not one.startswith("//")), 0)
    original = cut(block.original)
    try:
        parts = take_apart(block)
        return Member() if parts is None else _read_parts(parts, block, topic, line)
    except ValueError as error:
        message = error.message if isinstance(error, Refused) else str(error)
        return Member(ReadFault(line, message, original))


def _read_parts(parts: Parts, block: Block, topic: str, line: int) -> Member:
    notes, comments = Notes(), comments_of(block)
    texts = Texts(notes, parts.form or AUTO)
    is_number = (parts.answers or "").startswith("#")
    words, unit = unit_asked(plain(parts.stem)) if is_number else (plain(parts.stem), "")
    stem = texts.read(words)
    case = next((tag for tag in comments.tags if tag.startswith(CASE_TAG)), "")
    if parts.answers is None:
        return Member(None, stem, parts.name, case, line, topic, texts.files)
    kind, source = _read_answers(parts, texts, notes)
    explanation = texts.read(*_formed(parts.feedback))
    source = {"stem": stem} | ({"explanation": explanation} if explanation else {}) | source
    source |= {"unit": unit} if unit else {}
    if comments.identifier and parts.name:
        notes.lose(_l("The number %(number)s of the question is not kept.", number=comments.identifier))
    question = ReadQuestion(
        kind,
        source,
        line,
        cut(block.original),
        name=parts.name or comments.identifier,
        topic=topic,
        tags=tuple(tag for tag in comments.tags if tag != case),
        guesses=tuple(notes.guesses),
        losses=tuple(notes.losses),
        files=texts.files,
    )
    return Member(checked(question), case=case)


def _read_answers(parts: Parts, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the kind that the signs in the answers tell, and the fields of its source."""
    answers = parts.answers or ""
    if not answers:
        return "essay", essay_source("", notes)
    if "~" in answers and not answers.startswith(("#", ">")):
        return _choices(answers, texts, notes)
    return _read_others(answers, texts, notes)


def _read_others(answers: str, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return kind and source of answers that are no list to choose from."""
    side = answers.partition("#")[0].strip().upper()
    if answers.startswith("#"):
        return "number", number_source(list(_numbers(answers[1:], texts, notes)), notes)
    if answers.startswith(">"):
        return "ordering", _ordering(answers, texts, notes)
    if "=" in answers and "->" in answers:
        return "matching", _pairs(answers, texts, notes)
    if side in _SIDES:
        return "true_false", _true_false(answers, _SIDES[side], texts)
    return "short_answer", _words(answers, texts, notes)


def _choices(answers: str, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return one right answer where one is marked with =, else several by their weights."""
    is_single = "=" in answers
    found = []
    for answer in _split(answers.replace("=", "~="), "~"):
        is_right, said = answer.startswith("="), answer.removeprefix("=").strip()
        said, fraction = _weight(said, Fraction(int(is_right)), notes)
        text, why = _with_comment(said, texts, texts.read)
        found.append(Option(text, why, fraction))
    source = single_source(found, notes) if is_single else several_source(found, notes)
    return ("single_choice" if is_single else "multiple_response"), source


def _numbers(answers: str, texts: Texts, notes: Notes) -> Iterator[Accepted]:
    """Yield the numbers of ``1822:5``, ``1..5`` and lists of them, in the order in which they are tried."""
    numbers, mark, rest = answers.partition("~")
    for answer in _split(numbers, "="):
        said, fraction = _weight(answer, Fraction(1), notes)
        number, why = _with_comment(said, texts, lambda text: text)
        yield Accepted(*_band(number), fraction, why)
    if mark:
        _text, why = _with_comment(rest, texts, lambda text: text)
        yield Accepted(None, Decimal(0), Fraction(0), why)


def _band(text: str) -> tuple[Decimal | None, Decimal]:
    """Return a number and its tolerance; None: any number."""
    low, dots, high = text.partition("..")
    if dots and low.strip():
        least, most = read_plain_number(low), read_plain_number(high)
        if most < least:
            raise Refused(_l("“%(text)s” is no range: the smaller number stands first.", text=text[:60]))
        return (least + most) / 2, (most - least) / 2
    number, colon, tolerance = text.partition(":")
    if number.strip() == "*":
        return None, Decimal(0)
    return read_plain_number(number), abs(read_plain_number(tolerance)) if colon else Decimal(0)


def _pairs(answers: str, texts: Texts, notes: Notes) -> Json:
    pairs = []
    for answer in _split(answers, "="):
        left, arrow, right = answer.partition("->")
        if not arrow:
            raise Refused(_l("“%(text)s” has no -> between its two sides.", text=plain(answer)[:60]))
        right, mark, _said = right.partition("#")
        if mark:
            notes.lose(_l("What is said to single pairs is left out."))
        pairs.append(Pair(texts.read(*_formed(left)), texts.read_plain(plain(right).strip())))
    return pairs_source(pairs, notes)


def _true_false(answers: str, is_true: bool, texts: Texts) -> Json:
    """Return the side; the first comment is for who chose the other one, the second for who chose it."""
    _side, *said = answers.split("#")
    sides = ("false", "true") if is_true else ("true", "false")
    why = {side: texts.read(*_formed(text)) for side, text in zip(sides, said[:2], strict=False)}
    why = {side: text for side, text in why.items() if text}
    return {"answer": is_true} | ({"why": why} if why else {})


def _words(answers: str, texts: Texts, notes: Notes) -> Json:
    forms = []
    for answer in _split(answers, "="):
        said, fraction = _weight(answer, Fraction(1), notes)
        accept, why = _with_comment(said, texts, lambda text: text)
        forms.append(Form(accept, fraction, why))
    return words_source(forms, notes, match_case=False)


def _ordering(answers: str, texts: Texts, notes: Notes) -> Json:
    match = _ORDER.match(answers)
    assert match is not None
    items = [texts.read(*_formed(line)) for line in answers[match.end() :].split("\n") if line.strip()]
    select, grading = (match[name] or "" for name in ("select", "grading"))
    return order_source([(item, "") for item in items], grading.strip(), select.strip() or "ALL", notes)


def _split(answers: str, sign: str) -> list[str]:
    """Return the answers between signs; before the first sign there need not be one."""
    first, *others = (part.strip() for part in answers.split(sign))
    return [first, *others] if first else others


def _weight(answer: str, fraction: Fraction, notes: Notes) -> tuple[str, Fraction]:
    match = _WEIGHT.match(answer)
    return (answer[match.end() :], read_fraction(match[1], notes)) if match else (answer, fraction)


def _with_comment(answer: str, texts: Texts, read: Callable[..., str]) -> tuple[str, str]:
    """Return an answer as ``read`` gives it, and what is said to who gives it, as Markdown."""
    text, _mark, said = answer.partition("#")
    is_words = read == texts.read
    return read(*_formed(text)) if is_words else plain(text).strip(), texts.read(*_formed(said))


def _formed(text: str) -> tuple[str, str]:
    form, rest = split_form(text)
    return plain(rest), form
