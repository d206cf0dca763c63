"""The client: sends prepared requests over kept connections, and reads what the server's processes used."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LINES = 8
"""Connections at once: as many as the server has threads."""

JSON, FORM = "application/json", "application/x-www-form-urlencoded"

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Burst:
    """What one burst of requests took."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's processors for one request."""
        return 1000 * self.cpu_seconds / self.requests


def raw(method: str, path: str, headers: dict[str, str], body: bytes = b"", kind: str = "") -> bytes:
    """Return a request as it goes over the wire."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-Length: {len(body)}"] if method == "POST" else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def burst(port: int, process: int, requests: Sequence[bytes], good: frozenset[bytes]) -> Burst:
    """Send all requests over LINES connections and return what it took.

    Raises:
        AssertionError: an answer had another status than those in ``good``.
    """
    shares = [requests[line::LINES] for line in range(LINES)]
    bad: list[bytes] = []
    threads = [threading.Thread(target=_talk, args=(port, share, good, bad)) for share in shares if share]
    cpu, started = cpu_seconds(process), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, used = time.perf_counter() - started, cpu_seconds(process) - cpu
    assert not bad, f"{len(bad)} answers went wrong: {bad[0]!r}"
    return Burst(len(requests), seconds, used)


def _talk(port: int, requests: Sequence[bytes], good: frozenset[bytes], bad: list[bytes]) -> None:
    line = connect(port)
    for request in requests:
        try:
            answer, _body, closes = exchange(line, request)
        except OSError:  # the server closes a line that was quiet for two seconds
            line = connect(port)
            answer, _body, closes = exchange(line, request)
        if answer.split(b" ", 2)[1] not in good:
            bad.append(answer[:300])
        if closes:
            line.close()
            line = connect(port)
    line.close()


def connect(port: int) -> socket.socket:
    """Return a line to the server."""
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def exchange(line: socket.socket, request: bytes) -> tuple[bytes, bytes, bool]:
    """Send a request; return head and body of the answer, and whether the server hangs up.

    Raises:
        OSError: the server hung up before it answered.
    """
    line.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        more = line.recv(65536)
        if not more:
            raise OSError("closed")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    missing = (int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0) - len(body)
    parts = [body]
    while missing > 0:
        parts.append(line.recv(min(missing, 262144)))
        missing -= len(parts[-1])
    return head, b"".join(parts), b"connection: close" in lower


def cpu_seconds(process: int) -> float:
    """Return what a process and all below it have used, those that ended included."""
    total = 0.0
    for current in (process, *descendants(process)):
        fields = _stat(current)
        total += sum(int(field) for field in fields[11:15]) / TICK if fields else 0
    return total


def descendants(process: int) -> list[int]:
    """Return the processes below one, its children first."""
    children = _children()
    found = list(children.get(process, []))
    for one in found:
        found += children.get(one, [])
    return found


def _stat(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            found.setdefault(int(fields[1]), []).append(int(entry.name))
    return found
