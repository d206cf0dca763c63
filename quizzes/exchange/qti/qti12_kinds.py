"""The kinds of questions of QTI 1.2 as ours."""

from __future__ import annotations

import re
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from lms.core.xml_reader import XmlElement
from quizzes.exchange.markup import BREAK
from quizzes.exchange.qti.choices import list_sets, sides_of
from quizzes.exchange.qti.items import ItemFault
from quizzes.exchange.qti.marks import Sample, settle
from quizzes.exchange.qti.names import children, text_of
from quizzes.exchange.qti.qti12_items import Handler, Qti12Item
from quizzes.exchange.qti.qti12_scoring import number_of
from quizzes.exchange.qti.qti12_texts import html_of
from quizzes.exchange.rubrics import GUESS, plain_rubric
from quizzes.types.base import Json

_STEM = "Lengkapi teks ini."


def _single(item: Qti12Item) -> tuple[str, Json]:
    response = _only(item)
    labels = item.labels(response)
    identifier = response.attributes.get("ident", "")
    shares = {name: item.marks.fraction([(identifier, name)]) or Decimal(0) for name in labels}
    best = max(shares.values(), default=Decimal(0))
    if best == 0:
        raise ItemFault(_l("No option is marked as right."))
    right = next(name for name, share in shares.items() if share == best)
    options = [_option(item, name, text, is_right=name == right) for name, text in labels.items()]
    sides = sides_of(options)
    if sides is not None or {name.casefold() for name in labels} == {"true", "false"}:
        answers = sides or [name.casefold() == "true" for name in labels]
        why = {
            str(side).lower(): one["why"] for side, one in zip(answers, options, strict=True) if "why" in one
        }
        key = next(side for side, one in zip(answers, options, strict=True) if one.get("correct"))
        return "true_false", {"stem": item.stem(), "answer": key} | ({"why": why} if why else {})
    for option, share in zip(options, shares.values(), strict=True):
        if 0 < share < best:
            option["share"] = f"{(share / best).normalize():f}"
    return "single_choice", {"stem": item.stem(), "options": options}


def _several(item: Qti12Item) -> tuple[str, Json]:
    response = _only(item)
    labels = item.labels(response)
    identifier = response.attributes.get("ident", "")
    right = set(item.accepted(identifier))
    names = list(labels)
    options = [_option(item, name, text, is_right=name in right) for name, text in labels.items()]
    samples = [
        Sample(
            [(identifier, names[index]) for index in chosen], {"choices": list(chosen)} if chosen else None
        )
        for chosen in list_sets(options)
    ]
    rules: list[Json] = [{"scoring": "all_or_nothing"}, {}]
    weighed = [one | {"weight": "1" if one.get("correct") else "-1"} for one in options]
    candidates = [{"options": options} | rule for rule in rules] + [
        {"options": weighed, "scoring": "weights"}
    ]
    source = settle("multiple_response", candidates, samples, marks=item.marks, notes=item.notes)
    return "multiple_response", {"stem": item.stem()} | source


def _option(item: Qti12Item, name: str, text: str, *, is_right: bool) -> Json:
    why = item.feedback(f"{name}_fb", name)
    return {"text": text} | ({"correct": True} if is_right else {}) | ({"why": why} if why else {})


def _words(item: Qti12Item) -> tuple[str, Json]:
    identifier = _only(item).attributes.get("ident", "")
    accepted = item.accepted(identifier)
    if not accepted:
        raise ItemFault(_l("No words were found that the item takes as an answer."))
    return "short_answer", {"stem": item.stem()} | _answers(accepted)


def _answers(accepted: list[str]) -> Json:
    different = {" ".join(text.split()).casefold(): " ".join(text.split()) for text in reversed(accepted)}
    return {"answers": [{"accept": text.replace("*", "\\*")} for text in reversed(different.values())]}


def _number(item: Qti12Item) -> tuple[str, Json]:
    """Canvas writes the number and a range about it, or a range alone; the middle is then the number."""
    identifier = _only(item).attributes.get("ident", "")
    exact = [number for text in item.accepted(identifier) if (number := number_of(text)) is not None]
    low, high = _end(item, "vargte", "vargt"), _end(item, "varlte", "varlt")
    if not exact and (low is None or high is None or high < low):
        raise ItemFault(_l("No number was found that the item takes as an answer."))
    if not exact and low is not None and high is not None:
        item.notes.guess(_l("Only a range is given: its middle is shown as the right number."))
        exact = [(low + high) / 2]
    right = exact[0]
    width = max((abs(end - right) for end in (low, high) if end is not None), default=Decimal(0))
    source: Json = {"stem": item.stem(), "answer": _plain(right)}
    source |= {"tolerance": _plain(width)} if width else {}
    ends = dict.fromkeys([right, right + width, right - width, right + 2 * width + 1, *exact])
    samples = [Sample([(identifier, _plain(each))], {"value": _plain(each)}) for each in ends]
    return "number", settle("number", [source], samples, marks=item.marks, notes=item.notes)


def _end(item: Qti12Item, *names: str) -> Decimal | None:
    return next((number_of(text_of(one)) for one in item.find(*names)), None)


def _plain(number: Decimal) -> str:
    return f"{number.normalize() + 0:f}"


def _essay(item: Qti12Item) -> tuple[str, Json]:
    item.notes.guess(GUESS)
    return "essay", {"stem": item.stem(), "rubric": plain_rubric()}


