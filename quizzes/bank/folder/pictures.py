"""Pictures of questions in the folder of a course."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lms.core.errors import Invalid
from quizzes.bank.pictures.storing import Picture, get_picture, read_kept, read_picture
from quizzes.bank.pictures.texts import list_pictures
from quizzes.bank.resolving import SourceError
from quizzes.types.base import Json
from quizzes.types.pictures import is_picture

FOLDER = "questions"
"""Folder of a course that pictures are named from: `gambar/slip.png`."""


def with_picture(source: Json, files: Mapping[str, bytes]) -> tuple[Json, Picture | None]:
    """Return a source of a folder with the picture it names in the place of its name.

    Raises:
        SourceError: there is no such file, or it cannot be shown.
    """
    name = source.get("picture")
    if name is None:
        return source, None
    body = files.get(f"{FOLDER}/{name}")
    if body is None:
        raise SourceError("picture", _("There is no file %(file)s.", file=f"{FOLDER}/{name}"))
    try:
        picture = read_picture(body)
    except Invalid as error:
        raise SourceError("picture", error.message) from error
    return source | {"picture": picture.source(str(name))}, picture


def by_hash(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pictures beside the questions of a folder by the hash that marks in texts name."""
    return {
        hashlib.sha256(body).hexdigest(): body
        for path, body in files.items()
        if path.startswith(f"{FOLDER}/gambar/")
    }


def pictures_of_texts(source: Json, there: Mapping[str, bytes]) -> dict[str, Picture]:
    """Return by hash the pictures that the texts of a source show.

    Args:
        there: the folder's, by hash.

    Raises:
        SourceError: one is not in the folder, or it cannot be shown.
    """
    found: dict[str, Picture] = {}
    for name, value in source.items():
        for digest in list_pictures(value):
            if digest not in there:
                file = f"{FOLDER}/{_name(digest, 'webp')}"
                raise SourceError(name, _("The picture of this text is not here: %(file)s.", file=file))
            try:
                found[digest] = read_kept(there[digest])
            except Invalid as error:
                raise SourceError(name, error.message) from error
    return found


def named_picture(session: Session, source: Json) -> tuple[Json, dict[str, bytes]]:
    """Return a source as a folder has it, with the files of the pictures that came by a form."""
    files = {}
    for digest in list_pictures(source):
        name, body = _written(session, digest)
        files[f"{FOLDER}/{name}"] = body
    value = source.get("picture")
    if not is_picture(value) or not isinstance(value, dict):
        return source, files
    if value.get("file"):
        return source | {"picture": value["file"]}, files
    name, body = _written(session, value["sha256"])
    return source | {"picture": name}, files | {f"{FOLDER}/{name}": body}


def _written(session: Session, digest: str) -> tuple[str, bytes]:
    row = get_picture(session, digest)
    return _name(digest, row.media_type.partition("/")[2].replace("jpeg", "jpg")), row.body


def _name(digest: str, ending: str) -> str:
    return f"gambar/{digest[:16]}.{ending}"
