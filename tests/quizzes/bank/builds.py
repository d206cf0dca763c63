"""A branch with a trainer at a course whose bank has cells, for the tests of the quiz builder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.services import load_course
from courses.cohorts.models import Cohort
from courses.cohorts.services import create_cohort
from lms.core.accounts.models import Branch
from lms.core.text import fold
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuizVersion
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.folders import LAW_2026, QUESTIONS, make_folder

LEVELS = "remember", "apply"


class Workshop(NamedTuple):
    """Where a quiz is built."""

    branch: Branch
    cohort: Cohort
    edition: Edition


def make_workshop(session: Session, tmp_path: Path) -> Workshop:
    """Load a course whose bank has six questions of each of two levels, and set up a cohort."""
    folder = make_folder(tmp_path, questions=QUESTIONS + "".join(map(_question, range(12))))
    load_course(session, folder, as_of=LAW_2026, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    branch, edition = factories.make_branch(session), session.scalars(select(Edition)).one()
    cohort = create_cohort(
        session, None, branch_id=branch.id, edition_id=edition.id, name="Angkatan 1", place="Madiun",
        time_zone="Asia/Jakarta", starts_on=NOW.date(), ends_on=NOW.date(), now=NOW,
    )  # fmt: skip
    session.commit()
    return Workshop(branch, cohort, edition)


def _question(number: int) -> str:
    return f"""\
- id: iuran-{number + 10}
  type: single_choice
  use: graded
  level: {LEVELS[number % 2]}
  difficulty: {("easy", "medium", "hard")[number % 3]}
  stem: "Soal sel nomor {number}: apa yang benar tentang perkara ke-{number}?"
  read: day-1/01-iuran/iuran#siapa-membayar
  options:
    - {{text: Yang tepat {number}, correct: true}}
    - {{text: Yang keliru {number}}}
"""


def begin_quiz(browser: FlaskClient, session: Session, shop: Workshop, **changed: object) -> QuizVersion:
    """Make a new quiz in the browser and return its draft."""
    data = {
        "title": "Kuis buatan sendiri",
        "edition_id": shop.edition.id,
        "branch_id": shop.branch.id,
        "purpose": "module",
        "preset": "module",
    }
    response = browser.post("/kuis/baru", data=data | changed)
    assert response.status_code == 303, response.get_data(as_text=True)
    session.expire_all()
    return session.get_one(QuizVersion, int(response.location.rsplit("/", 1)[-1]))


def post(browser: FlaskClient, session: Session, draft: QuizVersion, part: str, **data: object) -> int:
    """Post a form of a draft as it stands now; return the status."""
    session.refresh(draft)
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/{part}"
    return browser.post(address, data={"base": draft.source_sha256} | data).status_code


def page_of(browser: FlaskClient, draft: QuizVersion, rest: str = "") -> str:
    """Return a page of a version as words: folded, without marks."""
    text = browser.get(f"/kuis/{draft.quiz_id}/versi/{draft.id}{rest}").get_data(as_text=True)
    return fold(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def question_ids(session: Session, *names: str) -> list[int]:
    """Return the questions of the course by the names they have there."""
    keys = [f"coba/{name}" for name in names]
    found = dict(session.execute(select(Question.key, Question.id).where(Question.key.in_(keys))).all())
    return [found[key] for key in keys]
