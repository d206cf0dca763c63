"""A small world with two branch offices: whatever an address can name exists on both sides.

Side ``a`` is the one the tests look from: its trainee owns the enrolment, attempts and certificate that
addresses name. Everything on side ``b`` carries MARKER in its words, so that it is seen where it must not be.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.badges.achievements import name_achievement
from certificates.badges.queries import draw_status_index
from certificates.checking.doubts import tell_doubt
from certificates.links import link_token
from certificates.models import Certificate, CertificateBatch
from courses.catalogue.archives import write_archive
from courses.catalogue.drafts.models import CourseDraft, DraftFile
from courses.catalogue.models import CourseUpload, Module, Step
from courses.catalogue.photos import Photo, keep_photos
from courses.catalogue.queries import list_module_pages
from courses.cohorts import models as cohort_models
from courses.cohorts.card_codes import card_token
from courses.cohorts.models import Card, Cohort, Enrolment, RosterDraft, Speaker
from courses.cohorts.queries import get_own_enrolment
from courses.facts.book import load_book
from courses.facts.corrections import propose
from courses.facts.models import CorrectionKind, FactUse, Standing, UseKind, UseOwner
from courses.facts.readings import Reading
from courses.learning.reporting import report_lesson
from courses.learning.services import finish_lesson
from lms.core.accounts.models import Branch, Role, User, UserSession
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.files import keep_file
from quizzes.attempts.accommodations import give
from quizzes.attempts.extras import give_quiz
from quizzes.attempts.files import attach_file
from quizzes.attempts.handing_in import submit_attempt
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.saves import Save
from quizzes.attempts.saving import save_answers
from quizzes.attempts.starting import start_attempt
from quizzes.attempts.uploads import read_upload
from quizzes.bank.models import (
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
    StaleVersion,
)
from quizzes.bank.pictures.storing import Picture, keep_picture
from quizzes.bank.review.models import QuestionComment
from quizzes.exchange.imports.models import ImportedQuestion, QuestionImport
from quizzes.grading.reports import report_question
from quizzes.live.polling import ask_from_bank, open_poll
from quizzes.types import TYPES, get_type
from tests import factories
from tests.courses.catalogue.folders import reviewed

REPORTS = [
    f"{report}.{page}"
    for report in ("quiz_report", "cohort_report")
    for page in ("show", "table_csv", "table_xlsx")
]
"""What is about a quiz that somebody handed in."""

MARKER = "Zzbravo"
PASSWORD = "kuda laut biru 47"

PEOPLE = ("anonymous", "trainee", "other", "trainer", "organiser", "admin", "trainer_b", "organiser_b")
"""``other`` sits beside the trainee in the same cohort; ``…_b`` work at the other branch."""


@dataclass(frozen=True)
class World:
    """Ids and names of everything, as plain values, so that it outlives its database session."""

    objects: dict[str, dict[str, Any]]
    """Parameter of an address → side → value."""
    users: dict[str, int]
    logins: dict[str, str]
    """What a person signs in with, password PASSWORD; `card` is the number of the trainee's card."""
    tokens: dict[str, str]
    pages: list[str]
    """Addresses that show more than their twin in ``objects``: a published version, an own proposal."""
    now: datetime

    def params(self, endpoint: str, names: set[str], side: str) -> dict[str, Any]:
        """Return what an address needs to name things of ``side``."""
        found = {}
        for name in names:
            values = self.objects.get(f"{endpoint}:{name}") or self.objects.get(name)
            assert values is not None, f"tests/security/world.py has no {name} for {endpoint}: add one"
            found[name] = values[side]
        return found


