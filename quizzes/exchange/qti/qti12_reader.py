"""QTI 1.2 in: packages of Canvas and Blackboard, of text2qti and Common Cartridge, and single files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement, XmlFault
from quizzes.exchange.checking import checked, limited, too_many
from quizzes.exchange.contract import Read, Reader, ReadFault, ReadQuestion, Text, Unreadable
from quizzes.exchange.decoding import check_size, without_zeros
from quizzes.exchange.limits import MAX_BYTES, MAX_QUESTIONS, MAX_UNPACKED_BYTES
from quizzes.exchange.lines import excerpt
from quizzes.exchange.markup import to_plain
from quizzes.exchange.packages import ZIP, Package
from quizzes.exchange.qti.documents import read_document
from quizzes.exchange.qti.items import ItemFault
from quizzes.exchange.qti.manifests import find_manifest
from quizzes.exchange.qti.names import children
from quizzes.exchange.qti.notes import Fetch
from quizzes.exchange.qti.qti12_items import Qti12Item
from quizzes.exchange.qti.qti12_kinds import KINDS

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?questestinterop[\s>]")
_KIND = re.compile(rb"imsqti_xmlv1p\d|x-bb-qti-|assessment/x-bb|question-bank")
_ITEM = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?item[\s>]")
_FILE_ENDINGS = (".xml", ".dat", ".qti")
_LOOKED_AT = 20_000
_MAX_ELEMENTS = 1_000_000
_PLACES = ("", "web_resources/", "csfiles/home_dir/", "Uploaded Media/")
"""Where Canvas and Blackboard keep the files a text names."""


class Qti12Reader(Reader):
    """Packages of Canvas and Blackboard."""

    key = "qti12"
    endings = (".zip", ".imscc", ".xml", ".dat")

    @property
    def label(self) -> str:
        """Name shown to people."""
        return "QTI 1.2 (Canvas, Blackboard)"

    def recognises(self, data: bytes, name: str) -> bool:  # noqa: ARG002
        """Say whether this is such a file, or a zip whose manifest names some."""
        if not data.startswith(ZIP):
            return _ROOT.search(data[:_LOOKED_AT].replace(b"\0", b"")) is not None
        try:
            package = Package(data)
            manifest = find_manifest(package)
            if manifest is not None:
                return _KIND.search(package.read(manifest, max_bytes=MAX_BYTES)) is not None
            return any(True for _path in _documents(package))
        except Unreadable:
            return False

    def least(self, data: bytes) -> int:
        """Count the items of a file that is no package."""
        return 0 if data.startswith(ZIP) else _count_items(data)

    def read(self, data: bytes, name: str) -> Iterator[Read]:
        """Yield the questions and, for each item that is none, a fault."""
        check_size(data)
        found = _read_package(Package(data, name)) if data.startswith(ZIP) else _read_file(data)
        return limited(found)


def _read_file(data: bytes) -> Iterator[Read]:
    try:
        root = read_document(data, max_bytes=MAX_BYTES, max_elements=_MAX_ELEMENTS)
    except XmlFault as fault:
        raise Unreadable(_l("Line %(line)s: %(reason)s", line=fault.line, reason=fault.message)) from fault
    if root.name != "questestinterop":
        raise Unreadable(_l("This is no file of QTI 1.2, but “%(name)s”.", name=root.name))
    yield from _items(root, data, file="", fetch=lambda _href: None)


def _count_items(data: bytes) -> int:
    return sum(1 for _found in _ITEM.finditer(data))


def _read_package(package: Package) -> Iterator[Read]:
    count = 0
    found = False
    for path in _documents(package):
        found = True
        data = package.read(path, max_bytes=MAX_UNPACKED_BYTES)
        count += _count_items(without_zeros(data))
        if count > MAX_QUESTIONS:
            raise too_many()
        try:
            root = read_document(data, max_bytes=MAX_BYTES, max_elements=_MAX_ELEMENTS)
        except XmlFault as fault:
            yield ReadFault(fault.line, fault.message, file=path)
            continue
        yield from _items(root, data, file=path, fetch=_fetch(package, path))
    if not found:
        raise Unreadable(_l("There is no file of QTI 1.2 in this package."))


def _documents(package: Package) -> Iterator[str]:
    """Yield the paths of files with questions, in the order of the package."""
    for path in package.names():
        if path.lower().endswith(_FILE_ENDINGS) and _ROOT.search(package.begin(path, _LOOKED_AT)):
            yield path


def _fetch(package: Package, path: str) -> Fetch:
    folder = posixpath.dirname(path)

    def fetch(href: str) -> bytes | None:
        for place in (f"{folder}/" if folder else "", *_PLACES):
            name = posixpath.normpath(f"{place}{href}") if href else ""
            if name in package:
                return package.read(name)
        return None

    return fetch


def _items(root: XmlElement, data: bytes, *, file: str, fetch: Fetch) -> Iterator[Read]:
    lines = data.decode("utf-8", "replace").split("\n")
    told: list[Text] = []
    found = list(_placed(root, ""))
    for index, (element, section) in enumerate(found):
        item = Qti12Item(element, fetch)
        if item.kind == "text":
            told.append(_l("A text without a question is left out: “%(text)s”.", text=_words(item)))
            continue
        last = found[index + 1][0].line - 1 if index + 1 < len(found) else len(lines)
        original = excerpt(lines, element.line, max(last, element.line))
        yield _question(item, section, original=original, file=file, told=told)
        told = []
    if told:
        yield ReadFault(0, told[0], file=file)


def _words(item: Qti12Item) -> str:
    try:
        return " ".join(to_plain(item.stem()).split())[:200]
    except ItemFault:
        return "…"


def _placed(element: XmlElement, section: str) -> Iterator[tuple[XmlElement, str]]:
    for part in children(element):
        if part.name == "item":
            yield part, section
        elif part.name in ("assessment", "section", "objectbank"):
            title = " ".join(part.attributes.get("title", "").split())
            yield from _placed(part, title or section)


def _question(item: Qti12Item, section: str, *, original: str, file: str, told: list[Text]) -> Read:
    line = item.element.line
    handler = KINDS.get(item.kind)
    try:
        if handler is None:
            kind = item.metadata("question_type", "bbmd_questiontype") or "?"
            raise ItemFault(_l("We do not read questions of the kind “%(kind)s”.", kind=kind))
        kind, source = handler(item)
        explanation = item.feedback("general_fb") or item.feedback("correct_fb", "correct")
    except ItemFault as fault:
        return ReadFault(line, fault.message, original, file)
    losses = [*told, *item.notes.losses, *_weight_loss(item)]
    title = " ".join(item.element.attributes.get("title", "").split())
    return checked(
        ReadQuestion(
            kind,
            source | ({"explanation": explanation} if explanation else {}),
            line,
            original,
            file=file,
            name=title if title.casefold() not in ("question", _("Question").casefold()) else "",
            topic=section,
            guesses=tuple(item.notes.guesses),
            losses=tuple(losses),
            files=item.notes.files,
        )
    )


def _weight_loss(item: Qti12Item) -> list[Text]:
    """Return that marks are lost, which are a matter of the quiz here."""
    points = item.metadata("points_possible", "cc_weighting", "qmd_absolutescore_max")
    try:
        is_one = not points or Decimal(points) == 1
    except ArithmeticError:
        return []
    return [] if is_one else [_l("It was worth %(points)s points: set the marks in the quiz.", points=points)]
