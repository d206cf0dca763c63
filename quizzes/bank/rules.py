"""What questions and quizzes may say, in a course folder and in the browser alike, with labels."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MAX_ATTEMPTS = 100
MAX_DRAW = 100
MUST_HAVE_A_PASS_MARK = frozenset({"module", "posttest", "refresher"})
"""Purposes of a quiz that nobody passes without having answered anything."""

USES = {"graded": _l("For quizzes that count"), "practice": _l("For practice only")}
DIFFICULTIES = {"easy": _l("Easy"), "medium": _l("Medium"), "hard": _l("Hard")}
LEVELS = {"remember": _l("Remember"), "apply": _l("Apply"), "decide": _l("Decide")}
"""What a question asks of a person: one axis of the blueprint; the other is the module."""
STATUSES = {
    "draft": _l("Draft"),
    "review": _l("In review"),
    "ready": _l("Ready"),
    "paused": _l("Paused"),
    "retired": _l("Retired"),
}
COUNTS = {
    "best": _l("The best attempt counts"),
    "last": _l("The last attempt counts"),
    "first": _l("The first attempt counts"),
    "average": _l("The average of all attempts counts"),
}
SHOW_RESULT = {
    "after_submit": _l("Right answers and reasons after handing in"),
    "score_only": _l("The score only"),
    "after_close": _l("The score at once, right answers and reasons when the training has closed"),
    "reasons_only": _l("The score, reasons and articles after handing in, never the right answers"),
    "after_each": _l("Right answers and reasons after each question (practice)"),
}
"""Presets; `quizzes.bank.quiz.showing` says what each shows when."""
PURPOSES = {
    "practice": _l("Practice"),
    "module": _l("Module quiz"),
    "pretest": _l("Pretest"),
    "posttest": _l("Posttest"),
    "refresher": _l("Refresher"),
}
