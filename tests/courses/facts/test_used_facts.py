"""The page of a number tells trainers and admins who uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.facts import views
from courses.facts.corrections import propose
from lms.core.accounts.models import Role
from tests import factories
from tests.courses.facts.changes import LAW_2016, LAW_2026, reading_of
from tests.factories import NOW
from tests.quizzes.bank.users import KEY, load, question
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]
HEADING = "Di mana angka ini dipakai"
FILE = '<code class="breakable">day-1/01-iuran/iuran.md</code> <span class="muted">baris 5</span>'


@pytest.fixture
def trainer(session: Session, sign_in: SignIn) -> FlaskClient:
    branch = factories.make_branch(session)
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


def test_lessons_questions_and_quizzes_are_named(
    trainer: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)

    page = trainer.get(f"/fakta/{KEY}").text

    assert HEADING in page
    assert FILE in page
    assert f"/soal/{question(session, 'iuran-01').id}" in page
    assert "Kuis iuran" in page


def test_an_edition_of_a_past_law_date_is_named_too(
    trainer: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path, as_of=LAW_2016)

    assert FILE in trainer.get(f"/fakta/{KEY}").text


def test_what_nobody_uses_says_so(trainer: FlaskClient) -> None:
    assert "Belum ada pelatihan atau soal yang memakainya." in trainer.get(f"/fakta/{KEY}").text


def test_visitors_and_trainees_do_not_see_it(
    client: FlaskClient, session: Session, sign_in: SignIn, tmp_path: Path
) -> None:
    load(session, tmp_path)
    assert HEADING not in client.get(f"/fakta/{KEY}").text

    trainee = sign_in(factories.make_user(session, Role.TRAINEE).id)
    assert HEADING not in trainee.get(f"/fakta/{KEY}").text


def test_a_long_list_ends_with_how_many_there_are_besides(
    trainer: FlaskClient, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(session, tmp_path)
    monkeypatch.setattr(views, "USES", 1)

    assert "lagi</p>" in trainer.get(f"/fakta/{KEY}").text


def test_it_asks_no_more_than_a_page_may(session: Session, sign_in: SignIn, tmp_path: Path) -> None:
    load(session, tmp_path)
    admin = sign_in(factories.make_user(session, Role.ADMIN).id)
    admin.get("/akun")

    with counted() as sent:
        admin.get(f"/fakta/{KEY}")

    assert len(sent) <= PAGE_LIMIT


def test_an_admin_is_led_to_the_proposal_that_waits(session: Session, sign_in: SignIn) -> None:
    one, other = (factories.make_user(session, Role.ADMIN).id for _ in range(2))
    row = propose(session, one, reading=reading_of(KEY, "0.03", on=LAW_2026), now=NOW)
    session.commit()
    admin = sign_in(other)

    page = admin.get(f"/fakta/{KEY}").text

    assert f'href="/fakta/koreksi/{row.id}"' in page
    assert "jenis=nilai" not in page
    assert "1 usulan menunggu admin kedua" in admin.get("/").text
