"""The story of the workshop by the forms and buttons of its pages alone: no script anywhere.

A trainer writes questions, a colleague finds them right, a quiz is built, tried by its page before
publishing, given to a cohort, taken by a trainee, one question is corrected, and the live room shows who is
at work on the next version. `tests/browser/test_workshop_story.py` tells the same with a script, by keyboard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from courses.cohorts.services import create_cohort
from courses.learning.models import Progress
from lms.core.accounts.models import Branch, Role
from lms.core.clock import utc_now
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import Question, QuestionVersion
from quizzes.types import get_type
from tests import factories
from tests.quizzes.bank.builds import make_workshop

SignIn = Callable[[int], FlaskClient]
STEMS = ("Siapa memotong iuran JHT?", "Siapa membayar iuran JKK?")
BETTER = "Siapa yang wajib memotong iuran JHT?"


@dataclass
class Person:
    """Somebody before a page, who reads it and presses its buttons."""

    browser: FlaskClient
    text: str = ""
    url: str = ""

    def go(self, url: str) -> None:
        """Open a page; where it leads on, go there."""
        self._arrive(self.browser.get(url, follow_redirects=True))

    def press(self, button: str, **fields: Any) -> None:
        """Fill the form a button is in, as it stands but for ``fields``, and press it."""
        form, pressed = self._find(button)
        data = dict(form.form_values()) | {name.replace("_", "-"): value for name, value in fields.items()}
        if pressed.get("name"):
            data[pressed.get("name")] = pressed.get("value", "")
        address = (pressed.get("formaction") or form.get("action") or self.url).partition("#")[0] or self.url
        send = self.browser.post if form.get("method", "get") == "post" else self.browser.get
        kept = {"data": data} if form.get("method", "get") == "post" else {"query_string": data}
        self._arrive(send(address, follow_redirects=True, **kept))

    def _find(self, words: str) -> tuple[Any, Any]:
        buttons = html.fromstring(self.text).xpath("//main//button | //button[@form]")
        found = [
            one for one in buttons if words in (one.get("aria-label") or " ".join(one.text_content().split()))
        ]
        assert found, f"{self.url} has no button “{words}”"
        page, name = found[0].getroottree(), found[0].get("form")
        form = page.getroot().get_element_by_id(name) if name else next(found[0].iterancestors("form"))
        return form, found[0]

    def _arrive(self, response: Any) -> None:
        self.text, self.url = response.get_data(as_text=True), response.request.path
        assert response.status_code == 200, (self.url, response.status_code, _faults(self.text))


def _faults(text: str) -> list[str]:
    return html.fromstring(text).xpath(
        "//*[@class='error-summary' or @class='messages']//text()[normalize-space()]"
    )


def write(trainer: Person, stem: str) -> None:
    trainer.go("/soal/baru?jenis=single_choice")
    answers = {
        "detail_options_0_text": "Pemberi kerja",
        "detail_options_1_text": "Ketua RT",
        "detail_right": "0",
    }
    trainer.press("Simpan", stem=stem, topic="Warung", explanation="Pemberi kerja.", **answers)
    trainer.press("Minta telaah")


def find_right(colleague: Person, question_id: int) -> None:
    colleague.go(f"/soal/{question_id}/telaah")
    colleague.press("Sudah benar")


def answer_rightly(trainee: Person, session: Session) -> Attempt:
    """Fill the paper that is open and hand it in."""
    attempt = session.scalars(select(Attempt).where(Attempt.state == "in_progress")).one()
    answers = {}
    for item in session.scalars(select(PaperItem).where(PaperItem.attempt_id == attempt.id)):
        version = item.question_version
        for name, values in get_type(version.type).solve(version.content, item.prepared).items():
            answers[f"q{item.position}_{name}"] = values[0]
    trainee.press("Simpan", **answers)
    trainee.go(f"/percobaan/{attempt.id}/periksa")
    trainee.press("Kirim")
    session.rollback()
    return session.get_one(Attempt, attempt.id)


def hold_class(session: Session, branch: Branch, tmp_path: Path) -> Cohort:
    edition = make_workshop(session, tmp_path).edition
    today = utc_now().astimezone(ZoneInfo("Asia/Jakarta")).date()
    cohort = create_cohort(
        session, None, branch_id=branch.id, edition_id=edition.id, name="Angkatan contoh", place="Madiun",
        time_zone="Asia/Jakarta", starts_on=today - timedelta(days=1), ends_on=today, now=utc_now(),
    )  # fmt: skip
    session.commit()
    return cohort


def test_the_whole_story_by_plain_forms(session: Session, sign_in: SignIn, tmp_path: Path) -> None:
    branch = factories.make_branch(session)
    cohort = hold_class(session, branch, tmp_path)
    enrolment = factories.make_enrolment(session, cohort=cohort, name="Bu Contoh")
    staff = [factories.make_user(session, Role.TRAINER, branch=branch).id for _ in range(2)]
    trainer, colleague = (Person(sign_in(user_id)) for user_id in staff)
    trainee = Person(sign_in(enrolment.user_id))

    for stem in STEMS:
        write(trainer, stem)
    questions = session.scalars(
        select(Question.id).where(Question.topic == "warung").order_by(Question.id)
    ).all()
    for question_id in questions:
        find_right(colleague, question_id)

    trainer.go("/kuis/baru")
    trainer.press("Buat kuis", title="Latihan di warung", purpose="practice")
    trainer.press("Lihat persediaan", banyak=2, dari="warung")
    trainer.press("Tambahkan aturan ini")
    draft = trainer.url
    trainer.go(f"{draft}/terbit")
    assert "Belum ada angkatan" in trainer.text
    trainer.press("Terbitkan versi 1")

    trainer.go(f"/angkatan/{cohort.id}/kuis/tambahan")
    trainer.press("Berikan ke angkatan ini", release="now")
    session.rollback()
    (step_id,) = session.get_one(Cohort, cohort.id).extra_steps
    trainee.go(f"/belajar/{enrolment.id}")
    assert "Latihan di warung" in trainee.text
    trainee.go(f"/belajar/{enrolment.id}/kuis/{step_id}")
    trainee.press("Mulai")
    first = answer_rightly(trainee, session)
    counted = session.scalars(select(Progress).where(Progress.step_id == step_id)).one()
    assert (first.percent, counted.percent, counted.completed_at is not None) == (100, 100, True)

    trainer.go(f"/soal/{questions[0]}/ubah")
    # An edit asks for a review by itself.
    trainer.press("Simpan", stem=BETTER)
    find_right(colleague, questions[0])
    trainer.go(draft)
    trainer.press("Buat versi baru")
    trainer.go(f"{trainer.url}/terbit")
    row = html.fromstring(trainer.text).xpath("//tr[th[text()='Angkatan contoh']]/td/text()")
    # Runs on version 1; nobody is under way; one has handed in.
    assert row[:3] == ["1", "0", "1"]
    trainer.press("Terbitkan versi 2")
    version_id = int(trainer.url.rsplit("/", 1)[-1])
    trainer.go(f"/angkatan/{cohort.id}/kuis/{version_id}")
    trainer.press("Gunakan versi 2")

    trainee.go(f"/belajar/{enrolment.id}/kuis/{step_id}")
    trainee.press("Coba lagi")
    trainer.go(f"/angkatan/{cohort.id}/langsung/{step_id}")
    assert "Bu Contoh" in trainer.text
    asked = select(QuestionVersion.source).join(
        PaperItem, PaperItem.question_version_id == QuestionVersion.id
    )
    stems = [
        {source["stem"] for source in session.scalars(asked.where(PaperItem.attempt_id == attempt_id))}
        for attempt_id in session.scalars(select(Attempt.id).order_by(Attempt.id)).all()
    ]
    assert stems == [set(STEMS), {BETTER, STEMS[1]}]
