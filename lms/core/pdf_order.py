"""What the server asks of the PDF worker, and how that travels between them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Order:
    """One document to make."""

    html: str
    # Pages it must have; 0: any number.
    page_count: int = 0
    # Style sheet of the document, parsed once for many of a kind.
    style: str = ""
    # Documents of one page, drawn under each page of that name (CSS `page`).
    backdrops: tuple[tuple[str, str], ...] = ()
    # Name, description, ISO moment and text of the file it carries; empty for none.
    attachment: tuple[str, str, str, str] | tuple[()] = ()


def write_order(order: Order) -> bytes:
    """Return an order as JSON."""
    return json.dumps(asdict(order)).encode()


def read_order(request: bytes) -> Order:
    """Return the order that :func:`write_order` wrote."""
    fields = json.loads(request)
    backdrops = tuple((name, html) for name, html in fields.pop("backdrops"))
    return Order(**fields | {"backdrops": backdrops})
