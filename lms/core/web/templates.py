"""How templates are loaded and call functions: two shortcuts through Jinja that a page takes many times."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from flask import Flask
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro


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
