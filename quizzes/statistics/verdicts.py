"""What a report says in words, before any number."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.core.i18n import show_percent
from quizzes.live.facility import LEAST_PEOPLE
from quizzes.statistics.gains import Gain, Sure
from quizzes.statistics.items import LEAST_FOR_DISCRIMINATION
from quizzes.statistics.reports import ENOUGH, QuizReport, Row

SATISFACTORY, UNSATISFACTORY = 75, 64
"""Of the coefficient of internal consistency; docs.moodle.org/dev/Quiz_report_statistics."""

FINDINGS = {
    "few": _l("Too few answers"),
    "lure": _l("Check the answers"),
    "key": _l("Check the key"),
    "hard": _l("Very hard"),
    "easy": _l("Very easy"),
    "weak": _l("Tells little"),
    "fine": _l("Good"),
    "open": _l("Nothing speaks against it"),
}
"""By the word of `quizzes.statistics.reports.Row.finding`."""


@dataclass(frozen=True)
class Verdict:
    """One sentence, with the name of its sign; ``place`` is the question to look at, 0: the whole quiz."""

    icon: str
    text: str
    place: int = 0


MOST_TOLD = 8
"""Questions that have a sentence of their own; the others are counted."""


def judge_quiz(report: QuizReport, *, is_pretest: bool = False) -> list[Verdict]:
    """Return what to do, the gravest first, then how far it can be relied on."""
    if report.quiz.attempts < LEAST_PEOPLE:
        return [Verdict("hourglass", _too_few(report.quiz.attempts))]
    told, more = report.to_check[:MOST_TOLD], report.to_check[MOST_TOLD:]
    found = [Verdict("triangle-alert", say(row), row.place.number) for row in told]
    if more:
        numbers = ", ".join(str(row.place.number) for row in more)
        found.append(Verdict("triangle-alert", str(_("Check these, too: %(numbers)s.", numbers=numbers))))
    found = found or [Verdict("circle-check", str(_("No question stands out.")))]
    if is_pretest:
        found.append(
            Verdict("info", str(_("Before the training many guess, so this says what to teach, too.")))
        )
    found.append(Verdict("gauge", _reliability(report)))
    if not report.is_enough:
        found.append(Verdict("hourglass", _too_few(report.quiz.attempts)))
    return found


def say(row: Row) -> str:
    """Return what to look at in a question."""
    number = row.place.number
    if row.lure:
        asked, option = row.lure
        if row.place.is_drawn:
            return str(
                _(
                    "Check “%(summary)s” (drawn): those who know most choose %(letter)s, “%(text)s”.",
                    summary=shorten(asked.summary, 80, placeholder="…"),
                    letter=option.letter,
                    text=_bare(option.text),
                )
            )
        return str(
            _(
                "Check question %(number)s: those who know most choose %(letter)s, “%(text)s”.",
                number=number,
                letter=option.letter,
                text=_bare(option.text),
            )
        )
    if row.finding == "key":
        return str(
            _(
                "Check the key of question %(number)s: those who do well elsewhere get it wrong.",
                number=number,
            )
        )
    if row.finding == "hard":
        return str(
            _(
                "Check question %(number)s: hardly anybody gets it right. Is it clear, and is it taught?",
                number=number,
            )
        )
    return str(
        _("Check question %(number)s: it hardly tells those who know from those who do not.", number=number)
    )


def _bare(text: str) -> str:
    """Return an answer without quotation marks of its own: the sentence has some."""
    return text.strip('“”" ')


def _too_few(count: int) -> str:
    return str(
        _(
            "Not enough answers yet (%(count)s of about %(enough)s): more may change what is said here.",
            count=count,
            enough=ENOUGH,
        )
    )


def _reliability(report: QuizReport) -> str:
    """Return how far the results of single people can be relied on, by the interval, never by the number."""
    interval = report.cic_interval
    if report.quiz.attempts < LEAST_FOR_DISCRIMINATION or interval is None or report.quiz.cic is None:
        return str(_("Too few papers to say how far single results can be relied on."))
    value = show_percent(round(report.quiz.cic))
    if interval.low >= SATISFACTORY:
        return str(_("Single results can be relied on (internal consistency %(value)s).", value=value))
    if interval.high < UNSATISFACTORY:
        return str(
            _(
                "Single results are rough (internal consistency %(value)s): decide nothing by a few points.",
                value=value,
            )
        )
    return str(
        _("How far single results can be relied on is open (internal consistency %(value)s).", value=value)
    )


SIZES = {
    "loss": _l("less than before"),
    "low": _l("low"),
    "medium": _l("medium"),
    "high": _l("high"),
    "": "",
}
"""Of a class gain, by `quizzes.statistics.gains.Gain.size`."""


def judge_learning(gain: Gain, sure: Sure) -> list[Verdict]:
    """Return what a cohort learned, and how far so few people tell it."""
    if gain.before is None or gain.after is None:
        return [Verdict("hourglass", str(_("Nobody has handed in both pretest and posttest yet.")))]
    found = [Verdict("trending-up" if gain.after > gain.before else "triangle-alert", _moved(gain))]
    if gain.people < LEAST_PEOPLE:
        few = _("Too few people (%(count)s) to say more than how they did.", count=gain.people)
        return [*found, Verdict("hourglass", str(few))]
    if sure.class_gain is None or sure.class_gain.low <= 0 <= sure.class_gain.high:
        found.append(Verdict("gauge", str(_("Whether others like them would learn from it is open."))))
    elif gain.class_gain is not None and gain.class_gain >= 0:
        words = _("The class gain is %(size)s: of what was missing, %(share)s was learned.", **_said(gain))
        found.append(Verdict("gauge", str(words)))
    return found


def _moved(gain: Gain) -> str:
    words = {"people": gain.people, "before": _whole(gain.before), "after": _whole(gain.after)}
    if (gain.after or 0) > (gain.before or 0):
        return str(_("%(people)s people rose from %(before)s to %(after)s on average.", **words))
    if gain.after == gain.before:
        return str(_("%(people)s people had %(before)s on average before and after.", **words))
    return str(_("%(people)s people fell from %(before)s to %(after)s on average.", **words))


def _said(gain: Gain) -> dict[str, str]:
    return {"size": str(SIZES[gain.size]), "share": _whole(100 * (gain.class_gain or 0))}


def _whole(percent: float | None) -> str:
    return show_percent(round(percent or 0))
