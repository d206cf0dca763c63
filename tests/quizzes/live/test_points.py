"""What went worst on a day, on one page without names."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.catalogue.models import Lesson, ModulePage, Step
from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank.models import QuestionVersion
from quizzes.grading.models import Ruling
from quizzes.live.facility import Facility
from quizzes.live.points import Point, find_worst, rank
from tests import factories
from tests.quizzes.live.papers import hand_in, make_class
from tests.security.test_query_counts import counted

SignIn = Callable[[int], FlaskClient]
RIGHT, WRONG = {"choice": 0}, {"choice": 1}
READ = "day-1/01-modul/materi-1#iuran"


def point(name: str, share: str, people: int = 25) -> Point:
    return Point(name, Facility(Decimal(share), people), ())


def test_the_worst_three_stand_on_the_page_and_what_chance_decided_is_said() -> None:
    shares = [("a", "0.4"), ("b", "0.1"), ("c", "0.3"), ("d", "0.4"), ("e", "0.5"), ("f", "0.79"), ("g", "1")]
    points = [point(name, share) for name, share in shares]

    ranking = rank([*points, point("few", "0", 9)])

    assert [found.objective for found in ranking.worst] == ["b", "c", "a"]
    assert [found.objective for found in ranking.tied] == ["d"]
    assert [found.objective for found in ranking.unclear] == ["e"]
    assert (ranking.too_few, ranking.count) == (1, 7)


def test_what_went_well_or_was_answered_by_few_is_not_on_the_page() -> None:
    assert rank([point("a", "0.8"), point("b", "1")]).worst == []
    assert rank([point("a", "0", 9)]).count == 0
    assert rank([]).worst == []


@dataclass
class Hall:
    """A class of twelve who had two questions on one objective and one on another."""

    session: Session
    cohort: Cohort
    step: Step
    people: list[Enrolment]
    versions: list[QuestionVersion]

    def write(self, statement: Any) -> None:
        begin_write(self.session)
        self.session.connection().execute(statement)
        self.session.commit()


def question(session: Session, objective: str, summary: str) -> QuestionVersion:
    options = [{"text": "Benar sekali", "correct": True}, {"text": "Potong upah"}, {"text": "Tunggu dulu"}]
    source = {"options": options, "objective": objective}
    return factories.make_question(session, source=source, summary=summary, read=READ)


@pytest.fixture
def hall(session: Session) -> Hall:
    cohort = factories.make_cohort(session)
    asked = ("Menghitung iuran", "Berapa?"), ("menghitung  iuran", "Siapa?"), ("Menyebut program", "Apa?")
    versions = [question(session, *words) for words in asked]
    step = factories.make_quiz_step(session, cohort, versions, attempts_allowed=0)
    made = Hall(session, cohort, step, make_class(session, cohort, 12), versions)
    lesson = '<h2 id="iuran">Iuran</h2><p>Seluruhnya dibayar pemberi kerja.</p>'
    asks = "<ol><li>Siapa membayar iuran di desa Anda?</li></ol>"
    guide = f'<h2 id="pertanyaan-diskusi">Pertanyaan diskusi</h2>{asks}'
    first = update(Lesson.__table__).where(Lesson.step_id == cohort.edition.days[0].modules[0].steps[0].id)
    made.write(first.values(html=lesson))
    made.write(update(ModulePage.__table__).where(ModulePage.kind == "trainer_guide").values(html=guide))
    for number, person in enumerate(made.people):
        answers = [RIGHT if number < 6 else WRONG, WRONG if number < 9 else {"choice": 2}, RIGHT]
        hand_in(session, person, step, list(zip(versions, answers, strict=True)))
    return made


def test_a_point_has_its_share_its_worst_question_its_passage_and_what_to_discuss(hall: Hall) -> None:
    noise = factories.make_cohort(hall.session, edition=hall.cohort.edition)
    assert noise

    ranking = find_worst(hall.session, hall.cohort, day=1)

    (taught,) = ranking.taught
    assert taught.point.facility == Facility(Decimal("0.25"), 12), "6 of 24 answers of 12 people"
    assert (taught.summary, taught.asked, taught.unanswered) == ("Siapa?", 12, 0)
    assert [(drawn.text, drawn.people) for drawn in taught.drawn] == [
        ("Benar sekali", 0), ("Potong upah", 9), ("Tunggu dulu", 3),
    ]  # fmt: skip
    assert taught.passage == ["Seluruhnya dibayar pemberi kerja."]
    assert taught.lesson == "Materi 1"
    assert taught.discussion == "Siapa membayar iuran di desa Anda?"
    assert find_worst(hall.session, hall.cohort, day=2).count == 0


def test_a_later_try_a_pretest_and_a_question_left_out_change_nothing(hall: Hall) -> None:
    before = find_worst(hall.session, hall.cohort, day=1)
    pretest = factories.make_quiz_step(hall.session, hall.cohort, hall.versions, purpose="pretest")
    later = factories.NOW + timedelta(minutes=5)
    for person in hall.people:
        hand_in(hall.session, person, hall.step, [(hall.versions[1], RIGHT)], number=2, at=later)
        hand_in(hall.session, person, pretest, [(hall.versions[2], WRONG)])
    assert find_worst(hall.session, hall.cohort, day=1) == before

    ruling = {"decision": "void", "reason": "Keliru.", "created_at": factories.NOW}
    asked = {"cohort_id": hall.cohort.id, "question_id": hall.versions[1].question_id}
    factories.add(hall.session, Ruling(**asked, **ruling))

    (taught,) = find_worst(hall.session, hall.cohort, day=1).taught
    assert taught.point.facility.share == Decimal("0.5")


def test_a_larger_class_asks_the_database_no_more_often(hall: Hall) -> None:
    hall.session.refresh(hall.cohort)
    with counted() as few:
        find_worst(hall.session, hall.cohort, day=1)
    for person in make_class(hall.session, hall.cohort, 5):
        more = question(hall.session, f"Pokok {person.id}", "Lagi?")
        hand_in(hall.session, person, hall.step, [(more, WRONG), (hall.versions[0], WRONG)])

    hall.session.refresh(hall.cohort)
    with counted() as many:
        find_worst(hall.session, hall.cohort, day=1)

    assert len(many) == len(few) == 4


def test_the_page_and_the_paper_say_it_without_names(hall: Hall, sign_in: SignIn) -> None:
    trainer = factories.make_user(hall.session, Role.TRAINER, branch=hall.cohort.branch)
    browser, address = sign_in(trainer.id), f"/angkatan/{hall.cohort.id}/ajarkan-lagi"

    text = browser.get(address).text
    paper = browser.get(f"{address}.pdf?hari=1")

    document = pypdfium2.PdfDocument(io.BytesIO(paper.data))
    printed = " ".join(document[0].get_textpage().get_text_range().split())
    assert len(document) == 1
    for shown in (text, printed):
        assert "25%" in shown
        assert "dari 12 orang" in shown
        assert "Potong upah" in shown
        assert "Seluruhnya dibayar pemberi kerja." in shown
        assert "Siapa membayar iuran di desa Anda?" in shown
        assert not [person.name for person in hall.people if f"{person.name} " in shown]
    assert browser.get(f"{address}?hari=9").status_code == 404
    assert browser.get(f"{address}?hari=x").status_code == 404


def test_nothing_handed_in_is_too_few_to_say(session: Session, sign_in: SignIn) -> None:
    cohort = factories.make_cohort(session)
    trainer = factories.make_user(session, Role.TRAINER, branch=cohort.branch)
    browser = sign_in(trainer.id)

    assert "Terlalu sedikit untuk disimpulkan." in browser.get(f"/angkatan/{cohort.id}/ajarkan-lagi").text
    assert browser.get(f"/angkatan/{cohort.id}/ajarkan-lagi.pdf").status_code == 200
