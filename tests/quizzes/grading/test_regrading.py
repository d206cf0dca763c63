"""Answers to a question are marked anew by a corrected key, its consequences seen before."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.learning.models import Completion
from lms.core.accounts.actor import Actor
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import QuestionVersion
from quizzes.grading.models import Mark, Ruling
from quizzes.grading.regrading import foresee_regrade, list_keys, regrade
from quizzes.grading.rulings import Foresight
from quizzes.types import get_type
from tests.factories import (
    PlainResolver,
    add,
    make_branch,
    make_cohort,
    make_question,
    make_quiz_step,
    make_user,
)
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, marker, read_lessons, trainer_of
from tests.quizzes.grading.test_marking import mark, result_of
from tests.quizzes.grading.test_pages import page
from tests.quizzes.grading.test_rulings import RESTORED, VOID, decide

SignIn = Callable[[int], FlaskClient]


def first_of(desk: Desk, attempt: Attempt) -> PaperItem:
    return desk.items(attempt)[0]


def corrected(desk: Desk, item: PaperItem, **changes: object) -> QuestionVersion:
    """Return a version in which what was chosen on a paper is right, named by a published quiz."""
    old = item.question_version
    content = deepcopy(old.content)
    standing = item.response.answer if item.response else None
    assert standing is not None
    for index, option in enumerate(content.get("options", [])):
        option["correct"] = index == standing["choice"]
    values = {
        "question_id": old.question_id,
        "number": old.number + 1,
        "type": old.type,
        "source": old.source,
        "content": content,
        "stem_html": old.stem_html,
        "summary": old.summary,
        "as_of": old.as_of,
        "facts_known_on": old.facts_known_on,
        "source_sha256": f"{old.id:064x}",
        "created_at": desk.now,
    }
    version = QuestionVersion(**(values | changes))
    add(desk.session, version)
    make_quiz_step(desk.session, make_cohort(desk.session), [version])
    return version


def fits(desk: Desk, version: QuestionVersion) -> bool:
    return foresee_regrade(desk.session, cohort_id=desk.enrolment.cohort_id, version=version) is not None


def look(desk: Desk, version: QuestionVersion) -> Foresight:
    seen = foresee_regrade(desk.session, cohort_id=desk.enrolment.cohort_id, version=version)
    assert seen is not None
    return seen


def mark_anew(desk: Desk, version: QuestionVersion, actor: Actor | None = None, seen: str = "") -> Ruling:
    ruling = regrade(
        desk.session,
        actor or marker(desk),
        cohort_id=desk.enrolment.cohort_id,
        question_id=version.question_id,
        version_id=version.id,
        reason="Kunci lama keliru.",
        mark=seen or look(desk, version).mark,
        now=desk.now,
    )
    desk.session.commit()
    desk.session.expire_all()
    return ruling


def missed(desk: Desk, right: int = 2) -> tuple[Attempt, PaperItem]:
    """Hand a paper in whose last question is answered wrongly; return it with that question."""
    attempt = hand_in(desk, right=right)
    return attempt, desk.items(attempt)[-1]


def test_what_follows_is_seen_before_and_changes_nothing(desk: Desk) -> None:
    attempt, item = missed(desk)
    version = corrected(desk, item)

    seen = look(desk, version)

    assert [(one.before, one.after) for one in seen.gaining] == [(40, 60)]
    assert attempt.percent == 40
    assert desk.session.scalar(select(func.count()).select_from(Ruling)) == 0


def test_results_follow_and_marks_are_added_not_changed(desk: Desk) -> None:
    attempt, item = missed(desk)
    version = corrected(desk, item)

    mark_anew(desk, version)

    assert (attempt.percent, attempt.has_passed) == (60, True)
    marks = desk.session.scalars(select(Mark).where(Mark.item_id == item.id).order_by(Mark.number)).all()
    assert [(one.fraction, one.question_version_id) for one in marks] == [
        (0, item.question_version_id),
        (1, version.id),
    ]
    event = desk.session.scalars(select(AuditEvent).where(AuditEvent.action == "question.regraded")).one()
    assert event.details["reason"] == "Kunci lama keliru."


def test_a_key_of_a_case_with_other_numbers_fits_no_paper(session: Session) -> None:
    kind = get_type("calculated")
    first = make_question(session, "calculated")
    desk = make_desk(session, [first])
    item = first_of(desk, hand_in(desk, right=1))
    higher = "upah: 3.000.000 sampai 3.400.000 langkah 100.000 rupiah\nbulan: 3 | 6 bulan"
    contents = [
        kind.resolve(first.source | one, PlainResolver())
        for one in ({"answer": "upah × 2"}, {"variables": higher})
    ]
    same, other = (
        corrected(desk, item, content=one, number=number) for number, one in enumerate(contents, 2)
    )

    assert fits(desk, same)
    assert not fits(desk, other)


def test_who_passes_now_completes_the_course(desk: Desk) -> None:
    read_lessons(desk)
    _attempt, item = missed(desk)

    mark_anew(desk, corrected(desk, item))

    assert desk.session.get(Completion, desk.enrolment.id) is not None


def test_a_certificate_is_never_taken_back_but_listed(desk: Desk) -> None:
    read_lessons(desk)
    attempt = hand_in(desk, right=3)
    item = first_of(desk, attempt)
    version = corrected(desk, item)
    options = deepcopy(version.content["options"])
    for option in options:
        option["correct"] = not option["correct"]
    worse = corrected(desk, item, number=3, content=version.content | {"options": options})

    ruling = mark_anew(desk, worse)

    assert ruling.effects[0]["loses"]
    assert ruling.effects[0]["has_completed"]
    assert (attempt.percent, attempt.has_passed) == (40, False)
    assert desk.session.scalars(select(Certificate)).one().state == "valid"


def test_it_holds_for_papers_handed_in_later(desk: Desk) -> None:
    _attempt, item = missed(desk)
    version = corrected(desk, item)
    mark_anew(desk, version)

    later = desk.start()
    (same,) = [one for one in desk.items(later) if one.question_version.question_id == version.question_id]
    solved = get_type(version.type).solve(version.content, same.prepared)
    desk.save(later, same.position, raw={name: list(values) for name, values in solved.items()})
    desk.submit(later)

    assert later.percent == 20
    (kept,) = desk.session.scalars(select(Mark).where(Mark.item_id == same.id)).all()
    assert (kept.fraction, kept.question_version_id, kept.reason) == (1, version.id, "Kunci lama keliru.")


def test_it_is_taken_back_by_the_version_of_the_paper(desk: Desk) -> None:
    attempt, item = missed(desk)
    mark_anew(desk, corrected(desk, item))

    mark_anew(desk, item.question_version)

    assert attempt.percent == 40
    later = hand_in(desk, right=5)
    assert later.percent == 100


def test_a_decision_about_the_question_stands_above_it(desk: Desk) -> None:
    attempt, item = missed(desk, right=3)
    version = corrected(desk, item)
    decide(desk, version.question_id, VOID)
    mark_anew(desk, version)
    assert (attempt.percent, attempt.marks_possible) == (75, 4)

    decide(desk, version.question_id, RESTORED)

    assert (attempt.percent, attempt.marks_possible) == (80, 5)


def test_a_mark_by_hand_stays(session: Session) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)
    essay = essay_of(desk, attempt)
    mark(desk, marker(desk), essay, "0.5")

    assert list_keys(session, essay.question_version) == []
    assert not fits(desk, essay.question_version)
    assert result_of(desk, attempt) == (75, True)


def test_a_version_with_other_answers_does_not_fit(desk: Desk) -> None:
    attempt, item = missed(desk)
    content = deepcopy(item.question_version.content)
    content["options"] = content["options"][:-1]
    version = corrected(desk, item, content=content)

    assert not fits(desk, version)
    with pytest.raises(Conflict, match="jawaban lain"):
        mark_anew(desk, version, seen="x")
    desk.session.rollback()
    assert attempt.percent == 40


def test_another_wording_of_the_question_fits(desk: Desk) -> None:
    _attempt, item = missed(desk)
    version = corrected(desk, item, stem_html="Kalimat yang lebih jelas?")

    assert fits(desk, version)


def test_results_that_changed_meanwhile_must_be_seen_again(desk: Desk) -> None:
    _attempt, item = missed(desk)
    version = corrected(desk, item)
    seen = look(desk, version).mark
    hand_in(desk, right=1)

    with pytest.raises(Conflict, match="sudah berubah"):
        mark_anew(desk, version, seen=seen)


def test_a_version_nobody_published_may_still_change_and_marks_nothing(desk: Desk) -> None:
    _attempt, item = missed(desk)
    old = item.question_version
    draft = QuestionVersion(
        question_id=old.question_id,
        number=9,
        type=old.type,
        source=old.source,
        content=old.content,
        stem_html=old.stem_html,
        summary=old.summary,
        as_of=old.as_of,
        facts_known_on=old.facts_known_on,
        source_sha256="9" * 64,
        created_at=desk.now,
    )
    add(desk.session, draft)

    assert [key.id for key in list_keys(desk.session, old)] == [old.id]
    with pytest.raises(NotFound):
        mark_anew(desk, draft)


def test_only_versions_of_the_question_and_people_of_the_branch(session: Session, desk: Desk) -> None:
    _attempt, item = missed(desk)
    version = corrected(desk, item)
    other = make_question(session)

    with pytest.raises(NotFound):
        mark_anew(desk, other, seen="x")
    desk.session.rollback()
    with pytest.raises(NotFound):
        mark_anew(desk, version, actor_of(make_user(session), make_branch(session)))


@pytest.mark.parametrize("kind", ["number", "true_false", "multiple_response", "ordering", "short_answer"])
def test_every_type_the_machine_marks_takes_its_own_version_again(session: Session, kind: str) -> None:
    desk = make_desk(session, [make_question(session, kind), make_question(session)])
    attempt = hand_in(desk, right=2)
    (item,) = [one for one in desk.items(attempt) if one.question_version.type == kind]

    assert look(desk, item.question_version).effects == []
    mark_anew(desk, item.question_version)

    assert attempt.percent == 100


# --- pages


def test_a_trainer_looks_and_marks_anew(desk: Desk, sign_in: SignIn) -> None:
    attempt, item = missed(desk)
    version = corrected(desk, item)
    base = f"/angkatan/{desk.enrolment.cohort_id}/soal/{version.question_id}"
    url, client = f"{base}/nilai-ulang/{version.id}", sign_in(trainer_of(desk).id)
    assert url in page(client, base)
    text = page(client, url)
    assert desk.enrolment.name in text
    values = {"mark": look(desk, version).mark}

    assert client.post(url, data=values).status_code == 422
    response = client.post(url, data=values | {"reason": "Kunci lama keliru."})

    assert (response.status_code, response.location) == (303, base)
    assert "dinilai ulang dengan kunci yang diperbaiki" in page(client, base)
    result = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")
    assert "Soal 5 dinilai ulang dengan kunci yang diperbaiki." in result
    assert "Kunci lama keliru." in result
    assert result_of(desk, attempt) == (Decimal(60), True)


def test_a_version_that_does_not_fit_says_so_and_offers_no_button(desk: Desk, sign_in: SignIn) -> None:
    _attempt, item = missed(desk)
    content = deepcopy(item.question_version.content)
    content["options"] = content["options"][:-1]
    version = corrected(desk, item, content=content)
    base = f"/angkatan/{desk.enrolment.cohort_id}/soal/{version.question_id}"

    text = page(sign_in(trainer_of(desk).id), f"{base}/nilai-ulang/{version.id}")

    assert "jawaban lain" in text
    assert 'name="reason"' not in text
