"""A quiz of the bank is given to one cohort beside its edition: taken, counted, taken back, taken along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Day, Edition, Module, Step
from courses.catalogue.queries import get_edition
from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_own_enrolment
from courses.learning.models import Progress
from courses.learning.moving import look_at_move, move_cohort
from courses.learning.outline import Outline
from courses.learning.queries import get_outline
from lms.core.accounts.models import Role
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.extras import give_quiz, list_givable, take_back
from quizzes.attempts.together import get_quiz_id, list_starts
from quizzes.bank.cohorts.pinning import pin_edition
from quizzes.bank.models import CohortQuiz, QuizVersion
from tests import factories
from tests.factories import NOW
from tests.quizzes.attempts.conftest import Desk

SignIn = Callable[[int], FlaskClient]
FOLDER = "day-1/01-modul"


def cohort_of(desk: Desk) -> Cohort:
    return desk.session.get_one(Cohort, desk.enrolment.cohort_id)


def publish(desk: Desk, **values: object) -> QuizVersion:
    return factories.make_branch_quiz(desk.session, cohort_of(desk), **values)  # type: ignore[arg-type]


def staff(session: Session, cohort: Cohort, role: Role = Role.TRAINER) -> int:
    return factories.make_user(session, role, branch=cohort.branch).id


def give(desk: Desk, version: QuizVersion, *, release: str = "now") -> int:
    cohort = cohort_of(desk)
    step_id = give_quiz(
        desk.session, staff(desk.session, cohort), cohort_id=cohort.id, version_id=version.id,
        folder=FOLDER, release=release, now=desk.now,
    )  # fmt: skip
    desk.session.commit()
    return step_id


def outline(desk: Desk) -> Outline:
    desk.session.expire_all()
    enrolment = get_own_enrolment(desk.session, desk.enrolment.id, user_id=desk.enrolment.user_id)
    return get_outline(desk.session, enrolment, now=desk.now)


def paths_of(session: Session, edition_id: int) -> list[str]:
    modules = (module for day in get_edition(session, edition_id).days for module in day.modules)
    return [step.path for module in modules for step in module.steps]


def test_a_given_quiz_is_taken_and_counts_by_its_own_settings(desk: Desk) -> None:
    step_id = give(desk, publish(desk, pass_percent=50, counts="last", title="Ulangan kantor"))
    extra = replace(desk, step=desk.session.get_one(Step, step_id))

    for right in (2, 0):
        attempt = extra.start()
        extra.answer(attempt, right)
        extra.submit(attempt)

    state = outline(desk).find(step_id)
    assert state is not None
    # Done stays done; what counts is the last.
    assert (state.is_extra, state.is_done, state.percent, state.attempts_used) == (True, True, 0, 2)
    assert outline(desk).modules().__next__().steps[-1] == state


def test_the_edition_and_every_other_cohort_on_it_stay_as_they_were(desk: Desk) -> None:
    session, cohort = desk.session, cohort_of(desk)
    before = paths_of(session, cohort.edition_id)
    other = factories.make_cohort(
        session, edition=cohort.edition, starts_on=cohort.starts_on, ends_on=cohort.ends_on
    )
    version = publish(desk, branch_id=None)
    step_id = give(desk, version)
    session.expire_all()

    assert paths_of(session, cohort.edition_id) == before
    pin_edition(session, other.id, now=NOW, actor_id=None)
    session.commit()
    neighbour = factories.make_enrolment(session, cohort=other)
    own = get_own_enrolment(session, neighbour.id, user_id=neighbour.user_id)
    assert get_outline(session, own, now=desk.now).find(step_id) is None
    with pytest.raises(NotFound):
        get_quiz_id(session, session.get_one(Cohort, other.id), step_id)

    # The same quiz for the other cohort, too: each has a step of its own.
    theirs = give_quiz(
        session, staff(session, other), cohort_id=other.id, version_id=version.id, folder=FOLDER,
        release="day", now=desk.now,
    )  # fmt: skip
    session.commit()
    assert theirs != step_id
    assert theirs in {start.step_id for start in list_starts(session, session.get_one(Cohort, other.id))}
    assert step_id not in {start.step_id for start in list_starts(session, session.get_one(Cohort, other.id))}


def test_nothing_of_the_edition_waits_for_it_and_completing_does_not_ask_for_it(desk: Desk) -> None:
    session, cohort = desk.session, cohort_of(desk)
    day = session.scalars(select(Day).where(Day.edition_id == cohort.edition_id)).one()
    module = factories.add(
        session,
        Module(day_id=day.id, position=2, folder="day-1/02-lain", kind="internal", title="Lain", minutes=5),
    )
    follower = factories.add(
        session,
        Step(
            edition_id=cohort.edition_id, module_id=module.id, position=1, path="day-1/02-lain/kuis",
            kind="quiz", title="Berikut", release=[{"after": "previous"}],
        ),
    )  # fmt: skip
    step_id = give(desk, publish(desk), release="after")

    lock = outline(desk).find(follower.id)
    assert lock is not None
    assert lock.lock is not None
    assert lock.lock.step_title == desk.step.title
    extra = outline(desk).find(step_id)
    assert extra is not None
    assert extra.lock is not None
    assert step_id not in {step.step_id for step in outline(desk).missing([{"kind": "all_steps"}])}


@pytest.mark.parametrize(
    "values",
    [
        {"purpose": "posttest"},
        {"status": "draft", "published_at": None},
        {"as_of": factories.NOW.date().replace(year=2016)},
    ],
    ids=["a posttest", "a draft", "another law date"],
)
def test_what_a_cohort_may_not_be_given_is_neither_offered_nor_taken(
    desk: Desk, values: dict[str, object]
) -> None:
    version = publish(desk, **values)

    assert version not in list_givable(desk.session, cohort_of(desk))
    with pytest.raises(NotFound):
        give(desk, version)


def test_another_branch_s_quiz_is_not_on_offer_and_the_newest_version_is(desk: Desk) -> None:
    stranger = publish(desk, branch_id=factories.make_branch(desk.session).id)
    first = publish(desk)
    second = factories.add(
        desk.session,
        QuizVersion(
            quiz_id=first.quiz_id, number=2, status="published", title="Baru", purpose="module",
            branch_id=first.branch_id, as_of=first.as_of, source_sha256="b" * 64, created_at=NOW,
        ),
    )  # fmt: skip

    assert [version.id for version in list_givable(desk.session, cohort_of(desk))] == [second.id]
    with pytest.raises(NotFound):
        give(desk, stranger)


def test_it_is_given_once_and_taken_back_until_somebody_has_begun_it(desk: Desk) -> None:
    session, version = desk.session, publish(desk)
    step_id = give(desk, version)
    with pytest.raises(Conflict):
        give(desk, version)
    session.rollback()
    actor_id = staff(session, cohort_of(desk))

    take_back(session, actor_id, cohort_id=desk.enrolment.cohort_id, step_id=step_id, now=desk.now)
    session.commit()

    assert outline(desk).find(step_id) is None
    assert session.get(CohortQuiz, (desk.enrolment.cohort_id, version.quiz_id)) is None
    again = give(desk, version)
    assert again != step_id
    replace(desk, step=session.get_one(Step, again)).start()
    with pytest.raises(Conflict):
        take_back(session, actor_id, cohort_id=desk.enrolment.cohort_id, step_id=again, now=desk.now)
    session.rollback()
    with pytest.raises(NotFound):
        take_back(session, actor_id, cohort_id=desk.enrolment.cohort_id, step_id=desk.step.id, now=desk.now)


def test_a_cohort_takes_it_along_to_another_edition_of_the_same_law_date(desk: Desk) -> None:
    session, cohort = desk.session, cohort_of(desk)
    first = cohort.edition
    step_id = give(desk, publish(desk))
    extra = replace(desk, step=session.get_one(Step, step_id))
    extra.submit(extra.start())
    target = sister_edition(session, first)

    look = look_at_move(session, cohort, edition_id=target.id, now=desk.now)
    assert desk.session.get_one(Step, step_id).title not in look.removed
    move_cohort(
        session, staff(session, cohort, Role.ADMIN), cohort_id=cohort.id, from_edition_id=first.id,
        edition_id=target.id, now=desk.now,
    )  # fmt: skip
    session.commit()

    found = [step for step in outline(desk).steps() if step.is_extra]
    assert [(step.title, step.attempts_used) for step in found] == [(extra.step.title, 1)]
    assert found[0].step_id != step_id
    kept = session.scalars(select(Progress.step_id).where(Progress.enrolment_id == desk.enrolment.id)).all()
    assert kept == [found[0].step_id]
    assert extra.step.title not in {version.title for version in list_givable(session, cohort_of(desk))}


def sister_edition(session: Session, first: Edition) -> Edition:
    """Publish the next edition of a course, with the same module and nothing in it."""
    edition = Edition(
        course_id=first.course_id, number=2, title=first.title, title_en=first.title_en, as_of=first.as_of,
        facts_known_on=first.facts_known_on, hours=16, requirements=[{"kind": "all_steps"}],
        source_sha256="f" * 64, status="published", created_at=NOW, published_at=NOW,
    )  # fmt: skip
    module = Module(position=1, folder=FOLDER, kind="internal", title="Modul", minutes=60)
    other = Module(position=2, folder="day-1/02-lain", kind="internal", title="Lain", minutes=60)
    edition.days.append(Day(position=1, title="Hari", modules=[module, other]))
    factories.add(session, edition)
    lesson = Step(
        edition_id=edition.id, module_id=other.id, position=1, path="day-1/02-lain/kuis", kind="quiz",
        title="Belum ada", release=[{"day_begun": 9}],
    )  # fmt: skip
    factories.add(session, lesson)
    key = f"{first.course.slug}/{lesson.path}"
    quiz = QuizVersion(
        number=1, status="published", title="Belum ada", purpose="pretest", as_of=first.as_of,
        source_sha256="e" * 64, created_at=NOW, published_at=NOW,
    )  # fmt: skip
    quiz.quiz = factories.Quiz(key=key, title="Belum ada")
    factories.add(session, quiz)
    return edition


def test_on_its_pages_a_trainer_gives_it_and_the_trainee_meets_it(desk: Desk, sign_in: SignIn) -> None:
    session, cohort = desk.session, cohort_of(desk)
    version = publish(desk, title="Latihan klaim")
    page, trainee = f"/angkatan/{cohort.id}/kuis/tambahan", desk.enrolment.user_id
    staff_browser = sign_in(staff(session, cohort))

    assert "Latihan klaim" in staff_browser.get(page).text
    assert staff_browser.post(page, data={}).status_code == 422
    sent = {"version_id": version.id, "folder": FOLDER, "release": "now"}
    assert staff_browser.post(page, data=sent).status_code == 303
    # The button pressed twice: what is given is no longer on offer.
    assert staff_browser.post(page, data=sent).status_code == 422

    browser = sign_in(trainee)
    assert "Latihan klaim" in browser.get(f"/belajar/{desk.enrolment.id}").text
    session.expire_all()
    (step_id,) = cohort_of(desk).extra_steps
    begun = browser.post(f"/belajar/{desk.enrolment.id}/kuis/{step_id}", data={})
    assert begun.status_code == 303
    assert "/percobaan/" in begun.location

    again = sign_in(staff(session, cohort)).post(f"{page}/{step_id}/tarik")
    assert again.status_code == 409
    assert "Latihan klaim" in again.text
