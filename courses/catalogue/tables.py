"""Tables of a lesson: named by their columns, with heads a screen reader tells, in a box that scrolls."""

from __future__ import annotations

import html
from collections.abc import Sequence

from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from courses.catalogue import wording
from courses.catalogue.marks import MarkdownFault, plain_words


def add_tables(md: MarkdownIt) -> None:
    """Let a lesson have tables; `env["tables"]` counts them."""
    md.enable("table")
    md.core.ruler.after("inline", "columns", _set_columns)
    md.add_render_rule("table_open", _render_table_open)
    md.add_render_rule("table_close", _render_table_close)


def _set_columns(state: StateCore) -> None:
    """Name tables by their columns, and columns; under an empty corner the first cell names the row."""
    table, cells, columns = None, list[Token](), list[str]()
    for token, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "table_open":
            table, columns = token, []
        elif token.type == "tr_open":
            cells = []
        elif token.type in {"th_open", "td_open"}:
            cells.append(token)
            _set_alignment(token)
            if token.type == "th_open":
                columns.append(plain_words(inline.children or []).strip())
                token.attrSet("scope", "col")
            elif len(cells) == 1 and not columns[0]:
                token.tag = "th"
                token.attrSet("scope", "row")
        elif token.type in {"th_close", "td_close"}:
            token.tag = cells[-1].tag
        elif token.type == "thead_close" and table is not None:
            _name_table(state, table, columns)


def _name_table(state: StateCore, table: Token, columns: list[str]) -> None:
    if not all(columns[1:]) or len(columns) < 2:
        raise MarkdownFault((table.map or [0])[0] + 1, _("Every column but the first needs a name."))
    state.env["tables"] += 1
    names = ", ".join(name for name in columns if name)
    table.meta = {"label": wording.TABLE.format(number=state.env["tables"], columns=names)}


def _set_alignment(token: Token) -> None:
    """Say with a class what Markdown says with a style, which our pages do not allow."""
    style = str(token.attrs.pop("style", ""))
    if "right" in style:
        token.attrSet("class", "end")


def _render_table_open(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    label = html.escape(tokens[idx].meta["label"])
    return f'<div class="table-box" role="region" aria-label="{label}" tabindex="0"><table>\n'


def _render_table_close(
    _self: RendererHTML, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</table></div>\n"
