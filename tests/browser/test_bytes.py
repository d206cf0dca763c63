"""What a phone loads over the air, counted between browser and server."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from courses.catalogue.models import Edition, Lesson
from courses.cohorts.card_codes import card_token
from courses.cohorts.models import Enrolment
from courses.cohorts.services import create_cohort
from courses.learning.queries import get_outline
from lms.core.accounts.models import Branch
from lms.core.clock import utc_now
from lms.core.db import db
from tests import factories
from tests.browser.conftest import House, context

pytestmark = pytest.mark.browser

FIRST_VISIT = 25_000
HEADERS = 700
"""Of an answer over HTTP/1.1; a proxy that speaks HTTP/2 sends a fifth of it."""
LESSON_AFTERWARDS = 5_000 + HEADERS


@dataclass
class Meter:
    """A relay in front of the server that counts what passes."""

    target: int
    down: int = 0
    up: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        """Where the browser connects."""
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        """Relay until closed."""
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                for source, sink, way in ((phone, server, "up"), (server, phone, "down")):
                    threading.Thread(target=self._pump, args=(source, sink, way), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                setattr(self, way, getattr(self, way) + len(data))
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def reading(self) -> int:
        """Return the bytes that came down since the last reading."""
        count, self.down = self.down, 0
        return count


@contextlib.contextmanager
def metered(port: int) -> Iterator[Meter]:
    """Yield a meter in front of a server."""
    meter = Meter(port)
    thread = threading.Thread(target=meter.run, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        with contextlib.suppress(OSError):
            meter.listener.shutdown(socket.SHUT_RDWR)
        meter.listener.close()
        thread.join(5)


def _card_address(app: Flask) -> str:
    """Enrol somebody in a cohort of the small course and return the address of the card."""
    session, today = db.session(), utc_now().date()
    edition = session.scalars(select(Edition)).one()
    branch = session.scalars(select(Branch)).one()
    cohort = create_cohort(
        session,
        None,
        branch_id=branch.id,
        edition_id=edition.id,
        name="Angkatan",
        place="Aula",
        time_zone="Asia/Jakarta",
        starts_on=today,
        ends_on=today,
        now=utc_now(),
    )
    session.commit()
    card = factories.make_enrolment(session, cohort=cohort, name="Bu Sari").card
    assert card is not None
    return f"/k/{card_token(app.config['CARD_KEY'], card.id, card.generation)}"


def _lesson_paths(house: House) -> list[str]:
    """Return the paths of the lessons that are open on the first day, the shortest first."""
    session = db.session()
    enrolment = session.scalars(select(Enrolment)).one()
    outline = get_outline(session, enrolment, now=utc_now())
    ids = [step.step_id for step in outline.steps() if step.kind == "lesson" and step.is_open]
    query = select(Lesson.step_id).where(Lesson.step_id.in_(ids)).order_by(func.length(Lesson.html))
    return [f"/belajar/{enrolment.id}/materi/{step_id}" for step_id in session.scalars(query)]


def test_first_visit_and_lessons_after_it_are_small(chromium: Browser, house: House) -> None:
    address = _card_address(house.app)
    paths = _lesson_paths(house)
    with metered(house.server.port) as meter, context(chromium) as profile:
        base = f"http://127.0.0.1:{meter.port}"
        page = profile.new_page()

        page.goto(f"{base}{address}", wait_until="networkidle")
        first = meter.reading()
        page.locator("main form button").click()
        page.wait_for_load_state("networkidle")
        encodings, weights = [], []
        for path in (paths[0], paths[len(paths) // 2], paths[-1]):
            meter.reading()
            answer = page.goto(f"{base}{path}", wait_until="networkidle")
            assert answer is not None
            encodings.append(answer.header_value("content-encoding"))
            expect(page.locator("article .prose")).to_be_visible()
            weights.append(meter.reading())

    _with_the_style, *afterwards = weights
    assert 3_000 < first <= FIRST_VISIT, f"first visit: {first} bytes"
    assert 1_000 < max(afterwards) <= LESSON_AFTERWARDS, f"lessons: {weights} bytes"
    assert encodings[-1] == "dcz", "words the phone has are not sent again"


@pytest.mark.parametrize("path", ["/", "/masuk", "/periksa", "/v/0000-0000-0000-00000"])
def test_pages_for_strangers_are_small(chromium: Browser, house: House, path: str) -> None:
    with metered(house.server.port) as meter, context(chromium) as profile:
        page = profile.new_page()
        page.goto(f"http://127.0.0.1:{meter.port}{path}", wait_until="networkidle")
        taken = meter.reading()

    assert 3_000 < taken <= FIRST_VISIT, f"{path}: {taken} bytes"
