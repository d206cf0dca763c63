"""A certificate has the same bytes wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import hashlib
from certificates.paper import render_paper, render_papers
from tests.certificates.samples import make_record
record = make_record("Ṣāliḥ Nguyễn", is_demo=True)
body = render_paper(record, base_url="https://contoh.test", stamp="A" * 120, credential='{"nama":"Ṣāliḥ"}')
many = render_papers([record, record], title="Semua", base_url="https://contoh.test")
print(hashlib.sha256(body).hexdigest(), hashlib.sha256(many).hexdigest())
"""
ROOT = Path(__file__).parents[2]
HOST_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><dir>{own}</dir><cachedir>{own}/cache</cachedir>
<alias><family>Spectral</family><prefer><family>DejaVu Sans</family></prefer></alias></fontconfig>"""


def made_with(environment: dict[str, str], folder: Path) -> str:
    """Return the hashes of what a machine with this environment makes."""
    folder.mkdir()
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "TMPDIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=given | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_environments_make_the_same_bytes(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(HOST_FONTS.format(own=tmp_path), encoding="utf-8")
    here = {"TZ": "UTC", "LANG": "C", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
    there = {
        "TZ": "Asia/Makassar",
        "LANG": "id_ID.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "4711",
        "FONTCONFIG_FILE": str(fonts),
        "PYTHONUTF8": "1",
    }
    assert made_with(here, tmp_path / "here") == made_with(there, tmp_path / "there")
