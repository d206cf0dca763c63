"""The page of one version of a quiz: a draft of one's own is built on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.text import fold
from lms.core.web.arguments import read_id, read_word
from quizzes.bank import queries
from quizzes.bank.builder.measuring import MEASURE, MeasureFacility
from quizzes.bank.cohorts import queries as cohort_queries
from quizzes.bank.forms import SettingsForm
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.bank.policies import can_edit_version
from quizzes.bank.publication.publishing import plan_publication
from quizzes.bank.quiz import blueprint_queries
from quizzes.bank.quiz import queries as quiz_queries
from quizzes.bank.quiz.blueprint_queries import Askable, CourseMap
from quizzes.bank.quiz.blueprints import Blueprint, cell_of, lay_out, read_wanted
from quizzes.bank.quiz.draw_rules import DrawRule, words_of_rules
from quizzes.bank.quiz.draw_supply import Supply, find_supply
from quizzes.bank.quiz.estimates import Ask, Estimate, estimate
from quizzes.bank.quiz.plans import Plan
from quizzes.bank.quiz.presets import PRESETS, preset_of, tell
from quizzes.bank.quiz.setting_words import SETTING_NAMES
from quizzes.bank.quiz.showing import KINDS, WHENS, exceptions_of, showing_of
from quizzes.bank.quiz.showing import PRESETS as SHOWING_PRESETS
from quizzes.bank.quiz.taking import unusual
from quizzes.bank.rules import COUNTS, DIFFICULTIES, LEVELS, MAX_DRAW, PURPOSES, SHOW_RESULT
from quizzes.bank.tags import MAX_LENGTH


@dataclass(frozen=True)
class AskedRule:
    """A rule somebody looks at before it is added."""

    rule: DrawRule
    words: str
    supply: Supply


def find_version(quiz_id: int, version_id: int) -> QuizVersion:
    """Return a version the actor may see.

    Raises:
        NotFound: there is none.
    """
    return quiz_queries.get_version(db.session(), version_id, quiz_id=quiz_id, actor=current_actor())


def find_own_draft(quiz_id: int, version_id: int) -> QuizVersion:
    """Return a draft the actor may change.

    Raises:
        NotFound: there is none.
    """
    return check_own_draft(find_version(quiz_id, version_id))


def check_own_draft(found: QuizVersion) -> QuizVersion:
    """Return a version if it is a draft the actor may change.

    Raises:
        NotFound: it is not.
    """
    if not can_edit_version(current_actor(), found):
        raise NotFound
    return found


def address_of(found: QuizVersion) -> str:
    """Return where a version is shown."""
    return url_for("quizzes.version", quiz_id=found.quiz_id, version_id=found.id)


def to_version(found: QuizVersion, part: str = "", search: Mapping[str, str] | None = None) -> Response:
    """Return the way to a version, or to a part of its page, with what was looked for there."""
    asked = f"?{urlencode(search)}" if search else ""
    return redirect(address_of(found) + asked + (f"#{part}" if part else ""), 303)


def version_page(found: QuizVersion, form: SettingsForm | None = None) -> str:
    """Show settings and slots of a version; a draft of one's own can be changed here."""
    session, actor = db.session(), current_actor()
    if form is None:
        form = SettingsForm(formdata=None)
        form.show(found)
    is_own_draft = can_edit_version(actor, found)
    preset = preset_of(found.purpose)
    context: dict[str, Any] = {
        "version": found,
        "quiz": found.quiz,
        "form": form,
        "is_own_draft": is_own_draft,
        "taking": unusual(found),
        "purposes": PURPOSES,
        "labels": {"counts": COUNTS, "show_result": SHOW_RESULT},
        "showing": _showing(found),
        "page_size": queries.PAGE_SIZE,
        "preset": preset,
        "own_settings": preset.differences(found),
        "meaning": list(tell(found, purpose=found.purpose)),
        "names": SETTING_NAMES,
        "whens": WHENS,
    }
    if is_own_draft:
        context |= _draft_context(found)
    else:
        context["rule_words"] = words_of_rules(found.slots)
        context["branches"] = queries.list_branches(session, actor=actor)
        if found.status == "published":
            context["cohorts"] = cohort_queries.list_cohorts_on(session, found, actor=actor)
    return render_template("quizzes/version.html", **context)


def estimate_of(found: QuizVersion, plan: Plan, *, measured: Mapping[int, Decimal]) -> Estimate:
    """Return how long a draft takes and how hard it is, as it stands.

    Args:
        measured: facility by question, 0–1, where answers tell it (`measure_plan`).
    """
    asks = [
        Ask([plan.rows[key] for key in demand.question_ids if key in plan.rows], demand.count, slot.marks)
        for slot in found.slots
        for demand in plan.demands(slot)
    ]
    return estimate(asks, measured=measured)


