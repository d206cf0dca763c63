"""Changes to branch offices."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, FormerBranchCode
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound

MAX_CODE_LENGTH = 20
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]*[A-Z0-9])?\Z")


@dataclass(frozen=True)
class BranchValues:
    """What is written down of a branch office; all but zone and pattern stands on its certificates."""

    code: str
    name: str
    city: str
    address: str
    time_zone: str
    signatory_name: str
    signatory_title: str
    signatory_mandate: str = ""
    serial_pattern: str = ""


def read_code(text: str) -> str:
    """Return the code of a branch office in capitals.

    Raises:
        Invalid: it holds what numbers of certificates cannot carry: all but letters, digits and dashes.
    """
    code = text.strip().upper()
    if len(code) > MAX_CODE_LENGTH or not _CODE.match(code):
        raise Invalid(_l("Use letters, digits and dashes only, for example MDN."), field="code")
    return code


def values_of(branch: Branch) -> BranchValues:
    """Return what is written down of a branch office."""
    return BranchValues(
        code=branch.code,
        name=branch.name,
        city=branch.city,
        address=branch.address,
        time_zone=branch.time_zone,
        signatory_name=branch.signatory_name,
        signatory_title=branch.signatory_title,
        signatory_mandate=branch.signatory_mandate,
        serial_pattern=branch.serial_pattern,
    )


def mark_of(branch: Branch) -> str:
    """Return a short text that changes with everything :func:`change_branch` can change."""
    state = json.dumps(asdict(values_of(branch)), sort_keys=True)
    return sha256(state.encode()).hexdigest()[:32]


def create_branch(session: Session, actor_id: int | None, *, values: BranchValues, now: datetime) -> Branch:
    """Store a new branch office.

    Raises:
        Invalid: its code is or was another one's, or its time zone does not exist.
    """
    _check_zone(values.time_zone)
    begin_write(session)
    branch = Branch()
    _fill(branch, values)
    session.add(branch)
    _flush_code(session, branch)
    record(
        session,
        "branch.created",
        at=now,
        actor_id=actor_id,
        object_type="branch",
        object_id=branch.id,
        branch_id=branch.id,
        code=branch.code,
    )
    session.flush()
    return branch


def change_branch(
    session: Session, actor_id: int | None, *, branch_id: int, seen: str, values: BranchValues, now: datetime
) -> None:
    """Change what is written down of a branch office; certificates that are issued keep what they say.

    Args:
        seen: :func:`mark_of` the branch office when the page was made.

    Raises:
        NotFound: there is none of this id.
        Conflict: somebody else changed it meanwhile.
        Invalid: its code is or was another one's, or its time zone does not exist.
    """
    _check_zone(values.time_zone)
    begin_write(session)
    branch = session.scalar(select(Branch).where(Branch.id == branch_id).with_for_update())
    if branch is None:
        raise NotFound
    if mark_of(branch) != seen:
        raise Conflict(
            _l(
                "Somebody else has changed this branch office meanwhile. Look at how it stands now, "
                "then save again."
            )
        )
    before, wanted = asdict(values_of(branch)), asdict(values)
    changed = sorted(name for name, value in wanted.items() if value != before[name])
    if not changed:
        return
    _fill(branch, values)
    _flush_code(session, branch)
    _remember_code(session, branch, before["code"])
    record(
        session,
        "branch.changed",
        at=now,
        actor_id=actor_id,
        object_type="branch",
        object_id=branch_id,
        branch_id=branch_id,
        changed=changed,
        code_before=before["code"],
    )
    session.flush()


def _fill(branch: Branch, values: BranchValues) -> None:
    branch.code, branch.name = values.code, values.name
    branch.city, branch.address, branch.time_zone = values.city, values.address, values.time_zone
    branch.signatory_name, branch.signatory_title = values.signatory_name, values.signatory_title
    branch.signatory_mandate, branch.serial_pattern = values.signatory_mandate, values.serial_pattern


def _check_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise Invalid(
            _l("There is no such time zone. Indonesia has Asia/Jakarta, Asia/Makassar and Asia/Jayapura."),
            field="time_zone",
        )


def _flush_code(session: Session, branch: Branch) -> None:
    """Write the branch office now; the code must be nobody else's, today or before.

    Former codes are asked for after the write: who waited for one that is just given up sees that it was.
    """
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise _taken() from error
    former = session.scalar(select(FormerBranchCode.branch_id).where(FormerBranchCode.code == branch.code))
    if former is not None and former != branch.id:
        session.rollback()
        raise _taken()


def _remember_code(session: Session, branch: Branch, before: str) -> None:
    if before != branch.code and session.get(FormerBranchCode, before) is None:
        session.add(FormerBranchCode(code=before, branch_id=branch.id))


def _taken() -> Invalid:
    return Invalid(
        _l("This code is or was another branch office's: it stands in the numbers of their certificates."),
        field="code",
    )
