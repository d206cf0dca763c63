"""The forms of a page, filled in as a person would."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from courses.catalogue.archives import write_archive
from tests.courses.catalogue.folders import reviewed
from tests.pages import XHTML
from tests.security.world import PASSWORD

ROSTER = "Nama,Unsur,Instansi,Wilayah,Telepon\nBu Tuti,Perangkat desa,Desa Contoh,35.19,\n"

WORDS = {
    "password": "sepeda hijau di sawah 9",
    "old": PASSWORD,
    "phone": "081234567890",
    "login": "baru@contoh.test",
    "number": "12345678",
    "pin": "123456",
    "code": "123456",
    "starts": "08:00",
    "ends": "09:00",
    "opens_at": "2026-12-01T09:00",
    "closes_at": "2026-12-02T09:00",
    "opens": "2 13:00",
    "closes": "2 15:00",
    "note": "Nama tertukar.",
    "correction": "",
    "region_code": "Kab. Madiun",
    **{f"option_{number}": f"Jawaban {number}" for number in range(1, 7)},
    "serial_pattern": "{nomor}/{kode}/{tahun}",
}
"""What a person writes into a field of this name."""

OF_PAGE = {
    "/masuk": {"login": "trainee_b@contoh.test", "password": PASSWORD},
    "/fakta/koreksi/baru": {
        "key": "jkm.benefit.flowers",
        "value": "12.000.000",
        "unit": "IDR",
        "citation": "PP 82/2019",
        "shown_id": "",
        "shown_en": "",
    },
    # A file, and no text beside it.
    "/soal/impor": {"text": "", "format": ""},
}
"""What a person writes on one page only."""

TICKED = {"is_sure", "soal"}
"""Boxes that must be ticked to go on."""

KINDS = {
    "email": "baru@contoh.test",
    "tel": "081234567890",
    "number": "5",
    "date": "2026-12-01",
    "time": "09:00",
    "datetime-local": "2026-12-01T09:00",
    "password": "sepeda hijau di sawah 9",
    "search": "",
}
"""What a person writes into a field of this type."""


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text x="1" y="5">Ini</text></svg>'


def drawn_picture() -> bytes:
    """Return a small picture as a file."""
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(body, "PNG")
    return body.getvalue()


def _file(form: Form) -> tuple[io.BytesIO, str]:
    path = urlsplit(form.action).path
    if path.startswith("/naskah/berkas/"):
        return io.BytesIO(DRAWING), "jalan.svg"
    if path == "/edisi/unggah" or path.startswith("/naskah/"):
        return io.BytesIO(write_archive(reviewed(), "contoh")), "contoh.zip"
    if urlsplit(form.action).path == "/periksa":
        return io.BytesIO(b"%PDF-1.7\n%%EOF"), "sertifikat.pdf"
    if urlsplit(form.action).path.startswith("/jawaban/"):
        return io.BytesIO(b"%PDF-1.7\n%%EOF"), "foto.pdf"
    if path == "/soal/impor":
        return io.BytesIO(b"Siapa?\nA. Saya\nB. Anda\nANSWER: A\n"), "soal.txt"
    if urlsplit(form.action).path == "/soal/gambar":
        return io.BytesIO(drawn_picture()), "slip.png"
    return io.BytesIO(ROSTER.encode()), "peserta.csv"


@dataclass(frozen=True)
class Form:
    """One form with one of its buttons, filled in."""

    action: str
    method: str
    values: tuple[tuple[str, str], ...]
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Name of a field → the values it offered."""
    files: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[Any, ...]:
        """What tells this form from another: where it goes, what it says."""
        names = sorted({name for name, _ in self.values} - {"csrf_token"})
        buttons = [value for name, value in self.values if name in {"aksi", "action", "then", "do"}]
        return self.action, self.method, tuple(names), tuple(buttons)

    def names_of_ids(self) -> list[str]:
        """Return the names of fields that hold the id of something."""
        return sorted(
            name for name in self.options if re.search(r"(^|[_-])ids?$|^(branch|edition|question)", name)
        )

    def offered(self, name: str) -> frozenset[str]:
        """Return the values a field offered, or was given."""
        return self.options.get(name, frozenset())


