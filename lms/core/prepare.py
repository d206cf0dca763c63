"""Make what git does not keep and tests and servers need: the heading font and the compiled translations."""

from __future__ import annotations

from pathlib import Path

from lms.core.config import prepare_instance
from lms.core.translations_build import compile_translations
from lms.core.web.fonts import build_heading_font


def main() -> None:
    """Build both; quick when they are there."""
    build_heading_font()
    compile_translations()


def prepare_installation(instance: Path) -> None:
    """Make the same, and the instance folder with settings and keys; what is there stays as it is."""
    prepare_instance(instance)
    main()
