"""The organiser's pages, as a person walks them; strangers find nothing there."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts import cohort_pages, queries, timetable
from courses.cohorts.card_codes import card_pin, card_token
from courses.cohorts.models import Cohort, Enrolment, RosterDraft
from lms.core.accounts.models import Branch, PasswordReset, Role, UserSession
from lms.core.accounts.sessions import open_session
from lms.core.audit.models import AuditEvent
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests import factories
from tests.courses.cohorts import files
from tests.courses.cohorts.counting import counted
from tests.courses.cohorts.files import BUDI, HEADER, SITI
from tests.factories import NOW

SignIn = Callable[[int], FlaskClient]
PERSON = {
    "name": "Siti Aminah",
    "element": "academic",
    "organisation": "SMK Contoh",
    "region_code": "35.77",
    "phone": "0812-3456-7890",
}


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def cohort(session: Session, branch: Branch) -> Cohort:
    return factories.make_cohort(session, branch=branch)


@pytest.fixture
def organiser(session: Session, branch: Branch, sign_in: SignIn) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ORGANISER, branch=branch).id)


@pytest.fixture
def stranger(session: Session, sign_in: SignIn) -> FlaskClient:
    """The organiser of another branch."""
    return sign_in(factories.make_user(session, Role.ORGANISER, branch=factories.make_branch(session)).id)


def url(cohort: Cohort, path: str = "") -> str:
    return f"/angkatan/{cohort.id}{path}"


def send(client: FlaskClient, cohort: Cohort, body: bytes, name: str = "daftar.csv"):  # type: ignore[no-untyped-def]
    return client.post(url(cohort, "/daftar"), data={"file": (io.BytesIO(body), name)})


def count(session: Session, model: type) -> int:
    return session.scalars(select(func.count()).select_from(model)).one()


# Cohorts


def new_cohort(session: Session, **values: object) -> dict[str, object]:
    return {
        "name": "Madiun 3",
        "edition_id": factories.make_edition(session).id,
        "place": "Hotel Contoh",
        "mode": "mixed",
        "time_zone": "Asia/Makassar",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-02",
    } | values


def test_a_cohort_is_set_up_on_one_page_with_a_first_timetable(
    session: Session, branch: Branch, organiser: FlaskClient
) -> None:
    form = new_cohort(session, branch_id=branch.id, has_draft="y")
    assert organiser.get("/angkatan/baru").status_code == 200

    response = organiser.post("/angkatan/baru", data=form)

    cohort = session.scalars(select(Cohort)).one()
    assert (response.status_code, response.location) == (303, url(cohort))
    page = organiser.get(response.location).text
    assert "08.30–09.30\N{NO-BREAK SPACE}WITA" in page
    assert (cohort.branch_id, cohort.mode) == (branch.id, "mixed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("edition_id", "999"),
        ("edition_id", "x"),
        ("place", ""),
        ("mode", ""),
        ("mode", "by_post"),
        ("time_zone", "Europe/Berlin"),
        ("starts_on", "besok"),
        ("ends_on", "2026-11-30"),
        ("ends_on", "2062-12-01"),
    ],
)
def test_a_wrong_field_is_said_at_the_field_and_changes_nothing(
    session: Session, branch: Branch, organiser: FlaskClient, field: str, value: str
) -> None:
    form = new_cohort(session, branch_id=branch.id) | {field: value}

    response = organiser.post("/angkatan/baru", data=form)

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert count(session, Cohort) == 0


def test_a_cohort_cannot_be_set_up_for_another_branch(session: Session, organiser: FlaskClient) -> None:
    other = factories.make_branch(session)

    response = organiser.post("/angkatan/baru", data=new_cohort(session, branch_id=other.id))

    assert response.status_code == 422
    assert count(session, Cohort) == 0


def test_an_admin_chooses_among_all_branches(session: Session, branch: Branch, sign_in: SignIn) -> None:
    other = factories.make_branch(session)
    admin = sign_in(factories.make_user(session, Role.ADMIN).id)

    admin.post("/angkatan/baru", data=new_cohort(session, branch_id=other.id))

    assert session.scalars(select(Cohort)).one().branch_id == other.id


def test_who_works_nowhere_is_told_so(session: Session, sign_in: SignIn) -> None:
    nowhere = sign_in(factories.make_user(session, Role.ORGANISER).id)

    assert nowhere.get("/angkatan/baru").status_code == 200
    assert nowhere.post("/angkatan/baru", data=new_cohort(session)).status_code == 200
    assert count(session, Cohort) == 0


def test_the_list_shows_ones_own_branches_page_by_page(
    session: Session, branch: Branch, organiser: FlaskClient
) -> None:
    for n in range(27):
        factories.make_cohort(
            session, branch=branch, name=f"Milik {n:02}", starts_on=NOW.date() - timedelta(days=n)
        )
    factories.make_cohort(session, name="Milik orang lain")

    first = organiser.get("/angkatan").text
    older = re.search(r'href="(/angkatan\?sebelum=[^"]+)"', first)
    assert older is not None
    second = organiser.get(older[1]).text

    assert [len(re.findall(r"Milik \d\d", page)) for page in (first, second)] == [25, 2]
    assert "orang lain" not in first + second


@pytest.mark.parametrize("mark", ["x", "2026-01-01_", "_5", "2026-01-01_" + "9" * 40, "2026-13-01_1"])
def test_a_mistyped_place_in_the_list_begins_anew(organiser: FlaskClient, mark: str) -> None:
    assert organiser.get("/angkatan", query_string={"sebelum": mark}).status_code == 200


@pytest.mark.parametrize(
    ("zone", "state"), [("Asia/Jayapura", "Sedang berjalan"), ("Asia/Jakarta", "Direncanakan")]
)
def test_a_cohort_is_under_way_from_midnight_where_it_is_held(
    session: Session,
    branch: Branch,
    organiser: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    state: str,
) -> None:
    first = utc_now().date() + timedelta(days=1)
    factories.make_cohort(session, branch=branch, time_zone=zone, starts_on=first, ends_on=first)
    before_midnight = datetime.combine(first, time(), UTC) - timedelta(hours=8)
    monkeypatch.setattr(cohort_pages, "utc_now", lambda: before_midnight)

    assert state in organiser.get("/angkatan").text


def test_a_cohort_is_changed(session: Session, cohort: Cohort, organiser: FlaskClient) -> None:
    form = new_cohort(session, name="Nama baru")

    assert "Hotel Contoh" in organiser.get(url(cohort, "/ubah")).text
    assert organiser.post(url(cohort, "/ubah"), data=form | {"ends_on": ""}).status_code == 422
    assert organiser.post(url(cohort, "/ubah"), data=form).status_code == 303
    assert "Nama baru" in organiser.get(url(cohort)).text


# Roster


def test_a_roster_goes_by_a_dry_run_and_then_in_whole(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    sent = send(organiser, cohort, files.csv_bytes([*HEADER, "NIK"], [*SITI, "3577"], [*BUDI, "3521"]))
    page = organiser.get(sent.location).text

    assert sent.status_code == 303
    assert count(session, Enrolment) == 0
    assert "Siti Aminah" in page
    assert "NIK" in page
    assert "3521" not in page

    applied = organiser.post(sent.location)

    assert applied.status_code == 303
    assert "Selesai: 2 ditambahkan." in organiser.get(applied.location).text
    assert count(session, Enrolment) == 2
    assert count(session, RosterDraft) == 0
    assert organiser.post(sent.location).status_code == 303
    assert count(session, Enrolment) == 2


def test_a_faulty_row_is_shown_with_line_and_reason_and_nothing_can_be_applied(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    sent = send(organiser, cohort, files.csv_bytes(HEADER, SITI, ["Tanpa Unsur", "", "x", "Madiun", "12"]))
    page = organiser.get(sent.location).text

    assert 'id="line-3" class="faulty' in page
    assert "Madiun" in page
    assert organiser.post(sent.location).status_code == 422
    assert count(session, Enrolment) == 0


def test_twins_wait_for_a_decision(session: Session, cohort: Cohort, organiser: FlaskClient) -> None:
    twin = ["Siti Aminah", "PSM", "Dinas Contoh", "Kab. Ngawi", ""]
    sent = send(organiser, cohort, files.csv_bytes(HEADER, SITI, twin))

    undecided = organiser.post(sent.location)
    invented = organiser.post(sent.location, data={"row-3": "user-1"})
    decided = organiser.post(sent.location, data={"row-3": "new"})

    assert (undecided.status_code, invented.status_code, decided.status_code) == (422, 422, 303)
    assert 'href="#line-3"' in undecided.text
    assert "1 baris menunggu" in undecided.text
    assert count(session, Enrolment) == 2


def test_every_row_is_counted_once_and_says_who_it_is_taken_for(
    cohort: Cohort, organiser: FlaskClient
) -> None:
    twin = ["Siti Aminah", "PSM", "Dinas Contoh", "Kab. Ngawi", ""]
    sent = send(organiser, cohort, files.csv_bytes(HEADER, SITI, SITI, twin, BUDI))

    page = organiser.get(sent.location).text

    figures = re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", page)
    assert sum(int(number) for _label, number in figures) == 4
    assert "Dianggap sama dengan baris 2. Ubah…" in page


@pytest.mark.parametrize(
    ("body", "name"),
    [(b"", "a.csv"), (b"x", "a.exe"), (files.entity_bomb(), "a.xlsx"), (b"x;y", 'a"<b>.csv')],
)
def test_what_is_no_roster_is_said_at_the_field(
    session: Session, cohort: Cohort, organiser: FlaskClient, body: bytes, name: str
) -> None:
    response = send(organiser, cohort, body, name)

    assert response.status_code == 422
    assert 'id="file-error"' in response.text
    assert count(session, RosterDraft) == 0


def test_no_file_is_said_at_the_field(cohort: Cohort, organiser: FlaskClient) -> None:
    assert 'id="file-error"' in organiser.post(url(cohort, "/daftar")).text


def test_a_roster_is_its_senders_alone(
    session: Session, branch: Branch, cohort: Cohort, organiser: FlaskClient, sign_in: SignIn
) -> None:
    colleague = sign_in(factories.make_user(session, Role.ORGANISER, branch=branch).id)
    sent = send(organiser, cohort, files.csv_bytes(HEADER, SITI))

    assert "Siti Aminah" not in colleague.get(sent.location, follow_redirects=True).text
    assert colleague.post(sent.location).status_code == 303
    assert colleague.post(f"{sent.location}/buang").status_code == 303
    assert count(session, RosterDraft) == 1
    assert count(session, Enrolment) == 0


def test_a_roster_is_thrown_away(session: Session, cohort: Cohort, organiser: FlaskClient) -> None:
    sent = send(organiser, cohort, files.csv_bytes(HEADER, SITI))

    assert organiser.post(f"{sent.location}/buang").status_code == 303
    assert count(session, RosterDraft) == 0


def test_markup_in_a_roster_stays_text(cohort: Cohort, organiser: FlaskClient) -> None:
    sent = send(organiser, cohort, files.csv_bytes(HEADER, ["<img src=x onerror=alert(1)>", *SITI[1:]]))
    organiser.post(sent.location)

    assert "<img src=x" not in organiser.get(sent.location).text + organiser.get(url(cohort)).text
    assert "&lt;img src=x" in organiser.get(url(cohort)).text


def test_template_and_lists_are_files_with_names_of_our_own(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    factories.make_enrolment(session, cohort=cohort, name="=1+1 Budi")

    for path in ("/angkatan/templat-peserta.xlsx", url(cohort, "/peserta.csv"), url(cohort, "/peserta.xlsx")):
        response = organiser.get(path)
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith('attachment; filename="')
    assert ";'=1+1 Budi;" in organiser.get(url(cohort, "/peserta.csv")).text


# People


def test_a_late_comer_is_in_with_card_number_and_pin_on_the_next_page(
    app: Flask, session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    assert organiser.get(url(cohort, "/peserta/baru")).status_code == 200

    added = organiser.post(url(cohort, "/peserta/baru"), data=PERSON)
    page = organiser.get(added.location).text

    card = session.scalars(select(Enrolment)).one().card
    assert card is not None
    assert added.status_code == 303
    assert f"{card.number[:4]} {card.number[4:]}" in page
    assert card_pin(app.config["CARD_KEY"], card.id, 1) in page
    assert "kartu.pdf" in page


def test_a_known_late_comer_waits_for_a_decision(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    earlier = factories.make_cohort(session, branch=session.get(Branch, cohort.branch_id))
    known = factories.make_enrolment(session, cohort=earlier, name="Siti Aminah")
    form = PERSON | {"phone": ""}

    asked = organiser.post(url(cohort, "/peserta/baru"), data=form)
    decided = organiser.post(url(cohort, "/peserta/baru"), data=form | {"who": f"user-{known.user_id}"})
    again = organiser.post(url(cohort, "/peserta/baru"), data=form | {"who": f"user-{known.user_id}"})

    assert (asked.status_code, decided.status_code, again.status_code) == (422, 303, 303)
    assert f'value="user-{known.user_id}"' in asked.text
    assert {e.user_id for e in queries.list_enrolments(session, cohort.id)} == {known.user_id}


@pytest.mark.parametrize("field", ["name", "element", "organisation", "region_code"])
def test_a_late_comer_needs_every_field_but_the_telephone(
    session: Session, cohort: Cohort, organiser: FlaskClient, field: str
) -> None:
    response = organiser.post(url(cohort, "/peserta/baru"), data=PERSON | {field: ""})

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert count(session, Enrolment) == 0


def person_url(enrolment: Enrolment, path: str = "") -> str:
    return f"/angkatan/{enrolment.cohort_id}/peserta/{enrolment.id}{path}"


def test_the_pin_is_shown_on_request_only_and_leaves_a_trace(
    app: Flask, session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort)
    assert enrolment.card is not None
    pin = card_pin(app.config["CARD_KEY"], enrolment.card.id, 1)

    assert pin not in organiser.get(person_url(enrolment)).text
    assert pin in organiser.get(person_url(enrolment, "?pin=1")).text
    shown = session.scalars(select(AuditEvent).where(AuditEvent.action == "card.shown")).one()
    assert shown.details == {"enrolments": [enrolment.id]}


def test_a_lost_card_is_replaced_with_one_click(
    app: Flask, session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort)
    assert enrolment.card is not None
    card_id = enrolment.card.id
    begin_write(session)
    token = open_session(
        session,
        enrolment.user_id,
        via="card",
        now=NOW,
        user_agent="",
        expires_at=NOW + timedelta(days=99),
        card_id=card_id,
    )
    session.commit()

    replaced = organiser.post(person_url(enrolment, "/kartu"), data={"generation": "1"})
    page = organiser.get(replaced.location).text

    assert token
    assert card_pin(app.config["CARD_KEY"], card_id, 2) in page
    assert session.scalars(select(UserSession).where(UserSession.card_id == card_id)).all() == []
    assert organiser.post(person_url(enrolment, "/kartu"), data={"generation": "1"}).status_code == 409
    assert organiser.post(person_url(enrolment, "/kartu"), data={"generation": "x"}).status_code == 409


def test_a_link_for_a_new_password_is_shown_once(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort)

    made = organiser.post(person_url(enrolment, "/sandi"))
    first, second = (organiser.get(made.location.partition("#")[0]).text for _ in range(2))

    assert made.status_code == 303
    assert "/sandi/" in made.location or "http://127.0.0.1:8000/sandi/" in first
    assert "http://127.0.0.1:8000/sandi/" not in second
    assert count(session, PasswordReset) == 1


def test_data_are_corrected(session: Session, cohort: Cohort, organiser: FlaskClient) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort)

    assert enrolment.name in organiser.get(person_url(enrolment, "/ubah")).text
    assert organiser.post(person_url(enrolment, "/ubah"), data=PERSON | {"phone": "12"}).status_code == 422
    assert organiser.post(person_url(enrolment, "/ubah"), data=PERSON).status_code == 303
    page = organiser.get(person_url(enrolment)).text
    assert "SMK Contoh" in page
    assert "0812-3456-7890" in page


def test_somebody_is_withdrawn_and_comes_back(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort)

    assert organiser.post(person_url(enrolment, "/keluar")).status_code == 303
    assert "/kembali" in organiser.get(person_url(enrolment)).text
    assert organiser.post(person_url(enrolment, "/keluar")).status_code == 409
    assert organiser.post(person_url(enrolment, "/kembali")).status_code == 303
    assert "/keluar" in organiser.get(person_url(enrolment)).text


def test_a_request_for_another_name_is_shown_and_dealt_with(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort, correction_request="Tambahkan S.Pd.")

    assert "Tambahkan S.Pd." in organiser.get(person_url(enrolment)).text
    assert organiser.post(person_url(enrolment, "/nama"), data={"certificate_name": ""}).status_code == 422
    done = organiser.post(person_url(enrolment, "/nama"), data={"certificate_name": "Siti, S.Pd."})
    assert done.status_code == 303
    page = organiser.get(person_url(enrolment)).text
    assert "Tambahkan S.Pd." not in page
    assert "Siti, S.Pd." in page


# Timetable


def session_form(cohort: Cohort, **values: str) -> dict[str, str]:
    return {
        "title": "Pembukaan",
        "module_folder": "day-1/01-modul",
        "day": cohort.starts_on.isoformat(),
        "starts": "08.30",
        "ends": "09:30",
        "place": "Aula",
        "speakers-0-name": "Ibu Contoh",
        "speakers-0-organisation": "Dinas Contoh",
        "speakers-1-name": "",
    } | values


def test_a_session_is_written_changed_and_removed(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    assert organiser.get(url(cohort, "/jadwal/baru")).status_code == 200
    assert organiser.post(url(cohort, "/jadwal/baru"), data=session_form(cohort)).status_code == 303
    (slot,) = queries.list_sessions(session, cohort.id)
    page = organiser.get(url(cohort)).text
    assert "08.30–09.30\N{NO-BREAK SPACE}WIB" in page
    assert "Ibu Contoh, Dinas Contoh" in page

    address = url(cohort, f"/jadwal/{slot.id}")
    assert 'value="08:30"' in organiser.get(address).text
    assert organiser.post(address, data=session_form(cohort, ends="10:00", title="Doa")).status_code == 303
    assert "08.30–10.00\N{NO-BREAK SPACE}WIB" in organiser.get(url(cohort)).text

    assert organiser.post(f"{address}/hapus").status_code == 303
    assert organiser.post(f"{address}/hapus").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("module_folder", "day-9/x"),
        ("day", "2020-01-01"),
        ("day", "x"),
        ("starts", ""),
        ("starts", "pagi"),
        ("ends", "08:00"),
        ("speakers-0-name", ""),
    ],
)
def test_a_session_that_cannot_be_is_said_at_the_field(
    session: Session, cohort: Cohort, organiser: FlaskClient, field: str, value: str
) -> None:
    response = organiser.post(url(cohort, "/jadwal/baru"), data=session_form(cohort, **{field: value}))

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert queries.list_sessions(session, cohort.id) == []


def test_a_draft_is_made_in_one_click_and_only_once(cohort: Cohort, organiser: FlaskClient) -> None:
    address = url(cohort, "/jadwal/rancangan")

    assert [organiser.post(address).status_code for _ in range(2)] == [303, 409]


# Cards


def test_cards_are_eight_to_a_page_with_qr_number_and_pin(
    app: Flask, session: Session, cohort: Cohort
) -> None:
    from courses.cohorts.person_pages import card_sheet_html

    for n in range(9):
        factories.make_enrolment(session, cohort=cohort, name=f"Peserta {n}" + " sangat" * n * 3)
    enrolments = queries.list_card_holders(session, cohort.id, part=1, size=200)

    with app.test_request_context():
        html = card_sheet_html(cohort, enrolments)

    card = enrolments[0].card
    assert card is not None
    assert html.count('class="sheet"') == 2
    assert html.count('class="qr"') == 9
    assert f"{card.number[:4]} {card.number[4:]}" in html
    assert card_pin(app.config["CARD_KEY"], card.id, 1) in html
    assert card_token(app.config["CARD_KEY"], card.id, 1) not in html
    assert set(re.findall(r"name size-(\d+)", html)) == {"14", "11", "8", "6"}


def test_a_file_of_cards_reads_no_more_people_than_it_prints(session: Session, cohort: Cohort) -> None:
    for n in range(5):
        factories.make_enrolment(session, cohort=cohort, name=f"Peserta {n}")
    factories.make_enrolment(session, cohort=cohort, name="Peserta 2b", status="withdrawn")

    parts = [queries.list_card_holders(session, cohort.id, part=n, size=2) for n in (1, 2, 3, 4)]

    assert [[e.name[-1] for e in part] for part in parts] == [["0", "1"], ["2", "3"], ["4"], []]


def test_cards_come_as_a_pdf_and_leave_a_trace(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort, name="Siti 🌾 أمينة <b>&")

    for path in (url(cohort, "/kartu.pdf"), person_url(enrolment, "/kartu.pdf")):
        response = organiser.get(path)
        assert response.status_code == 200
        assert response.data.startswith(b"%PDF")
        assert response.headers["Cache-Control"] == "no-store"
    shown = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "card.shown")).all()
    assert len(shown) == 2


@pytest.mark.parametrize("part", ["0", "-1", "2", "x", "9999999999999999999"])
def test_cards_that_are_not_there_are_not_found(cohort: Cohort, organiser: FlaskClient, part: str) -> None:
    assert organiser.get(url(cohort, "/kartu.pdf"), query_string={"bagian": part}).status_code == 404


def test_the_card_of_somebody_withdrawn_is_not_printed_with_the_others(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    factories.make_enrolment(session, cohort=cohort, status="withdrawn")

    assert organiser.get(url(cohort, "/kartu.pdf")).status_code == 404


# Strangers and budgets


def test_another_branchs_organiser_finds_nothing_and_changes_nothing(
    session: Session, cohort: Cohort, stranger: FlaskClient
) -> None:
    enrolment = factories.make_enrolment(session, cohort=cohort, correction_request="x")
    timetable.draft_timetable(session, None, cohort_id=cohort.id, now=NOW)
    session.commit()
    (slot,) = queries.list_sessions(session, cohort.id)
    before = session.scalars(select(func.count()).select_from(AuditEvent)).one()

    for path in (
        "",
        "/ubah",
        "/jadwal/baru",
        f"/jadwal/{slot.id}",
        "/daftar",
        "/peserta.csv",
        "/peserta.xlsx",
    ):
        assert stranger.get(url(cohort, path)).status_code == 404, path
    for path in (
        "/kartu.pdf",
        "/peserta/baru",
        f"/peserta/{enrolment.id}",
        f"/peserta/{enrolment.id}/kartu.pdf",
    ):
        assert stranger.get(url(cohort, path)).status_code == 404, path
    for path in ("/ubah", "/kartu", "/sandi", "/keluar", "/kembali", "/nama"):
        assert stranger.post(person_url(enrolment, path), data=PERSON).status_code == 404, path
    for path in ("/jadwal/rancangan", f"/jadwal/{slot.id}/hapus", "/daftar/1", "/daftar/1/buang"):
        assert stranger.post(url(cohort, path)).status_code == 404, path

    assert session.scalars(select(func.count()).select_from(AuditEvent)).one() == before


def test_a_person_is_not_found_under_another_cohort(
    session: Session, branch: Branch, cohort: Cohort, organiser: FlaskClient
) -> None:
    elsewhere = factories.make_enrolment(session, cohort=factories.make_cohort(session, branch=branch))

    assert organiser.get(url(cohort, f"/peserta/{elsewhere.id}")).status_code == 404


def test_pages_take_as_many_queries_for_sixty_people_as_for_two(
    session: Session, branch: Branch, organiser: FlaskClient
) -> None:
    found = []
    for size in (2, 60):
        cohort = factories.make_cohort(session, branch=branch)
        for _ in range(size):
            enrolment = factories.make_enrolment(session, cohort=cohort)
        timetable.draft_timetable(session, None, cohort_id=cohort.id, now=NOW)
        session.commit()
        (slot,) = queries.list_sessions(session, cohort.id)
        body = files.csv_bytes(HEADER, *[[f"Orang{n} A", *BUDI[1:]] for n in range(size)])
        draft = send(organiser, cohort, body).location
        paths = ["/angkatan", url(cohort), url(cohort, "/peserta.csv"), url(cohort, f"/jadwal/{slot.id}")]
        paths += [draft, person_url(enrolment), url(cohort, "/ubah"), "/angkatan/baru"]
        for path in paths:
            with counted(session) as statements:
                assert organiser.get(path).status_code == 200
            assert len(statements) <= 8, (path, statements)
            found.append((path.count("/"), len(statements)))

    assert found[: len(found) // 2] == found[len(found) // 2 :]


def test_more_people_than_a_page_are_paged_by_name(
    session: Session, cohort: Cohort, organiser: FlaskClient
) -> None:
    for n in range(103):
        factories.make_enrolment(session, cohort=cohort, name=f"Orang {n:03}")

    first = organiser.get(url(cohort)).text
    more = re.search(r'href="([^"]+setelah=[^"]+)"', first)
    assert more is not None
    second = organiser.get(more[1].replace("&amp;", "&").partition("#")[0]).text

    assert "Orang 099" in first
    assert re.findall(r"Orang \d{3}", second) == ["Orang 100", "Orang 101", "Orang 102"]


@pytest.mark.parametrize("mark", ["x", "1_", "_a", "9" * 40 + "_a", "1_\0"])
def test_a_mistyped_place_among_the_people_begins_anew(
    cohort: Cohort, organiser: FlaskClient, mark: str
) -> None:
    assert organiser.get(url(cohort), query_string={"setelah": mark}).status_code == 200
