"""The forms of corrections, and of saying that a page is still right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from courses.facts.fact import Confidence, Fact
from courses.facts.models import CorrectionKind
from courses.facts.readings import FieldFault, Reading
from courses.facts.typed import read_typed, write_typed
from courses.facts.units import UNITS
from courses.facts.wording import unit_name
from lms.core.fields import NO_DATE, at_most, choices, date_field, radio, select
from lms.core.forms import BaseForm
from lms.core.text import tidy

CONFIDENCES = (
    (Confidence.VERIFIED, _l("Read in the text of the law")),
    (Confidence.SECONDARY, _l("Read in a report about it")),
    (Confidence.MEMORY, _l("Not checked: shown with a warning, decides no answer")),
)
_FORM_FIELDS = {"derived": "is_derived"}


def _end_field() -> DateField:
    return DateField(  # type: ignore[call-arg]
        _l("Holds until"),
        validators=[Optional()],
        invalid_value_message=NO_DATE,
    )


class CorrectionForm(BaseForm):
    """A value as read in a source; which kind of correction it is stands in the address."""

    kind = HiddenField()
    key = StringField(_l("Key"), validators=[DataRequired(_l("Write the key.")), at_most(120)])
    label_id = StringField(_l("What it is called in Indonesian"), validators=[at_most(200)])
    label_en = StringField(_l("What it is called in English"), validators=[at_most(200)])
    value = StringField(
        _l("Value"),
        validators=[InputRequired(_l("Write the value.")), at_most(300)],
        description=_l(
            "As in Indonesia: 12.000.000 or 0,24% or 15. A date as 2026-11-23. Also: yes, no, no limit."
        ),
    )
    unit = select(_l("Unit"), missing=_l("Choose a unit."), empty=_l("Choose a unit"))
    valid_from = date_field(_l("Holds from"), _l("Write the first day on which it holds."))
    valid_to = _end_field()
    after_gap = StringField(
        _l("Why nothing held just before it"),
        description=_l("Only where there are days without a value between it and the one before."),
        validators=[at_most(300)],
    )
    citation = StringField(
        _l("Where it stands in the law"),
        description=_l("For example: PP 82/2019 Ps 34 ayat (1) huruf c"),
        validators=[InputRequired(_l("Write where it stands in the law.")), at_most(300)],
    )
    confidence = radio(_l("How it was checked"), CONFIDENCES, missing=_l("Say how it was checked."))
    is_derived = BooleanField(_l("Worked out from the cited rule, not its literal words"))
    source_label = StringField(
        _l("Source"), description=_l("What you read: its title, number and date."), validators=[at_most(300)]
    )
    source_where = StringField(
        _l("Where the source is"),
        description=_l("Its address, or where the paper is kept."),
        validators=[at_most(500)],
    )
    note = TextAreaField(_l("Note"), validators=[at_most(2000)])
    shown_id = StringField(_l("How the rule reads in Indonesian"), validators=[at_most(500)])
    shown_en = StringField(_l("How the rule reads in English"), validators=[at_most(500)])

    def offer(self, language: str) -> None:
        """Fill the list of units."""
        named = sorted((unit_name(code, language), code) for code in UNITS)
        self.unit.choices = choices(((code, name) for name, code in named), empty=_l("Choose a unit"))

    def begin(self, kind: CorrectionKind, key: str, fact: Fact | None) -> None:
        """Show what is known of the value before: all of it for an amendment, its unit for a new value."""
        self.kind.data, self.key.data = kind, key
        if fact is None:
            return
        self.unit.data = fact.unit
        self.shown_id.data, self.shown_en.data = fact.shown.get("id", ""), fact.shown.get("en", "")
        # A new value stands in a new text: whoever enters it looks where.
        if kind is CorrectionKind.AMENDMENT:
            self.citation.data = fact.citation
            self.value.data, self.note.data, self.after_gap.data = (
                write_typed(fact),
                fact.note,
                fact.after_gap,
            )
            self.valid_from.data, self.valid_to.data = fact.valid_from, fact.valid_to
            self.confidence.data, self.is_derived.data = fact.confidence, fact.is_derived

    def reading(self) -> Reading:
        """Return what was filled in.

        Raises:
            Invalid: the value is none of its unit.
        """
        start = self.valid_from.data
        assert start is not None
        return Reading(
            kind=CorrectionKind(self.kind.data or ""),
            value=read_typed(self.value.data or "", self.unit.data),
            valid_from=start,
            valid_to=self.valid_to.data,
            is_derived=bool(self.is_derived.data),
            **{name: self[name].data or "" for name in _TEXTS},
        )

    def show_faults(self, faults: Iterable[FieldFault]) -> None:
        """Put what the book would refuse at the fields it belongs to."""
        for fault in faults:
            field: Field | None = self._fields.get(_FORM_FIELDS.get(fault.field, fault.field))
            if field is None or field is self.kind:
                self.form_errors.append(fault.message)
            else:
                field.errors = [*field.errors, fault.message]


_TEXTS: tuple[Any, ...] = (
    "key",
    "unit",
    "citation",
    "confidence",
    "source_label",
    "source_where",
    "note",
    "shown_id",
    "shown_en",
    "label_id",
    "label_en",
    "after_gap",
)


class RefusalForm(BaseForm):
    """Why a proposal is turned down."""

    reason = StringField(
        _l("Why not"),
        validators=[InputRequired(_l("Say why, so that the other admin can mend it.")), at_most(500)],
    )


class KeepPageForm(BaseForm):
    """Why a page of an edition is right although a fact of it has changed; the page's place goes with it."""

    edition = HiddenField()
    fact = HiddenField()
    kind = HiddenField()
    file = HiddenField()
    mark = HiddenField()
    reason = TextAreaField(
        _l("Why it is still right"),
        filters=[tidy],
        validators=[DataRequired(_l("Write the reason in a sentence.")), at_most(500)],
    )

    def messages(self) -> list[object]:
        """Return what is wrong, one sentence each."""
        return [message for errors in self.errors.values() for message in errors]
