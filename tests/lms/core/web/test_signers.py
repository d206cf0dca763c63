"""Tests of lms.core.web.signers: what is kept changes no signature."""

from __future__ import annotations

import pytest
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from lms.core.web import signers
from lms.core.web.signers import KeptSerializer, KeptSigner

SALT = "salt"


@pytest.mark.parametrize("settings", [{}, {"signer_kwargs": {"key_derivation": "hmac"}}])
def test_it_reads_and_writes_as_itsdangerous_does(settings: dict[str, object]) -> None:
    kept = KeptSerializer(["old", "new"], salt=SALT, **settings)
    usual = URLSafeTimedSerializer(["old", "new"], salt=SALT, **settings)
    older = URLSafeTimedSerializer("old", salt=SALT, **settings)

    for value in ("a", {"b": 1}, "long" * 100):
        assert usual.loads(kept.dumps(value)) == value
        assert kept.loads(usual.dumps(value)) == value
        assert kept.loads(older.dumps(value)) == value
        assert usual.loads(kept.dumps(value, salt="other"), salt="other") == value


def test_another_key_or_salt_counts_for_nothing() -> None:
    kept = KeptSerializer("key", salt=SALT)
    foreign = [URLSafeTimedSerializer("other", salt=SALT), URLSafeTimedSerializer("key", salt="other")]

    for serializer in foreign:
        with pytest.raises(BadSignature):
            kept.loads(serializer.dumps("a"))


def test_what_was_right_once_is_still_compared_letter_by_letter_and_grows_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = KeptSerializer("key", salt=SALT)
    signed = kept.dumps("a")
    assert [kept.loads(signed) for _ in range(2)] == ["a", "a"]

    value, _dot, signature = signed.rpartition(".")
    for forged in (
        f"{value[:-1]}{'A' if value[-1] != 'A' else 'B'}.{signature}",
        f"{value}.{signature[:-2]}{'AA' if signature[-2:] != 'AA' else 'BB'}",
    ):
        with pytest.raises(BadSignature):
            kept.loads(forged)

    now = KeptSigner("key").get_timestamp()
    monkeypatch.setattr(KeptSigner, "get_timestamp", lambda _self: now + 100)
    with pytest.raises(SignatureExpired):
        kept.loads(signed, max_age=60)


def test_more_right_signatures_than_are_kept_are_right_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signers, "KEPT_SIGNATURES", 3)
    kept = KeptSerializer("key", salt=SALT)
    signed = [kept.dumps(number) for number in range(8)]

    assert [kept.loads(one) for one in signed * 2] == [*range(8)] * 2
    assert len(kept._kept._right) <= 3
