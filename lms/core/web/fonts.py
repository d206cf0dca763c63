"""Cut the heading font to what Indonesian and English need: 5–9 KB instead of 176."""

from __future__ import annotations

from pathlib import Path

CHARACTERS = "".join(chr(c) for c in range(0x20, 0x7F)) + "–—·…’‘“”×→°éÉ"
TARGET = Path(__file__).parents[1] / "static" / "fonts" / "heading.woff2"


def build_heading_font(target: Path = TARGET) -> None:
    """Write Plus Jakarta Sans, weight 700, as woff2; a file that exists is kept.

    Raises:
        ImportError: fontTools or the font package is not installed.
    """
    if target.exists():
        return
    import fontpkg_plus_jakarta_sans  # noqa: PLC0415  (needed once, at install)
    from fontTools import subset  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

    folder = Path(fontpkg_plus_jakarta_sans.__file__).parent
    source = next(path for path in sorted(folder.rglob("*.ttf")) if "Italic" not in path.name)
    font = instantiateVariableFont(TTFont(source), {"wght": 700})
    options = subset.Options(flavor="woff2", layout_features=["kern", "liga"])
    cutter = subset.Subsetter(options)
    cutter.populate(text=CHARACTERS)
    cutter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    font.flavor = "woff2"
    font.save(part)
    part.replace(target)
