"""DOCX files as bytes, written out in XML, for the tests of this room."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_LEVELS = (("decimal", "%1."), ("lowerLetter", "%2)"), ("lowerRoman", "%3."))
NUMBERS, LETTERS, BULLETS = "1", "2", "3"
"""Lists every file has: numbers with letters on level 1, letters, dots. 20 to 39 are lists of letters of
their own, 40 to 59 of numbers."""


def _abstract(number: int, *levels: tuple[str, str]) -> str:
    shown = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{number}">{shown}</w:abstractNum>'


def _num(number: int, abstract: int, restart: bool = False) -> str:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>'


NUMBERING = (
    f'<w:numbering xmlns:w="{W}">'
    + _abstract(0, *_LEVELS)
    + _abstract(1, ("upperLetter", "%1."))
    + _abstract(2, ("bullet", "•"))
    + _abstract(3, ("decimal", "%1)"))
    + _abstract(4, ("decimal", "%1."))
    + "".join(_num(number, number - 1) for number in range(1, 6))
    + "".join(_num(number, 1, restart=True) for number in range(20, 40))
    + "".join(_num(number, 3, restart=True) for number in range(40, 60))
    + "</w:numbering>"
)
STYLES = (
    f'<w:styles xmlns:w="{W}">'
    '<w:style w:styleId="Judul1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Soal"><w:name w:val="Soal"/>'
    '<w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="SoalTebal"><w:name w:val="Soal tebal"/><w:basedOn w:val="Soal"/>'
    "<w:rPr><w:b/></w:rPr></w:style>"
    "</w:styles>"
)


def run(text: str, look: str = "") -> str:
    """Return words with a look: ``b``, ``i``, ``u``, ``mark``, ``red``, ``shade``, ``sup``, ``hidden``."""
    looks = {
        "b": "<w:b/>",
        "i": "<w:i/>",
        "u": '<w:u w:val="single"/>',
        "mark": '<w:highlight w:val="yellow"/>',
        "red": '<w:color w:val="FF0000"/>',
        "shade": '<w:shd w:val="clear" w:fill="FFFF00"/>',
        "sup": '<w:vertAlign w:val="superscript"/>',
        "hidden": "<w:vanish/>",
        "": "",
    }
    inside = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t"))
    shown = inside.replace("\n", "</w:t><w:br/><w:t>")
    return f"<w:r><w:rPr>{looks[look]}</w:rPr>{shown}</w:r>"


def p(*parts: str, num: tuple[str, int] | None = None, style: str = "", look: str = "") -> str:
    """Return a paragraph of words or runs, counted by a list at a level if it says so."""
    numbering = f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>' if num else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside = "".join(part if part.startswith("<") else run(part, look) for part in parts)
    return f"<w:p><w:pPr>{styled}{numbering}</w:pPr>{inside}</w:p>"


def q(text: str, **said: str) -> str:
    """Return a question counted by Word."""
    return p(text, num=(NUMBERS, 0), **said)


def a(text: str, look: str = "") -> str:
    """Return an answer counted by Word, on the level below."""
    return p(text, num=(NUMBERS, 1), look=look)


def table(*rows: tuple[str, ...]) -> str:
    """Return a table of paragraphs; a cell is XML of its own or bare words."""
    shown = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:tcPr/>{cell if cell.startswith('<w:p>') else p(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/>{shown}</w:tbl>"


def picture(relation: str, alt: str = "") -> str:
    """Return a run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Gambar 1" descr="{escape(alt)}"/>'
        f'<a:graphic><a:blip r:embed="{relation}"/></a:graphic></wp:inline></w:drawing></w:r>'
    )


def made(
    *blocks: str, parts: Mapping[str, bytes | str] | None = None, targets: Mapping[str, str] | None = None
) -> bytes:
    """Return a file with paragraphs and tables; ``targets`` are relations and what they point at."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="x" Target="{target}"/>' for name, target in (targets or {}).items()
    )
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types/>',
        "word/document.xml": f"<w:document {_SPACES}><w:body>{''.join(blocks)}</w:body></w:document>",
        "word/numbering.xml": NUMBERING,
        "word/styles.xml": STYLES,
        "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
    } | dict(parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()
