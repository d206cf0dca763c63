"""What many years leave behind: people, sittings, answers and marks by the hundred thousand, in bulk.

One sitting is done by the services; the others are copies of its rows by the database itself, under ids
of their own. Whatever columns a table has, they are copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection, Table, create_engine, inspect
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Progress
from lms.core.accounts.models import User
from lms.core.clock import utc_now
from lms.core.db import db
from quizzes.attempts.handing_in import submit_attempt
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.attempts.saves import Save
from quizzes.attempts.saving import save_answers
from quizzes.attempts.starting import start_attempt
from quizzes.grading.models import Mark
from tests.bench.stage import Stage

_FAR = 10_000_000
"""Between the ids of one growth and the next: what people do meanwhile goes on from the highest."""
_HALL = 40


@dataclass(frozen=True)
class Model:
    """The sitting all others are copies of."""

    cohort_id: int
    user_id: int
    enrolment_id: int
    attempt_id: int
    questions: int


class Records:
    """The records of one stage; they only grow."""

    def __init__(self, stage: Stage) -> None:
        self._app = stage.app
        person = stage.take("beginners", 1)[0]
        with self._app.app_context():
            self._model = _sit(db.session(), person.enrolment_id, int(person.pretest_path.rsplit("/", 1)[1]))
            db.session.remove()
        self.attempts, self._growths = 0, 0

    @property
    def answers(self) -> int:
        """How many answers are on record."""
        return self.attempts * self._model.questions

    def grow(self, attempts: int) -> None:
        """Let there be ``attempts`` sittings of as many people."""
        with self._app.app_context():
            url, options = db.engine.url, self._app.config["SQLALCHEMY_ENGINE_OPTIONS"]
            db.engine.dispose()
        engine = create_engine(url, **options)
        self._growths += 1
        with engine.connect() as connection:
            without_checks(connection)
            for copies in _copies(self._model, _FAR * self._growths):
                copy_rows(connection, copies, self.attempts, attempts)
            connection.commit()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            settle(connection, (Cohort, User, Enrolment, Attempt, PaperItem, AnswerEvent, Mark))
        engine.dispose()
        self.attempts = attempts

    def grow_to_answers(self, answers: int) -> None:
        """Let there be at least so many answers."""
        self.grow(-(-answers // self._model.questions))


def _sit(session: Session, enrolment_id: int, step_id: int) -> Model:
    enrolment, now = session.get_one(Enrolment, enrolment_id), utc_now()
    attempt = start_attempt(session, enrolment=enrolment, step_id=step_id, now=now, rng=Random(0))
    positions = [item.position for item in attempt.items]
    attempt_id, cohort_id, user_id = attempt.id, enrolment.cohort_id, enrolment.user_id
    for position in positions:
        save = Save(position, f"record-{position}", 1, {"choice": ["1"]}, is_flagged=False)
        save_answers(session, [save], attempt_id=attempt_id, user_id=None, now=now)
    submit_attempt(session, attempt_id, by="person", now=now)
    session.commit()
    return Model(cohort_id, user_id, enrolment_id, attempt_id, len(positions))


Copies = tuple[type, Mapping[str, str], str, str]
"""A table, columns that differ, the rows they come from, and which of them."""


def copies_of_people(
    base: int, *, cohort_id: int, user_id: int, enrolment_id: int, login: str
) -> list[Copies]:
    """Return as many people as numbers, in cohorts of a hall each; ``login`` begins their names."""
    person, hall = f"{base} + n.k", f"{base} + n.k / {_HALL}"
    first = f"n.k - n.k / {_HALL} * {_HALL} = 0"
    enrolled = {"id": person, "user_id": person, "cohort_id": hall}
    return [
        (Cohort, {"id": hall}, "cohort AS s", f"s.id = {cohort_id} AND {first}"),
        (User, {"id": person, "login": f"'{login}-' || n.k"}, '"user" AS s', f"s.id = {user_id}"),
        (Enrolment, enrolled, "enrolment AS s", f"s.id = {enrolment_id}"),
    ]


def _copies(model: Model, base: int) -> list[Copies]:
    person = f"{base} + n.k"
    row = f"{base} + n.k * 100 + p.position"
    item = "{} AS s JOIN paper_item AS p ON p.id = s.item_id"
    on_paper = f"p.attempt_id = {model.attempt_id}"
    enrolled = f"s.enrolment_id = {model.enrolment_id}"
    return [
        *copies_of_people(
            base,
            cohort_id=model.cohort_id,
            user_id=model.user_id,
            enrolment_id=model.enrolment_id,
            login="record",
        ),
        (Progress, {"enrolment_id": person}, "progress AS s", enrolled),
        (Attempt, {"id": person, "enrolment_id": person}, "attempt AS s", f"s.id = {model.attempt_id}"),
        (
            PaperItem,
            {"id": row, "attempt_id": person},
            "paper_item AS s JOIN paper_item AS p ON p.id = s.id",
            on_paper,
        ),
        (Response, {"item_id": row, "attempt_id": person}, item.format("response"), on_paper),
        (
            AnswerEvent,
            {"id": row, "item_id": row, "attempt_id": person},
            item.format("answer_event"),
            on_paper,
        ),
        (Mark, {"id": row, "item_id": row}, item.format("mark"), on_paper),
    ]


def copy_rows(connection: Connection, copies: Copies, after: int, until: int) -> None:
    """Let the database copy rows for the numbers from ``after`` on, ``until`` not included."""
    model, changed, source, condition = copies
    table: Table = inspect(model).local_table
    names = [column.name for column in table.columns]
    values = ", ".join(changed.get(name, f's."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    numbers = f"SELECT {after} UNION ALL SELECT k + 1 FROM n WHERE k < {until - 1}"
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({columns}) WITH RECURSIVE n(k) AS ({numbers}) '
        f"SELECT {values} FROM n, {source} WHERE {condition}"
    )


def without_checks(connection: Connection) -> None:
    """Leave out the checks of foreign keys: a copy's are right by the way it is made."""
    is_postgres = connection.dialect.name == "postgresql"
    statement = "SET session_replication_role = replica" if is_postgres else "PRAGMA foreign_keys = OFF"
    connection.exec_driver_sql(statement)
    connection.commit()


def settle(connection: Connection, models: Sequence[type]) -> None:
    """Do what the database does by itself in the time such records take to come together."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    connection.exec_driver_sql("VACUUM ANALYZE")
    for model in models:
        name: str = inspect(model).local_table.name
        connection.exec_driver_sql(
            f"""SELECT setval(pg_get_serial_sequence('"{name}"', 'id'), (SELECT max(id) FROM "{name}"))"""
        )
