"""An organiser hands in for somebody, and finds every save of a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.handing_in import hand_in_for
from quizzes.attempts.models import Attempt
from quizzes.attempts.receipt_queries import list_sittings
from tests.factories import make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.test_pages import page
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


def organiser_of(desk: Desk) -> int:
    branch = desk.session.get_one(Branch, desk.enrolment.cohort.branch_id)
    return make_user(desk.session, Role.ORGANISER, branch=branch).id


def hand_in(desk: Desk, attempt: Attempt) -> Attempt:
    done = hand_in_for(
        desk.session,
        organiser_of(desk),
        cohort=desk.enrolment.cohort,
        attempt_id=attempt.id,
        now=desk.now,
    )
    desk.session.commit()
    return done


def sittings_url(desk: Desk) -> str:
    return f"/angkatan/{desk.enrolment.cohort_id}/peserta/{desk.enrolment.id}/percobaan"


def saves_url(desk: Desk, attempt: Attempt) -> str:
    return f"/angkatan/{desk.enrolment.cohort_id}/percobaan/{attempt.id}/tanda-terima"


def test_what_was_saved_counts_and_the_log_says_who_did_it(desk: Desk) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=4)

    hand_in(desk, attempt)

    assert (attempt.state, attempt.submitted_by, attempt.percent) == ("submitted", "organiser", 80)
    event = desk.session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.handed_in")).one()
    assert event.object_id == attempt.id


def test_what_is_handed_in_is_not_handed_in_again(desk: Desk) -> None:
    attempt = desk.submit(desk.start())

    with pytest.raises(Conflict, match="sudah diserahkan"):
        hand_in(desk, attempt)
    desk.session.rollback()

    assert attempt.submitted_by == "person"


def test_after_the_deadline_it_is_the_deadline(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=10)
    attempt = desk.start(now=desk.now - timedelta(minutes=30))

    hand_in(desk, attempt)

    assert attempt.submitted_by == "deadline"


def test_a_sitting_of_another_cohort_is_not_found(desk: Desk) -> None:
    other = make_desk(desk.session)
    attempt = other.start()

    with pytest.raises(NotFound):
        hand_in(desk, attempt)


def test_sittings_tell_their_saves_and_late_ones(desk: Desk) -> None:
    first = desk.start()
    desk.answer(first, right=1)
    desk.submit(first)
    desk.save(first, 1, event_id="too-late", sequence=9)
    second = desk.start()

    found = list_sittings(desk.session, desk.enrolment.id)

    assert [(one.attempt.id, one.save_count, one.late_count) for one in found] == [
        (second.id, 0, 0),
        (first.id, 6, 1),
    ]


def test_an_organiser_finds_the_way_and_hands_in(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=4)
    client = sign_in(organiser_of(desk))
    person = f"/angkatan/{desk.enrolment.cohort_id}/peserta/{desk.enrolment.id}"
    assert sittings_url(desk) in page(client, person)
    assert saves_url(desk, attempt) in page(client, sittings_url(desk))
    assert "Serahkan sekarang" in page(client, saves_url(desk, attempt))

    done = client.post(f"/angkatan/{desk.enrolment.cohort_id}/percobaan/{attempt.id}/serahkan")

    assert (done.status_code, done.location) == (303, saves_url(desk, attempt))
    assert "Serahkan sekarang" not in page(client, saves_url(desk, attempt))
    assert "oleh panitia" in page(client, sittings_url(desk))
    result = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")
    assert "Panitia menyerahkannya untuk Anda" in result
    assert f"/percobaan/{attempt.id}/tanda-terima" in result


def test_the_pages_of_receipts_say_what_the_words_mean(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=1)

    own = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/tanda-terima")
    theirs = page(sign_in(organiser_of(desk)), saves_url(desk, attempt))

    assert all("jam HP tidak menentukan apa pun" in text for text in (own, theirs))


def test_many_sittings_cost_no_more_queries(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, attempts_allowed=0)
    client, counts = sign_in(organiser_of(desk)), []
    for _round in range(2):
        for _try in range(3):
            attempt = desk.start()
            desk.answer(attempt, right=2)
            desk.submit(attempt)
        client.get("/akun")
        with counted() as sent:
            page(client, sittings_url(desk))
        counts.append(len(sent))

    assert counts[0] == counts[1] <= PAGE_LIMIT


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("best", "yang terbaik yang dihitung. Sampai sekarang: 80%"),
        ("last", "yang terakhir yang dihitung. Sampai sekarang: 40%"),
        ("first", "yang lain untuk berlatih. Sampai sekarang: 80%"),
        ("average", "Rata-rata semua percobaan Anda yang dihitung. Sampai sekarang: 60%"),
    ],
)
def test_a_result_says_in_words_which_try_counts(
    session: Session, sign_in: SignIn, rule: str, says: str
) -> None:
    desk = make_desk(session, counts=rule)
    for right in (4, 2):
        attempt = desk.start()
        desk.answer(attempt, right=right)
        desk.submit(attempt)

    text = page(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")

    assert says in text
