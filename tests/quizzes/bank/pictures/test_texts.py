"""Pictures within the texts of a question: kept as WebP, named by a mark, shown with their words."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role
from quizzes.bank.models import QuestionPicture, QuestionVersion
from quizzes.bank.pictures.texts import put_in, said_in_words, take_out, tidy_alt
from tests import factories
from tests.quizzes.bank.test_pages import FORM

SHA = "a" * 64
MARK = f"{{gambar:{SHA} 640x400|Slip gaji <Juli>}}"


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def browser(sign_in: Callable[[int], FlaskClient], session: Session, branch: Branch) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


def slip(size: tuple[int, int] = (640, 400), form: str = "PNG") -> Any:
    body = io.BytesIO()
    Image.new("RGB", size, "white").save(body, form)
    body.seek(0)
    return body, "slip.png"


def send(browser: FlaskClient, picture: Any, alt: str = "Slip gaji", **headers: str) -> Any:
    return browser.post("/soal/gambar", data={"gambar": picture, "alt": alt}, headers=headers)


def test_a_mark_becomes_a_picture_with_its_words_and_no_other_html() -> None:
    bare, pictures = take_out(f"Lihat: {MARK} Berapa?")

    assert "gambar:" not in bare
    html = put_in(bare, pictures)
    assert 'alt="Slip gaji &lt;Juli&gt;"' in html
    assert f'src="/gambar-soal/{SHA}"' in html
    assert said_in_words(f"Lihat: {MARK}") == "Lihat: Slip gaji <Juli>"


def test_a_sign_in_the_words_for_a_picture_or_in_a_tag_puts_no_picture_there() -> None:
    bare, pictures = take_out(f"{MARK.replace('Slip', '⟦gambar-1⟧')} dan {MARK}")

    html = put_in(f'<a href="#" title="⟦gambar-1⟧ > ">a</a> {bare} ⟦gambar-7⟧', pictures)

    assert html.startswith('<a href="#" title=" > ">a</a> <img')
    assert html.count("<img") == 2
    assert 'alt="⟦gambar-1⟧ gaji &lt;Juli&gt;" width' in html
    assert html.endswith("⟦gambar-7⟧")


@pytest.mark.parametrize(
    "mark",
    ["{gambar:}", f"{{gambar:{SHA} 640x400|  }}", "{gambar:../x 1x1|a}", f"{{gambar:{SHA} 0x4|a}}"],
)
def test_a_mark_that_shows_nothing_or_says_nothing_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        take_out(mark)


def test_words_for_a_picture_cannot_end_its_mark() -> None:
    assert tidy_alt("a } b | c {d:e}\n\nf") == "a b c d:e f"


def test_a_pasted_picture_is_kept_as_webp_and_shown_in_question_and_answer(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    mark = send(browser, slip(), Accept="application/json").json["mark"]
    stem, answer = f"Lihat slip ini. {mark} Berapa iurannya?", f"Seperti {mark}"

    saved = browser.post(
        "/soal/baru?jenis=single_choice",
        data=FORM | {"branch_id": str(branch.id), "stem": stem, "detail-options-0-text": answer},
    )

    assert saved.status_code == 303
    picture = session.scalars(select(QuestionPicture)).one()
    assert picture.media_type == "image/webp"
    assert picture.body[:4] == b"RIFF"
    version = session.scalars(select(QuestionVersion)).one()
    assert (
        f'src="/gambar-soal/{picture.sha256}" alt="Slip gaji" width="640" height="400"' in version.stem_html
    )
    assert "<img" in str(version.content)
    assert version.summary == "Lihat slip ini. Slip gaji Berapa iurannya?"


def test_without_a_script_a_page_shows_the_mark_to_copy(browser: FlaskClient) -> None:
    page = send(browser, slip(form="JPEG"))

    assert page.status_code == 200
    assert re.search(r"\{gambar:[0-9a-f]{64} 640x400\|Slip gaji\}", page.text)


@pytest.mark.parametrize(
    ("picture", "alt", "said"),
    [
        ((io.BytesIO(b"bukan gambar"), "slip.png"), "Slip", "PNG"),
        ((io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 2_000), "slip.png"), "Slip", "rusak"),
        (slip(), "  ", "kata"),
        ((io.BytesIO(b""), ""), "Slip", "gambar"),
    ],
)
def test_what_is_no_picture_or_says_nothing_is_said_clearly(
    browser: FlaskClient, session: Session, picture: Any, alt: str, said: str
) -> None:
    page = send(browser, picture, alt)

    assert page.status_code == 422
    assert said in re.sub(r"<style.*?</style>", "", page.text)
    assert session.scalars(select(QuestionPicture)).all() == []


def test_a_picture_that_is_not_here_is_said_and_the_text_stays(browser: FlaskClient, branch: Branch) -> None:
    page = browser.post(
        "/soal/baru?jenis=single_choice",
        data=FORM | {"branch_id": str(branch.id), "stem": f"Apa ini? {MARK}"},
    )

    assert page.status_code == 422
    assert "1 gambar" in page.text
    assert SHA in page.text
