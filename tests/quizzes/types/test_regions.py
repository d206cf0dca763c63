"""Regions of pictures: exact, with their edges, and large enough for a finger."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quizzes.types.regions import read_point, read_region, region_faults

U_SHAPE = "0 0 30 0 30 30 20 30 20 10 10 10 10 30 0 30"


@pytest.mark.parametrize(
    ("area", "point", "is_inside"),
    [
        ("100 100 50", "150 100", True),
        ("100 100 50", "150.01 100", False),
        ("100 100 50", "130 140", True),
        ("100 100 50", "131 140", False),
        ("10 20 30 40", "10 20", True),
        ("10 20 30 40", "40 60", True),
        ("10 20 30 40", "40.01 60", False),
        ("10, 20, 30, 40", "25 30", True),
        (U_SHAPE, "5 25", True),
        (U_SHAPE, "15 25", False),
        (U_SHAPE, "15 10", True),
        (U_SHAPE, "20 20", True),
        (U_SHAPE, "31 0", False),
        ("0 0 10 0 5 10", "5 9.99", True),
        ("0 0 10 0 5 10", "1 9", False),
    ],
)
def test_a_point_is_in_a_region_or_not(area: str, point: str, is_inside: bool) -> None:
    region, found = read_region(area), read_point(point)

    assert region
    assert found
    assert region.holds(found) is is_inside


@pytest.mark.parametrize(
    "area",
    ["", "1 2", "1 2 0", "1 2 0 4", "1 2 3 4 5", "x y r",
     "-1 2 3", "1e3 2 3", "1 2 " * 12 + "1 2", None]
)  # fmt: skip
def test_what_is_no_region(area: object) -> None:
    assert read_region(area) is None


@pytest.mark.parametrize("text", ["", "1", "1 2 3", "-1 2", "1,5 2", "99999 1", "1.234 2"])
def test_what_is_no_point(text: str) -> None:
    assert read_point(text) is None


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("10 10 20", "not on the picture"),
        ("600 300 100 200", "not on the picture"),
        ("100 100 10", "too small"),
        ("100 100 200 20", "too small"),
        ("nowhere", "an area is"),
    ],
)
def test_regions_nobody_can_hit_are_refused(area: str, said: str) -> None:
    faults = region_faults([read_region(area)], Fraction(640), Fraction(400))

    assert any(said in str(fault) for fault in faults)


def test_a_region_is_drawn_as_what_it_is() -> None:
    shapes = [region.drawn() for area in ("5 6 7", "1 2 3 4") if (region := read_region(area))]

    assert shapes == [{"circle": ["5", "6", "7"]}, {"points": "1,2 4,2 4,6 1,6"}]
