"""Finding one's way among the objects of a PDF. Runs in the inspection's process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

MAX_DEPTH = 20
"""Of the tree of pages, and of dictionaries inside each other."""


def look(dictionary: Any, key: str, default: Any = None) -> Any:
    """Return what stands under a key, wherever in the file it lies."""
    # `get` would not follow a reference to another object.
    return dictionary[key] if key in dictionary else default  # noqa: SIM401


def references(reader: PdfFileReader) -> list[Any]:
    """Return the numbers of all objects any revision holds."""
    found: set[Any] = set()
    for revision in range(reader.xrefs.total_revisions):
        found |= reader.xrefs.explicit_refs_in_revision(revision)
    return sorted(found, key=lambda each: (each.idnum, each.generation))


def dictionaries(reader: PdfFileReader) -> Iterator[Any]:
    """Yield every dictionary of the file, those inside others too."""
    for reference in references(reader):
        found = reader.get_object(reference)  # type: ignore[no-untyped-call]
        pending: list[tuple[Any, int]] = [(found, 0)]
        while pending:
            thing, depth = pending.pop()
            if depth > MAX_DEPTH:
                raise ValueError("dictionaries within dictionaries")
            if isinstance(thing, dict):
                yield thing
                pending += [(inner, depth + 1) for inner in thing.values()]
            elif isinstance(thing, list):
                pending += [(inner, depth + 1) for inner in list.__iter__(thing)]


def first_page(reader: PdfFileReader) -> Any:
    """Return the dictionary of the first page.

    Raises:
        ValueError: pages within pages.
        PdfError, LookupError, TypeError: there is none.
    """
    node = reader.root["/Pages"]
    for _level in range(MAX_DEPTH):
        if "/Kids" not in node:
            return node
        node = node["/Kids"][0]
    raise ValueError("pages within pages")
