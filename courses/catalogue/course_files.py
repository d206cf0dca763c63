"""The files of a course by path, read as text or YAML; what cannot be read is a fault with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from courses.facts.documents import DocumentFault, Fault, SourceList, SourceMap, read_document

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""How courses, lessons, quizzes, stories and topics are named."""


@dataclass
class CourseFiles:
    """Files, and the faults found in them so far."""

    files: Mapping[str, bytes]
    faults: list[Fault] = field(default_factory=list)

    def maps(self, file: str, entries: Any) -> Iterator[SourceMap]:
        if not isinstance(entries, SourceList):
            if entries is not None:
                self.fault(file, 1, _("This must be a list."))
            return
        for entry, line in zip(entries, entries.lines, strict=True):
            if isinstance(entry, SourceMap):
                yield entry
            else:
                self.fault(file, line, _("An entry of this list must have fields."))

    def document(self, file: str) -> Any:
        if file not in self.files:
            self.fault(file, 0, _("There is no file %(file)s.", file=file))
            return None
        text = self.text(file)
        return None if text is None else self.parse(text, file)

    def parse(self, text: str, file: str) -> Any:
        try:
            return read_document(text, file=file)
        except DocumentFault as error:
            self.faults.append(error.fault)
            return None

    def text(self, file: str) -> str | None:
        try:
            text = self.files[file].decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.files[file].count(b"\n", 0, error.start) + 1
            self.fault(file, line, _("This is not UTF-8 text."))
            return None
        if text.startswith("\ufeff"):
            self.fault(file, 1, _("The file begins with a byte order mark: save it as plain UTF-8."))
            return None
        return text

    def fault(self, file: str, line: int, message: str) -> None:
        self.faults.append(Fault(file, line, str(message)))