def build(app: Flask, *, marker: str = MARKER) -> World:
    """Fill an empty database; ``marker`` is in every name on side b."""
    session, now = db.session(), utc_now()
    sides = {side: _build_side(session, app, side, marker, now) for side in "ab"}
    admin = factories.make_user(session, Role.ADMIN, name="Admin Pusat")
    users = {
        "trainee": sides["a"]["trainee"],
        "other": sides["a"]["other"],
        "trainer": sides["a"]["trainer"],
        "organiser": sides["a"]["organiser"],
        "trainer_b": sides["b"]["trainer"],
        "organiser_b": sides["b"]["organiser"],
        "trainee_b": sides["b"]["trainee"],
        "admin": admin.id,
    }
    objects = {name: {side: sides[side][name] for side in "ab"} for name in sides["a"]["objects"]}
    objects |= _shared_objects(app)
    objects["correction_id"] = _corrections(session, now)
    own_correction = _propose(session, admin.id, "jkm.benefit.periodic", now)
    for user_id in users.values():
        open_for(session, user_id, now)  # another device
    tokens = {person: open_for(session, user_id, now) for person, user_id in users.items()}
    logins = _set_passwords(session, users) | {"card": sides["a"]["card"]}
    pages = [*sides["a"]["pages"], f"/fakta/koreksi/{own_correction}"]
    return World(objects=objects, users=users, logins=logins, tokens=tokens, pages=pages, now=now)


def _corrections(session: Session, now: datetime) -> dict[str, int]:
    """Return two proposals of another admin: they belong to the nation, not to a side."""
    proposer = factories.make_user(session, Role.ADMIN, name="Admin Lain").id
    keys = {"a": "jkm.benefit.funeral", "b": "jkk.funeral"}
    return {side: _propose(session, proposer, key, now) for side, key in keys.items()}


def _propose(session: Session, actor_id: int, key: str, now: datetime) -> int:
    reading = Reading(
        kind=CorrectionKind.SUCCESSOR,
        key=key,
        value="11000000",
        unit="IDR",
        valid_from=date(2027, 1, 1),
        valid_to=None,
        citation="PP 82/2019 Lampiran III",
        confidence="memory",
    )
    made = propose(session, actor_id, reading=reading, now=now).id
    session.commit()
    return made


def _shared_objects(app: Flask) -> dict[str, dict[str, Any]]:
    """Return what is the same from everywhere: facts and files."""
    book = load_book()
    key = "jkm.benefit.death_grant"
    assert book.get(key, book.as_of)
    with app.test_request_context():
        file = app.extensions["assets"].url("core/app.css").removeprefix("/aset/")
    return {
        "key": {"a": key, "b": key},
        "name": {"a": "pu", "b": "pu"},
        "_name": {"a": file, "b": file},
        "signing.certificate:name": {"a": "akar-1", "b": "penerbit-1"},
        "signing.crl:label": {"a": "1", "b": "1"},
        "badges.status_list:purpose": {"a": "revocation", "b": "suspension"},
        "badges.status_list:number": {"a": 1, "b": 1},
        "badges.image:kind": {"a": "svg", "b": "svg"},
    }


