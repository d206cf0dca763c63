"""Branch offices in the browser: a code is one office's for ever, what is issued stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.record import read_record
from lms.core.accounts.branches import read_code
from lms.core.accounts.models import Branch, Role
from lms.core.accounts.staff_queries import PAGE_SIZE, list_branches
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Invalid
from tests import factories
from tests.lms.core.accounts.people import count_rows
from tests.lms.core.accounts.test_staff_pages import form_of, text

SignIn = Callable[[int], FlaskClient]
MADIUN = {
    "name": "Kantor Cabang Madiun",
    "code": "mdn",
    "city": "Madiun",
    "address": "",
    "time_zone": "Asia/Jakarta",
    "signatory_name": "Pejabat Contoh, S.E.",
    "signatory_title": "Kepala Kantor Cabang",
}


@pytest.fixture
def browser(session: Session, sign_in: SignIn) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ADMIN).id)


def only_branch(session: Session) -> Branch:
    session.expire_all()
    return session.scalars(select(Branch)).one()


def change(browser: FlaskClient, branch: Branch, **changed: str) -> int:
    path = f"/kantor/{branch.id}"
    data = form_of(text(browser, path)) | {"time_zone": [branch.time_zone]}
    return browser.post(path, data=data | changed).status_code


def test_an_empty_house_says_what_to_do(browser: FlaskClient) -> None:
    assert "Belum ada kantor cabang" in text(browser, "/kantor")


def test_a_branch_office_is_added_and_written_down(session: Session, browser: FlaskClient) -> None:
    response = browser.post("/kantor/baru", data=MADIUN)

    assert (response.status_code, response.location) == (303, "/kantor")
    branch = only_branch(session)
    assert (branch.code, branch.signatory_name) == ("MDN", "Pejabat Contoh, S.E.")
    assert "Kantor Cabang Madiun" in text(browser, "/kantor")
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "branch")).all() == [
        "branch.created"
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": ""}, "code"),
        ({"code": "M/DN"}, "code"),
        ({"code": "X" * 21}, "code"),
        ({"code": "taken"}, "code"),
        ({"city": "x" * 101}, "city"),
        ({"time_zone": "Asia/Madiun"}, "time_zone"),
        ({"signatory_name": ""}, "signatory_name"),
        ({"signatory_name": "Pejabat 漢"}, "signatory_name"),
        ({"signatory_title": ""}, "signatory_title"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    session: Session, browser: FlaskClient, changed: dict[str, str], field: str
) -> None:
    factories.make_branch(session, code="TAKEN")

    response = browser.post("/kantor/baru", data=MADIUN | changed)

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.get_data(as_text=True)
    assert count_rows(Branch) == 1


def test_a_change_is_saved_with_what_changed(session: Session, browser: FlaskClient) -> None:
    branch = factories.make_branch(session)

    assert "Sertifikat yang sudah terbit tidak berubah" in text(browser, f"/kantor/{branch.id}")
    assert change(browser, branch, signatory_name="Pejabat Baru", city="Ngawi") == 303

    assert only_branch(session).signatory_name == "Pejabat Baru"
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "branch.changed")).one()
    assert event.details["changed"] == ["city", "signatory_name"]


def test_nothing_changed_leaves_no_trace(session: Session, browser: FlaskClient) -> None:
    assert change(browser, factories.make_branch(session)) == 303
    assert not session.scalars(select(AuditEvent).where(AuditEvent.action == "branch.changed")).all()


def test_a_certificate_keeps_who_signed_it(session: Session, browser: FlaskClient) -> None:
    branch = factories.make_branch(session, signatory_name="Pejabat Lama", code="LAMA")
    cohort = factories.make_cohort(session, branch=branch)
    first = factories.complete(session, factories.make_enrolment(session, cohort=cohort))

    change(browser, branch, signatory_name="Pejabat Baru", code="BARU")
    session.expire_all()
    second = factories.complete(session, factories.make_enrolment(session, cohort=cohort))

    assert read_record(first.record).office.signatory_name == "Pejabat Lama"
    assert read_record(second.record).office.signatory_name == "Pejabat Baru"
    assert "/LAMA/" in first.serial
    assert "/BARU/" in second.serial


def test_a_code_that_was_given_up_is_never_another_offices(session: Session, browser: FlaskClient) -> None:
    first, second = factories.make_branch(session, code="AAA"), factories.make_branch(session, code="BBB")

    assert change(browser, first, code="CCC") == 303
    assert change(browser, second, code="AAA") == 422
    assert browser.post("/kantor/baru", data=MADIUN | {"code": "AAA"}).status_code == 422
    assert change(browser, second, code="CCC") == 422
    session.expire_all()
    assert change(browser, session.get_one(Branch, first.id), code="AAA") == 303
    assert change(browser, second, code="CCC") == 422
    session.expire_all()
    assert [b.code for b in session.scalars(select(Branch).order_by(Branch.id))] == ["AAA", "BBB"]


def test_who_saves_an_old_page_sees_both_and_decides(session: Session, browser: FlaskClient) -> None:
    branch = factories.make_branch(session)
    path = f"/kantor/{branch.id}"
    old = form_of(text(browser, path)) | {"time_zone": ["Asia/Jakarta"]}
    browser.post(path, data=old | {"signatory_name": ["Pejabat Satu"]})

    response = browser.post(path, data=old | {"signatory_name": ["Pejabat Dua"]})
    page = response.get_data(as_text=True)

    assert response.status_code == 409
    assert "Pejabat Satu" in page
    again = form_of(page) | {"time_zone": ["Asia/Jakarta"]}
    assert again["signatory_name"] == ["Pejabat Dua"]
    assert browser.post(path, data=again).status_code == 303


def test_a_zone_set_by_command_stays_to_choose(session: Session, browser: FlaskClient) -> None:
    branch = factories.make_branch(session, time_zone="Asia/Pontianak")

    assert change(browser, branch, city="Pontianak") == 303
    assert only_branch(session).time_zone == "Asia/Pontianak"


def test_there_is_no_way_to_delete_one(session: Session, browser: FlaskClient) -> None:
    branch = factories.make_branch(session)

    for path in (f"/kantor/{branch.id}", f"/kantor/{branch.id}/hapus"):
        assert browser.delete(path).status_code in {404, 405}
    assert "tidak dapat dihapus" in text(browser, f"/kantor/{branch.id}")


def test_the_list_goes_on_and_is_searched(session: Session, browser: FlaskClient) -> None:
    begin_write(session)
    session.add_all(
        Branch(code=f"K{n}", name=f"Kantor {n:03}", city="Ambon" if n == 7 else "")
        for n in range(PAGE_SIZE + 5)
    )
    session.commit()

    first = list_branches(session)
    second = list_branches(session, after=first[PAGE_SIZE - 1].branch.id)

    assert (len(first), len(second)) == (PAGE_SIZE + 1, 5)
    assert [row.branch.code for row in list_branches(session, search="AMB")] == ["K7"]
    assert "Kantor cabang berikutnya" in text(browser, "/kantor")
    assert "Tidak ada kantor cabang yang cocok" in text(browser, "/kantor?q=tidak-ada")


@pytest.mark.parametrize(("typed", "code"), [(" mdn ", "MDN"), ("JKT-2", "JKT-2"), ("7", "7")])
def test_a_code_is_folded(typed: str, code: str) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "-", "A-", "A B", "Ä", "A/B", "A" * 21, "A\n"[:1] + "\nB"])
def test_other_codes_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_code(typed)
