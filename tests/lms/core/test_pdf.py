"""The PDF worker: what it lets through, what it refuses, how it dies."""

from __future__ import annotations

import base64
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import segno

from lms.core import pdf
from lms.core.errors import Unavailable

PAGE = '<html lang="id"><head><title>Uji</title>{head}</head><body>{body}</body></html>'


def page(body: str = "", head: str = "") -> str:
    return PAGE.format(body=body, head=head)


def fill(html: str, url: str) -> str:
    return html.replace("{u}", url).replace("{{", "{").replace("}}", "}")


def png() -> str:
    stream = io.BytesIO()
    segno.make("HTTPS://EXAMPLE.ID/V/X", micro=False).save(stream, kind="png", scale=4)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


@pytest.fixture(scope="module", autouse=True)
def _close() -> Iterator[None]:
    yield
    pdf._close()


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(302 if self.path.startswith("/redirect") else 200)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()


VECTORS = {
    "image": page('<img src="{u}/a.png" alt="">'),
    "stylesheet": page(head='<link rel="stylesheet" href="{u}/a.css">'),
    "import": page(head='<style>@import url("{u}/a.css");</style>'),
    "background": page('<p style="background:url({u}/a.png)">x'),
    "font": page("<p>x", "<style>@font-face{{font-family:F;src:url({u}/f.ttf)}}p{{font-family:F}}</style>"),
    "svg image": page('<svg width="9" height="9"><image href="{u}/a.png" width="9" height="9"/></svg>'),
    "svg use": page('<svg width="9" height="9"><use href="{u}/a.svg#x"/></svg>'),
    "object": page('<object data="{u}/a.png" type="image/png"></object>'),
    "embed": page('<embed src="{u}/a.png" type="image/png">'),
    "redirect": page('<img src="{u}/redirect" alt="">'),
    "list image": page('<ul style="list-style-image:url({u}/a.png)"><li>x</ul>'),
    "content": page('<p style="content:url({u}/a.png)">x'),
    "attachment": page(head='<link rel="attachment" href="{u}/a.txt">'),
    "attached file": page(head='<link rel="ATTACHMENT" href="file:///etc/passwd">'),
    "attached link": page('<a rel="nofollow attachment" href="file:///etc/passwd">x</a>'),
    "file image": page('<img src="file:///etc/passwd" alt="">'),
    "file stylesheet": page(head='<link rel="stylesheet" href="file:///etc/passwd">'),
    "svg in data": page('<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>">'),
    "text in data": page('<img src="data:text/html,x" alt="">'),
    "css in data": page(head='<link rel="stylesheet" href="data:text/css,p{{color:red}}">'),
    "font as image": page('<img src="penggerak-font:../../../etc/passwd" alt="">'),
    "ftp": page('<img src="ftp://127.0.0.1/a.png" alt="">'),
    "base": page('<img src="a.png" alt="">', '<base href="{u}/">'),
}


@pytest.mark.parametrize("name", VECTORS)
def test_no_document_reaches_beyond_itself(name: str, canary: tuple[str, list[str]]) -> None:
    url, hits = canary
    html = fill(VECTORS[name], url)
    try:
        made = pdf.render_pdf(html)
    except pdf.RenderError:
        made = b""  # refused: as good
    assert hits == []
    assert b"/EmbeddedFile" not in made
    assert b"root:" not in made


@pytest.mark.parametrize(
    "name", ["image", "stylesheet", "font", "redirect", "attachment", "file image", "svg in data"]
)
def test_a_foreign_address_fails_the_document(name: str) -> None:
    with pytest.raises(pdf.RenderError):
        pdf.render_pdf(
            VECTORS[name].replace("{u}", "http://127.0.0.1:9").replace("{{", "{").replace("}}", "}")
        )


def test_our_own_picture_passes() -> None:
    assert b"/Image" in pdf.render_pdf(page(f'<img src="{png()}" alt="QR">'))


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,!!!!",
        "data:image/png;base64," + base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
        "data:image/png;base64,"
        + base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00").decode(),
        "data:image/png;base64," + "A" * 500_000,
    ],
    ids=["not base64", "not a PNG", "65536 pixels wide", "too large"],
)
def test_a_picture_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(pdf.RenderError):
        pdf.render_pdf(page(f'<img src="{url}" alt="">'))


def test_a_sign_no_face_has_fails_instead_of_printing_a_box() -> None:
    with pytest.raises(pdf.RenderError, match="notdef"):
        pdf.render_pdf(page("<p>漢</p>"))


def test_the_same_document_gives_the_same_bytes_also_from_another_worker() -> None:
    html = page(f"<h1>Sertifikat</h1><p><i>Ṣāliḥ</i> Nguyễn <img src='{png()}' alt='QR'>")
    first = pdf.render_pdf(html)
    pdf.render_pdf(page("<p>something else</p>"))
    assert pdf.render_pdf(html) == first
    pdf._close()
    assert pdf.render_pdf(html) == first


