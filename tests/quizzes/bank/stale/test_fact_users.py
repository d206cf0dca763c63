"""One fact changes: exactly what uses it is found, of every kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from courses.facts.models import UseKind
from courses.facts.radar import ChangedFact, by_fact, count_stale_keys, scan
from courses.facts.radar_pages import find_users
from tests.courses.facts.changes import LAW_2016, change, succeed
from tests.quizzes.bank.users import KEY, OTHER, USING_LESSON, load


def scanned(session: Session, *, on: date | None = None) -> list[ChangedFact]:
    return by_fact(scan(session, load_book(), find_users(), on=on))


def places(fact: ChangedFact) -> set[tuple[str, str, str]]:
    return {(one.stale.use.kind, one.user.name, one.stale.use.place) for one in fact.findings}


def test_nothing_is_found_while_no_fact_changes(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    assert scanned(session) == []
    assert count_stale_keys(session, load_book()) == 0


def test_a_fact_that_changes_finds_exactly_its_users(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    change(session, KEY, "0.03")

    (fact,) = scanned(session)
    assert (fact.key, fact.changes) == (KEY, [("2%", "3%")])
    assert places(fact) == {
        (UseKind.LESSON, "1", "day-1/01-iuran/iuran.md:5"),
        (UseKind.STEM, "coba/iuran-01", "stem"),
        (UseKind.KEY, "coba/iuran-02", "answer"),
        (UseKind.OPTION, "coba/iuran-03", "options-0-text"),
        (UseKind.FEEDBACK, "coba/iuran-04", "why-true"),
        (UseKind.EXPLANATION, "coba/iuran-05", "explanation"),
    }
    assert [quiz.title for quiz in fact.quizzes] == ["Kuis iuran"]
    assert count_stale_keys(session, load_book()) == 1


def test_pages_of_modules_and_conditions_are_users_too(app: Flask, session: Session, tmp_path: Path) -> None:
    lesson = USING_LESSON + f"\n::: berlaku {OTHER}\nAda.\n:::\n"
    page = f"---\ntitle: Saku\nminutes: 2\n---\nPemberi kerja {{fakta:{OTHER}}}.\n"
    (tmp_path / "coba" / "day-1" / "01-iuran").mkdir(parents=True)
    (tmp_path / "coba" / "day-1" / "01-iuran" / "saku.md").write_text(page)
    load(session, tmp_path, lesson=lesson)

    change(session, OTHER, "0.04")

    (fact,) = scanned(session)
    assert places(fact) == {
        (UseKind.LESSON, "1", "day-1/01-iuran/iuran.md:5"),
        (UseKind.MODULE_PAGE, "1", "day-1/01-iuran/saku.md:5"),
        (UseKind.STEM, "coba/iuran-06", "stem"),
    }


def test_a_condition_is_found_once_it_holds_no_more(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, lesson=USING_LESSON + "\n::: berlaku <2027-01-01\nMasih.\n:::\n")

    assert scanned(session) == []
    (fact,) = scanned(session, on=date(2027, 1, 1))
    assert (fact.key, fact.changes) == ("<2027-01-01", [("berlaku", "tidak berlaku")])


def test_a_value_that_runs_out_later_is_found_at_that_date(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)

    succeed(session, KEY, "0.03", valid_from=date(2027, 3, 1))

    assert scanned(session) == []
    (fact,) = scanned(session, on=date(2027, 3, 1))
    assert fact.changes == [("2%", "3%")]


def test_a_historical_edition_is_exempt(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, as_of=LAW_2016)

    change(session, KEY, "0.03", on=LAW_2016)

    assert scanned(session) == []


def test_a_newer_edition_with_the_facts_of_now_settles_everything(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    edition = load(session, tmp_path)

    assert edition.number == 2
    assert scanned(session) == []


def test_a_value_that_goes_back_is_no_change(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    change(session, KEY, "0.02")

    assert scanned(session) == []
