"""Inline Markdown of a question ⇄ HTML of other systems, both ways safe. Pure.

What comes in is cleaned by nh3 first; nothing in it can be read as a mark of ours: ``{fakta:…}`` in a file is
eleven letters. What goes out has no marks but ``{gambar:name|what it shows}``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from html import escape as escape_html
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote

import nh3
from flask_babel import lazy_gettext as _l
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from quizzes.exchange.contract import Text
from quizzes.exchange.limits import MAX_TEXT
from quizzes.exchange.simple_html import SimpleHtml

PLUGIN_FILES = "@@PLUGINFILE@@/"
"""What Moodle writes before the name of a file that comes with a question."""
BREAK = "\\\n"
"""A new line within inline Markdown."""
MAX_DEPTH = 60
"""Elements within each other; what is deeper is read as bare words."""
MAX_TAGS = 3_000
"""Tags of a text whose layout is read at all: a question somebody wrote has dozens."""
MAX_PICTURE_BYTES = 2_000_000

_BLOCKS = {
    "blockquote", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_PHRASES = {"a", "b", "br", "code", "del", "em", "i", "img", "s", "strike", "strong", "sub", "sup", "u"}
_CLEANER = nh3.Cleaner(
    tags=_BLOCKS | _PHRASES,
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    url_schemes={"https", "http", "mailto", "data"},
    link_rel=None,
    clean_content_tags={"script", "style", "noscript", "template", "title", "textarea", "select"},
)
_OUT = nh3.Cleaner(
    tags={"a", "br", "code", "em", "img", "s", "strong"},
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    url_schemes={"https", "mailto"},
    link_rel=None,
)
_LOST = re.compile(
    r"<(script|style|iframe|object|embed|audio|video|svg|math|form|input|button|applet)\b", re.I
)
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*+>', re.I)
_BARE = {"br", "hr", "img"}
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_DATA = re.compile(r"data:image/[a-z.+-]+;base64,(?P<body>[A-Za-z0-9+/=\s]+)", re.I)
_BLANKS = re.compile(r"\s{200,}")
"""More than anybody writes; what makes Markdown looks through them from each one."""
_PICTURE = re.compile(r"\{gambar:(?P<name>[^{}|]*)\|(?P<alt>[^{}]*)\}")
_MAGIC = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
# Stand for a picture, the edge of a block, of a paragraph, and a new line, while HTML becomes Markdown.
_SIGN, _END, _EMPTY, _LINE = "\ue001", "\ue002", "\ue003", "\ue004"
_SIGNS = dict.fromkeys(map(ord, (_SIGN, _END, _EMPTY, _LINE)))
_SAYS_MORE = re.compile(r"[\\*`{_!\]~&]")
"""Signs that Markdown may take for more than they are."""
_EDGES = re.compile(
    rf"(?<![{_END}{_EMPTY}{_LINE}\s])[{_END}{_EMPTY}{_LINE}\s]*[{_END}{_EMPTY}{_LINE}][{_END}{_EMPTY}{_LINE}\s]*"
)
"""From the first blank on, or many blanks in a row would be looked through from each of them."""


class Converted(NamedTuple):
    """A text as inline Markdown, what of it was lost, and the pictures it names by ``{gambar:name|…}``."""

    markdown: str
    losses: tuple[Text, ...]
    files: dict[str, bytes]


def from_html(html: str, *, pictures: Mapping[str, bytes] | None = None) -> Converted:
    """Return HTML of another system as inline Markdown; blocks become lines.

    Args:
        html: as it came, however broken.
        pictures: files that came along, by the ``src`` that names them, without ``@@PLUGINFILE@@/``.

    Raises:
        ValueError: it has more than `MAX_TEXT` characters besides its pictures.
    """
    if len(_DATA.sub("", html)) > MAX_TEXT:
        raise ValueError(str(_l("A text has more than %(count)s characters.", count=MAX_TEXT)))
    losses = _lost(html)
    html = _BLANKS.sub(" ", html.replace(PLUGIN_FILES, "").translate(_SIGNS))
    clean = _CLEANER.clean(html) if html.count("<") <= MAX_TAGS else ""
    simple = _simple().read(clean) if clean else None
    if simple is not None:
        return Converted(_without_marks(_join_lines(simple)), tuple(dict.fromkeys(losses)), {})
    if html.count("<") > MAX_TAGS or _depth(clean) > MAX_DEPTH:
        losses.append(_l("Its layout is too complicated: only the words were kept."))
        return Converted(from_plain(unescape(_TAG.sub(" ", html))), tuple(dict.fromkeys(losses)), {})
    converter = _Converter(pictures or {})
    converter.losses = losses
    text = _join_lines(converter.convert(clean))
    return Converted(converter.put_pictures(text), tuple(dict.fromkeys(losses)), converter.files)


def from_plain(text: str) -> str:
    """Return plain text as inline Markdown that shows the very same; lines stay lines."""
    lines = [_escape(" ".join(line.split())) for line in text.strip().splitlines()]
    return _without_marks(BREAK.join(lines))


def from_markdown(text: str) -> str:
    """Return Markdown of another system so that nothing in it can be read as a mark or picture of ours."""
    lines = text.replace("\r\n", "\n").strip().replace("![", "\\![")
    return _without_marks(re.sub(r"(?<!\\)\{", r"\\{", lines))


def to_html(markdown: str, *, pictures: str = PLUGIN_FILES) -> str:
    """Return inline Markdown as safe HTML without blocks.

    Args:
        markdown: no marks but ``{gambar:name|…}``.
        pictures: what stands before the name of a picture: ``@@PLUGINFILE@@/`` or a folder.
    """
    found: list[str] = []

    def sign(match: re.Match[str]) -> str:
        source = escape_html(pictures + match["name"].strip())
        found.append(f'<img src="{source}" alt="{escape_html(match["alt"].strip())}">')
        return f"{_SIGN}{len(found) - 1}{_SIGN}"

    safe = _OUT.clean(_parser().renderInline(_PICTURE.sub(sign, markdown)))
    safe = safe.replace("<br>\n", "<br>").replace("\n", " ")
    return re.sub(f"{_SIGN}([0-9]+){_SIGN}", lambda match: found[int(match[1])], safe)


def to_plain(markdown: str) -> str:
    """Return inline Markdown as bare words; lines stay lines, a picture is what it shows."""
    said = _PICTURE.sub(lambda match: _escape(match["alt"].strip()), markdown)
    words = []
    for token in _parser().parseInline(said)[0].children or []:
        if token.type in {"text", "text_special", "code_inline"}:
            words.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            words.append(" " if token.type == "softbreak" else "\n")
    return "".join(words)


def list_pictures(markdown: str) -> list[str]:
    """Return the names of the pictures in a text, in their order."""
    return [match["name"].strip() for match in _PICTURE.finditer(markdown)]


def name_picture(body: bytes) -> str:
    """Return the name a picture goes by among a question's files; empty: no PNG or JPEG, or too large."""
    ending = next((name for magic, name in _MAGIC.items() if body.startswith(magic)), "")
    if not ending or len(body) > MAX_PICTURE_BYTES:
        return ""
    return f"{hashlib.sha256(body).hexdigest()[:16]}.{ending}"


