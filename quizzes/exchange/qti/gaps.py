"""Texts with gaps: words and numbers to type, lists to choose from, words to put in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from lms.core.numbers import UNITS
from lms.core.xml_reader import XmlElement
from quizzes.exchange.markup import BREAK
from quizzes.exchange.qti.bodies import Replace
from quizzes.exchange.qti.declarations import Declaration
from quizzes.exchange.qti.entries import (
    Worth,
    is_number,
    number_gap,
    number_samples,
    number_sources,
)
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Sample, given_of, settle
from quizzes.exchange.qti.names import children
from quizzes.exchange.qti.responses import Given
from quizzes.exchange.qti.values import Value
from quizzes.exchange.qti.words import word_samples, words_source
from quizzes.types.base import Json
from quizzes.types.cloze_form import MAX_GAPS, MAX_WEIGHT

BLANK = "…"
_STEM = "Lengkapi teks ini."
PART = "data-part"
"""Attribute of items of ours that tells the task of a text with gaps from the text."""
# Stand before and after the number of a gap while HTML becomes Markdown.
_OPEN, _CLOSE = "\ue010", "\ue011"


def read_entry(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return type and source of one place to type in."""
    declaration = item.response(interaction)
    worth = Worth(item, declaration.identifier)
    stem = item.stem(interaction) if _stands_last(item, interaction) else _with_blank(item, interaction)
    if is_number(declaration):
        return _number(item, stem, declaration, worth, unit=_unit(item, interaction))
    source = {"stem": stem} | words_source(item, declaration, worth)
    samples = word_samples(declaration.identifier, source)
    return "short_answer", settle("short_answer", [source], samples, marks=item.marks, notes=item.notes)


def _with_blank(item: Item, interaction: XmlElement) -> str:
    return item.markdown([item.body], lambda element: BLANK if element is interaction else None)


def _stands_last(item: Item, interaction: XmlElement) -> bool:
    """Say whether nothing follows the place, which then needs no sign in the text."""
    shown = item.markdown([item.body], lambda one: _OPEN if one is interaction else None)
    return shown.rstrip(" .\\\n").endswith(_OPEN) and BREAK + _OPEN in shown


