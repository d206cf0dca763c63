"""Questions as a Word document to print, without key, with it on a page of its own, or the key alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import docx
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Pt
from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import to_html
from quizzes.exchange.packages import write_package
from quizzes.exchange.printed import KEY_TITLE, TITLE, WHO, Printed, list_printed
from quizzes.exchange.printing import BOTH, KEY, QUESTIONS, PrintingWriter

MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (a document says no zone)
_LABELS = {
    QUESTIONS: _l("Word, without key"),
    BOTH: _l("Word, key on the last page"),
    KEY: _l("Word, key only"),
}


class DocxWriter(PrintingWriter):
    """As DOCX."""

    ending = ".docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_LABELS[self.part])

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return a document whose numbers and letters are typed, so that every program shows them."""
        document, printed = docx.Document(), list_printed(questions)
        properties = document.core_properties
        properties.created = properties.modified = MADE
        properties.title, properties.author, properties.language = TITLE, "", "id"
        document.styles["Normal"].font.size = Pt(11)
        if self.part != KEY:
            document.add_heading(TITLE, 1)
            document.add_paragraph(WHO)
            for number, question in enumerate(printed, 1):
                _add_question(document, number, question)
        if self.part == BOTH:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        if self.part != QUESTIONS:
            document.add_heading(KEY_TITLE, 1)
            for number, question in enumerate(printed, 1):
                _add_key(document, number, question)
        return _saved(document)


def _add_question(document: Any, number: int, question: Printed) -> None:
    _add(document, f"{number}. ", question.stem, indent=0.8).paragraph_format.keep_with_next = True
    if question.hint:
        hint = document.add_paragraph()
        hint.paragraph_format.left_indent = Cm(0.8)
        hint.add_run(question.hint).italic = True
    for sign, text in question.lines:
        _add(document, f"{sign} " if sign else "", text, indent=1.6)


def _add_key(document: Any, number: int, question: Printed) -> None:
    _add(document, f"{number}. ", "", indent=0.8).add_run("\n".join(question.key)).bold = True
    if question.explanation:
        _add(document, "", question.explanation, indent=0.8)


def _add(document: Any, sign: str, markdown: str, *, indent: float) -> Any:
    paragraph = document.add_paragraph(sign)
    paragraph.paragraph_format.left_indent = Cm(indent)
    paragraph.paragraph_format.first_line_indent = Cm(-0.8)
    paragraph.paragraph_format.space_after = Pt(3)
    runs = _Runs(paragraph)
    runs.feed(to_html(markdown))
    runs.close()
    return paragraph


class _Runs(HTMLParser):
    """Puts safe inline HTML into a paragraph."""

    def __init__(self, paragraph: Any) -> None:
        super().__init__()
        self._paragraph, self._open = paragraph, list[str]()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._paragraph.add_run().add_break()
        elif tag == "img":
            self._paragraph.add_run(f"[{dict(attrs).get('alt') or ''}]")
        else:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        run = self._paragraph.add_run("".join(c for c in data if c.isprintable()))
        run.bold, run.italic = "strong" in self._open or None, "em" in self._open or None
        run.font.strike = "s" in self._open or None


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return write_package(files, first=("[Content_Types].xml",))
