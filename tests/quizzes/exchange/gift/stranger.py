"""A reader of GIFT that knows nothing of ours: the reference grammar under Node (tests/gift-npm)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[4]
INSTALLED = Path(sys.prefix) / "gift-npm"
"""Where `make` puts the libraries of the lock file."""
SCRIPT = ROOT / "tests" / "gift-npm" / "check.js"
SECONDS = 60


def read_all(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return what it finds in each text, in one start of Node: ``questions``, or the ``error``."""
    assert (INSTALLED / "node_modules").is_dir(), "type `make .venv/gift-npm/installed`"
    node = Path(sys.prefix) / "bin" / "node"
    # Given as text, so that it finds its libraries where it runs.
    command = [str(node), "--input-type=module", "-e", SCRIPT.read_text(encoding="utf-8")]
    done = subprocess.run(
        command,
        input=json.dumps(list(texts)),
        cwd=INSTALLED,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
