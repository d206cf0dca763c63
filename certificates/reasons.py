"""Why staff change what becomes of a certificate: words that are stored; `certificates.wording` says them."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a certificate is taken back."""

    WRONG_PERSON = "wrong_person"
    WRONG_FACTS = "wrong_facts"
    CHEATING = "cheating"
    REQUEST = "request"
    OTHER = "other"


class SuspensionReason(StrEnum):
    """Why a certificate does not count for a while."""

    DOUBT = "doubt"
    RESULT_IN_QUESTION = "result_in_question"
    REQUEST = "request"
    OTHER = "other"


class ReinstatementReason(StrEnum):
    """Why a suspended certificate counts again."""

    CLEARED = "cleared"
    MISTAKE = "mistake"
    REQUEST = "request"
    OTHER = "other"
