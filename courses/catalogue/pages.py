"""Pages of a course as written: Markdown behind its front matter."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from courses.catalogue.course_files import CourseFiles
from courses.catalogue.fields import FieldReader, Kind
from courses.catalogue.sources import ChecklistSource, LessonSource
from courses.facts.documents import SourceMap

_PAGE = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


def read_lesson(files: CourseFiles, path: str) -> LessonSource | None:
    """Return a lesson, or a page that stands beside the steps; None where it has faults."""
    file = f"{path}.md"
    page = _read_page(files, file, _("A lesson begins with “---”, title, minutes and “---”."))
    if page is None:
        return None
    front, text = page
    values = FieldReader(files.faults, file, front).read({"title": Kind.TEXT, "minutes": Kind.WHOLE})
    return LessonSource(path, file, values.get("title", ""), values.get("minutes", 0), text)


def read_checklist(files: CourseFiles, slug: str, file: str) -> ChecklistSource | None:
    """Return a checklist, None where it has faults."""
    page = _read_page(files, file, _("A checklist begins with “---”, title, subject and “---”."))
    if page is None:
        return None
    front, text = page
    values = FieldReader(files.faults, file, front).read(
        {"title": Kind.TEXT, "subject": Kind.TEXT}, {"berlaku": Kind.TEXT}
    )
    return ChecklistSource(
        slug, file, values.get("title", ""), values.get("subject", ""), text, values.get("berlaku", "")
    )


def _read_page(files: CourseFiles, file: str, beginning: str) -> tuple[SourceMap, str] | None:
    """Return front matter and text of a page, each line where it was; ``beginning``: how it must begin."""
    text = files.text(file)
    if text is None:
        return None
    parts = _PAGE.match(text)
    front = files.parse("\n" + parts[1], file) if parts else None
    if parts is None or not isinstance(front, SourceMap):
        files.fault(file, 1, beginning)
        return None
    if not parts[2].strip():
        files.fault(file, parts[1].count("\n") + 3, _("The lesson is empty."))
    return front, "\n" * (parts[1].count("\n") + 2) + parts[2]
