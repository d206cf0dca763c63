"""What a trainer should know of a whole quiz before it is published: advice, never a lock. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from quizzes.bank.advice.gives_away_another import list_given_away
from quizzes.bank.advice.item import Item, rows
from quizzes.bank.advice.key_position import has_pattern
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.bank.quiz.blueprints import Blueprint
from quizzes.bank.quiz.estimates import Estimate
from quizzes.bank.quiz.plans import Plan

MOST_COMPARED = 120
"""Questions of a quiz that are held against one another: a second's work at most."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `is_good` says nothing has to be done."""

    text: str
    is_good: bool


def list_checks(version: QuizVersion, plan: Plan, *, blueprint: Blueprint, estimate: Estimate) -> list[Check]:
    """Return what was looked at in a draft, in the order of a page."""
    if not version.slots:
        return []
    return [
        *_on_blueprint(blueprint),
        *_on_passing(version),
        *_on_time(version, estimate),
        *_on_keys(version, plan),
        *_on_answers(plan),
    ]


def needed_to_pass(version: QuizVersion) -> tuple[int, int] | None:
    """Return how many of how many questions must be right; None where marks differ or nothing is passed."""
    if version.pass_percent is None or len({slot.marks for slot in version.slots}) != 1:
        return None
    count = sum(slot.draw_count for slot in version.slots)
    needed = (Decimal(version.pass_percent) * count / 100).to_integral_value(ROUND_CEILING)
    return int(needed), count


def _on_blueprint(blueprint: Blueprint) -> Iterator[Check]:
    if not blueprint.wanted:
        yield Check(_("No blueprint: nothing says what the quiz should cover."), is_good=False)
    elif blueprint.is_met:
        yield Check(_("Every cell of the blueprint has what you want."), is_good=True)
    else:
        lacking = sum(cell.least < cell.wanted for row in blueprint.rows for cell in row.cells.values())
        text = ngettext(
            "%(num)s cell of the blueprint has fewer questions than you want.",
            "%(num)s cells of the blueprint have fewer questions than you want.",
            lacking,
        )
        yield Check(text, is_good=False)


def _on_passing(version: QuizVersion) -> Iterator[Check]:
    found = needed_to_pass(version)
    if found is None:
        return
    needed, count = found
    is_hard = needed == count and (version.pass_percent or 0) < 100
    if is_hard:
        text = _("To pass, all %(count)s questions must be right: one slip fails.", count=count)
    else:
        text = _("To pass, %(needed)s of %(count)s questions must be right.", needed=needed, count=count)
    yield Check(text, is_good=not is_hard)


def _on_time(version: QuizVersion, estimate: Estimate) -> Iterator[Check]:
    limit = version.time_limit_minutes
    if limit is None:
        return
    if estimate.is_too_short(limit):
        text = _(
            "The time limit of %(limit)s minutes is shorter than the %(minutes)s minutes it takes.",
            limit=limit,
            minutes=estimate.minutes,
        )
    else:
        text = _(
            "It takes about %(minutes)s minutes; the limit is %(limit)s.",
            limit=limit,
            minutes=estimate.minutes,
        )
    yield Check(text, is_good=not estimate.is_too_short(limit))


def _on_keys(version: QuizVersion, plan: Plan) -> Iterator[Check]:
    if version.shuffle_options:
        return
    named = [
        plan.rows[key] for slot in version.slots if slot.draw_topic is None for key in plan.slots[slot.id]
    ]
    if has_pattern(_places(named)):
        yield Check(_("The places of the right answers show a pattern: mix the answers."), is_good=False)
    else:
        yield Check(_("The places of the right answers show no pattern."), is_good=True)


def _places(versions: list[QuestionVersion]) -> list[int]:
    singles = [version.source for version in versions if version.type == "single_choice"]
    return [
        place
        for source in singles
        for place, row in enumerate(rows(source, "options"), 1)
        if row.get("correct")
    ]


def _on_answers(plan: Plan) -> Iterator[Check]:
    asked = {key for found in plan.slots.values() for key in found}
    asked |= {key for parts in plan.cases.values() for key in parts}
    versions = {key: plan.rows[key] for key in sorted(asked)}
    if len(versions) > MOST_COMPARED:
        text = _("Too many questions to hold each against every other: look for ones that answer another.")
        yield Check(text, is_good=False)
        return
    found = list(list_given_away(_items(versions)))
    for tells, told in found:
        text = _("“%(tells)s” tells the answer of “%(told)s”.", tells=tells, told=told)
        yield Check(text, is_good=False)
    if not found:
        yield Check(_("No question tells the answer of another."), is_good=True)


def _items(versions: Mapping[int, QuestionVersion]) -> dict[str, Item]:
    """Return the questions by their words; alike ones are told apart by their numbers."""
    found: dict[str, Item] = {}
    for key, version in versions.items():
        name = version.summary if version.summary not in found else f"{version.summary} (#{key})"
        found[name] = Item(version.type, version.source)
    return found
