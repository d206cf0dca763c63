"""Drawings of a course: what a file may hold, how it comes into a lesson, and what is refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import brotli
import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.drawings import (
    CLASSES,
    MAX_BYTES,
    MAX_ELEMENTS,
    NAMED,
    Drawing,
    read_drawing,
    write_drawing,
)
from courses.catalogue.folder import read_files
from courses.catalogue.markdown import MarkdownFault, Rendered, render_lesson
from courses.catalogue.sources import CourseFolder, FolderFaults, LessonSource
from courses.facts.book import load_book
from lms.core.xml_reader import XmlFault
from tests.courses.catalogue.folders import LESSON, sample
from tests.courses.shipped import shipped_course

BOOK = load_book()
STYLE_SHEET = Path(__file__).parents[3] / "lms" / "core" / "static" / "app.css"
TRAINING = date(2016, 10, 19)
TOTAL = "jkm.benefit.total_without_scholarship"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 100">
<title>Bagi yang membuka berkasnya</title>
<!-- catatan -->
<defs><marker id="panah" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">
<path class="d-tip" d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="d-soft" x="8" y="8" width="304" height="84" rx="8"/>
<path class="d-flow" d="M20 50H90" marker-end="url(#panah)"/>
<text class="d-bold" x="160" y="40">Santunan &amp; <tspan class="d-muted">syaratnya</tspan></text>
</svg>
"""
WITH_NUMBER = SVG.replace("Santunan &amp;", f"{{fakta:{TOTAL}}}")
PICTURE = '![Sebuah kotak dengan panah menuju kata santunan.](gambar/jalan.svg "Jalan santunan")'


