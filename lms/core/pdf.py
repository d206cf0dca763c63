"""HTML in, PDF bytes out, in a process of its own with limits.

WeasyPrint is neither thread-safe nor cheap to load, and reads whatever a document points at unless it is
held back. So each server process keeps one worker (`lms.core.pdf_worker`), started with the first PDF; who
signs a whole cohort keeps one for each core. A worker has an empty environment, no host fonts, a closed
fetcher, and limits on memory, CPU and time. One that does not answer in time is killed, and the next document
gets a new one. Same HTML, same bytes.

Every PDF of the house is PDF/A-3a, to be kept, and PDF/UA-1, to be read aloud.
"""

from __future__ import annotations

import atexit
import importlib.util
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from flask_babel import lazy_gettext as _l

from lms.core.errors import Unavailable
from lms.core.pdf_order import Order, write_order

log = logging.getLogger(__name__)

APT_LINE = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""What makes PDFs work on Debian 12."""
WORKER = Path(__file__).with_name("pdf_worker.py")
START_SECONDS = 40
RENDER_SECONDS = 20
QUEUE_SECONDS = 30
JOBS_PER_WORKER = 500
"""After so many documents a fresh worker starts, so that a slow leak of a library never adds up."""
MAX_HTML_BYTES = 4_000_000


class RenderError(RuntimeError):
    """The document itself is wrong: a warning of WeasyPrint, a foreign address, a glyph no face has."""


class PageCountError(RenderError):
    """The document came to another number of pages than the caller asked for."""


class RendererMissing(Unavailable):
    """The renderer cannot start on this machine; the message says what to install."""


@dataclass(frozen=True)
class AttachedFile:
    """A text the PDF carries, as data it was made from."""

    name: str
    description: str
    text: str
    # Aware; the PDF says it as the day the file was made and changed.
    at: datetime


class Worker:
    """One renderer process and the socket to it."""

    def __init__(self) -> None:
        """Start it and wait until it says it is ready.

        Raises:
            RendererMissing: a system library is missing.
            Unavailable: it did not start for another reason, which is in the log.
        """
        self.jobs_left = JOBS_PER_WORKER
        self._folder = Path(tempfile.mkdtemp(prefix="penggerak-pdf-"))
        self._stderr = self._folder / "stderr"
        ours, theirs = socket.socketpair()
        self._connection = Connection(ours.detach())
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and script)
                [sys.executable, "-P", str(WORKER), str(theirs.fileno()), str(_font_folder())],
                pass_fds=[theirs.fileno()],
                env=self._environment(),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                process_group=0,  # Ctrl-C is for the server, which lets a document finish
            )
        theirs.close()
        self._await_readiness()

    def render(self, request: bytes) -> bytes:
        """Return the PDF for an order.

        Raises:
            RenderError: the document is wrong.
            EOFError, OSError: the worker died or ran out of time; kill it.
        """
        self.jobs_left -= 1
        self._connection.send_bytes(request)
        return self._receive(RENDER_SECONDS)

    def kill(self) -> None:
        """End the process and remove what it left."""
        self._connection.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self) -> None:
        """Let go of the socket only: after a fork the process belongs to the parent."""
        self._connection.close()
        self._process.returncode = 0

    def last_words(self) -> str:
        """Return the end of what the process wrote about its trouble."""
        try:
            return self._stderr.read_text(encoding="utf-8", errors="replace")[-500:].strip()
        except FileNotFoundError:
            return ""  # it had time to clean up

    def _await_readiness(self) -> None:
        try:
            remark = self._receive(START_SECONDS).decode()
        except RenderError as error:
            self.kill()
            log.warning("PDF renderer lacks a library: %s", error)
            raise RendererMissing(
                _l("PDFs are not available on this machine yet. Type: %(line)s", line=APT_LINE)
            ) from error
        except (EOFError, OSError) as error:
            log.warning("PDF renderer did not start: %r %s", error, self.last_words())
            self.kill()
            raise Unavailable(_l("The PDF could not be made in time. Try again in a minute.")) from error
        if remark:
            log.warning("PDF renderer: %s", remark)

    def _receive(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            raise TimeoutError(f"no answer in {seconds} s")
        reply = self._connection.recv_bytes()
        if reply[:1] == b"N":
            raise PageCountError(f"{reply[1:].decode()} pages")
        if reply[:1] != b"P":
            raise RenderError(reply[1:].decode())
        return reply[1:]

    def _environment(self) -> dict[str, str]:
        """Return all the worker knows: nothing of the server's settings, and no fonts of the host."""
        config = self._folder / "fonts.conf"
        config.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
            f"<fontconfig><cachedir>{self._folder}/cache</cachedir></fontconfig>",
            encoding="utf-8",
        )
        return {
            "FONTCONFIG_FILE": str(config),
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        }


