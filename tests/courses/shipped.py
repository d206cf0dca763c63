"""The course that is shipped, read once in a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from courses.catalogue.folder import read_folder
from courses.catalogue.sources import CourseFolder

FOLDER = Path(__file__).parents[2] / "courses" / "curriculum" / "kader-penggerak"


@cache
def shipped_course() -> CourseFolder:
    """Return the shipped course; nobody changes what is in it."""
    return read_folder(FOLDER)
