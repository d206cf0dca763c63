"""A question to the hall: one open at a time, one answer a person, nothing shown before its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.models import Question, QuestionStatus, StaleVersion
from quizzes.live.models import Poll, PollAnswer
from quizzes.live.poll_queries import (
    SHOWN_AFTER,
    count_answers,
    find_shown,
    get_askable,
    list_askable,
    list_asked,
)
from quizzes.live.polling import (
    Asked,
    Given,
    answer_poll,
    ask_freely,
    ask_from_bank,
    close_poll,
    open_poll,
    show_bars,
    show_key,
)
from tests import factories

NOW = factories.NOW
ASKED = Asked("<p>Siapa membayar?</p>", ["Pekerja", "Pemberi kerja", "Negara"], 1, "<p>Seluruhnya.</p>")


@dataclass
class Hall:
    session: Session
    cohort: Cohort
    people: list[Enrolment]
    trainer_id: int
    poll: Poll = field(init=False)

    def open(self, asked: Asked = ASKED) -> Poll:
        self.poll = open_poll(self.session, self.trainer_id, cohort=self.cohort, asked=asked, now=NOW)
        self.session.commit()
        return self.poll

    def answer(self, person: int, choice: int, *, sequence: int = 1) -> bool:
        stands = answer_poll(
            self.session,
            self.people[person],
            poll_id=self.poll.id,
            given=Given(choice, sequence),
            now=NOW,
        )
        self.session.commit()
        return stands

    def counts(self) -> list[int]:
        self.session.rollback()
        return [bar.people for bar in count_answers(self.session, self.poll).bars]


@pytest.fixture
def hall(session: Session, app: Flask) -> Iterator[Hall]:
    cohort = factories.make_cohort(session)
    people = [factories.make_enrolment(session, cohort=cohort) for _ in range(3)]
    with app.test_request_context():
        yield Hall(session, cohort, people, factories.make_user(session, branch=cohort.branch).id)


def test_an_answer_counts_once_and_may_be_changed_until_the_question_is_closed(hall: Hall) -> None:
    hall.open()
    assert hall.answer(0, 0)
    assert hall.answer(0, 0), "sent twice it stands as it did"
    assert hall.answer(1, 1)
    assert hall.counts() == [1, 1, 0]

    assert hall.answer(0, 2, sequence=2)
    assert not hall.answer(0, 0, sequence=1), "what was sent before and comes late changes nothing"
    assert hall.counts() == [0, 1, 1]

    close_poll(hall.session, hall.trainer_id, poll_id=hall.poll.id, cohort=hall.cohort, now=NOW)
    hall.session.commit()
    with pytest.raises(Conflict):
        hall.answer(2, 1)
    hall.session.rollback()
    assert hall.counts() == [0, 1, 1]
    assert count_answers(hall.session, hall.poll).people == 3


@pytest.mark.parametrize("choice", [-1, 3, 10**8])
def test_what_is_none_of_the_options_is_asked_back(hall: Hall, choice: int) -> None:
    hall.open()

    with pytest.raises(Invalid):
        hall.answer(0, choice)


def test_who_is_of_another_cohort_finds_no_question(hall: Hall) -> None:
    hall.open()
    stranger = factories.make_enrolment(hall.session)
    given = {"poll_id": hall.poll.id, "given": Given(0, 1), "now": NOW}

    with pytest.raises(NotFound):
        answer_poll(hall.session, stranger, **given)  # type: ignore[arg-type]


def test_two_trainers_put_one_question_and_another_cohort_its_own(hall: Hall) -> None:
    first = hall.open()
    with pytest.raises(Conflict):
        hall.open()
    hall.session.rollback()
    elsewhere = factories.make_cohort(hall.session)
    other = open_poll(hall.session, hall.trainer_id, cohort=elsewhere, asked=ASKED, now=NOW)
    hall.session.commit()

    with pytest.raises(NotFound):
        close_poll(hall.session, hall.trainer_id, poll_id=other.id, cohort=hall.cohort, now=NOW)
    hall.session.rollback()
    close_poll(hall.session, hall.trainer_id, poll_id=first.id, cohort=hall.cohort, now=NOW)
    assert hall.open().id > first.id


def test_the_database_itself_lets_one_question_be_open(hall: Hall) -> None:
    poll = hall.open()
    columns = {c.name: getattr(poll, c.name) for c in Poll.__table__.columns if c.name != "id"}
    begin_write(hall.session)

    with pytest.raises(IntegrityError):
        hall.session.execute(insert(Poll), [columns])


def test_bars_and_key_come_when_the_trainer_says_so_once_and_are_written_down(hall: Hall) -> None:
    hall.open()
    act = {"poll_id": hall.poll.id, "cohort": hall.cohort}
    for minutes in (1, 2):
        later = NOW + timedelta(minutes=minutes)
        show_bars(hall.session, hall.trainer_id, **act, now=later)  # type: ignore[arg-type]
        hall.session.commit()
        assert hall.poll.closed_at is None, "bars may grow before everybody's eyes"
    for minutes in (3, 4):
        later = NOW + timedelta(minutes=minutes)
        poll = show_key(hall.session, hall.trainer_id, **act, now=later)  # type: ignore[arg-type]
        hall.session.commit()

    assert poll.bars_at == NOW + timedelta(minutes=1)
    assert poll.closed_at == poll.key_at == NOW + timedelta(minutes=3), "a key closes the question"
    events = hall.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert events == ["poll.opened", "poll.bars_shown", "poll.key_shown"]


def test_a_question_without_key_has_none_to_show(hall: Hall) -> None:
    poll = hall.open(ask_freely("Siap <b>lanjut</b>?", ["Ya", "", "Belum"]))
    assert poll.stem_html == "<p>Siap &lt;b&gt;lanjut&lt;/b&gt;?</p>"
    assert poll.options == ["Ya", "Belum"]

    with pytest.raises(Conflict):
        show_key(hall.session, hall.trainer_id, poll_id=poll.id, cohort=hall.cohort, now=NOW)


@pytest.mark.parametrize("options", [["Ya"], [], list("abcdefg"), ["Ya", "ya"]])
def test_too_few_too_many_and_like_answers_are_refused(options: list[str]) -> None:
    with pytest.raises(Invalid):
        ask_freely("Siap?", options)


def test_only_ready_questions_for_practice_of_ones_own_or_the_nation_are_offered(hall: Hall) -> None:
    make, session = factories.make_question, hall.session
    mine = {kind: make(session, kind) for kind in ("single_choice", "true_false")}
    others = {"graded": make(session), "draft": make(session), "stale": make(session)}
    others |= {"elsewhere": make(session), "other kind": make(session, "number")}
    practice = [version.question_id for name, version in (mine | others).items() if name != "graded"]
    begin_write(session)
    session.execute(update(Question).where(Question.id.in_(practice)).values(use="practice"))
    session.execute(update(Question).where(Question.id == others["draft"].question_id).values(status="draft"))
    branch = factories.make_branch(session).id
    begin_write(session)
    elsewhere = Question.id == others["elsewhere"].question_id
    session.execute(update(Question).where(elsewhere).values(branch_id=branch))
    session.execute(
        update(Question)
        .where(Question.id == mine["true_false"].question_id)
        .values(branch_id=hall.cohort.branch_id)
    )
    stale = StaleVersion(question_version_id=others["stale"].id, is_paused=True, found_at=NOW)
    session.add(stale)
    session.commit()

    offered = {version.id for version in list_askable(session, hall.cohort)}

    assert offered == {version.id for version in mine.values()}
    for name, version in others.items():
        with pytest.raises(NotFound):
            assert not get_askable(session, version.id, cohort=hall.cohort), name
    first = mine["single_choice"]
    assert list_askable(session, hall.cohort, search=first.summary.upper()) == [first]
    assert list_askable(session, hall.cohort, search="%") == []
    assert QuestionStatus.READY == "ready"


def test_a_question_of_the_bank_is_put_with_its_key_kept_apart(hall: Hall) -> None:
    single = ask_from_bank(factories.make_question(hall.session))
    sentence = ask_from_bank(factories.make_question(hall.session, "true_false", source={"answer": False}))

    assert single.key is not None
    assert single.options[single.key] == "Badan hukum publik"
    assert (list(sentence.options), sentence.key) == (["Benar", "Salah"], 1)


def test_phones_show_the_last_question_for_some_hours_and_who_left_is_not_counted(hall: Hall) -> None:
    hall.open()
    hall.answer(0, 1)
    assert find_shown(hall.session, hall.cohort.id, now=NOW + SHOWN_AFTER - timedelta(minutes=1)) is hall.poll
    assert find_shown(hall.session, hall.cohort.id, now=NOW + SHOWN_AFTER) is None
    assert list_asked(hall.session, [hall.cohort.id, 0], NOW) == {hall.cohort.id}

    close_poll(hall.session, hall.trainer_id, poll_id=hall.poll.id, cohort=hall.cohort, now=NOW)
    hall.session.execute(
        update(Enrolment).where(Enrolment.id == hall.people[0].id).values(status="withdrawn")
    )
    hall.session.commit()

    assert list_asked(hall.session, [hall.cohort.id], NOW) == set()
    assert (count_answers(hall.session, hall.poll).people, hall.counts()) == (2, [0, 0, 0])
    assert hall.session.scalars(select(PollAnswer)).one().choice == 1
