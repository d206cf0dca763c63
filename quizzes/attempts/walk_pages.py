"""A case that branches as a trainee plays it: choose, see what comes of it, go on where one stopped.

It is a scenario of the course, whose scenes are addressed by name, or a case of the bank, whose parts are
addressed by number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from courses.catalogue.models import Scenario, Scene
from courses.catalogue.queries import get_scenario
from courses.learning.practice import Desk, show_scene, trainee_desk
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.web.arguments import read_id
from quizzes.attempts import offers, walks
from quizzes.attempts.offers import Offer
from quizzes.attempts.walks import Case, Walk
from quizzes.types.base import FormatError
from quizzes.types.case_set_form import MAX_PARTS

bp = Blueprint("walks", __name__, url_prefix="/belajar/<int:enrolment_id>")
guard(bp, lambda actor: not actor.is_staff)

PREFIX = "jawab-"
"""Before the names of inputs."""


@dataclass(frozen=True)
class Story:
    """What is walked through: whose pages these are, how it is called, and what its addresses begin with."""

    desk: Desk
    title: str
    subject: str
    case: Case
    named: Mapping[str, Any]
    # Of a scenario by name: where to read on, which law. A case of the bank has none.
    scenes: Mapping[str, Scene]

    @property
    def enrolment_id(self) -> int:
        """Who walks."""
        return int(self.desk.owner["enrolment_id"])

    def place(self, walk: Walk) -> str:
        """Return the end of the address of the part a walk has come to."""
        return str(walk.here["name"]) if self.scenes else str(walk.place)

    def show(self, place: str) -> Response:
        """Return the way to a part."""
        return redirect(self._url("walks.scene" if self.scenes else "walks.case", place), 303)

    def answer_url(self, place: str) -> str:
        """Return where the answer to a part is sent."""
        return self._url("walks.answer" if self.scenes else "walks.answer_case", place)

    def _url(self, endpoint: str, place: str) -> str:
        within: dict[str, Any] = {"scene" if self.scenes else "part": place}
        return url_for(endpoint, **within, **self.named, **self.desk.owner)


@dataclass(frozen=True)
class OfferPage:
    """Cases of the bank a cohort is offered; ``more_url`` leads to older ones, empty where there are none."""

    offers: list[Offer]
    more_url: str


@bp.app_template_global()
def walk_states(owner: dict[str, int]) -> dict[str, str]:
    """Return by scenario how a trainee's newest walk stands; nothing for who looks on."""
    enrolment_id = owner.get("enrolment_id")
    return walks.list_states(db.session(), enrolment_id) if enrolment_id else {}


@bp.app_template_global()
def offered_cases(desk: Desk) -> OfferPage:
    """Return the cases of the bank that trainees of a desk's cohort may walk through."""
    found = offers.list_offers(db.session(), desk.cohort, before=read_id("sebelum"))
    page = found[: offers.PAGE_SIZE]
    return OfferPage(page, desk.url("index", sebelum=page[-1].question_id) if len(found) > len(page) else "")


@bp.get("/latihan/<slug>/<scene>")
def scene(enrolment_id: int, slug: str, scene: str) -> str | Response:
    """Show the scene a walk has come to, or its end; another one leads there."""
    desk, scenario = _open(enrolment_id, slug, scene)
    case = walks.find_case(db.session(), desk.edition, slug)
    if case is None:
        return show_scene(desk, slug, scene)
    return _look(_scenario(desk, scenario, case), scene)


@bp.post("/latihan/<slug>/<scene>")
def answer(enrolment_id: int, slug: str, scene: str) -> Response | tuple[str, int]:
    """Keep an answer and go on; or begin once more from the start."""
    desk, scenario = _open(enrolment_id, slug, scene)
    case = walks.find_case(db.session(), desk.edition, slug)
    if case is None:
        return redirect(desk.url("scene", slug=slug, scene=scene), 303)
    return _take(_scenario(desk, scenario, case), now=utc_now())


