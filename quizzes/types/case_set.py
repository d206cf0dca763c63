"""Case set: a story or a table, and questions of the other types under it.

In a quiz its parts are questions of their own (`quizzes.bank.cases`); the story stays above them. Where the
next part depends on the answer, the case is walked through as one question: for practice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.case_examples import list_examples
from quizzes.types.case_parts import (
    lacks_ways,
    list_tries,
    next_of,
    part_faults,
    prepare_part,
    present_part,
    read_parts,
    resolve_part,
    review_part,
    type_of,
)
from quizzes.types.case_set_form import MAX_PARTS, CaseSetForm
from quizzes.types.case_story import story_html
from quizzes.types.case_ways import is_branching, list_way_faults, stops_of
from quizzes.types.shares import ratio

TOLD, WALKED = "told", "walked"
"""All parts stand under the story; or which part follows depends on the answer."""
MAX_STEPS = 40
"""Answers of one walk: who goes in a circle so often knows it."""
_NAME = re.compile(r"p([1-9][0-9]?)-(.+)")
_ENDS = {"good": Decimal(1), "partly": Decimal("0.5"), "bad": Decimal(0)}


class CaseSet(QuestionType):
    """A story and its parts.

    Content: ``text_html``, ``mode`` and ``parts``, each with ``name``, ``type``, ``stem_html``, ``content``
    and ``next``, or an ``end``. Answer: ``{"steps": [{"part": name, "answer": …}]}``: of all
    parts in order, or of those a walk came to. Without branches every part earns the same; a walk earns what
    its end is worth.
    """

    key = "case_set"
    source_fields = frozenset({"text", "parts"})
    edit_form = CaseSetForm
    key_field = "parts"
    max_bytes = 8_000

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Case set"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the story, the parts and the ways between them."""
        return [message for _place, message in self.placed_faults(source)]

    def placed_faults(self, source: Json) -> list[tuple[str, str]]:
        """Return the same, each with the part it belongs to: "parts-2"."""
        return list(_faults(source))

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the story as HTML, and the parts as their types resolve them."""
        parts = read_parts(source)
        return {
            "text_html": story_html(str(source.get("text") or ""), resolver.html),
            "mode": WALKED if is_branching(parts) else TOLD,
            "parts": [resolve_part(index, part, resolver) for index, part in enumerate(parts)],
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return what each part fixes."""
        return {"parts": [prepare_part(part, rng, shuffle=shuffle) for part in content["parts"]]}

    def present(self, content: Json, prepared: Json) -> Json:
        """Return the story and the open parts: all, or of a case with branches the first."""
        return self.present_from(content, prepared, None)

    def present_from(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return what `present` does; of a case with branches the part a walk has come to."""
        shown = {"text_html": content["text_html"], "mode": content["mode"]}
        if content["mode"] == WALKED:
            here = self.here(content, answer)
            number = len(answer["steps"]) + 1 if answer else 1
            found = [(number, here)] if here is not None and type_of(content["parts"][here]) else []
        else:
            found = [(index + 1, index) for index, part in enumerate(content["parts"]) if type_of(part)]
        parts = [
            present_part(number, content["parts"][index], prepared["parts"][index]) for number, index in found
        ]
        return shown | {"parts": parts}

    def here(self, content: Json, answer: Json | None) -> int | None:
        """Return the index of the part a walk has come to; None when its last answer leads nowhere."""
        index: int | None = 0
        for step in answer["steps"] if answer else ():
            part = content["parts"][index]
            index = _index(content, next_of(part, step["answer"]))
            if index is None:
                return None
        return index

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the answers of all parts, or of those a walk came to; None when there are none.

        Raises:
            FormatError: an answer to no part, a step left out, or what the type of a part cannot read.
        """
        given = _by_number(raw)
        if content["mode"] == WALKED:
            return self._parse_walk(given, content, prepared)
        steps: list[Json] = []
        for number, part in enumerate(content["parts"], 1):
            answer = _parse_part(number, given.pop(number, {}), part, prepared["parts"][number - 1])
            steps.append({"part": part["name"], "answer": answer})
        _refuse_foreign(given)
        return {"steps": steps} if any(step["answer"] is not None for step in steps) else None

    def _parse_walk(
        self, given: dict[int, dict[str, list[str]]], content: Json, prepared: Json
    ) -> Json | None:
        walk: Json = {"steps": []}
        for number in range(1, MAX_STEPS + 1):
            index = self.here(content, walk)
            if index is None or number not in given or not type_of(content["parts"][index]):
                break
            part = content["parts"][index]
            answer = _parse_part(number, given.pop(number), part, prepared["parts"][index])
            if answer is None:
                break
            walk["steps"].append({"part": part["name"], "answer": answer})
        _refuse_foreign(given)
        return walk if walk["steps"] else None

    def end_of(self, content: Json, answer: Json | None) -> str:
        """Return how a walk ended: "good", "partly" or "bad"; empty while it goes on."""
        here = self.here(content, answer)
        return str(content["parts"][here].get("end") or "") if here is not None else ""

    def grade(self, content: Json, answer: Json | None) -> Grade | None:
        """Return the mean of the parts or the worth of a walk's end; None when a person must judge a part."""
        if content["mode"] == WALKED:
            return Grade(_ENDS.get(self.end_of(content, answer), Decimal(0)))
        answers = [step["answer"] for step in answer["steps"]] if answer else [None] * len(content["parts"])
        asked = [
            (part, given) for part, given in zip(content["parts"], answers, strict=True) if type_of(part)
        ]
        grades = [kind.grade(part["content"], given) for part, given in asked if (kind := type_of(part))]
        if any(grade is None for grade in grades):
            return None
        earned = sum((grade.fraction for grade in grades if grade), Decimal(0))
        return Grade(ratio(earned, len(grades)) if grades else Decimal(0))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return the story, what was answered part by part, and how a walk ended."""
        names = {part["name"]: index for index, part in enumerate(content["parts"])}
        steps = answer["steps"] if answer else []
        if content["mode"] == TOLD and not steps:
            steps = [{"part": part["name"], "answer": None} for part in content["parts"]]
        places = [(names[step["part"]], step["answer"]) for step in steps]
        here = self.here(content, answer) if content["mode"] == WALKED else None
        end = content["parts"][here] if here is not None and "end" in content["parts"][here] else None
        return {
            "text_html": content["text_html"],
            "mode": content["mode"],
            "parts": [
                review_part(number, content["parts"][index], prepared["parts"][index], given)
                for number, (index, given) in enumerate(places, 1)
                if type_of(content["parts"][index])
            ],
            "end": end and {name: end[name] for name in ("end", "stem_html", "explanation_html")},
        }

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the right answer of every part, or a way to a good end."""
        if content["mode"] == WALKED:
            return self._way_to(content, prepared, {"good"})
        return _all_parts(content, prepared, does_solve=True)

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return a wrong answer to every part, or a way to an end that is not good."""
        if content["mode"] == WALKED:
            return self._way_to(content, prepared, {"partly", "bad"})
        return _all_parts(content, prepared, does_solve=False)

    def _way_to(self, content: Json, prepared: Json, ends: set[str]) -> Raw:
        """Return the shortest way to one of these ends; without one the first answer of the first part."""
        waiting: list[tuple[int, dict[str, list[str]]]] = [(0, {})]
        seen, first = {0}, dict[str, list[str]]()
        while waiting:
            index, raw = waiting.pop(0)
            part, fixed = content["parts"][index], prepared["parts"][index]
            kind = type_of(part)
            if part.get("end") in ends:
                return raw
            for one in list_tries(part, fixed) if kind else ():
                number = len({name.partition("-")[0] for name in raw}) + 1
                taken = raw | {f"p{number}-{name}": list(values) for name, values in one.items()}
                first = first or taken
                given = kind.parse(one, part["content"], fixed) if kind else None
                target = _index(content, next_of(part, given)) if given else None
                if target is not None and target not in seen:
                    seen.add(target)
                    waiting.append((target, taken))
        return first

    def examples(self) -> list[Example]:
        """Return a case of two questions, and one whose end depends on a decision."""
        return list_examples()


def _faults(source: Json) -> Iterator[tuple[str, str]]:
    parts = read_parts(source)
    if not parts:
        yield "parts", str(_l("The case has no parts yet."))
        return
    if len(parts) > MAX_PARTS:
        yield "parts", str(_l("A case has at most %(count)s parts.", count=MAX_PARTS))
    found = [(f"parts-{index}", message) for index, part in enumerate(parts) for message in part_faults(part)]
    yield from found
    if found:
        return
    if is_branching(parts):
        for index, part in enumerate(parts):
            if lacks_ways(part):
                yield f"parts-{index}", lacks_ways(part)
        yield from ((f"parts-{index}", message) for index, message in list_way_faults(stops_of(parts)))
    elif not str(source.get("text") or "").strip():
        yield "text", str(_l("The story is missing."))


def _index(content: Json, name: str | None) -> int | None:
    return next((index for index, part in enumerate(content["parts"]) if part["name"] == name), None)


def _by_number(raw: Raw) -> dict[int, dict[str, list[str]]]:
    """Return form values by the number of the part or step before their names; others are passed over."""
    found: dict[int, dict[str, list[str]]] = {}
    for name, values in raw.items():
        match = _NAME.fullmatch(name)
        if match and any(value.strip() for value in values):
            found.setdefault(int(match[1]), {})[match[2]] = list(values)
    return found


def _parse_part(number: int, raw: Raw, part: Json, prepared: Json) -> Json | None:
    kind = type_of(part)
    if kind is None:
        if raw:
            raise FormatError(_l("This answer is not one of the options. Please choose again."))
        return None
    try:
        return kind.parse(raw, part["content"], prepared)
    except FormatError as error:
        message = _l("Part %(number)s: %(reason)s", number=number, reason=str(error.message))
        raise FormatError(message) from error


def _refuse_foreign(given: dict[int, dict[str, list[str]]]) -> None:
    if given:
        raise FormatError(_l("This answer is not one of the options. Please choose again."))


def _all_parts(content: Json, prepared: Json, *, does_solve: bool) -> Raw:
    raw: dict[str, list[str]] = {}
    for number, (part, fixed) in enumerate(zip(content["parts"], prepared["parts"], strict=True), 1):
        kind = type_of(part)
        if kind:
            values = (kind.solve if does_solve else kind.miss)(part["content"], fixed)
            raw |= {f"p{number}-{name}": list(one) for name, one in values.items()}
    return raw
