"""The words a phone keeps so that pages need not repeat them: ``python -m tests.page_dictionary``.

Run it after a change of the pages' markup or of many lessons; a test says when they have grown too far apart.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import get_own_enrolment
from courses.learning.models import Progress
from courses.learning.outline import StepState
from courses.learning.queries import get_outline
from lms.app import ROOT, create_app
from lms.core.clock import utc_now
from lms.core.config import load_config, prepare_instance
from lms.core.db import db
from lms.demo import seeding
from tests import factories
from tests.conftest import make_keys

PATH = ROOT / "lms/core/static/pages.dict"
BYTES = 8192
"""About 3 KB over the air, once; each lesson is smaller by half of that."""
_PERSONAL = re.compile(rb'(?<=name="csrf_token" value=")[^"]*|(?<=data-person=")[0-9]+')


def pages(app: Flask) -> Iterator[bytes]:
    """Yield the pages that are open to trainees of the demo, as they are sent."""
    with app.app_context():
        readers = list(_readers(app))
    for client, addresses in readers:
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            yield response.data


def _readers(app: Flask) -> Iterator[tuple[FlaskClient, list[str]]]:
    """Yield of each cohort the person who came furthest, signed in, with the addresses open to them."""
    session = db.session()
    for cohort_id in session.scalars(select(Cohort.id).order_by(Cohort.id)).all():
        furthest = (
            select(Enrolment.id, Enrolment.user_id)
            .join(Progress)
            .where(Enrolment.cohort_id == cohort_id)
            .group_by(Enrolment.id)
            .order_by(func.count().desc(), Enrolment.id)
        )
        enrolment_id, user_id = session.execute(furthest.limit(1)).one()
        client = app.test_client()
        factories.sign_in(client, user_id)
        enrolment = get_own_enrolment(session, enrolment_id, user_id=user_id)
        steps = get_outline(session, enrolment, now=utc_now()).steps()
        yield client, [_address(enrolment_id, step) for step in steps if step.is_open]


def _address(enrolment_id: int, step: StepState) -> str:
    return f"/belajar/{enrolment_id}/{'materi' if step.kind == 'lesson' else 'kuis'}/{step.step_id}"


def train(samples: list[bytes]) -> bytes:
    """Return the text that is most worth knowing beforehand.

    The trainer's tables in front of it are of use to its own format only; browsers take plain text.
    """
    trained = zstandard.train_dictionary(BYTES, samples, k=200, d=8).as_bytes()
    return trained[_text_begins(trained) :]


def _text_begins(trained: bytes) -> int:
    """Return where tables end: the first place with forty characters of plain text in a row."""
    found = re.search(rb"[\n -~]{40}", trained)
    assert found is not None
    return found.start()


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        prepare_instance(instance)
        make_keys(instance)
        app = create_app(load_config(instance, TESTING=True))
        with app.app_context():
            flask_migrate.upgrade()
            seeding.seed()
        PATH.write_bytes(train([_PERSONAL.sub(b"", page) for page in pages(app)]))


if __name__ == "__main__":
    main()
