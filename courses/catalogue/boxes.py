"""Blocks between `::: name` and `:::`: shown by law date, set apart, or a question in the text."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from courses.catalogue import wording
from courses.catalogue.figures import check_figures
from courses.catalogue.marks import MarkdownFault, Page, check_names
from courses.catalogue.reckonings import check_calculator, push_reckoning
from courses.facts.book import FactError

FENCE = ":::"
RECKONING = "hitung"
_RECKONING = re.compile(rf"^[ \t]*{FENCE}[ \t]*{RECKONING}[ \t]+(\S+)", re.MULTILINE)


def add_boxes(md: MarkdownIt) -> None:
    """Teach ``md`` the blocks."""
    md.block.ruler.before("fence", "box", _box, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    text = _text(state, start)
    if not text.startswith(FENCE) or state.is_code_block(start):
        return False
    if silent:
        return True
    name, _blank, rest = text.removeprefix(FENCE).strip().partition(" ")
    if not name:
        raise MarkdownFault(start + 1, _("“:::” closes a block, but none is open."))
    close = _closing_line(state, start, end)
    state.env["page"].at_line(start + 1)
    if name == "berlaku":
        _in_force(state, start, close, condition=rest.strip())
    elif name == "cek":
        _check(state, start, close, question_id=rest.strip())
    elif name == RECKONING:
        lines = [_text(state, line) for line in range(start + 1, close)]
        push_reckoning(state, start, close, body=rest.strip(), lines=lines)
    elif name in wording.BOXES:
        _set_apart(state, start, close, name=name, title=rest.strip())
    else:
        there = ", ".join(sorted(("berlaku", "cek", RECKONING, *wording.BOXES)))
        raise MarkdownFault(
            start + 1, _("There is no block “::: %(name)s”. There are: %(names)s.", name=name, names=there)
        )
    state.line = close + 1
    return True


def _closing_line(state: StateBlock, start: int, end: int) -> int:
    depth = 1
    for line in range(start + 1, end):
        text = _text(state, line)
        if text.startswith(FENCE):
            depth += 1 if text.strip(": ") else -1
        if depth == 0:
            return line
    raise MarkdownFault(start + 1, _("This block is not closed: a line with “:::” is missing."))


def _in_force(state: StateBlock, start: int, close: int, *, condition: str) -> None:
    page: Page = state.env["page"]
    try:
        is_shown = page.book.applies(condition, page.as_of)
    except FactError as error:
        raise MarkdownFault(start + 1, str(error)) from error
    if is_shown:
        _inside(state, start + 1, close)
    else:
        hidden = "\n".join(_text(state, line) for line in range(start + 1, close))
        check_names(page.book, hidden, line=start + 2)
        check_figures(page, hidden, line=start + 2)
        _check_calculators(hidden, line=start + 2)


def _check_calculators(hidden: str, *, line: int) -> None:
    for match in _RECKONING.finditer(hidden):
        check_calculator(match[1], line + hidden.count("\n", 0, match.start()))


def _check(state: StateBlock, start: int, close: int, *, question_id: str) -> None:
    if not question_id:
        raise MarkdownFault(start + 1, _("“::: cek” needs the id of a question."))
    if any(_text(state, line).strip() for line in range(start + 1, close)):
        raise MarkdownFault(start + 2, _("“::: cek” must be empty inside: the question is in its own file."))
    token = state.push("check", "div", 0)
    token.meta = {"question": question_id, "line": start + 1}
    token.map = [start, close]


def _set_apart(state: StateBlock, start: int, close: int, *, name: str, title: str) -> None:
    opening = state.push("box_open", "div", 1)
    opening.block, opening.map = True, [start, close]
    opening.attrs = {"class": f"box box-{name}"}
    state.push("box_title_open", "p", 1).attrs = {"class": "box-title"}
    kind = state.push("box_kind", "span", 0)
    kind.content = wording.BOXES[name]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = title, [start, start + 1], []
    state.push("box_title_close", "p", -1)
    _inside(state, start + 1, close)
    state.push("box_close", "div", -1).block = True


def _inside(state: StateBlock, first: int, close: int) -> None:
    line_max, parent = state.lineMax, state.parentType
    state.lineMax, state.parentType = close, "container"
    state.md.block.tokenize(state, first, close)
    state.lineMax, state.parentType = line_max, parent


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