@bp.get("/kasus/<int:question_id>/<int:part>")
def case(enrolment_id: int, question_id: int, part: int) -> str | Response:
    """Show the part a walk through a case of the bank has come to; another one leads there."""
    return _look(_offered(enrolment_id, question_id, part), str(part))


@bp.post("/kasus/<int:question_id>/<int:part>")
def answer_case(enrolment_id: int, question_id: int, part: int) -> Response | tuple[str, int]:
    """Keep an answer to a part of a case of the bank and go on; or begin once more from the start."""
    story, now = _offered(enrolment_id, question_id, part), utc_now()
    if not story.case.quiz_version_id:
        kept = offers.open_quiz(db.session(), story.desk.cohort, question_id, now=now)
        story = replace(story, case=kept)
    return _take(story, now=now)


def _open(enrolment_id: int, slug: str, scene: str) -> tuple[Desk, Scenario]:
    """Return whose pages these are and the scenario.

    Raises:
        NotFound: not this person's, or there is no such scene.
    """
    desk = trainee_desk(enrolment_id)
    scenario = get_scenario(db.session(), slug, edition_id=desk.edition.id)
    if all(one.key != scene for one in scenario.scenes):
        raise NotFound
    return desk, scenario


def _scenario(desk: Desk, scenario: Scenario, case: Case) -> Story:
    scenes = {scene.key: scene for scene in scenario.scenes}
    return Story(desk, scenario.title, scenario.subject, case, {"slug": scenario.slug}, scenes)


def _offered(enrolment_id: int, question_id: int, part: int) -> Story:
    """Return a case of the bank as a story.

    Raises:
        NotFound: not this person's, it is not offered to their cohort, or no case has such a part.
    """
    if not 1 <= part <= MAX_PARTS:
        raise NotFound
    desk = trainee_desk(enrolment_id)
    offer, case = offers.get_offer(db.session(), desk.cohort, question_id)
    return Story(desk, offer.title, offer.topic, case, {"question_id": question_id}, {})


def _look(story: Story, place: str) -> str | Response:
    walk = walks.find_walk(db.session(), story.enrolment_id, story.case)
    is_told = walk.end != "" and story.place(walk) == place
    if not walk.is_open and not is_told:
        walk = walks.fresh_walk(story.case)
    if story.place(walk) != place:
        return story.show(story.place(walk))
    return _page(story, walk, raw={}, error="")


def _take(story: Story, *, now: datetime) -> Response | tuple[str, int]:
    session, case, user_id = db.session(), story.case, current_actor().user_id
    if request.form.get("aksi") == "again":
        walks.leave(session, enrolment_id=story.enrolment_id, case=case, user_id=user_id, now=now)
        session.commit()
        return story.show(story.place(walks.fresh_walk(case)))
    raw = _raw()
    try:
        walk = walks.take_step(
            session,
            enrolment_id=story.enrolment_id,
            case=case,
            user_id=user_id,
            step=request.form.get("langkah", 0, type=int),
            raw=raw,
            now=now,
        )
    except FormatError as error:
        session.rollback()
        return _once_more(story, raw=raw, error=str(error.message)), 422
    session.commit()
    return story.show(story.place(walk))


def _raw() -> dict[str, list[str]]:
    return {
        name.removeprefix(PREFIX): request.form.getlist(name)[:20]
        for name in request.form
        if name.startswith(PREFIX)
    }


def _once_more(story: Story, *, raw: dict[str, list[str]], error: str) -> str:
    walk = walks.find_walk(db.session(), story.enrolment_id, story.case)
    return _page(story, walk if walk.is_open else walks.fresh_walk(story.case), raw=raw, error=error)


def _page(story: Story, walk: Walk, *, raw: dict[str, list[str]], error: str) -> str:
    told = story.scenes.get(walk.here["name"])
    item = None
    if not walk.end:
        item = {"name_prefix": PREFIX, "answer": raw, "error": error, **walk.present()}
    return render_template(
        "walks/scene.html",
        desk=story.desk,
        scenario=story,
        walk=walk,
        told=told,
        item=item,
        taken=walk.taken(),
        action=story.answer_url(story.place(walk)),
        readings=story.desk.readings(told) if told else [],
    )
