"""QTI 2.0, 2.1, 2.2 and 3.0 in: an item by itself, or a package of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement, XmlFault
from quizzes.exchange.case_groups import story
from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import Read, Reader, ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.decoding import check_size
from quizzes.exchange.limits import MAX_BYTES
from quizzes.exchange.packages import ZIP, Package
from quizzes.exchange.qti.bodies import html_of
from quizzes.exchange.qti.documents import MAX_ITEM_ELEMENTS, read_document
from quizzes.exchange.qti.item_reader import body_of, read_item
from quizzes.exchange.qti.manifests import Entry, find_manifest, list_items, read_part, resolved
from quizzes.exchange.qti.names import child
from quizzes.exchange.qti.notes import Notes

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(assessmentItem|qti-assessment-item)[\s>]")
_KIND = re.compile(rb"imsqti_(item|test)_xmlv[23]p\d")
_LOOKED_AT = 20_000


class QtiReader(Reader):
    """Items and packages of QTI 2 and 3."""

    key = "qti"
    endings = (".xml", ".zip")

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "QTI 2.1, 2.2, 3.0"

    def recognises(self, data: bytes, name: str) -> bool:  # noqa: ARG002
        """Say whether this is an item, or a zip whose manifest names items."""
        if not data.startswith(ZIP):
            return _ROOT.search(data[:_LOOKED_AT].replace(b"\0", b"")) is not None
        try:
            package = Package(data)
            manifest = find_manifest(package)
            if manifest is not None:
                return _KIND.search(package.read(manifest, max_bytes=MAX_BYTES)) is not None
            first = next((path for path in package.names() if path.lower().endswith(".xml")), None)
            return first is not None and _ROOT.search(package.read(first)[:_LOOKED_AT]) is not None
        except Unreadable:
            return False

    def read(self, data: bytes, name: str) -> Iterator[Read]:
        """Yield the questions and, for each item that is none, a fault."""
        check_size(data)
        return limited(_read_package(Package(data, name)) if data.startswith(ZIP) else _read_file(data))


def _read_file(data: bytes) -> Iterator[Read]:
    try:
        element = read_document(data, max_elements=MAX_ITEM_ELEMENTS)
    except XmlFault as fault:
        raise Unreadable(_l("Line %(line)s: %(reason)s", line=fault.line, reason=fault.message)) from fault
    if element.name == "assessment-test":
        raise Unreadable(_l("This is a test that names items kept in other files: send the whole package."))
    if element.name != "assessment-item":
        raise Unreadable(_l("This is no QTI item, but “%(name)s”.", name=element.name))
    yield read_item(element, fetch=lambda _href: None, file="", original=data.decode("utf-8", "replace"))


@dataclass(frozen=True)
class _Member:
    """What was read of one item, and the stimulus it belongs to, if any."""

    read: Read
    stimulus: str = ""


def _read_package(package: Package) -> Iterator[Read]:
    entries = list_items(package)
    if not entries:
        raise Unreadable(_l("There is no item in this package."))
    group: list[_Member] = []
    for entry in entries:
        member = _member(package, entry)
        if member is None:
            continue
        if group and member.stimulus != group[0].stimulus:
            yield from _grouped(package, group)
            group = []
        group.append(member)
        if not member.stimulus:
            yield from _grouped(package, group)
            group = []
    yield from _grouped(package, group)


def _member(package: Package, entry: Entry) -> _Member | None:
    try:
        element = read_part(package, entry.path, max_elements=MAX_ITEM_ELEMENTS)
    except XmlFault as fault:
        return _Member(ReadFault(fault.line, fault.message, file=entry.path))
    if element.name != "assessment-item":
        return None
    original = package.read(entry.path).decode("utf-8", "replace")

    def fetch(href: str) -> bytes | None:
        path = resolved(entry.path, href)
        return package.read(path) if path is not None and path in package else None

    read = read_item(element, fetch=fetch, file=entry.path, original=original)
    if isinstance(read, ReadQuestion) and entry.section:
        read = replace(read, topic=entry.section)
    return _Member(read, _stimulus_of(element, entry.path))


def _stimulus_of(item: XmlElement, path: str) -> str:
    found = child(item, "assessment-stimulus-ref")
    return (resolved(path, found.attributes.get("href", "")) or "") if found is not None else ""


def _grouped(package: Package, group: list[_Member]) -> Iterator[Read]:
    """Yield items that share a stimulus as one case; as they are where they share none."""
    if not group or not group[0].stimulus:
        yield from (member.read for member in group)
        return
    questions = [member.read for member in group if isinstance(member.read, ReadQuestion)]
    yield from (member.read for member in group if isinstance(member.read, ReadFault))
    if questions:
        yield _case(package, group[0].stimulus, questions)


def _case(package: Package, path: str, questions: list[ReadQuestion]) -> Read:
    try:
        stimulus = read_part(package, path)
        body = body_of(stimulus)
        if body is None:
            raise XmlFault(stimulus.line, str(_l("The text that items share has no body.")))
        text, notes = _told(package, path, body)
    except (XmlFault, ValueError) as fault:
        return ReadFault(1, str(fault), file=path)
    title = " ".join(stimulus.attributes.get("title", "").split())
    parts = [{"type": one.kind} | one.source for one in questions]
    source = {"stem": title or questions[0].name, "text": story(text), "parts": parts}
    first = questions[0]
    return checked(
        ReadQuestion(
            "case_set",
            source,
            first.line,
            first.original,
            file=path,
            name=title or first.name,
            topic=first.topic,
            guesses=tuple(dict.fromkeys(each for one in questions for each in one.guesses)),
            losses=(*notes.losses, *dict.fromkeys(each for one in questions for each in one.losses)),
            files=notes.files | {name: body for one in questions for name, body in one.files.items()},
        )
    )


def _told(package: Package, path: str, body: XmlElement) -> tuple[str, Notes]:
    notes, pictures = Notes(), {}
    for element in body.elements():
        source = element.attributes.get("src", element.attributes.get("data", ""))
        found = resolved(path, source) if element.name in ("img", "object") else None
        if found is not None and found in package:
            pictures[source] = package.read(found)
    html = html_of(body.children, lambda _element: None)
    return notes.markdown(html, pictures), notes
