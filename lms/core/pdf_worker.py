"""The process that turns HTML into PDF. It runs as a script, knows nothing of the house and trusts nobody.

`lms.core.pdf` starts it with an empty environment and the number of a socket. It reads one HTML
document after another, each behind two bytes that say how many pages it must have (0: any), and answers
with ``P`` and the PDF, ``N`` and the number of pages it came to instead, or ``E`` and what went wrong. When
the socket closes, because the server is gone, it ends.
"""

from __future__ import annotations

import base64
import binascii
import gc
import io
import logging
import os
import resource
import shutil
import signal
import struct
import sys
import warnings
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1_500_000_000
"""Address space; a certificate needs about 0.4 GB of it, most of which is never touched."""
FILE_BYTES = 50_000_000
CPU_SECONDS = 15
"""Of one document; a certificate takes 0.05."""
WALL_SECONDS = 25
"""Of one document, in case nobody waits for it any more."""
IMAGE_BYTES = 200_000
IMAGE_SIDE_PIXELS = 2_000

FACES = (
    ("Spectral-Regular.ttf", 400, "normal"),
    ("Spectral-Italic.ttf", 400, "italic"),
    ("Spectral-Medium.ttf", 500, "normal"),
    ("Spectral-SemiBold.ttf", 600, "normal"),
    ("Spectral-Bold.ttf", 700, "normal"),
)
"""The bundled faces: file, weight, style. Every document has them as the family "Spectral"."""
FONT_SCHEME = "penggerak-font:"
PNG_PREFIX = "data:image/png;base64,"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Faults(logging.Handler):
    """Collects what WeasyPrint warns about: any of it makes the document wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage())


def limit_process() -> None:
    """Cap memory and file size for good; no core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_document() -> None:
    """Give the next document its share of CPU and time; the kernel ends the process beyond."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, resource.RLIM_INFINITY))
    signal.alarm(WALL_SECONDS)


def read_png(url: str) -> bytes:
    """Return the picture in a data URL.

    Raises:
        ValueError: it is not a PNG of ours: wrong kind, too large, or not decodable.
    """
    if not url.startswith(PNG_PREFIX) or len(url) > IMAGE_BYTES * 2:
        raise ValueError("only small data:image/png is let through")
    try:
        body = base64.b64decode(url[len(PNG_PREFIX) :], validate=True)
    except binascii.Error as error:
        raise ValueError("damaged base64") from error
    if len(body) > IMAGE_BYTES or not body.startswith(PNG_SIGNATURE) or body[12:16] != b"IHDR":
        raise ValueError("not a small PNG")
    if max(struct.unpack(">II", body[16:24])) > IMAGE_SIDE_PIXELS:
        raise ValueError("PNG with too many pixels")
    return body


class PageCountError(Exception):
    """The document came to another number of pages than asked for."""


class Renderer:
    """WeasyPrint with bundled fonts only, loaded once."""

    def __init__(self, fonts: Path) -> None:
        """Load WeasyPrint and the faces.

        Raises:
            OSError: a system library is missing.
            RuntimeError: libharfbuzz-subset is missing: fonts would be cut 12 times slower, and otherwise.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import weasyprint  # noqa: PLC0415  (loads system libraries that may be missing)
            from weasyprint.text import ffi  # noqa: PLC0415
            from weasyprint.text import fonts as weasyprint_fonts  # noqa: PLC0415
        if ffi.harfbuzz_subset is None:
            raise RuntimeError("libharfbuzz-subset is missing")
        self._weasyprint = weasyprint
        self._faults = Faults()
        weasyprint.LOGGER.addHandler(self._faults)
        self._bodies = {FONT_SCHEME + name: (fonts / name).read_bytes() for name, _, _ in FACES}
        self._fetcher = self._closed_fetcher()
        self._fonts = weasyprint_fonts.FontConfiguration()
        self._sheet = weasyprint.CSS(string=_font_faces(), font_config=self._fonts, url_fetcher=self._fetcher)
        if self._faults.messages:
            raise OSError("; ".join(self._faults.messages))
        self._warm_up()

    def render(self, html: str, page_count: int) -> bytes:
        """Return the PDF of a document.

        Raises:
            PageCountError: ``page_count`` is not 0 and not what it came to.
            ValueError: WeasyPrint warned, asked for a foreign address, or the document attaches files.
        """
        self._faults.messages.clear()
        source = self._weasyprint.HTML(string=html, url_fetcher=self._fetcher)
        _refuse_attachments(source.etree_element)
        document = source.render(stylesheets=[self._sheet], font_config=self._fonts)
        if page_count and len(document.pages) != page_count:
            raise PageCountError(str(len(document.pages)))
        pdf: bytes = document.write_pdf()
        if self._faults.messages:
            raise ValueError("; ".join(self._faults.messages))
        return pdf

    def _warm_up(self) -> None:
        self.render('<html lang="id"><title>.</title><body>Penggerak <b>0</b></body></html>', 1)
        gc.collect()
        gc.freeze()

    def _closed_fetcher(self) -> Any:
        urls = self._weasyprint.urls
        bodies = self._bodies

        class ClosedFetcher(urls.URLFetcher):  # type: ignore[name-defined,misc]
            """Lets through the bundled fonts and small PNG pictures inside the document, nothing else."""

            def __init__(self) -> None:
                super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

            def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002
                if url in bodies:
                    return urls.URLFetcherResponse(url, bodies[url], {"Content-Type": "font/ttf"})
                try:
                    body = read_png(url)
                except ValueError as error:
                    raise urls.FatalURLFetchingError(f"{error}: {url[:100]}") from error
                return urls.URLFetcherResponse(url, body, {"Content-Type": "image/png"})

        return ClosedFetcher()


def _font_faces() -> str:
    faces = [
        f"@font-face{{font-family:Spectral;font-weight:{weight};font-style:{style};src:url({FONT_SCHEME}{name})}}"
        for name, weight, style in FACES
    ]
    return "".join(faces) + "html{font-family:Spectral}"


def _refuse_attachments(root: Any) -> None:
    for element in root.iter():
        if "attachment" in (element.get("rel") or "").lower().split():
            raise ValueError("a document may not attach files")


def answer(renderer: Renderer, request: bytes) -> bytes:
    """Return the reply to one request: ``P``, ``N`` or ``E`` and what belongs to it."""
    page_count = int.from_bytes(request[:2], "big")
    try:
        return b"P" + renderer.render(request[2:].decode(), page_count)
    except PageCountError as error:
        return b"N" + str(error).encode()
    except (Exception, renderer._weasyprint.urls.FatalURLFetchingError) as error:
        return b"E" + f"{type(error).__name__}: {error}".encode(errors="replace")


def serve(socket: Connection, fonts: Path) -> None:
    """Say ``P`` when ready (or ``E`` and why not), then answer until the socket closes."""
    limit_process()
    try:
        renderer = Renderer(fonts)
    except (OSError, RuntimeError) as error:
        socket.send_bytes(b"E" + str(error).encode(errors="replace"))
        return
    socket.send_bytes(b"P")
    while True:
        try:
            request = socket.recv_bytes()
        except (EOFError, ConnectionError):
            return
        limit_document()
        reply = answer(renderer, request)
        signal.alarm(0)
        socket.send_bytes(reply)


if __name__ == "__main__":
    sys.stdout = io.StringIO()  # WeasyPrint prints advice when libraries are missing
    try:
        serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
    finally:
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)  # the server may have been killed
