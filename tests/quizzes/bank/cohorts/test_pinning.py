"""Which version of a quiz a cohort runs on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.services import load_course
from courses.cohorts.models import Cohort
from courses.cohorts.services import create_cohort
from lms.core.accounts.models import Branch
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.bank.cohorts.comparison import compare
from quizzes.bank.cohorts.pinning import pin_version
from quizzes.bank.cohorts.queries import get_pinned_version, get_usable_version, list_newer_versions
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import CohortQuiz, QuizSlot, QuizVersion, SlotCandidate
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.folders import LAW_2016, LAW_2026, LESSON, QUIZ, make_folder

KEY = "coba/day-1/01-iuran/kuis"


def load(session: Session, path: Path, as_of: date, **files: str) -> Edition:
    folder = make_folder(path, **files)
    edition = load_course(
        session, folder, as_of=as_of, quizzes=BankStore(), publish=True, now=NOW, actor_id=None
    )
    session.commit()
    return edition


def set_up(session: Session, edition: Edition, branch: Branch) -> Cohort:
    cohort = create_cohort(
        session,
        None,
        branch_id=branch.id,
        edition_id=edition.id,
        name="Angkatan",
        place="Madiun",
        time_zone="Asia/Jakarta",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        now=NOW,
    )
    session.commit()
    return cohort


def copy_for(session: Session, version: QuizVersion, branch: Branch | None, **changed: object) -> QuizVersion:
    """Publish the next version of a quiz with other settings."""
    values = {
        "quiz_id": version.quiz_id,
        "number": version.number + 1,
        "status": "published",
        "title": version.title,
        "purpose": version.purpose,
        "branch_id": branch.id if branch else None,
        "pass_percent": 80,
        "as_of": version.as_of,
        "source_sha256": "0" * 64,
        "created_at": NOW,
        "published_at": NOW,
    }
    return factories.add(session, QuizVersion(**(values | changed)))


def test_a_new_cohort_runs_on_the_version_of_its_law_date(session: Session, tmp_path: Path) -> None:
    old, new = (load(session, tmp_path, as_of) for as_of in (LAW_2016, LAW_2026))
    branch = factories.make_branch(session)

    cohorts = [set_up(session, edition, branch) for edition in (old, new)]

    versions = [get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY) for cohort in cohorts]
    assert [version.as_of for version in versions] == [LAW_2016, LAW_2026]
    assert [len(version.slots) for version in versions] == [2, 3]


def test_loading_again_leaves_running_cohorts_alone(session: Session, tmp_path: Path) -> None:
    edition = load(session, tmp_path, LAW_2026)
    cohort = set_up(session, edition, factories.make_branch(session))
    before = get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY).id

    load(session, tmp_path, LAW_2026, quiz=QUIZ.replace("60", "70"))

    assert get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY).id == before
    assert [version.pass_percent for version in list_newer_versions(session, cohort).values()] == [70]


def test_a_branch_version_is_for_cohorts_of_that_branch_alone(session: Session, tmp_path: Path) -> None:
    edition = load(session, tmp_path, LAW_2026)
    own, other = factories.make_branch(session), factories.make_branch(session)
    stranger = set_up(session, edition, other)
    national = session.scalars(select(QuizVersion)).one()
    theirs = copy_for(session, national, own)

    cohort = set_up(session, edition, own)

    assert get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY).id == theirs.id
    assert list_newer_versions(session, stranger) == {}
    with pytest.raises(NotFound):
        pin_version(session, 1, cohort_id=stranger.id, version_id=theirs.id, now=NOW)


def test_a_cohort_is_moved_once_and_only_to_what_is_published(session: Session, tmp_path: Path) -> None:
    edition = load(session, tmp_path, LAW_2026)
    branch = factories.make_branch(session)
    cohort = set_up(session, edition, branch)
    national = session.scalars(select(QuizVersion)).one()
    published = copy_for(session, national, None)
    draft = copy_for(session, published, None, status="draft", published_at=None)
    trainer = factories.make_user(session).id

    pin_version(session, trainer, cohort_id=cohort.id, version_id=published.id, now=NOW)
    session.commit()

    assert session.scalars(select(CohortQuiz)).one().quiz_version_id == published.id
    for version in (published, draft):
        with pytest.raises(Conflict):
            pin_version(session, trainer, cohort_id=cohort.id, version_id=version.id, now=NOW)
        session.rollback()


def test_a_cohort_is_not_moved_to_another_law_date(session: Session, tmp_path: Path) -> None:
    old, new = (load(session, tmp_path, as_of) for as_of in (LAW_2016, LAW_2026))
    branch = factories.make_branch(session)
    cohorts = [set_up(session, edition, branch) for edition in (new, old)]
    versions = session.scalars(select(QuizVersion).order_by(QuizVersion.number)).all()

    for cohort, version in zip(cohorts, versions, strict=True):
        before = get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY).id
        with pytest.raises(NotFound):
            get_usable_version(session, version.id, cohort=cohort)
        with pytest.raises(NotFound):
            pin_version(session, 1, cohort_id=cohort.id, version_id=version.id, now=NOW)
        session.rollback()
        assert get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY).id == before


def test_a_quiz_put_back_as_it_was_is_what_new_cohorts_run_on(session: Session, tmp_path: Path) -> None:
    for month, percent in enumerate(("60", "33", "60", "60")):
        edition = load(
            session,
            tmp_path,
            LAW_2026,
            quiz=QUIZ.replace("60", percent),
            lesson=LESSON.replace("bulan", f"bulan {month}"),
        )

    cohort = set_up(session, edition, factories.make_branch(session))

    assert get_pinned_version(session, cohort_id=cohort.id, quiz_key=KEY).pass_percent == 60
    assert [v.pass_percent for v in session.scalars(select(QuizVersion).order_by(QuizVersion.number))] == [
        60,
        33,
        60,
    ]


def test_an_edition_without_its_quiz_makes_no_cohort(session: Session, tmp_path: Path) -> None:
    edition = load(session, tmp_path, LAW_2026)
    begin_write(session)
    session.scalars(select(QuizVersion)).one().as_of = LAW_2016
    session.commit()

    with pytest.raises(Conflict, match=KEY):
        set_up(session, edition, factories.make_branch(session))


def test_a_preview_says_what_comes_and_goes(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, LAW_2026)
    changed = (
        QUIZ.replace("60", "70")
        .replace("question: iuran-01", "question: iuran-03")
        .replace("count: 2", "count: 1")
    )
    load(session, tmp_path, LAW_2026, quiz=changed)
    before, after = session.scalars(select(QuizVersion).order_by(QuizVersion.number))

    difference = compare(before, after)

    assert difference.settings == [("pass_percent", 60, 70)]
    assert [slot.draw_count for slot in difference.added] == [1, 1]
    assert [slot.draw_count for slot in difference.removed] == [1, 2]
    assert (difference.count_before, difference.count_after) == (4, 3)


def test_a_draw_from_more_questions_is_not_called_a_new_wording(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, LAW_2026)
    (version,) = session.scalars(select(QuizVersion))
    drawn = next(slot for slot in version.slots if slot.draw_topic)
    fewer = QuizVersion(
        slots=[
            QuizSlot(
                draw_topic=slot.draw_topic,
                draw_count=slot.draw_count,
                candidates=[
                    SlotCandidate(
                        question_version_id=c.question_version_id, question_version=c.question_version
                    )
                    for c in slot.candidates[1 if slot is drawn else 0 :]
                ],
            )
            for slot in version.slots
        ]
    )

    difference = compare(fewer, version)

    assert difference.reworded == []
    count = len(drawn.candidates)
    assert difference.restocked == [(drawn, count - 1, count)]


def test_a_pinned_version_takes_one_query(session: Session, tmp_path: Path) -> None:
    edition = load(session, tmp_path, LAW_2026)
    cohort_id = set_up(session, edition, factories.make_branch(session)).id
    session.expire_all()
    statements: list[str] = []

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    version = get_pinned_version(session, cohort_id=cohort_id, quiz_key=KEY)
    contents = [c.question_version.content for slot in version.slots for c in slot.candidates]

    assert contents
    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 1
