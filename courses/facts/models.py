"""Corrections: what this installation learned since the data it came with; uses: who shows which fact."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.accounts.models import User
from lms.core.db import NEVER_REUSED, Base


class CorrectionKind(StrEnum):
    """What a correction does to the values of its key."""

    SUCCESSOR = "successor"
    """A new value from a date on: the one before it ends the day before."""
    AMENDMENT = "amendment"
    """Another reading of a value that is there: its start stays."""
    NEW_KEY = "new_key"
    """The first value of a key nobody had."""


class CorrectionState(StrEnum):
    """Where a correction stands. Confirmed ones stay: what was wrong with one is said by the next."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class FactCorrection(Base):
    """One value of one key as an admin read it in a source; part of the book once a second admin agreed."""

    __tablename__ = "fact_correction"
    __table_args__ = (
        CheckConstraint("kind IN ('successor', 'amendment', 'new_key')", name="kind"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        CheckConstraint("(state = 'confirmed') = (revision IS NOT NULL)", name="revision"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'refused') OR decided_by_id <> proposed_by_id", name="two_people"
        ),
        Index(
            "ix_fact_correction_open_key",
            "key",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120), index=True)
    # As the data files write it: 42000000, 0.0024, true, 2017-08-01; None: no limit.
    value: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    citation: Mapped[str] = mapped_column(String(300))
    confidence: Mapped[str] = mapped_column(String(20))
    is_derived: Mapped[bool] = mapped_column(default=False)
    # Where the value was read.
    source_label: Mapped[str] = mapped_column(String(300), default="")
    source_where: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    # How a rule in words reads; empty for numbers.
    shown_id: Mapped[str] = mapped_column(String(500), default="")
    shown_en: Mapped[str] = mapped_column(String(500), default="")
    # What a new key is called.
    label_id: Mapped[str] = mapped_column(String(200), default="")
    label_en: Mapped[str] = mapped_column(String(200), default="")
    # Why nothing held for a while before it; empty where a value follows the one before it.
    after_gap: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(20), default=CorrectionState.PROPOSED)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    # Why it was refused or withdrawn.
    reason: Mapped[str] = mapped_column(String(500), default="")
    # The day we learned it, in the home zone; with the number and the chain below set when confirmed.
    known_on: Mapped[date | None]
    revision: Mapped[int | None] = mapped_column(unique=True)
    # sha256 over the chain before it and this value: names everything confirmed so far.
    chain: Mapped[str | None] = mapped_column(String(64))

    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class UseKind(StrEnum):
    """Where a fact is used."""

    LESSON = "lesson"
    MODULE_PAGE = "module_page"
    SCENARIO = "scenario"
    CHECKLIST = "checklist"
    STEM = "stem"
    OPTION = "option"
    FEEDBACK = "feedback"
    EXPLANATION = "explanation"
    KEY = "key"
    """The right number of a question."""
    FORMULA = "formula"
    """The variants of a calculated question: conditions, variables and key."""
    CONDITION = "condition"
    """Whether a block, a step or a question belongs to the law date (`berlaku`)."""


class UseOwner(StrEnum):
    """What a use belongs to: the thing that was stored and never changes again."""

    EDITION = "edition"
    QUESTION_VERSION = "question_version"


class Standing(StrEnum):
    """Whether the radar compares a use with the facts of today."""

    LIVE = "live"
    SUPERSEDED = "superseded"
    """A newer edition or version took its place: nobody has to mend it, but papers may still name it."""
    HISTORICAL = "historical"
    """Its law date was past already when it was stored: it shows what held then."""


class FactUse(Base):
    """One place that shows a fact or rests on it, and what it saw there."""

    __tablename__ = "fact_use"
    __table_args__ = (
        UniqueConstraint("owner_type", "owner_id", "kind", "place", "key", "as_of"),
        CheckConstraint(
            "kind IN ('lesson', 'module_page', 'scenario', 'checklist', 'stem', 'option', 'feedback', "
            "'explanation', 'key', 'formula', 'condition')",
            name="kind",
        ),
        CheckConstraint("owner_type IN ('edition', 'question_version')", name="owner_type"),
        CheckConstraint("standing IN ('live', 'superseded', 'historical')", name="standing"),
        Index("ix_fact_use_standing_key", "standing", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Of a condition what it asks, without its `!`: a programme, a fact or a comparison of dates.
    key: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    owner_type: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[int]
    # File and line (`day-1/07-keuangan/tugas.md:12`), or the field of a question (`options-2-why`).
    place: Mapped[str] = mapped_column(String(340))
    # None: of the nation.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)
    # The law date it was asked for.
    as_of: Mapped[date]
    # Whether the text names that date itself (`{fakta:key@2016-08-31}`), whatever its own law date.
    is_pinned: Mapped[bool] = mapped_column(default=False)
    # From when the value holds that it saw; None for a condition.
    valid_from: Mapped[date | None]
    # The value as it was shown, in Indonesian.
    saw: Mapped[str] = mapped_column(Text)
    # The value somebody looked at later and found the text still right with; empty: that there is none.
    accepted: Mapped[str | None] = mapped_column(Text)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted_at: Mapped[datetime | None]
    standing: Mapped[str] = mapped_column(String(20))

    accepted_by: Mapped[User | None] = relationship()
