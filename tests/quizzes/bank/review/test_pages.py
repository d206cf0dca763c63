"""A colleague's review: who may, of which version, what they say at its lines, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from courses.catalogue.services import load_course
from courses.facts.book import load_book
from lms.core.accounts.models import Branch, Role, User
from lms.core.db import begin_write
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuestionVersion, QuizVersion
from quizzes.bank.publication.publishing import plan_publication
from quizzes.bank.review.models import QuestionComment, QuestionEvent
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.folders import LAW_2026, make_folder
from tests.quizzes.bank.test_pages import FORM, change_slots, make_draft, write

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def author(session: Session, branch: Branch) -> User:
    return factories.make_user(session, Role.TRAINER, branch=branch, name="Bu Wati")


@pytest.fixture
def browser(sign_in: SignIn, author: User) -> FlaskClient:
    return sign_in(author.id)


@pytest.fixture
def colleague(session: Session, sign_in: SignIn, branch: Branch) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch, name="Pak Joko").id)


@pytest.fixture
def waiting(browser: FlaskClient, branch: Branch) -> int:
    """Return a question of the author that waits for a review of its first version."""
    question_id = write(browser, branch)
    ask(browser, question_id)
    return question_id


def ask(browser: FlaskClient, question_id: int) -> None:
    browser.post(f"/soal/{question_id}/status", data={"status": "review"})


def decide(browser: FlaskClient, question_id: int, verdict: str = "ready", **sent: object) -> int:
    data = {"number": 1, "verdict": verdict, "reason": ""} | sent
    return browser.post(f"/soal/{question_id}/telaah", data=data).status_code


def remark(browser: FlaskClient, question_id: int, **sent: object) -> int:
    data = {"number": 1, "part": "options-1-why", "text": "Pasalnya mana?"} | sent
    return browser.post(f"/soal/{question_id}/telaah/catatan", data=data).status_code


def edit(browser: FlaskClient, session: Session, question_id: int, **changed: str) -> None:
    base = newest(session, question_id).source_sha256
    assert browser.post(f"/soal/{question_id}/ubah", data=FORM | {"base": base} | changed).status_code == 303


def newest(session: Session, question_id: int) -> QuestionVersion:
    session.expire_all()
    query = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return session.scalars(query.order_by(QuestionVersion.number.desc()).limit(1)).one()


def status_of(session: Session, question_id: int) -> str:
    session.expire_all()
    return session.get_one(Question, question_id).status


def events(session: Session, question_id: int) -> list[tuple[str, str]]:
    query = select(QuestionEvent.kind, QuestionEvent.after).where(QuestionEvent.question_id == question_id)
    return [(kind, after) for kind, after in session.execute(query.order_by(QuestionEvent.id))]


def test_a_question_goes_from_its_author_over_a_colleague_and_back_until_it_is_ready(
    browser: FlaskClient, colleague: FlaskClient, session: Session, waiting: int
) -> None:
    assert "1 soal menunggu telaah Anda" in colleague.get("/").text
    assert "Siapa memotong iuran" in colleague.get("/soal/telaah").text
    page = colleague.get(f"/soal/{waiting}/telaah").text
    assert "Pasal 16 PP 46/2015" in page
    assert "Jawaban benar" in page
    assert remark(colleague, waiting) == 303
    assert decide(colleague, waiting, "sent_back", reason="Sebut pasalnya.") == 303

    back = browser.get("/soal/telaah").text
    shown = browser.get(f"/soal/{waiting}/telaah").text
    said = session.scalars(select(QuestionComment)).one()
    answered = browser.post(f"/soal/{waiting}/telaah/catatan/{said.id}", data={"answer": "Sudah."})
    edit(browser, session, waiting, **{"detail-options-1-why": "Lihat Pasal 16."})
    ask(browser, waiting)

    assert "Kembali kepada Anda" in back
    assert "Sebut pasalnya." in back
    assert "Alasan jawaban 2" in shown
    assert "Pasalnya mana?" in shown
    assert answered.status_code == 303
    assert (said.part, said.quote, said.version_number) == (
        "options-1-why",
        "Pekerja tidak memotong sendiri.",
        1,
    )
    later = colleague.get(f"/soal/{waiting}/telaah").text
    assert "Waktu itu tertulis: “Pekerja tidak memotong sendiri.”" in later
    assert "Sudah." in later
    assert decide(colleague, waiting, number=2) == 303
    assert status_of(session, waiting) == "ready"
    assert events(session, waiting) == [
        ("changed", "draft"),
        ("changed", "review"),
        ("reviewed", "draft"),
        ("changed", "review"),
        ("reviewed", "ready"),
    ]


def test_nobody_makes_their_own_question_ready_if_it_counts(
    browser: FlaskClient, session: Session, waiting: int
) -> None:
    page = browser.post(f"/soal/{waiting}/status", data={"status": "ready"}, follow_redirects=True).text

    assert "Soal yang dinilai menjadi siap melalui telaah rekan" in page
    assert decide(browser, waiting) == 404
    assert remark(browser, waiting) == 404
    assert "Sudah benar: siap" not in browser.get(f"/soal/{waiting}/telaah").text
    assert status_of(session, waiting) == "review"


def test_who_corrects_a_word_of_it_is_an_author_too(
    browser: FlaskClient, colleague: FlaskClient, session: Session, waiting: int
) -> None:
    edit(colleague, session, waiting, stem="Siapa yang memotong iuran JHT?")

    assert decide(colleague, waiting, number=2) == 404
    assert decide(browser, waiting, number=2) == 404
    assert "admin yang menelaahnya" in browser.get(f"/soal/{waiting}/telaah").text


def test_a_question_for_practice_needs_no_colleague(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = write(browser, branch, use="practice")

    browser.post(f"/soal/{question_id}/status", data={"status": "ready"})

    assert status_of(session, question_id) == "ready"


def test_a_verdict_on_a_version_that_was_edited_meanwhile_is_refused_with_its_text_kept(
    browser: FlaskClient, colleague: FlaskClient, session: Session, waiting: int
) -> None:
    edit(browser, session, waiting, stem="Siapa memotong iuran itu?")

    sent = {"number": 1, "verdict": "sent_back", "reason": "Terlalu mudah."}
    refused = colleague.post(f"/soal/{waiting}/telaah", data=sent)

    assert refused.status_code == 409
    assert "sekarang berlaku versi 2" in refused.text
    assert ">Terlalu mudah.</textarea>" in refused.text
    assert remark(colleague, waiting, text="Catatan saya") == 409
    assert status_of(session, waiting) == "review"
    assert session.scalars(select(QuestionComment)).first() is None


def test_of_two_reviewers_the_first_decides_and_the_second_reads_so(
    browser: FlaskClient,
    colleague: FlaskClient,
    session: Session,
    sign_in: SignIn,
    branch: Branch,
    waiting: int,
) -> None:
    second = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)
    assert decide(colleague, waiting) == 303

    refused = second.post(
        f"/soal/{waiting}/telaah", data={"number": 1, "verdict": "sent_back", "reason": "X"}
    )

    assert refused.status_code == 409
    assert "sudah diputuskan" in refused.text
    assert decide(colleague, waiting) == 409
    assert events(session, waiting).count(("reviewed", "ready")) == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"verdict": "sent_back"}, 422),
        ({"verdict": "sent_back", "reason": "  "}, 422),
        ({"verdict": "splendid"}, 422),
        ({"verdict": "ready", "reason": "x" * 501}, 422),
        ({"number": "9" * 12}, 303),  # no number: it is about what stands
        ({"number": "0"}, 409),
    ],
)
def test_a_verdict_that_cannot_be_read_changes_nothing(
    colleague: FlaskClient, session: Session, waiting: int, sent: dict[str, object], status: int
) -> None:
    assert decide(colleague, waiting, **sent) == status
    assert (status_of(session, waiting) == "review") is (status != 303)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"text": " "}, 422),
        ({"text": "x" * 1001}, 422),
        ({"part": "options-9-text"}, 404),
        ({"part": "x"}, 404),
    ],
)
def test_a_remark_needs_words_and_a_line(
    colleague: FlaskClient, session: Session, waiting: int, sent: dict[str, object], status: int
) -> None:
    assert remark(colleague, waiting, **sent) == status
    assert session.scalars(select(QuestionComment)).first() is None


def test_a_remark_sent_twice_stands_once_and_is_closed_once(
    browser: FlaskClient, colleague: FlaskClient, session: Session, waiting: int
) -> None:
    assert [remark(colleague, waiting), remark(colleague, waiting)] == [303, 303]
    said = session.scalars(select(QuestionComment)).one()

    address = f"/soal/{waiting}/telaah/catatan/{said.id}"
    browser.post(address, data={"answer": ""})
    again = browser.post(address, data={"answer": "Lain"}, follow_redirects=True).text

    session.expire_all()
    assert "Catatan ini sudah dijawab" in again
    assert session.get_one(QuestionComment, said.id).answer == ""
    assert browser.post(f"/soal/{waiting}/telaah/catatan/999", data={}).status_code == 404


def test_another_branch_finds_nothing(
    session: Session, sign_in: SignIn, colleague: FlaskClient, waiting: int
) -> None:
    remark(colleague, waiting)
    said = session.scalars(select(QuestionComment)).one()
    other = factories.make_branch(session)
    stranger = sign_in(factories.make_user(session, Role.TRAINER, branch=other).id)

    assert stranger.get(f"/soal/{waiting}/telaah").status_code == 404
    assert [decide(stranger, waiting), remark(stranger, waiting)] == [404, 404]
    assert stranger.post(f"/soal/{waiting}/telaah/catatan/{said.id}", data={}).status_code == 404
    assert "Siapa memotong" not in stranger.get("/soal/telaah").text


def test_where_a_trainer_works_alone_an_admin_reviews_and_the_page_says_so(
    browser: FlaskClient, session: Session, sign_in: SignIn, branch: Branch, waiting: int
) -> None:
    admin = sign_in(factories.make_user(session, Role.ADMIN).id)

    assert "admin yang menelaahnya" in browser.get(f"/soal/{waiting}").text
    assert "Siapa memotong" in admin.get("/soal/telaah").text
    factories.make_user(session, Role.TRAINER, branch=branch)
    assert "Siapa memotong" not in admin.get("/soal/telaah").text
    assert decide(admin, waiting) == 303
    assert status_of(session, waiting) == "ready"


def test_an_edit_of_a_ready_question_puts_it_back_and_its_old_wording_needs_no_second_review(
    browser: FlaskClient, colleague: FlaskClient, session: Session, waiting: int
) -> None:
    decide(colleague, waiting)

    edit(browser, session, waiting, stem="Siapa memotong iuran itu?")
    assert status_of(session, waiting) == "review"
    assert events(session, waiting)[-1] == ("edited", "review")
    edit(browser, session, waiting)
    browser.post(f"/soal/{waiting}/status", data={"status": "ready"})

    assert status_of(session, waiting) == "ready"
    assert newest(session, waiting).number == 3


def test_a_practice_question_that_begins_to_count_waits_for_a_review(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = write(browser, branch, use="practice")
    browser.post(f"/soal/{question_id}/status", data={"status": "ready"})

    edit(browser, session, question_id, use="graded")

    assert status_of(session, question_id) == "review"


def test_a_paused_question_that_was_edited_comes_back_by_a_review_alone(
    browser: FlaskClient, colleague: FlaskClient, session: Session, waiting: int
) -> None:
    decide(colleague, waiting)
    browser.post(f"/soal/{waiting}/status", data={"status": "paused", "reason": "Ragu."})
    edit(browser, session, waiting, stem="Siapa memotong iuran itu?")

    browser.post(f"/soal/{waiting}/status", data={"status": "ready"})
    assert status_of(session, waiting) == "paused"
    ask(browser, waiting)
    assert decide(colleague, waiting, number=2) == 303
    assert status_of(session, waiting) == "ready"


@pytest.mark.parametrize(("purpose", "is_named"), [("module", True), ("posttest", True), ("practice", False)])
def test_what_was_never_reviewed_but_is_ready_keeps_a_quiz_that_counts_from_being_published(
    session: Session,
    browser: FlaskClient,
    colleague: FlaskClient,
    waiting: int,
    tmp_path: Path,
    purpose: str,
    is_named: bool,
) -> None:
    folder, law = make_folder(tmp_path), {"as_of": LAW_2026, "quizzes": BankStore(), "publish": True}
    load_course(session, folder, **law, now=NOW, actor_id=None)
    session.commit()
    decide(colleague, waiting)
    draft = make_draft(browser, session)
    assert change_slots(browser, session, draft, aksi="question", question_id=waiting) == 303
    begin_write(session)
    session.get_one(QuizVersion, draft.id).purpose = purpose
    session.get_one(Question, waiting).reviewed_sha256 = None
    session.commit()

    plan = plan_publication(session, session.get_one(QuizVersion, draft.id), book=load_book())

    said = [problem.message for problem in plan.problems]
    assert any("belum ditelaah rekan" in message for message in said) is is_named


@pytest.mark.parametrize("address", ["/soal/telaah", "/soal/{question}/telaah"])
def test_pages_of_reviews_take_few_queries(
    session: Session, colleague: FlaskClient, waiting: int, address: str
) -> None:
    for part in ("stem", "cite", "explanation"):
        remark(colleague, waiting, part=part)
    url, statements = address.format(question=waiting), list[str]()
    colleague.get(url)
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))

    colleague.get(url)

    asked = [one for one in statements if one.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}]
    assert len(asked) <= 8, "\n".join(one[:90] for one in asked)