def measure_plan(plan: Plan) -> dict[int, Decimal]:
    """Return the facility of a draft's questions, 0–1, where enough people answered them as they stand."""
    return measure_questions([plan.stored.get(key) or row for key, row in plan.rows.items()])


def measure_questions(versions: Iterable[QuestionVersion]) -> dict[int, Decimal]:
    """Return by question the facility of these versions, 0–1, where enough people answered them."""
    measure: MeasureFacility = current_app.extensions[MEASURE]
    asked = {version.question_id: version.id for version in versions}
    found = measure(db.session(), list(asked.values()))
    return {key: found[version_id] for key, version_id in asked.items() if version_id in found}


def _showing(found: QuizVersion) -> dict[str, Any]:
    """Return what of a result is shown when: by this version, and by each preset."""
    return {
        "kinds": KINDS,
        "whens": WHENS,
        "now": [(KINDS[kind], WHENS[when]) for kind, when in showing_of(found).items()],
        "exceptions": exceptions_of(found),
        "presets": [(SHOW_RESULT[name], whens) for name, whens in SHOWING_PRESETS.items()],
    }


def _draft_context(found: QuizVersion) -> dict[str, Any]:
    """Return what a draft's page needs: problems, the blueprint, and what can be put in."""
    session, actor = db.session(), current_actor()
    search, topic, rule = read_word("q"), read_word("topik"), _read_rule()
    scope: dict[str, Any] = {"quiz_key": found.quiz.key, "branch_id": found.branch_id}
    plan = plan_publication(session, found, book=load_book(), rule=rule)
    is_searching = "q" in request.args or bool(topic)
    course = blueprint_queries.get_course_map(session, found.quiz, actor=actor)
    askable = blueprint_queries.count_askable(session, **scope)
    return {
        "plan": plan,
        "estimate": estimate_of(found, plan, measured=measure_plan(plan)),
        "blueprint": lay_out_draft(found, plan, course, askable),
        "levels": LEVELS,
        "difficulties": DIFFICULTIES,
        "presets": [(preset, list(tell(preset.apply(found), purpose=preset.key))) for preset in PRESETS],
        "siblings": course.quizzes,
        "rule_words": words_of_rules(found.slots, course.quizzes),
        "asked_rule": _asked_rule(found, plan, rule, titles=course.quizzes) if rule else None,
        "topics": askable.topics,
        "search": search,
        "topic": topic,
        "is_searching": is_searching,
        "hits": queries.search_askable(session, search=search, topic=topic, **scope) if is_searching else [],
        "named": {
            question_id
            for slot in found.slots
            if slot.draw_topic is None
            for question_id in plan.slots[slot.id]
        },
    }


def coverage_of(found: QuizVersion, plan: Plan) -> Blueprint:
    """Return what stands in the cells of a draft, without the titles of modules and without a supply."""
    return lay_out_draft(found, plan, CourseMap({}, {}), Askable({}, {}))


def lay_out_draft(found: QuizVersion, plan: Plan, course: CourseMap, askable: Askable) -> Blueprint:
    """Return the table of a draft: what is wanted of each cell, what stands in it, what there is."""
    slots = [
        (demand.count, [cell_of(plan.rows[int(key)]) for key in demand.question_ids])
        for slot in found.slots
        for demand in plan.demands(slot)
    ]
    wanted = read_wanted(found.blueprint)
    return lay_out(course.modules, wanted=wanted, slots=slots, supply=askable.cells)


def _read_rule() -> DrawRule | None:
    """Return the rule the address speaks of; None where it speaks of none, or of nonsense."""
    topic, count = read_word("dari"), read_id("banyak") or 1
    level, difficulty = read_word("tingkat"), read_word("sukar")
    if not topic or count > MAX_DRAW or level not in {"", *LEVELS} or difficulty not in {"", *DIFFICULTIES}:
        return None
    return DrawRule(topic, count, level, difficulty, read_id("selain"), fold(read_word("label"))[:MAX_LENGTH])


def _asked_rule(
    found: QuizVersion, plan: Plan, rule: DrawRule, *, titles: dict[int, str]
) -> AskedRule | None:
    """Return a rule with what it would find; None where it keeps apart what the actor cannot see."""
    if rule.not_in_id not in {None, *titles}:
        return None
    asked = {question_id for slot in found.slots for question_id in plan.asked(slot)}
    supply = find_supply(plan, rule, branch_id=found.branch_id, asked=asked)
    return AskedRule(rule, rule.in_words(titles.get(rule.not_in_id or 0, "")), supply)