def _file(item: Qti12Item) -> tuple[str, Json]:
    item.notes.guess(_l("A file to send became a text to write, with a file beside it."))
    kind, source = _essay(item)
    return kind, source | {"attachment": True}


def _matching(item: Qti12Item) -> tuple[str, Json]:
    offered: dict[str, str] = {}
    pairs: list[Json] = []
    shown = _right_sides(item)
    for response in item.responses():
        labels = item.labels(response)
        if not any(labels.values()) and len(labels) == len(shown):
            labels = dict(zip(labels, shown, strict=True))
        offered |= labels
        key = _matched(item, response.attributes.get("ident", ""))
        if key not in labels:
            raise ItemFault(_l("A line has no right answer among those offered."))
        pairs.append({"text": _line(item, response), "match": labels[key]})
    taken = {fold(pair["match"]) for pair in pairs}
    lone = {fold(text): text for text in offered.values() if fold(text) not in taken}
    source = {"stem": item.stem(), "pairs": pairs}
    return "matching", source | ({"distractors": [{"text": text} for text in lone.values()]} if lone else {})


def _line(item: Qti12Item, response: XmlElement) -> str:
    materials = children(response, "material", "flow_mat")
    if materials:
        return item.markdown("".join(html_of(_holder(one)) for one in materials))
    block = next((one for one in item.find("flow") if response in children(one)), None)
    return item.markdown(html_of(block)) if block is not None else ""


def _holder(element: XmlElement) -> XmlElement:
    return XmlElement("", "holder", {}, element.line, [element])


def _right_sides(item: Qti12Item) -> list[str]:
    """Return the answers of a matching of Blackboard, which stand in a block of their own."""
    blocks = [one for one in item.find("flow") if one.attributes.get("class") == "RIGHT_MATCH_BLOCK"]
    return [item.markdown(html_of(part)) for block in blocks for part in children(block, "flow")]


def _matched(item: Qti12Item, identifier: str) -> str:
    """Return the answer of a line; Blackboard scores none by itself, it only names them."""
    tests = [
        one for condition in item.marks.conditions for one in condition.elements() if one.name == "varequal"
    ]
    return next((text_of(one).strip() for one in tests if one.attributes.get("respident") == identifier), "")


def _gaps(item: Qti12Item) -> tuple[str, Json]:
    """Canvas: ``[name]`` in the text stands for the response ``response_name``."""
    text, gaps = item.stem(), []
    for number, response in enumerate(item.responses(), 1):
        identifier = response.attributes.get("ident", "")
        name = identifier.removeprefix("response_")
        mark = re.compile(rf"\\?\[{re.escape(name)}\\?\](?!\])")
        if len(mark.findall(text)) != 1:
            raise ItemFault(_l("The gap [%(name)s] does not stand in the text once.", name=name))
        text = mark.sub(f"[[{number}]]", text, count=1)
        gaps.append(_gap(item, response, identifier))
    if not gaps:
        raise ItemFault(_l("The text has no gaps."))
    first = text.find("[[")
    cut = text.rfind(BREAK * 2, 0, first)
    stem, text = (text[:cut], text[cut + len(BREAK * 2) :]) if cut > 0 else (_STEM, text)
    if stem == _STEM:
        item.notes.guess(_l("The text has no task of its own: “%(stem)s” was put before it.", stem=_STEM))
    return "cloze", {"stem": stem, "text": text, "gaps": gaps}


def _gap(item: Qti12Item, response: XmlElement, identifier: str) -> Json:
    labels = item.labels(response)
    right = [name for name in item.accepted(identifier) if name in labels]
    if not right:
        raise ItemFault(_l("The right choice of a gap was not found."))
    if item.kind == "gaps":
        return {"kind": "text"} | _answers([_typed(response, name) for name in right])
    options = [
        {"text": text.replace(BREAK, " ")} | ({"correct": True} if name == right[0] else {})
        for name, text in labels.items()
    ]
    return {"kind": "choice", "options": options}


def _typed(response: XmlElement, name: str) -> str:
    label = next(one for one in response.elements() if one.attributes.get("ident") == name)
    return " ".join(text_of(label).split())


def _order(item: Qti12Item) -> tuple[str, Json]:
    response = _only(item)
    labels = item.labels(response)
    right = item.accepted(response.attributes.get("ident", ""))
    if sorted(right) != sorted(labels):
        raise ItemFault(_l("The right order is not declared."))
    item.notes.guess(_l("Only the whole order earns marks."))
    items = [{"text": labels[name]} for name in right]
    return "ordering", {"stem": item.stem(), "items": items, "scoring": "all_or_nothing"}


def _only(item: Qti12Item) -> XmlElement:
    found = item.responses()
    if len(found) != 1:
        raise ItemFault(_l("Nothing in the item is to be answered.") if not found else _SEVERAL)
    return found[0]


_SEVERAL = _l("The item asks for several things at once: split it into questions.")

KINDS: dict[str, Handler] = {
    "single": _single,
    "several": _several,
    "words": _words,
    "number": _number,
    "essay": _essay,
    "file": _file,
    "matching": _matching,
    "gaps": _gaps,
    "lists": _gaps,
    "order": _order,
}
"""By the words of `quizzes.exchange.qti.qti12_items`."""