def _build_side(session: Session, app: Flask, side: str, marker: str, now: datetime) -> dict[str, Any]:
    mark = "" if side == "a" else f" {marker}"
    branch = factories.make_branch(session, name=f"Kantor Cabang {side.upper()}{mark}", city=f"Kota{mark}")
    trainer = factories.make_user(session, Role.TRAINER, branch=branch, name=f"Pelatih{mark}")
    organiser = factories.make_user(session, Role.ORGANISER, branch=branch, name=f"Panitia{mark}")
    cohort = _make_cohort(session, branch, mark, now)  # the course itself belongs to the nation
    scenario = factories.make_scenario(session, cohort.edition_id, title=f"Cerita{mark}")
    checklist = factories.make_checklist(session, cohort.edition_id, title=f"Daftar{mark}")
    lessons = list(_steps(session, cohort))
    all_versions = {kind: _make_question(session, kind.key, None, "") for kind in TYPES}
    # What a person must mark would keep the training from being completed.
    versions = [version for kind, version in all_versions.items() if not kind.is_judged]
    quiz = factories.make_quiz_step(session, cohort, versions, title="Kuis")
    versions = list(all_versions.values())
    extra = factories.make_quiz_step(session, cohort, versions, title="Latihan", attempts_allowed=0)
    begin_write(session)
    session.execute(update(Step).where(Step.id == extra.id).values(is_required=False))
    session.commit()
    enrolment = _enrol(session, cohort, f"Bu Sari{mark}", mark)
    other = _enrol(session, cohort, f"Pak Budi{mark}", mark)
    for step in lessons:
        finish_lesson(session, enrolment.id, step.id, now=now)
        session.commit()
    submitted = _sit(session, enrolment, quiz, now)
    submit_attempt(session, submitted.id, by="person", now=now)
    session.commit()
    going_on = _sit(session, enrolment, extra, now)
    marking = _make_things_to_mark(session, enrolment, submitted, other, extra, now)
    certificate = session.scalars(select(Certificate).where(Certificate.enrolment_id == enrolment.id)).one()
    _give_status(session, certificate)
    return {
        "trainee": enrolment.user_id,
        "other": other.user_id,
        "trainer": trainer.id,
        "organiser": organiser.id,
        "card": _card(session, enrolment).number,
        **(
            objects := _objects(
                session,
                app,
                side,
                branch,
                cohort,
                enrolment,
                going_on,
                submitted,
                certificate,
                organiser.id,
            )
        ),
        **(
            steps := {
                "learning.lesson:step_id": lessons[0].id,
                "learning.finish_lesson:step_id": lessons[0].id,
                **_make_lesson_report(session, enrolment, lessons, now),
                **_page_ids(session, cohort),
                "slug": scenario.slug,
                "scene": scenario.scenes[0].key,
                "practice.checklist:slug": checklist.slug,
                "practice_preview.checklist:slug": checklist.slug,
                **_make_case(session, branch, mark),
                **_make_poll(session, cohort, organiser.id, mark),
            }
        ),
        **(more := {"step_id": extra.id, **_make_own_things(session, branch, cohort, organiser.id, mark)}),
        **(sent := {"upload_id": _make_upload(session, trainer.id, mark, now)}),
        **(asked := _send_questions(session, trainer.id, branch.id, mark, now)),
        **(written := _make_working_copy(session, branch, cohort, trainer.id, mark, now)),
        **(reviews := _make_reviews(session, branch, trainer.id, mark, now)),
        **(newer := {"published_id": _make_newer_version(session, branch, quiz, versions, now)}),
        **(beside := {"extras.take_back:step_id": _give_extra(session, cohort, organiser.id, versions, now)}),
        **marking,
        "pages": [
            _published_page(session, quiz),
            f"/angkatan/{cohort.id}/soal/{marking['results.question:question_id']}/keputusan?keputusan=void",
            f"/soal/ekspor?soal={reviews['reviews.show:question_id']}",
        ],
        "objects": [*marking, *objects, *steps, *more, *sent, *asked, *written, *newer, *beside, *reviews],
    }


def _give_status(session: Session, certificate: Certificate) -> None:
    """Give a certificate a place in the status lists, as its signature would."""
    index = draw_status_index(session)
    begin_write(session)
    session.execute(update(Certificate).where(Certificate.id == certificate.id).values(status_index=index))
    session.commit()


def _page_ids(session: Session, cohort: Cohort) -> dict[str, int]:
    pages = {page.kind: page.id for page in list_module_pages(session, cohort.edition_id)}
    return {
        "learning.sheet:page_id": pages["pocket_sheet"],
        "guides.sheet:page_id": pages["pocket_sheet"],
        "guides.guide:page_id": pages["trainer_guide"],
    }


