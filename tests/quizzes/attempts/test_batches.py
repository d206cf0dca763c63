"""Several answers in one request: each with its own outcome, one receipt code for all."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts import saving
from quizzes.attempts.models import Attempt
from quizzes.attempts.saves import Save
from tests.courses.cohorts.counting import counted
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}\Z")


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> FlaskClient:
    return sign_in(desk.enrolment.user_id)


def entry(position: int = 1, **values: Any) -> dict[str, Any]:
    defaults = {"event": f"batch-{position}", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": False}
    return {"position": position} | defaults | values


def send(client: FlaskClient, attempt: Attempt, *events: Any) -> Any:
    return client.post(f"/percobaan/{attempt.id}/jawaban", json={"events": list(events)})


def outcomes(reply: Any) -> list[tuple[int | None, str]]:
    return [(told["position"], told["outcome"]) for told in reply.json["events"]]


def test_every_answer_of_a_batch_has_its_own_outcome(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    desk.save(attempt, 2, sequence=4, raw={"choice": ["3"]})

    reply = send(client, attempt, entry(1), entry(2), entry(3, sequence=7))

    assert reply.status_code == 200
    assert outcomes(reply) == [(1, "applied"), (2, "superseded"), (3, "applied")]
    assert [told["sequence"] for told in reply.json["events"]] == [1, 4, 7]
    assert reply.json["events"][1]["raw"] == {"choice": ["3"]}
    assert reply.json["events"][1]["flagged"] is False
    assert reply.json["left"] > 0
    assert abs(reply.json["now"] / 1000 - utc_now().timestamp()) < 60


def test_one_code_is_told_and_stored_with_all_of_them(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()

    first, second = send(client, attempt, entry(1), entry(2)), send(client, attempt, entry(3))

    code, other = first.json["receipt"], second.json["receipt"]
    assert CODE.match(code)
    assert code != other
    assert [event.receipt for event in desk.events(attempt)] == [code, code, other]


def test_a_batch_sent_again_changes_nothing_and_names_the_first_code(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    first = send(client, attempt, entry(1), entry(2))

    again = send(client, attempt, entry(1), entry(2))

    assert outcomes(again) == outcomes(first)
    assert again.json["receipt"] == first.json["receipt"]
    assert len(desk.events(attempt)) == 2


def test_one_bad_answer_keeps_no_other_from_being_stored(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    desk.save(attempt, 5, event_id="taken-id")
    bad = [
        entry(2, raw={"choice": ["x" * 600]}),
        entry(99),
        entry(3, event="taken-id"),
        entry(1, event="again-1"),
        "no event",
        entry(4, sequence="1"),
    ]

    reply = send(client, attempt, entry(1), *bad)

    assert reply.status_code == 200
    assert outcomes(reply)[0] == (1, "applied")
    refused = {told["position"] for told in reply.json["events"] if told["outcome"] == "refused"}
    assert refused == {1, 2, 3, 4, 99, None}
    assert all(told["error"] for told in reply.json["events"] if told["outcome"] == "refused")
    assert [(e.event_id, e.outcome) for e in desk.events(attempt)] == [
        ("taken-id", "applied"),
        ("batch-1", "applied"),
    ]
    assert desk.standing(attempt, 3) is None


def test_a_batch_of_nothing_that_can_be_kept_is_refused(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()

    assert send(client, attempt, entry(1, raw={"choice": ["x" * 600]})).status_code == 422
    for events in (None, [], {"a": 1}, [entry(n) for n in range(1, 22)]):
        reply = client.post(
            f"/percobaan/{attempt.id}/jawaban",
            json={"events": events},
            headers={"Accept": "application/json"},
        )
        assert reply.status_code == 422
    assert desk.events(attempt) == []


def test_somebody_elses_sitting_is_not_found_whatever_the_batch_holds(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    stranger = sign_in(make_desk(desk.session).enrolment.user_id)

    assert send(stranger, attempt, entry(1)).status_code == 404
    assert send(stranger, attempt, "no event").status_code == 404
    assert desk.events(attempt) == []


def test_late_answers_of_a_batch_are_kept_as_late(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    desk.submit(attempt)

    reply = send(client, attempt, entry(1, **{"from": "leftover"}), entry(2))

    assert outcomes(reply) == [(1, "late"), (2, "late")]
    assert [(e.outcome, e.origin) for e in desk.events(attempt)] == [("late", "leftover"), ("late", "page")]


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        (1_795_000_000_000, datetime.fromtimestamp(1_795_000_000, UTC)),
        (-1, None),
        (10**18, None),
        ("gestern", None),
        (True, None),
        (None, None),
    ],
)
def test_the_devices_clock_is_kept_where_it_makes_sense_and_decides_nothing(
    desk: Desk, client: FlaskClient, at: object, kept: datetime | None
) -> None:
    attempt = desk.start()

    reply = send(client, attempt, entry(1, at=at))

    assert outcomes(reply) == [(1, "applied")]
    assert desk.events(attempt)[0].client_at == kept


def test_an_unknown_origin_is_no_reason_to_lose_an_answer(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()

    assert send(client, attempt, entry(1, **{"from": ["moon"]})).status_code == 200
    assert desk.events(attempt)[0].origin == "page"


def test_a_batch_asks_no_more_than_one_answer(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    assert client.get("/").status_code == 200

    with counted(desk.session) as sent:
        send(client, attempt, *[entry(n) for n in range(1, 6)])

    assert len(sent) <= 4, "\n".join(sent)


def test_an_event_another_request_brought_in_meanwhile_keeps_no_other_from_being_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = desk.start()
    session = desk.session
    original = saving._store
    calls: list[bool] = []

    def _meanwhile(session: Session, fresh: Any, **values: Any) -> Any:
        if not calls:
            calls.append(True)
            begin_write(session)
            original(session, fresh[:1], **(values | {"receipt": "AAA-AAA"}))
            session.commit()
        return original(session, fresh, **values)

    monkeypatch.setattr(saving, "_store", _meanwhile)
    batch = saving.save_batch(
        session,
        [Save(1, "both-1", 1, {"choice": ["1"]}, False), Save(2, "mine-2", 1, {"choice": ["2"]}, False)],
        attempt_id=attempt.id,
        user_id=desk.enrolment.user_id,
        receipt="BBB-BBB",
        now=desk.now,
    )
    session.commit()

    told = [(reply.outcome, reply.receipt) for reply in batch.replies]
    assert told == [("applied", "AAA-AAA"), ("applied", "BBB-BBB")]
    assert batch.refused == []
    assert len(desk.events(attempt)) == 2
