"""Questions of a course as written: files by topic; who holds the questions reads what they say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from courses.catalogue.course_files import SLUG, CourseFiles
from courses.catalogue.sources import QuestionSource
from courses.facts.documents import SourceMap

QUESTIONS = "questions"
_PICTURE = re.compile(rf"{QUESTIONS}/gambar/[a-z0-9]+(?:-[a-z0-9]+)*\.(?:png|jpe?g|webp)")
"""What questions are asked on beside drawings; a question names it `gambar/slip.png`, a text by its hash."""
_SHOWN = re.compile(r"\{gambar:\s*(?P<hash>[0-9a-f]{64}) ")


def read_questions(files: CourseFiles) -> dict[str, QuestionSource]:
    """Return the questions of all topics by their id."""
    found: dict[str, QuestionSource] = {}
    for file in sorted(files.files):
        if not file.startswith(f"{QUESTIONS}/") or _PICTURE.fullmatch(file):
            continue
        topic = file.removeprefix(f"{QUESTIONS}/").removesuffix(".yaml")
        if not SLUG.fullmatch(topic) or not file.endswith(".yaml"):
            files.fault(file, 0, _("Questions are in files like questions/topic.yaml."))
            continue
        for entry in files.maps(file, files.document(file)):
            _add(files, found, topic, file, entry)
    return found


def _add(
    files: CourseFiles, found: dict[str, QuestionSource], topic: str, file: str, entry: SourceMap
) -> None:
    question_id = entry.get("id")
    line = entry.line_of("id")
    if not isinstance(question_id, str) or not re.fullmatch(rf"{topic}-\d\d+", question_id):
        files.fault(file, line, _("The id of a question here is like %(topic)s-01.", topic=topic))
    elif question_id in found:
        files.fault(file, line, _("“%(key)s” is written twice.", key=question_id))
    else:
        found[question_id] = QuestionSource(question_id, topic, file, entry.line, entry)


def list_pictures(files: Mapping[str, bytes], questions: Iterable[QuestionSource]) -> set[str]:
    """Return the paths of the pictures that questions name, and of those their texts show."""
    sources = [question.data for question in questions]
    shown = {match["hash"] for data in sources for match in _SHOWN.finditer(str(data))}
    named = {f"{QUESTIONS}/{data.get('picture')}" for data in sources}
    for path, body in files.items():
        if shown and _PICTURE.fullmatch(path) and hashlib.sha256(body).hexdigest() in shown:
            named.add(path)
    return named
