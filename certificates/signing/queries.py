"""Reads: do the keys that lie here belong to the certificates that were issued?"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from certificates.signing.ring import KeyRing
from certificates.signing.stamp import read_stamp


def find_foreign_keys(session: Session, ring: KeyRing) -> str:
    """Return what to do when the newest signed certificate was signed with keys that are not here.

    So it is after a restore without the folder of keys, when new ones of the same names were made. Empty when
    all is well.
    """
    query = (
        select(Certificate.code, Certificate.stamp)
        .where(Certificate.stamp.is_not(None))
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    newest = session.execute(query).first()
    if newest is None or newest.stamp is None or read_stamp(newest.code, newest.stamp, ring.stamp_publics):
        return ""
    return (
        "The newest certificate was signed with other keys than those in keys/certificates: bring that "
        "folder back from the backup"
    )
