"""The words by which a choice is named in a cell, and how cells with choices are read."""

from __future__ import annotations

import re
from collections.abc import Callable

from hengtan.basis.cell_times import Answer, Reader, problem
from hengtan.basis.field import Field
from hengtan.basis.spelling import folded


def read_choice(known: Field) -> Reader:
    """How the cells of a field of choices are read."""
    codes = choice_words(known)
    choices = known.choices or {}

    def read_one(text: str) -> Answer:
        code = codes.get(folded(text)) or (_begun(known, text) if known.by_beginning else None)
        if code is not None:
            return code, None
        title, title_en = known.title_zh or known.id, (known.title_en or known.id).lower()
        listed = "、".join(zh for zh, _ in choices.values())
        listed_en = ", ".join(en for _, en in choices.values())
        return None, problem("unknown-choice", title, text, title_en, listed, listed_en)

    return read_one


def _begun(known: Field, text: str) -> str | None:
    """The one choice whose words, or a part of them, begin with a text of two signs or more."""
    word = folded(text)
    if len(word) < 2:
        return None
    choices = (known.choices or {}).items()
    begun = {code for code, (zh, _) in choices if _begins(word, zh)}
    return begun.pop() if len(begun) == 1 else None


def _begins(word: str, words: str) -> bool:
    return any(folded(name).startswith(word) for name in (words, *words.split("、")))


def choice_words(known: Field) -> dict[str, str]:
    """Every word by which a choice is named, folded, with its code.

    A choice is named by its code, its words in either language, its Chinese words without what
    stands in brackets, what stands in them, and each part of words joined by 、 that no other
    choice shares.
    """
    codes: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for code, (zh, en) in (known.choices or {}).items():
        bare = re.sub("[(（].*?[)）]", "", zh)
        inside = re.findall("[(（](.*?)[)）]", zh)
        for word in (code, zh, en, bare, *inside):
            codes.setdefault(folded(word), code)
        for word in zh.split("、"):
            parts.setdefault(folded(word), set()).add(code)
    unshared = {word: min(named) for word, named in parts.items() if len(named) == 1}
    aliases = {folded(word): code for word, code in known.choice_aliases.items()}
    return {word: code for word, code in (unshared | aliases | codes).items() if word}


def read_named_text(known: Field, else_read: Callable[[str], Answer]) -> Reader:
    """How the cells of a text with choices are read: the code of the choice that a word names,
    anything else as ``else_read`` says.
    """
    codes = choice_words(known)

    def read_one(text: str) -> Answer:
        code = codes.get(folded(text))
        return (code, None) if code is not None else else_read(text)

    return read_one
