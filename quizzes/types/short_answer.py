"""Short answer: a word or a few, typed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape
from random import Random
from typing import Any

from flask_babel import format_percent
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import ValidationError

from lms.core.fields import at_most
from lms.core.numbers import show as show_number
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.edit_form import MAX_TEXT, clean
from quizzes.types.numbers import read_number
from quizzes.types.patterns import fits, sample, show
from quizzes.types.rows_form import RowsForm
from quizzes.types.shares import read_share

MAX_FORMS = 20
MAX_STARS = 4
MAX_LENGTH = 120
MATTERS = ("case", "accents")
_FIELDS = frozenset({"accept", "share", "why"})


class AcceptedForm(Form):
    """One form of the answer."""

    main = "accept"

    accept = TextAreaField(_l("Answer"), [at_most(MAX_LENGTH)])
    share = StringField(_l("Earns, in percent"), [at_most(12)])
    why = TextAreaField(_l("What to say to who writes this"), [at_most(MAX_TEXT)])

    def validate_share(self, field: Field) -> None:
        """Say why it is no percentage."""
        try:
            share = read_percent(field.data)
        except FormatError as error:
            raise ValidationError(str(error)) from error
        if read_share(share) is None:
            raise ValidationError(_l("This is a number from 0 to 100."))


class ShortAnswerForm(RowsForm):
    """The forms that are accepted, first come first served, and what of the writing matters."""

    list_name = "answers"
    written_by = ("accept", "why")
    fewest = 1
    most = MAX_FORMS

    answers = FieldList(FormField(AcceptedForm), label=_l("Accepted answers"), max_entries=MAX_FORMS)
    match_case = BooleanField(_l("Capital letters matter"))
    match_accents = BooleanField(_l("Accents matter (é is not e)"))

    def show(self, source: Json) -> None:
        """Fill the rows; a new question begins with empty ones."""
        self.set_rows([_row(answer) for answer in source.get("answers") or []] or [{}] * 2)
        self.match_case.data = bool(source.get("match_case"))
        self.match_accents.data = bool(source.get("match_accents"))

    def read(self) -> Json:
        """Return the forms that are written, and what matters."""
        source: Json = {"answers": [_answer(row) for row in self.written()]}
        for name in ("match_case", "match_accents"):
            if self[name].data:
                source[name] = True
        return source


def read_percent(text: object) -> str:
    """Return what was typed in percent as a share of one; empty means all.

    Raises:
        FormatError: it is no number.
    """
    typed = clean(str(text or ""))
    return f"{(read_number(typed, unit='persen') / 100).normalize() + 0:f}" if typed else "1"


def show_percent(share: object) -> str:
    """Return a share of one as it is typed in percent; all is left empty."""
    read = read_share(share)
    return "" if read is None or read == 1 else show_number((read * 100).normalize() + 0)


class ShortAnswer(QuestionType):
    """One line to type into.

    Content: ``answers`` (accept, share, why_html) in the order they are tried, ``matters`` (what of the
    writing does: "case", "accents"). Answer: ``{"text": "<as typed, single blanks>"}``.
    """

    key = "short_answer"
    source_fields = frozenset({"answers", "match_case", "match_accents"})
    edit_form = ShortAnswerForm
    key_field = "answers"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Short answer"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the accepted forms."""
        answers = source.get("answers")
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            return [str(_l("The accepted answers are not a list."))]
        unknown = {name for answer in answers for name in answer} - _FIELDS
        faults = [str(_l("Unknown field “%(name)s”.", name=name)) for name in sorted(unknown)]
        if len(answers) > MAX_FORMS:
            faults.append(str(_l("At most %(count)s answers can be accepted.", count=MAX_FORMS)))
        for number, answer in enumerate(answers, 1):
            faults += [str(fault) for fault in _faults_of_form(number, answer)]
        for name in ("match_case", "match_accents"):
            if not isinstance(source.get(name, False), bool):
                faults.append(str(_l("“%(name)s” is true or false.", name=name)))
        return faults or list(_faults_of_reach(source))

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the forms with their reasons as HTML; the forms themselves are no Markdown."""
        return {
            "answers": [
                {
                    "accept": str(answer.get("accept") or ""),
                    "share": f"{Decimal(str(answer.get('share', 1))).normalize() + 0:f}",
                    "why_html": resolver.html(str(answer["why"])) if answer.get("why") else "",
                }
                for answer in source.get("answers") or []
            ],
            "matters": _matters(source),
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:  # noqa: ARG002
        """Return nothing: there is nothing to fix."""
        return {}

    def present(self, content: Json, prepared: Json) -> Json:  # noqa: ARG002
        """Return ``matters``; the line to type into is as long for every question."""
        return {"matters": content["matters"]}

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return what was typed, None when the line is empty.

        Raises:
            FormatError: it is too long, or there are several.
        """
        values = [" ".join(value.split()) for value in raw.get("value", ()) if value.strip()]
        if not values:
            return None
        if len(values) > 1:
            raise FormatError(_l("Please type one answer only."))
        if len(values[0]) > MAX_LENGTH:
            raise FormatError(_l("This is too long: please use at most %(count)s letters.", count=MAX_LENGTH))
        return {"text": values[0]}

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return the share of the first form that fits."""
        form = _form_of(content, answer)
        if form is None:
            comment = _l("This is none of the accepted answers.") if answer else _l("Nothing was answered.")
            return Grade(Decimal(0), str(comment))
        share = Decimal(form["share"])
        if share == 1:
            return Grade(share, str(_l("This is one of the accepted answers.")))
        return Grade(share, str(_l("This answer earns %(share)s of the marks.", share=_percent(share))))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return what was typed (None: nothing), its share, what to say to it, and the right answers."""
        form, grade = _form_of(content, answer), self.grade(content, answer)
        best = _best(content)
        return {
            "given": None if answer is None else answer["text"],
            "is_right": grade.fraction == 1,
            "is_partly": 0 < grade.fraction < 1,
            "said_html": "" if form is None else form["why_html"],
            "right": [show(answer["accept"]) for answer in best],
            "why_html": best[0]["why_html"] if best else "",
            "comment": grade.comment,
        }

    def solution_html(self, content: Json) -> str:
        """Return the first right form."""
        return f"<p><strong>{escape(show(_best(content)[0]['accept']))}</strong></p>"

    def solve(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return a text that earns most."""
        return {"value": [_solution(content)]}

    def miss(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return a text that earns least."""
        texts = ["xyzxyz", *(text for answer in content["answers"] for text in _samples(answer["accept"]))]
        return {"value": [min(texts, key=lambda text: self.grade(content, {"text": text}).fraction)]}

    def examples(self) -> list[Example]:
        """Return forms with stars and shares, and one where writing matters."""
        office = {
            "answers": [
                {"accept": "Kejaksaan*", "why": "Kejaksaan menagih atas nama BPJS."},
                {"accept": "jaksa*", "share": "0.5", "why": "Sebutkan lembaganya."},
                {"accept": "*pengadilan*", "share": "0", "why": "Pengadilan memutus perkara."},
            ]
        }
        unreadable: list[Raw] = [{"value": ["a", "b"]}, {"value": ["x" * (MAX_LENGTH + 1)]}]
        return [
            Example(
                office,
                {"value": ["  kejaksaan  NEGERI. "]},
                {"value": ["Pengadilan Negeri"]},
                unreadable,
                [({"value": ["Jaksa"]}, Decimal("0.5"))],
            ),
            Example(
                {"answers": [{"accept": "BPJS"}], "match_case": True},
                {"value": ["BPJS"]},
                {"value": ["bpjs"]},
            ),
        ]


def _row(answer: Json) -> dict[str, Any]:
    return {
        "accept": str(answer.get("accept") or ""),
        "share": show_percent(answer.get("share", 1)),
        "why": str(answer.get("why") or ""),
    }


def _answer(row: dict[str, Any]) -> Json:
    answer: Json = {"accept": clean(row["accept"])}
    share = read_percent(row["share"])
    if share != "1":
        answer["share"] = share
    if clean(row["why"]):
        answer["why"] = clean(row["why"])
    return answer


def _faults_of_form(number: int, answer: Json) -> Iterator[object]:
    accept = answer.get("accept")
    if not isinstance(accept, str) or not accept.strip():
        yield _l("Answer %(number)s is empty, or no text: put it in quotes.", number=number)
    elif len(accept) > MAX_LENGTH:
        yield _l("Answer %(number)s is too long.", number=number)
    elif accept.count("*") > MAX_STARS:
        yield _l("Answer %(number)s has more than %(count)s stars.", number=number, count=MAX_STARS)
    if read_share(answer.get("share", 1)) is None:
        yield _l("What answer %(number)s earns is a number from 0 to 1.", number=number)


def _faults_of_reach(source: Json) -> Iterator[str]:
    """Yield forms that can never be the first to fit, and whether none earns everything."""
    content = {"answers": source["answers"], "matters": _matters(source)}
    answers = source["answers"]
    for number, answer in enumerate(answers, 1):
        reached = {id(_form_of(content, {"text": text})) for text in _samples(answer["accept"])}
        if id(answer) not in reached:
            yield str(_l("Answer %(number)s is never reached: one before it fits, too.", number=number))
    if not any(read_share(answer.get("share", 1)) == 1 for answer in answers):
        yield str(_l("No answer earns everything."))


def _matters(source: Json) -> list[str]:
    return [name for name in MATTERS if source.get(f"match_{name}")]


def _samples(pattern: str) -> list[str]:
    return [text for text in (sample(pattern), sample(pattern, " xyz ")) if text.strip()]


def _form_of(content: Json, answer: Json | None) -> Json | None:
    """Return the first form that fits, None when none does."""
    flags = {f"match_{name}": name in content["matters"] for name in MATTERS}
    if answer is None:
        return None
    for form in content["answers"]:
        if fits(answer["text"], form["accept"], **flags):
            found: Json = form
            return found
    return None


def _best(content: Json) -> list[Json]:
    most = max((Decimal(form["share"]) for form in content["answers"]), default=Decimal(0))
    return [form for form in content["answers"] if Decimal(form["share"]) == most]


def _solution(content: Json) -> str:
    for form in _best(content):
        for text in _samples(form["accept"]):
            if _form_of(content, {"text": text}) is form:
                return text
    return sample(_best(content)[0]["accept"])


def _percent(share: Decimal) -> str:
    return str(format_percent(share, "#,##0.##%"))
