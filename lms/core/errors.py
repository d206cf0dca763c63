"""Errors that a person can act on. Each knows its HTTP status; `lms.core.web.errors` shows them."""

from __future__ import annotations


class LmsError(Exception):
    """A rule of the house said no.

    Args:
        message: one sentence for the person, already translated or lazily translatable; may be empty
            where the status says enough.
    """

    status = 400

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(LmsError):
    """There is no such thing, or this person may not know of it: the two look alike."""

    status = 404


class SecondFactorMissing(LmsError):
    """A member of staff has not yet shown the second factor."""

    status = 403


class StaleSignIn(LmsError):
    """The action asks for a sign-in of the last minutes."""

    status = 403


class Conflict(LmsError):
    """The thing is no longer in the state the person saw."""

    status = 409


class Invalid(LmsError):
    """Input breaks a rule; `field` names where it belongs, empty for the whole form."""

    status = 422

    def __init__(self, message: object, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooMany(LmsError):
    """Too many failures; `retry_after_seconds` says when to come back."""

    status = 429

    def __init__(self, message: object, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(LmsError):
    """A part of this installation is missing or busy; the message says what to do."""

    status = 503
