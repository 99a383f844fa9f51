"""The vocabulary of plan documents (``words.yaml``), in the forms that the lexer and the parser look things up in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any


class Vocabulary:
    """Words by kind; longest first, as a reader takes the longest that fits."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.words = words
        self.verb_kind = {word: kind for kind, listed in words["verbs"].items() for word in listed}
        self.deed_kind = {word: kind for kind, listed in words["deeds"].items() for word in listed}
        self.suffix_kind = {word: kind for kind, listed in words["suffix"].items() for word in listed}
        self.units = {unit: kind for kind, listed in words["units"].items() for unit in listed}
        self.places = frozenset(words["regions"]["named"]) | frozenset(words["regions"]["provinces"]) | frozenset(words["regions"]["cities"])
        self.tails = sorted(words["tails"], key=len, reverse=True)
        self.heads = sorted(words["heads"], key=len, reverse=True)

    def any_of(self, *groups: Iterable[str]) -> str:
        """A regular expression for the longest of some words."""
        return "|".join(re.escape(word) for word in sorted({w for g in groups for w in g}, key=len, reverse=True))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of ``words.yaml``, read once."""
    import yaml

    return Vocabulary(yaml.safe_load(files("hengtan.plan.reader").joinpath("words.yaml").read_text(encoding="utf-8")))
