"""What a package of QTI 2 or 3 says is in it: its items, in the order of its test, and what they share."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement, XmlFault
from quizzes.exchange.contract import Unreadable
from quizzes.exchange.packages import Package
from quizzes.exchange.qti.documents import MAX_BYTES, MAX_ELEMENTS, read_document
from quizzes.exchange.qti.names import child

MANIFEST = "imsmanifest.xml"
_ITEM, _TEST = re.compile(r"imsqti_item_xmlv\dp\d"), re.compile(r"imsqti_(test|section)_xmlv\dp\d")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.I)


@dataclass(frozen=True)
class Entry:
    """An item of a package: its path, and the title of the section it stands in."""

    path: str
    section: str = ""


def find_manifest(package: Package) -> str | None:
    """Return the path of the manifest nearest to the top, None where there is none."""
    found = [path for path in package.names() if posixpath.basename(path) == MANIFEST]
    return min(found, key=lambda path: (path.count("/"), path), default=None)


def read_part(package: Package, path: str, *, max_elements: int = MAX_ELEMENTS) -> XmlElement:
    """Return a document of the package.

    Raises:
        XmlFault: it is missing or cannot be read.
    """
    if path not in package:
        raise XmlFault(1, str(_l("“%(path)s” is not in the package.", path=path)))
    return read_document(package.read(path, max_bytes=MAX_BYTES), max_elements=max_elements)


def list_items(package: Package) -> list[Entry]:
    """Return the items: those of tests first, in their order, then those that no test names.

    Raises:
        Unreadable: the manifest cannot be read.
    """
    manifest = find_manifest(package)
    if manifest is None:
        return [Entry(path) for path in package.names() if path.lower().endswith(".xml")]
    try:
        resources = list(_resources(read_part(package, manifest), manifest))
    except XmlFault as fault:
        raise Unreadable(
            _l("%(path)s, line %(line)s: %(reason)s", path=manifest, line=fault.line, reason=fault.message)
        ) from fault
    entries = [entry for kind, path in resources if _TEST.search(kind) for entry in _of_test(package, path)]
    named = {entry.path for entry in entries}
    rest = [Entry(path) for kind, path in resources if _ITEM.search(kind) and path not in named]
    return list(dict.fromkeys([*entries, *rest]))


def _resources(manifest: XmlElement, path: str) -> Iterator[tuple[str, str]]:
    for element in manifest.elements():
        if element.name == "resource":
            href = element.attributes.get("href") or _first_file(element)
            if href:
                yield element.attributes.get("type", ""), resolved(path, href) or href


def _first_file(resource: XmlElement) -> str:
    found = child(resource, "file")
    return found.attributes.get("href", "") if found is not None else ""


def _of_test(package: Package, path: str) -> Iterator[Entry]:
    try:
        test = read_part(package, path)
    except XmlFault:
        return
    yield from _in_section(test, path, "")


def _in_section(element: XmlElement, path: str, title: str) -> Iterator[Entry]:
    for part in element.children:
        if not isinstance(part, XmlElement):
            continue
        if part.name == "assessment-item-ref":
            found = resolved(path, part.attributes.get("href", ""))
            if found:
                yield Entry(found, title)
        elif part.name in ("test-part", "assessment-section"):
            yield from _in_section(part, path, _title(part) or title)


def _title(part: XmlElement) -> str:
    """Return the title of a section that people see."""
    is_shown = part.name == "assessment-section" and part.attributes.get("visible") != "false"
    return " ".join(part.attributes.get("title", "").split()) if is_shown else ""


def resolved(path: str, href: str) -> str | None:
    """Return the path of what a document at ``path`` calls ``href``; None where that is not in a package."""
    href = unquote(href.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if not href or _ELSEWHERE.match(href):
        return None
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
    return None if found.startswith("..") else found
