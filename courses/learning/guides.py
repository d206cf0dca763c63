"""The trainer's guides and pocket sheets of what a cohort learns, for its trainers and organisers."""

from __future__ import annotations

from flask import Blueprint, render_template

from courses.catalogue.queries import get_module_page, list_module_pages
from courses.cohorts.queries import get_taught_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.db import db

bp = Blueprint("guides", __name__, url_prefix="/angkatan")
guard(bp, lambda actor: actor.is_staff)


@bp.get("/<int:cohort_id>/panduan")
def index(cohort_id: int) -> str:
    """List the guides and pocket sheets by module."""
    cohort = get_taught_cohort(db.session(), cohort_id, actor=current_actor())
    pages = list_module_pages(db.session(), cohort.edition_id)
    return render_template("guides/index.html", cohort=cohort, pages=pages)


@bp.get("/<int:cohort_id>/panduan/<int:page_id>")
def guide(cohort_id: int, page_id: int) -> str:
    """Show the guide of a module: minutes, questions to discuss, misunderstandings, what to bring."""
    return _show(cohort_id, page_id, kind="trainer_guide")


@bp.get("/<int:cohort_id>/saku/<int:page_id>")
def sheet(cohort_id: int, page_id: int) -> str:
    """Show the pocket sheet of a module as trainees have it."""
    return _show(cohort_id, page_id, kind="pocket_sheet")


def _show(cohort_id: int, page_id: int, *, kind: str) -> str:
    cohort = get_taught_cohort(db.session(), cohort_id, actor=current_actor())
    page = get_module_page(db.session(), page_id, edition_id=cohort.edition_id, kind=kind)
    return render_template("guides/page.html", cohort=cohort, page=page)
