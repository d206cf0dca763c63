"""Addresses a holder can give away or keep."""

from __future__ import annotations

from flask import current_app, url_for

from certificates.links import link_token, own_token
from certificates.models import Certificate


def share_link(certificate: Certificate) -> str:
    """Return the holder's link of a certificate: it opens its page with the full name."""
    token = link_token(current_app.config["CARD_KEY"], certificate.code, certificate.link_generation)
    path = url_for("checking.verify", code=certificate.code, token=token)
    return str(current_app.config["BASE_URL"]) + path


def own_link(user_id: int, generation: int) -> str:
    """Return the link by which a person finds all their certificates without signing in."""
    token = own_token(current_app.config["CARD_KEY"], user_id, generation)
    path = url_for("own_certificates.index", user_id=user_id, token=token)
    return str(current_app.config["BASE_URL"]) + path
