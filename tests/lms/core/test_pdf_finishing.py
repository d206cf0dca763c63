"""What makes a PDF of WeasyPrint one of ours: tags, drawings below, the file it carries."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pikepdf
import pytest

from lms.core import pdf

PAGE = '<html lang="id"><head><title>Uji</title></head><body>{body}</body></html>'
DRAWING = (
    '<html lang="id"><head><title>.</title><style>@page{{margin:0}}</style></head><body>'
    '<svg viewBox="0 0 9 9">{shape}</svg></body></html>'
)
SQUARE = DRAWING.format(shape='<rect width="4" height="3.125" fill="#123456"/>')
FILE = pdf.AttachedFile(
    "kredensial.json", "Lencana", '{"nama":"Ṣāliḥ"}', datetime(2016, 10, 20, 9, 4, tzinfo=UTC)
)


@pytest.fixture(scope="module", autouse=True)
def _close() -> Iterator[None]:
    yield
    pdf._close()


def opened(body: bytes) -> pikepdf.Pdf:
    """Return the PDF to look into."""
    return pikepdf.open(io.BytesIO(body))


def contents(page: pikepdf.Page) -> bytes:
    """Return all that is drawn on a page."""
    page.contents_coalesce()
    return page.Contents.read_bytes()


def test_it_says_what_it_is_in_readable_metadata() -> None:
    body = pdf.render_pdf(PAGE.format(body="<p>x"))
    assert b'pdfuaid:part="1"' in body
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in body


def test_a_file_is_carried_once_as_data_with_its_day() -> None:
    with opened(pdf.render_pdf(PAGE.format(body="<p>x"), attachment=FILE)) as document:
        assert list(document.attachments) == ["kredensial.json"]
        carried = document.attachments["kredensial.json"]
        assert carried.get_file().read_bytes().decode() == FILE.text
        assert carried.get_file().mime_type == "application/json"
        assert carried.get_file().creation_date == FILE.at
        (associated,) = document.Root.AF
        assert (associated.AFRelationship, associated.Desc) == ("/Data", "Lencana")


def test_without_a_file_there_is_no_list_of_files() -> None:
    with opened(pdf.render_pdf(PAGE.format(body="<p>x"))) as document:
        assert "/AF" not in document.Root
        assert not document.attachments


def test_text_in_margins_is_an_artifact_and_hangs_in_no_tree() -> None:
    style = "@page{@bottom-left{content:'Halaman ' counter(page)}}"
    body = pdf.render_pdf(
        PAGE.format(body='<p>satu<p style="break-before:page">dua'), style=style, page_count=2
    )
    with opened(body) as document:
        for page in document.pages:
            drawn = contents(page).split()
            assert (drawn.count(b"BDC"), drawn.count(b"BMC")) == (1, 1)
        parents = [list(entry) for entry in document.Root.StructTreeRoot.ParentTree.Nums[1::2]]
        assert [len([one for one in entry if one is not None]) for entry in parents] == [1, 1]


def test_other_languages_are_marked_where_they_are_spoken() -> None:
    body = pdf.render_pdf(PAGE.format(body='<p>diberikan kepada <i lang="en">awarded to</i>'))
    with opened(body) as document:
        drawn = contents(document.pages[0])
        assert drawn.count(b"/Lang (en)") == 1
        assert b"/Lang (id)" not in drawn


def test_what_is_marked_depends_on_the_document_not_on_its_drawings() -> None:
    english = PAGE.format(body="<p>awarded to").replace('lang="id"', 'lang="en"')
    for _first_and_again in range(2):
        with opened(pdf.render_pdf(english, backdrops={"": SQUARE})) as document:
            assert b"/Lang" not in b"".join(part.read_bytes() for part in document.pages[0].Contents)


def test_a_drawing_lies_below_all_pages_of_its_name_and_is_stored_once() -> None:
    body = pdf.render_pdf(
        PAGE.format(body='<p class="a">satu<p class="a">dua<p class="b">tiga'),
        style=".a{page:framed;break-before:page}.b{page:plain}",
        backdrops={"framed": SQUARE, "unused": "not even read"},
        page_count=3,
    )
    with opened(body) as document:
        below = [list(page.Contents) for page in list(document.pages)[:2]]
        assert below[0][0].objgen == below[1][0].objgen
        assert below[0][0].read_bytes().startswith(b"/Artifact BMC\nq\n")
        assert isinstance(document.pages[2].Contents, pikepdf.Stream)


@pytest.mark.parametrize(
    "shape",
    [
        "<text>x</text>",
        '<rect width="4" height="4" fill="red" opacity=".5"/>',
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1"/></linearGradient>'
        '</defs><rect width="4" height="4" fill="url(#g)"/>',
    ],
    ids=["text", "transparency", "gradient"],
)
def test_a_drawing_that_needs_more_than_lines_and_areas_is_refused(shape: str) -> None:
    with pytest.raises(pdf.RenderError, match="plain lines and areas"):
        pdf.render_pdf(PAGE.format(body="<p>x"), backdrops={"": DRAWING.format(shape=shape)})


def test_a_style_is_used_by_the_document_it_came_with_only() -> None:
    wide = pdf.render_pdf(PAGE.format(body="<p>x"), style="@page{size:300mm 100mm}")
    plain = pdf.render_pdf(PAGE.format(body="<p>x"))

    def width(body: bytes) -> float:
        with opened(body) as document:
            return float(document.pages[0].MediaBox[2])

    assert width(wide) == pytest.approx(300 / 25.4 * 72, abs=0.1)
    assert width(plain) < width(wide)
