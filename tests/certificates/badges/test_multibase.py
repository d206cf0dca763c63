"""Base58 there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.badges.multibase import MAX_LENGTH, read_multibase, write_multibase


@given(st.binary(max_size=100))
def test_what_is_written_is_read(body: bytes) -> None:
    assert read_multibase(write_multibase(body)) == body


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
        (b"", "z"),
    ],
)
def test_examples_of_the_standard(body: bytes, text: str) -> None:
    assert write_multibase(body) == text


@pytest.mark.parametrize(
    "text", ["", "2NEpo7TZRRrLZSi2U", "u2NEpo7", "z0", "zO", "zé", "z" + "2" * MAX_LENGTH]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_multibase(text)