def _send_questions(
    session: Session, trainer_id: int, branch_id: int, mark: str, now: datetime
) -> dict[str, int]:
    """Send a question and a fault in, and return the numbers of the import and of the question."""
    made = QuestionImport(
        user_id=trainer_id,
        branch_id=branch_id,
        topic="kiriman",
        use="graded",
        format="aiken",
        file_name=f"kiriman{mark}.txt",
        state="read",
        created_at=now,
    )
    begin_write(session)
    session.add(made)
    session.flush()
    options = [{"text": f"Ya{mark}", "correct": True}, {"text": "Tidak"}]
    asked = {"kind": "single_choice", "source": {"stem": f"Kiriman{mark}?", "options": options}}
    read = ImportedQuestion(import_id=made.id, position=1, topic="kiriman", is_ticked=True, **asked)
    fault = ImportedQuestion(
        import_id=made.id, position=2, topic="kiriman", problem=f"x{mark}", is_ticked=False
    )
    session.add_all([read, fault])
    session.commit()
    return {"import_id": made.id, "exchange.mend:item_id": read.id}


def _objects(
    session: Session,
    app: Flask,
    side: str,
    branch: Branch,
    cohort: Cohort,
    enrolment: Enrolment,
    going_on: Attempt,
    submitted: Attempt,
    certificate: Certificate,
    organiser_id: int,
) -> dict[str, Any]:
    card = _card(session, enrolment)
    essay = next(item for item in going_on.items if item.question_version.type == "essay")
    return {
        "branch_id": branch.id,
        "staff_id": organiser_id,
        "cohort_id": cohort.id,
        "edition_id": cohort.edition_id,
        "enrolment_id": enrolment.id,
        "user_id": enrolment.user_id,
        "attempt_id": going_on.id,
        "attempts.result:attempt_id": submitted.id,
        **{f"{endpoint}:quiz_id": submitted.quiz_id for endpoint in REPORTS},
        "answer_files.attach:item_id": essay.id,
        "answer_files.download:item_id": essay.id,
        "accommodation_id": _allow_more(session, enrolment, organiser_id, going_on.started_at),
        "sha256": _keep_picture(session),
        "digest": _send_file(session, app, essay, enrolment, going_on.started_at),
        "certificate_id": certificate.id,
        "doubt_id": _doubt(session, certificate, going_on.started_at),
        "batch_id": _make_batch(session, app, certificate, organiser_id, going_on.started_at),
        "part": 1,
        "code": certificate.code,
        "badges.credential:token": link_token(app.config["CARD_KEY"], certificate.code),
        "badges.achievement:name": name_achievement(cohort.edition.title),
        "badges.achievement:number": cohort.edition.number,
        "checking.verify:token": "x" * 20,
        "accounts.open_reset:token": "x" * 43,
        "token": card_token(app.config["CARD_KEY"], card.id, card.generation),
    }


def _allow_more(session: Session, enrolment: Enrolment, organiser_id: int, now: datetime) -> int:
    """Allow somebody another try and return the number of that."""
    asked = {"enrolment": enrolment, "cohort": enrolment.cohort, "quiz_id": None, "extra_attempts": 1}
    made = give(session, organiser_id, **asked, reason="Listrik padam.", now=now)
    session.commit()
    return made.id


def _make_batch(
    session: Session, app: Flask, certificate: Certificate, organiser_id: int, now: datetime
) -> int:
    """Make a finished PDF for the printer and return the number of that work."""
    digest = keep_file(Path(app.config["INSTANCE"]), _blank_pdf(300 + certificate.id))
    batch = CertificateBatch(
        cohort_id=certificate.cohort_id,
        kind="print",
        asked_by_id=organiser_id,
        asked_at=now,
        certificate_ids=[certificate.id],
        done=1,
        failed_ids=[],
        files=[digest],
        finished_at=now,
    )
    return factories.add(session, batch).id


def _doubt(session: Session, certificate: Certificate, now: datetime) -> int:
    """Doubt a certificate and return the number of that."""
    told = tell_doubt(session, certificate.code, text="Namanya lain.", contact="", now=now)
    session.commit()
    return told.id


def _blank_pdf(width: int) -> bytes:
    document, body = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(width, 200)
    document.save(body)
    return body.getvalue()


