"""The process that turns HTML into PDF. It runs as a script, knows nothing of the house and trusts nobody.

`lms.core.pdf` starts it with an empty environment and the number of a socket. It reads one `Order` after
another as JSON, and answers with ``P`` and the PDF, ``N`` and the number of pages it came to instead, or
``E`` and what went wrong. When the socket closes, because the server is gone, it ends.

Every PDF is PDF/A-3a and PDF/UA-1.
"""

from __future__ import annotations

import base64
import binascii
import gc
import io
import itertools
import logging
import os
import resource
import shutil
import signal
import struct
import sys
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lms.core import pdf_finishing, pdf_speed
from lms.core.pdf_keeping import Shelf
from lms.core.pdf_order import Order, read_order
from lms.core.pdf_reading import read_tree
from lms.core.pdf_style import DEFAULT_STYLE, FACES, FONT_SCHEME, font_faces

MEMORY_BYTES = 1_500_000_000
"""Address space; a certificate needs about 0.4 GB of it, most of which is never touched."""
FILE_BYTES = 50_000_000
CPU_SECONDS = 15
"""Of one document; a certificate takes 0.05."""
WALL_SECONDS = 25
"""Of one document, in case nobody waits for it any more."""
IMAGE_BYTES = 200_000
IMAGE_SIDE_PIXELS = 2_000

DOCUMENTS_PER_COLLECTION = 8
LARGE_BYTES = 200_000
"""A PDF of many pages; what it left behind is collected at once."""
VARIANT = "pdf/a-3a"
KEPT = 16
"""Parsed style sheets and drawn backdrops kept for the next documents."""

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
        self.remark = pdf_speed.take_shortcuts(weasyprint)
        self._shelf = Shelf()
        if not self.remark:
            self._shelf.install()
        self._faults = Faults()
        weasyprint.LOGGER.addHandler(self._faults)
        self._bodies = {FONT_SCHEME + name: (fonts / name).read_bytes() for name, _, _ in FACES}
        self._fetcher = self._closed_fetcher()
        self._fonts = weasyprint_fonts.FontConfiguration()
        self._sheet = weasyprint.CSS(string=font_faces(), font_config=self._fonts, url_fetcher=self._fetcher)
        if self._faults.messages:
            raise OSError("; ".join(self._faults.messages))
        self._html = self._html_class()
        pdf = weasyprint.pdf
        pdf.Stream = self._stream = pdf_finishing.speaking_stream(pdf.Stream, pdf.pydyf.String)
        self._style = lru_cache(KEPT)(self._parse_style)
        self._backdrop = lru_cache(KEPT)(self._draw)
        self._warm_up()

    def render(self, order: Order) -> bytes:
        """Return the PDF of a document.

        Raises:
            PageCountError: the pages are not as many as ordered.
            ValueError: WeasyPrint warned, asked for a foreign address, or the document attaches files.
        """
        self._faults.messages.clear()
        sheets = [self._sheet, self._style(order.style)] if order.style else [self._sheet]
        with self._shelf.opened(order.style):
            document = self._lay_out(order.html, sheets)
        if order.page_count and len(document.pages) != order.page_count:
            raise PageCountError(str(len(document.pages)))
        pages = {page._page_box.page_type.name for page in document.pages}
        drawings = {name: self._backdrop(html) for name, html in order.backdrops if name in pages}
        self._stream.document_language = document.metadata.lang
        pdf: bytes = document.write_pdf(
            pdf_variant=VARIANT, attachments=self._attachments(order), finisher=self._finisher(drawings)
        )
        if self._faults.messages:
            raise ValueError("; ".join(self._faults.messages))
        return pdf

    def _lay_out(self, html: str, sheets: list[Any]) -> Any:
        source = self._html(html, self._fetcher)
        _refuse_attachments(source.etree_element)
        return source.render(stylesheets=sheets, font_config=self._fonts)

    def _html_class(self) -> Any:
        """Return the class of documents whose default style is ours, and which may be XML."""
        defaults = [self._weasyprint.CSS(string=DEFAULT_STYLE, url_fetcher=self._fetcher)]
        wrapper = self._weasyprint.cssselect2.ElementWrapper

        class Html(self._weasyprint.HTML):  # type: ignore[name-defined,misc]
            """A document of the house."""

            def __init__(self, source: str, fetcher: Any) -> None:
                tree = read_tree(source)
                if tree is None:
                    super().__init__(string=source, url_fetcher=fetcher)
                    return
                self.base_url, self.media_type, self.url_fetcher = None, "print", fetcher
                self.wrapper_element = wrapper.from_html_root(tree, content_language=None)
                self.etree_element = tree

            def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: ARG002
                return defaults

        return Html

    def _finisher(self, drawings: dict[str, bytes]) -> Callable[[Any, Any], None]:
        stream_class = self._weasyprint.pdf.pydyf.Stream

        def finish(document: Any, pdf: Any) -> None:
            pdf_finishing.declare_accessible(pdf)
            pdf_finishing.list_attachments_once(pdf)
            pdf_finishing.set_margins_aside(pdf)
            pdf_finishing.lay_backdrops(document, pdf, drawings, stream_class)
            pdf_finishing.pack(pdf)

        return finish

    def _attachments(self, order: Order) -> list[Any]:
        if not order.attachment:
            return []
        name, description, at, text = order.attachment
        moment = datetime.fromisoformat(at)
        return [
            self._weasyprint.Attachment(
                file_obj=io.BytesIO(text.encode()),
                url_fetcher=self._fetcher,
                name=name,
                description=description,
                created=moment,
                modified=moment,
                relationship="Data",
            )
        ]

    def _parse_style(self, style: str) -> Any:
        return self._weasyprint.CSS(string=style, font_config=self._fonts, url_fetcher=self._fetcher)

    def _draw(self, html: str) -> bytes:
        drawn: list[bytes] = []
        self._lay_out(html, [self._sheet]).write_pdf(
            finisher=lambda _document, pdf: drawn.append(pdf_finishing.drawing(pdf))
        )
        return drawn[0]

    def _warm_up(self) -> None:
        self.render(Order('<html lang="id"><title>.</title><body>Penggerak <b>0</b></body></html>', 1))
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


