"""Headings of a lesson: one step down at a time, each with an anchor of its own."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from courses.catalogue.marks import MarkdownFault, plain_words

RESERVED_ANCHORS = frozenset({"main"})
"""Ids the page around the text has."""


def add_anchors(md: MarkdownIt) -> None:
    """Give headings their anchors, `env["anchors"]`; those of the second level make `env["outline"]`."""
    md.core.ruler.after("inline", "anchors", _set_anchors)


def _set_anchors(state: StateCore) -> None:
    level, taken = 1, set(RESERVED_ANCHORS)
    for token, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type != "heading_open":
            continue
        line, depth = (token.map or [0])[0] + 1, int(token.tag[1])
        if not 2 <= depth <= min(level + 1, 4):
            raise MarkdownFault(line, _("Headings begin at ## and go down one step at a time, to ####."))
        text = plain_words(inline.children or [])
        anchor = _unused(make_anchor(text), taken)
        if not anchor:
            raise MarkdownFault(line, _("This heading has no words."))
        level = depth
        taken.add(anchor)
        state.env["anchors"].append(anchor)
        token.attrSet("id", anchor)
        if depth == 2:
            state.env["outline"].append([anchor, text])


def make_anchor(text: str) -> str:
    """Return the anchor of a heading: "Tugas utama (1)" → "tugas-utama-1"."""
    ascii_text = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def _unused(anchor: str, taken: set[str]) -> str:
    number, candidate = 2, anchor
    while candidate in taken:
        candidate, number = f"{anchor}-{number}", number + 1
    return candidate
