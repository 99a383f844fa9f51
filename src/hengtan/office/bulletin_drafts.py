"""The draft of a bulletin on its way: edited, submitted, returned or approved. Two editors never
overwrite each other, and nothing is approved whose figures have moved since it was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.words import Words

DRAFT, SUBMITTED, RETURNED, APPROVED = STATES = ("draft", "submitted", "returned", "approved")
FIGURES = ("city", "districts", "causes", "units", "nowcast", "revised", "stand_in")
"""Parts of a bulletin that its sentences speak of."""
LONGEST_TEXT, MOST_SECTIONS, LONGEST_REASON = 20_000, 20, 400
Section = tuple[str, str]


class DraftRefused(HengtanError):
    """What cannot be done to a draft as it stands."""


def refused(key: str, **said: Any) -> DraftRefused:
    """A refusal by its word (``bulletin_draft.stale``)."""
    words = Words.of("hengtan.office")
    zh, en = (text.format(**said) for text in words[f"bulletin_draft.{key}"])
    return DraftRefused(zh, en)


@dataclass(frozen=True)
class BulletinDraft:
    """A draft: the text by section, what the office adds (``fields``), the fingerprint of the
    figures it speaks of, who edited it last, its version, and why it was returned.
    """

    period: str
    text: tuple[Section, ...]
    figures: str
    fields: Mapping[str, str]
    by: str
    state: str = DRAFT
    version: int = 1
    reason: str = ""

    def edited(
        self, text: Sequence[Section], fields: Mapping[str, str], by: str, version: int
    ) -> BulletinDraft:
        """The draft after an editor saved it; ``version``: the one the editor had before him.

        Raises DraftRefused for one that is submitted or approved, or that somebody saved meanwhile.
        """
        self._must_be(DRAFT, RETURNED)
        if version != self.version:
            raise refused("stale", by=self.by)
        stated = tuple((heading.strip(), said.strip()) for heading, said in text)
        stated = tuple(section for section in stated if any(section))
        if not any(said for _, said in stated):
            raise refused("empty")
        length = sum(len(heading) + len(said) for heading, said in stated)
        if len(stated) > MOST_SECTIONS or length > LONGEST_TEXT:
            raise refused("long", most=LONGEST_TEXT, sections=MOST_SECTIONS)
        return replace(
            self, text=stated, fields=dict(fields), by=by, state=DRAFT, version=version + 1
        )

    def rewritten(self, text: Sequence[Section], figures: str, by: str) -> BulletinDraft:
        """The draft with its sentences made anew from the figures there are. Raises
        DraftRefused.
        """
        self._must_be(DRAFT, RETURNED, SUBMITTED)
        return replace(
            self,
            text=tuple(text),
            figures=figures,
            by=by,
            state=DRAFT,
            version=self.version + 1,
        )

    def submitted(self, figures: str) -> BulletinDraft:
        """The draft handed on for approval. Raises DraftRefused."""
        self._must_be(DRAFT, RETURNED)
        self._must_speak_of(figures)
        return replace(self, state=SUBMITTED, reason="", version=self.version + 1)

    def returned(self, reason: str) -> BulletinDraft:
        """The draft sent back with a reason. Raises DraftRefused."""
        self._must_be(SUBMITTED)
        if not reason.strip():
            raise refused("reason")
        kept = reason.strip()[:LONGEST_REASON]
        return replace(self, state=RETURNED, reason=kept, version=self.version + 1)

    def approved(self, figures: str) -> BulletinDraft:
        """The draft approved, to be frozen. Raises DraftRefused."""
        self._must_be(SUBMITTED)
        self._must_speak_of(figures)
        return replace(self, state=APPROVED, version=self.version + 1)

    def _must_be(self, *states: str) -> None:
        if self.state not in states:
            raise refused(f"is_{self.state}")

    def _must_speak_of(self, figures: str) -> None:
        if figures != self.figures:
            raise refused("moved")


def fingerprint(bulletin: Mapping[str, Any]) -> str:
    """The digest of the figures that a bulletin speaks of. [SHA-256, hexadecimal]"""
    spoken_of = {name: bulletin[name] for name in FIGURES}
    text = json.dumps(spoken_of, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
