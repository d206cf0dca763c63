"""Work on all certificates of a cohort: asked for once, done in pieces, each file once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates import batch_work, batches, queries
from certificates.batches import Kind, Piece
from certificates.models import Certificate, CertificateBatch, CertificateEvent
from certificates.papers import KeysMissing, Sealed
from certificates.record import read_record
from certificates.signing.ring import KeyRing
from courses.cohorts.models import Cohort
from lms.core.accounts.models import Branch, User
from lms.core.db import begin_write, db
from lms.core.errors import Conflict
from lms.core.files import keep_file
from lms.core.jobs.models import Job
from lms.core.jobs.runner import run_job
from tests.factories import NOW, complete, make_enrolment

pytestmark = pytest.mark.usefixtures("renderer")

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def client(sign_in: SignIn, organiser: User) -> FlaskClient:
    return sign_in(organiser.id)


@pytest.fixture
def quick(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make files of a few bytes instead of papers, and return the numbers of those that were made."""
    made: list[str] = []

    def seal(row: Certificate, *, status_index: int, **_rest: object) -> Sealed:
        made.append(row.serial)
        digest = keep_file(app.config["INSTANCE"], b"%PDF-" + row.serial.encode())
        return Sealed(digest, "0" * 64, "STAMP", "{}", status_index, "ab")

    monkeypatch.setattr(batch_work, "seal", seal)
    return made


def people(session: Session, cohort: Cohort, count: int) -> list[Certificate]:
    """Let so many people complete the course."""
    return [
        complete(session, make_enrolment(session, cohort=cohort, name=f"Orang {number:03d}"))
        for number in range(count)
    ]


def ask(session: Session, actor: User, cohort: Cohort, kind: Kind) -> CertificateBatch:
    ids = queries.list_standing_ids(session, cohort.id, only_unsigned=kind is Kind.PAPERS)
    batch = batches.ask(session, actor.id, cohort_id=cohort.id, kind=kind, certificate_ids=ids, now=NOW)
    session.commit()
    return batch


def run_all(session: Session) -> None:
    """Run jobs until nothing of a batch is left; rows at hand stay as they were."""
    for row in list(session):
        session.refresh(row)
    session.expunge_all()
    waiting = select(Job.id).where(Job.kind == batches.JOB, Job.state == "queued")
    while (job_id := session.scalar(waiting)) is not None:
        session.rollback()
        assert run_job(job_id) == "done"


def reload(session: Session, batch: CertificateBatch) -> CertificateBatch:
    """Return how a batch stands now."""
    return session.get_one(CertificateBatch, batch.id, populate_existing=True)


def test_all_files_are_signed_in_pieces_each_once(
    session: Session, cohort: Cohort, organiser: User, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(batch_work._WORKS, Kind.PAPERS, (batch_work._make_papers, 2))
    rows = people(session, cohort, 5)
    batch = ask(session, organiser, cohort, Kind.PAPERS)
    run_all(session)
    batch = reload(session, batch)
    assert (batch.done, batch.finished_at is not None, batch.failed_ids) == (5, True, [])
    assert sorted(quick) == sorted(row.serial for row in rows)
    jobs = session.scalars(select(Job.key).where(Job.kind == batches.JOB).order_by(Job.id)).all()
    assert jobs == [f"certificate_batch:{batch.id}:{begun}" for begun in (0, 2, 4)]
    signed = select(func.count()).where(CertificateEvent.kind == "signed")
    assert session.scalar(signed) == 5
    with pytest.raises(Conflict):
        ask(session, organiser, cohort, Kind.PAPERS)
    session.rollback()


def test_what_was_killed_before_its_commit_is_done_again_and_each_row_names_one_file(
    session: Session, cohort: Cohort, organiser: User, quick: list[str]
) -> None:
    people(session, cohort, 3)
    batch = ask(session, organiser, cohort, Kind.PAPERS)
    batch_work.work(session, {"batch_id": batch.id, "begun_at": 0}, NOW)
    session.rollback()  # the process was killed here
    assert session.get_one(CertificateBatch, batch.id).done == 0
    for _ in range(2):  # the lease ran out; a second runner does it again, and a third comes too late
        batch_work.work(session, {"batch_id": batch.id, "begun_at": 0}, NOW)
        session.commit()
    session.expire_all()
    assert session.get_one(CertificateBatch, batch.id).done == 3
    assert len(quick) == 6
    assert session.scalar(select(func.count()).where(CertificateEvent.kind == "signed")) == 3


def test_asked_for_twelve_times_at_once_it_is_one_batch(
    app: Flask, session: Session, cohort: Cohort, organiser: User
) -> None:
    people(session, cohort, 2)
    ids = queries.list_standing_ids(session, cohort.id)
    cohort_id, actor_id = cohort.id, organiser.id
    session.rollback()

    def press(_number: int) -> int:
        with app.app_context():
            asked = batches.ask(
                db.session(), actor_id, cohort_id=cohort_id, kind=Kind.PRINT, certificate_ids=ids, now=NOW
            )
            batch_id = asked.id
            db.session.commit()
            return batch_id

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(press, range(12)))) == 1
    assert session.scalar(select(func.count()).select_from(CertificateBatch)) == 1


