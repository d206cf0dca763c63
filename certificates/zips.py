"""All signed files of a cohort as one ZIP, written while it is sent: it never lies in memory as a whole."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lms.core.errors import NotFound
from lms.core.files import read_file

LIST_NAME = "daftar.csv"
_UNFIT = re.compile(r"[^\w .,'()-]+")


@dataclass(frozen=True)
class ZippedPaper:
    """A signed file and what it is called."""

    serial: str
    name: str
    pdf_sha256: str

    @property
    def file_name(self) -> str:
        """Number and name, e.g. ``00001-PK-MDN-X-2016-7 Siti Aminah.pdf``."""
        name = " ".join(_UNFIT.sub(" ", self.name).split())[:80].strip(". ")
        return f"{_UNFIT.sub('-', self.serial)} {name}.pdf"


def write_zip(
    papers: Iterable[ZippedPaper], table: bytes, *, instance: Path, now: datetime
) -> Iterator[bytes]:
    """Yield a ZIP of the papers with ``daftar.csv`` in front, piece by piece.

    A file that is missing on this machine is named in ``hilang.txt`` at the end.

    Args:
        table: who has a certificate, and who has none and why.
        now: the moment the entries bear, without a zone.
    """
    sink, lost = _Sink(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(LIST_NAME, now), table)
        for paper in papers:
            try:
                archive.writestr(_entry(paper.file_name, now), read_file(instance, paper.pdf_sha256))
            except NotFound:
                lost.append(paper.file_name)
            yield sink.take()
        if lost:
            archive.writestr(_entry("hilang.txt", now), "\r\n".join(lost))
    yield sink.take()


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now.timetuple()[:6])
    entry.external_attr = 0o644 << 16
    return entry


class _Sink(io.RawIOBase):
    """Takes what is written and hands it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        body = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(body)
        return len(body)

    def take(self) -> bytes:
        """Return everything written since the last time."""
        body = b"".join(self._pieces)
        self._pieces.clear()
        return body
