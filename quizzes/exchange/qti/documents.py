"""An XML file of QTI as a tree with plain names, in whichever encoding it declares."""

from __future__ import annotations

import codecs
import re

from lms.core.xml_reader import XmlElement, XmlFault, read_xml
from quizzes.exchange.qti.names import normalise

MAX_BYTES = 10_000_000
MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
MAX_ITEM_ELEMENTS = 10_000
"""Elements of an item whose scoring is asked many times; nobody's question has a tenth of them."""

_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*?\?>", re.ASCII)
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def read_document(data: bytes, *, max_bytes: int = MAX_BYTES, max_elements: int = MAX_ELEMENTS) -> XmlElement:
    """Return the outermost element with plain names (`quizzes.exchange.qti.names`).

    Raises:
        XmlFault: it is no XML, is beyond the limits, or has a document type or entities of its own.
    """
    if len(data) > max_bytes:
        raise XmlFault(1, f"This is larger than {max_bytes} bytes.")
    root = read_xml(
        _as_utf8(data),
        max_bytes=2 * max_bytes,
        max_depth=MAX_DEPTH,
        max_elements=max_elements,
        skips_instructions=True,
    )
    return normalise(root)


def _as_utf8(data: bytes) -> bytes:
    encoding = _encoding_of(data)
    if encoding == "utf-8":
        return data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise XmlFault(1, "The text is not in the encoding it declares.") from error
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).encode()


def _encoding_of(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith((b"<\0", b"\0<")):
        return "utf-16-le" if data.startswith(b"<\0") else "utf-16-be"
    found = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8).lstrip())
    declared = found.group(1).decode().lower() if found else "utf-8"
    return {"utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8"}.get(declared, declared)
