"""What a visitor is told, case by case; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from certificates.checking.verdict import Verdict, is_same_name, judge, mask_name
from certificates.models import Certificate, CertificateEvent
from certificates.record import Record, digest, write_record
from certificates.signing.stamp import facts_of
from tests.certificates.samples import make_record
from tests.factories import NOW

DAY = timedelta(days=1)


def row(record: Record, state: str = "valid", *events: tuple[str, int], hidden: bool = False) -> Certificate:
    """Return a certificate that never saw a database; events as kind and days after `NOW`."""
    text = write_record(record)
    return Certificate(
        code=record.code,
        serial=record.serial,
        record=text,
        record_sha256=digest(text),
        state=state,
        is_hidden=hidden,
        events=[
            CertificateEvent(kind=kind, at=NOW + days * DAY, reason="other", note="") for kind, days in events
        ],
    )


def test_nothing_known_is_not_found() -> None:
    assert judge(None, is_trusted=True, now=NOW).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("state", ["suspended", "replaced", "revoked"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_what_became_of_it_is_told_to_everybody_hidden_or_not(state: str, *, is_trusted: bool) -> None:
    for hidden in (True, False):
        finding = judge(
            row(make_record(), state, ("issued", 0), (state, 3), hidden=hidden),
            is_trusted=is_trusted,
            now=NOW,
        )
        assert finding.verdict == state
        assert finding.changed_at == NOW + 3 * DAY
        assert (finding.record is None) == (hidden and not is_trusted)


def test_the_last_suspension_counts_not_the_first() -> None:
    turns = [("suspended", 1), ("reinstated", 2), ("suspended", 5)]
    finding = judge(row(make_record(), "suspended", *turns), is_trusted=False, now=NOW)
    assert finding.changed_at == NOW + 5 * DAY


def test_one_reinstated_is_valid_as_if_nothing_had_been() -> None:
    turns = [("suspended", 1), ("reinstated", 2)]
    finding = judge(row(make_record(), "valid", *turns), is_trusted=False, now=NOW)
    assert (finding.verdict, finding.changed_at, finding.reason) == (Verdict.VALID, None, "")


def test_it_runs_out_when_its_last_day_is_over_where_the_training_was() -> None:
    record = replace(make_record(), expires_on="2026-11-30")
    over = record.expires_at
    assert over is not None
    assert judge(row(record), is_trusted=False, now=over - timedelta(seconds=1)).verdict is Verdict.VALID
    finding = judge(row(record), is_trusted=False, now=over)
    assert finding.verdict is Verdict.EXPIRED
    assert finding.last_day is not None
    assert finding.last_day.isoformat() == "2026-11-30"


def test_a_revoked_one_stays_revoked_after_its_last_day() -> None:
    record = replace(make_record(), expires_on="2020-01-01")
    assert judge(row(record, "revoked", ("revoked", 0)), is_trusted=True, now=NOW).verdict is Verdict.REVOKED


def test_a_last_day_written_over_in_the_row_changes_nothing() -> None:
    record = replace(make_record(), expires_on="2020-01-01")
    certificate = row(record)
    certificate.expires_at = NOW + 1000 * DAY
    assert judge(certificate, is_trusted=False, now=NOW).verdict is Verdict.EXPIRED


def test_a_stamp_that_stands_for_other_facts_means_the_record_was_changed() -> None:
    record = make_record()
    assert judge(row(record), is_trusted=True, now=NOW, facts=facts_of(record)).verdict is Verdict.VALID
    other = facts_of(make_record("Orang Lain"))
    finding = judge(row(record), is_trusted=True, now=NOW, facts=other)
    assert (finding.verdict, finding.record) == (Verdict.TAMPERED, None)


@pytest.mark.parametrize("column", ["record", "serial", "code", "record_sha256"])
def test_a_row_changed_behind_our_back_is_noticed(column: str) -> None:
    certificate = row(make_record())
    setattr(certificate, column, "!" + getattr(certificate, column)[1:])
    assert judge(certificate, is_trusted=True, now=NOW).verdict is Verdict.TAMPERED


def test_the_right_name_shows_itself_and_nothing_hidden() -> None:
    record = make_record("Siti Aminah, S.Sos.")
    finding = judge(row(record), is_trusted=False, now=NOW, typed_name="siti aminah s.sos")
    assert (finding.name, finding.is_masked) == ("Siti Aminah, S.Sos.", False)
    hidden = judge(row(record, hidden=True), is_trusted=False, now=NOW, typed_name="siti aminah s.sos")
    assert (hidden.verdict, hidden.name) == (Verdict.HIDDEN, "")


@pytest.mark.parametrize(
    ("typed", "name", "is_same"),
    [
        ("SITI  AMINAH,S.SOS", "Siti Aminah, S.Sos.", True),
        ("Ahmad Husein", "Aḥmad Ḥusein", True),
        ("Nguyen Thi Hoa", "Nguyễn Thị Hòa", True),
        ("Siti Aminah", "Siti Aminah, S.Sos.", False),
        ("S*** A***", "Siti Aminah", False),
        ("", "Siti", False),
        (".,-", "Siti", False),
    ],
)
def test_names_are_compared_by_letters(typed: str, name: str, *, is_same: bool) -> None:
    assert is_same_name(typed, name) is is_same


def test_masked_names_keep_initials_only() -> None:
    assert mask_name("Siti Nurhaliza binti Abdullah") == "S*** N*** b*** A***"
    assert mask_name("Sri") == "S***"
