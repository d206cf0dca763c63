"""An imported question earns what Moodle 4.5 gave for the same answers: as observed, and by its rules."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from html import escape
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizzes.exchange.contract import ReadQuestion
from quizzes.exchange.gift.reader import Gift
from quizzes.exchange.moodle.datasets import Plain
from quizzes.exchange.moodle.marks import GRADES, write_percent
from quizzes.exchange.moodle.reader import MoodleXml
from quizzes.types import get_type
from quizzes.types.base import Raw


def from_gift(text: str) -> ReadQuestion:
    (read,) = Gift().read(text.encode(), "x.gift")
    assert isinstance(read, ReadQuestion), read
    return read


def from_xml(kind: str, parts: str, stem: str = "Berapa?") -> ReadQuestion:
    name = "<name><text>x</text></name>"
    words = f'<questiontext format="html"><text>{escape(stem)}</text></questiontext>'
    source = f'<quiz><question type="{kind}">{name}{words}{parts}</question></quiz>'
    (read,) = MoodleXml().read(source.encode(), "x.xml")
    assert isinstance(read, ReadQuestion), read
    return read


def answer(fraction: str, text: str, further: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{escape(text)}</text>{further}</answer>'


def earned(question: ReadQuestion, raw: Raw) -> Decimal:
    kind = get_type(question.kind)
    content = kind.resolve(question.source, Plain())
    prepared = kind.prepare(content, Random(1), shuffle=False)
    grade = kind.grade(content, kind.parse(raw, content, prepared))
    assert grade is not None
    return grade.fraction


def typed(number: str) -> Raw:
    return {"value": [number.replace(".", ",")]}


SINGLE = from_gift("Apa? {=a ~%50%b ~%-25%c ~d}")
SEVERAL = from_gift("Apa? {~%50%a ~%50%b ~%-50%c ~%-50%d}")
PAIRS = from_gift("Apa? {=a -> 1 =b -> 2 =c -> 3 = -> 4}")
NUMBER = from_gift("Berapa? {#=100:5 =%50%100:10}")
WORDS = from_gift("Siapa? {=Kejaksaan* =%50%*jaksa* =%0%*}")
UNITS = (
    "<units><unit><multiplier>1</multiplier><unit_name>bulan</unit_name></unit>"
    "<unit><multiplier>0.0833333333333</multiplier><unit_name>tahun</unit_name></unit></units>"
)
CLOZE = from_xml(
    "cloze",
    "",
    "Isi {2:NUMERICAL:=100:1~%50%100:5} dan {1:MULTICHOICE:=JHT~%50%JP~JKK} dan {1:SHORTANSWER:=bulan*}.",
)


@pytest.mark.parametrize(
    ("question", "raw", "fraction"),
    [
        # Single choice: the fraction of what was chosen; below 0 is told as lost and is 0.
        (SINGLE, {"choice": ["1"]}, "1"),
        (SINGLE, {"choice": ["2"]}, "0.5"),
        (SINGLE, {"choice": ["3"]}, "0"),
        (SINGLE, {"choice": ["4"]}, "0"),
        # Several: the sum, from 0 to 1.
        (SEVERAL, {"choice": ["1"]}, "0.5"),
        (SEVERAL, {"choice": ["1", "2", "3"]}, "0.5"),
        (SEVERAL, {"choice": ["1", "2", "3", "4"]}, "0"),
        (SEVERAL, {}, "0"),
        # Matching: right ones out of the lines; more answers to choose from change nothing.
        (PAIRS, {"pair-1": ["1"], "pair-2": ["2"], "pair-3": ["4"]}, "0.6666667"),
        (PAIRS, {"pair-1": ["1"], "pair-2": ["2"], "pair-3": ["3"]}, "1"),
        # A number: both ends belong to the band.
        (NUMBER, typed("95"), "1"),
        (NUMBER, typed("105"), "1"),
        (NUMBER, typed("105.0000001"), "0.5"),
        (NUMBER, typed("110"), "0.5"),
        (NUMBER, typed("110.0000001"), "0"),
        # Words: capitals and blanks at the ends do not matter, the first form that fits counts.
        (WORDS, {"value": ["  kejaksaan NEGERI "]}, "1"),
        (WORDS, {"value": ["Jaksa Agung"]}, "0.5"),
        (WORDS, {"value": ["polisi"]}, "0"),
        (from_gift("Minum apa? {=kafe}"), {"value": ["kafé"]}, "0"),
        (from_gift("Benar? {T}"), {"choice": ["true"]}, "1"),
        (from_gift("Benar? {F}"), {"choice": ["true"]}, "0"),
        # Gaps: each by its weight.
        (CLOZE, {"gap-1": ["104"], "gap-2": ["1"], "gap-3": ["bulanan"]}, "0.75"),
        (CLOZE, {"gap-1": ["101"], "gap-2": ["2"], "gap-3": ["tahun"]}, "0.625"),
        (CLOZE, {"gap-2": ["1"]}, "0.25"),
    ],
)
def test_marks_are_those_of_a_running_moodle(question: ReadQuestion, raw: Raw, fraction: str) -> None:
    assert earned(question, raw) == Decimal(fraction)


@pytest.mark.parametrize(
    ("grading", "penalty", "raw", "fraction"),
    [
        ("1", "0.25", {"value": ["15"], "unit": ["tahun"]}, "1"),
        ("1", "0.25", {"value": ["180"], "unit": ["bulan"]}, "1"),
        ("1", "0.25", {"value": ["180"]}, "0.75"),
        ("1", "0.25", {"value": ["180"], "unit": ["tahun"]}, "0.75"),
        ("2", "0.1", {"value": ["180"], "unit": ["tahun"]}, "0.9"),
        ("0", "0", {"value": ["180"], "unit": ["tahun"]}, "1"),
    ],
)
def test_a_wrong_unit_costs_what_it_costs_in_moodle(
    grading: str, penalty: str, raw: Raw, fraction: str
) -> None:
    said = f"<unitgradingtype>{grading}</unitgradingtype><unitpenalty>{penalty}</unitpenalty>"
    question = from_xml("numerical", answer("100", "180", "<tolerance>0</tolerance>") + said + UNITS)

    assert earned(question, raw) == Decimal(fraction)


@pytest.mark.parametrize(
    ("kind", "tolerance", "right", "wrong"),
    [
        ("1", "0.05", ["95", "105"], ["94.99", "105.01"]),
        ("2", "5", ["95", "105"], ["94.99", "105.01"]),
        ("3", "0.05", ["95.24", "105"], ["95.23", "105.01"]),
    ],
)
def test_tolerances_of_calculated_questions_are_meant_as_in_moodle(
    kind: str, tolerance: str, right: list[str], wrong: list[str]
) -> None:
    items = "".join(
        f"<dataset_item><number>{n}</number><value>{v}</value></dataset_item>" for n, v in ((1, 50), (2, 50))
    )
    sets = (
        "<dataset_definitions><dataset_definition><name><text>a</text></name>"
        f"<dataset_items>{items}</dataset_items></dataset_definition></dataset_definitions>"
    )
    further = f"<tolerance>{tolerance}</tolerance><tolerancetype>{kind}</tolerancetype>"
    question = from_xml("calculated", answer("100", "{a}*2", further) + sets, "Dua kali {a}?")

    for number, fraction in [*((one, 1) for one in right), *((one, 0) for one in wrong)]:
        assert earned(question, typed(number)) == fraction


@pytest.mark.parametrize(
    ("rule", "places", "fraction"),
    [
        ("0", [1, 3, 2], "0.3333333"),
        ("ABSOLUTE_POSITION", [3, 1, 2], "0"),
        ("1", [2, 3, 1], "0.5"),
        ("-1", [1, 2, 3], "1"),
        ("ALL_OR_NOTHING", [1, 3, 2], "0"),
    ],
)
def test_an_order_earns_by_places_by_what_follows_but_for_the_last_or_as_a_whole(
    rule: str, places: list[int], fraction: str
) -> None:
    lines = "".join(answer(str(number), f"baris {number}") for number in (1, 2, 3))
    question = from_xml("ordering", f"<gradingtype>{rule}</gradingtype>{lines}")
    kind = get_type("ordering")

    grade = kind.grade(kind.resolve(question.source, Plain()), {"places": places})

    assert grade is not None
    assert grade.fraction == Decimal(fraction)


HEAD = '<quiz><question type="{}"><questiontext><text>x</text></questiontext>'
TAIL = "</question></quiz>"
SHARES = st.sampled_from([grade for grade in GRADES if grade])


@given(st.data())
def test_several_answers_earn_their_sum_from_0_to_1(data: st.DataObject) -> None:
    right = data.draw(st.sampled_from([(100,), (50, 50), (75, 25), (60, 40), (70, 20, 10), (80, 10, 5, 5)]))
    wrong = data.draw(st.lists(st.sampled_from([-100, -50, -40, -25, -10, 0]), min_size=1, max_size=4))
    assume(any(wrong))
    percents = data.draw(st.permutations([*right, *wrong]))
    chosen = data.draw(st.sets(st.integers(0, len(percents) - 1)))
    options = " ".join(f"~%{percent}%x{number}" for number, percent in enumerate(percents))

    question = from_gift(f"Apa? {{{options}}}")

    wanted = min(Decimal(1), max(Decimal(0), Decimal(sum(percents[index] for index in chosen)) / 100))
    assert question.losses == ()
    assert abs(earned(question, {"choice": [str(index + 1) for index in chosen]}) - wanted) <= Decimal("1e-6")


@given(st.lists(st.tuples(SHARES, st.integers(0, 20), st.integers(0, 4)), max_size=5), st.integers(-2, 25))
def test_a_number_earns_what_the_first_band_it_is_in_earns(
    further: list[tuple[Fraction, int, int]], number: int
) -> None:
    bands = [(Fraction(1), 10, 1), *further]
    lines = "".join(
        answer(write_percent(share), str(value), f"<tolerance>{width}</tolerance>")
        for share, value, width in bands
    )
    (read,) = MoodleXml().read(f"{HEAD.format('numerical')}{lines}{TAIL}".encode(), "x.xml")
    # What would be marked in another way is refused with a reason.
    assume(isinstance(read, ReadQuestion))
    assert isinstance(read, ReadQuestion)

    first = next((share for share, value, width in bands if abs(number - value) <= width), Fraction(0))
    assert abs(Fraction(earned(read, typed(str(number)))) - first) < Fraction(1, 10**6)


FORMS = st.text("ab*", min_size=1, max_size=5).filter(lambda form: form.count("*") < 4)


@given(
    st.lists(st.tuples(FORMS, st.sampled_from(["100", "50", "0"])), min_size=1, max_size=4),
    st.text("abAB", max_size=6),
)
def test_words_earn_what_the_first_form_that_fits_earns(forms: list[tuple[str, str]], given_: str) -> None:
    source = "".join(answer(share, form) for form, share in forms)
    (read,) = MoodleXml().read(f"{HEAD.format('shortanswer')}{source}{TAIL}".encode(), "x.xml")
    assume(isinstance(read, ReadQuestion) and given_)
    assert isinstance(read, ReadQuestion)

    first = next((share for form, share in forms if _fits_in_moodle(form, given_)), "0")
    assert earned(read, {"value": [given_]}) == Decimal(first) / 100


def _fits_in_moodle(form: str, text: str) -> bool:
    """Return whether a text fits a form: stars are anything, capitals do not matter."""
    pattern = ".*".join(re.escape(piece) for piece in re.split(r"\*+", form))
    return re.fullmatch(pattern, text.strip(), re.I) is not None


@given(st.decimals(-200, 200, places=4))
def test_a_grade_moodle_does_not_know_becomes_the_nearest_and_is_said(percent: Decimal) -> None:
    question = from_gift(f"Apa? {{=a ~%{abs(percent)}%b}}")

    share = Fraction(question.source["options"][1].get("share", "0"))
    nearest = min(GRADES, key=lambda grade: abs(grade - Fraction(abs(percent)) / 100))
    assert abs(share - nearest) < Fraction(1, 10**6)
    assert bool(question.guesses) is (abs(nearest - Fraction(abs(percent)) / 100) > Fraction(1, 10**5))
