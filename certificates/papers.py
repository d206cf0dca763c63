"""The PDF of a row: the file kept for it, or the same bytes made again."""

from __future__ import annotations

from pathlib import Path

from certificates.models import Certificate
from certificates.paper import render_paper
from certificates.record import read_record
from lms.core.errors import NotFound
from lms.core.files import keep_file, read_file


def open_paper(certificate: Certificate, *, instance: Path, base_url: str) -> bytes:
    """Return the PDF: as kept, else rendered. Writes nothing, so that a GET may ask for it.

    Raises:
        Conflict: the name holds characters the typeface lacks.
        Unavailable: it has to be rendered, and the renderer is missing or busy.
    """
    if certificate.pdf_sha256 is not None:
        try:
            return read_file(instance, certificate.pdf_sha256)
        except NotFound:
            pass  # restored without its files, or another machine: the record gives the same bytes again
    return render_paper(read_record(certificate.record), base_url=base_url)


def keep_paper(certificate: Certificate, *, instance: Path, base_url: str) -> str:
    """Put the PDF into the store and return its sha256; `services.keep_pdf` then notes it in the row.

    Call it outside of any write transaction. Raises what :func:`open_paper` raises.
    """
    return keep_file(instance, open_paper(certificate, instance=instance, base_url=base_url))
