"""No key, weight, reason or explanation reaches the device before the quiz says so, for every type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from quizzes.bank.models import QuestionVersion
from quizzes.types import TYPES
from quizzes.types.base import QuestionType
from tests.factories import PlainResolver, make_question
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]

CASES = [(kind, number) for kind in TYPES for number, _ in enumerate(kind.examples())]
IDS = [f"{kind.key}-{number}" for kind, number in CASES]
HIDDEN_NUMBER = "7319046285"
_ECHOED = {"raw", "time", "left", "receipt"}
"""What a reply says of the answer itself, and of when."""


def content_of(kind: QuestionType, number: int) -> dict[str, Any]:
    return kind.resolve(kind.examples()[number].source, PlainResolver())


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def disguise(value: Any, shown: set[str]) -> Any:
    """Return content that says the same to the person and something else in every key, weight and reason."""
    if isinstance(value, dict):
        return {name: disguise(inner, shown) for name, inner in value.items()}
    if isinstance(value, list):
        return [disguise(inner, shown) for inner in value]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) and value in shown:
        return value
    if isinstance(value, str) and value.replace(".", "").replace("-", "").isdecimal():
        return HIDDEN_NUMBER
    return "RAHASIA-CONTENT" if isinstance(value, str) else value


def shown_by(kind: QuestionType, content: dict[str, Any], prepared: dict[str, Any]) -> set[str]:
    return {leaf for leaf in leaves(kind.present(content, prepared)) if isinstance(leaf, str)}


@pytest.mark.parametrize(("kind", "number"), CASES, ids=IDS)
def test_what_is_presented_does_not_depend_on_the_key(kind: QuestionType, number: int) -> None:
    content = content_of(kind, number)
    for seed in range(5):
        prepared = kind.prepare(content, Random(seed), shuffle=True)
        other = disguise(content, shown_by(kind, content, prepared))

        assert other != content
        assert kind.present(other, prepared) == kind.present(content, prepared)


def secret_version(session: Session, kind: QuestionType, number: int) -> QuestionVersion:
    content = content_of(kind, number)
    prepared = kind.prepare(content, Random(1), shuffle=False)
    return make_question(
        session,
        kind.key,
        content=disguise(content, shown_by(kind, content, prepared)),
        source={"secret": "RAHASIA-SOURCE"},
        explanation_html="<p>RAHASIA-EXPLANATION</p>",
        citations=[{"label": "RAHASIA-CITATION", "url": "https://example.test/RAHASIA-URL"}],
        read="RAHASIA/READ#RAHASIA",
    )


def everything_before_the_end(client: FlaskClient, desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield address and whole response of whatever a trainee can ask for while the paper is open."""
    start = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"
    attempt = desk.start()
    paper = f"/percobaan/{attempt.id}"
    posts: list[tuple[str, dict[str, Any]]] = []
    for item in desk.items(attempt):
        kind = next(kind for kind in TYPES if kind.key == item.question_version.type)
        for say in (kind.solve, kind.miss):
            # What somebody typed comes back to them, and may be the key.
            raw = {
                name: [value.replace("RAHASIA", "DIKETIK") for value in values]
                for name, values in say(item.question_version.content, item.prepared).items()
            }
            entry = {"position": item.position, "sequence": len(posts) + 1, "raw": raw, "flagged": True}
            posts.append((f"{paper}/jawaban", {"json": entry | {"event": f"event-{len(posts)}"}}))
    posts.append((f"{paper}/jawaban", {"data": {"q1-seq": "1", "q1-event": "form", "q1-choice": "1"}}))
    posts.append((f"{paper}/jawaban", {"json": {"position": 1, "check": True}}))
    urls = [
        start,
        paper,
        f"{paper}/periksa",
        f"{paper}/token",
        f"{paper}/hasil",
        f"/belajar/{desk.enrolment.id}",
    ]
    for url in (*urls, "/"):
        response = client.get(url, follow_redirects=True)
        yield url, f"{response.headers}\n{response.get_data(as_text=True)}"
    for url, body in posts:
        response = client.post(url, follow_redirects=True, **body)
        yield url, f"{response.headers}\n{response.get_data(as_text=True)}"
    for url in urls:
        yield url, client.get(url, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize(("kind", "number"), CASES, ids=IDS)
def test_no_response_before_handing_in_holds_a_secret(
    session: Session, sign_in: SignIn, kind: QuestionType, number: int
) -> None:
    desk = make_desk(session, [secret_version(session, kind, number)])
    client = sign_in(desk.enrolment.user_id)

    for url, response in everything_before_the_end(client, desk):
        assert "RAHASIA" not in response, url
        assert HIDDEN_NUMBER not in response, url
        for word in ("correct", "is_right", "fraction", "why_html"):
            assert word not in response, (url, word)


@pytest.mark.parametrize(("kind", "number"), CASES, ids=IDS)
def test_a_saved_answer_is_not_told_right_from_wrong(
    session: Session, sign_in: SignIn, kind: QuestionType, number: int
) -> None:
    replies = []
    for say in (kind.solve, kind.miss):
        desk = make_desk(session, [make_question(session, kind.key, source=kind.examples()[number].source)])
        attempt = desk.start()
        item = desk.items(attempt)[0]
        raw = {
            name: list(values) for name, values in say(item.question_version.content, item.prepared).items()
        }
        entry = {"position": 1, "event": "event-1", "sequence": 1, "raw": raw, "flagged": False}
        reply = sign_in(desk.enrolment.user_id).post(f"/percobaan/{attempt.id}/jawaban", json=entry)
        replies.append({name: said for name, said in reply.json.items() if name not in _ECHOED})

    assert replies[0] == replies[1]


@pytest.mark.parametrize(("kind", "number"), CASES, ids=IDS)
def test_a_quiz_that_shows_the_score_only_never_shows_a_secret(
    session: Session, sign_in: SignIn, kind: QuestionType, number: int
) -> None:
    desk = make_desk(session, [secret_version(session, kind, number)], show_result="score_only")
    attempt = desk.submit(desk.start())

    text = sign_in(desk.enrolment.user_id).get(f"/percobaan/{attempt.id}/hasil").get_data(as_text=True)

    assert "RAHASIA" not in text
    assert HIDDEN_NUMBER not in text


def test_the_secrets_are_there_once_the_quiz_says_so(session: Session, sign_in: SignIn) -> None:
    kind = TYPES[0]
    desk = make_desk(session, [secret_version(session, kind, 0)])
    attempt = desk.submit(desk.start())

    text = sign_in(desk.enrolment.user_id).get(f"/percobaan/{attempt.id}/hasil").get_data(as_text=True)

    assert "RAHASIA-EXPLANATION" in text


def test_a_form_field_names_a_place_on_the_paper_and_no_option(session: Session, sign_in: SignIn) -> None:
    """Two papers with the options in another order carry the same values."""
    version = make_question(session)
    papers = []
    for _ in range(2):
        desk = make_desk(session, [version])
        text = sign_in(desk.enrolment.user_id).get(f"/percobaan/{desk.start().id}").get_data(as_text=True)
        papers.append([part.split('"')[0] for part in text.split('name="q1-choice" value="')[1:]])

    assert papers[0] == papers[1] == ["1", "2", "3"]


def test_every_type_has_an_example() -> None:
    assert {kind.key for kind, _number in CASES} == {kind.key for kind in TYPES}
    assert json.dumps([kind.key for kind in TYPES])
