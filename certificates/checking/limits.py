"""Guessing is slowed down: wrong codes, wrong names, useless files and letters of doubt are counted.

Only failures count, by address; where strangers guess codes from many addresses at once, each address gets a
few only. A stamp, a file or a holder's link is no guess: whoever comes with one never waits, nor does it
matter how many come from behind one address.

Whoever failed before is counted before their try is looked at, and it is given back if it was right; so of
many tries at once no more than the limit get an answer. Who never failed writes nothing until they do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lms.core.accounts import throttle
from lms.core.accounts.throttle import Guess, Reservation
from lms.core.db import own_transaction

MEMORY_SECONDS = 3600
LONGEST_WAIT_SECONDS = 60
FREE_CODES = 100
"""Unknown codes from one address in an hour before waiting begins: a hall, or an office behind a carrier's
one address, that types badly stays below."""
FREE_IN_TOTAL = 3000
"""Unknown codes typed by strangers everywhere in an hour: far more than typing errors ever come to."""
FREE_WHILE_GUESSED = 3
"""Beyond that: unknown codes from one address. Whoever typed none is not slowed by those who do."""
FREE_NAMES = 20
FREE_NAMES_OF_ONE = 40
"""Wrong names for one certificate in an hour, from wherever they come."""
FREE_FILES = 60
"""Photos without a code of ours, and files that are none of ours."""
FREE_COSTLY = 3
"""Files that took far more work than any certificate."""
LONGEST_WAIT_FOR_COSTLY_SECONDS = 600
"""Whoever sends nothing else has one of them read every ten minutes."""
FREE_DOUBTS = 5
TOTAL = Guess("certificate:total", memory_seconds=MEMORY_SECONDS)


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as it decides how patient we are and how much they may see."""

    address: str | None
    user_id: int | None = None

    @property
    def whom(self) -> str:
        """The address as it is counted: hashed, a whole network of IPv6 as one."""
        return throttle.address_key(self.address).partition(":")[2]


@dataclass(frozen=True)
class Try:
    """Something that may turn out to be a guess."""

    guesses: list[Guess]
    # What was counted in advance; nothing for who never failed.
    reservations: list[Reservation]
    # Whether it goes into the total, should it fail.
    is_strangers_code: bool = False


def try_code(session: Session, asker: Asker, *, now: datetime) -> Try:
    """Begin to look for a typed code; the total matters to nobody who is signed in.

    Raises:
        TooMany: they must wait.
    """
    is_stranger = asker.user_id is None
    is_guessed = is_stranger and throttle.failures_of(session, TOTAL, now=now) >= FREE_IN_TOTAL
    guesses = [_guess("certificate", asker, FREE_WHILE_GUESSED if is_guessed else FREE_CODES)]
    tried = _try(session, guesses, now=now, is_counted_first=is_guessed)
    return replace(tried, is_strangers_code=is_stranger)


def try_name(session: Session, asker: Asker, code: str, *, now: datetime) -> Try:
    """Begin to compare a name; it counts against who types, and for the certificate it is about.

    Raises:
        TooMany: they must wait.
    """
    whose = throttle.key_of("certificate-name-of", code)
    guesses = [
        _guess("certificate-name", asker, FREE_NAMES),
        Guess(whose, FREE_NAMES_OF_ONE, LONGEST_WAIT_SECONDS, MEMORY_SECONDS),
    ]
    return _try(session, guesses, now=now)


def try_file(session: Session, asker: Asker, *, now: datetime) -> Try:
    """Begin to read a file. Whether it is a costly one is known afterwards only: then it is counted.

    Raises:
        TooMany: they must wait.
    """
    costly = _costly(asker)
    throttle.check(
        session,
        costly.key,
        limit=costly.free,
        now=now,
        longest_seconds=costly.longest_seconds,
        memory_seconds=costly.memory_seconds,
    )
    return _try(session, [_guess("certificate-file", asker, FREE_FILES)], now=now)


def try_doubt(session: Session, asker: Asker, *, now: datetime) -> Try:
    """Count a letter of doubt: each that is taken down counts.

    Raises:
        TooMany: they must wait.
    """
    return _try(session, [_guess("certificate-doubt", asker, FREE_DOUBTS)], now=now, is_counted_first=True)


def count_costly(session: Session, asker: Asker, *, now: datetime) -> None:
    """Count a file that took far more work than a certificate."""
    session.close()
    with own_transaction() as own:
        throttle.fail(own, _costly(asker).key, now=now, memory_seconds=MEMORY_SECONDS)


def count_failure(session: Session, tried: Try, *, now: datetime) -> None:
    """Count a try that was a guess, in a transaction of its own; ``session`` lets go of the database for it.

    Raises:
        TooMany: others were counted since it began; then it gets no answer, either.
    """
    if not tried.reservations:
        _reserve(session, tried.guesses, now=now)
    if tried.is_strangers_code:
        session.close()
        with own_transaction() as own:
            throttle.fail(own, TOTAL.key, now=now, memory_seconds=MEMORY_SECONDS)


def forgive(session: Session, tried: Try) -> None:
    """Take a try out of the count that was no guess."""
    if tried.reservations:
        session.close()
        with own_transaction() as own:
            throttle.give_back(own, tried.reservations)


def _try(session: Session, guesses: list[Guess], *, now: datetime, is_counted_first: bool = False) -> Try:
    """Begin a try, counted in advance where one of its keys failed before.

    Of first tries at once as many are looked at as there are threads, which is below all limits but the one
    while strangers guess everywhere: there ``is_counted_first`` says so.
    """
    failed = [throttle.failures_of(session, guess, now=now) for guess in guesses]
    session.close()  # the same work whether it is counted now or later
    return Try(guesses, _reserve(session, guesses, now=now) if is_counted_first or any(failed) else [])


def _reserve(session: Session, guesses: list[Guess], *, now: datetime) -> list[Reservation]:
    session.close()
    with own_transaction() as own:
        return throttle.reserve(own, guesses, now=now)


def _costly(asker: Asker) -> Guess:
    guess = _guess("certificate-costly", asker, FREE_COSTLY)
    return replace(guess, longest_seconds=LONGEST_WAIT_FOR_COSTLY_SECONDS)


def _guess(what: str, asker: Asker, free: int) -> Guess:
    return Guess(f"{what}:{asker.whom}", free, LONGEST_WAIT_SECONDS, MEMORY_SECONDS)
