"""The story of a case as HTML for other systems: paragraphs and tables. Pure."""

from __future__ import annotations

import re

from quizzes.exchange.markup import to_html

_BETWEEN = re.compile(r"\n\s*\n")
_BAR = re.compile(r"\|(?![^{}]*\})")
_RULE = re.compile(r":?-{2,}:?")


def story_html_of(text: str, *, pictures: str) -> str:
    """Return a story as `quizzes.types.case_story` reads it; ``pictures`` stands before names of pictures."""
    blocks = (block.strip() for block in _BETWEEN.split(text.replace("\r\n", "\n")))
    return "".join(_block(block, pictures) for block in blocks if block)


def _block(block: str, pictures: str) -> str:
    lines = [line.strip() for line in block.split("\n")]
    if not all(line.startswith("|") for line in lines):
        return f"<p>{to_html(' '.join(lines), pictures=pictures)}</p>"
    rows = [[cell.strip() for cell in _BAR.split(line.strip("|"))] for line in lines]
    rows = [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row)]
    cells = ("".join(f"<td>{to_html(cell, pictures=pictures)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
