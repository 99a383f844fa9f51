"""The page that stands where an answer is still being worked out."""

from __future__ import annotations

from typing import Any

from hengtan.report.page.families import Page
from hengtan.report.words import word

PAGES = (Page("working"),)
NEARLY = 95
"""Per cent that is shown at most before the answer is there."""


def working_context(seconds: float, usual: float, lang: str) -> dict[str, Any]:
    """How long it has been worked out, and how long it usually takes. [s]"""
    share = min(NEARLY, round(100 * seconds / max(usual, 1.0)))
    said = word("working_out.said", lang, seconds=f"{seconds:.0f}", usual=f"{max(usual, 1):.0f}")
    return {"working_said": said, "working_share": share}