def wrapped(inside: str, attributes: str = 'viewBox="0 0 320 100"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>\n{inside}\n</svg>'.encode()


def drawn(source: str = SVG) -> dict[str, Drawing]:
    return {"gambar/jalan.svg": read_drawing(source.encode())}


def lesson(text: str, as_of: date = BOOK.as_of, source: str = SVG) -> Rendered:
    return render_lesson(
        text, book=BOOK, as_of=as_of, check=lambda key: f"<fieldset>{key}</fieldset>", drawings=drawn(source)
    )


def fault(text: str, source: str = SVG) -> MarkdownFault:
    with pytest.raises(MarkdownFault) as refused:
        lesson(text, source=source)
    return refused.value


# In a lesson


def test_a_drawing_is_part_of_the_page_with_its_alternative_and_caption() -> None:
    html = lesson(f"Satu.\n\n{PICTURE}\n\nDua.").html

    assert '<p>Satu.</p>\n<figure class="drawing">\n<svg viewBox="0 0 320 100" role="img"' in html
    assert 'aria-labelledby="gambar_1_judul"><title id="gambar_1_judul">Sebuah kotak' in html
    assert "<figcaption>Jalan santunan</figcaption>\n</figure>" in html
    assert "Santunan &amp; <tspan" in html
    assert "figure-slot" not in html


def test_a_lesson_with_drawings_is_valid_html() -> None:
    html = lesson(f"- Satu.\n\n  {PICTURE}\n\n::: ingat Dua\n{PICTURE}\n:::\n").html

    parser = html5lib.HTMLParser()
    parser.parse(f"<!DOCTYPE html><title>x</title>{html}")
    assert parser.errors == []


def test_what_is_for_authors_does_not_reach_the_page() -> None:
    html = lesson(PICTURE).html

    assert "membuka berkasnya" not in html
    assert "catatan" not in html
    assert "xmlns" not in html


def test_ids_of_two_drawings_do_not_meet() -> None:
    html = lesson(f"{PICTURE}\n\n{PICTURE}").html
    ids = re.findall(r'\bid="([^"]+)"', html)

    assert ids == ["gambar_1_judul", "gambar_1_panah", "gambar_2_judul", "gambar_2_panah"]
    assert re.findall(r"url\(#([^)]+)\)", html) == ["gambar_1_panah", "gambar_2_panah"]


def test_a_number_of_the_law_in_a_drawing_follows_the_law_date() -> None:
    assert ">Rp24.000.000 <tspan" in lesson(PICTURE, TRAINING, WITH_NUMBER).html
    assert ">Rp42.000.000 <tspan" in lesson(PICTURE, BOOK.as_of, WITH_NUMBER).html


def test_the_caption_links_to_the_law_behind_the_numbers() -> None:
    html = lesson(f"{PICTURE}\n\nJadi {{fakta:{TOTAL}}}.", source=WITH_NUMBER).html

    assert 'Angka dalam gambar: <a class="fact-value" id="fakta_1_2" href="#dasar_1"' in html
    assert 'href="#fakta_1_2"' in html
    assert html.count('<li id="dasar_1">') == 1


def test_a_drawing_notes_the_facts_it_uses_at_the_line_of_its_picture() -> None:
    uses = lesson(f"Satu.\n\n{PICTURE}", source=WITH_NUMBER).uses

    assert [(seen.key, seen.place) for seen in uses] == [(TOTAL, "3")]


def test_a_number_nobody_checked_carries_its_warning_below_the_drawing() -> None:
    doubtful = next(f for h in BOOK.facts.values() for f in h if f.is_doubtful)
    source = SVG.replace("Santunan", f"{{fakta:{doubtful.key}@{doubtful.valid_from}}}")

    html = lesson(PICTURE, source=source).html

    assert "belum diperiksa</span>" in html[html.index("<figcaption>") : html.index("</figcaption>")]


def test_alternative_and_caption_may_have_numbers_of_the_law() -> None:
    mark = f"{{fakta:{TOTAL}}}"
    text = f'![Santunan {mark} dibayar.](gambar/jalan.svg "Jumlahnya {mark}, *bila* aktif")'
    html = lesson(text, TRAINING).html

    assert '<title id="gambar_1_judul">Santunan Rp24.000.000 dibayar.</title>' in html
    assert "<em>bila</em> aktif" in html


def test_a_picture_may_run_over_lines() -> None:
    text = PICTURE.replace(" ", "\n")

    assert lesson(text).html == lesson(PICTURE).html


def test_a_picture_is_hidden_with_its_block() -> None:
    rendered = lesson(f"Satu.\n\n::: berlaku jkp\n{PICTURE}\n:::\n", TRAINING)

    assert rendered.html == "<p>Satu.</p>\n"


BAD_PICTURES = {
    "no alternative": '![](gambar/jalan.svg "Jalan santunan")',
    "an alternative that is the caption": '![Jalan santunan.](gambar/jalan.svg "Jalan santunan")',
    "an alternative that is the name": '![jalan](gambar/jalan.svg "Jalan santunan")',
    "an alternative that is the file": '![jalan.svg](gambar/jalan.svg "Jalan santunan")',
    "no caption": "![Sebuah kotak.](gambar/jalan.svg)",
    "an empty caption": '![Sebuah kotak.](gambar/jalan.svg " ")',
    "a missing file": '![Sebuah kotak.](gambar/lain.svg "Jalan")',
    "another folder": '![Sebuah kotak.](jalan.svg "Jalan")',
    "a folder above": '![Sebuah kotak.](gambar/../jalan.svg "Jalan")',
    "a photograph": '![Sebuah kotak.](gambar/jalan.png "Jalan")',
    "a picture of elsewhere": '![Sebuah kotak.](https://example.org/a.svg "Jalan")',
    "a script": '![Sebuah kotak.](javascript:alert(1) "Jalan")',
    "words behind it": f"{PICTURE} lalu",
    "words on the next line": f"{PICTURE}\nlalu",
    "two at once": f"{PICTURE}\n{PICTURE}",
    "a bracket in the alternative": '![Sebuah [kotak.](gambar/jalan.svg "Jalan")',
    "an unfinished picture": "![Sebuah kotak.](gambar/jalan.svg",
    "a reference": "![Sebuah kotak.][jalan]",
    "another mark in the alternative": '![Kotak {istilah:bpu}.](gambar/jalan.svg "Jalan")',
    "an unknown number in the alternative": '![Kotak {fakta:jkm.tidak.ada}.](gambar/jalan.svg "Jalan")',
}


@pytest.mark.parametrize("text", BAD_PICTURES.values(), ids=BAD_PICTURES.keys())
def test_a_bad_picture_is_a_fault_of_its_line(text: str) -> None:
    assert fault(f"Satu.\n\n{text}\n").line == 3


@pytest.mark.parametrize("text", ["no alternative", "a missing file", "words behind it", "a photograph"])
def test_a_bad_picture_is_a_fault_where_it_is_hidden_too(text: str) -> None:
    with pytest.raises(MarkdownFault) as refused:
        lesson(f"Satu.\n\n::: berlaku jkp\nDua.\n\n{BAD_PICTURES[text]}\n:::\n", TRAINING)

    assert refused.value.line == 6


def test_a_picture_within_a_sentence_is_refused() -> None:
    assert fault(f"Satu.\n\nLihat {PICTURE}.").line == 3
    assert fault(f"Satu.\n\n| A | B |\n|---|---|\n| {PICTURE} | b |\n").line == 5


def test_all_faults_of_a_lesson_come_together() -> None:
    found = fault("![](gambar/jalan.svg)\n\n{fakta:tidak.ada}\n\n![a](gambar/lain.svg)\n")

    assert [one.line for one in found.faults] == [1, 3, 5]


@pytest.mark.parametrize(
    "words", ["{fakta:jkm.tidak.ada}", "{pasal:uu-24-2011/55}", "{istilah:bpu}", "{fakta:jkm", "{}"]
)
def test_a_bad_mark_in_a_drawing_names_drawing_and_line(words: str) -> None:
    found = fault(f"Satu.\n\n{PICTURE}", source=SVG.replace("Santunan", words))

    assert found.line == 3
    assert found.message.startswith("gambar/jalan.svg:8: ")


# What a file may hold


HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a script of another namespace": '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
    "a handler": '<rect width="1" height="1" onload="alert(1)"/>',
    "a handler in capitals": '<rect width="1" height="1" ONLOAD="alert(1)"/>',
    "a handler with a prefix": '<rect xmlns:x="urn:x" x:onload="alert(1)"/>',
    "a handler of the keyboard": '<text x="1" y="1" onfocus="alert(1)" tabindex="0">a</text>',
    "a link": '<a href="https://example.org"><text>a</text></a>',
    "a link that runs": '<a href="javascript:alert(1)"><text>a</text></a>',
    "an old link": '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"/>',
    "a use": '<use href="#a"/>',
    "a picture": '<image href="https://example.org/a.png" width="1" height="1"/>',
    "HTML inside": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>',
    "HTML in the open": '<p xmlns="http://www.w3.org/1999/xhtml">a</p>',
    "an iframe": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="https://example.org"/>',
    "a style sheet": "<style>*{display:none}</style>",
    "a style": '<rect style="fill:red" width="1" height="1"/>',
    "a colour": '<rect fill="red" width="1" height="1"/>',
    "a fill from elsewhere": '<rect fill="url(https://example.org/a)" width="1" height="1"/>',
    "a size of letters": '<text font-size="40">a</text>',
    "an animation": '<rect><animate attributeName="x" to="9"/></rect>',
    "a set": '<rect><set attributeName="onload" to="alert(1)"/></rect>',
    "a filter": '<filter id="a"><feImage href="https://example.org"/></filter>',
    "a mask": '<mask id="a"/>',
    "a gradient": '<linearGradient id="a"/>',
    "a symbol": '<symbol id="a"/>',
    "a view": '<view id="a"/>',
    "metadata": "<metadata>a</metadata>",
    "an SVG within": '<svg viewBox="0 0 1 1"/>',
    "an element without namespace": '<rect xmlns="" width="1" height="1"/>',
    "an id of a shape": '<rect id="main" width="1" height="1"/>',
    "an id with markup": '<defs><marker id="a&quot;&gt;&lt;script&gt;"/></defs>',
    "a marker that is not there": '<line x1="0" y1="0" x2="1" y2="1" marker-end="url(#a)"/>',
    "a marker of elsewhere": '<line x1="0" marker-end="url(https://example.org/a#b)"/>',
    "a marker that leaves": '<defs><marker id="a"/></defs><line marker-end="url(#a);x"/>',
    "two markers of a name": '<defs><marker id="a"/><marker id="a"/></defs>',
    "an unknown class": '<rect class="hero" width="1" height="1"/>',
    "a class beside a known one": '<rect class="d-soft hidden" width="1" height="1"/>',
    "an empty class": '<rect class=" " width="1" height="1"/>',
    "a name for readers": '<g aria-label="a"/>',
    "a role": '<g role="button"/>',
    "data": '<g data-x="1"/>',
    "a language": '<text xml:lang="en">a</text>',
    "a base": '<g xml:base="https://example.org/"/>',
    "a space rule": '<text xml:space="preserve">a</text>',
    "words in the open": "alert",
    "words in a shape": "<rect>a</rect>",
    "words in a group": "<g>a</g>",
    "a shape in the title": "<title><rect/></title>",
    "a title that shouts": '<title onclick="a">a</title>',
    "a number that is none": '<rect width="calc(1px)" height="1"/>',
    "a number with a unit": '<rect width="100%" height="1"/>',
    "a number that is huge": '<rect width="99999999" height="1"/>',
    "an exponent": '<rect width="1e9" height="1"/>',
    "a path that is none": '<path d="M0 0 url(#a)"/>',
    "a path with markup": '<path d="M0 0&quot;&gt;&lt;b"/>',
    "a transform that is none": '<g transform="matrix(1 0 0 1 0 0)"/>',
    "a skewed transform": '<g transform="translate(1);x"/>',
    "points that are none": '<polygon points="a,b"/>',
    "an anchor that is none": '<text text-anchor="inherit">a</text>',
    "too deep": "<g>" * 9 + "</g>" * 9,
    "too many": "<g/>" * MAX_ELEMENTS,
    "too large": f"<!--{'x' * MAX_BYTES}-->",
    "an instruction": "<?php echo 1 ?>",
    "an entity": "<text>&nbsp;</text>",
    "not closed": "<g>",
}  # fmt: skip


