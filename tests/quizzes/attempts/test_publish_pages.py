"""The page before a draft is published: how often it asks, and whom it says it touches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.catalogue.models import Edition
from courses.catalogue.services import load_course
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.attempts.extras import give_quiz
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import QuizVersion
from quizzes.bank.search.models import QuestionTag
from quizzes.bank.tags import read_tag
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.builds import Workshop, begin_quiz, make_workshop, page_of, post, question_ids
from tests.quizzes.bank.folders import LAW_2016, QUESTIONS, QUIZ, make_folder
from tests.quizzes.bank.test_cases import CASE
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]
SECOND = CASE.replace("iuran-06", "iuran-08").replace("iuran-03, iuran-01", "iuran-03")


@pytest.fixture
def shop(session: Session, tmp_path: Path) -> Workshop:
    return make_workshop(session, tmp_path)


@pytest.fixture
def browser(session: Session, sign_in: SignIn, shop: Workshop) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=shop.branch).id)


def label(session: Session, question_ids: list[int], words: str) -> None:
    begin_write(session)
    tag, shown = read_tag(words)
    session.add_all(QuestionTag(question_id=key, tag=tag, label=shown) for key in question_ids)
    session.commit()


def test_whatever_is_in_a_draft_it_asks_eight_times_at_most(
    browser: FlaskClient, session: Session, shop: Workshop, tmp_path: Path
) -> None:
    """Two cases with parts, an older law date, rules kept apart and by tag, a version before it."""
    short = QUIZ.replace("count: 2", "count: 1")
    folder = make_folder(tmp_path / "lama", questions=QUESTIONS + CASE + SECOND, quiz=short)
    for as_of in (shop.edition.as_of, LAW_2016):
        load_course(session, folder, as_of=as_of, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    session.commit()
    old = session.scalars(select(Edition).where(Edition.as_of == LAW_2016)).one()
    label(session, question_ids(session, "iuran-01", "iuran-02"), "Lapangan")
    draft = begin_quiz(browser, session, shop, edition_id=old.id)
    shipped = session.scalars(select(QuizVersion).where(QuizVersion.as_of == LAW_2016)).first()
    assert shipped is not None
    for key in question_ids(session, "iuran-06", "iuran-08"):
        assert post(browser, session, draft, "isi", aksi="question", question_id=key) == 303
    rules = {"not_in": shipped.quiz_id}, {"tag": "lapangan"}
    for rule in rules:
        assert post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1, **rule) == 303
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/terbit"
    browser.get("/akun")

    with counted() as sent:
        page = browser.get(address).text

    assert "Hasil pemeriksaan" in page
    assert len(sent) <= PAGE_LIMIT, "\n".join(sent)


def test_a_rule_by_tag_draws_what_is_tagged_alone_and_says_so(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    tagged = question_ids(session, "iuran-10", "iuran-12", "iuran-14")
    label(session, tagged, "Kerja Lapangan")
    draft = begin_quiz(browser, session, shop)

    looked = page_of(browser, draft, "?dari=iuran&banyak=2&label=KERJA+lapangan")
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=2, tag="KERJA  lapangan")

    assert "2 soal dari iuran, label kerja lapangan" in looked
    assert "3 soal siap" in looked
    assert post(browser, session, draft, "terbit") == 303
    session.expire_all()
    (slot,) = session.get_one(QuizVersion, draft.id).slots
    assert {candidate.question_version.question_id for candidate in slot.candidates} == set(tagged)
    browser.post(f"/kuis/{draft.quiz_id}/versi/{draft.id}/draf")
    copied = session.scalars(
        select(QuizVersion).where(QuizVersion.number == 2, QuizVersion.quiz_id == draft.quiz_id)
    )
    assert [slot.draw_tag for slot in copied.one().slots] == ["kerja lapangan"]


def test_it_says_how_many_certificates_stand_where_the_quiz_is_used(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    cohort = factories.make_cohort(session, branch=shop.branch, name="Angkatan lulus")
    for state in ("valid", "revoked"):
        certificate = factories.complete(session, factories.make_enrolment(session, cohort=cohort))
        begin_write(session)
        session.execute(update(Certificate).where(Certificate.id == certificate.id).values(state=state))
        session.commit()
    quiz = factories.make_branch_quiz(session, cohort)
    given = {"cohort_id": cohort.id, "version_id": quiz.id, "folder": "day-1/01-modul", "release": "now"}
    give_quiz(session, factories.make_user(session).id, now=NOW, **given)
    session.commit()
    browser.post(f"/kuis/{quiz.quiz_id}/versi/{quiz.id}/draf")
    draft = session.scalars(select(QuizVersion).where(QuizVersion.status == "draft")).one()

    text = browser.get(f"/kuis/{draft.quiz_id}/versi/{draft.id}/terbit").text

    (row,) = html.fromstring(text).xpath("//tr[th[text()='Angkatan lulus']]")
    told = dict(zip(row.xpath("td/@data-label"), row.xpath("td/text()"), strict=True))
    assert (told["Lulus pelatihan"], told["Sertifikat"]) == ("2", "1")
