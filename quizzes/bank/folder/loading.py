"""The bank's part of loading a course folder (`courses.catalogue.quizzes.QuizStore`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from courses.catalogue.sources import CourseFolder, QuizSource
from courses.catalogue.texts.findings import Findings
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict
from quizzes.bank.folder.checking import Bank, FolderQuestion, FolderSlot, check_bank
from quizzes.bank.folder.exporting import edited_files
from quizzes.bank.folder.reviewing import review_bank
from quizzes.bank.folder.sample_lines import sample_lines
from quizzes.bank.folder.scenarios import list_walks, quiz_of
from quizzes.bank.folder.selfcheck import show_check
from quizzes.bank.models import (
    Question,
    QuestionStatus,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.bank.pictures.storing import keep_picture
from quizzes.bank.quiz.fingerprints import quiz_fingerprint
from quizzes.bank.quiz.showing import KINDS
from quizzes.bank.quiz.taking import from_file
from quizzes.bank.review.shipping import note_shipped
from quizzes.bank.search.indexing import note_words
from quizzes.bank.services import Draft, new_version, note_versions, says_the_same

KEPT = 4
"""Folders remembered between checking and storing: nothing is rendered while the write lock is held."""


class BankStore:
    """Questions and quizzes of course folders."""

    def __init__(self) -> None:
        self._banks: dict[tuple[str, date, str], Bank] = {}

    def faults(self, folder: CourseFolder, as_of: date) -> list[Fault]:
        """Return what is wrong with the questions and quizzes of ``folder`` at the law date."""
        return list(self._bank(folder, as_of).faults)

    def review(self, folder: CourseFolder, as_of: date) -> Findings:
        """Return what is wrong, and what could be better, in the writing of the questions."""
        return review_bank(folder, self._bank(folder, as_of))

    def check_html(self, folder: CourseFolder, question_id: str, as_of: date) -> str:
        """Return a question of use `practice` as a fieldset with its feedback, safe HTML.

        Raises:
            ValueError: there is none at the law date, or its use is another.
        """
        question = self._bank(folder, as_of).questions.get(question_id)
        if question is None or question.use != "practice":
            raise ValueError(_("There is no question of use practice “%(key)s” here.", key=question_id))
        return show_check(question.resolved, kind=question.kind, question_id=question_id)

    def samples(self, folder: CourseFolder, as_of: date) -> list[str]:
        """Return the first variants of the calculated questions, a line each."""
        return sample_lines(self._bank(folder, as_of).questions)

    def edited_files(self, session: Session, folder: CourseFolder) -> dict[str, bytes]:
        """Return the files whose questions were edited since, by path; nothing else in them differs."""
        return edited_files(session, folder)

    def store(
        self, session: Session, folder: CourseFolder, *, as_of: date, now: datetime, actor_id: int | None
    ) -> None:
        """Create or keep question versions and published quiz versions.

        Raises:
            Conflict: a question that was graded has become one for practice, or the other way round.
        """
        bank = self._bank(folder, as_of)
        walks = list_walks(
            folder, book=load_book(), as_of=as_of, check=lambda key: self.check_html(folder, key, as_of)
        )
        begin_write(session)
        for picture in bank.pictures.values():
            keep_picture(session, picture, now=now, actor_id=actor_id)
        writing = _Writing(session, folder.slug, as_of, now, actor_id)
        versions = writing.store_questions({**bank.questions, **walks})
        for quiz in folder.quizzes.values():
            writing.store_quiz(quiz, bank.slots[quiz.path], versions)
        for walk in walks.values():
            writing.store_quiz(*quiz_of(walk), versions)
        session.flush()

    def _bank(self, folder: CourseFolder, as_of: date) -> Bank:
        book = load_book()
        key = (folder.sha256, as_of, book.mark)
        if key not in self._banks:
            while len(self._banks) >= KEPT:
                self._banks.pop(next(iter(self._banks)), None)
            self._banks[key] = check_bank(folder, book=book, as_of=as_of)
        return self._banks[key]


class _Writing:
    """One storing of one folder."""

    def __init__(self, session: Session, slug: str, as_of: date, now: datetime, actor_id: int | None) -> None:
        self._session = session
        self._slug = slug
        self._as_of = as_of
        self._now = now
        self._actor_id = actor_id
        self._made: list[tuple[QuestionVersion, Draft]] = []

    def store_questions(self, questions: Mapping[str, FolderQuestion]) -> dict[str, QuestionVersion]:
        """Return by id the version of each question that holds here, made where it is new."""
        query = (
            select(Question)
            .where(Question.key.startswith(f"{self._slug}/", autoescape=True))
            .options(selectinload(Question.versions))
            .with_for_update()
        )
        known = {question.key: question for question in self._session.scalars(query)}
        versions, moved = {}, []
        for shipped in questions.values():
            key = f"{self._slug}/{shipped.id}"
            question = known.get(key) or self._new_question(key, shipped)
            self._check_use(question, shipped)
            if question.topic != shipped.topic:
                question.topic = shipped.topic
                moved.append(question)
            versions[shipped.id] = self._version(question, shipped)
        self._session.flush()
        note_versions(self._session, self._made, now=self._now, actor_id=self._actor_id)
        note_words(self._session, [question.id for question in moved])
        note_shipped(self._session, list(versions.values()), now=self._now, actor_id=self._actor_id)
        return versions

    def store_quiz(
        self, source: QuizSource, slots: list[FolderSlot], versions: Mapping[str, QuestionVersion]
    ) -> None:
        """Publish the quiz as written, unless cohorts that begin now would run on just this already."""
        key = f"{self._slug}/{source.path}"
        query = select(Quiz).where(Quiz.key == key).options(selectinload(Quiz.versions)).with_for_update()
        quiz = self._session.scalar(query)
        if quiz is None:
            quiz = Quiz(key=key, title=source.title, branch_id=None)
            self._session.add(quiz)
        made = self._quiz_version(source, slots, versions)
        made.source_sha256 = quiz_fingerprint(made)
        newest = self._newest_of_nation(quiz)
        if newest is not None and newest.source_sha256 == made.source_sha256:
            return
        made.number = max((version.number for version in quiz.versions), default=0) + 1
        quiz.title = source.title
        quiz.versions.append(made)
        self._session.flush()
        record(
            self._session,
            "quiz_version.published",
            at=self._now,
            actor_id=self._actor_id,
            object_type="quiz_version",
            object_id=made.id,
            number=made.number,
        )

    def _newest_of_nation(self, quiz: Quiz) -> QuizVersion | None:
        """Return the version of this law date that cohorts without one of their branch get."""
        published = (
            version
            for version in quiz.versions
            if version.status == "published" and version.branch_id is None and version.as_of == self._as_of
        )
        return max(published, key=lambda version: version.number, default=None)

    def _new_question(self, key: str, shipped: FolderQuestion) -> Question:
        question = Question(
            key=key,
            topic=shipped.topic,
            use=shipped.use,
            status=QuestionStatus.READY.value,
            created_at=self._now,
            created_by_id=self._actor_id,
        )
        self._session.add(question)
        return question

    def _check_use(self, question: Question, shipped: FolderQuestion) -> None:
        if question.use != shipped.use:
            raise Conflict(
                _(
                    "“%(key)s” was %(use)s before. Give the question another id.",
                    key=question.key,
                    use=question.use,
                )
            )

    def _version(self, question: Question, shipped: FolderQuestion) -> QuestionVersion:
        """Return the version with this wording and, should facts have been corrected, these values."""
        book = load_book()
        draft = Draft(
            shipped.kind,
            shipped.topic,
            shipped.use,
            dict(shipped.source),
            self._as_of,
            shipped.resolved,
            book.known_on,
            book.as_of,
        )
        for version in question.versions:
            if version.source_sha256 == draft.sha256 and says_the_same(version, draft):
                return version
        number = max((version.number for version in question.versions), default=0) + 1
        made = new_version(draft, number=number, now=self._now, actor_id=self._actor_id)
        question.versions.append(made)
        self._made.append((made, draft))
        return made

    def _quiz_version(
        self, source: QuizSource, slots: list[FolderSlot], versions: Mapping[str, QuestionVersion]
    ) -> QuizVersion:
        data = source.data
        return QuizVersion(
            status="published",
            title=source.title,
            purpose=data["purpose"],
            branch_id=None,
            pass_percent=data.get("pass_percent"),
            attempts_allowed=data.get("attempts", 0),
            counts=data.get("counts", "best"),
            time_limit_minutes=data.get("time_limit_minutes"),
            shuffle_questions=data.get("shuffle_questions", True),
            shuffle_options=data.get("shuffle_options", True),
            show_result=data.get("show_result", "after_submit"),
            **{f"show_{kind}": data.get(f"show_{kind}") for kind in KINDS},
            markers=data.get("markers", 1),
            marking_gap_percent=data.get("marking_gap_percent", 20),
            is_marked_blind=data.get("marked_blind", True),
            **from_file(data),
            as_of=self._as_of,
            created_at=self._now,
            created_by_id=self._actor_id,
            published_at=self._now,
            slots=[
                QuizSlot(
                    position=position,
                    draw_topic=slot.topic,
                    draw_count=slot.count,
                    marks=Decimal(1),
                    case_version_id=versions[slot.case].id if slot.case else None,
                    candidates=[
                        SlotCandidate(question_version_id=versions[key].id) for key in slot.question_ids
                    ],
                )
                for position, slot in enumerate(slots, 1)
            ],
        )
