"""The shortcuts of the PDF worker change the time only: pages come out as WeasyPrint makes them without."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pytest

from lms.core import pdf, pdf_speed
from lms.core.pdf import _font_folder
from lms.core.pdf_order import Order, write_order

ROOT = Path(__file__).parents[3]

SCRIPT = """
import sys
from pathlib import Path
from lms.core import pdf_speed, pdf_worker
if sys.argv[1] == "usual":
    pdf_speed.VERSION = "69.9"
renderer = pdf_worker.Renderer(Path(sys.argv[2]))
assert bool(renderer.remark) == (sys.argv[1] == "usual"), renderer.remark
order = pdf_worker.Order(sys.stdin.read())
body = renderer.render(order)
assert renderer.render(order) == body
sys.stdout.buffer.write(body)
"""
DOCUMENT = """<!DOCTYPE html>
<html lang="id"><head><title>Semua</title><style>
@page{size:100mm 120mm;margin:10mm 8%}
.justified{text-align:justify;width:70%;text-indent:2em;margin:0 auto 3mm}
.box{box-sizing:border-box;width:50%;padding:2mm;border:1mm solid #14245C;margin-inline-start:4mm}
.row{display:flex;gap:2mm}.row p{flex:1;min-width:10mm;padding:1mm 5%}
.grid{display:grid;grid-template-columns:1fr 2fr}
.collapsed{border-collapse:collapse;width:100%}.collapsed td{border:.3mm solid #80621A;padding:1mm}
.lines{white-space:pre-line;text-decoration:underline;letter-spacing:.1em}
.float{float:right;width:calc(20mm + 5%);max-height:40mm}
.wide{word-spacing:2mm;overflow-wrap:anywhere;width:22mm}
i{position:relative;top:1mm}
</style></head><body>
<h1>Hak &amp; kewajiban</h1>
<div class="float">Di kanan, <b>sempit</b> dan beberapa baris panjangnya.</div>
<p class="justified">Upah dibayar tepat waktu, utuh dan dengan rincian; siapa yang tidak menerimanya
dapat meminta penjelasan, lalu perundingan, <i lang="en">and so on</i> sampai
ke pengadilan hubungan industrial.</p>
<div class="box">Kotak<br/>dua baris</div>
<div class="row"><p>Satu</p><p>Dua kata</p><p>Tiga kata saja</p></div>
<div class="grid"><p>Kiri</p><p>Kanan lebih lebar</p></div>
<table class="collapsed"><tbody>
<tr><th scope="col">A</th><td>1</td></tr><tr><td colspan="2">dua</td></tr></tbody></table>
<p class="lines">baris satu
baris dua</p>
<p class="wide">Pertanggungjawabankeseluruhan 12 x</p>
<ol><li>pertama</li><li>kedua</li></ol>
</body></html>"""


def made(way: str) -> list[bytes]:
    """Return the contents of the pages of the document."""
    command = [sys.executable, "-c", SCRIPT, way, str(_font_folder())]
    done = subprocess.run(command, input=DOCUMENT.encode(), capture_output=True, check=True, cwd=ROOT)
    with pikepdf.open(io.BytesIO(done.stdout)) as document:
        for page in document.pages:
            page.contents_coalesce()
        return [page.Contents.read_bytes() for page in document.pages]


def test_pages_are_drawn_as_without_shortcuts() -> None:
    assert made("quick") == made("usual")


def test_another_weasyprint_works_as_it_is_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = tmp_path / "worker.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from lms.core import pdf_speed, pdf_worker\npdf_speed.VERSION = '69.9'\n"
        "pdf_worker.serve(pdf_worker.Connection(int(sys.argv[1])), pdf_worker.Path(sys.argv[2]))\n"
    )
    monkeypatch.setattr(pdf, "WORKER", script)

    worker = pdf.Worker()
    try:
        body = worker.render(write_order(Order(DOCUMENT)))
    finally:
        worker.kill()

    assert body.startswith(b"%PDF")
    assert "without shortcuts, which were written for 69.9" in caplog.text


def test_the_shortcuts_are_for_the_version_that_is_pinned() -> None:
    assert f"weasyprint=={pdf_speed.VERSION}\n" in (ROOT / "setup.cfg").read_text()
    assert version("weasyprint") == pdf_speed.VERSION
