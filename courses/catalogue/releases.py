"""Rules of a course file that name other steps: when a step opens, and what completes the course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from courses.catalogue.fields import FieldReader, Kind
from courses.catalogue.sources import QuizSource, StepSource
from courses.facts.documents import Fault, SourceMap


@dataclass(frozen=True)
class RuleCheck:
    """Looks at rules with all steps and quizzes of the course in hand; `file` is where the rules stand."""

    file: str
    faults: list[Fault]
    steps: Sequence[StepSource]
    quizzes: Mapping[str, QuizSource]

    def check_release(self, day_count: int) -> None:
        """Find rules that could never hold, or name what is not there."""
        places = {step.path: place for place, step in enumerate(self.steps)}
        for place, step in enumerate(self.steps):
            for rule in step.release:
                self._check_rule(rule, place, places, day_count)

    def _check_rule(self, rule: SourceMap, place: int, places: Mapping[str, int], day_count: int) -> None:
        reader = FieldReader(self.faults, self.file, rule)
        if "after" in rule:
            path = reader.read({"after": Kind.TEXT}).get("after", "previous")
            if path == "previous" and place == 0:
                reader.say("after", _("Nothing comes before the first step."))
            elif path != "previous":
                self._check_earlier(reader, "after", path, place, places)
        elif "day_begun" in rule:
            day = reader.read({"day_begun": Kind.WHOLE}).get("day_begun", 1)
            if not 1 <= day <= day_count:
                reader.say("day_begun", _("The course has no day %(day)s.", day=day))
        elif "minimum_percent" in rule:
            values = reader.read({"minimum_percent": Kind.WHOLE, "quiz": Kind.TEXT})
            if values.get("minimum_percent", 0) > 100:
                reader.say("minimum_percent", _("Nobody can reach more than 100 percent."))
            if "quiz" in values and self._check_earlier(reader, "quiz", values["quiz"], place, places):
                self._require_quiz(reader, values["quiz"])
        else:
            reader.say("", _("A release rule is one of: after, day_begun, minimum_percent with quiz."))

    def _check_earlier(
        self, reader: FieldReader, name: str, path: str, place: int, places: Mapping[str, int]
    ) -> bool:
        if path not in places:
            reader.say(name, _("There is no step “%(path)s”.", path=path))
        elif places[path] >= place:
            reader.say(
                name, _("“%(path)s” does not come before this step, so nobody could go on.", path=path)
            )
        else:
            return True
        return False

    def _require_quiz(self, reader: FieldReader, path: str) -> bool:
        if path in self.quizzes:
            return True
        reader.say("quiz", _("“%(path)s” is not a quiz.", path=path))
        return False

    def requirements(self, entries: Iterable[SourceMap]) -> Iterator[SourceMap]:
        """Yield what completes the course, and find what nobody could reach."""
        for entry in entries:
            reader = FieldReader(self.faults, self.file, entry)
            if entry.get("kind") == "all_steps":
                reader.read({"kind": Kind.TEXT})
            elif entry.get("kind") == "quiz_passed":
                path = reader.read({"kind": Kind.TEXT, "quiz": Kind.TEXT}).get("quiz", "")
                if path and path not in {step.path for step in self.steps}:
                    reader.say("quiz", _("There is no step “%(path)s”.", path=path))
                elif (
                    path
                    and self._require_quiz(reader, path)
                    and self.quizzes[path].data.get("pass_percent") is None
                ):
                    reader.say("quiz", _("“%(path)s” has no pass_percent, so nobody can pass it.", path=path))
            else:
                reader.say("kind", _("A requirement is one of: all_steps, quiz_passed."))
            yield entry
