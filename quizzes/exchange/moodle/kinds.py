"""Each kind of question of Moodle XML as one of ours. Pure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from quizzes.exchange.moodle.essays import essay_source
from quizzes.exchange.moodle.marks import Option, read_fraction, several_source, single_source
from quizzes.exchange.moodle.numbers import (
    Accepted,
    known_unit,
    number_source,
    plain_number,
    read_plain_number,
)
from quizzes.exchange.moodle.orders import order_source
from quizzes.exchange.moodle.pairs import Pair, pairs_source
from quizzes.exchange.moodle.parts import Part
from quizzes.exchange.moodle.text import Notes, Refused, Texts
from quizzes.exchange.moodle.words import Form, words_source
from quizzes.types.base import Json
from quizzes.types.multiple_response_form import ALL_OR_NOTHING
from quizzes.types.rubric import MAX_WORDS

Read = Callable[[Part, Texts, Notes], tuple[str, Json]]


def read_multichoice(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return one or several right answers; those that are not shuffled keep their places."""
    options = options_of(part, texts, notes)
    is_single = part.says("single", default=True)
    source = (single_source if is_single else several_source)(options, notes)
    return ("single_choice" if is_single else "multiple_response"), unshuffled(part, source)


def read_all_or_nothing(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return several right answers of which only the whole counts, as an addition to Moodle has them."""
    options = options_of(part, texts, notes)
    marked = [
        {"text": option.text}
        | ({"correct": True} if option.fraction > 0 else {})
        | ({"why": option.why} if option.why else {})
        for option in options
    ]
    return "multiple_response", unshuffled(part, {"options": marked, "scoring": ALL_OR_NOTHING})


def options_of(part: Part, texts: Texts, notes: Notes) -> list[Option]:
    """Return the answers to choose from."""
    return [
        Option(
            answer.read(texts),
            answer.one("feedback").read(texts),
            read_fraction(answer.attribute("fraction"), notes),
        )
        for answer in part.all("answer")
    ]


def unshuffled(part: Part, source: Json) -> Json:
    """Return a source whose options keep their places where Moodle does not shuffle them."""
    if part.says("shuffleanswers", default=True):
        return source
    return source | {"options": [option | {"fixed": True} for option in source["options"]]}


def read_true_false(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the side that earns everything, and what is said to each."""
    sides = {answer.value("text").casefold(): answer for answer in part.all("answer")}
    if set(sides) != {"true", "false"}:
        raise Refused(_l("True or false has the answers true and false."))
    is_true = read_fraction(sides["true"].attribute("fraction"), notes) == 1
    if is_true is (read_fraction(sides["false"].attribute("fraction"), notes) == 1):
        raise Refused(_l("One of true and false earns everything, the other one nothing."))
    why = {side: answer.one("feedback").read(texts) for side, answer in sides.items()}
    why = {side: text for side, text in why.items() if text}
    return "true_false", {"answer": is_true} | ({"why": why} if why else {})


def read_short_answer(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the forms that are accepted."""
    forms = [
        Form(
            answer.value("text"),
            read_fraction(answer.attribute("fraction"), notes),
            answer.one("feedback").read(texts),
        )
        for answer in part.all("answer")
    ]
    source = words_source(forms, notes, match_case=part.says("usecase"))
    if part.has("useaccents") and not part.says("useaccents"):
        # Our own word, which Moodle passes over.
        del source["match_accents"]
    return "short_answer", source


def read_numerical(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the right number, its tolerances and its units."""
    accepted = []
    for answer in part.all("answer"):
        text, width = answer.value("text"), answer.value("tolerance")
        value = None if text == "*" else read_plain_number(text)
        tolerance = abs(read_plain_number(width)) if width else Decimal(0)
        fraction = read_fraction(answer.attribute("fraction"), notes)
        accepted.append(Accepted(value, tolerance, fraction, answer.one("feedback").read(texts)))
    return "number", number_source(accepted, notes) | read_units(part, notes)


def read_units(part: Part, notes: Notes) -> Json:
    """Return the units of a number, and what a wrong one costs."""
    units = [(unit.value("unit_name"), unit.value("multiplier")) for unit in part.one("units").all("unit")]
    units = [(name, multiplier) for name, multiplier in units if name]
    if not units:
        return {}
    base = next((name for name, multiplier in units if read_plain_number(multiplier or "1") == 1), "")
    unit = known_unit(base)
    if not unit:
        names = ", ".join(name for name, _multiplier in units)[:80]
        notes.lose(_l("The units %(names)s are left out: say in the question what is counted.", names=names))
        return {}
    return {"unit": unit} | _further_units(part, [pair for pair in units if pair[0] != base], unit, notes)


def _further_units(part: Part, units: list[tuple[str, str]], unit: str, notes: Notes) -> Json:
    grading = part.value("unitgradingtype") or "0"
    found = []
    for name, multiplier in units:
        factor = 1 / Fraction(read_plain_number(multiplier or "1") or 1)
        near = factor.limit_denominator(10_000)
        factor = near if abs(near - factor) < Fraction(1, 10**9) * (near + 1) else factor
        value = round(Decimal(factor.numerator) / factor.denominator, 9)
        word = known_unit(name) or " ".join(name.casefold().split())
        if word != unit and value > 0:
            found.append({"name": word, "factor": plain_number(value)})
    if not found:
        if grading != "0":
            notes.lose(_l("A missing unit costs nothing here, as there is one unit only."))
        return {}
    penalty = Fraction(read_plain_number(part.value("unitpenalty") or "0")) if grading != "0" else Fraction(0)
    if grading == "2" and penalty:
        notes.lose(_l("What a wrong unit costs is taken of what the number earns, not of all marks."))
    shown = Decimal(penalty.numerator) / penalty.denominator
    return {"units": found, "unit_penalty": plain_number(shown)}


def read_matching(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the pairs; a line without words has an answer that belongs to nothing."""
    pairs = [Pair(one.read(texts), texts.read_plain(one.value("answer"))) for one in part.all("subquestion")]
    return "matching", pairs_source(pairs, notes)


def read_ordering(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the lines in the order of their numbers."""
    items = []
    for place, answer in enumerate(part.all("answer")):
        number = read_plain_number(answer.attribute("fraction") or "0")
        items.append((number, place, answer.read(texts), answer.one("feedback").read(texts)))
    lines = [(text, why) for _number, _place, text, why in sorted(items)]
    select = part.value("selecttype") or "ALL"
    return "ordering", order_source(lines, part.value("gradingtype"), select, notes)


def read_essay(part: Part, texts: Texts, notes: Notes) -> tuple[str, Json]:
    """Return the limits and the rubric; notes for markers become one."""
    source: Json = {}
    for ours, theirs in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        words = part.value(theirs)
        if words.isdigit() and 0 < int(words[:9]) <= MAX_WORDS:
            source[ours] = int(words)
        elif words.isdigit() and int(words[:9]):
            notes.lose(
                _l(
                    "A limit of %(words)s words is left out: at most %(most)s.",
                    words=words[:9],
                    most=MAX_WORDS,
                )
            )
    if part.value("attachments") not in {"", "0"}:
        source["attachment"] = True
        if part.value("attachments") != "1":
            notes.lose(_l("One file may be attached, not several."))
    if part.value("responsetemplate"):
        notes.lose(_l("The text that stands in the answer at first is left out."))
    return "essay", source | essay_source(part.one("graderinfo").read(texts), notes)


KINDS: dict[str, Read] = {
    "multichoice": read_multichoice,
    "multichoiceset": read_all_or_nothing,
    "truefalse": read_true_false,
    "shortanswer": read_short_answer,
    "numerical": read_numerical,
    "matching": read_matching,
    "ordering": read_ordering,
    "essay": read_essay,
}
"""By the name of the kind; those whose stem is read in another way have a file of their own."""
