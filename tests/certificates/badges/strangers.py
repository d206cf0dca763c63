"""A verifier that knows nothing of ours: libraries of Digital Bazaar under Node (tests/badges-npm)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
INSTALLED = Path(sys.prefix) / "badges-npm"
"""Where `make` puts the libraries of the lock file."""
SCRIPT = ROOT / "tests" / "badges-npm" / "check.js"
SECONDS = 60


@dataclass(frozen=True)
class Found:
    """What the verifier found out about one credential."""

    verified: bool
    # One per status entry; None where it could not be read.
    statuses: list[bool | None]
    statusVerified: bool  # noqa: N815
    errors: list[str]

    @property
    def accepted(self) -> bool:
        """Whether whoever asks should believe it: `verified` says nothing of a revocation."""
        return self.verified and self.statusVerified and self.statuses == [False]


def verify(
    credentials: Mapping[str, Any], *, documents: Mapping[str, Any], now: str = "2026-11-23T12:00:00Z"
) -> dict[str, Found]:
    """Return what it says of each credential, in one start of Node.

    Args:
        credentials: by any name.
        documents: what can be fetched, by address: the list of keys under its DID, status lists.
        now: the moment of the check, ISO.
    """
    assert (INSTALLED / "node_modules").is_dir(), "type `make .venv/badges-npm/installed`"
    node = Path(sys.prefix) / "bin" / "node"
    # Given as text, so that it finds its libraries where it runs.
    command = [str(node), "--input-type=module", "-e", SCRIPT.read_text(encoding="utf-8")]
    asked = {"credentials": credentials, "documents": documents, "now": now}
    done = subprocess.run(
        command,
        input=json.dumps(asked),
        cwd=INSTALLED,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: Found(**found) for name, found in json.loads(done.stdout).items()}
