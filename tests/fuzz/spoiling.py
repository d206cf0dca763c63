"""Files spoiled at random: bytes changed, parts lost, doubled or taken from another; packages from inside."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random

WORDS = (
    *(b"{", b"}", b"=", b"~%50%", b"%-1e999%", b"#", b"####", b"->", b"\\", b"::", b"//", b"$CATEGORY: "),
    *(
        b"\n\n",
        b"\r",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<",
        b"</",
        b"]]>",
        b"&amp;",
        b"&#0;",
        b'"',
        b";",
        b",",
    ),
    *(
        b"\t",
        b"-1",
        b"0",
        b"1e400",
        b"NaN",
        b"99999999999999999999",
        b"{1:MULTICHOICE:",
        b"{fakta:jkm}",
        b"../",
    ),
    *(b"{gambar:a|b}", b"@@PLUGINFILE@@/", b"Kunci: ", b"ANSWER: ", b"true", b"multiple", b"identifier", b""),
)
"""What means something in one of the formats."""
TOLD = tuple(word for word in WORDS if not set(word) & set(b'<&"\0\xff'))
_SAID = re.compile(rb"""(["'>])([^"'<>]{1,200})(?=["'<])""")
MOST_CHANGES = 8


def spoil(data: bytes, other: bytes, rng: Random) -> bytes:
    """Return a file that was ``data`` before; a package is mostly spoiled inside, so that it still opens."""
    if data[:2] == b"PK" and rng.random() < 0.9:
        return _spoil_package(data, rng)
    return _spoil(data, other, rng)


def _spoil(data: bytes, other: bytes, rng: Random) -> bytes:
    changes = (_retell,) if rng.random() < 0.5 else CHANGES
    for _ in range(rng.randint(1, MOST_CHANGES)):
        data = rng.choice(changes)(data, other, rng)
    return data


def _spoil_package(data: bytes, rng: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = rng.choice(sorted(parts))
    parts[chosen] = _spoil(parts[chosen], rng.choice(list(parts.values())), rng)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return made.getvalue()


def _place(data: bytes, rng: Random) -> tuple[int, int]:
    begin = rng.randint(0, len(data))
    return begin, min(len(data), begin + rng.choice((1, 2, 8, 40, 400)))


def _flip(data: bytes, _other: bytes, rng: Random) -> bytes:
    begin, _end = _place(data, rng)
    return data[:begin] + bytes([rng.randrange(256)]) + data[begin + 1 :]


def _lose(data: bytes, _other: bytes, rng: Random) -> bytes:
    begin, end = _place(data, rng)
    return data[:begin] + data[end:]


def _double(data: bytes, _other: bytes, rng: Random) -> bytes:
    begin, end = _place(data, rng)
    return data[:end] + data[begin:end] * rng.choice((1, 2, 50)) + data[end:]


def _insert(data: bytes, _other: bytes, rng: Random) -> bytes:
    begin, _end = _place(data, rng)
    return data[:begin] + rng.choice(WORDS) + data[begin:]


def _take(data: bytes, other: bytes, rng: Random) -> bytes:
    begin, _end = _place(data, rng)
    theirs, their_end = _place(other, rng)
    return data[:begin] + other[theirs:their_end] + data[begin:]


def _retell(data: bytes, _other: bytes, rng: Random) -> bytes:
    """Say something else between two quotes or tags, so that XML is still XML."""
    found = list(_SAID.finditer(data))
    if not found:
        return data
    begin, end = rng.choice(found).span(2)
    return data[:begin] + rng.choice(TOLD) + data[end:]


def _cut(data: bytes, _other: bytes, rng: Random) -> bytes:
    return data[: rng.randint(0, len(data))]


CHANGES: Sequence[Callable[[bytes, bytes, Random], bytes]] = (
    _flip,
    _lose,
    _double,
    _insert,
    _insert,
    _take,
    _cut,
)
