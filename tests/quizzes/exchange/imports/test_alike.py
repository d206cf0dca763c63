"""Twins within a file."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from quizzes.exchange.imports import alike
from quizzes.exchange.imports.preparing import Prepared


def prepared(stem: str) -> Prepared:
    return Prepared("true_false", {"stem": stem, "answer": True}, line=1, place="", original="")


ASKED = "Pemberi kerja mendaftarkan seluruh pekerja dalam waktu 30 hari"
OTHER = "Kantor cabang membayar santunan kematian kepada ahli waris"


@pytest.mark.parametrize("most", [1, 300])
def test_what_differs_in_numbers_is_found_in_files_of_any_size(
    session: Session, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(alike, "MOST_IN_A_FILE", most)
    found = [prepared(ASKED), prepared(OTHER), prepared(ASKED.replace("30", "14"))]
    told = alike.with_twins(session, found, branch_id=None)
    assert [one.before for one in told] == [(), (), (1,)]


def test_no_more_are_named_than_one_can_look_at(session: Session) -> None:
    told = alike.with_twins(session, [prepared(ASKED)] * 9, branch_id=None)
    assert told[-1].before == (1, 2, 3, 4, 5)
