"""What has to be said of a source beside the figure it gives: a draft, a page of questions and
answers, second hand, inferred. The words are those of ``source`` and ``note_zh`` in packs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

DRAFT = ("征求意见稿", "草案", "送审稿")
ANSWER_PAGES = ("问答", "答问")
SECOND_HAND = ("二手",)
INFERRED = ("推断",)
BASIS = "依据"
"""What a warning about a law begins with."""


@lru_cache(maxsize=10_000)
def names_any(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text holds one of the words."""
    return any(word in text for word in words)


def is_draft(text: str) -> bool:
    """Whether a source or a law calls itself a draft."""
    return names_any(text, DRAFT)


def cautions(name: str, source: str, note: str | None = "") -> Iterator[str]:
    """What a result that uses ``name`` has to say of its source."""
    note = note or ""
    both = f"{source}{note}"
    if is_draft(both):
        yield f"{name} 取自征求意见稿（草案），不是正式文件（{source}）"
    if names_any(source, ANSWER_PAGES):
        yield f"{name} 取自问答网页，不是正式文件（{source}）"
    if names_any(both, SECOND_HAND):
        yield f"{name} 取自二手转引，没有核对原文（{source}）"
    if names_any(note, INFERRED):
        yield f"{name} 含推断：{note}"
