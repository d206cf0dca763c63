"""Worked examples in lessons: `::: hitung pu`, a line `upah: 2.500.000` for every input, `:::`."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import force_locale
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from courses.catalogue import wording
from courses.catalogue.marks import MarkdownFault, Page, link_fact
from courses.facts.calculators.base import Calculator, CalculatorFault, Field, LawAt, Outcome, Step
from courses.facts.calculators.reading import InputFaults
from courses.facts.calculators.register import (
    LAW_DATE,
    UnknownCalculator,
    calculate,
    fields_at,
    get_calculator,
)
from courses.facts.calculators.sheet import show_input
from courses.facts.formatting import show_amount


@dataclass(frozen=True)
class Reckoning:
    """A worked example: what was put in, and what came of it at the law date of the page."""

    calculator: Calculator
    title: str
    inputs: Mapping[str, str]
    outcome: Outcome


def add_reckonings(md: MarkdownIt) -> None:
    """Teach ``md`` how worked examples look."""
    md.add_render_rule("reckoning", _render)


def push_reckoning(state: StateBlock, start: int, close: int, *, body: str, lines: Sequence[str]) -> None:
    """Put the worked example between two fences onto the page.

    Args:
        body: what follows `hitung`: the calculator, and a title if its own is not to stand there.
        lines: what stands inside.

    Raises:
        MarkdownFault: the calculator, a field or what is put in is wrong, with the line.
    """
    key, _blank, title = body.partition(" ")
    page: Page = state.env["page"]
    token = state.push("reckoning", "div", 0)
    token.block, token.map = True, [start, close]
    token.meta = {"reckoning": _read(page, key, title.strip(), lines, start + 1), "line": start + 1}


def check_calculator(key: str, line: int) -> Calculator:
    """Return the calculator of that name, whatever the law date.

    Raises:
        MarkdownFault: there is none.
    """
    try:
        return get_calculator(key)
    except UnknownCalculator as error:
        raise MarkdownFault(line, str(error)) from error


def _read(page: Page, key: str, title: str, lines: Sequence[str], line: int) -> Reckoning:
    calculator = check_calculator(key, line)
    inputs, places = _read_inputs(lines, line + 1)
    page.at_line(line)
    try:
        outcome = calculate(key, inputs, book=page.book, as_of=page.as_of)
    except InputFaults as error:
        first = error.faults[0]
        raise MarkdownFault(places.get(first.field, line), _say(first)) from error
    return Reckoning(calculator, title, inputs, outcome)


def _read_inputs(lines: Sequence[str], first: int) -> tuple[dict[str, str], dict[str, int]]:
    """Return what is put in and the line of each, by field."""
    inputs: dict[str, str] = {}
    places: dict[str, int] = {}
    for line, text in enumerate(lines, start=first):
        name, colon, value = (part.strip() for part in text.partition(":"))
        if not name and not colon:
            continue
        if not name or not colon or not value:
            raise MarkdownFault(line, _("Write what is put in line by line, like “upah: 2.500.000”."))
        if name in inputs:
            raise MarkdownFault(line, _("“%(key)s” is written twice.", key=name))
        inputs[name], places[name] = value, line
    return inputs, places


def _say(fault: CalculatorFault) -> str:
    return f"{fault.field}: {fault}" if fault.field else str(fault)


# HTML


def _render(
    _self: RendererHTML, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: EnvType
) -> str:
    page: Page = env["page"]
    page.at_line(tokens[idx].meta["line"])
    # Course text is Indonesian whatever the interface speaks.
    with force_locale("id"):
        return _show(page, tokens[idx].meta["reckoning"])


def _show(page: Page, reckoning: Reckoning) -> str:
    steps = "\n".join(_show_step(page, step) for step in reckoning.outcome.steps)
    notes = "\n".join(f'<p class="remark">{_text(note)}</p>' for note in reckoning.outcome.notes)
    title = reckoning.title or reckoning.calculator.title
    return (
        f'<div class="box box-hitung"><p class="box-title"><span class="box-kind">{wording.RECKONING}</span> '
        f"{_text(title)}</p>\n{_show_inputs(page, reckoning)}\n"
        f'<ol class="reckoning">\n{steps}\n</ol>\n{notes}\n{_link(page, reckoning)}</div>\n'
    )


def _show_inputs(page: Page, reckoning: Reckoning) -> str:
    fields = fields_at(reckoning.calculator, LawAt(page.book, page.as_of))
    said = [
        _show_entry(field, reckoning.inputs[field.name]) for field in fields if field.name in reckoning.inputs
    ]
    return f'<ul class="reckoning-inputs">{"".join(said)}</ul>' if said else ""


def _show_entry(field: Field, text: str) -> str:
    by_person = f" ({wording.ENTERED})" if field.is_from_person else ""
    label = _text(field.label)
    stop = "" if label.endswith("?") else ":"
    return f"<li>{label}{stop} <strong>{_text(show_input(field, text))}</strong>{by_person}</li>"


def _show_step(page: Page, step: Step) -> str:
    amount = f" <strong>{show_amount(step.amount, step.unit)}</strong>" if step.amount is not None else ""
    parts = [f'<p class="line"><span>{_text(step.label)}</span>{amount}</p>']
    source = ", ".join([*(link_fact(page, key) for key in step.facts), *_citations(page, step)])
    said = [_text(step.expression)] if str(step.expression) else []
    said += [f'<span class="source">{wording.RECKONING_SOURCE} {source}</span>'] if source else []
    if said:
        parts.append(f"<p>{' · '.join(said)}</p>")
    if str(step.rounding):
        parts.append(f'<p class="source">{_text(step.rounding)}</p>')
    opening = '<li class="sum">' if step.is_sum else "<li>"
    return f"{opening}{''.join(parts)}</li>"


def _citations(page: Page, step: Step) -> list[str]:
    found = [page.book.citation(ref) for ref in step.cite]
    return [f'<a class="law" href="{citation.url}">{html.escape(citation.label)}</a>' for citation in found]


def _link(page: Page, reckoning: Reckoning) -> str:
    query = urlencode({**reckoning.inputs, LAW_DATE: page.as_of.isoformat()})
    address = html.escape(f"/hitung/{reckoning.calculator.key}?{query}")
    return f'<p><a href="{address}">{wording.RECKONING_LINK}</a></p>'


def _text(text: object) -> str:
    return html.escape(str(text))
