"""Questions as a Word document to print, without key, with it on a page of its own, or the key alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.packages import write_package
from quizzes.exchange.printing.docx_blocks import BODY, INDENT, add_block, add_text
from quizzes.exchange.printing.printed import DAY, KEY_TITLE, NAME, TITLE, Printed, list_printed
from quizzes.exchange.printing.writer import BOTH, KEY, QUESTIONS, PrintingWriter

MADE = datetime(2000, 1, 1)  # noqa: DTZ001  (a document says no zone)
FACE = "Calibri"
WIDTH, HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2)
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
        _set_up(document)
        if self.part != KEY:
            document.add_heading(TITLE, 1)
            _add_who(document)
            for question in printed:
                _add_question(document, question)
        if self.part != QUESTIONS:
            heading = document.add_heading(KEY_TITLE, 1)
            heading.paragraph_format.page_break_before = self.part == BOTH
            for question in printed:
                _add_key(document, question)
        return _saved(document)


def _set_up(document: Any) -> None:
    """Make it an A4 paper in Indonesian, black on white."""
    properties = document.core_properties
    properties.created = properties.modified = MADE
    properties.title, properties.author, properties.language = TITLE, "", "id"
    normal, heading = document.styles["Normal"], document.styles["Heading 1"]
    normal.font.name = heading.font.name = FACE
    normal.font.size, normal.paragraph_format.space_after = Pt(11), Pt(3)
    normal.element.get_or_add_rPr().append(_element("w:lang", {"w:val": "id-ID"}))
    heading.font.size, heading.font.color.rgb = Pt(18), RGBColor(0, 0, 0)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(0), Pt(12)
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _add_page_numbers(section.footer.paragraphs[0], normal)


def _add_page_numbers(paragraph: Any, style: Any) -> None:
    paragraph.style = style
    paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH - 2 * MARGIN, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("\t")
    for number, name in enumerate(("PAGE", "NUMPAGES")):
        paragraph.add_run(" / " if number else "")
        paragraph._p.append(_field(name))


def _field(name: str) -> Any:
    field = _element("w:fldSimple", {"w:instr": name})
    run, text = _element("w:r", {}), _element("w:t", {})
    text.text = "1"
    run.append(text)
    field.append(run)
    return field


def _element(name: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _add_who(document: Any) -> None:
    """Add a line for the name and one for the day beside it."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(18)
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(11), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
    stops.add_tab_stop(Cm(11.5))
    stops.add_tab_stop(WIDTH - 2 * MARGIN, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    paragraph.add_run(f"{NAME}: \t\t{DAY}: \t")


def _add_question(document: Any, question: Printed) -> None:
    """Add a question whose paragraphs stay on one page, or a case: its story, then its questions."""
    stem = add_text(document, f"{question.number}.", question.stem, question.pictures, indent=BODY)
    stem.paragraph_format.space_before = Pt(8)
    added = [stem]
    if question.hint:
        hint = document.add_paragraph()
        hint.paragraph_format.left_indent = BODY
        hint.add_run(question.hint).italic = True
        added.append(hint)
    for block in question.blocks:
        added += add_block(document, block, question.pictures)
    for paragraph in added[:-1]:
        paragraph.paragraph_format.keep_with_next = True
    for paragraph in added:
        paragraph.paragraph_format.keep_together = True
    added[-1].paragraph_format.keep_with_next = bool(question.parts)
    for part in question.parts:
        _add_question(document, part)


def _add_key(document: Any, question: Printed) -> None:
    for part in question.parts:
        _add_key(document, part)
    added = []
    if question.key:
        added.append(add_text(document, f"{question.number}.", "", {}, indent=BODY))
        added[0].add_run("\n".join(question.key)).bold = True
    if question.explanation:
        added.append(add_text(document, "", question.explanation, question.pictures, indent=BODY))
    for sign, text in question.reasons:
        added.append(add_text(document, sign, text, question.pictures, indent=BODY + INDENT))
    for paragraph in added[:-1]:
        paragraph.paragraph_format.keep_with_next = True
    if added:
        added[-1].paragraph_format.space_after = Pt(8)


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return write_package(files, first=("[Content_Types].xml",))
