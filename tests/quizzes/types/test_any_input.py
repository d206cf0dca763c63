"""Whatever arrives in the fields of a question is an answer, no answer or a format error: never a crash."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.types import TYPES
from quizzes.types.base import Example, FormatError, Json, QuestionType
from tests.factories import PlainResolver

CASES = [
    pytest.param(kind, example, id=f"{kind.key}-{number}")
    for kind in TYPES
    for number, example in enumerate(kind.examples(), 1)
]

ALIKE_ON_ALL_PAPERS = {"true_false", "number", "short_answer", "essay", "case_set"}
"""Types whose examples have nothing to put in another order and no variants."""


def inputs(example: Example) -> st.SearchStrategy[dict[str, list[str]]]:
    """Return fields named and filled as in the example, nearly so, and not at all so."""
    raws = [example.right, example.wrong, *example.unreadable, *(raw for raw, _share in example.half)]
    names = sorted({name for raw in raws for name in raw})
    near = [re.sub(r"[0-9]+", number, name) for name in names for number in ("0", "1", "2", "99", "")]
    values = sorted({value for raw in raws for sent in raw.values() for value in sent})
    odd = ["0", "-1", "1", "2", "999999999999", "1e9", "NaN", "true", "٣", "½", " ", "1 2", "{}", "x" * 600]
    texts = st.sampled_from(values + odd) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    fields = st.sampled_from(names + near + ["choice", "value"]) | st.from_regex(
        r"[a-z][a-z0-9-]{0,9}", fullmatch=True
    )
    return st.dictionaries(fields, st.lists(texts, max_size=4), max_size=5)


@pytest.mark.parametrize(("kind", "example"), CASES)
def test_any_input_is_an_answer_or_a_format_error(kind: QuestionType, example: Example) -> None:
    content = kind.resolve(example.source, PlainResolver())
    papers = [kind.prepare(content, Random(seed), shuffle=True) for seed in (1, 2)]

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(raw=inputs(example), paper=st.sampled_from(papers))
    def check(raw: dict[str, list[str]], paper: Json) -> None:
        try:
            answer = kind.parse(raw, content, paper)
        except FormatError:
            return
        assert json.loads(json.dumps(answer)) == answer
        assert json.dumps(kind.review(content, paper, answer))
        grade = kind.grade(content, answer)
        assert grade is None or Decimal(0) <= grade.fraction <= 1
        assert answer is not None or grade is None or grade.fraction == 0

    check()


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.key)
def test_papers_differ_where_there_is_something_to_move(kind: QuestionType) -> None:
    differing = 0
    for example in kind.examples():
        content = kind.resolve(example.source, PlainResolver())
        papers = {json.dumps(kind.prepare(content, Random(seed), shuffle=True)) for seed in range(12)}
        differing += len(papers) > 1

    assert (differing > 0) is (kind.key not in ALIKE_ON_ALL_PAPERS)


@pytest.mark.parametrize(("kind", "example"), CASES)
def test_an_answer_that_earns_everything_fits_into_a_save(kind: QuestionType, example: Example) -> None:
    content = kind.resolve(example.source, PlainResolver())
    paper = kind.prepare(content, Random(1), shuffle=True)

    raw = {name: list(values) for name, values in kind.solve(content, paper).items()}

    assert len(json.dumps(raw, ensure_ascii=False).encode()) <= kind.max_bytes
