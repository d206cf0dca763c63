"""Course Markdown to safe HTML at a law date.

Rendered when a course is loaded, never when it is read. No HTML in, our own marks and blocks added, and all
that comes out goes through nh3 once more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import nh3
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from courses.catalogue.boxes import add_boxes
from courses.catalogue.drawings import Drawing
from courses.catalogue.figures import Figure, add_figures
from courses.catalogue.headings import add_anchors
from courses.catalogue.marks import BAR, BEGINS_MARK, MARK, MarkdownFault, Page, Shown, plain_words, show_mark
from courses.catalogue.notes import show_notes
from courses.catalogue.photos import Photo
from courses.catalogue.reckonings import add_reckonings
from courses.catalogue.tables import add_tables
from courses.facts.book import FactBook
from courses.facts.uses import Recorder, Seen

__all__ = ["MarkdownFault", "Rendered", "plain_inline", "render_inline", "render_lesson"]

_CLEANER = nh3.Cleaner(
    tags={
        "a", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3",
        "h4", "hr", "li", "ol", "p", "pre", "s", "section", "span", "strong", "table", "tbody", "td", "th",
        "thead", "tr", "ul",
    },
    attributes={
        "*": {"id", "class"},
        "a": {"href", "role", "aria-label"},
        "div": {"role", "aria-label", "tabindex"},
        "ol": {"start"},
        "section": {"aria-labelledby"},
        "th": {"scope"},
    },
    url_schemes={"https", "mailto"},
    link_rel=None,
)  # fmt: skip
_WORDS = re.compile(r"(?:[^\W_]|[ .,;:?()/'%+=–—…-])*")
"""Signs that neither Markdown nor HTML takes for more than they are."""
_INLINE_CLEANER = nh3.Cleaner(
    tags={"a", "br", "code", "em", "s", "span", "strong"},
    attributes={"a": {"href", "class"}, "s": {"class"}, "span": {"class"}},
    url_schemes={"https", "mailto"},
    link_rel=None,
)


@dataclass(frozen=True)
class Rendered:
    """A lesson as HTML; `outline` holds [anchor, text] of the second level; words of the text itself."""

    html: str
    outline: list[list[str]]
    word_count: int
    anchors: frozenset[str] = frozenset()
    # What it asked the book for, by line.
    uses: tuple[Seen, ...] = ()


def render_lesson(
    text: str,
    *,
    book: FactBook,
    as_of: date,
    check: Callable[[str], str],
    drawings: Mapping[str, Drawing | Photo] | None = None,
) -> Rendered:
    """Return the lesson at ``as_of``.

    Args:
        text: Markdown without front matter.
        book: where facts, laws and terms come from.
        as_of: the law date.
        check: returns the HTML of a self-check question by its id; raises ValueError with the reason.
        drawings: those its pictures may show, as `gambar/name.svg`.

    Raises:
        MarkdownFault: with the line of ``text``.
    """
    recorder = Recorder(as_of)
    page = Page(
        recorder.watch(book), as_of, recorder, is_linked=True, is_lesson=True, drawings=drawings or {}
    )
    env: dict[str, Any] = {"page": page, "line": 0, "outline": [], "anchors": [], "words": 0, "tables": 0}
    try:
        tokens = _lesson_parser().parse(_protect(text), env)
    except MarkdownFault as fault:
        page.faults.append(fault)
        page.raise_faults()
        raise
    body = _lesson_parser().renderer.render(tokens, _lesson_parser().options, env)
    safe = _CLEANER.clean(body + show_notes(page)).replace(BAR, "|")
    for token in tokens:
        if token.type == "check":
            safe = safe.replace(_slot(token), _checked(page, token, check), 1)
        elif token.type == "drawing":
            figure: Figure = token.meta["figure"]
            safe = safe.replace(figure.slot, figure.svg, 1)
    page.raise_faults()
    return Rendered(safe, env["outline"], env["words"], frozenset(env["anchors"]), uses=page.recorder.uses())


def render_inline(text: str, *, book: FactBook, as_of: date, links: bool = False) -> str:
    """Return a phrase of a question as safe HTML at ``as_of``.

    Without ``links`` a fact, a wrong value and an article look like any other words: nothing in stem or
    options may tell right from wrong. An explanation may ask for links.

    Raises:
        MarkdownFault: with the line of ``text``.
    """
    if _WORDS.fullmatch(text):
        return text
    tokens, env = _parse_inline(text, book=book, as_of=as_of, is_linked=links)
    return _INLINE_CLEANER.clean(_inline_parser().renderer.render(tokens, _inline_parser().options, env))


def plain_inline(text: str, *, book: FactBook, as_of: date) -> str:
    """Return a phrase of a question as plain text at ``as_of``.

    Raises:
        MarkdownFault: with the line of ``text``.
    """
    if _WORDS.fullmatch(text):
        return " ".join(text.split())
    tokens, _env = _parse_inline(text, book=book, as_of=as_of, is_linked=False)
    return " ".join("".join(plain_words(token.children or []) for token in tokens).split())


def _parse_inline(
    text: str, *, book: FactBook, as_of: date, is_linked: bool
) -> tuple[list[Token], dict[str, Any]]:
    page = Page(book, as_of, Recorder(as_of), is_linked)
    env: dict[str, Any] = {"page": page, "line": 0}
    tokens = _inline_parser().parseInline(text, env)
    page.raise_faults()
    return tokens, env


# Parsers


@cache
def _lesson_parser() -> MarkdownIt:
    md = _base_parser()
    add_boxes(md)
    add_figures(md)
    add_reckonings(md)
    md.core.ruler.at("inline", _parse_inlines)
    # Rules behind the words: what is added last runs first.
    md.core.ruler.after("inline", "ticks", _set_ticks)
    add_tables(md)
    add_anchors(md)
    for name, rule in _RENDER_RULES.items():
        md.add_render_rule(name, rule)
    return md


@cache
def _inline_parser() -> MarkdownIt:
    return _base_parser()


def _base_parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    md.disable(["html_inline", "html_block", "autolink"])
    md.inline.ruler.before("escape", "mark", _mark)
    md.inline.ruler.at("image", _refuse_image)
    md.validateLink = _is_link  # type: ignore[method-assign]
    md.add_render_rule("mark", _render_mark)
    return md


def _protect(text: str) -> str:
    """Hide the bars inside marks from the rule for tables."""
    return MARK.sub(lambda match: match[0].replace("|", BAR), text.replace(BAR, ""))


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "mailto:", "#"))


def _mark(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{":
        return False
    match = MARK.match(state.src, state.pos)
    if match is None:
        if BEGINS_MARK.match(state.src, state.pos):
            raise MarkdownFault(_line(state), _("A mark begins here, but its “}” is missing."))
        return False
    if not silent:
        _push_mark(state, match)
    state.pos = match.end()
    return True


def _push_mark(state: StateInline, match: re.Match[str]) -> None:
    token, page = state.push("mark", "", 0), state.env["page"]
    try:
        shown = show_mark(page, match["name"], match["body"], line=_line(state))
    except MarkdownFault as fault:
        page.faults.append(fault)
        shown = Shown("", "")
    token.content, token.meta = shown.plain, {"html": shown.html}


def _refuse_image(state: StateInline, silent: bool) -> bool:  # noqa: ARG001
    if state.src.startswith("![", state.pos):
        raise MarkdownFault(_line(state), _("A picture stands in a lesson, alone between empty lines."))
    return False


def _line(state: StateInline) -> int:
    return int(state.env["line"]) + state.src.count("\n", 0, state.pos) + 1


def _parse_inlines(state: StateCore) -> None:
    """Do what the rule of that name does, and tell the marks which line they are on."""
    for token in state.tokens:
        if token.type == "inline":
            state.env["line"] = token.map[0] if token.map else state.env["line"]
            token.children = token.children if token.children is not None else []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            _check_links(token.children, state.env["line"] + 1)
            state.env["words"] += len(plain_words(token.children).split())


def _check_links(children: Sequence[Token], line: int) -> None:
    for child in children:
        if child.type == "text" and re.search(r"\]\([^)]*\)", child.content):
            raise MarkdownFault(line, _("A link must begin with https://, mailto: or #."))


def _set_ticks(state: StateCore) -> None:
    """Let a list of things to tick begin with its boxes, and no dots before them."""
    # The third after a list that opens is the text of its first entry.
    for token, inline in zip(state.tokens, state.tokens[3:], strict=False):
        if token.type == "bullet_list_open" and inline.content.startswith("☐"):
            token.attrSet("class", "ticks")


# HTML


def _render_mark(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return str(tokens[idx].meta["html"])


def _render_box_kind(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return f'<span class="box-kind">{tokens[idx].content}</span> '


def _render_check(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return _slot(tokens[idx]) + "\n"


_RENDER_RULES = {
    "box_kind": _render_box_kind,
    "check": _render_check,
}


def _slot(token: Token) -> str:
    """Return where a question goes once everything else has been cleaned."""
    return f'<div class="check-slot-{token.meta["line"]}"></div>'


def _checked(page: Page, token: Token, check: Callable[[str], str]) -> str:
    try:
        return check(token.meta["question"])
    except ValueError as error:
        page.faults.append(MarkdownFault(token.meta["line"], str(error)))
        return ""
