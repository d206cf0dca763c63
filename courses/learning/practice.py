"""Field practice: scenarios to walk through and checklists to print, for trainees and for their trainers.

A :class:`Desk` says whose pages these are. Trainees play scenarios as cases of the quiz engine, which keeps
their answers (`quizzes.attempts.walk_pages`); trainers walk through them by links, and nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from courses.catalogue.models import Edition, Scenario, Scene
from courses.catalogue.queries import get_checklist, get_scenario, list_checklists, list_scenarios
from courses.catalogue.tree import get_tree
from courses.cohorts.days import today_in
from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_own_enrolment, get_taught_cohort
from courses.learning.trail import follow
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound

bp = Blueprint("practice", __name__, url_prefix="/belajar/<int:enrolment_id>")
guard(bp, lambda actor: not actor.is_staff)
preview = Blueprint("practice_preview", __name__, url_prefix="/angkatan/<int:cohort_id>")
guard(preview, lambda actor: actor.is_staff)


@dataclass(frozen=True)
class Desk:
    """Whose pages these are: how their addresses are made, and where the way back leads."""

    blueprint: str
    owner: dict[str, Any]
    cohort: Cohort
    back_url: str
    back_text: str

    @property
    def edition(self) -> Edition:
        """What is practised from."""
        return self.cohort.edition

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of practice at this desk."""
        is_played = endpoint == "scene" and self.blueprint == bp.name
        return url_for("walks.scene" if is_played else f"{self.blueprint}.{endpoint}", **self.owner, **values)

    def readings(self, scene: Scene) -> list[tuple[str, str]]:
        """Return where to read on after a scene: titles and addresses."""
        return [(one["title"], self.lesson_url(one["path"], one["anchor"])) for one in scene.readings]

    def lesson_url(self, path: str, anchor: str) -> str:
        """Return the address of a lesson by its path, empty where there is none to open from here."""
        if self.blueprint != bp.name:
            return ""
        tree = get_tree(db.session(), self.edition.id)
        step_id = next((step.id for step in tree.steps() if step.path == path), None)
        if step_id is None:
            return ""
        return url_for("learning.lesson", step_id=step_id, _anchor=anchor or None, **self.owner)


def trainee_desk(enrolment_id: int) -> Desk:
    """Return the desk of a trainee, whose training must have begun.

    Raises:
        NotFound: it is somebody else's, or has not begun.
    """
    enrolment = get_own_enrolment(db.session(), enrolment_id, user_id=current_actor().user_id)
    if not has_begun(enrolment.cohort):
        raise NotFound
    return Desk(
        blueprint=bp.name,
        owner={"enrolment_id": enrolment_id},
        cohort=enrolment.cohort,
        back_url=url_for("learning.outline", enrolment_id=enrolment_id),
        back_text=_("Back to the course"),
    )


@bp.app_template_global()
def has_begun(cohort: Cohort) -> bool:
    """Return whether people may practise: from the first day on, and ever after."""
    return today_in(cohort.time_zone, utc_now()) >= cohort.starts_on


def _trainer(cohort_id: int) -> Desk:
    cohort = get_taught_cohort(db.session(), cohort_id, actor=current_actor())
    return Desk(
        blueprint=preview.name,
        owner={"cohort_id": cohort_id},
        cohort=cohort,
        back_url=url_for("guides.index", cohort_id=cohort_id),
        back_text=_("Guides: %(cohort)s", cohort=cohort.name),
    )


@bp.get("/latihan")
def index(enrolment_id: int) -> str:
    """List the scenarios."""
    return _show_scenarios(trainee_desk(enrolment_id))


@preview.get("/latihan", endpoint="index")
def preview_index(cohort_id: int) -> str:
    """List the scenarios as the trainees of a cohort see them."""
    return _show_scenarios(_trainer(cohort_id))


@preview.get("/latihan/<slug>/<scene>", endpoint="scene")
def preview_scene(cohort_id: int, slug: str, scene: str) -> str:
    """Show a scene as the trainees of a cohort see it."""
    return show_scene(_trainer(cohort_id), slug, scene)


@bp.get("/daftar-periksa")
def checklists(enrolment_id: int) -> str:
    """List the checklists of documents."""
    return _show_checklists(trainee_desk(enrolment_id))


@preview.get("/daftar-periksa", endpoint="checklists")
def preview_checklists(cohort_id: int) -> str:
    """List the checklists as the trainees of a cohort see them."""
    return _show_checklists(_trainer(cohort_id))


@bp.get("/daftar-periksa/<slug>")
def checklist(enrolment_id: int, slug: str) -> str:
    """Show a checklist: one side of paper."""
    return _show_checklist(trainee_desk(enrolment_id), slug)


@preview.get("/daftar-periksa/<slug>", endpoint="checklist")
def preview_checklist(cohort_id: int, slug: str) -> str:
    """Show a checklist as the trainees of a cohort see it."""
    return _show_checklist(_trainer(cohort_id), slug)


def _show_scenarios(desk: Desk) -> str:
    scenarios = list_scenarios(db.session(), desk.edition.id)
    return render_template("practice/index.html", desk=desk, scenarios=scenarios)


def show_scene(desk: Desk, slug: str, key: str) -> str:
    """Show a scene with links for choices: what the last one brought about, what one may do now.

    Raises:
        NotFound: the edition has no such scene.
    """
    scenario = get_scenario(db.session(), slug, edition_id=desk.edition.id)
    here = next((scene for scene in scenario.scenes if scene.key == key), None)
    if here is None:
        raise NotFound
    trail = follow(scenario, here, request.args.get("dari", ""))
    return render_template(
        "practice/scene.html",
        desk=desk,
        scenario=scenario,
        scene=here,
        trail=trail,
        start_url=_start(desk, scenario),
        readings=desk.readings(here),
    )


def _start(desk: Desk, scenario: Scenario) -> str:
    return desk.url("scene", slug=scenario.slug, scene=scenario.scenes[0].key)


def _show_checklists(desk: Desk) -> str:
    found = list_checklists(db.session(), desk.edition.id)
    return render_template("practice/checklists.html", desk=desk, checklists=found)


def _show_checklist(desk: Desk, slug: str) -> str:
    found = get_checklist(db.session(), slug, edition_id=desk.edition.id)
    return render_template("practice/checklist.html", desk=desk, checklist=found)
