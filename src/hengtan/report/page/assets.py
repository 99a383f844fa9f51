"""Styles, scripts and data that stand in a page: read once, with the colours of the lights from
their one table.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from hengtan.basis.lights import LIGHTS
from hengtan.basis.seal import sha256_of
from hengtan.report.words import word

FONT = ",".join(
    f'"{name}"'
    for name in (
        "PingFang SC",
        word("font.sheet", "en"),
        word("font.sheet"),
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
    )
)
FONT += ",sans-serif"
"""The fonts of charts, as a style sheet names them."""


def dump(value: Any) -> Markup:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


STYLES = (
    "base",
    "header",
    "lights",
    "overview",
    "tables",
    "target",
    "narrow",
    "print",
    "accounts",
    "plans",
    "downloads",
    "origin",
    "one_page",
    "paper",
    "forms",
    "search",
    "judgement",
    "lists",
    "phone",
)
"""The parts of the style sheet, in the order in which later ones overrule earlier ones."""


@cache
def asset(name: str) -> str:
    """The text of a style or script that ships with the templates; ``report.css`` is put together
    of its parts.
    """
    folder = files("hengtan.report.page").joinpath("templates")
    if name != "report.css":
        return folder.joinpath(name).read_text(encoding="utf-8")
    parts = (folder.joinpath("styles", f"{part}.css").read_text("utf-8") for part in STYLES)
    return _light_styles() + "\n".join(parts)


@cache
def digest(text: str) -> str:
    """A short digest of an asset, for its address."""
    return sha256_of(text)[:12]


@cache
def plotly_script() -> str:
    """The text of plotly's script, from the installed wheel."""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script")


def _light_styles() -> str:
    """Variables of each light (``--red`` ink, ``--red-b`` behind it) and its class ``l-red``."""
    variables = " ".join(
        f"--{name}: {light.ink}; --{name}-b: {light.pale};" for name, light in LIGHTS.items()
    )
    classes = "\n".join(
        f".l-{name} {{ --c: var(--{name}); --b: var(--{name}-b) }}" for name in LIGHTS
    )
    return f":root {{ {variables} }}\n{classes}\n"
