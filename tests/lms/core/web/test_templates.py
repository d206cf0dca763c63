"""Macros are made ready once for the process."""

from __future__ import annotations

from flask import Flask, render_template
from jinja2 import DictLoader, pass_context

from lms.core.web import templates


def test_a_file_of_macros_is_made_ready_once_and_sees_all_globals() -> None:
    app = Flask("small")
    templates.init_app(app)
    made: list[int] = []
    app.jinja_env.globals["count"] = lambda: made.append(1) or len(made)
    app.jinja_loader = DictLoader(
        {
            "macros.html": "{% set number = count() %}{% macro show(x) %}{{ number }}: {{ x }} {{ name }}"
            "{% endmacro %}",
            "page.html": '{% from "macros.html" import show %}{{ show(word) }}',
        }
    )
    app.jinja_env.globals["name"] = "Penggerak"

    with app.test_request_context():
        shown = [render_template("page.html", word=word) for word in ("satu", "dua")]

    assert shown == ["1: satu Penggerak", "1: dua Penggerak"]


def test_functions_with_and_without_marks_are_called_as_jinja_calls_them() -> None:
    app = Flask("small")
    templates.init_app(app)
    app.jinja_env.globals["plain"] = lambda number, *, twice=False: number * (2 if twice else 1)
    app.jinja_env.globals["knowing"] = pass_context(lambda context, name: context[name])
    app.jinja_loader = DictLoader(
        {"page.html": "{% for n in [1, 2] %}{{ plain(n, twice=true) }}{{ knowing('word') }}{% endfor %}"}
    )

    with app.test_request_context():
        assert render_template("page.html", word="!") == "2!4!"


def test_macros_take_what_they_are_called_with_as_jinja_would() -> None:
    app = Flask("small")
    templates.init_app(app)
    page = (
        "{% macro show(x, y='-') %}{{ x }}{{ y }}{{ caller() if caller }}{% endmacro %}"
        "{% for n in [1, 2] %}{{ show('<', y=n) }}{% endfor %}{% call show('a') %}b{% endcall %}"
        "{{ word.upper() }}{{ words.pop() }}"
    )
    app.jinja_loader = DictLoader({"page.html": page})

    with app.test_request_context():
        assert render_template("page.html", word="ja", words=["z"]) == "&lt;1&lt;2a-bJAz"
