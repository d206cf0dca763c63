"""All addresses of the organiser's pages at one glance, and who may enter."""

from __future__ import annotations

from flask import Blueprint

from courses.cohorts import cohort_pages, person_pages, roster_pages, timetable_pages
from courses.cohorts.card_sheet import printable, show_number
from courses.cohorts.days import show_day, show_span
from courses.cohorts.elements import show_element
from courses.cohorts.phones import show_phone
from courses.cohorts.regions import region_names, show_region
from lms.core.accounts.guard import guard

bp = Blueprint("cohorts", __name__, url_prefix="/angkatan")
guard(bp, lambda actor: actor.is_organiser)

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
COHORT = "/<int:cohort_id>"
SESSION = f"{COHORT}/jadwal/<int:session_id>"
DRAFT = f"{COHORT}/daftar/<int:draft_id>"
PERSON = f"{COHORT}/peserta/<int:enrolment_id>"

for path, view, methods in (
    ("", cohort_pages.index, GET),
    ("/baru", cohort_pages.create, BOTH),
    (COHORT, cohort_pages.show, GET),
    (f"{COHORT}/ubah", cohort_pages.change, BOTH),
    (f"{COHORT}/jadwal/rancangan", timetable_pages.draft_timetable, POST),
    (f"{COHORT}/jadwal/baru", timetable_pages.add_session, BOTH),
    (SESSION, timetable_pages.change_session, BOTH),
    (f"{SESSION}/hapus", timetable_pages.remove_session, POST),
    ("/templat-peserta.xlsx", roster_pages.roster_template, GET),
    (f"{COHORT}/daftar", roster_pages.send_roster, BOTH),
    (DRAFT, roster_pages.dry_run, BOTH),
    (f"{DRAFT}/buang", roster_pages.throw_away, POST),
    (f"{COHORT}/peserta.csv", roster_pages.roster_csv, GET),
    (f"{COHORT}/peserta.xlsx", roster_pages.roster_xlsx, GET),
    (f"{COHORT}/kartu.pdf", person_pages.cards_pdf, GET),
    (f"{COHORT}/peserta/baru", person_pages.add_person, BOTH),
    (PERSON, person_pages.person, GET),
    (f"{PERSON}/ubah", person_pages.change_person, BOTH),
    (f"{PERSON}/kartu", person_pages.replace_card, POST),
    (f"{PERSON}/kartu.pdf", person_pages.card_pdf, GET),
    (f"{PERSON}/sandi", person_pages.hand_out_reset, POST),
    (f"{PERSON}/keluar", person_pages.withdraw, POST),
    (f"{PERSON}/kembali", person_pages.reinstate, POST),
    (f"{PERSON}/nama", person_pages.resolve_correction, BOTH),
):
    bp.add_url_rule(path, view_func=view, methods=methods)


for name, shown in (
    ("card_number", show_number),
    ("element", show_element),
    ("phone", show_phone),
    ("printable", printable),
    ("region", show_region),
    ("span", show_span),
    ("weekday", show_day),
):
    bp.add_app_template_filter(shown, name)
bp.add_app_template_global(region_names)
