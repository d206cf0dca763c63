"""Whatever stands in `next`, people stay here (check 21)."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.security.conftest import Stage

HOST = "http://localhost"
PAYLOADS = (
    "https://evil.test",
    "http://evil.test/",
    "HTTPS://evil.test",
    "//evil.test",
    "///evil.test",
    "////evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "/\t/evil.test",
    "\t//evil.test",
    " //evil.test",
    "/\n/evil.test",
    "/\r/evil.test",
    "/%09/evil.test/..//",
    "http:evil.test",
    "http:/evil.test",
    "https:///evil.test",
    "http:\\\\evil.test",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "mailto:a@evil.test",
    "//localhost@evil.test",
    "http://localhost@evil.test/",
    "http://localhost.evil.test/",
    "//evil.test#/",
    "//evil.test?/",
    "/\x00/evil.test",
    "/\u2028/evil.test",
    "/\x85/evil.test",
    "．．//evil.test",
    "//evil。test",
    "evil.test",
    "/" + "a" * 5000,
    "",
)


def stays(location: str) -> bool:
    """Return whether a browser that gets this Location stays: it drops tabs, newlines, backslashes."""
    cleaned = "".join(c for c in location.strip() if c not in "\t\r\n").replace("\\", "/")
    target = urlsplit(urljoin(f"{HOST}/tampilan", cleaned))
    return target.scheme == "http" and target.netloc == "localhost"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_changing_colours_leads_nowhere_else(stage: Stage, payload: str) -> None:
    response = stage.browser("trainee").post("/tampilan", data={"theme": "dark", "next": payload})

    assert response.status_code == 303
    assert stays(response.headers["Location"])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_address_ignores_a_foreign_next(stage: Stage, payload: str) -> None:
    """Pages with a `next` of their own keep it through the form; the others must not care."""
    for person in ("anonymous", "trainee"):
        client = stage.browser(person)
        for path in ("/masuk", "/masuk/kartu", "/akun", "/"):
            _follow(client, path, payload)


def _follow(client: FlaskClient, path: str, payload: str) -> None:
    response = client.get(path, query_string={"next": payload})
    assert stays(response.headers.get("Location", "/"))
    if response.mimetype == "text/html":
        text = response.get_data(as_text=True)
        for attribute in ("href", "action", "formaction", "content"):
            assert f'{attribute}="//evil' not in text
            assert f'{attribute}="https://evil' not in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_card_leads_nowhere_else(stage: Stage, payload: str) -> None:
    rule = next(rule for rule in stage.rules("POST") if rule.endpoint == "cards.confirm")

    response = stage.browser("anonymous", fresh=True).post(stage.url(rule), query_string={"next": payload})

    assert response.status_code == 303
    assert stays(response.headers["Location"])


def test_no_redirect_takes_its_target_from_anywhere_else(stage: Stage) -> None:
    names = ("next", "url", "return", "return_to", "redirect", "target", "continue", "back", "r", "u")
    query = dict.fromkeys(names, "https://evil.test/")

    for person in ("anonymous", "trainee", "organiser", "trainer"):
        for rule in stage.rules("GET"):
            response = stage.browser(person).get(stage.url(rule), query_string=query)
            assert stays(response.headers.get("Location", "/")), rule.endpoint
