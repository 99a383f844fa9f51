"""A label as a QR code: SVG or PNG."""

from __future__ import annotations

import io
from pathlib import Path

from hengtan.basis.errors import HengtanError
from hengtan.basis.whole_files import write_whole
from hengtan.report.words import error


def write_qr(text: str, path: Path) -> Path:
    """Write a text as a QR code (error correction M), whole or not at all.

    Raises HengtanError for another format than .svg or .png.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in ("svg", "png"):
        raise error(HengtanError, f"qr.format|{path.suffix}")
    return write_whole(path, qr_bytes(text, kind))


def qr_bytes(text: str, kind: str) -> bytes:
    """A text as a QR code (error correction M): ``svg`` or ``png``."""
    import segno

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind=kind, scale=6, border=4)
    return buffer.getvalue()
