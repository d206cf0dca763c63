"""Where things stand in drawings: inside them, and apart."""

from __future__ import annotations

from quizzes.statistics import charts
from quizzes.statistics.reports import QuizReport
from tests.quizzes.statistics.test_reports import report_of


def wide_report(questions: int) -> QuizReport:
    papers = [[(person * (place + 3)) % 4 for place in range(questions)] for person in range(20)]
    return report_of(papers)


def test_bars_reach_as_high_as_there_are_papers() -> None:
    found = charts.draw_histogram([0, 1, 2, 0, 0, 0, 0, 0, 0, 4], pass_percent=60)

    heights = [bar.height for bar in found.bars]
    room = charts.HEIGHT - charts.TOP - charts.BOTTOM
    assert (heights[0], heights[9]) == (0, room)
    assert heights[1] == round(room / 4, 1)
    assert all(bar.y + bar.height == charts.HEIGHT - charts.BOTTOM for bar in found.bars)
    assert found.pass_x == charts.across(60)
    assert charts.draw_histogram([0] * 10, pass_percent=None).pass_x is None


def test_few_points_have_numbers_and_none_hides_another() -> None:
    points = charts.draw_scatter(wide_report(12).rows, checked=[3])

    assert len({(point.x, point.y) for point in points}) == len(points)
    assert all(point.is_numbered for point in points)
    assert points[-1].number == 3
    for point in points:
        assert charts.LEFT <= point.x <= charts.WIDTH - charts.RIGHT
        assert 0 < point.y < charts.HEIGHT


def test_of_many_points_those_to_look_at_have_numbers() -> None:
    points = charts.draw_scatter(wide_report(30).rows, checked=[7, 9])

    assert [point.number for point in points if point.is_numbered] == [7, 9]


def test_dumbbells_stand_one_below_the_other_inside_the_drawing() -> None:
    rows = charts.draw_dumbbells([("a", 0, 100), ("b", 80, 20), ("c", 50, 50)])

    assert [row.has_gained for row in rows] == [True, False, False]
    assert [row.y for row in rows] == sorted({row.y for row in rows})
    assert rows[-1].y < charts.height_of(rows) - charts.BOTTOM
    assert (rows[0].before_x, rows[0].after_x) == (charts.across(0), charts.across(100))
