"""The press: a template of this house and content as JSON become a PDF.

The typesetter sees the template, the content and the pictures, and no folder of this machine.
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


def pressed(
    name: str,
    content: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
    *,
    form: str = "pdf",
) -> bytes | list[bytes]:
    """A document from the template ``name`` (``status.typ``).

    ``pictures``: files the content names. ``form``: ``pdf``, or ``png`` for a picture of the pages.
    The same content gives the same bytes. Raises NoChineseFont.
    """
    letters = lettering()
    sources: dict[str, bytes] = {
        "main.typ": template(name),
        FRAME: template(FRAME),
        "content.json": _as_json(content, letters),
        **(pictures or {}),
    }
    with tempfile.TemporaryDirectory() as empty:
        nowhere = Path(empty) / "none"
        printed = _compile()(
            sources,
            root=empty,
            font_paths=installed(),
            format=form,
            package_path=nowhere,
            package_cache_path=nowhere,
            timestamp=0,
        )
    return printed or b""


def _compile() -> Any:
    """The typesetter; its stubs do not know that sources may be given as a dict of files."""
    import typst

    return typst.compile


def pdf(
    name: str, content: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """A document as PDF. Raises NoChineseFont."""
    printed = pressed(name, content, pictures)
    return printed if isinstance(printed, bytes) else b"".join(printed)


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
