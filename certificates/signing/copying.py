"""A copy of the keys for a safe place."""

from __future__ import annotations

from pathlib import Path

from certificates.signing.folder import KeyFault, key_folder, write_once


def copy_keys(instance: Path, target: Path) -> list[str]:
    """Copy the folder of keys into a new folder that only its owner can read; return the names of the files.

    Raises:
        KeyFault: there are no keys, or the target is there already, or cannot be written.
    """
    source = key_folder(instance)
    paths = [path for path in sorted(source.iterdir()) if path.is_file()] if source.is_dir() else []
    bodies = {path.name: path.read_bytes() for path in paths if not path.name.startswith(".")}
    if not bodies:
        raise KeyFault(f"There are no keys in {source}: run `lms keys create`")
    try:
        target.mkdir(mode=0o700)
        for name, body in bodies.items():
            write_once(target / name, body)
    except OSError as error:
        raise KeyFault(f"Cannot copy to {target}: {error.strerror}. Name a new folder.") from error
    return sorted(bodies)
