"""Forms of those who write questions and quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from courses.catalogue.headings import make_anchor
from lms.core.accounts.models import Branch
from lms.core.fields import CHOOSE, at_most, checked, choices, radio, select
from lms.core.forms import BaseForm
from lms.core.text import tidy
from quizzes.bank.fields import whole_number
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.bank.quiz.drafts import Settings
from quizzes.bank.quiz.moments import read_moment
from quizzes.bank.quiz.showing import EXCEPTIONS, KINDS, WHENS
from quizzes.bank.quiz.taking import MOST
from quizzes.bank.rules import (
    COUNTS,
    DIFFICULTIES,
    LEVELS,
    MAX_ATTEMPTS,
    SHOW_RESULT,
    USES,
)
from quizzes.types import get_type
from quizzes.types.base import Json
from quizzes.types.edit_form import clean

NATION = "nation"
MAX_STEM = 2000
MAX_MINUTES = 480
_WITHOUT_FIELD = ("berlaku", "pair")


class QuestionForm(BaseForm):
    """What every question has; `detail` is the form of its type."""

    kind: str
    detail: FormField[Any]

    stem = TextAreaField(_l("Question"), [InputRequired(_l("Write the question.")), at_most(MAX_STEM)])
    branch_id = select(_l("Belongs to"))
    topic = StringField(_l("Topic"), [InputRequired(_l("Give the question a topic.")), at_most(80)])
    use = radio(_l("Use"), USES.items(), missing=CHOOSE, default="graded")
    explanation = TextAreaField(_l("Explanation after answering"), [at_most(MAX_STEM)])
    cite = StringField(_l("Articles of law"), [at_most(300)])
    read = StringField(_l("Where to read it"), [at_most(300)])
    objective = StringField(_l("What it checks"), [at_most(200)])
    difficulty = select(_l("Difficulty"), DIFFICULTIES.items(), empty="–")
    level = select(_l("Level"), LEVELS.items(), empty="–")
    base = HiddenField(_l("State"))
    # Names the draft that is kept of this form while it is written.
    slot = HiddenField(_l("Draft"))
    revision = 0

    def offer_branches(self, branches: Sequence[Branch], *, is_admin: bool) -> None:
        """Set whom a new question may belong to."""
        nation = [(NATION, _l("The nation"))] if is_admin else []
        self.branch_id.choices = choices([*nation, *((str(branch.id), branch.name) for branch in branches)])

    def knows_owner(self) -> bool:
        """Return whether the form names nobody it was not offered as its owner, and say so if it does."""
        return not self.branch_id.raw_data or self.branch_id.validate(self)

    def fix_owner(self) -> None:
        """Leave out what only a new question asks."""
        del self.branch_id

    @property
    def owner(self) -> int | None:
        """The branch chosen, None for the nation."""
        return None if self.branch_id.data == NATION else int(self.branch_id.data)

    def validate_topic(self, field: Field) -> None:
        """Turn the topic into the form that draws go by: small letters and dashes."""
        field.data = make_anchor(field.data or "")
        if not field.data:
            raise ValidationError(_l("Give the question a topic."))

    def show(self, version: QuestionVersion) -> None:
        """Put a stored question into the fields."""
        source = version.source
        self.topic.data, self.use.data = version.question.topic, version.question.use
        for name in ("stem", "explanation", "read", "objective", "difficulty", "level"):
            self[name].data = str(source.get(name) or "")
        self.cite.data = ", ".join(source.get("cite") or [])
        self.base.data = version.source_sha256
        self.detail.form.show(source)

    def read_source(self, before: Json | None = None) -> Json:
        """Return what the fields hold; what has no field is kept from ``before``."""
        source: Json = {"stem": clean(self.stem.data)} | self.detail.form.read()
        for name in ("explanation", "read", "objective", "difficulty", "level"):
            if clean(self[name].data):
                source[name] = clean(self[name].data)
        refs = [ref for ref in (self.cite.data or "").replace(",", " ").split() if ref]
        kept = {name: before[name] for name in _WITHOUT_FIELD if name in before} if before else {}
        return source | ({"cite": refs} if refs else {}) | kept

    def say(self, field: str, message: str) -> None:
        """Put a fault at the field it belongs to, as `quizzes.bank.resolving.SourceError` names it."""
        detail = self.detail.form
        if field in self:
            _add_error(self[field], message)
        elif found := detail.find(field):
            for part in found:
                _add_error(part, message)
        else:
            detail.form_errors.append(message)


def _add_error(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]


@cache
def question_form(kind: str) -> type[QuestionForm]:
    """Return the form for questions of a type."""
    detail = FormField(get_type(kind).edit_form, label=_l("Answer"))
    return type(f"{kind}_form", (QuestionForm,), {"kind": kind, "detail": detail})


AS_PRESET = _l("As chosen above")
EXCEPTION_PAIRS = [(when, WHENS[when]) for when in EXCEPTIONS]


def chosen(value: object) -> str:
    """Return the value of a choice; nothing chosen is empty."""
    return "" if value is None else str(value)


class SettingsForm(BaseForm):
    """How a quiz is taken."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the quiz a title.")), at_most(200)])
    pass_percent = whole_number(_l("Pass mark in percent"), 0, 100)
    attempts_allowed = whole_number(
        _l("Attempts allowed"), 0, MAX_ATTEMPTS, missing=_l("Type a number; 0 means no limit.")
    )
    counts = select(_l("What counts"), COUNTS.items())
    time_limit_minutes = whole_number(_l("Time limit in minutes"), 1, MAX_MINUTES)
    shuffle_questions = BooleanField(_l("Questions in another order for everybody"))
    shuffle_options = BooleanField(_l("Answers in another order for everybody"))
    show_result = select(_l("What people see afterwards"), SHOW_RESULT.items())
    show_marks = select(KINDS["marks"], EXCEPTION_PAIRS, empty=AS_PRESET, coerce=chosen)
    show_answers = select(KINDS["answers"], EXCEPTION_PAIRS, empty=AS_PRESET, coerce=chosen)
    show_feedback = select(KINDS["feedback"], EXCEPTION_PAIRS, empty=AS_PRESET, coerce=chosen)
    show_citations = select(KINDS["citations"], EXCEPTION_PAIRS, empty=AS_PRESET, coerce=chosen)
    markers = select(
        _l("Answers a person marks"), [(1, _l("One marker")), (2, _l("Two markers"))], coerce=int
    )
    marking_gap_percent = whole_number(
        _l("A third marks when two are further apart than, in percent"), 0, 100
    )
    is_marked_blind = BooleanField(_l("Markers do not see whose answer it is"))
    opens = StringField(_l("Opens"), [Optional(), checked(read_moment)])
    closes = StringField(_l("Closes"), [Optional(), checked(read_moment)])
    grace_seconds = whole_number(_l("Grace for answers on their way, in seconds"), 0, MOST["grace_seconds"])
    needs_code = BooleanField(_l("Whoever begins types the code of the hall"))
    cooldown_minutes = whole_number(_l("Rest between tries, in minutes"), 0, MOST["cooldown_minutes"])
    is_sequential = BooleanField(_l("One question at a time, and no way back"))
    retries = whole_number(_l("Tries more at a question (practice)"), 0, MOST["retries"])
    retry_cost_percent = whole_number(_l("Each of them costs, in percent"), 0, MOST["retry_cost_percent"])
    base = HiddenField(_l("State"))

    def show(self, version: QuizVersion) -> None:
        """Put a version into the fields."""
        self.process(obj=version)
        self.base.data = version.source_sha256

    def read(self) -> Settings:
        """Return what the fields hold."""
        return Settings(
            title=str(self.title.data),
            pass_percent=self.pass_percent.data,
            attempts_allowed=self.attempts_allowed.data or 0,
            counts=str(self.counts.data),
            time_limit_minutes=self.time_limit_minutes.data,
            shuffle_questions=bool(self.shuffle_questions.data),
            shuffle_options=bool(self.shuffle_options.data),
            show_result=str(self.show_result.data),
            show_marks=self.show_marks.data or None,
            show_answers=self.show_answers.data or None,
            show_feedback=self.show_feedback.data or None,
            show_citations=self.show_citations.data or None,
            markers=self.markers.data or 1,
            marking_gap_percent=20
            if self.marking_gap_percent.data is None
            else self.marking_gap_percent.data,
            is_marked_blind=bool(self.is_marked_blind.data),
            opens=_moment(self.opens.data),
            closes=_moment(self.closes.data),
            grace_seconds=self.grace_seconds.data or 0,
            needs_code=bool(self.needs_code.data),
            cooldown_minutes=self.cooldown_minutes.data or 0,
            is_sequential=bool(self.is_sequential.data),
            retries=self.retries.data or 0,
            retry_cost_percent=self.retry_cost_percent.data or 0,
        )


def _moment(text: str | None) -> str | None:
    """Return a moment in the one spelling that is stored."""
    return str(read_moment(text)) if text else None


class RenewForm(BaseForm):
    """Make a question say what holds now."""

    mark = HiddenField()


class KeepForm(BaseForm):
    """Why a question is right although a fact of it has changed."""

    mark = HiddenField(id="keep-mark")
    reason = TextAreaField(
        _l("Why it is still right"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the reason in a sentence.")), at_most(500)],
    )
