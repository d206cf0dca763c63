"""How templates are loaded and call functions: shortcuts through Jinja that a page takes many times."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import FunctionType, MethodType
from typing import Any

from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer

from lms.core.i18n import language_of_texts, translate


class HouseEnvironment(Environment):
    """Compiles each template once for each language, with the texts of that language in it.

    A page says some sixty texts: looked up, called for and escaped one by one they took a tenth of it.
    """

    language = ""
    """Of the texts in these templates; empty for the one that chooses."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._of_language: dict[str, HouseEnvironment] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as Jinja calls it
    ) -> Template:
        """Return a template in the language of this request; as it was written where there is none."""
        language = self.language or language_of_texts()
        if language == self.language:
            return super().get_template(name, parent, globals)
        return self.in_language(language).get_template(name, parent, globals)

    def in_language(self, language: str) -> HouseEnvironment:
        """Return the environment of a language; filters and globals are those of this one.

        A cache of compiled templates is not: it knows a template by its file and would mix the languages.
        """
        found = self._of_language.get(language)
        if found is None:
            found = self.overlay(bytecode_cache=None)
            found.language = language
            self._of_language[language] = found
        return found

    def _generate(self, source: nodes.Template, *told: Any, **named: Any) -> str:
        return super()._generate(_Fixed().visit(source) if self.language else source, *told, **named)


class _Fixed(NodeTransformer):
    """Puts texts in place of asking for them, in the language of this request; values go in as ever."""

    def visit_Call(self, node: nodes.Call, *told: Any, **named: Any) -> nodes.Node:  # noqa: N802 - Jinja's
        self.generic_visit(node, *told, **named)
        asked = _text_of(node)
        if asked is None:
            return node
        where = {"lineno": node.lineno, "environment": node.environment}
        text = nodes.Const(translate(asked), **where)
        if not node.kwargs:
            return text
        pairs = [nodes.Pair(nodes.Const(word.key, **where), word.value, **where) for word in node.kwargs]
        return nodes.Mod(text, nodes.Dict(pairs, **where), **where)


def _text_of(node: nodes.Call) -> str | None:
    """Return the text of ``_("text", name=value, …)``, None where it is not written out so."""
    is_plain = isinstance(node.node, nodes.Name) and node.node.name == "_" and len(node.args) == 1
    if not is_plain or node.dyn_args is not None or node.dyn_kwargs is not None:
        return None
    (text,) = node.args
    return text.value if isinstance(text, nodes.Const) and isinstance(text.value, str) else None


class HouseTemplate(Template):
    """A template that imports as if all globals were the environment's, which they are here.

    Jinja compares the names of all globals at every ``{% from … import … %}``, some 60 each time and seven
    times for a page, in case a template was loaded with further ones. Nothing in the house does that.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        if self._module is None:
            self._module = self.make_module()
        return self._module


class HouseContext(Context):
    """What a template knows; calls plain functions and macros at once.

    Jinja looks three times whether what is called wants to know the template itself. A function without
    marks of any kind does not, nor does a method of ours; a macro always wants the same.
    """

    def call(self, called: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """Call a function, a macro or another object with the given values."""
        kind = type(called)
        if kind is Macro:
            values = (self.eval_ctx, *values)
        elif kind not in _PLAIN or called.__dict__:
            return super().call(called, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*values, **named)


_PLAIN = frozenset({FunctionType, MethodType})


def init_app(app: Flask) -> None:
    """Load templates so; call it before any is loaded."""
    app.jinja_env.template_class = HouseTemplate
    app.jinja_env.context_class = HouseContext
