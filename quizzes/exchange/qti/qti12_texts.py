"""Texts of QTI 1.2: ``mattext`` and Blackboard's ``mat_formattedtext``, plain or HTML, and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import unquote

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.names import text_of
from quizzes.exchange.qti.notes import Fetch, Notes

_TEXTS = ("mattext", "mat_formattedtext", "matemtext")
_SOURCE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*["']([^"']{1,2000})["']""", re.I)
_FILE_BASE = re.compile(r"^.*?\$?IMS[-_]CC[-_]FILEBASE\$?/", re.I)
_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")


def html_of(element: XmlElement) -> str:
    """Return all texts within, one after the other, but for those of responses."""
    return "".join(_html(one) for one in _materials(element))


def _materials(element: XmlElement) -> Iterator[XmlElement]:
    for part in element.children:
        if not isinstance(part, XmlElement) or part.name in _RESPONSES or _is_block_of_responses(part):
            continue
        if part.name in (*_TEXTS, "matimage"):
            yield part
        else:
            yield from _materials(part)


def _is_block_of_responses(element: XmlElement) -> bool:
    return element.attributes.get("class") in ("RESPONSE_BLOCK", "RIGHT_MATCH_BLOCK")


def _html(element: XmlElement) -> str:
    if element.name == "matimage":
        source = escape(element.attributes.get("uri", ""))
        return f'<p><img src="{source}" alt="{escape(element.attributes.get("label", ""))}"></p>'
    said = element.attributes.get("texttype", element.attributes.get("type", "")).casefold()
    text = text_of(element)
    if "html" in said or "smart_text" in said:
        return f"<div>{text}</div>"
    return "".join(f"<div>{escape(line)}</div>" for line in text.splitlines())


def markdown_of(html: str, notes: Notes, fetch: Fetch) -> str:
    """Return HTML of an item as Markdown, with the pictures its package has.

    Raises:
        ValueError: it is too long.
    """
    pictures: dict[str, bytes] = {}
    for source in _SOURCE.findall(html):
        address = unquote(unescape(source))
        body = fetch(_FILE_BASE.sub("", address).partition("?")[0])
        if body is not None:
            pictures[address] = body
    return notes.markdown(html, pictures)
