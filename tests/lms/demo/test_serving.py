"""`lms serve --demo` as `make run` types it, a second time: ready soon, with everything kept."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.core.config import load_config
from tests import conftest
from tests.servers import ROOT, Line, free_port

START_SECONDS = 90
STOP_SECONDS = 60
"""A worker told to end while it is starting is given up after 20 seconds (lms.serving.settings)."""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def served(demo_template: Path, tmp_path: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A running server on the demo, and what it printed."""
    folder, printed = tmp_path / "instance", tmp_path / "printed"
    shutil.copytree(demo_template, folder)
    environment = os.environ | {"LMS_INSTANCE": str(folder), "LMS_PORT": str(port)}
    name = f"served_{port}"
    if conftest.POSTGRES:
        template = (demo_template / "template-name").read_text()
        environment["LMS_DATABASE_URL"] = conftest.create_postgres(name, template=template)
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", "from lms.cli import main; main()", "serve", "--demo"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process, printed
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if conftest.POSTGRES:
            conftest.drop_postgres(name)


def ask(process: subprocess.Popen[bytes], printed: Path, port: int, path: str) -> int:
    """Return the status of a page, as soon as anything answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, printed.read_text()
        with contextlib.suppress(OSError), contextlib.closing(Line(port, timeout=5)) as line:
            return line.send("GET", path).status
        time.sleep(0.05)
    raise AssertionError(f"no answer: {printed.read_text()}")


def test_it_serves_what_it_prints(
    served: tuple[subprocess.Popen[bytes], Path], port: int, demo_template: Path
) -> None:
    process, printed = served

    assert ask(process, printed, port, "/healthz") == 200

    text = printed.read_text()
    base = f"http://127.0.0.1:{port}"
    assert f"Penggerak is at  {base}" in text
    assert "Loading the demo" not in text
    addresses = re.findall(rf"{base}(/\S+)", text)
    assert any(address.startswith("/k/") for address in addresses)
    for address in addresses:
        assert ask(process, printed, port, address) == 200, address
    assert load_config(demo_template).WORKERS == 2
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert len(children) == 2


def test_it_ends_when_it_is_told_to(served: tuple[subprocess.Popen[bytes], Path], port: int) -> None:
    process, printed = served
    ask(process, printed, port, "/healthz")

    process.terminate()

    assert process.wait(STOP_SECONDS) == 0
    assert "Traceback" not in printed.read_text()
