"""Macros are made ready once for the process."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Flask, render_template
from flask_babel import force_locale
from jinja2 import DictLoader, FileSystemBytecodeCache, pass_context

from lms.core.web import templates
from lms.core.web.templates import HouseEnvironment


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


def test_each_language_has_its_own_texts_and_values_are_filled_in_and_escaped(app: Flask) -> None:
    page = (
        '{{ _("Sign in") }}|{{ _("Saved at %(time)s.", time=at) }}|{{ _("Sign in") ~ at }}|{{ _(name) }}'
        '{% macro said(x) %}{{ x }}{{ _("%(count)s modules & more", count=x) }}{% endmacro %}|{{ said("<") }}'
    )
    environment = cast(HouseEnvironment, app.jinja_env)
    environment.loader, usual = DictLoader({"said.html": page}), environment.loader
    environment._of_language.clear()

    def shown(language: str) -> str:
        with app.test_request_context(), force_locale(language):
            return render_template("said.html", at="<8>", name="Sign in")

    try:
        found = [shown(language) for language in ("id", "en", "id")]
    finally:
        environment.loader = usual
        environment._of_language.clear()

    more = "&lt;&lt; modules &amp; more"
    assert found[0] == f"Masuk|Tersimpan pukul &lt;8&gt;.|Masuk&lt;8&gt;|Masuk|{more}"
    assert found[1] == f"Sign in|Saved at &lt;8&gt;.|Sign in&lt;8&gt;|Sign in|{more}"
    assert found[2] == found[0]


def test_without_a_language_texts_stay_as_they_are_written(app: Flask) -> None:
    template = app.jinja_env.from_string('{{ _("Sign in") }}')

    with app.test_request_context(), force_locale("id"):
        assert template.render() == "Masuk", "one made outside of a request asks when it is shown"


def test_a_cache_of_compiled_templates_does_not_mix_languages(app: Flask, tmp_path: Path) -> None:
    cache = FileSystemBytecodeCache(str(tmp_path))
    environment = cast(HouseEnvironment, app.jinja_env.overlay(bytecode_cache=cache))
    environment._of_language = {}
    environment.loader = DictLoader({"said.html": '{{ _("Sign in") }}'})

    def shown(language: str) -> str:
        with app.test_request_context(), force_locale(language):
            return environment.get_template("said.html").render()

    assert [shown("id"), shown("en")] == ["Masuk", "Sign in"]
