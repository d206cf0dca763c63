"""Numbers: the office's pattern, a check character, no twins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from certificates.serials import ALPHABET, check_character, take_serial
from lms.core.db import begin_write
from tests.factories import NOW, complete, make_branch, make_cohort, make_enrolment

SERIAL = "00001/PK/MDN/X/2016"


def test_the_check_character_is_that_of_iso_7064() -> None:
    # Example of the standard for MOD 37,36: A12425GABC1234002 has the check character M.
    assert check_character("A12425GABC1234002") == "M"


def test_every_single_wrong_character_is_found() -> None:
    character = check_character(SERIAL)
    assert check_character(SERIAL.lower()) == character
    for place, right in enumerate(SERIAL):
        for wrong in ALPHABET.replace(right, "") if right in ALPHABET else "":
            assert check_character(SERIAL[:place] + wrong + SERIAL[place + 1 :]) != character


def test_an_office_numbers_by_its_own_pattern(session: Session) -> None:
    branch = make_branch(session, code="MDN", serial_pattern="{nomor}/{kode}/SERT.{bulan}/{tahun}")

    serial = complete(session, make_enrolment(session, cohort=make_cohort(session, branch=branch))).serial

    assert serial.startswith("00001/MDN/SERT.11/2026-")
    bare, _, character = serial.rpartition("-")
    assert character == check_character(bare)


def test_a_number_another_office_came_to_before_is_passed_over(session: Session) -> None:
    one = make_branch(session, code="A", serial_pattern="{nomor}/{kode}/B/{tahun}")
    two = make_branch(session, code="B", serial_pattern="{nomor}/A/{kode}/{tahun}")
    first = complete(session, make_enrolment(session, cohort=make_cohort(session, branch=one))).serial

    begin_write(session)
    second = take_serial(session, two, zone="Asia/Jakarta", is_demo=False, now=NOW)
    session.commit()

    assert first.startswith("00001/A/B/2026")
    assert second.startswith("00002/A/B/2026")
