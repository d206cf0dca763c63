"""A DOCX file as paragraphs: what stands there, how it looks, and what Word counts before it.

Read from the XML itself. Nothing is fetched; deleted and hidden text is left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement, XmlFault, read_xml
from quizzes.exchange.contract import Text, Unreadable
from quizzes.exchange.packages import Package
from quizzes.exchange.word.numbering import (
    Label,
    Lists,
    W,
    child,
    children,
    read_lists,
    said,
    value_of,
    whole,
)

MAX_BYTES = 40_000_000
MAX_ELEMENTS = 300_000
MAX_PARAGRAPHS = 100_000
"""Twenty thousand questions with four answers each."""
MAX_DEPTH = 200
MAX_PARTS = 5_000
DOCUMENT = "word/document.xml"
OBJECT = "\ufffc"
"""The sign that stands for a picture among words."""

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_VML = "urn:schemas-microsoft-com:vml"
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_LEFT_OUT = {"del", "instrText", "delText", "moveFrom", "rPr", "pPr", "sdtPr", "tblPr", "trPr", "tcPr"}
_OFF = {"0", "false", "none", "off"}
_BLACK = {"", "auto", "000000"}


@dataclass(frozen=True)
class Run:
    """Words that look alike, or one picture by its path in the package, whose text is `OBJECT`."""

    text: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_marked: bool = False
    is_coloured: bool = False
    script: str = ""
    picture: str = ""
    alt: str = ""

    @property
    def html(self) -> str:
        """The run as HTML, with what Markdown can hold of its looks."""
        if self.picture:
            return f'<img src="{escape(self.picture)}" alt="{escape(self.alt)}">'
        shown = escape(self.text)
        shown = f"<{self.script}>{shown}</{self.script}>" if self.script else shown
        if not self.text.strip():
            return shown
        shown = f"<em>{shown}</em>" if self.is_italic else shown
        return f"<strong>{shown}</strong>" if self.is_bold else shown


Line = list[Run]


@dataclass
class Paragraph:
    """Lines as soft breaks part them; ``number`` counts paragraphs from 1."""

    number: int
    lines: list[Line]
    label: Label | None = None
    # 0: no heading.
    heading: int = 0
    losses: list[Text] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The bare words."""
        return "\n".join(words(line) for line in self.lines)


@dataclass
class Grid:
    """A table: rows of cells, each with its paragraphs."""

    rows: list[list[list[Paragraph]]]


Block = Paragraph | Grid


@dataclass(frozen=True)
class Document:
    """What is in a file, in its order, and its pictures by path."""

    blocks: list[Block]
    pictures: Mapping[str, bytes]


@dataclass(frozen=True)
class _Style:
    based_on: str = ""
    list_id: str = ""
    level: int = 0
    heading: int = 0
    is_bold: bool | None = None


def words(line: Line) -> str:
    """Return the words of a line."""
    return "".join(run.text for run in line)


def read_document(data: bytes) -> Document:
    """Return the paragraphs and tables of a file.

    Raises:
        Unreadable: no Word file, a damaged one, or beyond a limit.
    """
    package = Package(data, max_files=MAX_PARTS)
    if DOCUMENT not in package:
        raise Unreadable(_l("This is no Word file (.docx), or a damaged one: save it again as .docx."))
    reading = _Reading(package)
    root = _part(package, DOCUMENT)
    body = child(root, "body")
    if body is None:
        raise Unreadable(_l("This is no Word file (.docx), or a damaged one: save it again as .docx."))
    blocks = list(reading.blocks(body))
    return Document(blocks, reading.pictures())


def _part(package: Package, path: str) -> XmlElement:
    body = package.read(path, max_bytes=MAX_BYTES)
    if body.count(b"<w:p>") + body.count(b"<w:p ") > MAX_PARAGRAPHS:
        raise Unreadable(
            _l("The document has more than %(count)s paragraphs. Split it.", count=MAX_PARAGRAPHS)
        )
    try:
        return read_xml(
            body,
            max_bytes=MAX_BYTES,
            max_depth=MAX_DEPTH,
            max_elements=MAX_ELEMENTS,
        )
    except XmlFault as fault:
        raise Unreadable(_l("This Word file cannot be read: %(reason)s", reason=fault.message)) from fault


