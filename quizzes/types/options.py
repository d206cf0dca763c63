"""Options of a choice question: what single choice and multiple response share.

On a paper an option is named by its position there, 1 for the first; in an answer by its index in the
content, 0 for the first, so that an answer means the same whatever order the paper had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from random import Random

from flask_babel import lazy_gettext as _l

from quizzes.types.base import FormatError, Json, Resolver

MIN_OPTIONS = 2
MAX_OPTIONS = 12
MAX_GROUP = 20
OPTION_FIELDS = frozenset({"text", "correct", "why", "fixed", "group"})


def option_faults(source: Json, *, further: frozenset[str] = frozenset()) -> list[str]:
    """Return what is wrong with the options of ``source``, not looking at the key.

    Args:
        source: what the author wrote.
        further: names an option of this type may have besides `OPTION_FIELDS`.
    """
    options = source.get("options")
    if not isinstance(options, list) or not all(isinstance(option, dict) for option in options):
        return [str(_l("The options are not a list."))]
    unknown = {name for option in options for name in option} - OPTION_FIELDS - further
    faults = [str(_l("Unknown field “%(name)s”.", name=name)) for name in sorted(unknown)]
    if len(options) < MIN_OPTIONS:
        faults.append(str(_l("At least two options are needed.")))
    if len(options) > MAX_OPTIONS:
        faults.append(str(_l("At most %(count)s options are possible.", count=MAX_OPTIONS)))
    faults += [
        str(_l("Option %(number)s is empty.", number=number))
        for number, option in enumerate(options, 1)
        if not str(option.get("text", "")).strip()
    ]
    return faults + [str(fault) for fault in _faults_of_groups(options)]


def _faults_of_groups(options: Sequence[Json]) -> Iterator[object]:
    """Yield why groups could not stay together whatever the order."""
    groups = [option.get("group") for option in options]
    if not any(groups):
        return
    if any(group and (not isinstance(group, str) or len(group) > MAX_GROUP) for group in groups):
        yield _l("A group is a word of at most %(count)s letters.", count=MAX_GROUP)
        return
    runs = [group for group, _run in groupby(groups) if group]
    for group in sorted({group for group in runs if runs.count(group) > 1}, key=str):
        yield _l("The answers of group “%(group)s” do not stand together.", group=group)
    kept = [bool(option.get("fixed")) for option in options]
    if any(is_kept and group for is_kept, group in zip(kept, groups, strict=True)):
        yield _l("An answer stays in its place or goes with its group, not both.")
    if len([is_kept for is_kept, _run in groupby(kept) if not is_kept]) > 1:
        yield _l("Beside groups, answers that stay in their place stand first or last.")


def count_correct(source: Json) -> int:
    """Return how many options of ``source`` are marked correct."""
    return sum(bool(option.get("correct")) for option in source.get("options", []))


def resolve_options(source: Json, resolver: Resolver) -> Json:
    """Return the options as content: HTML, key, reason, whether one keeps its place, and its group if any."""
    return {
        "options": [
            {
                "html": resolver.html(str(option.get("text", ""))),
                "correct": bool(option.get("correct")),
                "why_html": resolver.html(str(option["why"])) if option.get("why") else "",
                "fixed": bool(option.get("fixed")),
            }
            | ({"group": option["group"]} if option.get("group") else {})
            for option in source["options"]
        ]
    }


def order_options(content: Json, rng: Random, *, shuffle: bool) -> Json:
    """Return the order of one paper as indexes of the content.

    Fixed options keep their place; those of a group stay beside each other, in the order they were written.
    """
    order = list(range(len(content["options"])))
    if shuffle:
        movable = [index for index in order if not content["options"][index]["fixed"]]
        blocks = _blocks(content["options"], movable)
        shuffled = [index for block in rng.sample(blocks, len(blocks)) for index in block]
        for place, index in zip(movable, shuffled, strict=True):
            order[place] = index
    return {"order": order}


def _blocks(options: Sequence[Json], movable: Sequence[int]) -> list[list[int]]:
    """Return what moves as one: each group, and each option without one."""
    runs = groupby(movable, key=lambda index: options[index].get("group") or index)
    return [list(run) for _group, run in runs]


def present_options(content: Json, prepared: Json) -> Json:
    """Return positions and texts, nothing else."""
    options = content["options"]
    return {
        "options": [
            {"position": position, "html": options[index]["html"]}
            for position, index in enumerate(prepared["order"], 1)
        ]
    }


def positions(content: Json, prepared: Json, *, are_right: bool) -> list[str]:
    """Return the places on the paper of the right (or the wrong) options, as form values."""
    options = content["options"]
    return [
        str(position)
        for position, index in enumerate(prepared["order"], 1)
        if options[index]["correct"] is are_right
    ]


def read_positions(values: Sequence[str], prepared: Json) -> list[int]:
    """Return the content indexes of the positions sent, in content order and each once.

    Raises:
        FormatError: a value is not a position of this paper.
    """
    places = {str(position): index for position, index in enumerate(prepared["order"], 1)}
    chosen = [value for value in values if value != ""]
    if any(value not in places for value in chosen):
        raise FormatError(_l("This answer is not one of the options. Please choose again."))
    return sorted({places[value] for value in chosen})


def review_options(content: Json, prepared: Json, chosen: Sequence[int]) -> Json:
    """Return every option in the order of the paper with what was chosen, what is right, and why."""
    options = content["options"]
    return {
        "options": [
            {
                "position": position,
                "html": options[index]["html"],
                "is_chosen": index in chosen,
                "is_right": options[index]["correct"],
                "why_html": options[index]["why_html"],
            }
            for position, index in enumerate(prepared["order"], 1)
        ]
    }
