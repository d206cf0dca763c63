"""A desk for tests of tallies and reports."""

import pytest
from sqlalchemy.orm import Session

from tests.quizzes.attempts.conftest import Desk, make_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)