def test_without_keys_everything_stops_and_says_so_and_can_be_asked_again(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(session, cohort, 2)

    def seal(*_args: object, **_values: object) -> Sealed:
        raise KeysMissing("no key")

    with monkeypatch.context() as patched:
        patched.setattr(batch_work, "seal", seal)
        patched.setattr(batch_work, "current_ring", KeyRing)
        for kind in (Kind.PAPERS, Kind.PRINT):
            batch = ask(session, organiser, cohort, kind)
            run_all(session)
            batch = reload(session, batch)
            assert (batch.done, batch.finished_at is not None) == (0, True)
            page = client.get(f"/angkatan/{cohort.id}/sertifikat/pekerjaan/{batch.id}")
            assert "Refresh" not in page.headers
            assert str(KeysMissing("").message) in page.get_data(as_text=True)
    assert session.scalar(select(func.count()).where(Certificate.pdf_sha256.is_not(None))) == 0
    again = ask(session, organiser, cohort, Kind.PRINT)
    assert again.finished_at is None


def test_one_that_cannot_be_printed_is_named_and_the_others_are_made(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = people(session, cohort, 3)
    work = batch_work._sealer

    def sealer(*args: object) -> Callable[[Certificate], object]:
        seal_one = work(*args)  # type: ignore[arg-type]
        return lambda row: Conflict("no sign for it") if row.id == rows[1].id else seal_one(row)

    def seal(_row: Certificate, *, status_index: int, **_rest: object) -> Sealed:
        return Sealed("1" * 64, "0" * 64, "STAMP", "{}", status_index, "ab")

    monkeypatch.setattr(batch_work, "seal", seal)
    monkeypatch.setattr(batch_work, "_sealer", sealer)
    batch = ask(session, organiser, cohort, Kind.PAPERS)
    run_all(session)
    batch = reload(session, batch)
    assert (batch.done, batch.failed_ids) == (3, [rows[1].id])
    page = client.get(f"/angkatan/{cohort.id}/sertifikat/pekerjaan/{batch.id}").get_data(as_text=True)
    assert "no sign for it" in page
    assert rows[1].serial in page


def test_one_pdf_for_the_printer_and_the_page_that_tells_how_far_it_is(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient
) -> None:
    rows = people(session, cohort, 2)
    path = f"/angkatan/{cohort.id}/sertifikat/pekerjaan"
    answer = client.post(path, data={"kind": "print"})
    assert answer.status_code == 303
    waiting = client.get(answer.location)
    assert waiting.headers["Refresh"] == "4"
    assert '<progress class="thick" max="2" value="0"' in waiting.get_data(as_text=True)
    begin_write(session)
    session.get_one(Certificate, rows[0].id).state = "revoked"
    session.commit()

    run_all(session)

    ready = client.get(answer.location)
    assert "Refresh" not in ready.headers
    assert "siap" in ready.get_data(as_text=True)
    sent = client.get(f"{answer.location}/1.pdf")
    assert sent.content_type == "application/pdf"
    document = pypdfium2.PdfDocument(sent.data)
    assert len(document) == 2, "one certificate, and its transcript; the revoked one is not printed"
    document.close()
    assert client.get(f"{answer.location}/2.pdf").status_code == 404
    assert client.post(path, data={"kind": "reissue"}).status_code == 400
    assert client.post(path, data={"kind": "nonsense"}).status_code == 400


def test_before_the_download_the_page_says_how_many_fell_since(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient
) -> None:
    rows = people(session, cohort, 5)
    complete(session, make_enrolment(session, name="Angkatan Lain"))
    batch = ask(session, organiser, cohort, Kind.PRINT)
    begin_write(session)
    batch.files, batch.done, batch.finished_at = ["a" * 64], 5, NOW
    session.commit()
    path = f"/angkatan/{cohort.id}/sertifikat/pekerjaan/{batch.id}"
    assert "tidak berlaku lagi" not in client.get(path).get_data(as_text=True)
    begin_write(session)
    for row, state in zip(rows, ("revoked", "replaced", "suspended"), strict=False):
        session.get_one(Certificate, row.id).state = state
    session.get_one(Certificate, rows[3].id).expires_at = NOW
    later = complete(session, make_enrolment(session, cohort=cohort, name="Sesudahnya"))
    begin_write(session)
    session.get_one(Certificate, later.id).state = "revoked"
    session.commit()

    page = client.get(path).get_data(as_text=True)

    assert "4 di antaranya tidak berlaku lagi" in page
    assert page.index("tidak berlaku lagi") < page.index(f"{path}/1.pdf")
    assert [row.serial in page for row in rows] == [True, True, True, True, False]
    assert later.serial not in page, "it was never asked for"


def test_the_zip_holds_every_signed_file_and_the_list_of_who_has_none_and_why(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient, quick: list[str]
) -> None:
    rows = people(session, cohort, 3)
    make_enrolment(session, cohort=cohort, name="=Budi Belum")
    ask(session, organiser, cohort, Kind.PAPERS)
    run_all(session)
    begin_write(session)
    session.get_one(Certificate, rows[2].id).state = "suspended"
    session.commit()

    answer = client.get(f"/angkatan/{cohort.id}/sertifikat.zip")

    assert answer.content_type == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    number = rows[0].serial.replace("/", "-")
    assert f"{number} Orang 000.pdf" in archive.namelist()
    assert len(archive.namelist()) == 3, "two files and the list: the suspended one is not handed out"
    table = archive.read("daftar.csv").decode("utf-8-sig")
    assert "Ditangguhkan" in table
    assert "'=Budi Belum" in table
    assert "Masih kurang: Materi 1 dan 1 langkah lain." in table


def test_a_wrong_office_is_put_right_on_all_with_a_look_ahead(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient
) -> None:
    rows = people(session, cohort, 3)
    path = f"/angkatan/{cohort.id}/sertifikat/terbit-ulang"
    assert "sudah sesuai" in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"is_sure": "y"}).status_code == 200, "there is nothing to do"
    begin_write(session)
    session.get_one(Branch, cohort.branch_id).name = "Kantor Cabang Madiun"
    session.get_one(Certificate, rows[2].id).state = "suspended"
    session.commit()
    preview = client.get(path).get_data(as_text=True)
    assert "2 orang mendapat sertifikat baru" in preview
    assert "Kantor Cabang Madiun" in preview
    assert client.post(path).status_code == 422, "the tick is missing"
    assert session.scalar(select(func.count()).select_from(Certificate)) == 3

    answer = client.post(path, data={"is_sure": "y"})
    assert answer.status_code == 303
    run_all(session)

    states = session.execute(select(Certificate.state, func.count()).group_by(Certificate.state)).all()
    assert {row[0]: row[1] for row in states} == {"replaced": 2, "valid": 2, "suspended": 1}
    old = session.get_one(Certificate, rows[0].id, populate_existing=True)
    new = session.get_one(Certificate, old.replaced_by_id or 0)
    record, before = read_record(new.record), read_record(rows[0].record)
    assert record.office.name == "Kantor Cabang Madiun"
    assert record.replaces == rows[0].serial
    assert replace(before.holder) == record.holder
    assert before.result == record.result
    assert [event.actor_id for event in new.events] == [organiser.id, organiser.id]
    assert client.get(answer.location).status_code == 200


