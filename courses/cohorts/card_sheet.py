"""Printed cards: eight to an A4 page, with cut marks. PIN and QR are derived when they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import segno

from courses.cohorts.card_codes import card_pin, card_token
from courses.cohorts.models import Card
from lms.core.typeface import SEMIBOLD, fitting_size, missing_characters

CARDS_PER_PAGE = 8
NAME_STEPS = ((14, 2), (11, 3), (8, 4), (6, 6))
"""Sizes of the name in points, and how many lines of each fit beside the QR."""
NAME_POINTS = 138
"""Width of the name's lines, 49 mm."""
MAX_CARDS = 200
"""Cards in one PDF, 25 pages: a larger cohort prints in parts."""
MAX_PARTS = 1000
"""More parts than any cohort has."""


@dataclass(frozen=True)
class CardFace:
    """What stands on one card."""

    name: str
    # Printed 4-4.
    number: str
    pin: str
    # data:image/png of the address that the card opens.
    qr: str

    @property
    def name_size(self) -> int:
        """How large the name is set, in points: the longest of 200 characters still fits."""
        return fitting_size(self.name, NAME_STEPS, NAME_POINTS, SEMIBOLD)


def show_number(number: str) -> str:
    """Return a card number as printed, e.g. "1234 5678"."""
    return f"{number[:4]} {number[4:]}"


def card_address(key: bytes, card: Card, base_url: str) -> str:
    """Return the address in a card's QR; it signs its holder in, so it is printed and never shown as text."""
    return f"{base_url}/k/{card_token(key, card.id, card.generation)}"


def printable(text: str) -> str:
    """Return ``text`` without signs the typeface lacks: one odd name must not keep a hall from its cards."""
    missing = set(missing_characters(text, SEMIBOLD))
    return "".join(sign for sign in text if sign not in missing)


def make_face(key: bytes, card: Card, name: str, base_url: str) -> CardFace:
    """Return what stands on a card."""
    code = segno.make(card_address(key, card, base_url), error="m", boost_error=False, micro=False, mask=3)
    return CardFace(
        name=printable(name),
        number=show_number(card.number),
        pin=card_pin(key, card.id, card.generation),
        qr=code.png_data_uri(scale=8, border=0),
    )


def into_pages(faces: Iterable[CardFace]) -> list[list[CardFace]]:
    """Return the cards page by page."""
    all_ = list(faces)
    return [all_[start : start + CARDS_PER_PAGE] for start in range(0, len(all_), CARDS_PER_PAGE)]
