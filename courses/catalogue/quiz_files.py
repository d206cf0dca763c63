"""Quizzes of a course as written: title, purpose, settings; who holds the questions reads the slots."""

from __future__ import annotations

from flask_babel import gettext as _

from courses.catalogue.course_files import CourseFiles
from courses.catalogue.fields import FieldReader, Kind
from courses.catalogue.sources import QuizSource
from courses.facts.documents import SourceMap

PURPOSES = ("practice", "module", "pretest", "posttest", "refresher")
_NEEDED = {"title": Kind.TEXT, "purpose": Kind.TEXT, "slots": Kind.LIST}
_SETTINGS = {
    "pass_percent": Kind.WHOLE, "attempts": Kind.WHOLE, "time_limit_minutes": Kind.WHOLE,
    "counts": Kind.TEXT, "show_result": Kind.TEXT, "show_marks": Kind.TEXT,
    "show_answers": Kind.TEXT, "show_feedback": Kind.TEXT, "show_citations": Kind.TEXT,
    "shuffle_questions": Kind.BOOLEAN, "shuffle_options": Kind.BOOLEAN,
    "markers": Kind.WHOLE, "marking_gap_percent": Kind.WHOLE, "marked_blind": Kind.BOOLEAN,
    "opens": Kind.TEXT, "closes": Kind.TEXT, "grace_seconds": Kind.WHOLE,
    "needs_code": Kind.BOOLEAN, "cooldown_minutes": Kind.WHOLE,
    "sequential": Kind.BOOLEAN, "retries": Kind.WHOLE, "retry_cost_percent": Kind.WHOLE,
}  # fmt: skip


def read_quiz(files: CourseFiles, path: str) -> QuizSource | None:
    """Return a quiz, None where it cannot be told which it is."""
    file = f"{path}.yaml"
    found = len(files.faults)
    data = files.document(file)
    if not isinstance(data, SourceMap):
        if len(files.faults) == found:
            files.fault(file, 1, _("The file must hold fields."))
        return None
    reader = FieldReader(files.faults, file, data)
    values = reader.read(_NEEDED, _SETTINGS)
    if values.get("purpose", "module") not in PURPOSES:
        reader.say("purpose", _("A quiz is one of: %(kinds)s.", kinds=", ".join(PURPOSES)))
    if values.get("pass_percent", 0) > 100:
        reader.say("pass_percent", _("Nobody can reach more than 100 percent."))
    return QuizSource(path, file, data) if "title" in values else None
