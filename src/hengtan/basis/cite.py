"""Sources and confidence: where a number comes from and how surely it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hengtan.basis.words import Words

CONFIDENCES: tuple[str, ...] = (
    "read",
    "derived",
    "unverified",
    "self_approved",
    "recalled",
    "proposal",
)
"""From surest to least sure: seen in the named source; computed from read figures; handed in and
no word on the source; approved by the person who handed it in; known from memory; our own.
"""


def confidence_word(confidence: str, language: str = "zh") -> str:
    """A confidence in words a reader knows (已核读, 推算, 未核, 提交人自审, 凭记忆，未核,
    建议); a word that is none stays as it is.
    """
    if confidence not in CONFIDENCES:
        return confidence
    return Words.of("hengtan.basis").say(f"confidence.{confidence}", language)


@dataclass(frozen=True)
class Citation:
    """A document and the clause in it: ``key:clause`` in short form, e.g.

    ``provguide2011:energy.fugitive``.
    """

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


def is_self_approved(
    submitted_by: str | None, approved_by: str | None, *, demo: bool | None = False
) -> bool:
    """Whether the person who handed a figure in approved it too, so that nobody else looked.

    Rows for demonstration were approved by nobody and are marked as such instead.
    """
    return submitted_by is not None and submitted_by == approved_by and not demo


def rank(confidence: str) -> int:
    """How unsure a confidence is, from 0 for what was read.

    Raises ValueError for a word that is no confidence.
    """
    return CONFIDENCES.index(confidence)


def worst(confidences: Iterable[str | None]) -> str | None:
    """The least sure of several confidences; a missing one is passed over; None where none is
    stated.

    Raises ValueError for a word that is no confidence.
    """
    stated = [confidence for confidence in confidences if confidence]
    return max(stated, key=rank) if stated else None
