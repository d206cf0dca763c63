"""Course, and the tree inside a published edition: days, modules, steps, lessons."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base


class StepKind(StrEnum):
    """What a step asks for."""

    LESSON = "lesson"
    QUIZ = "quiz"
    DISCUSSION = "discussion"


class Course(Base):
    """The two-day curriculum as a whole; its editions are what people learn from."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    editions: Mapped[list[Edition]] = relationship(back_populates="course", order_by="Edition.number")


class Edition(Base):
    """A frozen state of a course, with the law date its numbers are taken at. Published ones never change."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "source_sha256", "as_of"),
        CheckConstraint("status IN ('draft', 'published')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    # The law date: facts hold as of this day.
    as_of: Mapped[date]
    # The day up to which facts had been learned when this edition was made.
    facts_known_on: Mapped[date]
    # Jam pelajaran (45 minutes each).
    hours: Mapped[int]
    requirements: Mapped[list[Any]]
    source_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20), default="draft")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(back_populates="editions")
    days: Mapped[list[Day]] = relationship(
        back_populates="edition", order_by="Day.position", cascade="all, delete-orphan"
    )
    files: Mapped[list[EditionFile]] = relationship(cascade="all, delete-orphan", order_by="EditionFile.path")


class EditionFile(Base):
    """A file of the folder an edition was made from, so that export gives the same bytes back."""

    __tablename__ = "edition_file"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Day(Base):
    """A day of the training."""

    __tablename__ = "day"
    __table_args__ = (UniqueConstraint("edition_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    # 1 for the first day.
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))

    edition: Mapped[Edition] = relationship(back_populates="days")
    modules: Mapped[list[Module]] = relationship(
        back_populates="day", order_by="Module.position", cascade="all, delete-orphan"
    )


class Module(Base):
    """One subject of a day: internal, external or procedure."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("day_id", "position"),
        CheckConstraint("kind IN ('internal', 'external', 'procedure')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("day.id", ondelete="CASCADE"))
    position: Mapped[int]
    # Folder of the course folder, e.g. `day-1/05-pemasaran`; stable over editions.
    folder: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    # An office, never a person.
    speaker: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[int]

    day: Mapped[Day] = relationship(back_populates="modules")
    steps: Mapped[list[Step]] = relationship(
        back_populates="module", order_by="Step.position", cascade="all, delete-orphan"
    )
    pages: Mapped[list[ModulePage]] = relationship(back_populates="module", cascade="all, delete-orphan")


class ModulePage(Base):
    """What a module has beside its steps: the pocket sheet of trainees, the guide of trainers."""

    __tablename__ = "module_page"
    __table_args__ = (
        UniqueConstraint("module_id", "kind"),
        CheckConstraint("kind IN ('pocket_sheet', 'trainer_guide')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    html: Mapped[str] = mapped_column(Text)

    module: Mapped[Module] = relationship(back_populates="pages")


class Step(Base):
    """One thing to do: read a lesson, take a quiz, hold a discussion."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("edition_id", "path"),
        UniqueConstraint("module_id", "position"),
        CheckConstraint("kind IN ('lesson', 'quiz', 'discussion')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    position: Mapped[int]
    # `<module folder>/<file name without ending>`; after `<course slug>/` also the key of a quiz.
    path: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column(default=0)
    # Rules that must all hold before it opens; empty: open from the first day on.
    release: Mapped[list[Any]] = mapped_column(default=list)
    # Whether completing the course asks for it.
    is_required: Mapped[bool] = mapped_column(default=True)

    module: Mapped[Module] = relationship(back_populates="steps")
    lesson: Mapped[Lesson | None] = relationship(back_populates="step", cascade="all, delete-orphan")


class Lesson(Base):
    """What is on a lesson step: Markdown as written, HTML as rendered at the edition's law date."""

    __tablename__ = "lesson"

    step_id: Mapped[int] = mapped_column(ForeignKey("step.id", ondelete="CASCADE"), primary_key=True)
    markdown: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    word_count: Mapped[int]
    # [[anchor, heading text], …] of the second level, for the page outline.
    outline: Mapped[list[Any]] = mapped_column(default=list)

    step: Mapped[Step] = relationship(back_populates="lesson")


def _refuse_change(_mapper: object, _connection: object, row: Base) -> None:
    raise RuntimeError(f"{type(row).__name__} belongs to an edition and never changes: load a new edition")


for _frozen in (Edition, EditionFile, Day, Module, ModulePage, Step, Lesson):
    # Publishing is one guarded UPDATE statement in `services`; nothing else touches what was loaded.
    event.listen(_frozen, "before_update", _refuse_change)
