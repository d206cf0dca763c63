"""Pictures in lessons: `![text alternative](gambar/name.svg "caption")`, alone between empty lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from courses.catalogue import wording
from courses.catalogue.drawings import FOLDER, Drawing, write_drawing
from courses.catalogue.marks import BAR, MARK, MarkdownFault, Page, link_fact, plain_fact
from courses.catalogue.photos import Photo, write_photo
from courses.facts.book import FactError

BEGINS = "!["
_FIGURE = re.compile(
    r'!\[(?P<alternative>[^\[\]]*)\]\(\s*(?P<file>[^\s"()]+)(?:\s+"(?P<caption>[^"]*)")?\s*\)', re.DOTALL
)
_BLOCK = re.compile(r"^[ \t]*!\[[^\n]*(?:\n(?![ \t]*:::)[^\n]*\S[^\n]*)*", re.MULTILINE)
_FILE = re.compile(rf"{FOLDER}/[a-z0-9]+(?:-[a-z0-9]+)*\.(?:svg|webp)")


@dataclass
class Figure:
    """A picture as written, and what became of it."""

    line: int
    file: str
    alternative: str
    caption: str
    drawing: Drawing | Photo
    number: int = 0
    svg: str = ""
    # Bodies of the marks in the drawing, in the order they were met.
    facts: list[str] = field(default_factory=list)

    @property
    def slot(self) -> str:
        """Where the drawing goes once everything else has been cleaned."""
        return f'<div class="figure-slot-{self.line}"></div>'


def add_figures(md: MarkdownIt) -> None:
    """Teach ``md`` pictures."""
    md.block.ruler.before("paragraph", "figure", _figure)
    md.add_render_rule("drawing", _render_drawing)
    md.add_render_rule("figure_sources", _render_sources)


def check_figures(page: Page, text: str, *, line: int) -> None:
    """Check the pictures of a hidden block, whatever the law date.

    Raises:
        MarkdownFault: with the line, of which ``line`` is the first.
    """
    for block in _BLOCK.finditer(text):
        _read(page, block[0], line + text.count("\n", 0, block.start()))


def _figure(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not _text(state, start).startswith(BEGINS) or state.is_code_block(start):
        return False
    if silent:
        return True
    close = start
    while close < end and _text(state, close).strip() and not _text(state, close).startswith(":::"):
        close += 1
    state.line = close
    page: Page = state.env["page"]
    try:
        figure = _read(page, "\n".join(_text(state, line) for line in range(start, close)), start + 1)
    except MarkdownFault as fault:
        page.faults.append(fault)
        return True
    page.figures += 1
    figure.number = page.figures
    _push(state, figure, start, close)
    return True


def _push(state: StateBlock, figure: Figure, start: int, close: int) -> None:
    opening = state.push("figure_open", "figure", 1)
    opening.block, opening.map, opening.attrs = True, [start, close], {"class": "drawing"}
    state.push("drawing", "svg", 0).meta = {"figure": figure}
    state.push("figcaption_open", "figcaption", 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = figure.caption, [start, close], []
    state.push("figure_sources", "span", 0).meta = {"figure": figure}
    state.push("figcaption_close", "figcaption", -1)
    state.push("figure_close", "figure", -1).block = True


def _read(page: Page, text: str, line: int) -> Figure:
    match = _FIGURE.fullmatch(text.strip())
    if match is None:
        raise MarkdownFault(
            line,
            _('A picture is written ![alternative](gambar/name.svg "caption"), alone between empty lines.'),
        )
    file, (alternative, caption) = match["file"], (_tidy(match[name]) for name in ("alternative", "caption"))
    if not _FILE.fullmatch(file):
        raise MarkdownFault(line, _("Pictures are SVG or WebP files in “gambar” beside the lesson."))
    if file not in page.drawings:
        raise MarkdownFault(line, _("There is no file %(file)s.", file=file))
    if not caption:
        raise MarkdownFault(line, _("The picture needs a caption, in quotes behind the name of its file."))
    _check_alternative(alternative, caption, file, line)
    return Figure(line, file, alternative, caption, page.drawings[file])


def _check_alternative(alternative: str, caption: str, file: str, line: int) -> None:
    if not alternative:
        raise MarkdownFault(line, _("The picture has no text alternative: say in a sentence what it shows."))
    name = PurePosixPath(file).name
    if _fold(alternative) in {_fold(caption), _fold(file), _fold(name), _fold(PurePosixPath(file).stem)}:
        raise MarkdownFault(
            line,
            _("The text alternative repeats the caption or the name of the file: say what is to be seen."),
        )


def _tidy(text: str | None) -> str:
    return " ".join((text or "").replace(BAR, "|").split())


def _fold(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


# HTML


def _render_drawing(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
) -> str:
    page: Page = env["page"]
    figure: Figure = tokens[idx].meta["figure"]
    page.at_line(figure.line)
    try:
        if isinstance(figure.drawing, Photo):
            figure.svg = write_photo(figure.drawing, _resolve(page, figure, figure.alternative, ""))
            return figure.slot
        figure.svg = write_drawing(
            figure.drawing,
            prefix=f"gambar_{figure.number}_",
            title=_resolve(page, figure, figure.alternative, ""),
            show=lambda line, text: _resolve(page, figure, text, f"{figure.file}:{line}: "),
        )
    except MarkdownFault as fault:
        page.faults.append(fault)
    return figure.slot


def _resolve(page: Page, figure: Figure, text: str, place: str) -> str:
    """Return words with their marks, which may be `{fakta:…}` only, as plain text."""

    def shown(match: re.Match[str]) -> str:
        if match["name"] != "fakta":
            raise FactError(_("A drawing may hold {fakta:…} and no other mark."))
        if match["body"] not in figure.facts:
            figure.facts.append(match["body"])
        return plain_fact(page, match["body"])

    try:
        text = MARK.sub(shown, text)
        if "{" in text or "}" in text:
            raise FactError(_("A mark begins here, but its “}” is missing."))
    except FactError as error:
        raise MarkdownFault(figure.line, f"{place}{error}") from error
    return text


def _render_sources(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
) -> str:
    figure: Figure = tokens[idx].meta["figure"]
    if not figure.facts or not figure.svg:
        return ""
    env["page"].at_line(figure.line)
    links = " · ".join(link_fact(env["page"], body) for body in figure.facts)
    return f' <span class="figure-sources">{wording.FIGURE_NUMBERS} {links}.</span>'
