"""How much of a file is read: enough for a school's whole bank, too little to hold a machine up."""

from __future__ import annotations

MAX_BYTES = 50_000_000
"""Bytes of a file as it is sent."""

MAX_UNPACKED_BYTES = 200_000_000
"""Bytes of all files of a package together."""

MAX_RATIO = 100
"""How many times larger than packed the files of a package may be."""

MAX_PACKED_FILES = 20_000

MAX_QUESTIONS = 20_000

MAX_TEXT = 100_000
"""Characters of one text, cell or line."""