def _keep_picture(session: Session) -> str:
    picture = Picture("a" * 64, "image/png", 1, 1, b"png")
    keep_photos(session, {Photo("a" * 64, 1, 1): b"webp"}, now=utc_now())
    keep_picture(session, picture, now=utc_now(), actor_id=None)
    session.commit()
    return picture.sha256


def _send_file(session: Session, app: Flask, item: PaperItem, enrolment: Enrolment, now: datetime) -> str:
    """Send a file with an answer and return its hash."""
    upload = read_upload(_blank_pdf(200 + item.id), "jawaban.pdf")
    digest = keep_file(Path(app.config["INSTANCE"]), upload.body)
    attach_file(session, upload, item_id=item.id, user_id=enrolment.user_id, now=now)
    session.commit()
    return digest


def _card(session: Session, enrolment: Enrolment) -> Card:
    return session.scalars(select(Card).where(Card.enrolment_id == enrolment.id)).one()


def _make_cohort(session: Session, branch: Branch, mark: str, now: datetime) -> Cohort:
    edition = factories.make_edition(session, lessons=2)
    cohort = factories.make_cohort(
        session,
        branch=branch,
        edition=edition,
        name=f"Angkatan{mark}",
        place=f"Aula{mark}",
        starts_on=(now - timedelta(days=2)).date(),
        ends_on=(now + timedelta(days=2)).date(),
    )
    morning = now.replace(
        hour=2, minute=0
    )  # nine at the cohort's place, so that no run of these tests meets midnight
    slot = cohort_models.Session(
        cohort_id=cohort.id, title=f"Sesi{mark}", starts_at=morning, ends_at=morning + timedelta(hours=1)
    )
    slot.speakers.append(Speaker(name=f"Narasumber{mark}"))
    factories.add(session, slot)
    return cohort


def _steps(session: Session, cohort: Cohort) -> list[Step]:
    query = (
        select(Step)
        .where(Step.edition_id == cohort.edition_id, Step.kind == "lesson")
        .order_by(Step.position)
    )
    return list(session.scalars(query))


def _make_question(
    session: Session, kind: str, branch_id: int | None, mark: str, *, has_source: bool = False
) -> QuestionVersion:
    """Make a question; with ``has_source`` its source asks it too, as it must to become ready."""
    stem = f"Soal {kind}{mark}?"
    source = dict(get_type(kind).examples()[0].source) | ({"stem": stem} if has_source else {})
    version = factories.make_question(session, kind, source=source, stem_html=stem, summary=stem)
    begin_write(session)
    session.execute(update(Question).where(Question.id == version.question_id).values(branch_id=branch_id))
    session.commit()
    return version


def _make_case(session: Session, branch: Branch, mark: str) -> dict[str, int]:
    """Make a case of the bank that is walked through for practice; return how its pages name it."""
    story = dict(get_type("case_set").examples()[1].source)
    version = factories.make_question(
        session, "case_set", source=story, stem_html=f"Kasus{mark}", summary=f"Kasus{mark}"
    )
    begin_write(session)
    practised = {"branch_id": branch.id, "use": "practice"}
    session.execute(update(Question).where(Question.id == version.question_id).values(practised))
    session.commit()
    named = {"question_id": version.question_id, "part": 1}
    return {
        f"{endpoint}:{name}": value
        for endpoint in ("walks.case", "walks.answer_case")
        for name, value in named.items()
    }


def _make_poll(session: Session, cohort: Cohort, organiser_id: int, mark: str) -> dict[str, int]:
    """Put a question to the cohort, which is open, and make one for practice that could be put next."""
    version = factories.make_question(session, stem_html=f"Aula{mark}?", summary=f"Aula{mark}?")
    begin_write(session)
    practised = {"branch_id": cohort.branch_id, "use": "practice"}
    session.execute(update(Question).where(Question.id == version.question_id).values(practised))
    session.commit()
    put = {"cohort": cohort, "asked": ask_from_bank(version), "now": utc_now()}
    poll = open_poll(session, organiser_id, **put)
    session.commit()
    return {"poll_id": poll.id, "polls.ask_from_bank:version_id": version.id}