class _Converter(MarkdownConverter):
    """HTML as lines of inline Markdown; `_END` stands where a line ends."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(escape_misc=False)
        self.files: dict[str, bytes] = {}
        self.losses: list[Text] = []
        self._pictures = pictures
        self._shown: list[str] = []

    def put_pictures(self, text: str) -> str:
        """Return the text with the pictures in the place of their signs."""
        text = _without_marks(text)
        return re.sub(f"{_SIGN}([0-9]+){_SIGN}", lambda match: self._shown[int(match[1])], text)

    def escape(self, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return words as Markdown that shows them."""
        return _escape(text)

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a link; one we do not show is its words."""
        address = str(el.get("href") or "")
        if not text.strip() or not address.startswith(("https://", "mailto:")):
            if address:
                self.losses.append(_l("A link is left out: only https:// and mailto: are shown."))
            return text
        safe = re.sub(r"[<>\\\s]", "", address)
        words = re.sub(r"(?<!\\)([\[\]])", r"\\\1", _EDGES.sub(" ", text).strip())
        return f"[{words}](<{safe}>)"

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a new line."""
        return _LINE

    def convert_code(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return code; where it could be read as anything else, its words."""
        words = el.get_text()
        if not words.strip() or re.search(r"[`{}\\\n]", words):
            return _escape(words)
        return f"`{words.strip()}`"

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a sign for the picture, or what it shows where it cannot be kept."""
        alt = " ".join(re.sub(r"[{}|\\]", " ", str(el.get("alt") or "")).split())[:300]
        body = self._body(unquote(str(el.get("src") or "")))
        name = name_picture(body)
        if not name:
            self.losses.append(_l("A picture is left out: it is missing, or no PNG or JPEG below 2 MB."))
            return _escape(alt)
        if not alt:
            self.losses.append(_l("A picture does not say what it shows: write it, it is read out."))
        self.files[name] = body
        self._shown.append(f"{{gambar:{name}|{alt or _l('Picture')}}}")
        return f"{_SIGN}{len(self._shown) - 1}{_SIGN}"

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a line of a list, with its number or a dash."""
        before = "– "
        if el.parent is not None and el.parent.name == "ol":
            before = f"{1 + len(el.find_previous_siblings('li'))}. "
        return f"{_END}{before}{_EDGES.sub(_LINE, text).strip(_LINE)}{_END}"

    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a cell, set apart from the next."""
        is_last = el.find_next_sibling(["td", "th"]) is None
        return _EDGES.sub(" ", text).strip() + ("" if is_last else " | ")

    convert_th = convert_td

    def convert_tr(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a row as a line."""
        return f"{_END}{text}{_END}"

    def convert_table(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return the lines of a table."""
        self.losses.append(_l("A table became lines of text."))
        return f"{_END}{text}{_END}"

    def convert_p(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a paragraph."""
        return f"{_EMPTY}{text}{_EMPTY}"

    def convert_div(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return a block as lines of its own."""
        return f"{_END}{text}{_END}"

    convert_blockquote = convert_dd = convert_dl = convert_dt = convert_list = convert_div
    convert_ol = convert_ul = convert_center = convert_div

    def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return the lines of a preformatted text."""
        return _END + _LINE.join(_escape(line) for line in el.get_text().splitlines()) + _END

    def convert_hr(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return an empty line."""
        return _EMPTY

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002, N802
        """Return a heading as a strong line."""
        return f"{_EMPTY}{_each_line(text, '**')}{_END}"

    def convert_u(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return underlined words as emphasis."""
        return _each_line(text, "*")

    def convert_b(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return strong words; strong within strong is once."""
        return text if {"b", "strong"} & set(parent_tags) else _each_line(text, "**")

    def convert_i(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return words with emphasis."""
        return text if {"i", "em", "u"} & set(parent_tags) else _each_line(text, "*")

    def convert_s(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return words that are struck out."""
        return text if {"s", "del", "strike"} & set(parent_tags) else _each_line(text, "~~")

    convert_strong, convert_em, convert_del, convert_strike = convert_b, convert_i, convert_s, convert_s

    def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return figures above the line as such letters."""
        return self._script(text, _SUPERSCRIPT, "^")

    def convert_sub(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ARG002
        """Return figures below the line as such letters."""
        return self._script(text, _SUBSCRIPT, "\\_")

    def _script(self, text: str, letters: dict[int, int], sign: str) -> str:
        words = text.strip()
        if words and all(ord(letter) in letters for letter in words):
            return words.translate(letters)
        return f"{sign}({words})" if words else ""

    def _body(self, address: str) -> bytes:
        data = _DATA.fullmatch(address)
        if data is None:
            return self._pictures.get(address, self._pictures.get(address.rpartition("/")[2], b""))
        try:
            return base64.b64decode(data["body"], validate=False)
        except binascii.Error:
            return b""


@cache
def _parser() -> MarkdownIt:
    """Return the Markdown of questions without marks of ours."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    parser.disable(["html_inline", "autolink", "image"])
    parser.validateLink = lambda url: url.startswith(("https://", "mailto:"))  # type: ignore[method-assign]
    return parser


@cache
def _simple() -> SimpleHtml:
    return SimpleHtml(
        escape=_escape,
        bold=lambda text: _each_line(text, "**"),
        italic=lambda text: _each_line(text, "*"),
        blocks={"p": _EMPTY, "div": _END},
        line=_LINE,
    )


def _lost(html: str) -> list[Text]:
    names = sorted({match[1].lower() for match in _LOST.finditer(html)} - {"style"})
    return [_l("Left out: <%(name)s>, which is not shown in questions.", name=name) for name in names]


def _depth(html: str) -> int:
    """Return how many elements of clean HTML are within each other at most."""
    open_, most = 0, 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _BARE:
            continue
        open_ += -1 if match[1] else 1
        most = max(most, open_)
    return most


def _escape(text: str) -> str:
    """Return words so that inline Markdown shows them as they are."""
    if not _SAYS_MORE.search(text):
        return text
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~]|$)", r"\\\\", text)
    text = re.sub(r"([*`{])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"!(?=\[|$)", r"\\!", text)
    text = re.sub(r"\](?=\(|$)", r"\\]", text)
    text = re.sub(r"~(?=~|$)", r"\\~", text)
    return re.sub(r"&(?=#?\w+;)", r"\\&", text)


def _without_marks(text: str) -> str:
    """Return Markdown whose escaped braces cannot be taken for marks by who looks at the bare text."""
    return re.sub(r"\\\{(\s*[a-z_]+)(:)", r"\\{\1\\:", text)


def _join_lines(text: str) -> str:
    """Return what was converted as lines, no more than one of them empty between two others."""
    bare = text.strip(_END + _EMPTY + _LINE + " \n\t\r\f\xa0")
    words = re.split(f"({_EDGES.pattern})", bare)
    kept = [_breaks(part) if number % 2 else " ".join(part.split()) for number, part in enumerate(words)]
    return "".join(kept)


def _breaks(edges: str) -> str:
    return BREAK * (2 if _is_wide(edges) else 1)


def _is_wide(edges: str) -> bool:
    return _EMPTY in edges or edges.count(_LINE) > 1


def _each_line(text: str, sign: str) -> str:
    """Return every line between two signs of emphasis, which do not reach over the end of a line."""
    parts = re.split(f"([{_END}{_EMPTY}{_LINE}])", text)
    return "".join(part if number % 2 else _between(part, sign) for number, part in enumerate(parts))


def _between(line: str, sign: str) -> str:
    words = line.strip()
    if not words:
        return line
    before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    return f"{before}{sign}{words}{sign}{after}"
