"""Questions as a PDF to print, without key, with it on a page of its own, or the key alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import escape, unescape

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.pdf import render_pdf
from lms.core.typeface import SEMIBOLD, missing_characters
from quizzes.exchange.contract import GivenQuestion, Text
from quizzes.exchange.markup import to_html
from quizzes.exchange.printing.figures.fitting import as_png, fit, open_picture, size_of
from quizzes.exchange.printing.kinds import BLANK, Block, Columns, Line, Picture, Table, Writing
from quizzes.exchange.printing.printed import (
    DAY,
    KEY_TITLE,
    MOST_BYTES,
    NAME,
    TITLE,
    Printed,
    list_parts,
    list_printed,
)
from quizzes.exchange.printing.writer import BOTH, KEY, QUESTIONS, PrintingWriter
from quizzes.types import get_type
from quizzes.types.texts import list_texts

MAX_QUESTIONS = 300
"""What the renderer lays out in its time."""
PICTURE_BYTES = 2_400_000
"""Of all pictures of one PDF; with many of them each is made smaller."""
_LEAST_BYTES = 12_000
_STYLE = """
@page{size:A4;margin:18mm 18mm 20mm;
@bottom-right{content:counter(page)" / "counter(pages);font-family:Spectral;font-size:9pt}}
html{font-size:11pt;line-height:1.4}h1{font-size:18pt;font-weight:600;line-height:1.2;margin:0 0 4mm}
p{margin:0;orphans:3;widows:3}
.who{margin:0 0 8mm;padding-bottom:5mm;border-bottom:.5pt solid #000}
.fill{display:inline-block;border-bottom:.5pt solid #000;margin:0 5mm 0 1mm}.name{width:88mm}.day{width:38mm}
.question{break-inside:avoid;margin:0 0 6mm;padding-left:9mm}.stem{text-indent:-9mm;break-after:avoid}
.number{display:inline-block;width:9mm;text-indent:0;font-weight:600}
.hint{font-style:italic;font-size:10pt;break-after:avoid}
.line{margin:1mm 0 0;padding-left:7mm;text-indent:-7mm}.sign{display:inline-block;min-width:7mm;text-indent:0}
.plain{margin:1mm 0 0}.blank{padding-left:11mm;text-indent:-11mm}.blank .sign{min-width:11mm}
.long{padding-left:17mm;text-indent:-17mm}.long .sign{min-width:17mm}
.half{display:inline-block;vertical-align:top;width:52%}.half+.half{width:46%;margin-left:2%}
.rule{height:8.5mm;border-bottom:.4pt solid #777}
.figure{margin:2mm 0;break-inside:avoid;break-after:avoid}.figure img{display:block}
img{image-rendering:crisp-edges}
.question img{max-width:100%;max-height:80mm;vertical-align:top}
.stem img,.keyed p img{display:block;margin:1.5mm 0;text-indent:0}
.case{margin:0 0 2mm}.story{border-left:2pt solid #999;padding-left:4mm;margin:0 0 4mm 9mm}
.story p{margin:0 0 2mm}.case>.stem{padding-left:9mm;font-weight:600;margin:0 0 2mm}
table{border-collapse:collapse;margin:1mm 0 2mm;break-inside:avoid}
th,td{border:.5pt solid #777;padding:.8mm 2.5mm;text-align:left;vertical-align:top}th{font-weight:600}
.apart{break-before:page}.keyed{break-inside:avoid;margin:0 0 3.5mm;padding-left:11mm}
.keyed .stem{text-indent:-11mm}.keyed .number{width:11mm}.keyed p{margin:0 0 .5mm}.right{font-weight:600}
.reason{font-size:10pt;padding-left:7mm;text-indent:-7mm}
"""
_LABELS = {
    QUESTIONS: _l("PDF, without key"),
    BOTH: _l("PDF, key on the last page"),
    KEY: _l("PDF, key only"),
}
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)">')
_LINK = re.compile(r"</?a\b[^>]*>")
_NUMBER = re.compile(r"gambar:([0-9]+)(?=\")")


class PdfWriter(PrintingWriter):
    """As PDF/A-3a and PDF/UA-1, as every PDF of the house."""

    ending = ".pdf"
    media_type = "application/pdf"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_LABELS[self.part])

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what paper does not hold, and signs the typeface lacks."""
        found = super().losses(question)
        if self.holds(question):
            missing = "".join(sorted(missing_signs("".join(_texts(question)))))
            if missing:
                found.append(_l("Signs the typeface lacks are left out: %(signs)s", signs=missing))
        return found

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the paper.

        Raises:
            Invalid: more questions or pictures than one PDF is made of.
            Unavailable: PDFs cannot be made here, or not now.
        """
        printed = list_printed(questions)
        if len(printed) > MAX_QUESTIONS:
            message = _l("One PDF holds at most %(count)s questions: choose fewer.", count=MAX_QUESTIONS)
            raise Invalid(message)
        return render_pdf(paper_html(printed, self.part), style=_STYLE)


def _texts(question: GivenQuestion) -> Iterator[str]:
    source = question.source
    yield from (str(source.get(name) or "") for name in ("stem", "explanation"))
    for _path, text in list_texts(source, get_type(question.kind).source_fields - {"parts"}):
        yield str(text or "")
    for part in list_parts(question) if question.kind == "case_set" else ():
        yield from _texts(part) if part else ()


def missing_signs(text: str) -> set[str]:
    """Return the signs of a text a face of the paper lacks."""
    return (set(missing_characters(text, SEMIBOLD)) | set(missing_characters(text))) - {"\n"}


def paper_html(printed: Sequence[Printed], part: str) -> str:
    """Return the document, without signs the typeface lacks.

    Raises:
        Invalid: it has more pictures than one PDF is made of.
    """
    body, paper = "", _Paper()
    if part != KEY:
        fields = f'{NAME} <span class="fill name"></span> {DAY} <span class="fill day"></span>'
        body += f'<h1>{TITLE}</h1><p class="who">{fields}</p>'
        body += "".join(paper.question(question) for question in printed)
    if part != QUESTIONS:
        apart = ' class="apart"' if part == BOTH else ""
        body += f"<div{apart}><h1>{KEY_TITLE}</h1>"
        body += "".join(paper.key(question) for question in printed) + "</div>"
    missing = missing_signs(body)
    shown = paper.with_pictures("".join(sign for sign in body if sign not in missing))
    title = KEY_TITLE if part == KEY else TITLE
    return f'<!DOCTYPE html><html lang="id"><head><title>{title}</title></head><body>{shown}</body></html>'


class _Paper:
    """Writes questions as HTML; pictures are numbers until it is known how many there are."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    def question(self, question: Printed) -> str:
        """Return a question, or the story of a case and its questions."""
        stem = _numbered(question.number, self._html(question, question.stem))
        blocks = "".join(self._block(question, block) for block in question.blocks)
        if question.parts:
            parts = "".join(self.question(part) for part in question.parts)
            return f'<div class="case">{stem}<div class="story">{blocks}</div></div>{parts}'
        hint = f'<p class="hint">{escape(question.hint)}</p>' if question.hint else ""
        return f'<div class="question">{stem}{hint}{blocks}</div>'

    def key(self, question: Printed) -> str:
        """Return what is right and why."""
        right = "<br>".join(map(escape, question.key))
        stem = _numbered(question.number, f'<span class="right">{right}</span>') if right else ""
        said = [f"<p>{self._html(question, question.explanation)}</p>"] if question.explanation else []
        said += [
            f'<p class="reason">{_sign(sign)}{self._html(question, text)}</p>'
            for sign, text in question.reasons
        ]
        mine = f'<div class="keyed">{stem}{"".join(said)}</div>' if stem or said else ""
        return "".join(self.key(part) for part in question.parts) + mine

    def with_pictures(self, body: str) -> str:
        """Return a document with the pictures in the place of their numbers.

        Raises:
            Invalid: there are too many.
        """
        most = min(MOST_BYTES, PICTURE_BYTES // max(1, len(self._bodies)))
        if most < _LEAST_BYTES:
            raise Invalid(_too_many(PICTURE_BYTES // _LEAST_BYTES))
        return _NUMBER.sub(lambda match: _address(self._bodies[int(match[1])], most), body)

    def _block(self, question: Printed, block: Block) -> str:
        if isinstance(block, Columns):
            sides = (block.left, block.right)
            halves = ("".join(map(partial(self._block, question), side)) for side in sides)
            return "".join(f'<div class="half">{half}</div>' for half in halves)
        if isinstance(block, Writing):
            return '<div class="rule"></div>' * block.count
        if isinstance(block, Table):
            return self._table(question, block)
        if isinstance(block, Picture):
            return f'<p class="figure">{self._picture(block.body, escape(block.alt))}</p>'
        return self._line(question, block)

    def _line(self, question: Printed, line: Line) -> str:
        if not line.sign:
            return f'<p class="plain">{self._html(question, line.text)}</p>'
        form = "line blank" if line.sign == BLANK else "line long" if line.sign.startswith(BLANK) else "line"
        return f'<p class="{form}">{_sign(line.sign)}{self._html(question, line.text)}</p>'

    def _table(self, question: Printed, table: Table) -> str:
        head, *rows = ([self._html(question, cell) for cell in row] for row in table.rows)
        first = "".join(f'<th scope="col">{cell}</th>' for cell in head)
        rest = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{first}</tr></thead><tbody>{rest}</tbody></table>"

    def _html(self, question: Printed, markdown: str) -> str:
        def picture(match: re.Match[str]) -> str:
            body = question.pictures.get(unescape(match[1]))
            return f"({match[2]})" if body is None else self._picture(body, match[2])

        return _IMAGE.sub(picture, _LINK.sub("", to_html(markdown, pictures="")))

    def _picture(self, body: bytes, alt: str) -> str:
        self._bodies.append(body)
        width = fit(*size_of(body))
        return f'<img src="gambar:{len(self._bodies) - 1}" alt="{alt}" style="width:{width:.1f}mm">'


def _too_many(most: int) -> Text:
    return _l("One PDF holds at most %(count)s pictures: choose fewer questions.", count=most)


def _numbered(number: str, html: str) -> str:
    return f'<p class="stem"><span class="number">{number}.</span>{html}</p>'


def _sign(sign: str) -> str:
    return f'<span class="sign">{escape(sign)}</span>'


def _address(body: bytes, most_bytes: int) -> str:
    picture = open_picture(body) if len(body) > most_bytes else None
    small = as_png(picture, most_bytes=most_bytes) if picture else body
    return f"data:image/png;base64,{base64.b64encode(small).decode()}"
