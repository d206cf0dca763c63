"""Addresses for machines: keys, status lists, credentials. And for people: what was achieved."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from certificates.badges.answers import answer_credential, chosen_kind
from certificates.badges.contexts import DATA
from certificates.badges.did import write_did_document
from certificates.badges.queries import find_achievement, list_set_places
from certificates.badges.status_lists import SET_BY, TTL_MILLISECONDS, Purpose, StatusList, make_list
from certificates.checking.arrivals import read_arrival
from certificates.codes import read_code
from certificates.queries import find_by_code
from certificates.record import canonical
from certificates.signing.ring import BadgeKey, current_ring
from courses.catalogue.tree import get_tree
from lms.core.accounts.guard import check_second_factor, find_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound, Unavailable

bp = Blueprint("badges", __name__)

LISTS_KEPT = 64
"""Signed lists held in memory: 2 for every 77,000 certificates, for those that are asked for."""
KEYS_SECONDS = 3600
IMAGE_SECONDS = 86_400
KINDS_OF_IMAGES = {"png": "image/png", "svg": "image/svg+xml"}


@bp.get("/.well-known/did.json")
def did() -> BaseResponse:
    """Send the public keys that credentials of this installation are signed with, old ones too."""
    publics = current_ring().badge_publics
    if not publics:
        raise NotFound
    body = canonical(write_did_document(publics, base_url=current_app.config["BASE_URL"])).encode()
    response = Response(body, content_type="application/json")
    return _for_everybody(response, tag=_tag(body), seconds=KEYS_SECONDS)


@bp.get("/kredensial/status/<purpose>/<int:number>")
def status_list(purpose: str, number: int) -> BaseResponse:
    """Send one status list; it is signed when somebody asks who has not just this one yet."""
    if purpose not in tuple(Purpose):
        raise NotFound
    what, key = Purpose(purpose), current_ring().badge_key
    places = list_set_places(db.session(), number, states=SET_BY[what])
    if key is None:
        raise Unavailable(_("The key that signs this list is missing on this machine."))
    base_url = current_app.config["BASE_URL"]
    made = make_list(places, base_url=base_url, purpose=what, number=number, now=utc_now())
    tag = made.tag(key)
    body = "" if request.if_none_match.contains(tag) else _written(made, key)
    response = Response(body, content_type=chosen_kind(request.accept_mimetypes))
    response.headers["Vary"] = "Accept"
    return _for_everybody(response, tag=tag, seconds=TTL_MILLISECONDS // 1000)


@bp.get("/kredensial/<code>/<token>")
def credential(code: str, token: str) -> Response:
    """Send a credential to whoever has the stamp of the paper, or the holder's link."""
    arrival = read_arrival(
        code,
        token,
        publics=current_ring().stamp_publics,
        card_key=current_app.config["CARD_KEY"],
        is_qr=False,
    )
    certificate = find_by_code(db.session(), arrival.code) if arrival.is_trusted and arrival.code else None
    if certificate is None or arrival.is_withdrawn(certificate.link_generation):
        raise NotFound
    response = answer_credential(certificate, facts=arrival.facts)
    # The address is the secret, no cookie: a checking page of somebody else may read it for its visitor.
    return _let_others_read(response)


@bp.get("/kredensial/<code>")
def own_credential(code: str) -> BaseResponse:
    """Send a credential to its holder."""
    actor = find_actor()
    if actor is None:
        return redirect(url_for("accounts.sign_in", next=request.path), 303)
    first = check_second_factor(actor)
    if first is not None:
        return first
    certificate = find_by_code(db.session(), read_code(code) or "")
    if certificate is None or certificate.user_id != actor.user_id:
        raise NotFound
    return answer_credential(certificate)


@bp.get("/capaian/<name>/<int:number>")
def achievement(name: str, number: int) -> str:
    """Say what a credential is given for: the training and what it asks."""
    edition = find_achievement(db.session(), name, edition=number)
    if edition is None:
        raise NotFound
    tree = get_tree(db.session(), edition.id)
    titles = {step.path: step.title for step in tree.steps()}
    return render_template("badges/achievement.html", edition=edition, tree=tree, titles=titles)


@bp.get("/capaian/lencana.<kind>")
def image(kind: str) -> BaseResponse:
    """Send the picture that wallets show beside a credential."""
    if kind not in KINDS_OF_IMAGES:
        raise NotFound
    body = _picture(kind)
    response = Response(body, content_type=KINDS_OF_IMAGES[kind])
    return _for_everybody(response, tag=_tag(body), seconds=IMAGE_SECONDS)


@cache
def _picture(kind: str) -> bytes:
    return (DATA / f"lencana.{kind}").read_bytes()


@lru_cache(maxsize=LISTS_KEPT)
def _written(made: StatusList, key: BadgeKey) -> str:
    return made.write(key)


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _for_everybody(response: Response, *, tag: str, seconds: int) -> BaseResponse:
    """Let caches keep it and pages of other sites read it: there is nobody in it."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.set_etag(tag)
    return _let_others_read(response).make_conditional(request)


def _let_others_read(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
