"""Categories of Moodle, a path such as ``$course$/top/Iuran/JHT``, as subjects of ours. Pure."""

from __future__ import annotations

import re

_ROOTS = re.compile(r"\A\$[a-z0-9]+\$(?:/|\Z)", re.I)
_SLASH = "\ue020"


def read_topic(path: str) -> str:
    """Return the subject of a path: its names without course and top, "/" between them; // is a slash."""
    bare = _ROOTS.sub("", path.strip().replace("//", _SLASH))
    names = [name.strip().replace(_SLASH, "/") for name in bare.split("/")]
    if names and names[0] == "top":
        names = names[1:]
    return " / ".join(name for name in names if name)[:200]


def write_topic(topic: str) -> str:
    """Return the path of a subject; `read_topic` gives the subject again."""
    names = [" ".join(name.split()) for name in topic.split(" / ")]
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in names if name)])