class Renderer:
    """The workers of this process, one document each at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._width, self._busy = 1, 0
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []

    def widen(self, count: int) -> None:
        """Keep so many workers from now on, should so many documents be asked for at once."""
        with self._changed:
            self._width = max(self._width, count)
            self._changed.notify_all()

    def render(self, request: bytes) -> bytes:
        """Return the PDF; threads wait for each other.

        Raises:
            RenderError: the document is wrong.
            Unavailable: libraries are missing, the queue is long, or the worker died on this document.
        """
        with self._held() as worker:
            try:
                return worker.render(request)
            except (EOFError, OSError) as error:
                log.warning("PDF renderer killed: %r %s", error, worker.last_words())
                raise Unavailable(_l("The PDF could not be made in time. Try again in a minute.")) from error

    def start(self) -> None:
        """Start a worker if there is none; one that is at work has started.

        Raises:
            RendererMissing: a system library is missing.
        """
        if not self._workers:
            with self._held():
                pass

    def close(self) -> None:
        """End the workers."""
        self._idle.clear()
        while self._workers:
            self._workers.pop().kill()

    def forget(self) -> None:
        """Leave the workers to the parent, after a fork."""
        for worker in self._workers:
            worker.forget()

    @contextmanager
    def _held(self) -> Iterator[Worker]:
        """Hold a worker; one that fell over its document is not used again."""
        worker = self._take()
        try:
            yield worker
        except RenderError:
            self._leave(worker)
            raise
        except BaseException:
            self._end(worker)
            self._leave(None)
            raise
        else:
            self._leave(worker)

    def _take(self) -> Worker:
        with self._changed:
            if not self._changed.wait_for(lambda: self._busy < self._width, timeout=QUEUE_SECONDS):
                raise Unavailable(_l("Many PDFs are being made right now. Try again in a minute."))
            self._busy += 1
            worker = self._idle.pop() if self._idle else None
        try:
            if worker is not None and worker.jobs_left <= 0:
                self._end(worker)
                worker = None
            return worker or self._begin()
        except BaseException:
            self._leave(None)
            raise

    def _begin(self) -> Worker:
        worker = Worker()
        self._workers.append(worker)
        return worker

    def _end(self, worker: Worker) -> None:
        if worker in self._workers:  # else whoever closes has ended it
            self._workers.remove(worker)
            worker.kill()

    def _leave(self, worker: Worker | None) -> None:
        with self._changed:
            self._busy -= 1
            if worker is not None:
                self._idle.append(worker)
            self._changed.notify()


_renderer = Renderer()


def render_pdf(
    html: str,
    *,
    page_count: int = 0,
    style: str = "",
    backdrops: Mapping[str, str] | None = None,
    attachment: AttachedFile | None = None,
) -> bytes:
    """Return a complete HTML document as PDF/A-3a and PDF/UA-1.

    The family "Spectral" (400, 400 italic, 500, 600, 700) is there; pictures come as small
    ``data:image/png;base64,`` URLs with an ``alt``. What ``<html lang>``, ``<title>`` and the ``dcterms``
    dates say, the PDF says too. Text in page margins is not read aloud.

    Args:
        html: the document.
        page_count: how many pages it must have; 0 for any number.
        style: its style sheet, kept by the worker for the next document; a ``<style>`` is parsed each time.
        backdrops: by the name of a page (CSS ``page``) a document of one page with drawings only, SVG lines
            and areas; it is drawn once and lies under all pages of that name. Nobody reads it aloud.
        attachment: a file to carry along.

    Raises:
        PageCountError: it came to another number of pages.
        RenderError: the document asks for anything else, or WeasyPrint warned about it.
        RendererMissing: system libraries are missing; the message holds the line that installs them.
        Unavailable: the worker ran out of memory or time, or is busy.
    """
    carried = attachment and (
        attachment.name,
        attachment.description,
        attachment.at.isoformat(),
        attachment.text,
    )
    order = Order(html, page_count, style, tuple((backdrops or {}).items()), carried or ())
    request = write_order(order)
    if len(request) > MAX_HTML_BYTES:
        raise RenderError(f"document of {len(request)} bytes; {MAX_HTML_BYTES} at most")
    return _renderer.render(request)


def widen(count: int) -> None:
    """Let this process keep so many workers, 95 MB each, from when they are first needed at once."""
    _renderer.widen(count)


def check() -> str:
    """Return "" when PDFs can be made here, else what to do."""
    try:
        _renderer.start()
    except RendererMissing:
        return f"PDFs are not available on this machine yet. Type: {APT_LINE}"
    except Unavailable:
        return "The PDF renderer does not start; the log says why."
    return ""


def _font_folder() -> Path:
    spec = importlib.util.find_spec("fontpkg_spectral")
    if spec is None or spec.origin is None:
        raise Unavailable(_l("The typeface of PDFs is not installed. Install the requirements again."))
    return Path(spec.origin).parent / "files"


def _after_fork() -> None:
    global _renderer  # noqa: PLW0603  (the parent's worker and lock are not ours)
    _renderer.forget()
    _renderer = Renderer()


def _close() -> None:
    _renderer.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_close)
