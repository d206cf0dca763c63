"""The text of a certificate as a typst document: same words, same table, same QR, two pages; no PDF/A."""

from __future__ import annotations

import importlib.util
import json
from html.parser import HTMLParser

QR_FILE = "paper-qr.png"
IS_HERE = importlib.util.find_spec("typst") is not None
"""It is not among the requirements: whoever wants the line installs it."""
_BREAKS = {"p", "div", "h1", "h2", "h3", "li", "dt", "dd", "section", "br", "tr", "table"}
_HEAD = """#set page(paper: "a4", flipped: true, margin: 15mm)
#set document(title: "Sertifikat")
#set text(size: 9pt, lang: "id")
#place(top + right, image("{file}", width: 27mm))
"""


def typst_page(html: str) -> str:
    """Return the source of a page with the words of a document."""
    reader = _Words()
    reader.feed(html.partition("<body>")[2])
    reader.close()
    return _HEAD.format(file=QR_FILE) + "\n".join(_paragraph(line) for line in reader.lines if line)


def _paragraph(cells: list[str]) -> str:
    texts = [f"[#{json.dumps(cell, ensure_ascii=False)}]" for cell in cells]
    if len(texts) == 1:
        return f"#par{texts[0]}"
    return f"#grid(columns: {len(texts)}, column-gutter: 5mm, {', '.join(texts)})"


class _Words(HTMLParser):
    """Collects lines of words; those of a row of a table stand beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = []
        self._in_row = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line."""
        if tag == "tr" or (tag in _BREAKS and not self._in_row):
            self.lines.append([])
        self._in_row = self._in_row or tag == "tr"

    def handle_endtag(self, tag: str) -> None:
        """End a row."""
        self._in_row = self._in_row and tag != "tr"

    def handle_data(self, data: str) -> None:
        """Add words to the line."""
        words = " ".join(data.split())
        if words and self.lines:
            self.lines[-1].append(words)