def forms_of(response: TestResponse) -> Iterator[Form]:
    """Yield every form of a page, once for each of its buttons that says something."""
    if response.mimetype != "text/html":
        return
    tree = html5lib.parse(response.get_data(as_text=True))
    for element in tree.iter(f"{XHTML}form"):
        yield from _variants(element, response.request.path)


def _variants(form: Any, path: str) -> Iterator[Form]:
    values: list[tuple[str, str]] = []
    options: dict[str, set[str]] = {}
    files: list[str] = []
    for element in form.iter():
        tag = element.tag.removeprefix(XHTML) if isinstance(element.tag, str) else ""
        if tag in {"input", "select", "textarea"} and element.get("name"):
            _read(element, tag, values, options, files)
    _choose_first(values, options)
    frozen = {name: frozenset(found) for name, found in options.items()}
    method = (form.get("method") or "get").upper()
    for button in [b for b in form.iter(f"{XHTML}button") if b.get("type") != "button"] or [form]:
        action = urljoin(path, button.get("formaction") or form.get("action") or path)
        own = OF_PAGE.get(urlsplit(action).path, {})
        values = [(name, own.get(name, value)) for name, value in values]
        pressed = [(button.get("name"), button.get("value") or "")] if button.get("name") else []
        yield Form(action, method, tuple(values + pressed), frozen, tuple(files))


def _read(
    element: Any, tag: str, values: list[tuple[str, str]], options: dict[str, set[str]], files: list[str]
) -> None:
    name, kind = element.get("name"), element.get("type") or "text"
    given = element.get("value") or ""
    if tag == "select":
        choices = [
            o.get("value") if o.get("value") is not None else o.text or ""
            for o in element.iter(f"{XHTML}option")
        ]
        chosen = [
            o.get("value") or "" for o in element.iter(f"{XHTML}option") if o.get("selected") is not None
        ]
        options.setdefault(name, set()).update(choices)
        values += [(name, c) for c in chosen or [c for c in choices if c][:1]]
    elif tag == "textarea":
        values.append((name, "".join(element.itertext()).strip() or WORDS.get(name, "Contoh tulisan.")))
    elif kind == "file":
        files.append(name)
    elif kind in {"radio", "checkbox"}:
        options.setdefault(name, set()).add(given)
        if element.get("checked") is not None or name in TICKED:
            values.append((name, given or "on"))
        elif kind == "radio":
            options.setdefault(f"?{name}", set()).add(given)
    elif kind == "hidden":
        options.setdefault(name, set()).add(given)
        values.append((name, given))
    elif kind not in {"submit", "button", "reset"}:
        values.append((name, given or WORDS.get(name) or KINDS.get(kind) or "Contoh"))


def _choose_first(values: list[tuple[str, str]], options: dict[str, set[str]]) -> None:
    """Take the first of radio buttons of which none is chosen."""
    chosen = {name for name, _ in values}
    for name in [name for name in options if name.startswith("?")]:
        given = options.pop(name)
        if name[1:] not in chosen:
            values.append((name[1:], sorted(given)[0]))


def submit(client: FlaskClient, form: Form, changed: Mapping[str, str] | None = None) -> TestResponse:
    """Send a form, with some values changed or added."""
    changed = changed or {}
    sent: dict[str, Any] = {}
    for name, value in form.values:
        # The browser sends a token of its own session (tests/pages.py), not of the one that saw the page.
        if name not in changed and name != "csrf_token":
            sent.setdefault(name, []).append(value)
    sent |= {name: [value] for name, value in changed.items()}
    path = urlsplit(form.action).path
    if form.method == "GET":
        return client.get(path, query_string=sent)
    for name in form.files:
        sent[name] = _file(form)
    return client.post(
        urlsplit(form.action)._replace(fragment="").geturl(),
        data=sent,
        content_type="multipart/form-data" if form.files else None,
    )
