"""Words that are typed: which an item takes, and what each earns, found by asking its scoring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.declarations import Declaration
from quizzes.exchange.qti.entries import Worth, rounded, rules_of
from quizzes.exchange.qti.items import Item, ItemFault
from quizzes.exchange.qti.marks import Sample
from quizzes.exchange.qti.names import children, text_of
from quizzes.exchange.qti.pattern_stars import from_schema
from quizzes.types.base import Json
from quizzes.types.patterns import fits, sample
from quizzes.types.short_answer import MAX_FORMS

_NONSENSE = "xyzxyz"
_MOST_TRIED = 60
_COMPARED = ("string-match", "match", "substring")


@dataclass(frozen=True)
class _Form:
    """A form of an answer as our types write it; ``is_strict`` is None where only the scoring knows."""

    accept: str
    is_strict: bool | None = None

    @property
    def text(self) -> str:
        return sample(self.accept)


def words_source(item: Item, declaration: Declaration, worth: Worth) -> Json:
    """Return the words a response takes, in the order in which its scoring tries them.

    Raises:
        ItemFault: none is found.
    """
    forms = list(islice(dict.fromkeys(_forms(item, declaration)), _MOST_TRIED))
    earned = {form: worth.of(form.text) for form in forms}
    best = max(earned.values(), default=0.0)
    if best <= 0:
        return _as_declared(item, declaration)
    taken = _reached([form for form in forms if earned[form] > 0])
    is_strict = any(_matters_case(form, worth, earned[form]) for form in taken)
    answers: dict[str, Json] = {}
    for form in taken:
        key = form.accept if is_strict else form.accept.casefold()
        share = earned[form] / best
        answers.setdefault(key, {"accept": form.accept} | ({"share": rounded(share)} if share < 1 else {}))
    if len(answers) > MAX_FORMS:
        item.notes.lose(_l("Only the first %(count)s answers were kept.", count=MAX_FORMS))
    source: Json = {"answers": list(answers.values())[:MAX_FORMS]}
    return source | ({"match_case": True} if is_strict else {})


def _reached(forms: list[_Form]) -> list[_Form]:
    """Return the forms that no form with a star before them takes already."""
    found: list[_Form] = []
    for form in forms:
        wide = [one for one in found if sample(one.accept, "x") != one.text]
        if not any(
            fits(form.text, one.accept, match_case=bool(one.is_strict), match_accents=True) for one in wide
        ):
            found.append(form)
    return found


def _as_declared(item: Item, declaration: Declaration) -> Json:
    """Return the words of the key where the item does not score."""
    declared = [_escaped(str(each)) for each in declaration.correct.items]
    if not declared or item.marks.highest is not None:
        raise ItemFault(_l("No words were found that the item takes as an answer."))
    return {"answers": [{"accept": accept} for accept in declared[:MAX_FORMS]]}


def _matters_case(form: _Form, worth: Worth, score: float) -> bool:
    if form.is_strict is not None:
        return form.is_strict
    return worth.of(form.text.swapcase()) < score


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("*", "\\*")


def _forms(item: Item, declaration: Declaration) -> Iterator[_Form]:
    """Yield every form of the item that may be an answer: those of its rules, its mapping, its key."""
    for element in rules_of(item):
        if element.name == "pattern-match" and _is_about(element, declaration.identifier):
            found = from_schema(element.attributes.get("pattern", ""))
            if found is None:
                item.notes.lose(_l("A pattern of letters cannot be kept: only what it names was."))
            else:
                yield _Form(*found)
        elif element.name in _COMPARED and _is_about(element, declaration.identifier):
            texts = [text_of(one) for one in children(element, "base-value")]
            yield from (_Form(_escaped(text)) for text in texts if text.strip())
    mapped = declaration.mapping.entries if declaration.mapping else ()
    for each in (*(entry.key for entry in mapped), *declaration.correct.items):
        if str(each).strip():
            yield _Form(_escaped(str(each)))


def _is_about(element: XmlElement, identifier: str) -> bool:
    return any(
        one.name == "variable" and one.attributes.get("identifier") == identifier
        for one in element.elements()
    )


def word_samples(identifier: str, source: Json) -> list[Sample]:
    """Return answers to words typed: each that is taken, in other letters, and one that is not."""
    texts = [sample(answer["accept"]) for answer in source["answers"]]
    texts += [text.swapcase() for text in texts] + [_NONSENSE]
    return [Sample([(identifier, text)], {"text": text}) for text in texts if text] + [Sample([], None)]
