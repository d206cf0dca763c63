"""What the settings of a quiz are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.bank.quiz.showing import KINDS

SETTING_NAMES = {
    "title": _l("Title"),
    "pass_percent": _l("Pass mark"),
    "attempts_allowed": _l("Attempts allowed"),
    "counts": _l("What counts"),
    "time_limit_minutes": _l("Time limit in minutes"),
    "shuffle_questions": _l("Questions in another order for everybody"),
    "shuffle_options": _l("Answers in another order for everybody"),
    "show_result": _l("What people see afterwards"),
    "show_marks": KINDS["marks"],
    "show_answers": KINDS["answers"],
    "show_feedback": KINDS["feedback"],
    "show_citations": KINDS["citations"],
    "markers": _l("Answers a person marks"),
    "marking_gap_percent": _l("A third marks when two are further apart than, in percent"),
    "is_marked_blind": _l("Markers do not see whose answer it is"),
    "opens": _l("Opens"),
    "closes": _l("Closes"),
    "grace_seconds": _l("Grace for answers on their way, in seconds"),
    "needs_code": _l("Whoever begins types the code of the hall"),
    "cooldown_minutes": _l("Rest between tries, in minutes"),
    "is_sequential": _l("One question at a time, and no way back"),
    "retries": _l("Tries more at a question (practice)"),
    "retry_cost_percent": _l("Each of them costs, in percent"),
}
"""By column of a quiz version."""
