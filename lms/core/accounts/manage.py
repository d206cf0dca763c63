"""All addresses of the admin's pages at one glance: staff and branch offices."""

from __future__ import annotations

from flask import Blueprint

from lms.core.accounts import branch_pages, staff_pages
from lms.core.accounts.guard import guard

staff = Blueprint("staff", __name__, url_prefix="/pengguna")
branches = Blueprint("branches", __name__, url_prefix="/kantor")
for room in (staff, branches):
    guard(room, lambda actor: actor.is_admin)

GET, BOTH = ("GET",), ("GET", "POST")
PERSON = "/<int:staff_id>"

for path, view, methods in (
    ("", staff_pages.index, GET),
    ("/baru", staff_pages.create, BOTH),
    (PERSON, staff_pages.person, GET),
    (f"{PERSON}/ubah", staff_pages.change, BOTH),
    (f"{PERSON}/sandi", staff_pages.hand_out_reset, BOTH),
    (f"{PERSON}/kode", staff_pages.reset_second_factor, BOTH),
    (f"{PERSON}/sesi", staff_pages.end_sessions, BOTH),
    (f"{PERSON}/blokir", staff_pages.block, BOTH),
    (f"{PERSON}/buka", staff_pages.unblock, BOTH),
):
    staff.add_url_rule(path, view_func=view, methods=methods)

for path, page, methods in (
    ("", branch_pages.index, GET),
    ("/baru", branch_pages.create, BOTH),
    ("/<int:branch_id>", branch_pages.change, BOTH),
):
    branches.add_url_rule(path, view_func=page, methods=methods)