def _enrol(session: Session, cohort: Cohort, name: str, mark: str) -> Enrolment:
    user = factories.make_user(session, name=name)
    return factories.make_enrolment(
        session,
        cohort=cohort,
        user=user,
        name=name,
        organisation=f"Desa{mark}",
        certificate_name=name,
        name_confirmed_at=utc_now(),
    )


def _sit(session: Session, enrolment: Enrolment, step: Step, now: datetime) -> Attempt:
    """Start a sitting and answer everything rightly."""
    own = get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id)
    attempt = start_attempt(session, enrolment=own, step_id=step.id, now=now, rng=Random(1))
    session.commit()
    items = session.scalars(select(PaperItem).where(PaperItem.attempt_id == attempt.id)).all()
    for item in items:
        version = item.question_version
        raw = get_type(version.type).solve(version.content, item.prepared)
        given = {name: list(values) for name, values in raw.items()}
        save = Save(item.position, f"world-{item.position}", 1, given, is_flagged=False)
        save_answers(session, [save], attempt_id=attempt.id, user_id=None, now=now)
        session.commit()
    return attempt


def _make_things_to_mark(
    session: Session, enrolment: Enrolment, submitted: Attempt, other: Enrolment, extra: Step, now: datetime
) -> dict[str, Any]:
    """Hand in a paper with an answer that waits for a person, and report a question of another."""
    waiting = _sit(session, other, extra, now)
    submit_attempt(session, waiting.id, by="person", now=now)
    session.commit()
    first, second = session.scalars(
        select(PaperItem)
        .where(PaperItem.attempt_id == submitted.id, PaperItem.position <= 2)
        .order_by(PaperItem.position)
    ).all()
    report = report_question(
        session,
        item_id=first.id,
        user_id=enrolment.user_id,
        text="Soal ini keliru.",
        now=now,
    )
    session.commit()
    essay = session.scalars(
        select(PaperItem)
        .join(PaperItem.question_version)
        .where(PaperItem.attempt_id == waiting.id, QuestionVersion.type == "essay")
    ).one()
    asked = first.question_version.question_id
    pages = ("question", "foresight", "decide", "reply", "regrade_foresight", "regrade_answers")
    return {
        "reports.report:item_id": second.id,
        "reports.send:item_id": second.id,
        "report_id": report.id,
        "marking.answer:item_id": essay.id,
        "marking.mark:item_id": essay.id,
        "marking.correction:item_id": essay.id,
        "marking.correct_mark:item_id": essay.id,
        **{f"results.{page}:question_id": asked for page in pages},
        "results.regrade_foresight:version_id": first.question_version_id,
        "results.regrade_answers:version_id": first.question_version_id,
    }


def _make_own_things(
    session: Session, branch: Branch, cohort: Cohort, organiser_id: int, mark: str
) -> dict[str, Any]:
    """Make what staff of a branch own: a question, a quiz in draft, a roster half sent in, a slot."""
    question = _make_question(session, "single_choice", branch.id, mark)
    now = utc_now()
    _let_its_fact_change(session, question, branch, now)
    version = QuizVersion(
        quiz=Quiz(key=f"cabang-{branch.id}/kuis", title=f"Kuis cabang{mark}", branch_id=branch.id),
        branch_id=branch.id,
        number=1,
        status="draft",
        title=f"Kuis cabang{mark}",
        purpose="module",
        pass_percent=60,
        as_of=cohort.edition.as_of,
        source_sha256=f"{branch.id:064x}",
        created_at=now,
    )
    slot = QuizSlot(position=1, candidates=[SlotCandidate(question_version_id=question.id)])
    version.slots.append(slot)
    factories.add(session, version)
    module = session.scalars(select(Module).where(Module.id == _steps(session, cohort)[0].module_id)).one()
    draft = RosterDraft(
        cohort_id=cohort.id,
        user_id=organiser_id,
        file_name=f"peserta{mark}.xlsx",
        rows=[[2, f"Bu Tuti{mark}", "Perangkat desa", f"Desa{mark}", "35.19", ""]],
        created_at=now,
    )
    factories.add(session, draft)
    slot_id = session.scalars(
        select(cohort_models.Session.id).where(cohort_models.Session.cohort_id == cohort.id)
    ).one()
    return {
        "question_id": question.question_id,
        "version_id": version.id,
        "quiz_id": version.quiz_id,
        "slot_id": slot.id,
        "module_id": module.id,
        "draft_id": draft.id,
        "session_id": slot_id,
    }


