"""What was confirmed goes into the data files of the repository, and nothing else in them moves."""

import shutil
from datetime import UTC, date, datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from courses.facts import corrections
from courses.facts.book import DATA, FactBook, load_book, read_book, shipped_book, with_learned
from courses.facts.cli import facts
from courses.facts.exporting import export_files
from courses.facts.fact import Fact
from courses.facts.learned import list_learned
from courses.facts.models import CorrectionKind
from courses.facts.readings import Reading
from lms.core.accounts.models import Role
from tests import factories

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
FUNERAL = "jkm.benefit.funeral"


@pytest.fixture
def learn(session: Session) -> Any:
    """Return a function that has something proposed and confirmed."""
    one, two = (factories.make_user(session, Role.ADMIN).id for _ in range(2))

    def _learn(*, days: int = 0, **changes: Any) -> None:
        values: dict[str, Any] = {
            "kind": CorrectionKind.SUCCESSOR,
            "key": FUNERAL,
            "value": "12000000",
            "unit": "IDR",
            "valid_from": date(2027, 1, 1),
            "valid_to": None,
            "citation": "PP 82/2019 Ps I angka 3",
            "confidence": "verified",
            "source_label": 'Naskah "baru": PP',
            "source_where": "https://peraturan.go.id/contoh",
            "note": "Dibaca oleh dua orang.",
        }
        now = NOW + timedelta(days=days)
        row = corrections.propose(session, one, reading=Reading(**(values | changes)), now=now)
        session.commit()
        corrections.confirm(session, two, correction_id=row.id, now=now)
        session.commit()

    return _learn


def export(folder: Path) -> FactBook:
    """Return the book of the exported files alone, without any correction."""
    target = shutil.copytree(DATA, folder / "data")
    for name, text in export_files(load_book()).items():
        (target / name).write_text(text, encoding="utf-8")
    return read_book(target)


def said(book: FactBook) -> dict[str, list[tuple[object, ...]]]:
    def plain(fact: Fact) -> tuple[object, ...]:
        return tuple(
            dict(value) if name == "shown" else value for name, value in vars(fact).items() if name != "line"
        )

    return {key: sorted(map(plain, entries), key=str) for key, entries in book.entries.items()}


def known(book: FactBook) -> dict[str, list[object]]:
    return {key: [(fact.value, fact.valid_to) for fact in history] for key, history in book.facts.items()}


def test_nothing_confirmed_changes_no_file(session: Session) -> None:
    assert export_files(load_book()) == {}


def test_the_exported_files_alone_make_the_same_book(learn: Any, tmp_path: Path) -> None:
    learn()
    learn(days=1, value="12500000", valid_from=date(2028, 1, 1), valid_to=date(2029, 12, 31))
    learn(days=2, kind=CorrectionKind.AMENDMENT, value="11900000", valid_to=date(2027, 12, 31))
    learn(days=3, key="jkk.rate.pu.low", unit="fraction_of_monthly_wage", value="0.0055")
    learn(
        days=4,
        key="jkk.payer.pu",
        unit="enum",
        value="government",
        shown_id="Pemerintah",
        shown_en="the Government",
        confidence="secondary",
    )
    learn(
        days=5,
        kind=CorrectionKind.NEW_KEY,
        key="jkm.benefit.flowers",
        label_id="Karangan bunga",
        label_en="Flowers",
        confidence="memory",
        source_label="",
        source_where="",
    )
    book = load_book()

    alone = export(tmp_path)

    assert said(alone) == said(book)
    assert dict(alone.labels) == dict(book.labels)
    assert (alone.as_of, alone.known_on) == (book.as_of, book.known_on)
    for day in range(-1, 7):
        then = (NOW + timedelta(days=day)).date()
        one, other = alone.as_known_on(then), book.as_known_on(then)
        values = [
            {key: [(f.value, f.valid_to) for f in h] for key, h in b.facts.items()} for b in (one, other)
        ]
        assert values[0] == values[1]


def test_shipped_data_that_hold_a_correction_take_it_again_without_harm(
    session: Session, learn: Any, tmp_path: Path
) -> None:
    learn()
    learn(days=1, value="12500000", valid_from=date(2028, 1, 1))
    learn(days=1, kind=CorrectionKind.AMENDMENT, value="12600000", valid_from=date(2028, 1, 1))

    alone = export(tmp_path)

    assert said(with_learned(alone, list_learned(session), chain="x")) == said(alone)


def test_a_newer_version_of_the_data_is_not_overruled_by_an_older_correction(
    session: Session, learn: Any, tmp_path: Path
) -> None:
    learn()
    learn(days=1, kind=CorrectionKind.AMENDMENT, value="12600000")

    alone = export(tmp_path)

    first_only = with_learned(alone, list_learned(session)[:1], chain="x")
    assert first_only.get(FUNERAL, date(2027, 6, 1)).value == 12_600_000


def test_comments_and_order_stay(learn: Any) -> None:
    learn()
    before = (DATA / "parameters.yaml").read_text(encoding="utf-8").splitlines()

    after = export_files(load_book())["parameters.yaml"].splitlines()

    changes = [line for line in unified_diff(before, after, n=0, lineterm="") if line[0] in "+-"][2:]
    assert [line for line in changes if line.startswith("-")] == ['-known_on: "2026-11-22"']
    assert len([line for line in changes if line.startswith("+  - key: ")]) == 2
    assert (
        '+  "KOR-20261130-1": {label: "Naskah \\"baru\\": PP", where: "https://peraturan.go.id/contoh"}'
        in changes
    )
    assert shipped_book().entries[FUNERAL][-1].known_to is None


def test_the_command_writes_the_files_that_change(app: Flask, learn: Any, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke

    assert "Nothing was confirmed" in run(facts, ["export", str(tmp_path)]).output
    learn()
    assert "parameters.yaml, as known on 2026-11-30" in run(facts, ["export", str(tmp_path)]).output
    assert [path.name for path in tmp_path.iterdir()] == ["parameters.yaml"]
    assert "KOR-20261130-1" in run(facts, ["export"]).output
    assert '"files": ["parameters.yaml"]' in run(facts, ["export", "--json"]).output
