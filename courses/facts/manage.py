"""All addresses of corrections at one glance; for admins."""

from __future__ import annotations

from flask import Blueprint

from courses.facts import correction_pages as pages
from lms.core.accounts.guard import guard

bp = Blueprint("corrections", __name__, url_prefix="/fakta/koreksi")
guard(bp, lambda actor: actor.is_admin)

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "/<int:correction_id>"

for path, view, methods in (
    ("", pages.index, GET),
    ("/baru", pages.create, BOTH),
    ("/parameters.yaml", pages.download_parameters, GET),
    ("/labels.yaml", pages.download_labels, GET),
    (ONE, pages.show, GET),
    (f"{ONE}/setuju", pages.confirm, POST),
    (f"{ONE}/tolak", pages.refuse, POST),
    (f"{ONE}/tarik", pages.withdraw, POST),
):
    bp.add_url_rule(path, view_func=view, methods=methods)