def read_slider(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return a slider as a number to type."""
    declaration = item.response(interaction)
    item.notes.guess(_l("A slider became a number to type."))
    stem = item.stem(interaction)
    return _number(item, stem, declaration, Worth(item, declaration.identifier), unit={})


def _number(item: Item, stem: str, declaration: Declaration, worth: Worth, *, unit: Json) -> tuple[str, Json]:
    said = {"stem": stem} | unit
    candidates = [said | source for source in number_sources(item, declaration, worth)]
    samples = [one for source in candidates for one in number_samples(declaration.identifier, source)]
    return "number", settle("number", candidates, samples, marks=item.marks, notes=item.notes)


def _unit(item: Item, interaction: XmlElement) -> Json:
    unit = item.unit(interaction)
    return {"unit": unit} if unit in UNITS else {}


def is_gapped(item: Item) -> bool:
    """Say whether an item says itself that it is a text with gaps: those of ours do."""
    return any(element.attributes.get(PART) == "text" for element in item.body.elements())


def read_gaps(item: Item, interactions: Sequence[XmlElement]) -> tuple[str, Json]:
    """Return several inline interactions as one text with gaps."""
    _check_count(interactions)
    keys = {id(one): given_of(*_key(item, one)) for one in interactions}
    gaps, samples = [], []
    for interaction in interactions:
        others = [pair for one in interactions if one is not interaction for pair in keys[id(one)]]
        gap, tried = _gap(item, interaction, others)
        gaps.append(gap)
        samples.append(tried)
    return _cloze(
        item, item.body, {id(one): number for number, one in enumerate(interactions, 1)}, gaps, samples
    )


def _check_count(places: Sequence[XmlElement]) -> None:
    if len(places) > MAX_GAPS:
        raise ItemFault(_l("At most %(count)s gaps are possible.", count=MAX_GAPS))


def _numbered(elements: Sequence[XmlElement]) -> dict[int, int]:
    return {id(element): number for number, element in enumerate(elements, 1)}


def _key(item: Item, interaction: XmlElement) -> tuple[str, Value]:
    declaration = item.response(interaction)
    return declaration.identifier, declaration.correct


def _gap(item: Item, interaction: XmlElement, others: list[Given]) -> tuple[Json, list[Sample]]:
    declaration = item.response(interaction)
    worth = Worth(item, declaration.identifier, others)
    if interaction.name == "inline-choice-interaction":
        choices = children(interaction, "inline-choice")
        names = [choice.attributes.get("identifier", "") for choice in choices]
        texts = [item.inner(choice) for choice in choices]
        return _choice_gap(declaration.identifier, names, texts, worth)
    if is_number(declaration):
        gap = {"kind": "number"} | number_gap(item, declaration, worth) | _unit(item, interaction)
        return gap, number_samples(declaration.identifier, gap)
    gap = {"kind": "text"} | words_source(item, declaration, worth)
    return gap, word_samples(declaration.identifier, gap)


def _choice_gap(
    identifier: str, names: Sequence[str], texts: Sequence[str], worth: Worth, before: str = ""
) -> tuple[Json, list[Sample]]:
    """Return a gap to choose for; ``before`` and a name make a pair where the gap is one end of it."""
    earned = [worth.of(_pair(name, before)) for name in names]
    best = max(earned, default=0.0)
    if best <= 0:
        raise ItemFault(_l("The right choice of a gap was not found."))
    right = earned.index(best)
    options = [
        {"text": text.replace(BREAK, " ")}
        | ({"correct": True} if index == right else {})
        | (_share(score / best) if index != right and 0 < score < best else {})
        for index, (text, score) in enumerate(zip(texts, earned, strict=True))
    ]
    order = [right, *(index for index in range(len(names)) if index != right)]
    samples = [Sample([(identifier, _pair(names[index], before))], {"choice": index}) for index in order]
    return {"kind": "choice", "options": options}, samples


def _share(share: float) -> Json:
    return {"share": f"{Decimal(repr(share)).quantize(Decimal('1e-7')).normalize():f}"}


def _pair(name: str, gap: str) -> str:
    return f"{name} {gap}" if gap else name


def read_gap_match(item: Item, interaction: XmlElement) -> tuple[str, Json]:
    """Return words to put into gaps as lists to choose from, the same for each."""
    declaration = item.response(interaction)
    words = children(interaction, "gap-text")
    if not words or any(one.name == "gap-img" for one in children(interaction)):
        raise ItemFault(_l("Only words can be put into gaps here, no pictures."))
    names = [word.attributes.get("identifier", "") for word in words]
    texts = [item.inner(word) for word in words]
    places = [one for one in interaction.elements() if one.name == "gap"]
    _check_count(places)
    right = {str(pair[1]): pair for pair in declaration.correct.items if isinstance(pair, tuple)}
    gaps, samples = [], []
    for place in places:
        name = place.attributes.get("identifier", "")
        others = [(declaration.identifier, f"{a} {b}") for gap, (a, b) in right.items() if gap != name]
        gap, tried = _choice_gap(
            declaration.identifier, names, texts, Worth(item, declaration.identifier, others), name
        )
        gaps.append(gap)
        samples.append(tried)
    item.notes.guess(_l("Words to be put into gaps became a list at each gap."))
    return _cloze(item, interaction, _numbered(places), gaps, samples)


def _cloze(
    item: Item,
    holder: XmlElement,
    numbers: dict[int, int],
    gaps: list[Json],
    samples: Sequence[Sequence[Sample]],
) -> tuple[str, Json]:
    def shown(element: XmlElement) -> str | None:
        if id(element) in numbers:
            return f"{_OPEN}{numbers[id(element)]}{_CLOSE}"
        if element is holder and element is not item.body:
            inner = [one for one in element.children if not _is_word_or_prompt(one)]
            return item.html(inner, shown)
        return None

    before, text = _told(item, shown)
    prompt = item.stem(holder) if holder is not item.body and children(holder, "prompt") else ""
    stem = prompt.replace(text, "").strip() or before or _STEM
    if stem == _STEM:
        item.notes.guess(_l("The text has no task of its own: “%(stem)s” was put before it.", stem=_STEM))
    for gap, weight in zip(gaps, _weights(item, samples), strict=True):
        if weight > 1:
            gap["weight"] = weight
    source = {"stem": stem, "text": text.replace(_OPEN, "[[").replace(_CLOSE, "]]"), "gaps": gaps}
    return "cloze", settle("cloze", [source], _whole(samples), marks=item.marks, notes=item.notes)


def _told(item: Item, shown: Replace) -> tuple[str, str]:
    """Return what stands before the text with the gaps, and that text."""
    parts = {one.attributes[PART]: one for one in item.body.elements() if PART in one.attributes}
    if set(parts) == {"stem", "text"}:
        return item.inner(parts["stem"]), _bare(item.markdown([parts["text"]], shown))
    return _parted(_bare(item.markdown([item.body], shown)))


def _bare(text: str) -> str:
    return text.replace("[[", "[ [")


def _is_word_or_prompt(part: XmlElement | str) -> bool:
    return isinstance(part, XmlElement) and part.name in ("prompt", "gap-text", "gap-img")


def _parted(text: str) -> tuple[str, str]:
    """Return what stands before the paragraph of the first gap, and the rest."""
    start = text.find(_OPEN)
    cut = text.rfind(BREAK * 2, 0, max(start, 0))
    return (text[:cut].strip(), text[cut + len(BREAK * 2) :]) if cut > 0 else ("", text)


def _weights(item: Item, samples: Sequence[Sequence[Sample]]) -> list[int]:
    """Return what each gap weighs, as small whole numbers; all the same where they are none."""
    best = [max((item.marks.earned(one.given) or 0.0 for one in tried), default=0.0) for tried in samples]
    least = min(best, default=0.0)
    for times in range(1, MAX_WEIGHT + 1) if least > 0 else ():
        weights = [each / least * times for each in best]
        if max(weights) <= MAX_WEIGHT and all(abs(each - round(each)) < 1e-6 for each in weights):
            return [round(each) for each in weights]
    return [1] * len(best)


def _whole(samples: Sequence[Sequence[Sample]]) -> list[Sample]:
    """Return answers to the whole text: each gap tried with all others right, and with them empty.

    The first sample of every gap is right.
    """
    rights = [tried[0] for tried in samples]
    found = [Sample([], None)]
    for place, tried in enumerate(samples):
        for one in tried:
            for context in (rights, [None] * len(samples)):
                chosen = [one if index == place else other for index, other in enumerate(context)]
                given = [pair for each in chosen if each is not None for pair in each.given]
                answers = [each.answer if each is not None else None for each in chosen]
                found.append(Sample(given, {"gaps": answers} if any(answers) else None))
    return found
