"""The command ``lms qti score``."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from quizzes.exchange.qti.cli import qti

ITEMS = Path(__file__).parent / "items"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(qti, ["score", *arguments])
    return result.exit_code, result.output


def test_several_values_pairs_and_fields_are_said_by_repeating_the_option() -> None:
    pairs = [str(ITEMS / "associate-pairs.xml"), "--json"]
    pairs += ["--response", "RESPONSE=PU pabrik", "--response", "RESPONSE=pasar BPU"]

    code, output = run(*pairs)

    assert code == 0
    assert json.loads(output) == {"outcomes": {"SCORE": 2.0}, "errors": []}


def test_a_value_may_hold_the_sign_of_equality_and_lines_are_printed_without_json() -> None:
    code, output = run(str(ITEMS / "entry-map-case.xml"), "--response", "RESPONSE=a=b")

    assert (code, output) == (0, "SCORE = 0.0\n")


def test_errors_are_printed_and_end_with_1() -> None:
    code, output = run(str(ITEMS / "what-cannot-be-done.xml"), "--json")

    assert code == 1
    assert json.loads(output)["errors"]


def test_wrong_usage_ends_with_2() -> None:
    assert run(str(ITEMS / "associate-pairs.xml"), "--response", "RESPONSE")[0] == 2
    assert run(str(ITEMS / "nowhere.xml"))[0] == 2