def _make_reviews(
    session: Session, branch: Branch, trainer_id: int, mark: str, now: datetime
) -> dict[str, int]:
    """Let a question of a colleague wait for the branch's trainer, and one of the trainer for a colleague."""
    colleague = factories.make_user(session, Role.TRAINER, branch=branch, name=f"Rekan{mark}")
    theirs, own = (_wait_for_review(session, branch, mark, user_id) for user_id in (colleague.id, trainer_id))
    remark = QuestionComment(
        question_id=theirs,
        version_number=1,
        part="stem",
        text=f"Panjang{mark}.",
        at=now,
        author_id=trainer_id,
    )
    return {
        **{f"reviews.{page}:question_id": theirs for page in ("show", "comment", "answer")},
        "reviews.decide:question_id": own,
        "comment_id": factories.add(session, remark).id,
    }


def _wait_for_review(session: Session, branch: Branch, mark: str, author_id: int) -> int:
    version = _make_question(session, "single_choice", branch.id, f" telaah{mark}", has_source=True)
    begin_write(session)
    written, waits = {"created_by_id": author_id}, {"status": "review"}
    session.execute(update(QuestionVersion).where(QuestionVersion.id == version.id).values(written))
    session.execute(update(Question).where(Question.id == version.question_id).values(waits))
    session.commit()
    return version.question_id


def _let_its_fact_change(session: Session, question: QuestionVersion, branch: Branch, now: datetime) -> None:
    """Let a question of the branch have seen another value of a fact than holds now: it is paused."""
    use = FactUse(
        key="jht.rate.worker",
        kind=UseKind.STEM,
        owner_type=UseOwner.QUESTION_VERSION,
        owner_id=question.id,
        place="stem",
        branch_id=branch.id,
        as_of=question.as_of,
        saw="1%",
        standing=Standing.LIVE,
    )
    factories.add(session, use)
    factories.add(session, StaleVersion(question_version_id=question.id, is_paused=True, found_at=now))


def _make_upload(session: Session, trainer_id: int, mark: str, now: datetime) -> int:
    """Keep a zip that waits for a decision."""
    found = {"slug": "x", "title": f"Kursus{mark}", "counts": {}, "newest": None, "changes": [], "advice": []}
    upload = CourseUpload(
        user_id=trainer_id,
        file_name=f"kursus{mark}.zip",
        body=write_archive(reviewed(), "contoh"),
        as_of=now.date(),
        found={**found, "advice_count": 0},
        created_at=now,
    )
    factories.add(session, upload)
    return upload.id


def _make_working_copy(
    session: Session, branch: Branch, cohort: Cohort, trainer_id: int, mark: str, now: datetime
) -> dict[str, int]:
    """Begin to write the course of a cohort in the browser; a colleague may look at it."""
    draft = CourseDraft(
        course_id=cohort.edition.course_id,
        edition_id=cohort.edition_id,
        branch_id=branch.id,
        title=f"Naskah{mark}",
        as_of=cohort.edition.as_of,
        status="writing",
        created_at=now,
        created_by_id=trainer_id,
    )
    factories.add(session, draft)
    files = {
        path: DraftFile(
            draft_id=draft.id, path=path, body=body.replace(b"Jaminan Kematian", f"JKM{mark}".encode())
        )
        for path, body in reviewed().items()
    }
    for file in files.values():
        factories.add(session, file)
    return {"copy_id": draft.id, "draft_file_id": files["day-1/01-jkm/materi.md"].id}


