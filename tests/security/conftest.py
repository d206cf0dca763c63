"""The small world on a database of its own, people in front of it, and a way back to the start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.core import pdf
from lms.core.db import db
from tests import conftest
from tests.pages import CheckedClient
from tests.security import world as worlds
from tests.security.world import World


@dataclass
class Stage:
    """An application on a copy of the world."""

    app: Flask
    world: World
    template: Path
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, person: str, *, fresh: bool = False) -> FlaskClient:
        """Return the browser of a person, signed in; ``fresh`` for an unused one."""
        if fresh or person not in self.browsers:
            self.app.test_client_class = CheckedClient
            client = self.app.test_client()
            if person != "anonymous":
                with client.session_transaction() as cookie:
                    cookie["_user_id"] = self.world.tokens[person]
                    cookie["_fresh"] = True
            self.browsers[person] = client
        return self.browsers[person]

    def reset(self) -> None:
        """Bring the database back to the start."""
        db.session.remove()
        conftest.renew(self.app, self.template)
        self.browsers.clear()

    def rules(self, method: str) -> list[Rule]:
        """Return all rules of the application that answer to ``method``."""
        return [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]

    def url(self, rule: Rule, side: str = "a", **changed: object) -> str:
        """Return an address of ``rule`` that names things of ``side``, but for those changed."""
        names = set(rule.arguments) - set(rule.defaults or ())
        values = self.world.params(rule.endpoint, names, side) | changed
        with self.app.test_request_context():
            path = rule.build(values, append_unknown=False)
        assert path is not None
        return path[1]

    def crawl(self, person: str, sides: str = "ab") -> Iterator[tuple[Rule, str, TestResponse]]:
        """Open every address a person can type, for things of each side; yield rule, side and response."""
        for rule in self.rules("GET"):
            for side in sides if rule.arguments else sides[:1]:
                yield rule, side, self.browser(person).get(self.url(rule, side))


@pytest.fixture(scope="session")
def world_template(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance folder whose database holds the world."""
    with conftest.installed(template_instance, tmp_path_factory.mktemp("world")) as app:
        with conftest.furnishing(app):
            world = worlds.build(app)
        folder: Path = app.config["INSTANCE"]
        (folder / "world.json").write_text(worlds.to_json(world))
        yield folder


_papers: dict[bytes, bytes] = {}


@pytest.fixture
def quick_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the PDF of the same page once only: it would be the same bytes again."""
    render = pdf.Renderer.render

    def render_once(self: pdf.Renderer, request: bytes) -> bytes:
        key = hashlib.sha256(request).digest()
        if key not in _papers:
            _papers[key] = render(self, request)
        return _papers[key]

    monkeypatch.setattr(pdf.Renderer, "render", render_once)


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Path:
    """The world for who asks for the stage, an empty house for the others."""
    is_on_stage = "stage" in request.fixturenames
    folder: Path = request.getfixturevalue("world_template" if is_on_stage else "template_instance")
    return folder


@pytest.fixture
def stage(app: Flask, world_template: Path, quick_papers: None) -> Stage:
    """A fresh world with people in front of it."""
    return Stage(app, worlds.from_json((world_template / "world.json").read_text()), world_template)
