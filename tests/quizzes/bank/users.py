"""A course that uses one fact in every way there is, and another one beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.services import load_course
from lms.core.db import begin_write
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuestionVersion, StaleVersion
from tests.factories import NOW
from tests.quizzes.bank.folders import LAW_2026, LESSON, QUIZ, make_folder

KEY = "jht.rate.worker"
OTHER = "jht.rate.employer"
USING_LESSON = LESSON.replace(
    "Iuran dibayar setiap bulan.", f"Iuran pekerja {{fakta:{KEY}}}, pemberi kerja {{fakta:{OTHER}}}."
)
QUESTIONS = f"""\
- id: iuran-01
  type: true_false
  use: graded
  stem: Iuran JHT bagian pekerja {{fakta:{KEY}}}.
  answer: true
- id: iuran-02
  type: number
  use: graded
  stem: Upah Rp2.000.000. Berapa rupiah iuran JHT bagian pekerja?
  unit: rupiah
  answer: {{product: [{KEY}, 2000000]}}
- id: iuran-03
  type: single_choice
  use: graded
  stem: Berapa iuran JHT bagian pekerja?
  options:
    - {{text: "{{fakta:{KEY}}}", correct: true}}
    - {{text: "{{keliru:9%|Angka karangan.}}"}}
- id: iuran-04
  type: true_false
  use: graded
  stem: Pekerja ikut membayar iuran JHT.
  answer: true
  why: {{true: "Benar: {{fakta:{KEY}}} dari upah."}}
- id: iuran-05
  type: single_choice
  use: practice
  stem: Kapan iuran dibayar?
  explanation: "Bagian pekerja {{fakta:{KEY}}}."
  options:
    - {{text: Setiap bulan, correct: true}}
    - {{text: Setahun sekali}}
- id: iuran-06
  type: true_false
  use: graded
  stem: Iuran JHT bagian pemberi kerja {{fakta:{OTHER}}}.
  answer: true
"""
NAMING_QUIZ = QUIZ.replace("count: 2", "count: 3").replace(
    "  - {question: iuran-04}\n", "  - {question: iuran-02}\n"
)
"""Names iuran-01 and iuran-02, draws three of iuran-01 to -04 and -06."""


def load(session: Session, path: Path, *, as_of: date = LAW_2026, **files: str) -> Edition:
    """Load and publish the course."""
    texts = {"lesson": USING_LESSON, "questions": QUESTIONS, "quiz": NAMING_QUIZ} | files
    edition = load_course(
        session,
        make_folder(path, **texts),
        as_of=as_of,
        quizzes=BankStore(),
        publish=True,
        now=NOW,
        actor_id=None,
    )
    session.commit()
    return edition


def question(session: Session, name: str) -> Question:
    """Return a question of the course by its id."""
    return session.scalars(select(Question).where(Question.key == f"coba/{name}")).one()


def newest(session: Session, name: str) -> QuestionVersion:
    """Return the version of a question made last."""
    query = select(QuestionVersion).join(QuestionVersion.question).where(Question.key == f"coba/{name}")
    return session.scalars(query.order_by(QuestionVersion.id.desc()).limit(1)).one()


def pause(session: Session, version_id: int) -> None:
    """Pause a question version, as a fact that changes does."""
    begin_write(session)
    session.add(StaleVersion(question_version_id=version_id, is_paused=True, found_at=NOW))
    session.commit()
