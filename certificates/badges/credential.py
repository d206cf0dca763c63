"""A certificate as an Open Badges 3.0 credential, signed; and the check of one that somebody sends.

Source: https://www.imsglobal.org/spec/ob/v3p0/, https://www.w3.org/TR/vc-data-model-2.0/

The form is one of ours to the letter: a credential is read back into its facts, written again from them and
compared before its proof is looked at. So nothing foreign ever gets to the canonicalization.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.badges.achievements import IMAGE_PATH, achievement_path
from certificates.badges.contexts import CREDENTIALS, OPEN_BADGES
from certificates.badges.did import name_issuer
from certificates.badges.facts import CredentialFacts, read_facts, take_facts
from certificates.badges.proof import Document, SigningKey, has_valid_proof, proof_options, sign
from certificates.badges.status_lists import LIST_BITS, Purpose, list_address, list_number
from certificates.record import Record, canonical

MAX_CHARACTERS = 32_000
"""Of a credential; ours have some 3,000."""
DEMO_MARK = "CONTOH – "
"""Before the name of a credential about made-up people."""
CRITERIA = "Semua langkah wajib pelatihan selesai dan semua syarat kelulusannya terpenuhi."


class Problem(StrEnum):
    """What is wrong with a credential."""

    NONE = ""
    # No JSON, or not in the form of ours.
    FOREIGN = "foreign"
    # Its proof names a key this installation never had.
    UNKNOWN_KEY = "unknown_key"
    # Its proof does not fit what it states.
    CHANGED = "changed"


@dataclass(frozen=True)
class CredentialCheck:
    """What was found out about a credential without asking anybody."""

    problem: Problem
    # What it states; believe it only where nothing is wrong.
    facts: CredentialFacts | None = None
    # Name of the key its proof names.
    key_id: str = ""

    @property
    def ok(self) -> bool:
        """Whether we signed just this."""
        return self.problem is Problem.NONE

    def agrees_with(self, record: Record) -> bool:
        """Return whether we signed it for just this record."""
        facts = self.facts
        if facts is None or not self.ok:
            return False
        return facts == take_facts(record, status_index=facts.status_index, base_url=facts.base_url)


def write_credential(record: Record, *, status_index: int, key: SigningKey, base_url: str) -> str:
    """Return the signed credential of a record as canonical JSON; the same record, the same text.

    Args:
        record: what is certified.
        status_index: its place in the status lists, from `queries.draw_status_index`.
        key: what signs.
        base_url: public address without trailing slash.
    """
    facts = take_facts(record, status_index=status_index, base_url=base_url)
    issuer = name_issuer(base_url)
    return canonical(sign(_document(facts), key=key, issuer=issuer, created=facts.issued_at))


def check_credential(text: str, publics: Mapping[str, Ed25519PublicKey]) -> CredentialCheck:
    """Say whether a credential is one that this installation signed, letter by letter; asks nobody.

    Whether it still stands is another matter: its certificate's state says so.
    """
    try:
        document = _read_json(text)
        facts = read_facts(document)
        key_id = document["proof"]["verificationMethod"].rpartition("#")[2]
        value = document["proof"]["proofValue"]
        expected = _document(facts) | {"proof": _proof(facts, key_id) | {"proofValue": value}}
        if not isinstance(value, str) or canonical(document) != canonical(expected):
            return CredentialCheck(Problem.FOREIGN)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return CredentialCheck(Problem.FOREIGN)
    if key_id not in publics:
        return CredentialCheck(Problem.UNKNOWN_KEY, facts, key_id)
    is_ours = has_valid_proof(expected, publics[key_id])
    return CredentialCheck(Problem.NONE if is_ours else Problem.CHANGED, facts, key_id)


def _proof(facts: CredentialFacts, key_id: str) -> Document:
    return proof_options(issuer=name_issuer(facts.base_url), key_id=key_id, created=facts.issued_at)


def _document(facts: CredentialFacts) -> Document:
    """Return the credential without its proof."""
    document = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": f"{facts.base_url}/v/{facts.code}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": (DEMO_MARK if facts.is_demo else "") + facts.title,
        "issuer": {
            "id": name_issuer(facts.base_url),
            "type": ["Profile"],
            "name": facts.office,
            "url": facts.base_url,
        },
        "validFrom": facts.issued_at,
        "awardedDate": facts.completed_at,
        "credentialSubject": _subject(facts),
        "credentialStatus": _status(facts),
        "relatedResource": [_record_by_hash(facts)],
    }
    return document | ({"validUntil": facts.valid_until} if facts.valid_until else {})


def _subject(facts: CredentialFacts) -> Document:
    subject = {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": "name",
                "hashed": False,
                "identityHash": facts.name,
            }
        ],
        "activityStartDate": facts.starts_at,
        "activityEndDate": facts.ends_at,
        "creditsEarned": facts.hours,
        "licenseNumber": facts.serial,
        "achievement": _achievement(facts),
    }
    if not facts.percent:
        return subject
    result = {"type": ["Result"], "resultDescription": _score_address(facts), "value": facts.percent}
    return subject | {"result": [result]}


def _achievement(facts: CredentialFacts) -> Document:
    address = _achievement_address(facts)
    achievement = {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": facts.title,
        "description": f"{facts.title}, edisi {facts.edition}: pelatihan {facts.hours} jam pelajaran (JP).",
        "version": str(facts.edition),
        "creditsAvailable": facts.hours,
        "inLanguage": "id",
        "criteria": {"id": f"{address}#syarat", "narrative": CRITERIA},
        "image": {"id": facts.base_url + IMAGE_PATH, "type": "Image", "caption": facts.title},
    }
    if not facts.percent:
        return achievement
    return achievement | {"resultDescription": [_score(facts)]}


def _score(facts: CredentialFacts) -> Document:
    return {
        "id": _score_address(facts),
        "type": ["ResultDescription"],
        "name": "Nilai akhir",
        "resultType": "Percent",
        "valueMin": "0",
        "valueMax": "100",
    }


def _status(facts: CredentialFacts) -> Document:
    """Return the one status Open Badges 3.0 has room for (ARCHITECTURE.md says what that means)."""
    address = list_address(facts.base_url, Purpose.REVOCATION, list_number(facts.status_index))
    place = str(facts.status_index % LIST_BITS)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": str(Purpose.REVOCATION),
        "statusListIndex": place,
        "statusListCredential": address,
    }


def _record_by_hash(facts: CredentialFacts) -> Document:
    packed = base64.b64encode(bytes.fromhex(facts.record_sha256)).decode()
    return {
        "id": f"urn:sha256:{facts.record_sha256}",
        "mediaType": "application/json",
        "digestSRI": f"sha256-{packed}",
    }


def _achievement_address(facts: CredentialFacts) -> str:
    return facts.base_url + achievement_path(facts.title, edition=facts.edition)


def _score_address(facts: CredentialFacts) -> str:
    return f"{_achievement_address(facts)}#nilai"


def _read_json(text: str) -> Any:
    """Return JSON that says everything once.

    Raises:
        ValueError: no JSON, too long, or a name twice: then two readers may read two things.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError("too long for a credential")
    return json.loads(text, object_pairs_hook=_all_once)


def _all_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found
