"""The paper: a record as A4 landscape PDF. A view of the row: the same record, the same bytes."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path

import segno
from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import lazy_gettext as _l
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from certificates.codes import show_code
from certificates.record import ModuleResult, Record
from lms.core.errors import Conflict
from lms.core.pdf import PageCountError, render_pdf
from lms.core.typeface import REGULAR, SEMIBOLD, fitting_size, missing_characters

ROOM = Path(__file__).parent
DESIGN = 2
"""Counts changes of template, style sheet and drawings."""
PAGE_COUNT = 2
CHECK_PATH = "/v"
"""Printed on every paper: it leads to the form for a code, for ever."""
LINE_POINTS = 690.0
"""Width of a line inside the frame."""
NAME_STEPS = ((29, 1), (24, 1), (20, 1), (17, 3))
TITLE_STEPS = ((20, 1), (17, 2), (15, 3))
OFFICE_STEPS = ((13, 1), (11, 2))
KINDS = {"internal": "Internal", "external": "Eksternal", "procedure": "Prosedur"}
"""Kinds of modules on the transcript."""
DENSITIES = ("", "snug", "dense", "dense densest")
"""How the page is set: each is tried until everything is on one page."""


def renderer_name() -> str:
    """Return what decides the bytes besides the record, e.g. ``paper 1, WeasyPrint 70.0``."""
    return f"paper {DESIGN}, WeasyPrint {version('weasyprint')}"


def render_paper(record: Record, *, base_url: str) -> bytes:
    """Return the PDF of a record: one page, and the transcript behind it, on one page wherever it fits.

    Args:
        record: what it certifies.
        base_url: public address without trailing slash; the QR code and the check line carry it.

    Raises:
        Conflict: a name holds a character the typeface has no sign for.
        RenderError, Unavailable: as :func:`lms.core.pdf.render_pdf`.
    """
    _refuse_unprintable(record)
    body, _density = _fitted(record, base_url=base_url)
    return body


def render_papers(records: Sequence[Record], *, title: str, base_url: str) -> bytes:
    """Return one PDF with the papers of many records one after the other, to be printed.

    It carries no code in its keywords: no machine takes it for a certificate.

    Raises:
        Conflict, RenderError, Unavailable: as :func:`render_paper`.
    """
    for record in records:
        _refuse_unprintable(record)
    densities = [DENSITIES[0] for _record in records]
    try:
        html = _papers_html(records, densities, title=title, base_url=base_url)
        return render_pdf(html, page_count=PAGE_COUNT * len(records))
    except PageCountError:
        densities = [_fitted(record, base_url=base_url)[1] for record in records]
    return render_pdf(_papers_html(records, densities, title=title, base_url=base_url))


def _papers_html(records: Sequence[Record], densities: Sequence[str], *, title: str, base_url: str) -> str:
    sheets = [
        _sheet(record, base_url=base_url, density=density)
        for record, density in zip(records, densities, strict=True)
    ]
    return _template("certificates/papers.html").render(all_sheets=sheets, title=title)


def _fitted(record: Record, *, base_url: str) -> tuple[bytes, str]:
    """Return the PDF of a record and the density it was set in."""
    for density in DENSITIES:
        try:
            html = paper_html(record, base_url=base_url, density=density)
            return render_pdf(html, page_count=PAGE_COUNT), density
        except PageCountError:
            continue
    density = _fitting_density(record, base_url=base_url)
    return render_pdf(paper_html(record, base_url=base_url, density=density)), density


def _fitting_density(record: Record, *, base_url: str) -> str:
    """Return how to set the first page where the transcript takes more than one page.

    Raises:
        PageCountError: the first page fits in no way; the longest texts the database takes do fit.
    """
    alone = replace(record, modules=[])
    for density in DENSITIES[:-1]:
        try:
            render_pdf(paper_html(alone, base_url=base_url, density=density), page_count=PAGE_COUNT)
        except PageCountError:
            continue
        return density
    render_pdf(paper_html(alone, base_url=base_url, density=DENSITIES[-1]), page_count=PAGE_COUNT)
    return DENSITIES[-1]


def paper_html(record: Record, *, base_url: str, density: str = "") -> str:
    """Return the document the PDF is made from; pure."""
    sheet = _sheet(record, base_url=base_url, density=density)
    return _template("certificates/paper.html").render(record=record, sheet=sheet)


def _sheet(record: Record, *, base_url: str, density: str) -> dict[str, object]:
    """Return what the two pages of a record are made from."""
    return {
        "record": record,
        "density": density,
        "code": show_code(record.code),
        "qr": _qr_picture(f"{base_url}/V/{record.code}".upper()),
        "check_address": base_url.split("://", 1)[-1] + CHECK_PATH,
        "name_size": fitting_size(record.holder.name, NAME_STEPS, LINE_POINTS, SEMIBOLD),
        "title_size": fitting_size(record.programme.title, TITLE_STEPS, LINE_POINTS, SEMIBOLD),
        "office_size": fitting_size(record.office.name, OFFICE_STEPS, LINE_POINTS * 0.85, SEMIBOLD),
        "days": _days(record),
        "quizzes_shown": any(module.percent for module in record.modules),
    }


def _refuse_unprintable(record: Record) -> None:
    texts = (record.holder.name, record.holder.organisation, record.run.place, record.office.name)
    missing = missing_characters("".join(texts), REGULAR)
    if missing:
        raise Conflict(
            _l(
                "The paper's typeface has no sign for %(characters)s. Have the name corrected.",
                characters=missing,
            )
        )


def _days(record: Record) -> list[tuple[int, list[tuple[int, ModuleResult]]]]:
    """Return the modules by day, numbered through."""
    days: dict[int, list[tuple[int, ModuleResult]]] = {}
    for number, module in enumerate(record.modules, start=1):
        days.setdefault(module.day, []).append((number, module))
    return sorted(days.items())


def _qr_picture(payload: str) -> str:
    """Return the QR code as a data URL; the fixed mask saves time and is as readable."""
    stream = io.BytesIO()
    code = segno.make(payload, error="m", boost_error=False, micro=False, mask=3)
    code.save(stream, kind="png", scale=4, border=4)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def _day(day: date, locale: str) -> str:
    return format_date(day, "d MMMM y", locale=locale)


def _span(first: date, last: date, locale: str) -> str:
    """Return two dates saying only what differs, e.g. "19–20 Oktober 2016"."""
    if first == last:
        return _day(first, locale)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last, locale)}"
    return f"{_day(first, locale)} – {_day(last, locale)}"


def _number(value: str, locale: str) -> str:
    return format_decimal(Decimal(value), "#,##0.#", locale=locale)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader([ROOM / "templates", ROOM / "static"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"day": _day, "span": _span, "number": _number, "kinds": KINDS}
    return environment.get_template(name)
