"""A story as its author writes it: paragraphs between empty lines, tables of lines that begin with “|”."""

from __future__ import annotations

import re
from collections.abc import Callable

_BETWEEN = re.compile(r"\n\s*\n")
_BAR = re.compile(r"\|(?![^{}]*\})")
_RULE = re.compile(r":?-{2,}:?")


def story_html(text: str, inline: Callable[[str], str]) -> str:
    """Return a story as safe HTML; ``inline`` renders a phrase of it."""
    blocks = read_story(text)
    return "\n".join(_table(b, inline) if isinstance(b, list) else f"<p>{inline(b)}</p>" for b in blocks)


def read_story(text: str) -> list[str | list[list[str]]]:
    """Return paragraphs as texts and tables as rows of cells, whose first names the columns."""
    blocks = (block.strip() for block in _BETWEEN.split(text.replace("\r\n", "\n")))
    return [_block(block) for block in blocks if block]


def _block(block: str) -> str | list[list[str]]:
    """Return one block; a line of dashes below the head of a table says nothing."""
    lines = [line.strip() for line in block.split("\n")]
    if not all(line.startswith("|") for line in lines):
        return " ".join(lines)
    rows = [[cell.strip() for cell in _BAR.split(line.strip("|"))] for line in lines]
    return [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row)] or [[""]]


def _table(rows: list[list[str]], inline: Callable[[str], str]) -> str:
    head, *body = rows
    shown = "".join(f"<tr>{_cells(row, 'td', inline)}</tr>" for row in body)
    table = f"<table><thead><tr>{_cells(head, 'th', inline)}</tr></thead><tbody>{shown}</tbody></table>"
    return f'<div class="table-box" role="region" aria-label="Tabel" tabindex="0">{table}</div>'


def _cells(row: list[str], tag: str, inline: Callable[[str], str]) -> str:
    begin = '<th scope="col">' if tag == "th" else "<td>"
    return "".join(f"{begin}{inline(cell)}</{tag}>" for cell in row)
