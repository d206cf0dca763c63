"""Ways through a scenario: every scene can be reached, an ending from every scene, a good one among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from courses.catalogue.scenarios import ScenarioSource, SceneSource
from courses.facts.documents import Fault


def check_walks(scenario: ScenarioSource, *, whole: ScenarioSource) -> list[Fault]:
    """Return what keeps people from walking through ``scenario``.

    Args:
        scenario: as it stands at a law date.
        whole: the same with what that date leaves out, to tell a scene left out from one never written.
    """
    file = scenario.file
    if not scenario.scenes:
        return [Fault(file, 1, str(_("No scene belongs to this law date: put “berlaku” on the whole file.")))]
    faults = [Fault(file, line, message) for line, message in _check_choices(scenario, whole)]
    if faults:
        return faults
    scenes = {scene.id: scene for scene in scenario.scenes}
    forward = {key: {choice.next for choice in scene.choices} for key, scene in scenes.items()}
    faults += [Fault(file, line, message) for line, message in _check_graph(scenes, forward)]
    if not any(scene.ending == "good" for scene in scenario.scenes):
        faults.append(Fault(file, 1, str(_("No ending is good: give one scene “end: good”."))))
    return faults


def _check_choices(scenario: ScenarioSource, whole: ScenarioSource) -> Iterable[tuple[int, str]]:
    here = {scene.id for scene in scenario.scenes}
    written = {scene.id for scene in whole.scenes}
    for choice in (choice for scene in scenario.scenes for choice in scene.choices):
        if choice.next not in written:
            text = _("There is no scene “%(key)s”: write it, or name another one.", key=choice.next)
            yield choice.next_line, str(text)
        elif choice.next not in here:
            text = _(
                "The scene “%(key)s” is not part of this edition: give this choice the same “berlaku”.",
                key=choice.next,
            )
            yield choice.next_line, str(text)


def _check_graph(
    scenes: Mapping[str, SceneSource], forward: Mapping[str, set[str]]
) -> Iterable[tuple[int, str]]:
    backward: dict[str, set[str]] = {key: set() for key in scenes}
    for key, following in forward.items():
        for other in following:
            backward[other].add(key)
    dead = {key for key, scene in scenes.items() if not scene.ending and not scene.choices}
    reached = _reach([next(iter(scenes))], forward)
    way_out = _reach([*dead, *(key for key, scene in scenes.items() if scene.ending)], backward)
    for key, scene in scenes.items():
        if key in dead:
            yield scene.line, str(_("The story stops here: give choices, or “end” with a debrief."))
        if key not in reached:
            yield scene.line, str(_("No choice leads to this scene: let one lead here, or take it out."))
        if key not in way_out:
            yield (
                scene.line,
                str(_("From here nothing leads to an end: let a choice lead out of the circle.")),
            )


def _reach(begin: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set[str](), list(begin)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += edges[key] - found
    return found
