"""Ten questions of every kind written by plain form posts, as they stand in the page: no script at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role
from quizzes.bank.models import QuestionVersion
from tests import factories

KINDS: dict[str, dict[str, str]] = {
    "single_choice": {
        "detail-options-0-text": "Pemberi kerja",
        "detail-options-1-text": "Camat",
        "detail-right": "0",
    },
    "multiple_response": {
        "detail-options-0-text": "JHT",
        "detail-options-1-text": "Pajak",
        "detail-right": "0",
    },
    "true_false": {"detail-answer": "true"},
    "number": {"detail-answer": "{fakta:jht.rate.worker} × 2.000.000", "detail-unit": "rupiah"},
    "short_answer": {"detail-answers-0-accept": "BPJS Ketenagakerjaan"},
    "matching": {
        "detail-pairs-0-text": "JHT",
        "detail-pairs-0-match": "hari tua",
        "detail-pairs-1-text": "JKM",
        "detail-pairs-1-match": "kematian",
    },
    "ordering": {
        "detail-items-0-text": "Mendaftar",
        "detail-items-1-text": "Membayar",
        "detail-items-2-text": "Klaim",
    },
    "essay": {},
    "calculated": {
        "stem": "Upahnya {nilai:upah}. Berapa iurannya?",
        "detail-variables": "upah: 2.000.000 | 3.000.000 rupiah",
        "detail-answer": "upah × {fakta:jht.rate.worker}",
    },
    "cloze": {},
}


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def browser(sign_in: Callable[[int], FlaskClient], session: Session, branch: Branch) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


def shown(page: Any) -> dict[str, Any]:
    """Return what the form of a page would send as it stands."""
    form = html.fromstring(page.get_data(as_text=True)).get_element_by_id("editor")
    return {name: value for name, value in form.form_values() if name != "aksi"}


def press(browser: FlaskClient, url: str, form: dict[str, Any], button: str) -> Any:
    return browser.post(url, data=form | {"aksi": button})


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_is_written_with_the_buttons_of_the_page(
    browser: FlaskClient, session: Session, kind: str
) -> None:
    url = f"/soal/baru?jenis={kind}"
    form = shown(browser.get(url)) | {"stem": f"Soal {kind}?", "topic": "Iuran"} | KINDS[kind]
    looked = press(browser, url, form, "look")
    assert looked.status_code == 200
    form = shown(looked)
    if any(name.endswith("-1-text") for name in form):
        form = shown(press(browser, url, form, "row-down-0"))
        form = shown(press(browser, url, form, "row-up-1"))
        form = shown(press(browser, url, form, "row-add"))

    saved = press(browser, url, form, "save-new")

    assert saved.status_code == 303, html.fromstring(saved.text).xpath(
        "//*[@class='error-summary']//li/text()"
    )
    assert "topik=iuran" in saved.location
    version = session.scalars(select(QuestionVersion)).one()
    assert version.type == kind
    said = str(version.source)
    assert all(
        text.split()[0] in said for name, text in KINDS[kind].items() if name.endswith(("text", "match"))
    )
