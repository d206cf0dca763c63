"""A served demo installation and Debian's Chromium."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from lms.app import create_app
from lms.core.config import load_config, prepare_instance

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}
READY_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running installation with the demo in it."""

    url: str
    instance: Path
    demo: dict[str, Any]
    app: Flask

    def account(self, role: str) -> dict[str, str]:
        """Return login, password and a code that has not been used, of the demo account with that role."""
        return next(account for account in self.fresh_demo()["accounts"] if account["role"] == role)

    def fresh_demo(self) -> dict[str, Any]:
        """Return what `lms demo --json` says now."""
        return _lms_demo(self.instance, self.url)


def _environment(instance: Path, url: str) -> dict[str, str]:
    return {**os.environ, "LMS_INSTANCE": str(instance), "LMS_PORT": url.rsplit(":", 1)[1]}


def _lms_demo(instance: Path, url: str) -> dict[str, Any]:
    command = [str(Path(sys.executable).parent / "lms"), "demo", "--json"]
    done = subprocess.run(
        command, env=_environment(instance, url), capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `make run` gives a visitor, at a port of its own."""
    instance = tmp_path_factory.mktemp("site")
    prepare_instance(instance)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    log = (instance / "server.log").open("w")
    command = [str(Path(sys.executable).parent / "lms"), "serve", "--demo"]
    server = subprocess.Popen(
        command, env=_environment(instance, url), stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait_until_ready(server, url, instance / "server.log")
        app = create_app(load_config(instance, PORT=int(url.rsplit(":", 1)[1])))
        yield Site(url, instance, _lms_demo(instance, url), app)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        log.close()


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(READY_SECONDS * 20):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def open_browser(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a fresh browser; all of them fail on script errors and refused content."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def _open(**options: Any) -> BrowserContext:
        options.setdefault("viewport", PHONE)
        context = browser.new_context(base_url=site.url, locale="id-ID", **options)
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note(complaints, message.type, message.text))
        contexts.append(context)
        return context

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    """Keep what the browser refused; a page that answers 404 or 422 on purpose is no complaint."""
    if kind == "error" and "the server responded with a status of 4" not in text:
        complaints.append(text)
