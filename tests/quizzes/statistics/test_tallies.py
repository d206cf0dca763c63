"""What reports are reckoned from is always what marks and answers say."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.grading.models import RULINGS, Mark
from quizzes.grading.regrading import foresee_regrade, regrade
from quizzes.statistics import cli
from quizzes.statistics.cells import Cell, chosen_in, read_cell
from quizzes.statistics.models import PaperTally
from quizzes.statistics.rebuilding import tally_all
from tests.factories import make_enrolment
from tests.quizzes.attempts.conftest import Desk
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, marker
from tests.quizzes.grading.test_marking import mark
from tests.quizzes.grading.test_regrading import corrected
from tests.quizzes.grading.test_rulings import FULL, RESTORED, VOID, decide, question_at

UNIT = 10_000_000


def from_marks(session: Session) -> dict[int, list[tuple[object, ...]]]:
    """Return what the raw marks say, mark by mark: version, fraction, marks, chosen, voided."""
    session.expire_all()
    found: dict[int, list[tuple[object, ...]]] = {}
    query = select(PaperItem).join(Attempt).where(Attempt.state == "submitted")
    for item in session.scalars(query.order_by(PaperItem.attempt_id, PaperItem.position)):
        marks = session.scalars(select(Mark).where(Mark.item_id == item.id).order_by(Mark.number)).all()
        judged = [one for one in marks if one.kind not in RULINGS]
        ruled = [one.kind for one in marks if one.kind in RULINGS]
        answer = item.response.answer if item.response else None
        chosen = chosen_in(item.question_version.type, answer)
        is_voided = ruled[-1:] == ["void"]
        cell = (item.question_version_id, judged[-1].fraction, item.marks, chosen, is_voided)
        found.setdefault(item.attempt_id, []).append(cell)
    return found


def from_tallies(session: Session) -> dict[int, list[tuple[object, ...]]]:
    """Return the same out of the tallies, after a look at their sums."""
    session.expire_all()
    found = {}
    for tally in session.scalars(select(PaperTally)):
        cells = [read_cell(word) for word in tally.cells.split()]
        counted = [cell for cell in cells if not cell.is_voided]
        assert tally.possible == sum(int(cell.marks * UNIT) for cell in counted)
        if tally.earned is not None:
            assert tally.earned == sum(int((cell.fraction or 0) * cell.marks * UNIT) for cell in counted)
        assert (tally.earned is None) == any(cell.fraction is None for cell in counted)
        found[tally.attempt_id] = [
            (cell.version_id, cell.fraction, cell.marks, cell.chosen, cell.is_voided) for cell in cells
        ]
    return found


def test_tallies_follow_hand_in_regrade_and_decisions(session: Session, desk: Desk) -> None:
    attempt = hand_in(desk, right=3)
    hand_in(Desk(session, make_enrolment(session, cohort=desk.enrolment.cohort), desk.step, desk.now), 5)
    assert from_tallies(session) == from_marks(session) != {}

    cohort_id, item = desk.enrolment.cohort_id, desk.items(attempt)[4]
    version = corrected(desk, item)
    seen = foresee_regrade(session, cohort_id=cohort_id, version=version)
    assert seen is not None
    regrade(
        session,
        marker(desk),
        cohort_id=cohort_id,
        question_id=version.question_id,
        version_id=version.id,
        reason="Kunci.",
        mark=seen.mark,
        now=desk.now,
    )
    session.commit()
    assert from_tallies(session) == from_marks(session)
    assert from_tallies(session)[attempt.id][4][1] == 1

    for decision in (VOID, RESTORED, FULL):
        decide(desk, question_at(desk, attempt, 1), decision)
        assert from_tallies(session) == from_marks(session)


def test_a_paper_that_waits_has_no_sum_until_it_is_marked(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)
    assert session.get_one(PaperTally, attempt.id).earned is None
    decide(desk, essay_of(desk, attempt).question_version.question_id, VOID)
    assert session.get_one(PaperTally, attempt.id, populate_existing=True).earned == UNIT
    decide(desk, essay_of(desk, attempt).question_version.question_id, RESTORED)

    mark(desk, marker(desk), essay_of(desk, attempt), fraction="0.5")

    tally = session.get_one(PaperTally, attempt.id, populate_existing=True)
    assert tally.earned == UNIT * 3 // 2
    assert from_tallies(session) == from_marks(session)


def test_a_command_works_them_out_anew(session: Session, desk: Desk) -> None:
    hand_in(desk, right=3)
    decide(desk, question_at(desk, hand_in(desk, right=1), 2), VOID)
    kept = from_tallies(session)
    begin_write(session)
    session.execute(update(PaperTally).values(earned=0, cells=""))
    session.commit()

    counts = []
    for count in tally_all(session):
        session.commit()
        counts.append(count)

    assert counts == [2]
    assert from_tallies(session) == kept


def test_the_command_says_how_many_papers_there_are(app: Flask, session: Session, desk: Desk) -> None:
    hand_in(desk, right=3)
    kept = from_tallies(session)
    begin_write(session)
    session.execute(delete(PaperTally))
    session.commit()

    found = app.test_cli_runner().invoke(cli.tally)

    assert (found.exit_code, found.output) == (0, "Papers tallied: 1\n")
    assert from_tallies(session) == kept != {}


def test_a_word_says_what_it_was_made_of() -> None:
    cells = [
        Cell(7, Decimal("0.3333333"), Decimal("2.5"), (0, 2), 3, is_voided=True),
        Cell(8, None, Decimal(10), None),
        Cell(9, Decimal(0), Decimal(1), ()),
    ]

    assert [read_cell(cell.word()) for cell in cells] == cells
    assert cells[1].word() == "8:?:10:-::"
    assert cells[0].earned == 8_333_333
