"""Whole ways of people: from the sign-in to the result, and a hall that begins in the same second."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench.load import FORM, JSON, Burst, connect, cpu_seconds, exchange, raw
from tests.bench.stage import PASSWORD, QUESTIONS, Person
from tests.servers import Pass

_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_COOKIE = re.compile(rb"\r\nset-cookie: ([^;\r]+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)


class Visitor:
    """One browser on one kept connection."""

    def __init__(self, port: int, holder: Pass | None = None) -> None:
        self._port = port
        self._line = connect(port)
        self._token = holder.token if holder else ""
        self._cookies = dict([holder.cookie.split("=", 1)]) if holder else {}

    def get(self, path: str) -> bytes:
        """Return a page, and remember the form token on it."""
        _head, body = self._send("GET", path)
        found = _TOKEN.search(body)
        if found:
            self._token = found[1].decode()
        return body

    def post(self, path: str, form: dict[str, str] | None = None, data: object = None) -> str:
        """Send a form or what a script sends; return where it leads."""
        kind = FORM if data is None else JSON
        body = urlencode(form or {}) if data is None else json.dumps(data)
        head, _body = self._send("POST", path, body.encode(), kind)
        found = _LOCATION.search(head)
        return found[1].decode() if found else ""

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[bytes, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "X-CSRFToken": self._token, "Accept-Encoding": "identity"}
        request = raw(method, path, headers, body, kind)
        try:
            head, answer, closes = exchange(self._line, request)
        except OSError:  # the server closes a line that was quiet for two seconds
            self._line = connect(self._port)
            head, answer, closes = exchange(self._line, request)
        assert head.split(b" ", 2)[1] in {b"200", b"303"}, (path, head[:300])
        for cookie in _COOKIE.findall(head):
            name, _equals, value = cookie.decode().partition("=")
            self._cookies[name] = value
        if closes:
            self._line.close()
            self._line = connect(self._port)
        return head, answer


def journey(port: int, person: Person) -> None:
    """Sign in, begin, answer every question by itself, hand in, read the result: 16 requests."""
    visitor = Visitor(port, person.stranger)
    visitor.post("/masuk", {"login": person.login, "password": PASSWORD})
    visitor.get(person.quiz_path)
    sitting = visitor.post(person.quiz_path)
    visitor.get(sitting)
    for position in range(1, QUESTIONS + 1):
        save = {"position": position, "event": f"journey-{position}", "sequence": 1, "flagged": False}
        visitor.post(f"{sitting}/jawaban", data=save | {"raw": {"choice": ["1"]}})
    visitor.get(visitor.post(f"{sitting}/kirim"))
    visitor.close()


def bare_journey(port: int, _person: Person) -> None:
    """Do as much of the yardstick's: a hash, an upsert for each POST, a plain page for each GET."""
    visitor = Visitor(port)
    visitor.post("/sign-in", {"login": "orang", "password": PASSWORD})
    visitor.get("/page")
    visitor.post("/form", {"key": "begin"})
    visitor.get("/page")
    for position in range(1, QUESTIONS + 1):
        visitor.post("/upsert", data={"event": f"e{position}", "raw": {"choice": ["1"]}})
    visitor.post("/form", {"key": "submit"})
    visitor.get("/page")
    visitor.close()


def crowd(
    way: Callable[[int, Person], None], port: int, process: int, people: Sequence[Person], at_once: int
) -> Burst:
    """Let people go a way, so many at once, and return what it took."""
    shares = [people[line::at_once] for line in range(at_once)]
    faults: list[BaseException] = []

    def go(share: Sequence[Person]) -> None:
        try:
            for person in share:
                way(port, person)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=go, args=(share,)) for share in shares if share]
    cpu, started = cpu_seconds(process), time.perf_counter()
    _run(threads)
    seconds, used = time.perf_counter() - started, cpu_seconds(process) - cpu
    if faults:
        raise faults[0]
    return Burst(len(people), seconds, used)


@dataclass(frozen=True)
class Rush:
    """How long each of a hall waited for the first question."""

    seconds: tuple[float, ...]
    cpu_seconds: float


def rush(port: int, process: int, people: Sequence[Person]) -> Rush:
    """Let everybody press the button in the same moment, and go to the quiz page."""
    together = threading.Barrier(len(people))
    waits: list[float] = []

    def go(person: Person) -> None:
        visitor = Visitor(port, person.holder)
        together.wait()
        began = time.perf_counter()
        page = visitor.get(visitor.post(person.pretest_path))
        waits.append(time.perf_counter() - began)
        assert b'id="q1"' in page
        visitor.close()

    cpu = cpu_seconds(process)
    _run([threading.Thread(target=go, args=(person,)) for person in people])
    assert len(waits) == len(people), "somebody never saw a question"
    return Rush(tuple(sorted(waits)), cpu_seconds(process) - cpu)


def _run(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
