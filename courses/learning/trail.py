"""The way somebody took through a scenario. It lives in the address alone: nothing is stored. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from courses.catalogue.models import Scenario, Scene

MAX_STEPS = 40
"""Longer ways forget how they began; who walks in a circle so often knows it."""
_STEP = re.compile(r"([a-z0-9-]+)\.([1-9])")


@dataclass(frozen=True)
class Taken:
    """A choice somebody made: its scene, its number there, and what it said and brought about."""

    scene: str
    number: int
    text: str
    why: str


@dataclass(frozen=True)
class Trail:
    """The choices that led to `here`, the first one first."""

    here: Scene
    taken: tuple[Taken, ...]
    is_from_start: bool

    @property
    def number(self) -> int | None:
        """How many scenes one has seen with this one; None for who came in the middle."""
        return len(self.taken) + 1 if self.is_from_start else None

    @property
    def last(self) -> Taken | None:
        """The choice that led here."""
        return self.taken[-1] if self.taken else None

    def onward(self, number: int) -> str:
        """Return the way to the next scene by choice ``number``, as its address carries it."""
        steps = [*((one.scene, one.number) for one in self.taken), (self.here.key, number)]
        return "_".join(f"{scene}.{choice}" for scene, choice in steps[-MAX_STEPS:])


def follow(scenario: Scenario, here: Scene, text: str) -> Trail:
    """Return the way ``text`` tells, or none where it is not one that leads to ``here``."""
    scenes = {scene.key: scene for scene in scenario.scenes}
    taken: list[Taken] = []
    led_to = None
    for match in map(_STEP.fullmatch, text.split("_")[:MAX_STEPS]):
        choice = _find(scenes.get(match[1]), int(match[2])) if match else None
        if match is None or choice is None or led_to not in {None, match[1]}:
            taken = []
            break
        taken.append(Taken(match[1], int(match[2]), choice["text"], choice["why"]))
        led_to = choice["next"]
    if led_to != here.key:
        taken = []
    begin = taken[0].scene if taken else here.key
    return Trail(here, tuple(taken), is_from_start=begin == scenario.scenes[0].key)


def _find(scene: Scene | None, number: int) -> dict[str, Any] | None:
    choices: Sequence[dict[str, Any]] = scene.choices if scene else []
    return choices[number - 1] if number <= len(choices) else None