@pytest.mark.parametrize("inside", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_not_listed_is_refused(inside: str) -> None:
    with pytest.raises(XmlFault) as refused:
        read_drawing(wrapped(inside))

    assert refused.value.message


def test_long_values_are_refused_at_once() -> None:
    long = {
        "class": "a" * 9_000 + "!",
        "transform": "translate(" + "1 " * 4_000 + "!",
        "d": "M" * 9_000 + "!",
    }
    for name, value in long.items():
        with pytest.raises(XmlFault):
            read_drawing(wrapped(f'<path {name}="{value}"/>'))

    assert NAMED.findall("![" * 500_000) == []


NAMES = st.sampled_from(
    ["g", "rect", "text", "tspan", "title", "a", "script", "style", "use", "marker", "b:g"]
)
ATTRIBUTES = st.sampled_from(["class", "x", "d", "id", "href", "onload", "style", "marker-end", "b:href"])
VALUES = st.sampled_from(
    ["d-soft", "1", "M0 0", "a", "javascript:a", "url(#a)", "&quot;&gt;&lt;script&gt;", "&#0;", "&a;", "<"]
)


@st.composite
def scribbles(draw: st.DrawFn, depth: int = 3) -> str:
    """Return an element with children, of names and values good and bad."""
    name = draw(NAMES)
    chosen = draw(st.dictionaries(ATTRIBUTES, VALUES, max_size=2))
    attributes = "".join(f' {key}="{value}"' for key, value in chosen.items())
    children = draw(st.lists(scribbles(depth - 1), max_size=3)) if depth else []
    words = draw(st.sampled_from(["", "isi", "]]>", "<![CDATA[<script>]]>", "&lt;script&gt;"]))
    return f"<{name}{attributes}>{words}{''.join(children)}</{name}>"


@given(scribbles())
@settings(max_examples=300, deadline=None)
def test_whatever_is_scribbled_is_refused_or_harmless(inside: str) -> None:
    try:
        drawing = read_drawing(wrapped(inside))
    except XmlFault:
        return
    svg = write_drawing(drawing, prefix="p_", title="Judul", show=lambda _line, text: text)

    tree = html5lib.parse(f"<!DOCTYPE html><title>a</title>{svg}", namespaceHTMLElements=False)
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags <= {"html", "head", "body", "title", "svg", "g", "rect", "text", "tspan", "marker"}
    assert not re.search(r"<[^>]*\s(?:on\w+|href|style)=", svg)


OUTSIDE = {
    "a document type": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + wrapped("<text>&a;</text>"),
    "a file of the machine": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + wrapped("&a;"),
    "a style sheet": b'<?xml-stylesheet href="https://example.org/a.css"?>' + wrapped(""),
    "no namespace": b'<svg viewBox="0 0 1 1"/>',
    "another namespace": b'<svg xmlns="http://www.w3.org/1999/xhtml" viewBox="0 0 1 1"/>',
    "another root": b'<g xmlns="http://www.w3.org/2000/svg"/>',
    "no viewBox": wrapped("", ""),
    "a handler": wrapped("", 'viewBox="0 0 1 1" onload="alert(1)"'),
    "a width": wrapped("", 'viewBox="0 0 1 1" width="9000"'),
    "a class": wrapped("", 'viewBox="0 0 1 1" class="hero"'),
    "no height": wrapped("", 'viewBox="0 0 320 0"'),
    "a corner elsewhere": wrapped("", 'viewBox="10 10 320 100"'),
    "three numbers": wrapped("", 'viewBox="0 0 320"'),
    "a wide one": wrapped("", 'viewBox="0 0 9999 1"'),
    "no XML": b"<svg",
    "HTML": b"<!DOCTYPE html><title>a</title>",
    "a picture of points": b"\x89PNG\r\n\x1a\n",
    "packed": b"\x1f\x8b\x08\x00",
    "UTF-16": '<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16"),
}


@pytest.mark.parametrize("source", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_file_that_is_no_plain_drawing_is_refused(source: bytes) -> None:
    with pytest.raises(XmlFault):
        read_drawing(source)


def test_the_line_of_a_fault_is_that_of_its_element() -> None:
    with pytest.raises(XmlFault) as refused:
        read_drawing(wrapped("<g>\n<rect/>\n<script/>\n</g>"))

    assert refused.value.line == 4


def test_words_come_out_escaped() -> None:
    words = "<text>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; <![CDATA[<b onclick=a>]]></text>"

    html = lesson(PICTURE, source=wrapped(words).decode()).html

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &lt;b onclick=a&gt;" in html
    assert "<script" not in html
    assert "<b" not in html


def test_an_alternative_cannot_leave_its_place() -> None:
    text = '![</title><script>a</script> " onload=a](gambar/jalan.svg "Jalan <b>santunan</b>")'

    html = lesson(text).html

    assert (
        '<title id="gambar_1_judul">&lt;/title&gt;&lt;script&gt;a&lt;/script&gt; &quot; onload=a</title>'
        in html
    )
    assert "Jalan &lt;b&gt;santunan&lt;/b&gt;" in html


def test_every_class_has_a_look_in_the_style_sheet() -> None:
    assert set(re.findall(r"\.(d-[a-z-]+)", STYLE_SHEET.read_text())) == CLASSES


# In a course folder


def course(svg: str | None = SVG, name: str = "jalan.svg", text: str = PICTURE) -> CourseFolder:
    files = sample(**{"day-1/01-jkm/materi.md": f"{LESSON}\n{text}\n"})
    if svg is not None:
        files[f"day-1/01-jkm/gambar/{name}"] = svg.encode()
    return read_files(files)


def folder_faults(svg: str, name: str = "jalan.svg", text: str = PICTURE) -> list[str]:
    with pytest.raises(FolderFaults) as refused:
        course(svg, name, text)
    return [f"{one.file}:{one.line}" for one in refused.value.faults]


def test_a_lesson_finds_the_drawings_of_its_module_and_no_others() -> None:
    folder = course()

    assert set(folder.drawings_beside("day-1/01-jkm/materi")) == {"gambar/jalan.svg"}
    assert folder.drawings_beside("day-2/01-penutup/pascauji") == {}
    assert folder.files["day-1/01-jkm/gambar/jalan.svg"] == SVG.encode()


def test_a_drawing_nobody_shows_is_a_fault() -> None:
    assert folder_faults(SVG, "lain.svg") == ["day-1/01-jkm/gambar/lain.svg:0"]


def test_a_drawing_that_is_refused_is_a_fault_of_its_own_file_and_line() -> None:
    assert folder_faults(SVG.replace("</svg>", "<script/></svg>")) == ["day-1/01-jkm/gambar/jalan.svg:9"]


def test_a_drawing_shown_at_one_law_date_only_is_not_unused() -> None:
    assert course(text=f"::: berlaku jkp\n{PICTURE}\n:::\n").drawings


# In the shipped course

MAX_ON_THE_WIRE = 1_200


@pytest.fixture
def shipped() -> CourseFolder:
    return shipped_course()


@pytest.mark.parametrize("as_of", [TRAINING, BOOK.as_of])
def test_every_module_shows_a_drawing(shipped: CourseFolder, as_of: date) -> None:
    held = shipped.where(lambda condition: BOOK.applies(condition, as_of))
    shows = {
        path.rpartition("/")[0]
        for path, source in held.lessons.items()
        if '<svg viewBox="0 0 320 ' in _shown(shipped, source, as_of).html
    }

    assert {module.folder for day in held.days for module in day.modules} == shows


def _shown(folder: CourseFolder, source: LessonSource, as_of: date) -> Rendered:
    drawings = folder.drawings_beside(source.path)
    return render_lesson(source.text, book=BOOK, as_of=as_of, check=lambda _key: "", drawings=drawings)


def test_drawings_are_small_on_a_weak_line(shipped: CourseFolder) -> None:
    sizes = {}
    for file, drawing in shipped.drawings.items():
        svg = write_drawing(drawing, prefix="gambar_1_", title="", show=lambda _line, text: text)
        sizes[file] = len(brotli.compress(svg.encode(), quality=5))

    assert {file: size for file, size in sizes.items() if size > MAX_ON_THE_WIRE} == {}
