"""The holder's pages and the organiser's: who may, what happens, what stands in the address bar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from certificates import services
from certificates.models import Certificate
from certificates.queries import PAGE_SIZE
from certificates.services import Reason
from certificates.wording import reason_text
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from lms.core import pdf
from lms.core.accounts.models import Role, User
from lms.core.db import begin_write, db
from tests.factories import NOW, add, complete, make_branch, make_cohort, make_enrolment, make_user

SignIn = Callable[[int], FlaskClient]


@pytest.fixture(scope="module", autouse=True)
def _close_renderer() -> Iterator[None]:
    yield
    pdf._close()


@pytest.fixture
def cohort(session: Session) -> Cohort:
    return make_cohort(session)


@pytest.fixture
def enrolment(session: Session, cohort: Cohort) -> Enrolment:
    return make_enrolment(session, cohort=cohort, name="Siti Aminah")


@pytest.fixture
def certificate(session: Session, enrolment: Enrolment) -> Certificate:
    return complete(session, enrolment)


@pytest.fixture
def organiser(session: Session, cohort: Cohort) -> User:
    return make_user(session, Role.ORGANISER, branch=cohort.branch)


@pytest.fixture
def strangers(session: Session) -> list[User]:
    """A trainee, an organiser and a trainer of another branch."""
    other = make_branch(session)
    return [
        make_user(session),
        make_user(session, Role.ORGANISER, branch=other),
        make_user(session, Role.TRAINER, branch=other),
    ]


def statement_count(work: Callable[[], object]) -> int:
    """Return how many statements ``work`` sends, transactions not counted."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def serial_of(certificate: Certificate) -> str:
    """Return the number as pages show it: it may break behind each slash."""
    return certificate.serial.replace("/", "/<wbr>")


def test_a_person_sees_their_own_certificates_only(
    session: Session, sign_in: SignIn, certificate: Certificate
) -> None:
    other = complete(session, make_enrolment(session, name="Orang Lain"))
    body = sign_in(certificate.user_id).get("/sertifikat").get_data(as_text=True)
    assert serial_of(certificate) in body
    assert serial_of(other) not in body
    assert f"/v/{certificate.code}/" in body


def test_without_a_certificate_the_page_says_how_to_get_one(session: Session, sign_in: SignIn) -> None:
    assert sign_in(make_user(session).id).get("/sertifikat").status_code == 200