class _Reading:
    """One document while it is read: counts paragraphs and lists, and knows styles and relations."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._lists = self._read_lists()
        self._styles = self._read_styles()
        self._targets = self._read_targets()
        self._shown: dict[str, None] = {}
        self._count = 0

    def blocks(self, element: XmlElement) -> Iterator[Block]:
        """Yield paragraphs and tables within an element, in their order."""
        for part in element.children:
            if not isinstance(part, XmlElement) or part.name in _LEFT_OUT:
                continue
            if part.namespace == W and part.name == "p":
                yield self._paragraph(part)
            elif part.namespace == W and part.name == "tbl":
                yield Grid([list(self._cells(row)) for row in children(part, "tr")])
            elif part.namespace == W and part.name in {"sdt", "sdtContent", "ins", "smartTag", "customXml"}:
                yield from self.blocks(part)

    def pictures(self) -> dict[str, bytes]:
        """Return the pictures that stood in the text, by path."""
        return {path: self._package.read(path) for path in self._shown if path in self._package}

    def _cells(self, row: XmlElement) -> Iterator[list[Paragraph]]:
        for cell in children(row, "tc"):
            yield [one for block in self.blocks(cell) for one in _flat(block)]

    def _paragraph(self, element: XmlElement) -> Paragraph:
        self._count += 1
        properties = child(element, "pPr")
        style = self._style(value_of(properties, "pStyle"))
        found = Paragraph(self._count, [[]], self._label(properties, style), self._heading(properties, style))
        self._gather(element, found, Run(is_bold=bool(style.is_bold)))
        found.lines = [line for line in found.lines if words(line).strip()]
        return found

    def _label(self, properties: XmlElement | None, style: _Style) -> Label | None:
        numbering = child(properties, "numPr")
        list_id = value_of(numbering, "numId") or style.list_id
        level = value_of(numbering, "ilvl")
        return self._lists.count(list_id, whole(level, style.level)) if list_id not in {"", "0"} else None

    def _heading(self, properties: XmlElement | None, style: _Style) -> int:
        outline = value_of(properties, "outlineLvl")
        return whole(outline, 8) + 1 if outline and whole(outline, 9) < 9 else style.heading

    def _gather(self, element: XmlElement, found: Paragraph, look: Run) -> None:
        """Put what is within an element into the lines of a paragraph."""
        for part in element.children:
            if not isinstance(part, XmlElement) or part.name in _LEFT_OUT:
                continue
            if part.namespace == W and part.name == "r":
                self._gather_run(part, found, look)
            elif part.namespace == _MATH:
                found.losses.append(_l("A formula became plain signs: look at it."))
                found.lines[-1].append(Run(_math(part)))
            elif part.namespace == W and part.name == "txbxContent":
                found.losses.append(_l("A text box is left out."))
            elif (part.namespace, part.name) != (_COMPATIBLE, "Fallback"):
                self._gather(part, found, look)

    def _gather_run(self, element: XmlElement, found: Paragraph, look: Run) -> None:
        properties = child(element, "rPr")
        if _is_on(properties, "vanish"):
            return
        looks = _look(properties, look, self._style(value_of(properties, "rStyle")))
        for part in element.children:
            if not isinstance(part, XmlElement):
                continue
            text = _TEXTS.get(part.name, "") if part.namespace == W else ""
            if part.namespace == W and part.name == "t":
                text = "".join(piece for piece in part.children if isinstance(piece, str))
            if text:
                found.lines[-1].append(Run(text, *looks))
            elif part.namespace == W and part.name in {"br", "cr"} and said(part, "type") != "page":
                found.lines.append([])
            elif part.name in {"drawing", "pict", "object", "AlternateContent"}:
                self._gather_picture(part, found)

    def _gather_picture(self, element: XmlElement, found: Paragraph) -> None:
        """Put the pictures of a drawing into the text; the older copy of the same one is passed over."""
        described = ""
        older = {id(one) for e in element.elements() if e.name == "Fallback" for one in e.elements()}
        for one in element.elements():
            if id(one) in older:
                continue
            if one.name == "docPr":
                described = one.attributes.get("descr", "") or one.attributes.get("title", "")
            relation = ""
            if one.namespace == _DRAWING and one.name == "blip":
                relation = one.attributes.get(f"{_RELATION} embed", "")
            elif one.namespace == _VML and one.name == "imagedata":
                relation = one.attributes.get(f"{_RELATION} id", "")
            elif one.namespace == W and one.name == "txbxContent":
                found.losses.append(_l("A text box is left out."))
            if relation:
                path = self._targets.get(relation, "")
                self._shown[path] = None
                found.lines[-1].append(Run(OBJECT, picture=path or "-", alt=described))

    def _style(self, name: str) -> _Style:
        """Return a style with what it has from those it is based on."""
        found, seen = _Style(), set[str]()
        while name in self._styles and name not in seen:
            seen.add(name)
            own = self._styles[name]
            found = _Style(
                based_on=own.based_on,
                list_id=found.list_id or own.list_id,
                level=found.level if found.list_id else own.level,
                heading=found.heading or own.heading,
                is_bold=own.is_bold if found.is_bold is None else found.is_bold,
            )
            name = own.based_on
        return found

    def _read_lists(self) -> Lists:
        path = "word/numbering.xml"
        return read_lists(_part(self._package, path) if path in self._package else None)

    def _read_styles(self) -> dict[str, _Style]:
        path = "word/styles.xml"
        if path not in self._package:
            return {}
        return {
            said(style, "styleId"): _read_style(style)
            for style in children(_part(self._package, path), "style")
        }

    def _read_targets(self) -> dict[str, str]:
        """Return the paths of what a document points at within the package."""
        path = "word/_rels/document.xml.rels"
        if path not in self._package:
            return {}
        return {
            one.attributes.get("Id", ""): posixpath.normpath(
                posixpath.join("word", one.attributes.get("Target", ""))
            )
            for one in _part(self._package, path).elements()
            if one.name == "Relationship" and one.attributes.get("TargetMode") != "External"
        }


_TEXTS = {"tab": "\t", "noBreakHyphen": "-", "sym": "•"}


def _flat(block: Block) -> Iterator[Paragraph]:
    """Yield the paragraphs of a block, those of a table within a table too."""
    if isinstance(block, Paragraph):
        yield block
        return
    for row in block.rows:
        for cell in row:
            yield from cell


def _read_style(element: XmlElement) -> _Style:
    properties, runs = child(element, "pPr"), child(element, "rPr")
    numbering = child(properties, "numPr")
    name = value_of(element, "name").casefold()
    level = name.removeprefix("heading ") if name.startswith("heading ") else ""
    return _Style(
        based_on=value_of(element, "basedOn"),
        list_id=value_of(numbering, "numId"),
        level=whole(value_of(numbering, "ilvl"), 0),
        heading=whole(level, 0),
        is_bold=_is_on(runs, "b") if child(runs, "b") is not None else None,
    )


def _look(
    properties: XmlElement | None, look: Run, style: _Style
) -> tuple[bool, bool, bool, bool, bool, str]:
    own = child(properties, "b")
    inherited = look.is_bold if style.is_bold is None else style.is_bold
    fill = said(child(properties, "shd"), "fill").casefold()
    script = {"superscript": "sup", "subscript": "sub"}.get(value_of(properties, "vertAlign"), "")
    return (
        inherited if own is None else _is_on(properties, "b"),
        _is_on(properties, "i"),
        child(properties, "u") is not None and value_of(properties, "u") not in _OFF,
        value_of(properties, "highlight") not in {"", *_OFF} or fill not in {"", "auto", "ffffff"},
        value_of(properties, "color").casefold() not in _BLACK,
        script,
    )


def _is_on(properties: XmlElement | None, name: str) -> bool:
    return child(properties, name) is not None and value_of(properties, name) not in _OFF


def _math(element: XmlElement) -> str:
    return "".join(
        piece
        for one in element.elements()
        if one.name == "t"
        for piece in one.children
        if isinstance(piece, str)
    )
