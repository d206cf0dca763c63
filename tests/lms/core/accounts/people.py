"""People with passwords and second factors whose secrets the tests know."""

from __future__ import annotations

import re
from functools import cache

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lms.core.accounts import totp
from lms.core.accounts.models import Role, User
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.second_factor import enrol_second_factor
from lms.core.accounts.vault import Vault
from lms.core.clock import utc_now
from lms.core.db import db
from tests import factories

PASSWORD = "sawah langit kopi tebu"
OTHER_PASSWORD = "perahu jagung biru laut"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = ["AAAA-BBBB-CCC1", "AAAA-BBBB-CCC2"]


@cache
def hashed(password: str = PASSWORD) -> str:
    """Return the hash, made once for all tests."""
    return hash_password(password)


def make_trainee(session: Session, login: str = "siti@contoh.test", **values: object) -> User:
    """Make a trainee with a password of her own."""
    return factories.make_user(session, **({"login": login, "password_hash": hashed()} | values))


def make_organiser(session: Session, login: str = "panitia@contoh.test", *, enrolled: bool = True) -> User:
    """Make an organiser, with a second factor whose secret is SECRET."""
    branch = factories.make_branch(session)
    user = factories.make_user(
        session, Role.ORGANISER, branch=branch, login=login, password_hash=hashed(), totp_secret=None
    )
    if enrolled:
        vault = Vault(current_app.config["VAULT_KEY"])
        digests = [vault.digest(totp.fold_code(code)) for code in CODES]
        enrol_second_factor(
            session,
            user.id,
            sealed_secret=vault.seal(SECRET),
            counter=None,
            code_digests=digests,
            now=utc_now(),
        )
        session.commit()
    return user


def post_password(
    client: FlaskClient, login: str, password: str = PASSWORD, *, address: str = "192.0.2.1", target: str = ""
) -> TestResponse:
    """Send the sign-in form from a network address."""
    return client.post(
        "/masuk",
        query_string={"next": target} if target else None,
        data={"login": login, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def code_now() -> str:
    """Return the code the app of an organiser shows now."""
    return totp.code_at(SECRET, utc_now())


def is_signed_in(client: FlaskClient) -> bool:
    """Return whether the account page opens."""
    return client.get("/akun").status_code == 200


def count_rows(model: type[db.Model]) -> int:  # type: ignore[name-defined]
    """Return how many rows a table has."""
    db.session.rollback()
    return db.session.query(model).count()


def without_tokens(response: TestResponse) -> str:
    """Return a page without its CSRF tokens, which differ from second to second."""
    return re.sub(r'name="csrf_token"[^>]*>', "", response.get_data(as_text=True))
