"""Photos in lessons: still WebP pictures as the editor writes them, shown by the hash of the file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import LessonPicture
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound
from lms.core.pictures import read_kept

ADDRESS = "/gambar-materi/"
ENDING = ".webp"


@dataclass(frozen=True)
class Photo:
    """A photo as it is named and how large it is, in steps of the screen."""

    sha256: str
    width: int
    height: int


def read_photo(body: bytes) -> Photo:
    """Return what a file of a module's pictures is.

    Raises:
        Invalid: it is none that the editor wrote.
    """
    kept = read_kept(body)
    return Photo(kept.sha256, kept.width, kept.height)


def photos_in(files: Mapping[str, bytes]) -> dict[Photo, bytes]:
    """Return the photos beside lessons among the files of a course; what is none is left to its check."""
    found = {}
    for path, body in files.items():
        if path.endswith(ENDING) and "/gambar/" in path and not path.startswith("questions/"):
            with suppress(Invalid):
                found[read_photo(body)] = body
    return found


def write_photo(photo: Photo, alternative: str) -> str:
    """Return a photo as safe HTML; it is fetched when it comes into view."""
    size = f'width="{photo.width}" height="{photo.height}"'
    return f'<img src="{ADDRESS}{photo.sha256}" alt="{escape(alternative)}" {size} loading="lazy">'


def keep_photos(session: Session, photos: Mapping[Photo, bytes], *, now: datetime) -> None:
    """Keep the bodies of photos, so that pages can show them; those there are stay as they are."""
    if not photos:
        return
    begin_write(session)
    bodies = {photo.sha256: body for photo, body in photos.items()}
    known = set(session.scalars(select(LessonPicture.sha256).where(LessonPicture.sha256.in_(bodies))))
    for sha256 in bodies.keys() - known:
        session.add(LessonPicture(sha256=sha256, body=bodies[sha256], kept_at=now))
    session.flush()


def get_photo(session: Session, sha256: str) -> bytes:
    """Return the body of a photo.

    Raises:
        NotFound: there is none.
    """
    body = session.scalar(select(LessonPicture.body).where(LessonPicture.sha256 == sha256))
    if body is None:
        raise NotFound
    return body
