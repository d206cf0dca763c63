"""Four ways to hold a quiz, and what any setting means for who takes it, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.bank.models import Purpose, QuizVersion
from quizzes.bank.quiz.drafts import Settings
from quizzes.bank.quiz.showing import KINDS, WHENS

LEFT_TO_EACH = frozenset({"title", "time_limit_minutes", "opens", "closes", "needs_code"})
"""What no preset says: it depends on the questions and on the hall."""


@dataclass(frozen=True)
class Preset:
    """A way to hold a quiz that is known to work."""

    key: str
    label: Any
    # For whom and when.
    about: Any
    values: Mapping[str, Any]

    @property
    def settings(self) -> Settings:
        """The settings of a quiz that is just begun."""
        return Settings(**(asdict(_USUAL) | dict(self.values)))

    def apply(self, version: QuizVersion) -> Settings:
        """Return the settings of a version with those of the preset."""
        kept = {name: getattr(version, name) for name in LEFT_TO_EACH}
        return replace(self.settings, **kept)

    def differences(self, version: QuizVersion) -> list[tuple[str, object, object]]:
        """Return what a version says else: setting, here, in the preset."""
        wanted = asdict(self.apply(version))
        return [
            (name, getattr(version, name), value)
            for name, value in wanted.items()
            if getattr(version, name) != value
        ]


_USUAL = Settings(
    title="",
    pass_percent=None,
    attempts_allowed=0,
    counts="best",
    time_limit_minutes=None,
    shuffle_questions=True,
    shuffle_options=True,
    show_result="after_submit",
)


def _preset(key: str, label: Any, about: Any, **values: Any) -> Preset:
    return Preset(key, label, about, MappingProxyType(values))


PRESETS = (
    _preset(
        "practice",
        _l("Practice"),
        _l("To learn by trying: each answer is explained at once, and nothing counts."),
        show_result="after_each",
    ),
    _preset(
        "module",
        _l("Module quiz"),
        _l("After a module: to pass it with a few tries, and learn from what was not right."),
        pass_percent=60,
        attempts_allowed=3,
    ),
    _preset(
        "pretest",
        _l("Pretest"),
        _l("Before the training: what people know already. The answers stay closed for the posttest."),
        attempts_allowed=1,
        show_result="score_only",
    ),
    _preset(
        "posttest",
        _l("Posttest"),
        _l("After the training: it decides whether the requirements of the certificate are met."),
        pass_percent=70,
        attempts_allowed=2,
    ),
)
"""In the order of a training."""

_OF_PURPOSE = {
    Purpose.PRACTICE: "practice",
    Purpose.MODULE: "module",
    Purpose.PRETEST: "pretest",
    Purpose.POSTTEST: "posttest",
    Purpose.REFRESHER: "module",
}


def get_preset(key: str) -> Preset | None:
    """Return the preset of a name, None if there is none."""
    return next((preset for preset in PRESETS if preset.key == key), None)


def preset_of(purpose: str) -> Preset:
    """Return the preset a quiz of a purpose is measured by."""
    key = _OF_PURPOSE[Purpose(purpose)]
    return next(preset for preset in PRESETS if preset.key == key)


def tell(version: QuizVersion | Settings, *, purpose: str) -> Iterator[str]:
    """Yield what settings mean for who takes the quiz, a sentence each."""
    if version.pass_percent is None:
        yield _("There is nothing to pass.")
    else:
        yield _("Whoever reaches %(percent)s%% has passed.", percent=version.pass_percent)
    yield _tries(version.attempts_allowed, version.counts)
    yield _SHOWN[version.show_result]()
    for kind, when in _exceptions(version).items():
        yield _("%(what)s: %(when)s.", what=KINDS[kind], when=str(WHENS[when]).lower())
    if version.time_limit_minutes:
        yield _("%(minutes)s minutes; what is saved by then counts.", minutes=version.time_limit_minutes)
    if version.is_sequential:
        yield _("Questions come one at a time, and there is no way back.")
    if version.shuffle_questions:
        yield _("Everybody gets the questions in another order.")
    if version.needs_code:
        yield _("Whoever begins types the code of the hall.")
    if purpose == Purpose.POSTTEST:
        yield _("Before it everybody checks the name for the certificate.")


def _exceptions(version: QuizVersion | Settings) -> dict[str, str]:
    said = {kind: getattr(version, f"show_{kind}") for kind in KINDS}
    return {kind: when for kind, when in said.items() if when is not None}


def _tries(allowed: int, counts: str) -> str:
    if not allowed:
        return str(_("It can be taken as often as one likes."))
    if allowed == 1:
        return str(_("It can be taken once."))
    rules = {
        "best": _("It can be taken %(count)s times; the best result counts.", count=allowed),
        "last": _("It can be taken %(count)s times; the last result counts.", count=allowed),
        "first": _("It can be taken %(count)s times; the first result counts.", count=allowed),
        "average": _("It can be taken %(count)s times; the average counts.", count=allowed),
    }
    return str(rules[counts])


_SHOWN = {
    "after_submit": lambda: _("After handing in they see the right answers with reasons and articles."),
    "score_only": lambda: _("After handing in they see the score only; no answer is given away."),
    "after_close": lambda: _(
        "After handing in they see the score; the right answers come when the training has closed."
    ),
    "reasons_only": lambda: _(
        "After handing in they see the score, reasons and articles, never the right answers."
    ),
    "after_each": lambda: _("After each question they see the right answer and the reason."),
}
