"""A few files spoiled at random for every reader; `make fuzz` gives each of them a minute."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from quizzes.exchange.contract import Read, Reader
from quizzes.exchange.formats import READERS
from tests.fuzz.__main__ import fuzz

FILES = 40


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.key)
def test_spoiled_files_break_no_reader(app: Flask, reader: Reader) -> None:
    with app.test_request_context():
        assert fuzz(reader, seconds=600, seed=16, most=FILES) == 0


def test_a_reader_that_breaks_is_told(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(type(READERS[-1])):  # type: ignore[misc]
        def read(self, data: bytes, name: str) -> Iterator[Read]:
            raise KeyError(name)

    with app.test_request_context():
        assert fuzz(Broken(), seconds=600, seed=16, most=FILES) == 1
    assert "broke on" in capsys.readouterr().out
