"""What has to be said of a source beside the figure it gives: a draft, a page of questions and
answers, second hand, inferred. The words are those of ``source`` and ``note_zh`` in packs.
"""

from __future__ import annotations

from functools import lru_cache

DRAFT = ("征求意见稿", "草案", "送审稿")
ANSWER_PAGES = ("问答", "答问")
SECOND_HAND = ("二手",)
INFERRED = ("推断",)
BASIS = "依据"
"""What a warning about a law begins with."""


def is_draft(text: str) -> bool:
    """Whether a source or a law calls itself a draft."""
    return names_any(text, DRAFT)


@lru_cache(maxsize=10_000)
def names_any(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text holds one of the words."""
    return any(word in text for word in words)


@lru_cache(maxsize=10_000)
def cautions(name: str, source: str, note: str | None = "") -> tuple[str, ...]:
    """What a result that uses ``name`` has to say of its source."""
    both = f"{source}{note or ''}"
    said = (
        (both, DRAFT, f"{name} 取自征求意见稿（草案），不是正式文件（{source}）"),
        (source, ANSWER_PAGES, f"{name} 取自问答网页，不是正式文件（{source}）"),
        (both, SECOND_HAND, f"{name} 取自二手转引，没有核对原文（{source}）"),
        (note or "", INFERRED, f"{name} 含推断：{note}"),
    )
    return tuple(warning for text, words, warning in said if names_any(text, words))