def test_anonymous_visitors_are_sent_to_sign_in(client: FlaskClient, certificate: Certificate) -> None:
    for path in ("/sertifikat", f"/sertifikat/{certificate.id}.pdf", f"/sertifikat/{certificate.id}/cabut"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/masuk")


def test_holder_and_staff_get_the_same_paper_and_nobody_else_does(
    sign_in: SignIn, certificate: Certificate, organiser: User, strangers: list[User]
) -> None:
    path = f"/sertifikat/{certificate.id}.pdf"
    mine, theirs = sign_in(certificate.user_id).get(path), sign_in(organiser.id).get(path)
    assert mine.status_code == theirs.status_code == 200
    assert mine.data == theirs.data
    assert mine.data.startswith(b"%PDF")
    assert mine.content_type == "application/pdf"
    assert "filename=sertifikat-00001-PK-" in mine.headers["Content-Disposition"]
    for stranger in strangers:
        assert sign_in(stranger.id).get(path).status_code == 404


def test_reading_the_paper_writes_nothing_and_keeping_it_keeps_those_bytes(
    app: Flask, session: Session, sign_in: SignIn, certificate: Certificate
) -> None:
    client = sign_in(certificate.user_id)
    path = f"/sertifikat/{certificate.id}.pdf"
    made = client.get(path).data
    session.rollback()
    session.expire_all()
    assert session.get_one(Certificate, certificate.id).pdf_sha256 is None
    answer = client.post(f"/sertifikat/{certificate.id}/berkas")
    assert (answer.status_code, answer.location) == (303, path)
    session.rollback()
    session.expire_all()
    digest = session.get_one(Certificate, certificate.id).pdf_sha256
    assert digest == hashlib.sha256(made).hexdigest()
    kept = app.config["INSTANCE"] / "files" / digest[:2] / digest
    assert kept.read_bytes() == made
    kept.write_bytes(b"damaged")
    assert client.get(path).data == made, "a damaged file is made again from the record"
    kept.unlink()
    assert client.get(path).data == made


def test_without_a_renderer_the_certificate_stands_and_the_page_says_what_to_do(
    sign_in: SignIn, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_args: object, **_values: object) -> bytes:
        raise pdf.RendererMissing(f"Type: {pdf.APT_LINE}")

    monkeypatch.setattr("certificates.paper.render_pdf", missing)
    answer = sign_in(certificate.user_id).get(f"/sertifikat/{certificate.id}.pdf")
    assert answer.status_code == 503
    assert "libharfbuzz-subset0" in answer.get_data(as_text=True)
    assert "verdict valid" in sign_in(certificate.user_id).get(f"/v/{certificate.code}").get_data(
        as_text=True
    )


def test_hiding_is_the_holders(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    path = f"/sertifikat/{certificate.id}/tampil"
    assert sign_in(organiser.id).post(path, data={"hidden": "1"}).status_code == 404
    client = sign_in(certificate.user_id)
    for hidden in ("1", "0"):
        assert client.post(path, data={"hidden": hidden}).status_code == 303
        session.rollback()
        session.expire_all()
        assert session.get_one(Certificate, certificate.id).is_hidden is (hidden == "1")
        assert client.get("/sertifikat").status_code == 200


def test_the_list_shows_who_has_one_and_who_has_none_and_why(
    session: Session, sign_in: SignIn, cohort: Cohort, certificate: Certificate, organiser: User
) -> None:
    make_enrolment(session, cohort=cohort, name="Budi Belum")
    overdue = make_enrolment(session, cohort=cohort, name="Tuti Tuntas")
    add(session, Completion(enrolment_id=overdue.id, completed_at=NOW, evidence={}))
    make_enrolment(session, name="Orang Lain")
    client = sign_in(organiser.id)
    body = client.get(f"/angkatan/{cohort.id}/sertifikat").get_data(as_text=True)
    assert serial_of(certificate) in body
    assert "Budi Belum" in body
    assert "0 " in body
    assert "Orang Lain" not in body
    assert client.post(f"/angkatan/{cohort.id}/sertifikat").status_code == 303
    rows = session.scalars(select(Certificate).where(Certificate.enrolment_id == overdue.id)).all()
    assert len(rows) == 1


def test_all_standing_certificates_of_a_cohort_come_as_one_pdf(
    session: Session, sign_in: SignIn, cohort: Cohort, certificate: Certificate, organiser: User
) -> None:
    complete(session, make_enrolment(session, cohort=cohort, name="Budi"))
    complete(session, make_enrolment(session, name="Orang Lain"))
    client = sign_in(organiser.id)
    path = f"/angkatan/{cohort.id}/sertifikat.pdf"
    assert path in client.get(f"/angkatan/{cohort.id}/sertifikat").get_data(as_text=True)

    answer = client.get(path)

    assert answer.content_type == "application/pdf"
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 4
    document.close()
    assert client.get(f"{path}?bagian=2").status_code == 404
    assert client.get(f"{path}?bagian=0").status_code == 404


def test_a_list_of_nobody_is_said_to_be_empty(session: Session, sign_in: SignIn, organiser: User) -> None:
    empty = make_cohort(session, branch=organiser.memberships[0].branch)
    assert sign_in(organiser.id).get(f"/angkatan/{empty.id}/sertifikat").status_code == 200


def test_the_list_goes_on_after_a_hundred_people_with_the_same_number_of_queries(
    session: Session, sign_in: SignIn, cohort: Cohort, certificate: Certificate, organiser: User
) -> None:
    client = sign_in(organiser.id)
    path = f"/angkatan/{cohort.id}/sertifikat"
    client.get(path)
    few = statement_count(lambda: client.get(path))
    for number in range(PAGE_SIZE + 3):
        make_enrolment(session, cohort=cohort, name=f"Aa {number:03d}")
    many = statement_count(lambda: client.get(path))
    assert many == few
    assert many <= 8
    body = client.get(path).get_data(as_text=True)
    assert body.index("Siti Aminah") < body.index("Aa 000"), "who has a certificate comes first"
    last = session.scalars(
        select(Enrolment.id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.id != certificate.enrolment_id)
        .order_by(Enrolment.name_folded)
    ).all()[PAGE_SIZE - 2]
    assert f"setelah={last}" in body
    rest = client.get(f"{path}?setelah={last}").get_data(as_text=True)
    assert "Siti Aminah" not in rest
    assert f"Aa {PAGE_SIZE + 2:03d}" in rest
    assert client.get(f"{path}?setelah=999999").status_code == 404


def test_revoking_asks_for_a_reason_and_a_tick(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    client = sign_in(organiser.id)
    path = f"/sertifikat/{certificate.id}/cabut"
    assert client.get(path).status_code == 200
    for data in ({}, {"reason": "other"}, {"reason": "nonsense", "is_sure": "y"}, {"is_sure": "y"}):
        assert client.post(path, data=data).status_code == 422
    long = {"reason": "other", "is_sure": "y", "note": "x" * 501}
    assert client.post(path, data=long).status_code == 422
    answer = client.post(path, data={"reason": "other", "is_sure": "y", "note": ""})
    assert answer.status_code == 303
    assert "verdict revoked" in client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert client.get(path).status_code == 409
    assert sign_in(certificate.user_id).get(f"/sertifikat/{certificate.id}.pdf").status_code == 409
    assert sign_in(certificate.user_id).get("/sertifikat").status_code == 200
    assert client.get(answer.location).status_code == 200


def test_a_correction_is_shown_before_it_is_made(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    client = sign_in(organiser.id)
    path = f"/sertifikat/{certificate.id}/koreksi"
    data = {"name": "Siti Aminah, S.E.", "organisation": "Desa Contoh"}
    assert "Siti Aminah" in client.get(path).get_data(as_text=True)
    assert client.post(path, data=data | {"name": ""}).status_code == 422
    assert client.post(path, data=data | {"name": "漢"}).status_code == 422
    preview = client.post(path, data=data)
    assert preview.status_code == 200
    assert "Siti Aminah, S.E." in preview.get_data(as_text=True)
    session.rollback()
    assert len(session.scalars(select(Certificate)).all()) == 1
    assert client.post(path, data=data | {"confirm": "1"}).status_code == 303
    session.rollback()
    states = session.scalars(select(Certificate.state).order_by(Certificate.id)).all()
    assert states == ["replaced", "valid"]


def test_a_correction_that_changes_nothing_is_said_so(
    sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    data = {"name": "Siti Aminah", "organisation": "Desa Contoh", "confirm": "1"}
    assert sign_in(organiser.id).post(f"/sertifikat/{certificate.id}/koreksi", data=data).status_code == 409


def test_other_branches_trainers_and_trainees_find_no_staff_pages(
    session: Session,
    sign_in: SignIn,
    cohort: Cohort,
    certificate: Certificate,
    strangers: list[User],
) -> None:
    trainer = make_user(session, Role.TRAINER, branch=cohort.branch)
    holder = session.get_one(User, certificate.user_id)
    for person in (*strangers, trainer, holder):
        client = sign_in(person.id)
        assert client.get(f"/angkatan/{cohort.id}/sertifikat").status_code == 404
        assert client.post(f"/angkatan/{cohort.id}/sertifikat").status_code == 404
        for verb in ("cabut", "koreksi"):
            assert client.get(f"/sertifikat/{certificate.id}/{verb}").status_code == 404
            assert client.post(f"/sertifikat/{certificate.id}/{verb}").status_code == 404
    session.expire_all()
    assert certificate.state == "valid"


def test_a_paper_that_fell_is_not_made_and_its_holder_reads_why(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    services.revoke(
        session, organiser.id, certificate_id=certificate.id, reason=Reason.WRONG_FACTS, note="", now=NOW
    )
    session.commit()

    assert sign_in(organiser.id).post(f"/sertifikat/{certificate.id}/berkas").status_code == 409
    page = sign_in(certificate.user_id).get("/sertifikat").get_data(as_text=True)
    assert str(reason_text(Reason.WRONG_FACTS.value)) in page


@pytest.mark.parametrize("place", ["99999999999999999999", "0", "-1", "x", ""])
def test_a_mistyped_place_in_the_list_is_not_found(
    session: Session, sign_in: SignIn, organiser: User, cohort: Cohort, place: str
) -> None:
    assert sign_in(organiser.id).get(f"/angkatan/{cohort.id}/sertifikat?setelah={place}").status_code == 404


def test_a_place_in_another_cohort_is_not_found(
    session: Session, sign_in: SignIn, organiser: User, cohort: Cohort
) -> None:
    stranger = make_enrolment(session)

    url = f"/angkatan/{cohort.id}/sertifikat?setelah={stranger.id}"
    assert sign_in(organiser.id).get(url).status_code == 404


def test_a_correction_asked_for_after_the_issue_leads_to_a_new_certificate(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    begin_write(session)
    session.get_one(Enrolment, certificate.enrolment_id).correction_request = "Tambahkan S.H."
    session.commit()
    url = f"/angkatan/{certificate.cohort_id}/peserta/{certificate.enrolment_id}/nama"

    response = sign_in(organiser.id).post(url, data={"certificate_name": "Siti Aminah, S.H."})

    assert response.headers["Location"] == f"/sertifikat/{certificate.id}/koreksi"
    session.expire_all()
    assert session.get_one(Enrolment, certificate.enrolment_id).correction_request
