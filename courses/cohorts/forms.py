"""Forms of the organiser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, FieldList, Form, FormField, RadioField, StringField, TelField
from wtforms.validators import InputRequired, Optional, ValidationError

from courses.catalogue.models import Edition, Module
from courses.cohorts.comparison import ANOTHER, Option
from courses.cohorts.day_plan import Slot
from courses.cohorts.days import show_day
from courses.cohorts.elements import LABELS
from courses.cohorts.models import Cohort, Enrolment, Session
from courses.cohorts.modes import MODE_LABELS
from courses.cohorts.phones import read_phone, show_phone
from courses.cohorts.regions import read_region, show_region
from courses.cohorts.roster import Person, check_signs, read_name, read_organisation
from lms.core.accounts.models import Branch
from lms.core.errors import Invalid
from lms.core.fields import CHOOSE, TIME_ZONES, at_most, checked, choices, date_field, select, time_field
from lms.core.forms import BaseForm
from lms.core.i18n import show_date
from lms.core.text import tidy

MAX_DAYS = 31
"""Days from the first to the last of a cohort; some trainings take the Saturdays of a month."""
SPARE_SPEAKERS = 2
"""Empty lines offered for speakers, beyond those there are."""
MAX_SPEAKERS = 10


class CohortValues(TypedDict):
    """What can be changed of a cohort, as its services take it."""

    name: str
    place: str
    mode: str
    time_zone: str
    starts_on: date
    ends_on: date


class CohortForm(BaseForm):
    """What can be changed of a cohort."""

    name = StringField(
        _l("Name of the cohort"),
        validators=[InputRequired(_l("Give the cohort a name.")), at_most(200), checked(check_signs)],
    )
    place = StringField(
        _l("Place"),
        validators=[
            InputRequired(_l("Write where the training is held.")),
            at_most(300),
            checked(check_signs),
        ],
    )
    mode = select(
        _l("How it is held"), [(mode.value, label) for mode, label in MODE_LABELS.items()], missing=CHOOSE
    )
    time_zone = select(_l("Time zone"), TIME_ZONES.items())
    starts_on = date_field(_l("First day"), _l("Choose the first day."))
    ends_on = date_field(_l("Last day"), _l("Choose the last day."))

    def values(self) -> CohortValues:
        """Return what was written; only after the form was found right."""
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        assert starts_on is not None
        assert ends_on is not None
        return {
            "name": self.name.data or "",
            "place": self.place.data or "",
            "mode": self.mode.data,
            "time_zone": self.time_zone.data,
            "starts_on": starts_on,
            "ends_on": ends_on,
        }

    def validate_ends_on(self, field: Field) -> None:
        """Refuse days that run backwards, or a year typed wrong."""
        if not isinstance(self.starts_on.data, date) or not isinstance(field.data, date):
            return
        if field.data < self.starts_on.data:
            raise ValidationError(_l("The last day lies before the first day."))
        if field.data - self.starts_on.data >= timedelta(days=MAX_DAYS):
            raise ValidationError(_l("A cohort lasts %(count)s days at most.", count=MAX_DAYS))


class NewCohortForm(CohortForm):
    """Set up a cohort on one page."""

    edition_id = select(_l("Edition"), coerce=int)
    branch_id = select(_l("Branch office"), coerce=int)
    has_draft = BooleanField(_l("Make a first timetable from the modules of the edition"))

    def offer(self, editions: Iterable[Edition], branches: Sequence[Branch]) -> None:
        """Fill the lists, the newest edition first; begin with the branch's time zone."""
        self.edition_id.choices = choices((edition.id, _edition_label(edition)) for edition in editions)
        self.branch_id.choices = choices((branch.id, branch.name) for branch in branches)
        if not self.is_submitted():
            self.has_draft.data = True
            self.time_zone.data = branches[0].time_zone if branches else None
        if self.branch_id.data is None and len(branches) == 1:
            self.branch_id.data = branches[0].id


def _edition_label(edition: Edition) -> object:
    return _l(
        "%(title)s, edition %(number)s (law as of %(date)s)",
        title=edition.title,
        number=edition.number,
        date=show_date(edition.as_of),
    )


class RosterForm(BaseForm):
    """Send a roster."""

    file = FileField(
        _l("Spreadsheet with the participants"),
        validators=[FileRequired(_l("Choose the file with the participants."))],
    )


class PersonForm(BaseForm):
    """What the roster says of one person."""

    name = StringField(
        _l("Name"),
        description=_l("As it will stand on the certificate, with title."),
        validators=[InputRequired(_l("The name is missing.")), checked(read_name)],
    )
    element = select(
        _l("Element (unsur)"),
        [(key.value, label) for key, label in LABELS.items()],
        empty=_l("Choose …"),
        missing=_l("Choose where this person comes from."),
    )
    organisation = StringField(
        _l("Organisation"),
        validators=[InputRequired(_l("The organisation is missing.")), checked(read_organisation)],
    )
    region_code = StringField(
        _l("Region (kabupaten or kota)"),
        description=_l("For example Kab. Madiun, or its code 35.19."),
        render_kw={"list": "regions"},
        validators=[InputRequired(_l("The region is missing.")), checked(read_region)],
    )
    phone = TelField(_l("Telephone"), validators=[Optional(), at_most(40), checked(read_phone)])

    def person(self) -> Person:
        """Return who was described; only after the form was found right."""
        return Person(
            name=self.name.data or "",
            element=self.element.data,
            organisation=self.organisation.data or "",
            region_code=read_region(self.region_code.data or ""),
            phone=read_phone(self.phone.data or ""),
        )

    def show(self, enrolment: Enrolment) -> None:
        """Fill in what is known."""
        self.name.data, self.organisation.data = enrolment.name, enrolment.organisation
        self.element.data, self.region_code.data = enrolment.element, show_region(enrolment.region_code)
        self.phone.data = show_phone(enrolment.user.phone)


