"""The paper: a record as A4 landscape PDF. A view of the row: the same record, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import lazy_gettext as _l
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from certificates.codes import show_code
from certificates.qr import check_address, draw_qr
from certificates.record import ModuleResult, Record
from lms.core.errors import Conflict
from lms.core.pdf import AttachedFile, PageCountError, render_pdf
from lms.core.typeface import REGULAR, SEMIBOLD, even_width, fitting_size, missing_characters

ROOM = Path(__file__).parent
DESIGN = 5
"""Counts changes of template, style sheet and drawings."""
PAGE_COUNT = 2
CHECK_PATH = "/v"
"""Printed on every paper: it leads to the form for a code, for ever."""
LINE_POINTS = 690.0
"""Width of a line inside the frame."""
NAME_STEPS = ((33, 1), (28, 1), (24, 1), (20, 1), (17, 3))
TITLE_STEPS = ((21, 1), (17, 2), (15, 3))
OFFICE_STEPS = ((13, 1), (11, 2))
KINDS = {"internal": "internal", "external": "eksternal", "procedure": "prosedur"}
"""Kinds of modules on the transcript."""
MODES = {
    "in_person": {"id": "secara tatap muka", "en": "in person"},
    "online": {"id": "secara daring", "en": "online"},
    "mixed": {"id": "secara tatap muka dan daring", "en": "in person and online"},
}
CREDENTIAL_FILE = "kredensial.json"
EMBLEMS = {"certificate": 17, "snug": 13, "bare": 0, "transcript": None, "many": None}
"""Diameter of the emblem in mm by the name of the page; None where there is no border either."""
DENSITIES = ("", "snug", "dense", "dense densest")
"""How the page is set: each is tried until everything is on one page."""


def renderer_name() -> str:
    """Return what decides the bytes besides the record, e.g. ``paper 1, WeasyPrint 70.0``."""
    return f"paper {DESIGN}, WeasyPrint {version('weasyprint')}"


@dataclass(frozen=True)
class Printing:
    """A record, and what its paper carries besides."""

    record: Record
    # Public address without trailing slash; the QR code and the check line carry it.
    base_url: str
    # The record's signature for the QR; None: the QR carries the code alone.
    stamp: str | None = None


def render_paper(
    record: Record, *, base_url: str, stamp: str | None = None, credential: str | None = None
) -> bytes:
    """Return the PDF of a record: one page, and the transcript behind it, on one page wherever it fits.

    Args:
        record: what it certifies.
        base_url: public address without trailing slash; the QR code and the check line carry it.
        stamp: the record's signature for the QR; None: the QR carries the code alone.
        credential: the text of the file ``kredensial.json`` it carries; None: it carries none.

    Raises:
        Conflict: a name holds a character the typeface has no sign for.
        RenderError, Unavailable: as :func:`lms.core.pdf.render_pdf`.
    """
    refuse_unprintable(record)
    body, _density = _fitted(Printing(record, base_url, stamp), _attached(record, credential))
    return body


def render_papers(
    records: Sequence[Record], *, title: str, base_url: str, stamps: Mapping[str, str] | None = None
) -> bytes:
    """Return one PDF with the papers of many records one after the other, to be printed.

    It carries no code in its keywords: no machine takes it for a certificate.

    Args:
        records: what they certify.
        title: of the file.
        base_url: as for :func:`render_paper`.
        stamps: by code, those there are.

    Raises:
        Conflict, RenderError, Unavailable: as :func:`render_paper`.
    """
    for record in records:
        refuse_unprintable(record)
    known = stamps or {}
    printings = [Printing(record, base_url, known.get(record.code)) for record in records]
    densities = [DENSITIES[0] for _printing in printings]
    try:
        return _render(_papers_html(printings, densities, title=title), PAGE_COUNT * len(records))
    except PageCountError:
        densities = [_fitted(printing, None)[1] for printing in printings]
    return _render(_papers_html(printings, densities, title=title))


def _papers_html(printings: Sequence[Printing], densities: Sequence[str], *, title: str) -> str:
    sheets = [
        _sheet(printing, density=density) for printing, density in zip(printings, densities, strict=True)
    ]
    return _template("certificates/papers.html").render(all_sheets=sheets, title=title)


def _fitted(printing: Printing, attachment: AttachedFile | None) -> tuple[bytes, str]:
    """Return the PDF of a record and the density it was set in."""
    for density in DENSITIES:
        try:
            return _render(paper_html(printing, density=density), PAGE_COUNT, attachment), density
        except PageCountError:
            continue
    density = _fitting_density(printing)
    html = paper_html(printing, density=density, many_pages=True)
    return _render(html, attachment=attachment), density


def _fitting_density(printing: Printing) -> str:
    """Return how to set the first page where the transcript takes more than one page.

    Raises:
        PageCountError: the first page fits in no way; the longest texts the database takes do fit.
    """
    alone = replace(printing, record=replace(printing.record, modules=[]))
    for density in DENSITIES[:-1]:
        try:
            _render(paper_html(alone, density=density), PAGE_COUNT)
        except PageCountError:
            continue
        return density
    _render(paper_html(alone, density=DENSITIES[-1]), PAGE_COUNT)
    return DENSITIES[-1]


def _render(html: str, page_count: int = 0, attachment: AttachedFile | None = None) -> bytes:
    return render_pdf(
        html, page_count=page_count, style=paper_style(), backdrops=_backdrops(), attachment=attachment
    )


def _attached(record: Record, credential: str | None) -> AttachedFile | None:
    if credential is None:
        return None
    at = datetime.fromisoformat(record.issued_at)
    return AttachedFile(CREDENTIAL_FILE, "Open Badges 3.0", credential, at)


def paper_html(printing: Printing, *, density: str = "", many_pages: bool = False) -> str:
    """Return the document the PDF is made from; pure."""
    sheet = _sheet(printing, density=density) | {"many_pages": many_pages}
    return _template("certificates/paper.html").render(record=printing.record, sheet=sheet)


def _sheet(printing: Printing, *, density: str) -> dict[str, object]:
    """Return what the two pages of a record are made from."""
    record = printing.record
    name, title = record.holder.name, record.programme.title
    name_size = fitting_size(name, NAME_STEPS, LINE_POINTS, SEMIBOLD)
    title_size = fitting_size(title, TITLE_STEPS, LINE_POINTS, SEMIBOLD)
    return {
        "record": record,
        "density": density,
        "code": show_code(record.code),
        "qr": draw_qr(check_address(record.code, base_url=printing.base_url, stamp=printing.stamp)),
        "check_address": printing.base_url.split("://", 1)[-1] + CHECK_PATH,
        "name_size": name_size,
        "name_indent": _indent(name, name_size),
        "title_size": title_size,
        "title_indent": _indent(title, title_size),
        "office_size": fitting_size(record.office.name, OFFICE_STEPS, LINE_POINTS * 0.85, SEMIBOLD),
        "days": _days(record),
        "quizzes_shown": any(module.percent for module in record.modules),
        "many_pages": False,
    }


def _indent(text: str, size: int) -> int:
    """Return the points left free on each side so that lines of a name or title are about as long."""
    return int((LINE_POINTS - even_width(text, size, LINE_POINTS, SEMIBOLD)) / 2)


def refuse_unprintable(record: Record) -> None:
    """Raise Conflict if the record holds a character the typeface has no sign for."""
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
def paper_style() -> str:
    """Return the style sheet of `paper_html`."""
    return (ROOM / "static" / "paper.css").read_text(encoding="utf-8")


@cache
def _backdrops() -> dict[str, str]:
    template = _template("certificates/backdrop.html")
    return {page: template.render(emblem=emblem) for page, emblem in EMBLEMS.items()}


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"day": _day, "span": _span, "number": _number, "kinds": KINDS, "modes": MODES}
    return environment.get_template(name)
