"""Numbers in addresses: what no row can have as its id is not found, before any database is asked."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class IdConverter(IntegerConverter):
    """``<int:…>`` of an address: at most nine digits, which every database can hold.

    SQLite's driver cannot pass on more than 2⁶³ - 1, Python refuses to read more than 4,300 digits.
    """

    regex = r"\d{1,9}"


def init_app(app: Flask) -> None:
    """Use it for every ``<int:…>``; to be called before addresses are registered."""
    app.url_map.converters["int"] = IdConverter