def _make_newer_version(
    session: Session, branch: Branch, step: Step, versions: list[QuestionVersion], now: datetime
) -> int:
    """Publish a version of the cohort's quiz of the branch's own, to which the cohort may be moved."""
    pinned = session.scalars(
        select(QuizVersion)
        .join(Quiz)
        .where(Quiz.key.endswith(f"/{step.path}"))
        .order_by(QuizVersion.id.desc())
    ).first()
    assert pinned is not None
    version = QuizVersion(
        quiz_id=pinned.quiz_id,
        branch_id=branch.id,
        number=2,
        status="published",
        title=pinned.title,
        purpose=pinned.purpose,
        pass_percent=50,
        as_of=pinned.as_of,
        source_sha256=f"{branch.id + 1000:064x}",
        created_at=now,
        published_at=now,
    )
    version.slots = [
        QuizSlot(position=position, candidates=[SlotCandidate(question_version_id=question.id)])
        for position, question in enumerate(versions, 1)
    ]
    return factories.add(session, version).id


def _make_lesson_report(
    session: Session, enrolment: Enrolment, lessons: list[Step], now: datetime
) -> dict[str, int]:
    """Report one lesson, so that the other can be reported still."""
    report = report_lesson(session, enrolment, lessons[1].id, text="Angkanya lama.", now=now)
    session.commit()
    return {
        "lesson_report_id": report.id,
        "lesson_reports.report:step_id": lessons[0].id,
        "lesson_reports.send:step_id": lessons[0].id,
    }


def _give_extra(
    session: Session, cohort: Cohort, organiser_id: int, versions: list[QuestionVersion], now: datetime
) -> int:
    """Publish two quizzes of the branch's own, and give the cohort one of them."""
    made = [
        factories.make_branch_quiz(session, cohort, versions, title=title)
        for title in ("Ulangan", "Tambahan")
    ]
    step_id = give_quiz(
        session,
        organiser_id,
        cohort_id=cohort.id,
        version_id=made[0].id,
        folder="day-1/01-modul",
        release="now",
        now=now,
    )
    session.commit()
    return step_id


def _published_page(session: Session, step: Step) -> str:
    query = select(QuizVersion).join(Quiz).where(Quiz.key.endswith(f"/{step.path}"), QuizVersion.number == 1)
    version = session.scalars(query).one()
    return f"/kuis/{version.quiz_id}/versi/{version.id}"


def _set_passwords(session: Session, users: dict[str, int]) -> dict[str, str]:
    """Give everybody but ``other`` the same password, and all a login."""
    hashed = hash_password(PASSWORD)
    logins = {person: f"{person}@contoh.test" for person in users}
    begin_write(session)
    for person, user_id in users.items():
        known = None if person == "other" else hashed
        session.execute(
            update(User).where(User.id == user_id).values(login=logins[person], password_hash=known)
        )
    session.commit()
    return logins


def open_for(session: Session, user_id: int, now: datetime) -> str:
    """Open a session with second factor shown and return its token."""
    begin_write(session)
    token = open_session(
        session, user_id, via="password", now=now, user_agent="test", expires_at=now + timedelta(days=1)
    )
    shown = update(UserSession).where(UserSession.user_id == user_id)
    # A whole run of tests takes longer than a sign-in stays fresh.
    shown = shown.values(second_factor_at=now, fresh_at=now + timedelta(hours=2))
    session.execute(shown)
    session.commit()
    return token


def to_json(world: World) -> str:
    """Return the world as text, to be kept beside its database."""
    return json.dumps(
        [world.objects, world.users, world.logins, world.tokens, world.pages, world.now.isoformat()]
    )


def from_json(text: str) -> World:
    """Return the world of :func:`to_json`."""
    objects, users, logins, tokens, pages, now = json.loads(text)
    return World(objects, users, logins, tokens, pages, datetime.fromisoformat(now))
