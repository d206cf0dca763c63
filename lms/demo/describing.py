"""The ways into the demo, with their secrets, for this machine only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from certificates.models import Certificate
from courses.cohorts.card_codes import card_pin, card_token
from courses.cohorts.models import Card, Cohort, Enrolment
from lms.core.accounts.models import User
from lms.core.accounts.totp import code_at
from lms.core.clock import utc_now
from lms.core.config import name_command
from lms.core.db import db
from lms.demo.lives import NEARLY_THERE
from lms.demo.office import ZONE
from lms.demo.people import STAFF, TRAINEE_LOGIN
from lms.demo.runs import RUNNING
from lms.demo.sign_ins import derive_password, derive_totp_secret


@dataclass(frozen=True)
class Account:
    """A way in with a password; ``totp`` is the code of this half minute, None without a second factor."""

    role: str
    login: str
    password: str
    totp: str | None


def describe() -> dict[str, Any]:
    """Return address, accounts, cards and certificates: what `lms demo --json` prints."""
    base = current_app.config["BASE_URL"]
    return {
        "url": base,
        "accounts": [vars(account) for account in _list_accounts()],
        "cards": list(_list_cards(base)),
        "certificates": list(_list_certificates(base)),
    }


def describe_as_text() -> str:
    """Return the same for reading: one sign-in for each role, one card, one certificate."""
    found = describe()
    lines = [f"Penggerak is at  {found['url']}", ""]
    lines += [_account_line(**account) for account in found["accounts"]]
    for card in found["cards"][:1]:
        lines.append(f"  {'card':<10} number {card['number']}  PIN {card['pin']}")
        lines.append(f"             or open {card['url']}")
    for card in found["cards"][NEARLY_THERE : NEARLY_THERE + 1]:
        lines.append(f"  {'':<10} with the last quiz left only: {card['url']}")
    lines += ["", *_list_hints()]
    lines += [f"  A certificate to check: {paper['url']}" for paper in found["certificates"][:1]]
    lms = f".venv/bin/{name_command(current_app.config['INSTANCE'])}"
    lines += [
        f"  Data: {current_app.config['INSTANCE']}",
        f"  Fresh codes:                {lms} demo",
        f"  All cards and certificates: {lms} demo --json",
        f"  The running cohort again:   {lms} demo restart",
    ]
    return "\n".join(lines)


def _list_hints() -> Iterator[str]:
    """Yield what a visitor should know who comes back later."""
    ends_on = db.session.scalar(select(Cohort.ends_on).where(Cohort.is_demo, Cohort.name == RUNNING))
    if ends_on is None:
        yield "  There is no running cohort any more: `demo restart` makes one."
    elif ends_on < utc_now().astimezone(ZoneInfo(ZONE)).date():
        yield f"  The running cohort is over since {ends_on}: `demo restart` begins it again today."


def _account_line(role: str, login: str, password: str, totp: str | None) -> str:
    return f"  {role:<10} {login:<22} {password}" + (f"   code now {totp}" if totp else "")


def _list_accounts() -> Iterator[Account]:
    for role, _, login in STAFF:
        code = code_at(derive_totp_secret(login), utc_now())
        yield Account(role.value, login, derive_password(login), code)
    yield Account("trainee", TRAINEE_LOGIN, derive_password(TRAINEE_LOGIN), None)


def _list_cards(base: str) -> Iterator[dict[str, str]]:
    """Yield the cards of the running cohort that still open."""
    query = (
        select(Card)
        .join(Card.enrolment)
        .join(Enrolment.cohort)
        .where(Cohort.is_demo, Cohort.name == RUNNING, Enrolment.status == "active")
        .order_by(Card.id)
    )
    key = current_app.config["CARD_KEY"]
    for card in db.session.scalars(query):
        yield {
            "number": card.number,
            "pin": card_pin(key, card.id, card.generation),
            "url": f"{base}/k/{card_token(key, card.id, card.generation)}",
        }


def _list_certificates(base: str) -> Iterator[dict[str, str]]:
    """Yield the certificates that stand; the paper opens to its holder and to staff of the branch."""
    query = (
        select(Certificate)
        .join(User, User.id == Certificate.user_id)
        .where(User.is_demo, Certificate.state == "valid")
        .order_by(Certificate.id)
    )
    for certificate in db.session.scalars(query):
        yield {
            "url": f"{base}/v/{certificate.code}",
            "pdf": f"{base}/sertifikat/{certificate.id}.pdf",
        }
