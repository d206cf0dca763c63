"""One course text, two law dates: two people open the same lesson and read the numbers of their edition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from courses.catalogue.models import Edition, Step
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import db
from lms.demo import seeding
from tests import factories
from tests.browser.conftest import House, context, house_in
from tests.servers import make_pass

pytestmark = pytest.mark.browser

LESSON = "day-2/02-jkm/jaminan-kematian"


@pytest.fixture
def library(template_instance: Path, tmp_path: Path) -> Iterator[House]:
    """An installation with both editions of the shipped course."""
    with house_in(template_instance, tmp_path, lambda _app: seeding.load_shipped_course()) as house:
        yield house


def _reader(house: House, edition: Edition) -> tuple[dict[str, Any], str]:
    """Return the cookie of somebody on the second day of a cohort of ``edition``, and their lesson."""
    session, now = db.session(), utc_now()
    days = {"starts_on": now.date() - timedelta(days=2), "ends_on": now.date()}
    cohort = factories.make_cohort(session, edition=edition, **days)
    enrolment = factories.make_enrolment(session, cohort=cohort)
    token = open_session(
        session,
        enrolment.user_id,
        via="card",
        now=now,
        user_agent="browser",
        expires_at=now + timedelta(hours=1),
        card_id=enrolment.card.id,
    )
    session.commit()
    step = session.scalars(select(Step).where(Step.edition_id == edition.id, Step.path == LESSON)).one()
    name, value = make_pass(house.app, token).cookie.split("=", 1)
    cookie = {"name": name, "value": value, "url": house.url}
    return cookie, f"{house.url}/belajar/{enrolment.id}/materi/{step.id}"


@pytest.mark.parametrize(
    ("of", "here", "not_here"),
    [
        pytest.param("2016-10-19", "Rp24.000.000", "Rp42.000.000", id="2016"),
        pytest.param("newest", "Rp42.000.000", "Rp24.000.000", id="newest"),
    ],
)
def test_the_same_lesson_says_the_sum_of_its_law_date(
    chromium: Browser, library: House, of: str, here: str, not_here: str
) -> None:
    editions = db.session.scalars(select(Edition).order_by(Edition.as_of)).all()
    edition = editions[0] if of == "2016-10-19" else editions[-1]
    assert (edition.as_of.isoformat() == "2016-10-19") == (of == "2016-10-19")
    cookie, address = _reader(library, edition)

    with context(chromium) as phone:
        phone.add_cookies([cookie])
        page = phone.new_page()
        page.goto(address)

        total = page.locator("tr", has_text="Jumlah tanpa beasiswa")
        expect(total).to_contain_text(here)
        expect(page.locator("main")).not_to_contain_text(not_here)