def _refuse_attachments(root: Any) -> None:
    for element in root.iter():
        if "attachment" in (element.get("rel") or "").lower().split():
            raise ValueError("a document may not attach files")


def answer(renderer: Renderer, request: bytes) -> bytes:
    """Return the reply to one request: ``P``, ``N`` or ``E`` and what belongs to it."""
    try:
        return b"P" + renderer.render(read_order(request))
    except PageCountError as error:
        return b"N" + str(error).encode()
    except (Exception, renderer._weasyprint.urls.FatalURLFetchingError) as error:
        return b"E" + f"{type(error).__name__}: {error}".encode(errors="replace")


def serve(socket: Connection, fonts: Path) -> None:
    """Say ``P`` and what to log when ready (or ``E`` and why not), then answer until the socket closes."""
    limit_process()
    try:
        renderer = Renderer(fonts)
    except (OSError, RuntimeError) as error:
        socket.send_bytes(b"E" + str(error).encode(errors="replace"))
        return
    socket.send_bytes(b"P" + renderer.remark.encode())
    gc.disable()  # a document makes some 10,000 objects in circles: looked at once for many, not all the time
    for count in itertools.count(1):
        try:
            request = socket.recv_bytes()
        except (EOFError, ConnectionError):
            return
        limit_document()
        reply = answer(renderer, request)
        signal.alarm(0)
        socket.send_bytes(reply)
        if count % DOCUMENTS_PER_COLLECTION == 0 or len(reply) > LARGE_BYTES:
            gc.collect()


if __name__ == "__main__":
    sys.stdout = io.StringIO()  # WeasyPrint prints advice when libraries are missing
    try:
        serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
    finally:
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)  # the server may have been killed
