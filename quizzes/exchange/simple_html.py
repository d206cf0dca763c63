"""Clean HTML of nothing but paragraphs, breaks, bold and italic, read without building a tree. Pure.

Most texts of other systems are such; a tree for each is most of what reading ten thousand questions takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

TOKENS = re.compile(r"<(?P<close>/?)(?P<tag>p|div|br|b|strong|i|em)>|(?P<words>[^<]+)")
_BOLD, _ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em"})

Change = Callable[[str], str]
"""What a text becomes: escaped, or between signs."""


class SimpleHtml:
    """Turns such HTML into text; whoever calls says what each thing becomes."""

    def __init__(
        self, *, escape: Change, bold: Change, italic: Change, blocks: dict[str, str], line: str
    ) -> None:
        self._escape, self._bold, self._italic = escape, bold, italic
        # What stands on both sides of a block, by its tag; and for a break.
        self._blocks, self._line = blocks, line

    def read(self, html: str) -> str | None:
        """Return the text of well-formed HTML, None where there is anything else in it."""
        tags: list[str] = []
        texts: list[list[str]] = [[]]
        end = 0
        for token in TOKENS.finditer(html):
            if token.start() != end:
                return None
            end = token.end()
            tag = token["tag"]
            if tag is None:
                texts[-1].append(self._escape(unescape(token["words"])))
            elif tag == "br":
                texts[-1].append(self._line)
            elif not token["close"]:
                tags.append(tag)
                texts.append([])
            elif tags and tags.pop() == tag:
                inner = "".join(texts.pop())
                texts[-1].append(self._shown(tag, inner, tags))
            else:
                return None
        return "".join(texts[0]) if end == len(html) and not tags else None

    def _shown(self, tag: str, text: str, around: list[str]) -> str:
        if tag in self._blocks:
            return f"{self._blocks[tag]}{text}{self._blocks[tag]}"
        alike = _BOLD if tag in _BOLD else _ITALIC
        if alike.intersection(around):
            return text
        return self._bold(text) if tag in _BOLD else self._italic(text)
