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
STATUSES = {"draft": _l("Draft"), "ready": _l("Ready"), "retired": _l("Retired")}
COUNTS = {"best": _l("The best attempt counts"), "last": _l("The last attempt counts")}
SHOW_RESULT = {
    "after_submit": _l("Right answers and reasons after handing in"),
    "score_only": _l("The score only"),
}
PURPOSES = {
    "practice": _l("Practice"),
    "module": _l("Module quiz"),
    "pretest": _l("Pretest"),
    "posttest": _l("Posttest"),
    "refresher": _l("Refresher"),
}
