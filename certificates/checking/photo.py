"""What the QR codes on a photo say: read in a process of its own that ends with the photo."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid, Unavailable

log = logging.getLogger(__name__)

MAX_PHOTO_BYTES = 10_000_000
WORKER = Path(__file__).with_name("photo_worker.py")
WAIT_SECONDS = 20
"""More than the process gives itself, so that it ends by its own clock."""
QUEUE_SECONDS = 10
_places = threading.BoundedSemaphore(2)
"""Photos looked at at once by one server process: each takes a core for half a second."""

FAULTS = {
    "kind": _l("This is not a photo. Send a JPEG, PNG or WebP picture, or the PDF of the certificate."),
    "pixels": _l("This picture has too many pixels. Take it with a lower resolution."),
    "damaged": _l("This picture is damaged. Take it again."),
    "costly": _l("This picture takes too long to read. Take it again, nearer and with less around the QR."),
}


class CostlyPhoto(Invalid):
    """It took far more work than any photo of a paper."""


def read_photo(body: bytes) -> list[str]:
    """Return what the QR codes on a photo say; nothing of it is kept.

    Raises:
        CostlyPhoto: reading it took too much, and was ended.
        Invalid: larger than 10 MB, no picture, or one that cannot be read; the message says what to do.
        Unavailable: many photos are being read.
    """
    if len(body) > MAX_PHOTO_BYTES:
        raise Invalid(_l("This picture is larger than 10 MB. Take it with a lower resolution."), field="file")
    if not _places.acquire(timeout=QUEUE_SECONDS):
        raise Unavailable(_l("Many photos are being read right now. Try again in a minute."))
    try:
        found = _ask(body)
    finally:
        _places.release()
    if found.get("fault") == "costly":
        raise CostlyPhoto(FAULTS["costly"], field="file")
    if "fault" in found:
        raise Invalid(FAULTS[str(found["fault"])], field="file")
    return list(found["texts"])


def _ask(body: bytes) -> dict[str, list[str] | str]:
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and script)
            [sys.executable, "-I", str(WORKER)],
            input=body,
            capture_output=True,
            timeout=WAIT_SECONDS,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            cwd="/",
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        log.warning("a photo was not read to the end: %r", error)
        return {"fault": "costly"}
    return dict(answer)
