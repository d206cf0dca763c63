"""What the machine makes of an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from quizzes.attempts.models import PaperItem, Response
from quizzes.grading.services import fraction_by
from quizzes.types import get_type
from tests.factories import make_question


@pytest.mark.parametrize(("lost", "fraction"), [(0, "0.6666667"), (25, "0.5"), (10, "0.6"), (100, "0")])
def test_what_is_left_after_trying_again_is_exact_to_the_digits_that_are_kept(
    session: Session, lost: int, fraction: str
) -> None:
    version = make_question(session, "multiple_response")
    kind = get_type("multiple_response")
    raw, _earned = kind.examples()[0].half[0]
    prepared = {"order": list(range(5))}
    answer = kind.parse(raw, version.content, prepared)
    item = PaperItem(prepared=prepared, lost_percent=lost, response=Response(answer=answer))

    assert fraction_by(version, item) == Decimal(fraction)