def test_threads_share_one_worker_in_turn() -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(pdf.render_pdf(page("<p>x")))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


def test_a_document_that_takes_too_long_is_killed_and_the_next_one_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert pdf.check() == ""
    monkeypatch.setattr(pdf, "RENDER_SECONDS", 0.2)
    with pytest.raises(Unavailable):
        pdf.render_pdf(page("<table>" + "<tr><td>x<td>y" * 20_000 + "</table>"))
    monkeypatch.undo()
    assert pdf.render_pdf(page("<p>x")).startswith(b"%PDF")


def test_a_worker_that_dies_is_replaced() -> None:
    assert pdf.check() == ""
    os.kill(pdf._renderer._idle[0]._process.pid, signal.SIGKILL)
    with pytest.raises(Unavailable):
        pdf.render_pdf(page("<p>x"))
    assert pdf.render_pdf(page("<p>x")).startswith(b"%PDF")


def test_a_worker_retires_after_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf.render_pdf(page("<p>x"))
    before = pdf._renderer._idle[0]._process.pid
    pdf._renderer._idle[0].jobs_left = 0
    pdf.render_pdf(page("<p>x"))
    assert pdf._renderer._idle[0]._process.pid != before


@pytest.mark.parametrize("width", [1, 2])
def test_as_many_documents_are_set_at_once_as_a_process_asks_for(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(pdf, "_renderer", pdf.Renderer())
    pdf.widen(width)
    long = page("<table>" + "<tr><td>x<td>y" * 300 + "</table>")

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(pdf.render_pdf, [long] * 8))

    assert len(set(made)) == 1
    assert len(pdf._renderer._idle) == width, "the others waited"
    pdf._renderer.close()


def test_a_document_that_is_wrong_leaves_its_worker_to_the_next() -> None:
    pdf.render_pdf(page("<p>x"))
    before = pdf._renderer._idle[0]._process.pid
    with pytest.raises(pdf.RenderError):
        pdf.render_pdf(page("<img src='https://example.id/x.png' alt=''>"))
    assert [worker._process.pid for worker in pdf._renderer._idle] == [before]


def test_the_worker_has_limits_and_an_empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "must not leak")
    pdf._close()
    assert pdf.check() == ""
    process = Path("/proc") / str(pdf._renderer._idle[0]._process.pid)
    assert b"LMS_SECRET_KEY" not in (process / "environ").read_bytes()
    limits = (process / "limits").read_text()
    assert "1500000000" in next(line for line in limits.splitlines() if "address space" in line)


def test_without_the_libraries_the_message_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import sys\nfrom multiprocessing.connection import Connection\n"
        "Connection(int(sys.argv[1])).send_bytes(b\"Ecannot load library 'libpango-1.0-0'\")\n"
    )
    pdf._close()
    monkeypatch.setattr(pdf, "WORKER", worker)
    with pytest.raises(pdf.RendererMissing) as caught:
        pdf.render_pdf(page("<p>x"))
    assert caught.value.status == 503
    assert "libharfbuzz-subset0" in pdf.check()


def test_a_worker_that_does_not_start_is_not_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("raise SystemExit(3)\n")
    pdf._close()
    monkeypatch.setattr(pdf, "WORKER", worker)
    with pytest.raises(Unavailable) as caught:
        pdf.render_pdf(page("<p>x"))
    assert not isinstance(caught.value, pdf.RendererMissing)
    assert pdf.check()


def test_the_worker_does_not_outlive_its_server() -> None:
    script = (
        "import os, signal; from lms.core import pdf; pdf.check(); "
        "worker = pdf._renderer._idle[0]; print(worker._process.pid, worker._folder, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid, folder = done.stdout.split()
    process = Path("/proc") / pid
    for _ in range(100):
        if not process.exists() or "\nState:\tZ" in (process / "status").read_text():
            assert not Path(folder).exists()
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")


def test_a_forked_child_gets_a_worker_of_its_own() -> None:
    assert pdf.check() == ""
    child = os.fork()
    if child == 0:
        os._exit(0 if pdf.render_pdf(page("<p>x")).startswith(b"%PDF") else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert pdf.render_pdf(page("<p>x")).startswith(b"%PDF")


def test_the_number_of_pages_is_checked_when_asked() -> None:
    two = page('<p>one</p><p style="break-before:page">two</p>')
    assert pdf.render_pdf(two, page_count=2) == pdf.render_pdf(two)
    with pytest.raises(pdf.PageCountError):
        pdf.render_pdf(two, page_count=1)


def test_a_huge_document_is_refused_before_it_is_sent() -> None:
    with pytest.raises(pdf.RenderError):
        pdf.render_pdf("x" * (pdf.MAX_HTML_BYTES + 1))
