"""Rows of our own sheet whose answers are typed: numbers, words, gaps and essays. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from quizzes.exchange.rubrics import GUESS, plain_rubric
from quizzes.exchange.sheets.header import RowFault
from quizzes.exchange.sheets.template_rows import (
    Record,
    key_number,
    plain,
    read_cell_number,
    read_text,
    read_typed_number,
    show_number,
    show_percent,
    show_text,
    unit_of,
    written,
)
from quizzes.exchange.sheets.template_words import (
    ANSWERS,
    GAPS,
    LETTERS,
    OPTION,
    TOLERANCES,
    VALUE,
    WHY,
    find_word,
)
from quizzes.types.base import FormatError, Json
from quizzes.types.cloze_form import SEPARATOR, read_answers
from quizzes.types.rubric import read_points
from quizzes.types.tolerance import NOMINAL

_FLAGS = ("match_case", "match_accents")
_UNIT = re.compile(r"(?P<name>[^=;]+?)\s*=\s*(?P<factor>[^;]+)")
_GAP = re.compile(
    r"(?P<kind>[^\W\d_]+(?: [^\W\d_]+)?)\s*(?:\((?P<flags>[^)\n]*)\))?\s*:\s*(?P<rest>.*)", re.DOTALL
)
_LEVEL = re.compile(r"(?P<points>[0-9][0-9.,]*)\s*[:=]\s*(?P<text>.+)")
_BAND = re.compile(r"\s*(?:±|\+/?-)\s*")


def read_number_row(record: Record) -> Json:
    """Return key, unit and tolerances."""
    unit = record.text("unit") or unit_of(record.text("answer"))
    if not record.text("answer"):
        raise RowFault(_l("The right number is missing."))
    cell = record.cell("answer")
    header = record.header("answer")
    is_typed = isinstance(cell.value, str)
    number = read_typed_number(cell.text, header, unit) if is_typed else read_cell_number(cell, header)
    source: Json = {"answer": key_number(number)} | ({"unit": unit} if unit else {})
    return source | _tolerances(record) | _others(record) | _units(record)


def show_number_row(source: Json) -> dict[str, str]:
    """Return the cells of a number."""
    cells = {"answer": show_number(source["answer"]), "unit": str(source.get("unit") or "")}
    if source.get("tolerance"):
        cells["tolerance"] = show_number(source["tolerance"])
    if source.get("tolerance_kind", NOMINAL) != NOMINAL:
        cells["tolerance_kind"] = str(TOLERANCES[source["tolerance_kind"]])
    if source.get("near"):
        cells["near_tolerance"] = show_number(source["near"]["tolerance"])
        cells["near_share"] = show_percent(source["near"]["fraction"])
    if source.get("others"):
        cells["others"] = "\n".join(map(_shown_other, source["others"]))
    if source.get("units"):
        further = (f"{unit['name']} = {show_number(unit['factor'])}" for unit in source["units"])
        cells["units"] = "; ".join(further)
    if "unit_penalty" in source:
        cells["unit_penalty"] = show_percent(source["unit_penalty"])
    return cells


def read_words(record: Record) -> Json:
    """Return the accepted forms; where no column has one, those of the key between semicolons."""
    texts = written(record.lettered())
    if not texts:
        texts = [text for text in re.split(r"\s*[;\n]\s*", record.text("answer")) if text]
    answers: list[Json] = []
    for letter, text in zip(LETTERS, texts, strict=False):
        share, why = record.share(f"{VALUE} {letter}"), record.markdown(f"{WHY} {letter}")
        answer: Json = {"accept": text} | ({"share": share} if share not in {"", "1"} else {})
        answers.append(answer | ({"why": why} if why else {}))
    return {"answers": answers} | {name: True for name in _FLAGS if record.says_yes(name)}


def show_words(source: Json) -> dict[str, str]:
    """Return the cells of accepted forms."""
    cells = {}
    for letter, answer in zip(LETTERS, source["answers"], strict=False):
        cells[f"{OPTION} {letter}"] = str(answer["accept"])
        cells[f"{WHY} {letter}"] = show_text(answer.get("why"))
        cells[f"{VALUE} {letter}"] = show_percent(answer["share"]) if "share" in answer else ""
    return cells | {name: str(ANSWERS[True]) for name in _FLAGS if source.get(name)}


def read_cloze(record: Record) -> Json:
    """Return the text and its gaps, one in each lettered column."""
    gaps = []
    for letter, text in zip(LETTERS, written(record.lettered()), strict=False):
        gap = _gap(text, record.header(f"{OPTION} {letter}"))
        weight, why = record.number(f"{VALUE} {letter}"), record.markdown(f"{WHY} {letter}")
        gap |= {} if weight is None else {"weight": key_number(weight)}
        gaps.append(gap | ({"why": why} if why else {}))
    return {"text": record.markdown("text"), "gaps": gaps}


def show_cloze(source: Json) -> dict[str, str]:
    """Return the cells of a text with gaps."""
    cells = {"text": show_text(source["text"])}
    for letter, gap in zip(LETTERS, source["gaps"], strict=False):
        cells[f"{OPTION} {letter}"] = _shown_gap(gap)
        cells[f"{WHY} {letter}"] = show_text(gap.get("why"))
        cells[f"{VALUE} {letter}"] = str(gap["weight"]) if "weight" in gap else ""
    return cells


def read_essay(record: Record) -> Json:
    """Return limits and rubric; a criterion with its levels stands in each lettered column."""
    source: Json = {}
    for name in ("min_words", "max_words"):
        number = record.number(name)
        source |= {} if number is None else {name: key_number(number)}
    if record.text("attachment") and record.says_yes("attachment"):
        source["attachment"] = True
    rubric = [
        _criterion(text, record.header(f"{OPTION} {letter}"))
        for letter, text in zip(LETTERS, written(record.lettered()), strict=False)
    ]
    if not rubric:
        record.guesses.append(GUESS)
    return source | {"rubric": rubric or plain_rubric()}


def show_essay(source: Json) -> dict[str, str]:
    """Return the cells of an essay."""
    cells = {name: str(source[name]) for name in ("min_words", "max_words") if source.get(name)}
    if source.get("attachment"):
        cells["attachment"] = str(ANSWERS[True])
    for letter, criterion in zip(LETTERS, source["rubric"], strict=False):
        levels = (f"{show_number(one['points'])}: {_one_line(one['text'])}" for one in criterion["levels"])
        cells[f"{OPTION} {letter}"] = "\n".join([_one_line(criterion["text"]), *levels])
    return cells


def _tolerances(record: Record) -> Json:
    found: Json = {}
    tolerance, near = record.number("tolerance"), record.number("near_tolerance")
    if tolerance is not None:
        found["tolerance"] = key_number(tolerance)
    if record.text("tolerance_kind"):
        kind = record.word("tolerance_kind", TOLERANCES)
        found |= {} if kind == NOMINAL else {"tolerance_kind": kind}
    if near is not None:
        found["near"] = {"tolerance": key_number(near), "fraction": record.share("near_share") or "0"}
    return found


def _others(record: Record) -> Json:
    """Return further numbers, one a line: “200 ± 5”, “50% 300”."""
    header = record.header("others")
    found = []
    for line in record.text("others").split("\n") if record.text("others") else []:
        share, _sign, rest = line.rpartition("% ")
        number, *band = _BAND.split(rest.strip(), maxsplit=1)
        other: Json = {"answer": key_number(read_typed_number(number, header))}
        other |= {"tolerance": key_number(read_typed_number(band[0], header))} if band else {}
        found.append(other | ({"fraction": plain(read_typed_number(share, header) / 100)} if share else {}))
    return {"others": found} if found else {}


def _shown_other(other: Json) -> str:
    share = f"{show_percent(other['fraction'])} " if "fraction" in other else ""
    band = f" ± {show_number(other['tolerance'])}" if other.get("tolerance") else ""
    return f"{share}{show_number(other['answer'])}{band}"


def _units(record: Record) -> Json:
    found: Json = {}
    units = []
    for piece in record.text("units").split(";") if record.text("units") else []:
        match = _UNIT.fullmatch(piece.strip())
        if match is None:
            raise RowFault(_l("“%(text)s”: write a unit as tahun = 12.", text=piece.strip()[:60]))
        factor = key_number(read_typed_number(match["factor"], record.header("units")))
        units.append({"name": match["name"].strip(), "factor": factor})
    if units:
        found["units"] = units
    if record.text("unit_penalty"):
        found["unit_penalty"] = record.share("unit_penalty")
    return found


def _gap(text: str, header: str) -> Json:
    """Return a gap: its kind, a colon, and its answers, one a line.

    Raises:
        RowFault: it is no gap, or a line of it cannot be read.
    """
    match = _GAP.fullmatch(text)
    kind = find_word(match["kind"], GAPS) if match else None
    if match is None or kind is None:
        known = ", ".join(map(str, GAPS.values()))
        raise RowFault(
            _l(
                "Column “%(name)s”: a gap begins with its kind and a colon: %(known)s.",
                name=header,
                known=known,
            )
        )
    if kind == "number":
        return {"kind": kind} | _gap_number(match["rest"].strip(), header)
    lines = "\n".join(read_text(line) for line in match["rest"].split("\n"))
    try:
        return {"kind": kind} | read_answers(kind, lines) | _flags(match["flags"])
    except FormatError as error:
        raise RowFault(_l("Column “%(name)s”: %(reason)s", name=header, reason=error.message)) from error


def _gap_number(text: str, header: str) -> Json:
    lines = text.split("\n", 1)
    number, *band = _BAND.split(lines[0], maxsplit=1)
    unit = unit_of(number)
    found: Json = {"answer": key_number(read_typed_number(number, header, unit))}
    found |= {"unit": unit} if unit else {}
    found |= {"tolerance": plain(read_typed_number(band[0], header))} if band else {}
    return found | (_gap_near(lines[1], header) if len(lines) > 1 else {})


def _gap_near(line: str, header: str) -> Json:
    """Return a wider tolerance of a gap: “50% ± 5”."""
    share, *band = _BAND.split(line.strip(), maxsplit=1)
    if not band or not share.endswith("%"):
        raise RowFault(_l("“%(line)s”: write a wider tolerance as 50%% ± 5.", line=line[:60]))
    earned = plain(read_typed_number(share, header) / 100)
    return {"near": {"tolerance": plain(read_typed_number(band[0], header)), "fraction": earned}}


def _flags(said: str | None) -> Json:
    words = {word.strip().casefold() for word in (said or "").split(",")}
    names = {"match_case": {"huruf besar", "capitals"}, "match_accents": {"aksen", "accents"}}
    return {name: True for name, spelled in names.items() if words & spelled}


def _shown_gap(gap: Json) -> str:
    kind = str(GAPS[gap["kind"]])
    if gap["kind"] == "number":
        band = f" ± {show_number(gap['tolerance'])}" if gap.get("tolerance") else ""
        line = f"{kind}: {show_number(gap['answer'])} {gap.get('unit') or ''}".rstrip() + band
        near = gap.get("near")
        return f"{line}\n{_mark(near['fraction'])} ± {show_number(near['tolerance'])}" if near else line
    flags = [word for name, word in zip(_FLAGS, ("huruf besar", "aksen"), strict=True) if gap.get(name)]
    head = f"{kind} ({', '.join(flags)}):" if flags else f"{kind}:"
    return "\n".join([head, *_gap_lines(gap)])


def _gap_lines(gap: Json) -> Iterator[str]:
    for option in gap.get("options") or []:
        mark = "=" if option.get("correct") else _mark(option.get("share", 0))
        yield f"{mark} {show_text(option['text'])}{_reason(option)}"
    for form in gap.get("answers") or []:
        yield f"{_mark(form.get('share', 1))} {form['accept']}{_reason(form)}"


def _mark(share: object) -> str:
    """Return what a line begins with that earns a share."""
    percent = show_percent(share)
    return {"100%": "=", "0%": "~"}.get(percent, percent)


def _reason(part: Json) -> str:
    return f"{SEPARATOR}{_one_line(part['why'])}" if part.get("why") else ""


def _criterion(text: str, header: str) -> Json:
    """Return what is looked at, and its levels: lines of points, a colon, and words.

    Raises:
        RowFault: a line after the first level is none.
    """
    said: list[str] = []
    levels: list[Json] = []
    for line in text.split("\n"):
        match = _LEVEL.fullmatch(line)
        if match:
            points = read_typed_number(match["points"], header)
            levels.append({"text": read_text(match["text"]), "points": key_number(points)})
        elif levels:
            raise RowFault(_l("“%(line)s” is no level: write it as 2: with reasons.", line=line[:60]))
        else:
            said.append(line)
    if any(read_points(level["points"]) is None for level in levels):
        raise RowFault(_l("Column “%(name)s”: points are 0 to 100.", name=header))
    return {"text": read_text(" ".join(said)), "levels": levels}


def _one_line(markdown: object) -> str:
    return show_text(markdown).replace("\n", " ")
