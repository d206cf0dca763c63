"""A story as its author writes it: paragraphs between empty lines, tables of lines that begin with “|”."""

from __future__ import annotations

import re
from collections.abc import Callable

_BETWEEN = re.compile(r"\n\s*\n")
_BAR = re.compile(r"\|(?![^{}]*\})")
_RULE = re.compile(r":?-{2,}:?")


def story_html(text: str, inline: Callable[[str], str]) -> str:
    """Return a story as safe HTML; ``inline`` renders a phrase of it."""
    blocks = (block.strip() for block in _BETWEEN.split(text.replace("\r\n", "\n")))
    return "\n".join(_block(block, inline) for block in blocks if block)


def _block(block: str, inline: Callable[[str], str]) -> str:
    lines = [line.strip() for line in block.split("\n")]
    if all(line.startswith("|") for line in lines):
        return _table(lines, inline)
    return f"<p>{inline(' '.join(lines))}</p>"


def _table(lines: list[str], inline: Callable[[str], str]) -> str:
    """Return a table whose first line names the columns; a line of dashes below it says nothing."""
    rows = [[cell.strip() for cell in _BAR.split(line.strip("|"))] for line in lines]
    head, *body = [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row)] or [[""]]
    shown = "".join(f"<tr>{_cells(row, 'td', inline)}</tr>" for row in body)
    table = f"<table><thead><tr>{_cells(head, 'th', inline)}</tr></thead><tbody>{shown}</tbody></table>"
    return f'<div class="table-box" role="region" aria-label="Tabel" tabindex="0">{table}</div>'


def _cells(row: list[str], tag: str, inline: Callable[[str], str]) -> str:
    begin = '<th scope="col">' if tag == "th" else "<td>"
    return "".join(f"{begin}{inline(cell)}</{tag}>" for cell in row)
