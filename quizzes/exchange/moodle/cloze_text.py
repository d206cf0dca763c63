"""Moodle's text with gaps, ``Iuran {1:NUMERICAL:=2:0.1} persen.``, both ways. Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import reduce
from html import escape, unescape
from math import gcd

from flask_babel import lazy_gettext as _l

from quizzes.exchange.markup import BREAK, to_html
from quizzes.exchange.moodle.marks import Option, nearest_grade, read_fraction, single_source, write_percent
from quizzes.exchange.moodle.numbers import (
    Accepted,
    number_source,
    numbers_of,
    read_plain_number,
    write_plain_number,
)
from quizzes.exchange.moodle.text import Notes, Refused, Texts
from quizzes.exchange.moodle.words import Form, words_source, write_forms
from quizzes.types.base import Json
from quizzes.types.cloze_form import MAX_WEIGHT

STEM = "Lengkapi teks berikut."
"""What is asked where a text begins with its gap: our texts with gaps have a question above them."""
MAX_CODES = 60
_KINDS = {
    "SHORTANSWER": "text", "SA": "text", "MW": "text",
    "SHORTANSWER_C": "text", "SAC": "text", "MWC": "text",
    "NUMERICAL": "number", "NM": "number",
    "MULTICHOICE": "choice", "MC": "choice", "MULTICHOICE_V": "choice", "MCV": "choice",
    "MULTICHOICE_H": "choice", "MCH": "choice", "MULTICHOICE_S": "choice", "MCS": "choice",
    "MULTICHOICE_VS": "choice", "MCVS": "choice", "MULTICHOICE_HS": "choice", "MCHS": "choice",
}  # fmt: skip
_WITH_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
_START = re.compile(r"\{[0-9]{0,5}:[A-Z_]+:")
_CODE = re.compile(
    r"\{(?P<weight>[0-9]{0,5}):(?P<kind>[A-Z_]{2,20}):(?P<body>(?:\\.|[^}\\]){0,6000})\}", re.S
)
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{0,10})?)%")
_TILDE = re.compile(r"(?<!\\)~")
_HASH = re.compile(r"(?<![\\&])#")
_TAG = re.compile(r"<[^<>]*>")
_SIGN = re.compile("\ue030([0-9]+)\ue031")
_ENTITIES = {letter: f"&#{ord(letter)};" for letter in "}~#\\\"'=%{"}


def has_codes(text: str) -> bool:
    """Return whether a text has the code of a gap."""
    return _START.search(text) is not None


def cloze_source(text: str, texts: Texts, notes: Notes, form: str = "") -> Json:
    """Return stem, text and gaps of a text with codes.

    Args:
        text: as the file has it.
        texts: reads texts of the question.
        notes: where it is said what was guessed or lost.
        form: how the text is written, where it says so.

    Raises:
        Refused: a code cannot be read, or is none of ours.
    """
    if len(_START.findall(text)) > MAX_CODES:
        raise Refused(_l("It has more than %(count)s gaps. Take it apart.", count=MAX_CODES))
    gaps: list[Json] = []

    def sign(match: re.Match[str]) -> str:
        gaps.append(_read_gap(match, texts, notes))
        return f"\ue030{len(gaps)}\ue031"

    bare = text.replace("\ue030", "").replace("\ue031", "").replace("[[", "[ [")
    signed = _CODE.sub(sign, bare)
    left = _START.search(signed)
    if left is not None:
        raise Refused(_l("The gap that begins with “%(code)s” has no end: } is missing.", code=left[0]))
    markdown = texts.read(signed, form)
    stem, body = _split(markdown, notes)
    return {"stem": stem, "text": _SIGN.sub(r"[[\1]]", body), "gaps": _with_small_weights(gaps)}


def write_cloze(source: Json, *, pictures: str) -> str:
    """Return the HTML of stem and text, with codes for gaps."""
    gaps = source["gaps"]
    stem, text = (to_html(str(source.get(name) or ""), pictures=pictures) for name in ("stem", "text"))
    coded = re.sub(r"\[\[([0-9]+)\]\]", lambda match: _code(gaps[int(match[1]) - 1]), text)
    return f"<p>{stem}</p><p>{coded}</p>"


def _split(markdown: str, notes: Notes) -> tuple[str, str]:
    """Return the paragraphs before that of the first gap, and all else."""
    paragraphs = markdown.split(BREAK * 2)
    first = next((at for at, one in enumerate(paragraphs) if _SIGN.search(one)), 0)
    stem = (BREAK * 2).join(paragraphs[:first])
    if not stem.strip():
        notes.guess(_l("It asks nothing above its gaps: “%(stem)s” was put there.", stem=STEM))
    return stem if stem.strip() else STEM, (BREAK * 2).join(paragraphs[first:])


def _with_small_weights(gaps: list[Json]) -> list[Json]:
    """Return the gaps with weights as small as they can be, which earn the same; 1 is not written."""
    divisor = reduce(gcd, (gap["weight"] for gap in gaps), 0) or 1
    for gap in gaps:
        gap["weight"] //= divisor
        if not 1 <= gap["weight"] <= MAX_WEIGHT:
            raise Refused(_l("The weights of the gaps are too far apart: 1 to %(most)s.", most=MAX_WEIGHT))
        if gap["weight"] == 1:
            del gap["weight"]
    return gaps


def _read_gap(match: re.Match[str], texts: Texts, notes: Notes) -> Json:
    kind = _KINDS.get(match["kind"])
    if kind is None:
        raise Refused(_l("A gap of the kind %(kind)s is not known here: take it apart.", kind=match["kind"]))
    answers = [_answer(part, notes) for part in _TILDE.split(match["body"]) if part.strip()]
    read = {"choice": _read_choice, "number": _read_number, "text": _read_words}[kind]
    gap = {"kind": kind, "weight": int(match["weight"] or 1)}
    return gap | read(answers, texts, notes) | ({"match_case": True} if match["kind"] in _WITH_CASE else {})


def _answer(part: str, notes: Notes) -> tuple[str, Fraction, str]:
    """Return an answer, what it earns and what is said to it, the texts still HTML."""
    weight = _WEIGHT.match(part)
    if weight:
        fraction, part = read_fraction(weight[1], notes), part[weight.end() :]
        part = part.removeprefix("=")
    else:
        stripped = part.lstrip()
        fraction = Fraction(stripped.startswith("="))
        part = stripped.removeprefix("=")
    text, *said = _HASH.split(part, maxsplit=1)
    return _unescaped(text), fraction, _unescaped(said[0]) if said else ""


def _read_choice(answers: list[tuple[str, Fraction, str]], texts: Texts, notes: Notes) -> Json:
    return single_source(
        [Option(texts.read(text), texts.read(why), fraction) for text, fraction, why in answers], notes
    )


def _read_number(answers: list[tuple[str, Fraction, str]], texts: Texts, notes: Notes) -> Json:
    accepted = []
    for text, fraction, why in answers:
        number, _colon, tolerance = _words(text).partition(":")
        value = None if number.strip() == "*" else read_plain_number(number)
        width = abs(read_plain_number(tolerance)) if tolerance.strip() else read_plain_number("0")
        accepted.append(Accepted(value, width, fraction, texts.read(why)))
    source = number_source(accepted, notes)
    if "others" in source:
        raise Refused(_l("A gap takes one number only, with one wider tolerance: take it apart."))
    return source


def _read_words(answers: list[tuple[str, Fraction, str]], texts: Texts, notes: Notes) -> Json:
    forms = [Form(_words(text), fraction, texts.read(why)) for text, fraction, why in answers]
    return words_source(forms, notes, match_case=False)


def _words(html: str) -> str:
    return unescape(_TAG.sub("", html)).replace("\xa0", " ").strip()


def _unescaped(text: str) -> str:
    return re.sub(r"\\([}~#\"/])", r"\1", text).strip()


def _code(gap: Json) -> str:
    kind, lines = {"choice": _write_choice, "number": _write_number, "text": _write_words}[gap["kind"]](gap)
    return f"{{{gap.get('weight', 1)}:{kind}:{'~'.join(lines)}}}"


def _write_choice(gap: Json) -> tuple[str, list[str]]:
    lines = []
    for option in gap["options"]:
        share = Fraction(1) if option.get("correct") else Fraction(str(option.get("share", 0)))
        lines.append(_line(share, _html(str(option["text"])), option))
    return "MULTICHOICE_S", lines


def _write_number(gap: Json) -> tuple[str, list[str]]:
    return "NUMERICAL", [
        _line(one.fraction, f"{write_plain_number(one.value)}:{write_plain_number(one.tolerance)}", {})
        for one in numbers_of(gap)
    ]


def _write_words(gap: Json) -> tuple[str, list[str]]:
    lines = []
    for form, answer in zip(write_forms(gap), gap["answers"], strict=True):
        lines.append(_line(form.fraction, _entities(escape(form.accept, quote=False)), answer))
    return "SHORTANSWER_C" if gap.get("match_case") else "SHORTANSWER", lines


def _line(share: Fraction, text: str, answer: Json) -> str:
    sign = "=" if share == 1 else f"%{write_percent(nearest_grade(share))}%" if share else ""
    why = f"#{_html(str(answer['why']))}" if answer.get("why") else ""
    return f"{sign}{text}{why}"


def _html(markdown: str) -> str:
    """Return Markdown as HTML in which nothing ends a part of a code."""
    pieces = re.split(r"(<[^<>]*>)", to_html(markdown))
    return "".join(
        re.sub(r"([}~#])", r"\\\1", piece) if piece.startswith("<") else _entities(piece) for piece in pieces
    )


def _entities(html: str) -> str:
    """Return words of HTML with entities for all that ends a part of a code."""
    pieces = re.split(r"(&#?\w+;)", html)
    return "".join(
        piece if number % 2 else "".join(_ENTITIES.get(letter, letter) for letter in piece)
        for number, piece in enumerate(pieces)
    )
