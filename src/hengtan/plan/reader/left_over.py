"""Figures that were read and taken for no target: a person sees whether one was missed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hengtan.plan.reader.lexer import Token, lex
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.vocabulary import says

Span = tuple[int, int]
MOST = 200
"""Figures that are shown, at the most."""


@dataclass(frozen=True)
class Left:
    """A figure with the words around it."""

    start: int
    end: int
    said_start: int
    said_end: int


def figures_left(
    text: str, sentences: Sequence[Span], targets: Sequence[StatedTarget]
) -> list[Left]:
    """Figures with a unit outside every quote, but for those of sentences that tell of results, of
    small numbers in words, and of values that a change starts from."""
    places = (place for t in targets for place in ((t.start, t.end), *t.also))
    taken = sorted(places)
    left: list[Left] = []
    for start, end in sentences:
        if len(left) >= MOST:
            break
        if re.search(r"\d|百分之", text[start:end]) and not says(
            text[start:end], "past+past_verbs"
        ):
            left += _of_sentence(text, start, end, taken)
    return left[:MOST]


def _of_sentence(text: str, start: int, end: int, taken: list[Span]) -> Iterator[Left]:
    for segment in re.finditer(r"[^,;]+", text[start:end]):
        first, last = start + segment.start(), start + segment.end()
        for token in lex(text, first, last):
            if _is_figure(token) and not _is_taken(token, taken):
                yield Left(token.start, token.end, first, last)


def _is_figure(token: Token) -> bool:
    return token.kind == "quantity" and token.unit != "" and token.role not in ("chinese", "times")


def _is_taken(token: Token, taken: list[Span]) -> bool:
    """Whether a figure lies within a quote; those that begin before it are looked at."""
    at = bisect_left(taken, (token.end, 0))
    return any(end >= token.end for _, end in taken[max(0, at - 12) : at])
