"""Sources and confidence: where a number comes from and how surely it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CONFIDENCES: tuple[str, ...] = ("read", "derived", "recalled", "proposal")
"""From surest to least sure: seen in the named source; computed from read figures; known from memory; our own."""

CONFIDENCE_ZH: dict[str, str] = {
    "read": "已读原文",
    "derived": "由已读数据推算",
    "recalled": "凭记忆、未核",
    "proposal": "建议",
}


@dataclass(frozen=True)
class Citation:
    """A document and the clause in it: ``key:clause`` in short form, e.g. ``provguide2011:energy.fugitive``."""

    key: str
    clause: str = ""
    title: str = ""
    url: str = ""
    confidence: str = "read"

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read the short form ``key:clause``."""
        key, _, clause = text.partition(":")
        return cls(key, clause)

    def __str__(self) -> str:
        return f"{self.key}:{self.clause}" if self.clause else self.key


def worst(confidences: Iterable[str | None]) -> str | None:
    """The least sure of several confidences; a missing one is passed over; None where none is stated.

    Raises ValueError for a word that is no confidence.
    """
    known = [c for c in confidences if c]
    return max(known, key=CONFIDENCES.index) if known else None
