"""What the address of the list of questions says, and takes along to a question and its editor."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

ARGUMENTS = frozenset(
    {"q", "topik", "label", "modul", "tingkat", "sulit", "status", "pakai", "jenis", "milik", "sebelum"}
)


def kept_arguments() -> dict[str, str]:
    """Return what the address of this page says about the list it was opened from."""
    return list_arguments(request.args)


def list_arguments(said: Mapping[str, str]) -> dict[str, str]:
    """Return what an address says about the list."""
    return {name: value for name, value in said.items() if value and name in ARGUMENTS}
