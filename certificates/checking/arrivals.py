"""By what way somebody comes to a certificate, and what that proves: told before the database is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from certificates.codes import read_code
from certificates.links import read_link_token
from certificates.signing import stamp as stamps


class Way(StrEnum):
    """How a certificate was looked at, as its holder reads it later."""

    QR = "qr"
    CODE = "code"
    LINK = "link"
    FILE = "file"
    PHOTO = "photo"


class Proof(StrEnum):
    """What came with the code."""

    # Nothing that could be tested: typed, or an address that was cut short on its way.
    NONE = "none"
    # The stamp of the paper's QR, signed by us.
    STAMP = "stamp"
    # The holder's link.
    LINK = "link"
    # The issued file itself.
    FILE = "file"
    # A stamp that none of our keys has signed for this code.
    FORGED = "forged"
    # A stamp by a key this machine does not have: it can tell nothing.
    FOREIGN_KEY = "foreign_key"


TRUSTED = frozenset({Proof.STAMP, Proof.LINK, Proof.FILE})
"""Proofs of having the paper, the file or the link: they open all facts, and are never slowed down."""


@dataclass(frozen=True)
class Arrival:
    """Somebody who wants to know about a certificate."""

    way: Way
    # None: it cannot be a code.
    code: str | None
    proof: Proof = Proof.NONE
    # The printed facts a stamp stands for, as a hash; empty without one.
    facts: str = ""
    # As it stood in the address; empty unless it was proof.
    token: str = ""
    # Of the holder's link.
    generation: int = 0

    @property
    def is_trusted(self) -> bool:
        """Whether they hold the paper, the file or the holder's link."""
        return self.proof in TRUSTED

    def is_withdrawn(self, generation: int) -> bool:
        """Whether it is a holder's link that another one has taken the place of.

        Args:
            generation: of the link that opens the certificate now.
        """
        return self.proof is Proof.LINK and self.generation != generation

    def without_proof(self) -> Arrival:
        """Return the same with nothing but the code."""
        return Arrival(Way.CODE, self.code)

    def by(self, way: Way) -> Arrival:
        """Return the same come by another way: a stamp read from a photo."""
        return replace(self, way=way)


def read_arrival(
    code: str, token: str, *, publics: Mapping[str, EllipticCurvePublicKey], card_key: bytes, is_qr: bool
) -> Arrival:
    """Return what an address proves.

    Args:
        code: as it stands there, in any spelling.
        token: the part behind it, empty if there is none.
        publics: keys of stamps that are believed, by their id.
        card_key: the instance key of holders' links.
        is_qr: the address is written as in the QR of the paper.
    """
    known = read_code(code)
    plain = Arrival(Way.QR if is_qr else Way.CODE, known)
    if len(token) == stamps.LENGTH and token.isascii():
        return _read_stamp(plain, token.upper(), publics)
    generation = read_link_token(card_key, known or "", token)
    if generation is None:
        return plain
    return replace(plain, way=Way.LINK, proof=Proof.LINK, token=token, generation=generation)


def _read_stamp(plain: Arrival, text: str, publics: Mapping[str, EllipticCurvePublicKey]) -> Arrival:
    arrival = plain.by(Way.QR)
    if text[0] not in publics:
        return replace(arrival, proof=Proof.FOREIGN_KEY)
    stamp = stamps.read_stamp(plain.code or "", text, publics)
    if stamp is None:
        return replace(arrival, proof=Proof.FORGED)
    return replace(arrival, proof=Proof.STAMP, facts=stamp.facts, token=text)
