"""An answer arrives: once, in order, in time."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lms.core.errors import Invalid, NotFound
from quizzes.attempts import saving
from quizzes.attempts.saves import Save
from tests.factories import make_question
from tests.quizzes.attempts.conftest import Desk, make_desk


def test_a_save_stands_and_is_written_into_the_history(desk: Desk) -> None:
    attempt = desk.start()

    reply = desk.save(attempt, raw={"choice": ["2"]}, is_flagged=True)

    assert (reply.outcome, reply.received_at) == ("applied", desk.now)
    standing = desk.standing(attempt)
    assert standing is not None
    assert (standing.raw, standing.is_flagged, standing.sequence) == ({"choice": ["2"]}, True, 1)
    assert [event.outcome for event in desk.events(attempt)] == ["applied"]


def test_the_answer_is_kept_as_an_index_of_the_content(desk: Desk) -> None:
    attempt = desk.start()
    item = desk.items(attempt)[0]

    desk.save(attempt, raw={"choice": ["2"]})

    standing = desk.standing(attempt)
    assert standing is not None
    assert standing.answer == {"choice": item.prepared["order"][1]}


def test_the_same_event_twice_changes_nothing_and_gets_the_same_reply(desk: Desk) -> None:
    attempt = desk.start()
    first = desk.save(attempt)

    second = desk.save(attempt, now=desk.now + timedelta(seconds=9))

    assert second == first
    assert len(desk.events(attempt)) == 1


def test_the_same_event_with_other_contents_changes_nothing(desk: Desk) -> None:
    attempt = desk.start()
    desk.save(attempt)

    reply = desk.save(attempt, raw={"choice": ["3"]}, sequence=99)

    assert (reply.outcome, reply.standing.raw) == ("applied", {"choice": ["1"]})
    assert len(desk.events(attempt)) == 1


@pytest.mark.parametrize("sequence", [4, 5])
def test_a_lower_or_equal_sequence_is_kept_but_not_applied(desk: Desk, sequence: int) -> None:
    attempt = desk.start()
    desk.save(attempt, sequence=5)

    reply = desk.save(attempt, event_id="event-2", sequence=sequence, raw={"choice": ["3"]})

    assert reply.outcome == "superseded"
    assert (reply.standing.sequence, reply.standing.raw) == (5, {"choice": ["1"]})
    assert [(e.event_id, e.outcome) for e in desk.events(attempt)] == [
        ("event-1", "applied"),
        ("event-2", "superseded"),
    ]
    assert desk.events(attempt)[1].raw == {"choice": ["3"]}


def test_a_higher_sequence_replaces_what_stands(desk: Desk) -> None:
    attempt = desk.start()
    desk.save(attempt)

    desk.save(attempt, event_id="event-2", sequence=2, raw=None)

    standing = desk.standing(attempt)
    assert standing is not None
    assert (standing.raw, standing.answer, standing.sequence) == (None, None, 2)


def test_sequences_are_compared_within_one_question(desk: Desk) -> None:
    attempt = desk.start()
    desk.save(attempt, 1, sequence=9)

    assert desk.save(attempt, 2, event_id="event-2", sequence=1).outcome == "applied"


def test_a_save_after_the_deadline_is_kept_as_late_and_does_not_count(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=10)
    attempt = desk.start()
    desk.save(attempt)
    late = desk.now + timedelta(minutes=10, microseconds=1)

    reply = desk.save(attempt, event_id="event-2", sequence=2, raw={"choice": ["2"]}, now=late)

    assert (reply.outcome, reply.standing.raw) == ("late", {"choice": ["1"]})
    assert [e.outcome for e in desk.events(attempt)] == ["applied", "late"]


def test_a_save_at_the_deadline_is_in_time(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=10)
    attempt = desk.start()

    assert desk.save(attempt, now=desk.now + timedelta(minutes=10)).outcome == "applied"


def test_a_save_after_handing_in_is_late(desk: Desk) -> None:
    attempt = desk.start()
    desk.submit(attempt)

    reply = desk.save(attempt)

    assert (reply.outcome, reply.standing.sequence) == ("late", 0)
    assert desk.standing(attempt) is None
    assert len(desk.events(attempt)) == 1


def test_a_late_save_sent_again_is_still_late_and_kept_once(desk: Desk) -> None:
    attempt = desk.start()
    desk.submit(attempt)

    assert desk.save(attempt) == desk.save(attempt)
    assert len(desk.events(attempt)) == 1


def test_unreadable_input_is_a_format_error_and_kept(session: Session) -> None:
    desk = make_desk(session, [make_question(session, "number")])
    attempt = desk.start()

    reply = desk.save(attempt, raw={"value": ["banyak"]})

    assert reply.outcome == "applied"
    assert reply.standing.format_error
    standing = desk.standing(attempt)
    assert standing is not None
    assert (standing.raw, standing.answer) == ({"value": ["banyak"]}, None)


def test_a_readable_answer_takes_the_format_error_away(session: Session) -> None:
    desk = make_desk(session, [make_question(session, "number")])
    attempt = desk.start()
    desk.save(attempt, raw={"value": ["banyak"]})

    desk.save(attempt, event_id="event-2", sequence=2, raw={"value": ["5"]})

    standing = desk.standing(attempt)
    assert standing is not None
    assert (standing.format_error, standing.answer) == ("", {"value": "5"})


def test_another_persons_sitting_is_not_found(desk: Desk) -> None:
    attempt = desk.start()
    stranger = make_desk(desk.session).enrolment

    with pytest.raises(NotFound):
        desk.save(attempt, user_id=stranger.user_id)
    assert desk.events(attempt) == []


def test_a_position_that_is_not_on_the_paper_is_not_found(desk: Desk) -> None:
    attempt = desk.start()

    with pytest.raises(NotFound):
        desk.save(attempt, 6)


def test_an_event_id_of_another_question_is_refused_and_nothing_changes(desk: Desk) -> None:
    attempt = desk.start()
    desk.save(attempt, 1)

    with pytest.raises(Invalid):
        desk.save(attempt, 2)
    assert desk.standing(attempt, 2) is None
    assert len(desk.events(attempt)) == 1


def test_of_a_form_only_what_says_something_new_is_kept(desk: Desk) -> None:
    attempt = desk.start()
    desk.save(attempt, 1, raw={"choice": ["1"]})
    saves = [Save(1, "form-1", 2, {"choice": ["1"]}, False), Save(2, "form-2", 2, {"choice": ["2"]}, False)]

    form = saving.save_form(
        desk.session,
        [*saves, Save(3, "form-3", 2, None, False)],
        attempt_id=attempt.id,
        user_id=desk.enrolment.user_id,
        now=desk.now,
    )
    desk.session.commit()

    assert [(reply.position, reply.outcome) for reply in form.replies] == [(2, "applied")]
    assert form.refused == []
    assert len(desk.events(attempt)) == 2


def test_of_a_form_what_is_too_long_keeps_nothing_else_from_being_stored(desk: Desk) -> None:
    attempt = desk.start()
    long = Save(1, "form-1", 2, {"choice": ["x" * 600]}, False)

    form = saving.save_form(
        desk.session,
        [long, Save(2, "form-2", 2, {"choice": ["2"]}, False)],
        attempt_id=attempt.id,
        user_id=desk.enrolment.user_id,
        now=desk.now,
    )
    desk.session.commit()

    assert [(reply.position, reply.outcome) for reply in form.replies] == [(2, "applied")]
    assert form.refused == [long]
    assert desk.standing(attempt, 1) is None


def test_many_answers_at_once_each_by_their_own_sequence(desk: Desk) -> None:
    attempt = desk.start()
    desk.save(attempt, 2, sequence=8)
    saves = [Save(n, f"form-{n}", 3, {"choice": ["2"]}, n == 3) for n in range(1, 6)]

    replies = saving.save_answers(
        desk.session, saves, attempt_id=attempt.id, user_id=desk.enrolment.user_id, now=desk.now
    )
    desk.session.commit()

    assert [reply.outcome for reply in replies] == ["applied", "superseded", "applied", "applied", "applied"]
    assert replies[1].standing.raw == {"choice": ["1"]}
    third = desk.standing(attempt, 3)
    assert third is not None
    assert third.is_flagged
