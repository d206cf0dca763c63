"""The holder's pages and the organiser's: who may, what happens, what stands in the address bar."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from certificates import life
from certificates.cohort_list import PAGE_SIZE
from certificates.models import Certificate, CertificateCheck, CertificateEvent
from certificates.reasons import Reason, SuspensionReason
from certificates.signing.folder import key_folder
from certificates.wording import reason_text
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from lms.core import pdf
from lms.core.accounts.models import Role, User
from lms.core.db import begin_write, db
from tests.factories import NOW, add, complete, make_branch, make_cohort, make_enrolment, make_user

pytestmark = pytest.mark.usefixtures("renderer")

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def enrolment(session: Session, cohort: Cohort) -> Enrolment:
    return make_enrolment(session, cohort=cohort, name="Siti Aminah")


@pytest.fixture
def certificate(session: Session, enrolment: Enrolment) -> Certificate:
    return complete(session, enrolment)


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
    parts = certificate.serial.split("/")
    return "/<wbr>".join([*parts[:-1], f'<span class="unbroken">{parts[-1]}</span>'])


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


def test_only_without_keys_a_certificate_waits_for_its_signature(
    session: Session, sign_in: SignIn, certificate: Certificate, instance: Path
) -> None:
    browser = sign_in(certificate.user_id)
    assert "Menunggu tanda tangan" not in browser.get("/sertifikat").get_data(as_text=True)

    (key_folder(instance) / "stamp-1.key").unlink()

    assert "Menunggu tanda tangan" in browser.get("/sertifikat").get_data(as_text=True)


def test_anonymous_visitors_are_sent_to_sign_in(client: FlaskClient, certificate: Certificate) -> None:
    for path in ("/sertifikat", f"/sertifikat/{certificate.id}.pdf", f"/sertifikat/{certificate.id}/cabut"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/masuk")


def test_holder_and_staff_get_the_same_paper_and_nobody_else_does(
    sign_in: SignIn, certificate: Certificate, organiser: User, strangers: list[User]
) -> None:
    path = f"/sertifikat/{certificate.id}.pdf"
    sign_in(certificate.user_id).post(f"/sertifikat/{certificate.id}/berkas")
    mine, theirs = sign_in(certificate.user_id).get(path), sign_in(organiser.id).get(path)
    assert mine.status_code == theirs.status_code == 200
    assert mine.data == theirs.data
    assert mine.data.startswith(b"%PDF")
    assert mine.content_type == "application/pdf"
    assert "filename=sertifikat-00001-PK-" in mine.headers["Content-Disposition"]
    for stranger in strangers:
        assert sign_in(stranger.id).get(path).status_code == 404


def test_a_paper_is_signed_when_it_is_asked_for_and_kept_as_it_is(
    app: Flask, session: Session, sign_in: SignIn, certificate: Certificate
) -> None:
    client = sign_in(certificate.user_id)
    path = f"/sertifikat/{certificate.id}.pdf"
    assert client.get(path).location == f"/sertifikat/{certificate.id}", "nothing is made by looking"
    answer = client.post(f"/sertifikat/{certificate.id}/berkas")
    assert (answer.status_code, answer.location) == (303, path)
    session.rollback()
    session.expire_all()
    made = client.get(path).data
    digest = session.get_one(Certificate, certificate.id).pdf_sha256
    assert digest == hashlib.sha256(made).hexdigest()
    kept = app.config["INSTANCE"] / "files" / digest[:2] / digest
    assert kept.read_bytes() == made
    kept.write_bytes(b"damaged")
    assert client.get(path).status_code == 503, "another one would not be the one they have"


def test_without_a_renderer_the_certificate_stands_and_the_page_says_what_to_do(
    sign_in: SignIn, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_args: object, **_values: object) -> bytes:
        raise pdf.RendererMissing(f"Type: {pdf.APT_LINE}")

    monkeypatch.setattr("certificates.paper.render_pdf", missing)
    answer = sign_in(certificate.user_id).post(f"/sertifikat/{certificate.id}/berkas")
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
    assert "Masih kurang: Materi 1 dan 1 langkah lain." in body
    assert "Orang Lain" not in body
    assert client.post(f"/angkatan/{cohort.id}/sertifikat").status_code == 303
    rows = session.scalars(select(Certificate).where(Certificate.enrolment_id == overdue.id)).all()
    assert len(rows) == 1


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
        for verb in ("cabut", "koreksi", "tangguhkan", "pulihkan"):
            assert client.get(f"/sertifikat/{certificate.id}/{verb}").status_code == 404
            assert client.post(f"/sertifikat/{certificate.id}/{verb}").status_code == 404
    session.expire_all()
    assert certificate.state == "valid"


def test_a_paper_that_fell_is_not_made_and_its_holder_reads_why(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    life.revoke(
        session, organiser.id, certificate_id=certificate.id, reason=Reason.WRONG_FACTS, note="", now=NOW
    )
    session.commit()

    assert sign_in(organiser.id).post(f"/sertifikat/{certificate.id}/berkas").status_code == 409
    holder = sign_in(certificate.user_id)
    assert holder.get(f"/sertifikat/{certificate.id}.pdf").status_code == 409
    assert holder.post(f"/sertifikat/{certificate.id}/berkas").status_code == 409
    page = holder.get(f"/sertifikat/{certificate.id}").get_data(as_text=True)
    assert str(reason_text(Reason.WRONG_FACTS.value)) in page


def test_the_holder_makes_the_link_anew_and_nobody_else(
    session: Session, sign_in: SignIn, certificate: Certificate, strangers: list[User]
) -> None:
    path = f"/sertifikat/{certificate.id}"
    for stranger in strangers:
        assert sign_in(stranger.id).post(f"{path}/tautan").status_code == 404
    holder = sign_in(certificate.user_id)
    (old,) = set(re.findall(r"/v/\w+/\w+", holder.get(path).get_data(as_text=True)))

    assert holder.post(f"{path}/tautan").location == path

    (new,) = set(re.findall(r"/v/\w+/\w+", holder.get(path).get_data(as_text=True)))
    assert (old[-1], new[-1]) == ("1", "2")
    assert new in holder.get("/sertifikat").get_data(as_text=True)


def test_the_holder_reads_when_and_by_what_way_it_was_checked_but_never_who(
    session: Session, sign_in: SignIn, certificate: Certificate
) -> None:
    client = sign_in(certificate.user_id)
    path = f"/sertifikat/{certificate.id}"
    assert "Belum ada yang memeriksanya" in client.get(path).get_data(as_text=True)
    for minute in range(25):
        look = CertificateCheck(
            certificate_id=certificate.id, at=NOW + timedelta(minutes=minute), way="qr", verdict="valid"
        )
        add(session, look)
    page = client.get(path).get_data(as_text=True)
    assert page.count("dengan memindai QR") == 20
    assert "25 kali" in page
    assert statement_count(lambda: client.get(path)) <= 8


def test_every_page_asks_the_database_a_few_times_only(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    staff, cohort_id = sign_in(organiser.id), certificate.cohort_id
    for path in (
        f"/sertifikat/{certificate.id}/riwayat",
        f"/sertifikat/{certificate.id}/tangguhkan",
        f"/angkatan/{cohort_id}/sertifikat/terbit-ulang",
        f"/angkatan/{cohort_id}/sertifikat.zip",
    ):
        assert staff.get(path).status_code == 200
        assert statement_count(lambda path=path: staff.get(path)) <= 8, path  # type: ignore[misc]
    holder = sign_in(certificate.user_id)
    assert statement_count(lambda: holder.get("/sertifikat")) <= 8
    batch = staff.post(f"/angkatan/{cohort_id}/sertifikat/pekerjaan", data={"kind": "print"}).location
    staff = sign_in(organiser.id)
    assert statement_count(lambda: staff.get(batch)) <= 8


def test_a_file_handed_out_is_told_once(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    for person in (certificate.user_id, certificate.user_id, organiser.id):
        assert sign_in(person).post(f"/sertifikat/{certificate.id}/berkas").status_code == 303
    session.rollback()
    events = session.scalars(select(CertificateEvent).order_by(CertificateEvent.id)).all()
    assert [(event.kind, event.actor_id) for event in events] == [
        ("issued", None),
        ("signed", None),
        ("delivered", None),
    ]


def test_the_story_tells_the_office_who_did_what_and_why(
    session: Session, sign_in: SignIn, certificate: Certificate, organiser: User
) -> None:
    values = {"certificate_id": certificate.id, "note": "Telepon dari kantor desa", "now": NOW}
    life.suspend(session, organiser.id, reason=SuspensionReason.DOUBT, **values)  # type: ignore[arg-type]
    session.commit()
    page = sign_in(organiser.id).get(f"/sertifikat/{certificate.id}/riwayat").get_data(as_text=True)
    assert "Telepon dari kantor desa" in page
    assert organiser.name in page
    holders = sign_in(certificate.user_id).get(f"/sertifikat/{certificate.id}").get_data(as_text=True)
    assert str(reason_text("doubt")) in holders
    assert "Telepon" not in holders
    assert organiser.name not in holders


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


def test_from_a_persons_page_a_way_leads_to_the_certificate_or_to_what_is_missing(
    session: Session, certificate: Certificate, cohort: Cohort, organiser: User, sign_in: SignIn
) -> None:
    waiting = make_enrolment(session, cohort=cohort, name="Tri Wahyuni")
    client = sign_in(organiser.id)
    person = f"/angkatan/{cohort.id}/peserta/{certificate.enrolment_id}"

    assert f'href="{person}/sertifikat"' in client.get(person).get_data(as_text=True)
    assert client.get(f"{person}/sertifikat").location == f"/sertifikat/{certificate.id}/riwayat"
    missing = client.get(f"/angkatan/{cohort.id}/peserta/{waiting.id}/sertifikat")
    assert missing.location == f"/angkatan/{cohort.id}/sertifikat"
