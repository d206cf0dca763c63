"""Tests of lms.core.web.signers: what is kept changes no signature."""

from __future__ import annotations

import pytest
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lms.core.web.signers import KeptSerializer

SALT = "salt"


@pytest.mark.parametrize("settings", [{}, {"signer_kwargs": {"key_derivation": "hmac"}}])
def test_it_reads_and_writes_as_itsdangerous_does(settings: dict[str, object]) -> None:
    kept = KeptSerializer(["old", "new"], salt=SALT, **settings)
    usual = URLSafeTimedSerializer(["old", "new"], salt=SALT, **settings)
    older = URLSafeTimedSerializer("old", salt=SALT, **settings)

    for value in ("a", {"b": 1}):
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
