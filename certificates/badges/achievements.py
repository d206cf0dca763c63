"""What is achieved: an edition of a course, under an address a browser can open."""

from __future__ import annotations

import re

from lms.core.text import fold

PATH = "/capaian"
IMAGE_PATH = f"{PATH}/lencana.png"


def name_achievement(title: str) -> str:
    """Return a title as it stands in an address, e.g. `pelatihan-kader-penggerak`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-") or "pelatihan"


def achievement_path(title: str, *, edition: int) -> str:
    """Return the path of an edition's page."""
    return f"{PATH}/{name_achievement(title)}/{edition}"
