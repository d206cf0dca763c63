"""Tables of marks: what is read, and what is refused where."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quizzes.statistics.matrix import Matrix, MatrixFault, analyse, read_matrix


def read(text: str) -> Matrix:
    return read_matrix(text.splitlines(keepends=True))


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n1,0.5\n0,2\n",
        "\ufeff1,2\r\n1,0.5\r\n0,2\r\n",
        "1;2\n1;0.5\n0;2\n",
        "1\t2\n\n1\t.5\n0\t2\n\n",
        "max,1,2\nAni,1,0.5\nBudi,0,2\n",
        ",1,2\n1001,1,0.5\n1002,0,2\n",
        'name,Q1,Q2\nmax,1,2\n"Budi, S.",1,5e-1\nAni,0,2.0\n',
        "Q1,Q2\n1,2\n1,0.5\n0,2\n",
        "Q1,Q2\nmax,1,2\na,1,0.5\nb,0,2\n",
    ],
)
def test_names_before_and_above_may_be_missing(text: str) -> None:
    found = read(text)

    assert list(found.names) == ["Q1", "Q2"]
    assert [maximum / found.unit for maximum in found.maxima] == [1, 2]
    assert [[mark / found.unit for mark in row] for row in found.rows] == [[1, 0.5], [0, 2]]


@pytest.mark.parametrize(
    "text",
    [
        "1,1,1\nguess,0.25,,0\n1,0,1\n",
        "max,1,1,1\nGuess,0.25,,0\na,1,0,1\n",
        "1,1,1\nguess,25%,,0%\n1,0,1\n",
        "1,1,1\nguess,25,,0\n1,0,1\n",
    ],
)
def test_a_second_row_has_what_guessing_earns(text: str) -> None:
    found = read(text)

    assert list(found.guesses) == [Fraction(1, 4), None, 0]
    assert len(found.rows) == 1


def test_marks_of_many_decimals_stay_exact() -> None:
    found = analyse(read("1,1\n" + "0.33333333333333333333,1\n" * 3))

    assert found.questions[0].sd == 0
    assert found.questions[0].facility == pytest.approx(100 / 3)


def test_maxima_without_people_are_no_papers() -> None:
    assert analyse(read("1,1\n")).quiz.attempts == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("Q1,Q2\n", "maximum"),
        ("1,1\n1,x\n", "row 2, column 2: “x” is no number"),
        ("\n\n1,1\n1,x\n", "row 4, column 2: “x” is no number"),
        ("1,1\n1,nan\n", "row 2, column 2"),
        ("1,1\n1,1e999\n", "row 2, column 2"),
        ("1,1\n1,\n", "row 2, column 2: empty"),
        ('1,1\n1,"0,5"\n', "row 2, column 2: “0,5” has a decimal comma; write 0.5"),
        ("1;1\n1;0,5\n", "row 2, column 2: “0,5” has a decimal comma"),
        ("1,1\n1,0,5\n", "row 2: 3 marks for 2 questions; a decimal comma?"),
        ("1,1\n1\n", "row 2: 1 marks for 2 questions"),
        ("max,1\n\nAni,1\nBudi,2\n", "row 4, column 2: 2 of at most 1 marks"),
        ("1,-1\n", "row 1, column 2: maximum"),
        ("1,1\nguess,0.5\n", "row 2: 1 guess scores for 2 questions"),
        ("1,1\nguess,0.5,250\n", "row 2, column 3: a guess score"),
        ("1,1\nguess,0.5,-2\n", "row 2, column 3: a guess score"),
        ("Q1,Q2,Q3\n1\n1\n", "row 1: 3 names"),
        ("max\n", "maximum"),
        ('1,1\n1,"1\n', "row"),
        ("1,1\n1,0." + "1" * 30, "row 2, column 2: more than"),
        ("1,1\n1," + "9" * 1_000_000, "row 2: field larger"),
        ("1," * 3000 + "1\n", "more than 2000 questions"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, message: str) -> None:
    with pytest.raises(MatrixFault) as caught:
        read(text)

    assert message in str(caught.value.message)


def test_one_percent_is_no_whole_mark() -> None:
    assert list(read("1,1\nguess,1%,0%\n1,1\n").guesses) == [Fraction(1, 100), 0]
