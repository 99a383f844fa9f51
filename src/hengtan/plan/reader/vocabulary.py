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
        self.suffix_kind = {
            word: kind for kind, listed in words["suffix"].items() for word in listed
        }
        self.units = {unit: kind for kind, listed in words["units"].items() for unit in listed}
        self.places = (
            frozenset(words["regions"]["named"])
            | frozenset(words["regions"]["provinces"])
            | frozenset(words["regions"]["cities"])
        )
        self.tails = sorted(words["tails"], key=len, reverse=True)
        self.heads = sorted(words["heads"], key=len, reverse=True)
        self._made: dict[tuple[int, ...], str] = {}
        self._own = {
            id(held): held
            for held in (
                *words.values(),
                *(
                    one
                    for held in words.values()
                    if isinstance(held, dict)
                    for one in held.values()
                ),
                self.verb_kind,
                self.deed_kind,
                self.suffix_kind,
                self.units,
                self.places,
                self.tails,
                self.heads,
            )
        }

    def any_of(self, *groups: Iterable[str]) -> str:
        """A regular expression for the longest of some words; those of the vocabulary's own lists are made once."""
        if not all(id(group) in self._own for group in groups):
            return self._expression(groups)
        key = tuple(map(id, groups))
        if key not in self._made:
            self._made[key] = self._expression(groups)
        return self._made[key]

    @staticmethod
    def _expression(groups: Iterable[Iterable[str]]) -> str:
        return "|".join(
            re.escape(word)
            for word in sorted({w for g in groups for w in g}, key=len, reverse=True)
        )


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of ``words.yaml``, read once."""
    import yaml

    return Vocabulary(
        yaml.safe_load(
            files("hengtan.plan.reader").joinpath("words.yaml").read_text(encoding="utf-8")
        )
    )
