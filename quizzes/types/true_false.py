"""True or false: a sentence holds, or it does not."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from lms.core.fields import at_most
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.edit_form import MAX_TEXT, EditForm, clean

SIDES = ("true", "false")


class TrueFalseForm(EditForm):
    """Which side is right, and what to say to who chose the other."""

    answer = RadioField(_l("This sentence is"), [Optional()], validate_choice=False)
    why_true = TextAreaField(_l("To who chose “True”"), [at_most(MAX_TEXT)])
    why_false = TextAreaField(_l("To who chose “False”"), [at_most(MAX_TEXT)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = (_l("True"), _l("False"))
        self.answer.choices = [SelectChoice(side, word) for side, word in zip(SIDES, words, strict=True)]

    def show(self, source: Json) -> None:
        """Put ``source`` into the fields."""
        why = source.get("why") or {}
        answer = source.get("answer")
        self.answer.data = ("true" if answer else "false") if isinstance(answer, bool) else ""
        self.why_true.data, self.why_false.data = (str(why.get(side) or "") for side in SIDES)

    def read(self) -> Json:
        """Return key and reasons."""
        source: Json = {"answer": self.answer.data == "true"} if self.answer.data in SIDES else {}
        texts = zip(SIDES, (self.why_true.data, self.why_false.data), strict=True)
        why = {side: clean(text) for side, text in texts if clean(text)}
        return source | ({"why": why} if why else {})


class TrueFalse(QuestionType):
    """Two radio buttons, true first.

    Content: ``answer`` and ``why_html`` by side. Answer: ``{"choice": bool}``.
    """

    key = "true_false"
    source_fields = frozenset({"answer", "why"})
    edit_form = TrueFalseForm
    key_field = "answer"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("True or false"))

    def faults(self, source: Json) -> list[str]:
        """Return whether the key is missing and whether a reason belongs to no side."""
        faults = []
        if not isinstance(source.get("answer"), bool):
            faults.append(str(_l("It is not said whether the sentence is true or false.")))
        why = source.get("why") or {}
        if not isinstance(why, dict) or not set(why) <= set(SIDES):
            faults.append(str(_l('Reasons belong to "true" or to "false".')))
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the key and the reasons as HTML."""
        why = source.get("why") or {}
        return {
            "answer": source.get("answer"),
            "why_html": {side: resolver.html(str(why[side])) if why.get(side) else "" for side in SIDES},
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:  # noqa: ARG002
        """Return nothing: true always stands first."""
        return {}

    def present(self, content: Json, prepared: Json) -> Json:  # noqa: ARG002
        """Return nothing: the template writes the two words in the person's language."""
        return {}

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return the side chosen, None when none was.

        Raises:
            FormatError: neither "true" nor "false", or both.
        """
        chosen = {value for value in raw.get("choice", ()) if value != ""}
        if not chosen:
            return None
        if len(chosen) > 1 or not chosen <= set(SIDES):
            raise FormatError(_l("Please choose true or false."))
        return {"choice": chosen == {"true"}}

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return 1 for the right side, else 0."""
        is_right = answer is not None and answer["choice"] is content["answer"]
        return Grade(Decimal(1) if is_right else Decimal(0))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return ``options``: side ("true", "false"), chosen, right, reason."""
        return {
            "options": [
                {
                    "side": side,
                    "is_chosen": answer is not None and answer["choice"] is (side == "true"),
                    "is_right": content["answer"] is (side == "true"),
                    "why_html": content["why_html"][side],
                }
                for side in SIDES
            ]
        }

    def solve(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return the right side."""
        return {"choice": ["true" if content["answer"] else "false"]}

    def miss(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return the wrong side."""
        return {"choice": ["false" if content["answer"] else "true"]}

    def examples(self) -> list[Example]:
        """Return a true and a false sentence."""
        unreadable: list[Raw] = [{"choice": ["1"]}, {"choice": ["True"]}, {"choice": ["true", "false"]}]
        source = {"answer": False, "why": {"true": "Subsidi silang tidak diperkenankan."}}
        return [
            Example({"answer": True}, {"choice": ["true"]}, {"choice": ["false"]}, unreadable),
            Example(source, {"choice": ["false"]}, {"choice": ["true"]}, unreadable),
        ]
