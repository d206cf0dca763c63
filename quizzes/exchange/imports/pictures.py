"""The pictures that come with a question: drawn anew and named by their hash, as in the bank. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lms.core.errors import Invalid
from quizzes.bank.pictures.storing import Picture, read_picture
from quizzes.bank.pictures.texts import TextPicture, tidy_alt
from quizzes.types.base import Json

_MARK = re.compile(r"\{gambar:(?P<name>[^{}|]*)\|(?P<alt>[^{}]*)\}")


def with_kept(source: Json, files: Mapping[str, bytes]) -> tuple[Json, list[Picture]]:
    """Return a source with the pictures of ``files`` as the bank names them, and those pictures.

    A picture that cannot be kept becomes the words that it shows; that of a place stays, which is a fault.

    Raises:
        Invalid: the picture of a place cannot be kept.
    """
    kept: dict[str, Picture] = {}
    named = _replaced(source, files, kept)
    name = source.get("picture")
    if isinstance(name, str) and name in files:
        picture = kept[name] = read_picture(files[name])
        named["picture"] = picture.source()
    return named, list({picture.sha256: picture for picture in kept.values()}.values())


def list_names(value: object) -> set[str]:
    """Return the names of all pictures the texts of a source show."""
    if isinstance(value, str):
        return {match["name"].strip() for match in _MARK.finditer(value)}
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return {name for part in parts for name in list_names(part)}
    return set()


def _replaced(value: Any, files: Mapping[str, bytes], kept: dict[str, Picture]) -> Any:
    if isinstance(value, str):
        return _MARK.sub(lambda match: _mark(match, files, kept), value)
    if isinstance(value, dict):
        return {name: _replaced(part, files, kept) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, files, kept) for part in value]
    return value


def _mark(match: re.Match[str], files: Mapping[str, bytes], kept: dict[str, Picture]) -> str:
    name, alt = match["name"].strip(), tidy_alt(match["alt"])
    if name not in kept and name in files:
        try:
            kept[name] = read_picture(files[name], kept_as="WEBP").as_kept()
        except Invalid:
            return alt
    picture = kept.get(name)
    if picture is None:
        # Already one of the bank's, or a name nobody gave.
        return match[0] if re.fullmatch("[0-9a-f]{64} [0-9]+x[0-9]+", name) else alt
    return TextPicture(picture.sha256, picture.width, picture.height, alt or name).mark
