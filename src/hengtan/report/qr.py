"""A label as a QR code: SVG or PNG."""

from __future__ import annotations

import io
from pathlib import Path

from hengtan.basis.errors import HengtanError
from hengtan.basis.whole_files import write_whole


def write_qr(text: str, path: Path) -> Path:
    """Write a text as a QR code (error correction M), whole or not at all. Raises HengtanError for another format than .svg or .png."""
    import segno

    kind = path.suffix.lower().lstrip(".")
    if kind not in ("svg", "png"):
        raise HengtanError(
            f"不支持“{path.suffix}”格式",
            f"format '{path.suffix}' is not supported",
            todo="用 .svg 或 .png",
            todo_en="use .svg or .png",
        )
    held = io.BytesIO()
    segno.make(text, error="m", micro=False).save(held, kind=kind, scale=6, border=4)
    return write_whole(path, held.getvalue())
