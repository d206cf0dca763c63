"""The pages of trainers: find, write, try, put into a quiz, publish, let a cohort use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.services import load_course
from courses.cohorts.models import Cohort
from courses.cohorts.services import create_cohort
from lms.core.accounts.models import Branch, Role, User
from lms.core.db import begin_write
from quizzes.bank import queries
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import CohortQuiz, Question, QuestionVersion, Quiz, QuizVersion
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.approving import approve
from tests.quizzes.bank.folders import LAW_2016, LAW_2026, make_folder

SignIn = Callable[[int], FlaskClient]
FORM = {
    "topic": "Iuran",
    "use": "graded",
    "stem": "Siapa memotong iuran JHT bagian pekerja?",
    "detail-options-0-text": "Pemberi kerja",
    "detail-options-1-text": "Pekerja sendiri",
    "detail-options-1-why": "Pekerja tidak memotong sendiri.",
    "detail-options-2-text": "",
    "detail-right": "0",
    "explanation": "Tarifnya {fakta:jht.rate.worker}.",
    "cite": "pp-46-2015/16",
    "difficulty": "",
    "level": "",
    "aksi": "save",
}


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def trainer(session: Session, branch: Branch) -> User:
    return factories.make_user(session, Role.TRAINER, branch=branch)


@pytest.fixture
def browser(sign_in: SignIn, trainer: User) -> FlaskClient:
    return sign_in(trainer.id)


@pytest.fixture
def stranger(session: Session, sign_in: SignIn) -> FlaskClient:
    other = factories.make_branch(session)
    return sign_in(factories.make_user(session, Role.TRAINER, branch=other).id)


@pytest.fixture
def cohort(session: Session, branch: Branch, tmp_path: Path) -> Cohort:
    folder = make_folder(tmp_path)
    load_course(session, folder, as_of=LAW_2026, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    edition = session.scalars(select(Edition)).one()
    cohort = create_cohort(
        session,
        None,
        branch_id=branch.id,
        edition_id=edition.id,
        name="Angkatan 1",
        place="Madiun",
        time_zone="Asia/Jakarta",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        now=NOW,
    )
    session.commit()
    return cohort


def write(browser: FlaskClient, branch: Branch, **changed: str) -> int:
    """Post a new question and return its id."""
    response = browser.post("/soal/baru?jenis=single_choice", data=FORM | {"branch_id": branch.id} | changed)
    assert response.status_code == 303, response.get_data(as_text=True)
    return int(response.location.rsplit("/", 1)[-1])


def newest(session: Session, question_id: int) -> QuestionVersion:
    session.expire_all()
    query = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return session.scalars(query.order_by(QuestionVersion.number.desc())).first()  # type: ignore[return-value]


def make_draft(browser: FlaskClient, session: Session) -> QuizVersion:
    published = session.scalars(select(QuizVersion)).one()
    response = browser.post(f"/kuis/{published.quiz_id}/versi/{published.id}/draf")
    assert response.status_code == 303
    session.expire_all()
    return session.scalars(select(QuizVersion).where(QuizVersion.status == "draft")).one()


def change_slots(browser: FlaskClient, session: Session, draft: QuizVersion, **data: object) -> int:
    session.refresh(draft)
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/isi"
    return browser.post(address, data={"base": draft.source_sha256} | data).status_code


def publish(browser: FlaskClient, session: Session, draft: QuizVersion) -> None:
    session.refresh(draft)
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/terbit"
    assert browser.post(address, data={"base": draft.source_sha256}).status_code == 303
    session.refresh(draft)


def test_a_question_is_written_shown_tried_and_made_ready(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = write(browser, branch)

    shown = browser.get(f"/soal/{question_id}").get_data(as_text=True)
    tried = browser.post(f"/soal/{question_id}/coba", data={"coba-choice": "1"}).get_data(as_text=True)
    approve(session, question_id)

    version = newest(session, question_id)
    assert version.source["options"] == [
        {"text": "Pemberi kerja", "correct": True},
        {"text": "Pekerja sendiri", "why": "Pekerja tidak memotong sendiri."},
    ]
    assert version.explanation_html == "Tarifnya 2%."
    assert (version.question.topic, version.question.branch_id) == ("iuran", branch.id)
    assert version.question.status == "ready"
    assert "Pasal 16 PP 46/2015" in shown
    assert "100%" in tried


def test_the_same_form_twice_makes_one_question(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    assert write(browser, branch) == write(browser, branch)


@pytest.mark.parametrize("kind", ["single_choice", "multiple_response", "true_false", "number"])
def test_every_type_has_an_empty_form(browser: FlaskClient, kind: str) -> None:
    assert browser.get(f"/soal/baru?jenis={kind}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "fields", "source"),
    [
        (
            "true_false",
            {"detail-answer": "false", "detail-why_true": "Bukan."},
            {"answer": False, "why": {"true": "Bukan."}},
        ),
        (
            "number",
            {"detail-answer": "{fakta:jht.rate.worker} × 2.000.000", "detail-unit": "rupiah"},
            {"answer": {"product": ["jht.rate.worker", 2000000]}, "unit": "rupiah"},
        ),
    ],
)
def test_other_types_are_written_too(
    browser: FlaskClient,
    session: Session,
    branch: Branch,
    kind: str,
    fields: dict[str, str],
    source: dict[str, object],
) -> None:
    data = {
        "topic": "x",
        "use": "graded",
        "stem": "Soal",
        "branch_id": branch.id,
        "difficulty": "",
        "level": "",
    } | fields

    response = browser.post(f"/soal/baru?jenis={kind}", data=data)

    stored = session.scalars(select(QuestionVersion)).one()
    assert response.status_code == 303
    assert stored.source == {"stem": "Soal"} | source
    assert browser.get(response.location).status_code == 200
    assert browser.get(f"{response.location}/ubah").status_code == 200
    assert browser.get(f"{response.location}/coba").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"stem": "{fakta:tidak.ada}"}, "stem-error"),
        ({"detail-options-1-why": "{fakta:tidak.ada}"}, "detail-options-1-why-error"),
        ({"cite": "uu-1"}, "cite-error"),
        ({"topic": "!!"}, "topic-error"),
        ({"topic": ""}, "topic-error"),
        ({"stem": "x" * 2001}, "stem-error"),
        ({"branch_id": "999"}, "branch_id-error"),
        ({"use": "exam"}, "use-error"),
    ],
)
def test_faults_stand_at_their_fields_and_nothing_is_stored(
    browser: FlaskClient, session: Session, branch: Branch, changed: dict[str, str], field: str
) -> None:
    response = browser.post("/soal/baru?jenis=single_choice", data=FORM | {"branch_id": branch.id} | changed)

    assert response.status_code == 422
    assert f'id="{field}"' in response.get_data(as_text=True)
    assert session.scalars(select(Question)).first() is None


def test_a_row_button_changes_rows_and_stores_nothing(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    data = FORM | {"branch_id": branch.id, "aksi": "row-down-0"}

    page = browser.post("/soal/baru?jenis=single_choice", data=data).get_data(as_text=True)

    assert page.index("Pekerja sendiri") < page.index("Pemberi kerja</textarea>")
    assert session.scalars(select(Question)).first() is None


def test_a_draft_without_key_is_kept_but_not_ready(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = write(browser, branch, **{"detail-right": ""})

    browser.post(f"/soal/{question_id}/status", data={"status": "review"})

    assert newest(session, question_id).question.status == "draft"


def test_an_edit_is_a_new_version_though_nobody_published_the_old_one(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = write(browser, branch)
    base = newest(session, question_id).source_sha256

    response = browser.post(f"/soal/{question_id}/ubah", data=FORM | {"stem": "Baru?", "base": base})

    version = newest(session, question_id)
    assert response.status_code == 303
    assert (version.number, version.stem_html) == (2, "Baru?")


def test_who_comes_second_reads_so_and_keeps_the_text(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = write(browser, branch)
    base = newest(session, question_id).source_sha256
    browser.post(f"/soal/{question_id}/ubah", data=FORM | {"stem": "Pertama?", "base": base})

    response = browser.post(f"/soal/{question_id}/ubah", data=FORM | {"stem": "Kedua?", "base": base})

    assert response.status_code == 409
    assert "Kedua?</textarea>" in response.get_data(as_text=True)
    assert newest(session, question_id).stem_html == "Pertama?"


def test_a_written_question_goes_through_a_quiz_to_a_cohort(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    question_id = write(browser, branch)
    approve(session, question_id)
    draft = make_draft(browser, session)

    assert change_slots(browser, session, draft, aksi="question", question_id=question_id) == 303
    publish(browser, session, draft)
    preview = browser.get(f"/angkatan/{cohort.id}/kuis/{draft.id}").get_data(as_text=True)
    moved = browser.post(f"/angkatan/{cohort.id}/kuis/{draft.id}")

    assert (draft.status, draft.branch_id, draft.number) == ("published", branch.id, 2)
    assert draft.slots[-1].candidates[0].question_version.question_id == question_id
    assert "Siapa memotong" in preview
    assert moved.status_code == 303
    session.expire_all()
    assert session.scalars(select(CohortQuiz)).one().quiz_version_id == draft.id


def test_an_edit_of_a_published_question_makes_the_next_version(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    question_id = write(browser, branch)
    approve(session, question_id)
    draft = make_draft(browser, session)
    change_slots(browser, session, draft, aksi="question", question_id=question_id)
    publish(browser, session, draft)
    before = newest(session, question_id)
    kept = (before.id, before.stem_html)

    browser.post(f"/soal/{question_id}/ubah", data=FORM | {"stem": "Lain?", "base": before.source_sha256})

    assert (newest(session, question_id).number, newest(session, question_id).stem_html) == (2, "Lain?")
    session.expire_all()
    pinned = session.get_one(QuizVersion, draft.id).slots[-1].candidates[0].question_version
    assert (pinned.id, pinned.stem_html) == kept


@pytest.mark.parametrize(
    "address",
    [
        "/soal",
        "/soal?q=iuran&topik=iuran&status=ready&jenis=number&pakai=graded&milik=nation",
        "/soal?sebelum=x",
        "/kuis",
        "/kuis?q=iuran",
    ],
)
def test_lists_open(browser: FlaskClient, cohort: Cohort, address: str) -> None:
    assert browser.get(address).status_code == 200


def test_the_list_is_narrowed_by_what_the_address_says(browser: FlaskClient, cohort: Cohort) -> None:
    page = browser.get("/soal?jenis=number").get_data(as_text=True)

    assert "Berapa rupiah" in page
    assert "Kapan iuran" not in page


def test_national_questions_are_read_and_copied_not_edited(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    question = session.scalars(select(Question).where(Question.key == "coba/iuran-01")).one()

    copied = browser.post(f"/soal/{question.id}/salin", data={"branch_id": branch.id})

    assert browser.get(f"/soal/{question.id}").status_code == 200
    assert browser.get(f"/soal/{question.id}/ubah").status_code == 404
    assert browser.post(f"/soal/{question.id}/status", data={"status": "retired"}).status_code == 404
    assert copied.status_code == 303
    assert browser.get(copied.location).status_code == 200
    copy = session.scalars(select(Question).where(Question.branch_id == branch.id)).one()
    assert (copy.status, copy.key) == ("draft", None)


def test_a_copy_sent_twice_is_one_question(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    shipped = session.scalars(select(Question).where(Question.key == "coba/iuran-01")).one().id
    own = write(browser, branch)

    copied = [
        [browser.post(f"/soal/{one}/salin", data={"branch_id": branch.id}).location for _ in range(2)]
        for one in (shipped, own)
    ]

    assert [len(set(places)) for places in copied] == [1, 1]
    assert copied[1][0] != f"/soal/{own}"
    assert session.scalar(select(func.count()).where(Question.branch_id == branch.id)) == 3


def test_another_branch_finds_nothing(
    browser: FlaskClient, stranger: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    question_id = write(browser, branch)
    draft = make_draft(browser, session)
    version = f"/kuis/{draft.quiz_id}/versi/{draft.id}"
    published = session.scalars(select(QuizVersion).where(QuizVersion.status == "published")).one()

    for address in (
        f"/soal/{question_id}",
        f"/soal/{question_id}/ubah",
        f"/soal/{question_id}/coba",
        version,
        f"/angkatan/{cohort.id}/kuis",
    ):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"/soal/{question_id}/ubah",
        f"/soal/{question_id}/status",
        f"/soal/{question_id}/salin",
        f"{version}/isi",
        f"{version}/pengaturan",
        f"{version}/terbit",
        f"{version}/buang",
        f"{version}/draf",
        f"/angkatan/{cohort.id}/kuis/{published.id}",
    ):
        assert stranger.post(address, data=FORM).status_code == 404, address
    assert "Siapa memotong" not in stranger.get("/soal").get_data(as_text=True)


def test_published_versions_refuse_every_change(
    browser: FlaskClient, session: Session, cohort: Cohort
) -> None:
    published = session.scalars(select(QuizVersion)).one()
    address = f"/kuis/{published.quiz_id}/versi/{published.id}"

    for action in ("isi", "pengaturan", "buang", "terbit"):
        assert browser.post(f"{address}/{action}", data={"aksi": "draw"}).status_code == 404
    assert browser.get(address).status_code == 200


def test_settings_are_checked_and_saved(browser: FlaskClient, session: Session, cohort: Cohort) -> None:
    draft = make_draft(browser, session)
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/pengaturan"
    values = {
        "title": "Kuis baru",
        "pass_percent": "70",
        "attempts_allowed": "2",
        "counts": "last",
        "show_result": "score_only",
        "show_marks": "never",
        "show_answers": "",
        "show_feedback": "after_close",
        "show_citations": "",
        "markers": "1",
        "base": draft.source_sha256,
    }

    wrong = browser.post(address, data=values | {"pass_percent": "101"})
    right = browser.post(address, data=values)

    session.refresh(draft)
    assert wrong.status_code == 422
    assert right.status_code == 303
    assert (draft.title, draft.pass_percent, draft.counts, draft.shuffle_options) == (
        "Kuis baru",
        70,
        "last",
        False,
    )
    assert (draft.show_marks, draft.show_answers, draft.show_feedback) == ("never", None, "after_close")
    assert browser.post(address, data=values).status_code == 409


def test_slots_are_added_moved_and_taken_out(browser: FlaskClient, session: Session, cohort: Cohort) -> None:
    draft = make_draft(browser, session)
    first = draft.slots[0].id

    assert change_slots(browser, session, draft, aksi="draw", topic="iuran", count=1) == 303
    assert change_slots(browser, session, draft, aksi=f"down-{first}") == 303
    assert change_slots(browser, session, draft, aksi=f"delete-{first}") == 303

    session.refresh(draft)
    assert [(slot.position, slot.draw_topic, slot.draw_count) for slot in draft.slots] == [
        (1, None, 1),
        (2, "iuran", 2),
        (3, "iuran", 1),
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"aksi": "question", "question_id": "x"},
        {"aksi": "draw", "topic": "iuran", "count": "0"},
        {"aksi": "draw", "topic": "iuran", "count": "1000"},
        {"aksi": "explode"},
        {},
    ],
)
def test_slots_that_cannot_be_are_refused(
    browser: FlaskClient, session: Session, cohort: Cohort, data: dict[str, str]
) -> None:
    draft = make_draft(browser, session)

    assert change_slots(browser, session, draft, **data) == 422


def test_a_draft_with_problems_is_not_published(
    browser: FlaskClient, session: Session, cohort: Cohort
) -> None:
    draft = make_draft(browser, session)
    change_slots(browser, session, draft, aksi="draw", topic="iuran", count=50)

    publish(browser, session, draft)

    page = browser.get(f"/kuis/{draft.quiz_id}/versi/{draft.id}").get_data(as_text=True)
    assert draft.status == "draft"
    assert "field-error" in page


def test_a_question_of_another_branch_is_not_published(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    question_id = write(browser, branch)
    approve(session, question_id)
    draft = make_draft(browser, session)
    assert change_slots(browser, session, draft, aksi="question", question_id=question_id) == 303
    begin_write(session)
    session.execute(
        update(Question).where(Question.id == question_id).values(branch_id=factories.make_branch(session).id)
    )
    session.commit()

    publish(browser, session, draft)

    assert draft.status == "draft"
    page = browser.get(f"/kuis/{draft.quiz_id}/versi/{draft.id}").text
    assert "milik kantor cabang lain" in page


def test_a_draft_is_thrown_away(browser: FlaskClient, session: Session, cohort: Cohort) -> None:
    draft = make_draft(browser, session)
    quiz_id = draft.quiz_id

    assert browser.post(f"/kuis/{quiz_id}/versi/{draft.id}/buang").status_code == 303

    session.expire_all()
    assert len(session.get_one(Quiz, quiz_id).versions) == 1


def test_a_search_offers_ready_questions(browser: FlaskClient, session: Session, cohort: Cohort) -> None:
    draft = make_draft(browser, session)

    page = browser.get(f"/kuis/{draft.quiz_id}/versi/{draft.id}?q=upah").get_data(as_text=True)

    assert "Upah Rp2.000.000" in page
    assert "Kapan iuran dibayar" not in page


def test_lists_that_end_early_say_so(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = session.scalars(select(QuizVersion)).one()
    draft = make_draft(browser, session)
    other = factories.make_cohort(session, branch=branch, edition=cohort.edition)
    factories.add(
        session,
        CohortQuiz(
            cohort_id=other.id, quiz_id=published.quiz_id, quiz_version_id=published.id, pinned_at=NOW
        ),
    )
    pages = [f"/kuis/{draft.quiz_id}/versi/{draft.id}?q=", f"/kuis/{published.quiz_id}/versi/{published.id}"]
    words = ["Masih ada soal lain", "Ada angkatan yang lebih lama"]

    assert [word in browser.get(page).text for word, page in zip(words, pages, strict=True)] == [False, False]
    monkeypatch.setattr(queries, "PAGE_SIZE", 1)
    assert [word in browser.get(page).text for word, page in zip(words, pages, strict=True)] == [True, True]


def test_an_organiser_moves_a_cohort_but_writes_no_questions(
    session: Session, sign_in: SignIn, branch: Branch, cohort: Cohort
) -> None:
    organiser = sign_in(factories.make_user(session, Role.ORGANISER, branch=branch).id)

    assert f'href="/angkatan/{cohort.id}/kuis"' in organiser.get(f"/angkatan/{cohort.id}").text
    assert f'href="/angkatan/{cohort.id}"' in organiser.get(f"/angkatan/{cohort.id}/kuis").text
    assert organiser.get("/soal").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/soal?milik=99999999999999999999&sebelum=99999999999999999999&q=%00%25_",
        "/soal?topik=%00&status=%00&jenis=%ED%A0%80",
        "/soal/baru?jenis=number&topik=%00",
        "/kuis?q=%00&sesudah=99999999999999999999",
    ],
)
def test_foreign_addresses_are_answered(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/soal/99999999999",
        "/kuis/99999999999",
        "/kuis/1/versi/99999999999",
        "/angkatan/99999999999/kuis",
        "/soal/baru?jenis=sandiwara",
    ],
)
def test_what_is_not_there_is_not_found(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_question_written_now_is_worded_for_an_older_law_date_too(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort, tmp_path: Path
) -> None:
    """The quiz of 2016 pins a version of its own; the editor goes on with the newest law."""
    folder = make_folder(tmp_path)
    load_course(session, folder, as_of=LAW_2016, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    session.commit()
    question_id = write(browser, branch)
    approve(session, question_id)
    old = session.scalars(select(QuizVersion).where(QuizVersion.as_of == LAW_2016)).one()
    browser.post(f"/kuis/{old.quiz_id}/versi/{old.id}/draf")
    session.expire_all()
    draft = session.scalars(select(QuizVersion).where(QuizVersion.status == "draft")).one()

    change_slots(browser, session, draft, aksi="question", question_id=question_id)
    publish(browser, session, draft)

    pinned = draft.slots[-1].candidates[0].question_version
    assert draft.status == "published"
    assert (pinned.question_id, pinned.as_of, pinned.number) == (question_id, LAW_2016, 2)
    assert "22 November 2026" in browser.get(f"/soal/{question_id}/ubah").get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "/soal",
        "/soal/{question}",
        "/soal/{question}/ubah",
        "/soal/baru",
        "/kuis",
        "/kuis/{quiz}",
        "/kuis/{quiz}/versi/{draft}?q=a",
        "/kuis/{quiz}/versi/{published}",
        "/angkatan/{cohort}/kuis",
        "/angkatan/{cohort}/kuis/{published}",
    ],
)
def test_pages_take_few_queries(
    app: Flask, browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort, address: str
) -> None:
    question_id = write(browser, branch)
    draft = make_draft(browser, session)
    published = session.scalars(select(QuizVersion).where(QuizVersion.status == "published")).one()
    url = address.format(
        question=question_id, quiz=draft.quiz_id, draft=draft.id, published=published.id, cohort=cohort.id
    )
    browser.get(url)
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))

    browser.get(url)

    asked = [s for s in statements if s.split()[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}]
    assert len(asked) <= 8, "\n".join(s[:90] for s in asked)
