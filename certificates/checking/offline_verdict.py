"""The verdict on a file where no database is: by signature, credential and lists that were brought. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certificates.badges.credential import CredentialCheck, check_credential
from certificates.badges.facts import CredentialFacts
from certificates.checking.file_checks import Check
from certificates.checking.file_lines import (
    check_actions,
    check_attachments,
    check_code,
    check_file,
    check_page,
    check_qr,
    check_signature,
    check_signer,
    credential_word,
)
from certificates.checking.file_verdict import OUT_OF_SHAPE, FileFinding
from certificates.checking.inspection import Inspection
from certificates.checking.known_status import KnownStatus, find_ended, find_status
from certificates.checking.trust import Trusted
from certificates.checking.verdict import Verdict
from certificates.signing.stamp import facts_hash


def verdict_offline(inspection: Inspection, trusted: Trusted, now: datetime) -> FileFinding:
    """Return the verdict on a file, by what this machine knows.

    Whether a certificate still stands is known only where a status list was brought along; the line `state`
    says so.

    Args:
        inspection: what the file says.
        trusted: keys and lists.
        now: the moment of the check.
    """
    if inspection.fault and (inspection.code is None or inspection.fault not in OUT_OF_SHAPE):
        return FileFinding(Verdict.UNCHECKED, inspection.code, (check_file(inspection),))
    head = (check_file(inspection), check_code(inspection))
    if inspection.code is None:
        return FileFinding(Verdict.UNKNOWN, None, head)
    if inspection.fault:
        return FileFinding(Verdict.TAMPERED, inspection.code, head)
    credential = check_credential(inspection.credential or "", trusted.ring.badge_publics)
    facts = credential.facts if credential.ok else None
    checks = (*head, *_checks(inspection, trusted, credential, facts))
    verdict = _verdict(checks)
    if verdict is not Verdict.VALID:
        return FileFinding(verdict, inspection.code, checks)
    standing, state = _standing(inspection.code, facts, trusted, now)
    return FileFinding(standing, inspection.code, (*checks, state), facts=facts)


def _checks(
    inspection: Inspection, trusted: Trusted, credential: CredentialCheck, facts: CredentialFacts | None
) -> Iterable[Check]:
    yield check_signature(inspection, trusted.ring.signers, unsigned=None)
    yield from check_signer(inspection, is_same=False)
    if facts is not None:
        yield check_page(inspection, name=facts.name, number=facts.serial)
    hashed = facts_hash(facts.serial, facts.name, facts.title, _day(facts)) if facts else ""
    yield check_qr(inspection, trusted.ring, facts=hashed, address=facts.base_url if facts else "")
    yield check_attachments(inspection, is_expected=False)
    if inspection.credential is not None:
        is_here = facts is None or facts.code == inspection.code
        yield credential_word(credential, is_here=is_here)
    yield check_actions(inspection)


def _verdict(checks: Iterable[Check]) -> Verdict:
    """Return `VALID` for a file that is as we signed it."""
    wrong = {check.name: check.word for check in checks if check.ok is False}
    if wrong == {"signer": "doubtful"}:
        return Verdict.UNCHECKED
    if wrong:
        return Verdict.TAMPERED
    is_judged = any(check.name == "signature" and check.ok for check in checks)
    return Verdict.VALID if is_judged else Verdict.UNCHECKED


def _standing(
    code: str, facts: CredentialFacts | None, trusted: Trusted, now: datetime
) -> tuple[Verdict, Check]:
    if facts is not None and facts.valid_until and datetime.fromisoformat(facts.valid_until) <= now:
        return Verdict.EXPIRED, Check("state", False, "expired")
    known = _known(code, facts, trusted)
    if known is None:
        return Verdict.VALID, Check("state", None, "unlisted")
    is_standing = known.state is Verdict.VALID
    return known.state, Check("state", is_standing, known.word, {"at": known.at})


def _known(code: str, facts: CredentialFacts | None, trusted: Trusted) -> KnownStatus | None:
    """Return what lists say: the one that goes by codes, which knows more words, then the signed ones."""
    by_code = find_ended(trusted.ended, code)
    by_place = find_status(trusted.lists, facts.status_index) if facts is not None else None
    return next((each for each in (by_code, by_place) if each and each.state is not Verdict.VALID), None) or (
        by_place or by_code
    )


def _day(facts: CredentialFacts) -> str:
    """Return the day of completion where the training was."""
    zone = datetime.fromisoformat(facts.starts_at).tzinfo
    return datetime.fromisoformat(facts.completed_at).astimezone(zone).date().isoformat()
