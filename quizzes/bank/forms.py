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
from wtforms.validators import InputRequired, ValidationError

from courses.catalogue.markdown import make_anchor
from lms.core.accounts.models import Branch
from lms.core.fields import CHOOSE, at_most, choices, radio, select
from lms.core.forms import BaseForm
from quizzes.bank.drafts import Settings
from quizzes.bank.fields import whole_number
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.bank.rules import (
    COUNTS,
    DIFFICULTIES,
    LEVELS,
    MAX_ATTEMPTS,
    MAX_DRAW,
    SHOW_RESULT,
    USES,
)
from quizzes.types import get_type
from quizzes.types.base import Json
from quizzes.types.edit_form import clean

NATION = "nation"
MAX_STEM = 2000
MAX_MINUTES = 480


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

    def offer_branches(self, branches: Sequence[Branch], *, is_admin: bool) -> None:
        """Set whom a new question may belong to."""
        nation = [(NATION, _l("The nation"))] if is_admin else []
        self.branch_id.choices = choices([*nation, *((str(branch.id), branch.name) for branch in branches)])

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
        """Return what the fields hold; `berlaku`, which has no field, is kept from ``before``."""
        source: Json = {"stem": clean(self.stem.data)} | self.detail.form.read()
        for name in ("explanation", "read", "objective", "difficulty", "level"):
            if clean(self[name].data):
                source[name] = clean(self[name].data)
        refs = [ref for ref in (self.cite.data or "").replace(",", " ").split() if ref]
        kept = {"berlaku": before["berlaku"]} if before and "berlaku" in before else {}
        return source | ({"cite": refs} if refs else {}) | kept

    def say(self, field: str, message: str) -> None:
        """Put a fault at the field it belongs to, as `quizzes.bank.resolving.SourceError` names it."""
        detail = self.detail.form
        part, _dash, rest = field.partition("-")
        if part == "options" and rest:
            row, _dash, name = rest.partition("-")
            _add_error(detail.options[int(row)].form[name], message)
            _add_error(detail.options, message)
        elif field in detail:
            _add_error(detail[field], message)
        elif field in self:
            _add_error(self[field], message)
        else:
            detail.form_errors.append(message)


def _add_error(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]


@cache
def question_form(kind: str) -> type[QuestionForm]:
    """Return the form for questions of a type."""
    detail = FormField(get_type(kind).edit_form, label=_l("Answer"))
    return type(f"{kind}_form", (QuestionForm,), {"kind": kind, "detail": detail})


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
        )


class SlotForm(BaseForm):
    """A question to add by its number, or a draw; `base` is the state the person saw."""

    question_id = whole_number(_l("Question"), 1, 2**31 - 1)
    topic = StringField(_l("Topic"), [at_most(80)])
    count = whole_number(_l("How many"), 1, MAX_DRAW)
    base = HiddenField(_l("State"))
