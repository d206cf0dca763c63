"""Course, and the tree inside a published edition: days, modules, steps, lessons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import NEVER_REUSED, Base


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
    # How many months its certificates last; None: they do not run out.
    valid_months: Mapped[int | None]
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


class LessonPicture(Base):
    """A photo that lessons show, by the hash of its file; it never changes."""

    __tablename__ = "lesson_picture"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


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
        back_populates="module",
        order_by="Step.position",
        cascade="all, delete-orphan",
        # What one cohort was given is no part of the edition.
        primaryjoin="and_(Module.id == Step.module_id, Step.is_extra.is_(False))",
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
    """One thing to do: read a lesson or take a quiz."""

    __tablename__ = "step"
    __table_args__ = (
        Index(
            "uq_step_path",
            "edition_id",
            "path",
            unique=True,
            sqlite_where=text("NOT is_extra"),
            postgresql_where=text("NOT is_extra"),
        ),
        Index(
            "uq_step_position",
            "module_id",
            "position",
            unique=True,
            sqlite_where=text("NOT is_extra"),
            postgresql_where=text("NOT is_extra"),
        ),
        CheckConstraint("kind IN ('lesson', 'quiz')", name="kind"),
        CheckConstraint("NOT is_extra OR (kind = 'quiz' AND NOT is_required)", name="extra"),
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
    # Given to one cohort beside the edition, which stays as it was published: `Cohort.extra_steps` names it.
    is_extra: Mapped[bool] = mapped_column(default=False, server_default=false())

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


class Scenario(Base):
    """A story of field practice: scenes joined by choices. A walk through it counts for nothing."""

    __tablename__ = "scenario"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), UniqueConstraint("edition_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    position: Mapped[int]
    # Name of its file below `skenario/`; stable over editions.
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    # Those in force at the law date: `jkk`, `jkm` …
    programmes: Mapped[list[Any]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]

    scenes: Mapped[list[Scene]] = relationship(
        back_populates="scenario", order_by="Scene.position", cascade="all, delete-orphan"
    )


class Scene(Base):
    """A moment of a scenario: choices that lead on, or an ending."""

    __tablename__ = "scene"
    __table_args__ = (
        UniqueConstraint("scenario_id", "key"),
        UniqueConstraint("scenario_id", "position"),
        CheckConstraint("ending IN ('good', 'partly', 'bad')", name="ending"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"))
    # 1 is where the story begins.
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    # None: the story goes on.
    ending: Mapped[str | None] = mapped_column(String(10))
    html: Mapped[str] = mapped_column(Text)
    # Where its numbers stand in the law, and what its terms mean: shown below the choices.
    notes_html: Mapped[str] = mapped_column(Text, default="")
    debrief_html: Mapped[str] = mapped_column(Text, default="")
    # [{text, why, next}, …]: two phrases of HTML and the key of a scene.
    choices: Mapped[list[Any]] = mapped_column(default=list)
    # [{label, url}, …]
    citations: Mapped[list[Any]] = mapped_column(default=list)
    # [{path, anchor, title}, …] of lessons.
    readings: Mapped[list[Any]] = mapped_column(default=list)

    scenario: Mapped[Scenario] = relationship(back_populates="scenes")


class Checklist(Base):
    """The documents one procedure asks for, to print on one side of paper."""

    __tablename__ = "checklist"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), UniqueConstraint("edition_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    # The heading it is found under.
    subject: Mapped[str] = mapped_column(String(200))
    html: Mapped[str] = mapped_column(Text)


class CourseUpload(Base):
    """A zipped course between the look at it and the decision to load it; nobody but its sender sees it."""

    __tablename__ = "course_upload"
    # A number is never used again: an old tab must not load a newer file.
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # The law date it is to be taken at.
    as_of: Mapped[date]
    # What was found when it came, as `courses.catalogue.uploads.Look` writes it.
    found: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


def _refuse_change(_mapper: object, _connection: object, row: Base) -> None:
    raise RuntimeError(f"{type(row).__name__} belongs to an edition and never changes: load a new edition")


for _frozen in (Edition, EditionFile, Day, Module, ModulePage, Step, Lesson, Scenario, Scene, Checklist):
    # Publishing is one guarded UPDATE statement in `services`; nothing else touches what was loaded.
    event.listen(_frozen, "before_update", _refuse_change)
