"""Files are read by a process of its own, each by a child with limits that can reach nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from certificates.checking import inspection_process, inspection_worker
from certificates.checking.inspection import inspect_file
from certificates.signing.ring import KeyRing
from lms.core.errors import Unavailable
from tests.certificates.checking import tampering

PAGES = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"


@pytest.fixture(autouse=True)
def _end_process() -> Iterator[None]:
    yield
    inspection_process.close()


def _spend_time() -> None:
    while True:
        pass


def _spend_memory() -> None:
    held = []
    while True:
        held.append(bytes(10_000_000))


DEEDS: list[tuple[Callable[[], object], str]] = [
    (_spend_time, "costly"),
    (_spend_memory, "costly"),
    (lambda: os.kill(os.getpid(), signal.SIGKILL), "costly"),
    (lambda: Path("/etc/hostname").read_text(), "damaged"),
    (lambda: Path("kept.txt").write_text("x"), "damaged"),
    (lambda: socket.create_connection(("127.0.0.1", 9)), "damaged"),
    (lambda: os.write(3, b"forged"), "damaged"),
    (lambda: subprocess.run(["true"], check=True), "damaged"),
]


@pytest.mark.parametrize(("deed", "word"), DEEDS)
def test_a_child_that_does_too_much_is_ended_and_says_so(
    monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object], word: str
) -> None:
    def inspect(_question: dict[str, Any], _body: bytes, _loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
        return {"done": str(deed())}

    monkeypatch.setattr(inspection_worker, "inspect", inspect)
    monkeypatch.setattr(inspection_worker, "CPU_SECONDS", 0)
    reply = json.loads(inspection_worker.answer((2).to_bytes(4, "big") + b"{}" + b"%PDF-"))
    reply.pop("cpu_seconds", None)
    assert reply == {"fault": word}


def test_half_an_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def end_halfway(_question: bytes, writing: int) -> None:
        os.write(writing, b'{"fault": ')
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(inspection_worker, "_answer_and_end", end_halfway)
    assert json.loads(inspection_worker.answer(b"")) == {"fault": "costly"}


def test_an_answer_longer_than_any_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection_worker, "inspect", lambda *_: {"text": "x" * 1_000_000})
    reply = inspection_worker.answer((2).to_bytes(4, "big") + b"{}")
    assert json.loads(reply) == {"fault": "costly"}


def test_a_file_is_read_by_a_process_that_knows_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    found = inspect_file(tampering.plain(PAGES, b""), ring=KeyRing())
    assert found.signature == "none"
    process = inspection_process._desk._processes[0]
    assert process
    environment = Path(f"/proc/{process._process.pid}/environ").read_bytes()
    assert b"geheim" not in environment
    assert Path(f"/proc/{process._process.pid}/cwd").resolve() == Path("/")


def test_when_the_process_dies_this_file_waits_and_the_next_is_read() -> None:
    inspect_file(b"halo", ring=KeyRing())
    process = inspection_process._desk._processes[0]
    assert process
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait()
    with pytest.raises(Unavailable):
        inspect_file(b"halo", ring=KeyRing())
    assert inspect_file(b"halo", ring=KeyRing()).fault == "not_pdf"


def test_a_process_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    inspect_file(b"halo", ring=KeyRing())
    process = inspection_process._desk._processes[0]
    assert process
    os.kill(process._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(inspection_process, "ANSWER_SECONDS", 0.05)
    with pytest.raises(Unavailable):
        inspect_file(b"halo", ring=KeyRing())
    assert process._process.returncode == -signal.SIGKILL


def test_a_process_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection_process, "WORKER", "certificates.checking.tiada")
    with pytest.raises(Unavailable):
        inspect_file(b"halo", ring=KeyRing())


def test_threads_wait_for_each_other_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(inspect_file(b"halo", ring=KeyRing()).fault))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["not_pdf"] * 5
    monkeypatch.setattr(inspection_process, "QUEUE_SECONDS", 0.01)
    places = inspection_process._desk._places
    with places.take("", seconds=1), places.take("", seconds=1), pytest.raises(Unavailable):
        inspect_file(b"halo", ring=KeyRing())


def test_a_second_process_starts_when_two_files_come_at_once_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):
        inspect_file(b"halo", ring=KeyRing())
    assert inspection_process._desk._processes[1] is None
    both, read = threading.Barrier(2, timeout=30), inspection_process.Process.ask

    def ask(process: inspection_process.Process, question: bytes) -> bytes:
        both.wait()
        return read(process, question)

    monkeypatch.setattr(inspection_process.Process, "ask", ask)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda whom: inspect_file(b"halo", ring=KeyRing(), whom=whom).fault, "ab"))
    assert found == ["not_pdf"] * 2
    assert all(inspection_process._desk._processes)


def test_the_work_a_file_took_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not inspect_file(tampering.plain(PAGES, b""), ring=KeyRing()).is_costly
    monkeypatch.setattr("certificates.checking.inspection.COSTLY_SECONDS", 0)
    found = inspect_file(tampering.plain(PAGES, b""), ring=KeyRing())
    assert 0 < found.cpu_seconds < inspection_worker.CPU_SECONDS
    assert found.is_costly


def test_a_child_after_a_fork_starts_a_process_of_its_own() -> None:
    inspect_file(b"halo", ring=KeyRing())
    child = os.fork()
    if child == 0:
        is_right = not any(inspection_process._desk._processes)
        os._exit(0 if is_right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert inspect_file(b"halo", ring=KeyRing()).fault == "not_pdf"
