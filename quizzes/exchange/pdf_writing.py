"""Questions as a PDF to print, without key, with it on a page of its own, or the key alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.pdf import render_pdf
from lms.core.typeface import SEMIBOLD, missing_characters
from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import to_html
from quizzes.exchange.printed import KEY_TITLE, TITLE, WHO, Printed, list_printed
from quizzes.exchange.printing import BOTH, KEY, QUESTIONS, PrintingWriter

MAX_QUESTIONS = 300
"""What the renderer lays out in its time."""
_STYLE = """
@page{size:A4;margin:18mm 16mm;@bottom-right{content:counter(page);font-family:Spectral;font-size:9pt}}
html{font-size:11pt;line-height:1.4}h1{font-size:16pt;margin:0 0 4mm}
p{margin:0 0 1.5mm}.question{break-inside:avoid;margin:0 0 5mm}.hint{font-style:italic}.line{margin-left:6mm}
.number{font-weight:600}.key{break-before:page}
"""
_LABELS = {
    QUESTIONS: _l("PDF, without key"),
    BOTH: _l("PDF, key on the last page"),
    KEY: _l("PDF, key only"),
}
_IMAGE = re.compile(r'<img src="[^"]*" alt="([^"]*)">')
_LINK = re.compile(r"</?a\b[^>]*>")


class PdfWriter(PrintingWriter):
    """As PDF/A-3a and PDF/UA-1, as every PDF of the house."""

    ending = ".pdf"
    media_type = "application/pdf"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_LABELS[self.part])

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the paper.

        Raises:
            Invalid: more questions than one PDF is made of.
            Unavailable: PDFs cannot be made here, or not now.
        """
        printed = list_printed(questions)
        if len(printed) > MAX_QUESTIONS:
            message = _l("One PDF holds at most %(count)s questions: choose fewer.", count=MAX_QUESTIONS)
            raise Invalid(message)
        return render_pdf(paper_html(printed, self.part), style=_STYLE)


def paper_html(printed: Sequence[Printed], part: str) -> str:
    """Return the document, without signs the typeface lacks."""
    body = ""
    if part != KEY:
        body += f"<h1>{TITLE}</h1><p>{WHO}</p>"
        body += "".join(_question(number, question) for number, question in enumerate(printed, 1))
    if part != QUESTIONS:
        apart = ' class="key"' if part == BOTH else ""
        body += f"<div{apart}><h1>{KEY_TITLE}</h1>"
        body += "".join(_key(number, question) for number, question in enumerate(printed, 1)) + "</div>"
    missing = set(missing_characters(body, SEMIBOLD)) | set(missing_characters(body))
    shown = "".join(sign for sign in body if sign not in missing)
    title = KEY_TITLE if part == KEY else TITLE
    return f'<!DOCTYPE html><html lang="id"><head><title>{title}</title></head><body>{shown}</body></html>'


def _question(number: int, question: Printed) -> str:
    hint = f'<p class="hint">{escape(question.hint)}</p>' if question.hint else ""
    lines = "".join(f'<p class="line">{escape(sign)} {_html(text)}</p>' for sign, text in question.lines)
    stem = f'<p><span class="number">{number}.</span> {_html(question.stem)}</p>'
    return f'<div class="question">{stem}{hint}{lines}</div>'


def _key(number: int, question: Printed) -> str:
    key = "<br>".join(map(escape, question.key))
    reason = f"<p>{_html(question.explanation)}</p>" if question.explanation else ""
    return f'<div class="question"><p><span class="number">{number}. {key}</span></p>{reason}</div>'


def _html(markdown: str) -> str:
    """Return a text as HTML; nothing on paper leads anywhere, and a picture is what it shows."""
    return _LINK.sub("", _IMAGE.sub(r"[\1]", to_html(markdown)))
