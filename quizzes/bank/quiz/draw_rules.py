"""A rule to draw questions by, in words and as a test: "4 of jkk, apply, not used in the pretest". Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from quizzes.bank.models import QuestionVersion, QuizSlot
from quizzes.bank.rules import DIFFICULTIES, LEVELS


@dataclass(frozen=True)
class DrawRule:
    """What a slot draws: so many of a topic; whatever else is empty narrows nothing."""

    topic: str
    count: int
    level: str = ""
    difficulty: str = ""
    # The quiz whose questions are not drawn.
    not_in_id: int | None = None
    # Folded, as `quizzes.bank.tags.read_tag` returns it.
    tag: str = ""

    def fits(
        self, version: QuestionVersion, used: Collection[int], tags: Collection[str] = frozenset()
    ) -> bool:
        """Return whether a question of the topic is meant.

        Args:
            used: questions of the quiz that is kept apart.
            tags: of the question, folded.
        """
        source = version.source
        is_level = not self.level or source.get("level") == self.level
        is_difficulty = not self.difficulty or source.get("difficulty") == self.difficulty
        is_tagged = not self.tag or self.tag in tags
        return is_level and is_difficulty and is_tagged and version.question_id not in used

    def in_words(self, not_in_title: str = "") -> str:
        """Return the rule as a sentence."""
        parts = [ngettext("%(num)s question from %(topic)s", "%(num)s questions from %(topic)s", self.count,
                          topic=self.topic)]  # fmt: skip
        if self.level:
            parts.append(_("level: %(level)s", level=str(LEVELS[self.level]).lower()))
        if self.difficulty:
            parts.append(_("difficulty: %(name)s", name=str(DIFFICULTIES[self.difficulty]).lower()))
        if self.tag:
            parts.append(_("tag: %(tag)s", tag=self.tag))
        if self.not_in_id is not None:
            parts.append(_("not used in %(quiz)s", quiz=not_in_title or f"#{self.not_in_id}"))
        return ", ".join(parts)

    def columns(self) -> dict[str, str | int | None]:
        """Return the columns of a slot that hold the rule."""
        return {
            "draw_topic": self.topic,
            "draw_count": self.count,
            "draw_level": self.level or None,
            "draw_difficulty": self.difficulty or None,
            "draw_not_in_id": self.not_in_id,
            "draw_tag": self.tag or None,
        }


def rule_of(slot: QuizSlot) -> DrawRule | None:
    """Return what a slot draws by; None where it names its question."""
    if slot.draw_topic is None:
        return None
    level, difficulty = slot.draw_level or "", slot.draw_difficulty or ""
    return DrawRule(
        slot.draw_topic, slot.draw_count, level, difficulty, slot.draw_not_in_id, slot.draw_tag or ""
    )


def words_of_rules(slots: Iterable[QuizSlot], titles: Mapping[int, str] | None = None) -> dict[int, str]:
    """Return by slot the rule it draws by, as a sentence.

    Args:
        titles: of quizzes kept apart; without them the slots know them (`quizzes.bank.quiz.queries`).
    """
    return {
        slot.id: rule.in_words(_title(slot) if titles is None else titles.get(rule.not_in_id or 0, ""))
        for slot in slots
        if (rule := rule_of(slot)) is not None
    }


def _title(slot: QuizSlot) -> str:
    return slot.draw_not_in.title if slot.draw_not_in is not None else ""
