"""The demo's branch office and its staff."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, User
from lms.core.accounts.second_factor import enrol_second_factor
from lms.core.accounts.services import create_user
from lms.core.accounts.vault import Vault
from lms.core.clock import utc_now
from lms.demo.people import STAFF
from lms.demo.sign_ins import derive_totp_secret

CODE = "DEMO"
ZONE = "Asia/Jakarta"


def find_office(session: Session) -> tuple[int, int] | None:
    """Return the ids of branch and organiser, if the demo is there."""
    branch_id = session.scalar(select(Branch.id).where(Branch.code == CODE, Branch.is_demo))
    organiser_id = session.scalar(
        select(User.id).where(User.is_demo, User.role == Role.ORGANISER.value).order_by(User.id).limit(1)
    )
    return None if branch_id is None or organiser_id is None else (branch_id, organiser_id)


def make_office(session: Session, *, hashes: dict[str, str]) -> tuple[int, int]:
    """Make the branch and one account for each role; return the ids of branch and organiser.

    Args:
        session: in a write transaction.
        hashes: of the password of every login.
    """
    branch_id = _make_branch(session)
    staff = {
        role: _make_account(session, role, name, login, password_hash=hashes[login], branch_id=branch_id)
        for role, name, login in STAFF
    }
    return branch_id, staff[Role.ORGANISER]


def _make_branch(session: Session) -> int:
    branch = Branch(
        code=CODE,
        name="Kantor Cabang Madiun (demo)",
        address="Alamat contoh",
        city="Madiun",
        time_zone=ZONE,
        signatory_name="Pejabat contoh (demo)",
        signatory_title="Kepala Kantor Cabang",
        is_demo=True,
    )
    session.add(branch)
    session.flush()
    return branch.id


def _make_account(
    session: Session, role: Role, name: str, login: str, *, password_hash: str, branch_id: int
) -> int:
    """Make a member of staff whose second factor is enrolled, and return the id."""
    user = create_user(
        session,
        name=name,
        role=role,
        login=login,
        password_hash=password_hash,
        branch_ids=() if role is Role.ADMIN else (branch_id,),
        now=utc_now(),
        is_demo=True,
    )
    sealed = Vault(current_app.config["VAULT_KEY"]).seal(derive_totp_secret(login))
    enrol_second_factor(session, user.id, sealed_secret=sealed, counter=None, code_digests=(), now=utc_now())
    return user.id