class NewPersonForm(PersonForm):
    """A late-comer; when somebody like this is known, who it is has to be said."""

    who = RadioField(_l("Is this somebody you know?"), choices=[], validate_choice=False)

    def decide(self, options: Sequence[Option]) -> Option | None:
        """Return the known person that was chosen, None for another one; offer the choice.

        Raises:
            Invalid: the choice is still to be made.
        """
        pairs = [(option.value, _option_label(option)) for option in options]
        self.who.choices = choices([*pairs, (ANOTHER, _l("No, this is another person"))])
        if not options or self.who.data == ANOTHER:
            return None
        for option in options:
            if option.value == self.who.data:
                return option
        raise Invalid(_l("Somebody of this name or number is known. Say who this is."), field="who")


def _option_label(option: Option) -> object:
    assert option.known is not None
    return _l(
        "Yes: %(name)s, %(organisation)s, %(region)s (%(cohort)s)",
        name=option.person.name,
        organisation=option.person.organisation,
        region=show_region(option.person.region_code),
        cohort=option.known.cohort_name,
    )


class CorrectionForm(BaseForm):
    """The name as it will stand on the certificate."""

    certificate_name = StringField(
        _l("Name on the certificate"),
        validators=[InputRequired(_l("The name is missing.")), checked(read_name)],
    )


class SpeakerForm(Form):
    """One speaker; an empty line is none."""

    name = StringField(_l("Name or office"), validators=[at_most(200)], filters=[tidy])
    organisation = StringField(_l("Organisation"), validators=[at_most(200)], filters=[tidy])

    def validate_name(self, field: Field) -> None:
        """Ask for the name when only the organisation was written."""
        if not field.data and self.organisation.data:
            raise ValidationError(_l("Write who speaks."))


class SessionForm(BaseForm):
    """A slot of the timetable, in the times of day of the cohort."""

    title = StringField(
        _l("Title"), validators=[InputRequired(_l("Write what this session is about.")), at_most(200)]
    )
    module_folder = select(_l("Module"))
    day = select(_l("Day"), coerce=date.fromisoformat)
    starts = time_field(_l("Starts at"), _l("Write when it starts, e.g. 08:30."))
    ends = time_field(_l("Ends at"), _l("Write when it ends, e.g. 10:00."))
    place = StringField(
        _l("Place"), description=_l("Empty: the place of the cohort."), validators=[at_most(300)]
    )
    speakers = FieldList(FormField(SpeakerForm), label=_l("Speakers"), max_entries=MAX_SPEAKERS)

    def offer(self, cohort: Cohort, modules: Iterable[Module]) -> None:
        """Fill the lists of days and modules."""
        count = (cohort.ends_on - cohort.starts_on).days + 1
        days = [cohort.starts_on + timedelta(days=n) for n in range(count)]
        self.day.choices = choices((day.isoformat(), show_day(day)) for day in days)
        self.module_folder.choices = choices(
            ((module.folder, module.title) for module in modules), empty=_l("None: opening, break, prayer")
        )

    def make_room(self) -> None:
        """Leave empty lines for more speakers."""
        named = sum(bool(entry.form.name.data) for entry in self.speakers)
        while len(self.speakers) < min(named + SPARE_SPEAKERS, MAX_SPEAKERS):
            self.speakers.append_entry()

    def show(self, slot: Session, zone: str) -> None:
        """Fill in what stands in the timetable."""
        starts_at, ends_at = (moment.astimezone(ZoneInfo(zone)) for moment in (slot.starts_at, slot.ends_at))
        self.title.data, self.place.data = slot.title, slot.place
        self.module_folder.data = slot.module_folder or ""
        self.day.data, self.starts.data, self.ends.data = starts_at.date(), starts_at.time(), ends_at.time()
        for speaker in slot.speakers:
            self.speakers.append_entry({"name": speaker.name, "organisation": speaker.organisation})

    def validate_ends(self, field: Field) -> None:
        """Refuse a session that ends before it starts."""
        starts, ends = self.starts.data, field.data
        if isinstance(starts, time) and isinstance(ends, time) and ends <= starts:
            raise ValidationError(_l("The session ends before it starts."))

    def slot(self, zone: str) -> Slot:
        """Return what was described; only after the form was found right."""
        day, starts, ends = self.day.data, self.starts.data, self.ends.data
        assert starts is not None
        assert ends is not None
        speakers = [(entry.form.name.data, entry.form.organisation.data or "") for entry in self.speakers]
        return Slot(
            title=self.title.data or "",
            starts_at=datetime.combine(day, starts, ZoneInfo(zone)),
            ends_at=datetime.combine(day, ends, ZoneInfo(zone)),
            module_folder=self.module_folder.data or None,
            place=self.place.data or "",
            speakers=tuple((name, organisation) for name, organisation in speakers if name),
        )
