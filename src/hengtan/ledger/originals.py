"""The files people handed in, kept byte for byte under their SHA-256 in ``files/``."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import writing

__all__ = ["FOLDER", "keep", "path_of", "sha256_of", "sweep"]

FOLDER = "files"


def keep(folder: Path, source: bytes | Path) -> str:
    """Keep a copy, whole or not at all; returns its SHA-256.

    A copy that is there and sound is left alone.
    """
    digest = hashlib.sha256()
    with (
        io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream,
        writing(folder / FOLDER / "incoming", name=digest.hexdigest) as copy,
    ):
        while block := stream.read(1 << 20):
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def path_of(folder: Path, sha256: str) -> Path:
    """Where the copy with that SHA-256 is kept."""
    return folder / FOLDER / sha256


def sweep(folder: Path, known: set[str]) -> list[Path]:
    """Delete copies no submission names and unfinished ones; returns what was deleted."""
    files = folder / FOLDER
    gone = [p for p in files.iterdir() if p.name not in known] if files.is_dir() else []
    for path in gone:
        path.unlink()
    return gone
