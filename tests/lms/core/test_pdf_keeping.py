"""What the PDF worker keeps changes the time only: a document has the same bytes whatever came before it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lms.core.pdf import _font_folder
from lms.core.pdf_keeping import ASKS_FOR_MORE, Shelf

ROOT = Path(__file__).parents[3]
SHEET = """
@page{size:120mm 90mm;margin:10mm}
.name{font-weight:600;text-align:center}.list td{padding:1mm}.list .shade{background:#F4F6FB}
.wide{letter-spacing:.1em;width:30mm;overflow-wrap:anywhere}i{color:#4C526B}
"""
DOCUMENT = """<html lang="id"><head><title>%(name)s</title></head><body>
<p class="name" style="font-size:%(size)spt">%(name)s</p>
<p>telah lulus <i lang="en">has passed</i><br/>sekali</p>
<table class="list"><tbody><tr><td>Satu</td><td>%(mark)s</td></tr>
<tr class="shade"><td>Dua</td><td>%(mark)s</td></tr></tbody></table>
<p class="wide">Pertanggungjawabankeseluruhan %(name)s</p></body></html>"""
PEOPLE = (
    {"name": "Sari", "size": 20, "mark": "80"},
    {"name": "Muhammad Lutfi bin Haji Ahmad", "size": 14, "mark": "95"},
    {"name": "Dewi", "size": 20, "mark": "–"},
)

SCRIPT = """
import hashlib, json, sys
from pathlib import Path
from lms.core import pdf_keeping, pdf_worker
task = json.loads(sys.stdin.read())
if task["way"] == "usual":
    pdf_keeping.Shelf.install = lambda shelf: None
if task["way"] == "crowded":
    pdf_keeping.KEPT_ELEMENTS = 5
renderer = pdf_worker.Renderer(Path(sys.argv[1]))
orders = [pdf_worker.Order(html, style=task["sheet"]) for html in task["documents"]]
bodies = [renderer.render(order) for order in orders]
shelf = renderer._shelf
digests = [hashlib.sha256(body).hexdigest() for body in bodies]
print(json.dumps([digests, shelf.element_count, shelf.line_count]))
"""


def made(way: str, documents: list[str], sheet: str = SHEET) -> tuple[list[str], int, int]:
    """Return the hashes of documents made one after another, and how much was kept of them."""
    task = json.dumps({"way": way, "documents": documents, "sheet": sheet})
    command = [sys.executable, "-c", SCRIPT, str(_font_folder())]
    done = subprocess.run(command, input=task, text=True, capture_output=True, check=True, cwd=ROOT)
    digests, elements, lines = json.loads(done.stdout)
    return digests, elements, lines


@pytest.fixture(scope="module")
def documents() -> list[str]:
    return [DOCUMENT % person for person in PEOPLE]


@pytest.fixture(scope="module")
def usual(documents: list[str]) -> dict[str, str]:
    digests, elements, lines = made("usual", documents)
    assert (elements, lines) == (0, 0)
    return dict(zip(documents, digests, strict=True))


def test_a_document_has_the_same_bytes_whatever_was_made_before(
    documents: list[str], usual: dict[str, str]
) -> None:
    first, second, third = documents
    order = [second, first, second, third, first, third]

    digests, elements, lines = made("quick", order)

    assert digests == [usual[document] for document in order]
    assert elements > 10
    assert lines > 10


def test_what_grows_too_large_is_forgotten(documents: list[str], usual: dict[str, str]) -> None:
    digests, elements, _lines = made("crowded", documents * 2)

    assert digests == [usual[document] for document in documents * 2]
    assert elements < 30


def test_a_sheet_that_looks_at_siblings_is_left_to_weasyprint(documents: list[str]) -> None:
    sheet = SHEET + "p:nth-child(2){font-weight:700}"

    digests, elements, lines = made("quick", documents, sheet)

    assert digests == made("usual", documents, sheet)[0]
    assert (elements, lines) == (0, 0)


@pytest.mark.parametrize(
    "sheet",
    [
        "h1+p{color:red}",
        "tr:nth-child(even){color:red}",
        "p[lang]{color:red}",
        "p{width:5vw}",
        "p{text-overflow:ellipsis}",
        "div{display:flex}",
        "p{text-align:justify}",
        "p{color:var(--ink)}",
    ],
)
def test_sheets_that_ask_for_more_are_known(sheet: str) -> None:
    assert ASKS_FOR_MORE.search(sheet)


def test_the_sheet_of_certificates_asks_for_no_more() -> None:
    shelf = Shelf()

    with shelf.opened((ROOT / "certificates" / "static" / "paper.css").read_text()):
        assert shelf.is_used
    assert not shelf.is_used
