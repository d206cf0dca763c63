"""The record: canonical, complete, frozen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from certificates.record import digest, read_record, write_record
from tests.certificates.samples import make_record


def test_a_record_reads_back_as_it_was_written() -> None:
    record = make_record()
    assert read_record(write_record(record)) == record


def test_equal_records_have_equal_text_and_any_change_another_hash() -> None:
    record = make_record()
    assert write_record(record) == write_record(make_record())
    for other in (
        replace(record, serial="00002/PK/K1/XI/2026"),
        replace(record, holder=replace(record.holder, name="Siti Aminah ")),
        replace(record, is_demo=True),
    ):
        assert digest(write_record(other)) != digest(write_record(record))


def test_the_text_is_canonical_json() -> None:
    text = write_record(make_record())
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_days_are_those_of_the_place_of_training() -> None:
    late = make_record(issued_at="2016-10-20T18:30:00Z", zone="Asia/Jayapura")
    assert late.issued_on == date(2016, 10, 21)


def test_a_record_of_a_later_schema_is_refused() -> None:
    text = write_record(make_record()).replace('"schema":1', '"schema":2')
    with pytest.raises(ValueError, match="schema"):
        read_record(text)