def test_a_piece_noted_by_another_run_is_not_noted_again(
    session: Session, cohort: Cohort, organiser: User
) -> None:
    people(session, cohort, 1)
    batch = ask(session, organiser, cohort, Kind.PRINT)
    values = {"begun_at": 0, "count": 1, "piece": Piece(files=("a" * 64,)), "now": NOW}
    assert batches.advance(session, batch.id, **values)  # type: ignore[arg-type]
    session.commit()
    assert not batches.advance(session, batch.id, **values)  # type: ignore[arg-type]
    session.rollback()
    session.expire_all()
    assert batch.files == ["a" * 64]


def test_a_batch_whose_job_was_given_up_goes_on_when_it_is_asked_for_again(
    session: Session, cohort: Cohort, organiser: User, client: FlaskClient
) -> None:
    people(session, cohort, 1)
    batch = ask(session, organiser, cohort, Kind.PRINT)
    begin_write(session)
    session.scalars(select(Job).where(Job.kind == batches.JOB)).one().state = "failed"
    session.commit()
    page = client.get(f"/angkatan/{cohort.id}/sertifikat/pekerjaan/{batch.id}")
    assert "Coba lagi" in page.get_data(as_text=True)
    again = ask(session, organiser, cohort, Kind.PRINT)
    session.expire_all()
    assert again.id == batch.id
    assert session.scalars(select(Job.state).where(Job.kind == batches.JOB)).one() == "queued"
