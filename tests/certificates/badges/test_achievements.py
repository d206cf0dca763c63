"""Addresses of achievements."""

from __future__ import annotations

import pytest

from certificates.badges.achievements import achievement_path, name_achievement


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Pelatihan Kader Penggerak", "pelatihan-kader-penggerak"),
        ("  UU 40/2004: dasar & arti ", "uu-40-2004-dasar-arti"),
        ("Ḥikmah", "ikmah"),
        ("培训", "pelatihan"),
    ],
)
def test_title_in_an_address(title: str, name: str) -> None:
    assert name_achievement(title) == name


def test_path_names_the_edition() -> None:
    assert achievement_path("Pelatihan Kader", edition=3) == "/capaian/pelatihan-kader/3"
