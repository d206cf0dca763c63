"""The parts of a printed question as paragraphs, pictures and tables of a Word document."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm, Mm, Pt

from quizzes.exchange.markup import to_html
from quizzes.exchange.printing.figures.fitting import fit, size_of
from quizzes.exchange.printing.kinds import BLANK, Block, Columns, Line, Picture, Table, Writing

BODY, INDENT, WIDE, WIDER = Cm(0.9), Cm(0.8), Cm(1.2), Cm(1.8)
"""Where texts of a question begin, and how much further its lines do; with room to write before them."""
_HALF, _END = Cm(8.5), Cm(17)

Pictures = Mapping[str, bytes]


def add_block(holder: Any, block: Block, pictures: Pictures, *, before: Any = BODY) -> list[Any]:
    """Add a block to a document or a cell, and return its paragraphs in their order."""
    if isinstance(block, Columns):
        return _add_columns(holder, block, pictures)
    if isinstance(block, Writing):
        return [_add_rule(holder) for _ in range(block.count)]
    if isinstance(block, Table):
        return _add_table(holder, block, pictures)
    if isinstance(block, Picture):
        paragraph = holder.add_paragraph()
        paragraph.paragraph_format.left_indent = before
        add_picture(paragraph, block.body, block.alt)
        return [paragraph]
    return [_add_line(holder, block, pictures, before=before)]


def add_text(holder: Any, sign: str, markdown: str, pictures: Pictures, *, indent: Any) -> Any:
    """Add a paragraph with a sign that hangs before it."""
    paragraph = holder.add_paragraph(f"{sign}\t" if sign else "")
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = indent, -_room(sign)
    runs = _Runs(paragraph, pictures)
    runs.feed(to_html(markdown, pictures=""))
    runs.close()
    return paragraph


def add_picture(paragraph: Any, body: bytes, alt: str) -> None:
    """Add a picture to a paragraph, with what it shows for those who do not see it."""
    shape = paragraph.add_run().add_picture(io.BytesIO(body), width=Mm(fit(*size_of(body))))
    shape._inline.docPr.set("descr", alt)


def _add_line(holder: Any, line: Line, pictures: Pictures, *, before: Any) -> Any:
    return add_text(holder, line.sign, line.text, pictures, indent=before + _room(line.sign))


def _room(sign: str) -> Any:
    """Return how wide a sign stands before its text."""
    if sign.startswith(BLANK):
        return WIDE if sign == BLANK else WIDER
    return INDENT if sign else Cm(0)


def _add_rule(holder: Any) -> Any:
    paragraph = holder.add_paragraph("\t")
    form = paragraph.paragraph_format
    form.left_indent, form.line_spacing = BODY, Pt(24)
    form.tab_stops.add_tab_stop(_END, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    return paragraph


def _add_columns(holder: Any, block: Columns, pictures: Pictures) -> list[Any]:
    table = holder.add_table(1, 2)
    table.autofit = False
    added = []
    for cell, lines in zip(table.rows[0].cells, (block.left, block.right), strict=True):
        cell.width = _HALF
        for line in lines:
            added.append(_add_line(cell, line, pictures, before=BODY if lines is block.left else Cm(0)))
        _drop(cell.paragraphs[0])
    return [*added, _add_end(holder)]


def _add_table(holder: Any, block: Table, pictures: Pictures) -> list[Any]:
    width = max(len(row) for row in block.rows)
    table = holder.add_table(0, width, style="Table Grid")
    added = []
    for number, row in enumerate(block.rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            added.append(add_text(cell, "", text, pictures, indent=Cm(0)))
            _drop(cell.paragraphs[0])
            for run in added[-1].runs if number == 0 else ():
                run.bold = True
    return [*added, _add_end(holder)]


def _add_end(holder: Any) -> Any:
    """Add what Word wants between two tables, as low as can be."""
    paragraph = holder.add_paragraph()
    paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), Pt(4)
    return paragraph


def _drop(paragraph: Any) -> None:
    paragraph._p.getparent().remove(paragraph._p)


class _Runs(HTMLParser):
    """Puts safe inline HTML into a paragraph."""

    def __init__(self, paragraph: Any, pictures: Pictures) -> None:
        super().__init__()
        self._paragraph, self._pictures, self._open = paragraph, pictures, list[str]()
        # A picture behind words begins a line.
        self._has_words = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._paragraph.add_run().add_break()
        elif tag == "img":
            self._show(dict(attrs))
        else:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        self._has_words = True
        run = self._paragraph.add_run("".join(c for c in data if c.isprintable()))
        run.bold, run.italic = "strong" in self._open or None, "em" in self._open or None
        run.font.strike = "s" in self._open or None

    def _show(self, said: dict[str, str | None]) -> None:
        body, alt = self._pictures.get(said.get("src") or ""), said.get("alt") or ""
        if body is None:
            self._paragraph.add_run(f"({alt})")
        else:
            if self._has_words:
                self._paragraph.add_run().add_break()
            add_picture(self._paragraph, body, alt)
