"""`lms facts radar`: what says something else than the law says now; pauses what has to be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import click
from flask.cli import with_appcontext

from courses.facts.book import load_book
from courses.facts.radar import ChangedFact, Finding, by_fact, scan
from courses.facts.radar_pages import find_users
from lms.core.clock import utc_now
from lms.core.db import db

NATION, NO_VALUE = "nation", "no value any more"


@click.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Compare with this law date and pause nothing; default: the newest the facts know.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def radar(as_of: datetime | None, as_json: bool) -> None:
    """List what says something else than the law says now.

    Questions that rest on it are paused. Exit code 0 whether something is found or not.
    """
    session, book = db.session(), load_book()
    if as_of is None:
        refresh()
    on = as_of.date() if as_of else book.as_of
    facts = by_fact(scan(session, book, find_users(), on=on))
    if as_json:
        click.echo(
            json.dumps(
                {"as_of": on.isoformat(), "facts": [_json(fact) for fact in facts]}, ensure_ascii=False
            )
        )
        return
    for line in _lines(facts):
        click.echo(line)
    click.echo(f"{len(facts)} facts to look at, law of {on}." if facts else f"All is well, law of {on}.")


def refresh() -> int:
    """Let every room act on facts that have changed; return how many questions wait that did not before."""
    session, book, now = db.session(), load_book(), utc_now()
    fresh = sum(room.refresh(session, book=book, now=now) for room in find_users())
    session.commit()
    return fresh


def _lines(facts: Iterable[ChangedFact]) -> Iterator[str]:
    for fact in facts:
        yield f"{fact.key}: " + "; ".join(f"{old} → {new or NO_VALUE}" for old, new in fact.changes)
        for one in fact.findings:
            user, use = one.user, one.stale.use
            state = "  paused" if user.is_paused and one.stale.pauses else ""
            yield f"  {use.kind:<12} {_where(one)}  {user.name}  {use.place}{state}"
        for quiz in fact.quizzes:
            yield f"  {'quiz':<12} law of {quiz.as_of}  {quiz.title}, version {quiz.number}"


def _where(finding: Finding) -> str:
    return f"law of {finding.user.as_of}, {finding.user.branch or NATION}"


def _json(fact: ChangedFact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "changes": [{"saw": old, "now": new} for old, new in fact.changes],
        "uses": [
            {
                "kind": one.stale.use.kind,
                "owner": one.stale.use.owner_type,
                "name": one.user.name,
                "title": one.user.title,
                "branch": one.user.branch or None,
                "as_of": one.user.as_of.isoformat(),
                "place": one.stale.use.place,
                "saw": one.stale.use.saw,
                "now": one.stale.now,
                "is_paused": one.user.is_paused and one.stale.pauses,
            }
            for one in fact.findings
        ],
        "quizzes": [
            {"title": quiz.title, "version": quiz.number, "as_of": quiz.as_of.isoformat()}
            for quiz in fact.quizzes
        ],
    }
