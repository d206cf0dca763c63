"""The two vocabularies our credentials speak, as files of ours: the network is never asked.

Source: data/README.md says where they come from and under which licence.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
"""Address to file."""


class ForeignContextError(ValueError):
    """A document speaks a vocabulary we do not have; nobody fetches it."""


@cache
def read_context(url: str) -> Any:
    """Return the vocabulary of an address.

    Raises:
        ForeignContextError: it is none of ours.
    """
    if url not in FILES:
        raise ForeignContextError(url)
    return json.loads((DATA / FILES[url]).read_text(encoding="utf-8"))


def load_document(url: str, _options: Any = None) -> dict[str, Any]:
    """Give PyLD a vocabulary, in the form it asks for.

    Raises:
        ForeignContextError: it is none of ours.
    """
    # "static": it never changes while we live, so PyLD may keep what it makes of it.
    return {"contextUrl": None, "documentUrl": url, "document": read_context(url), "tag": "static"}
