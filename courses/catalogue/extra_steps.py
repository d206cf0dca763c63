"""Quiz steps beside an edition, for one cohort. The edition itself stays as it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Day, Module, Step
from lms.core.errors import NotFound


def add_extra_step(
    session: Session,
    *,
    edition_id: int,
    folder: str,
    path: str,
    title: str,
    minutes: int,
    release: Sequence[Mapping[str, Any]],
) -> Step:
    """Add a quiz step beside an edition, in the open write transaction; whose it is its caller notes.

    Args:
        folder: of the module it stands in, after the module's own steps.
        path: after ``<course slug>/`` the key of the quiz.
        release: as in `Step.release`.

    Raises:
        NotFound: the edition has no such module.
    """
    module_id = session.scalar(
        select(Module.id).join(Module.day).where(Day.edition_id == edition_id, Module.folder == folder)
    )
    if module_id is None:
        raise NotFound
    step = Step(
        edition_id=edition_id,
        module_id=module_id,
        position=0,
        path=path,
        kind="quiz",
        title=title,
        minutes=minutes,
        release=[dict(rule) for rule in release],
        is_required=False,
        is_extra=True,
    )
    session.add(step)
    session.flush()
    return step
