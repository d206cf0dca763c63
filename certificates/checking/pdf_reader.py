"""A reader of PDFs that is quick where ours are packed. Runs in the inspection's process."""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader

MAX_UNPACKED_BYTES = 30_000_000
"""Of all streams of a file together; half of it for one."""

_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=MAX_UNPACKED_BYTES // 2),
    document_budget=DocumentDecodeBudget(base_allowance=MAX_UNPACKED_BYTES, max_ratio=1),
)


class QuickReader(PdfFileReader):
    """Reads the table of an object stream once.

    pyHanko reads it anew for each of its objects: a certificate took a second of CPU instead of 0.1.
    """

    def __init__(self, body: bytes) -> None:
        """Read the tables of a file.

        Raises:
            PdfDecodeLimitError: it unpacks to more than `MAX_UNPACKED_BYTES`.
            PdfReadError: it is damaged.
        """
        self._packs: dict[int, tuple[list[tuple[int, int]], bytes]] = {}
        super().__init__(io.BytesIO(body), decode_limits=_LIMITS)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        """Return an object of an object stream, as the method of the parent does."""
        if stmnum not in self._packs:
            self._packs[stmnum] = self._unpack(stmnum)
        table, body = self._packs[stmnum]
        if not 0 <= idx < len(table) or table[idx][0] != idnum:
            raise PdfStrictReadError("Object stream does not hold the object where it should")
        stream = io.BytesIO(body)
        stream.seek(table[idx][1])
        found = generic.read_object(stream, generic.Reference(idnum, 0, self))
        if isinstance(found, (generic.StreamObject, generic.IndirectObject)):
            raise PdfStrictReadError("Object stream holds what it may not")
        return found

    def _unpack(self, stmnum: int) -> tuple[list[tuple[int, int]], bytes]:
        """Return number and offset of every object of a stream, and its body."""
        stream = generic.Reference(stmnum, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
            raise PdfStrictReadError("Object stream is none")
        body, first = stream.read_data(DecodePurpose.OBJECT_STREAM), int(stream["/First"])
        numbers = [int(word) for word in body[:first].split()]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return [(number, first + offset) for number, offset in pairs][: int(stream["/N"])], body
