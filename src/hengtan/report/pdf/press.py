"""The press: a template of this house and content as JSON become a PDF.

The typesetter sees a folder of its own with the template, the content and the pictures, and no
other folder of this machine.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from hengtan.report.pdf.fonts import Lettering, installed, lettering

TEMPLATES = "page/templates/pdf"
FRAME = "frame.typ"


def template(name: str) -> bytes:
    """A template of this house."""
    return (files("hengtan.report") / TEMPLATES / name).read_bytes()


def pdf(
    name: str, content: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """A document as PDF from the template ``name`` (``status.typ``).

    ``pictures``: files the content names. The same content gives the same bytes. Raises
    NoChineseFont.
    """
    import typst

    letters = lettering()
    sources: dict[str, bytes] = {
        "main.typ": template(name),
        FRAME: template(FRAME),
        "content.json": _as_json(content, letters),
        **(pictures or {}),
    }
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        for file, said in sources.items():
            (room / file).write_bytes(said)
        printed = typst.compile(
            room / "main.typ",
            root=room,
            font_paths=installed(),
            format="pdf",
            package_path=room / "none",
            package_cache_path=room / "none",
            timestamp=0,
        )
    return printed or b""


def _as_json(content: Mapping[str, Any], letters: Lettering) -> bytes:
    readable = {"fonts": dict(letters.families), **_readable(content, letters)}
    return json.dumps(readable, ensure_ascii=False, default=str).encode("utf-8")


def _readable(content: Any, letters: Lettering) -> Any:
    """Content whose every text can be written with the fonts there are."""
    if isinstance(content, str):
        return letters.readable(content)
    if isinstance(content, Mapping):
        return {str(key): _readable(value, letters) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_readable(value, letters) for value in content]
    return content
