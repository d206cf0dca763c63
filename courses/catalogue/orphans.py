"""Files of a course that nothing names: each with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from flask_babel import gettext as _

from courses.catalogue.question_files import QUESTIONS
from courses.catalogue.scenarios import FOLDER as SCENARIOS
from courses.facts.documents import Fault

CHECKLISTS = "daftar-periksa"
_QUESTION_FILE = re.compile(rf"{QUESTIONS}/[a-z0-9-]+\.yaml")


def find_orphans(files: Iterable[str], named: Container[str]) -> list[Fault]:
    """Return a fault for each file that is neither named nor full of questions."""
    return [
        Fault(file, 0, _say_what_to_do(file))
        for file in files
        if file not in named and not _QUESTION_FILE.fullmatch(file)
    ]


def _say_what_to_do(file: str) -> str:
    if file.startswith((f"{SCENARIOS}/", f"{CHECKLISTS}/")):
        return str(_("Nothing names this file: put it under “scenarios” or “checklists” of course.yaml."))
    if "/gambar/" in file and not file.startswith(f"{QUESTIONS}/"):
        line = f"![…](gambar/{file.rpartition('/')[2]})"
        return str(_("No lesson shows this drawing: write %(line)s in one, or remove the file.", line=line))
    return str(_("No step uses this file: name it in course.yaml, or remove it."))
