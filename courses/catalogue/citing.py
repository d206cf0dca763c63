"""What a question or a story rests on: an article of law, or a rule of the training itself."""

from __future__ import annotations

from courses.catalogue import wording
from courses.facts.book import FactBook
from courses.facts.law import Citation

OWN_RULES = "pelatihan"
"""Cited in place of an article by what no law says: tries, cards, promises of the cadres."""


def cite(book: FactBook, ref: str, language: str = "id") -> Citation:
    """Return how people read ``ref``; a rule of the training has no address.

    Raises:
        UnknownLaw: it is neither the training's nor an article of a law in the list.
    """
    if ref == OWN_RULES:
        return Citation(wording.OWN_RULES["en" if language == "en" else "id"], "")
    return book.citation(ref, language)
