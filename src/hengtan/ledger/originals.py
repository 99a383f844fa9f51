"""The files people handed in, kept byte for byte under their SHA-256 in ``files/``."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

FOLDER = "files"


def sha256_of(source: bytes | Path) -> str:
    """SHA-256 of bytes or of a file's content."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with open(source, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep(folder: Path, source: bytes | Path) -> str:
    """Keep a copy, whole or not at all; returns its SHA-256. A copy that is there and sound is left alone."""
    files = folder / FOLDER
    files.mkdir(exist_ok=True)
    partial = files / f".partial-{uuid.uuid4().hex}"
    digest = hashlib.sha256()
    try:
        with open(partial, "wb") as out:
            if isinstance(source, bytes):
                out.write(source)
                digest.update(source)
            else:
                with open(source, "rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
                        out.write(block)
            out.flush()
            os.fsync(out.fileno())
        os.replace(partial, files / digest.hexdigest())
    finally:
        partial.unlink(missing_ok=True)
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
