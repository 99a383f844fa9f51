"""The frame of the grammar: what a rule is, how rules follow each other, and how one is switched
off.

A rule is a small function over a piece of a sentence. Its docstring says which construction it
handles and gives a sentence that shows it; its name is its file and its own
(``tense.results_to_date``). Rules stand in ordered lists: *passes* are gone through one after the
other (a cascade: Abney, "Partial parsing via finite-state cascades", Natural Language Engineering
2, 1996), of a *choice* the first rule that has an answer decides (a sieve, the surest rule first:
Raghunathan et al., "A multi-pass sieve for coreference resolution", EMNLP 2010). A piece keeps the
names of the rules that acted on it. What one sentence carries on to the next (a year, a topic) is
not traced: a target names the rules of its own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

On = TypeVar("On")
Answer = TypeVar("Answer")
_EXAMPLE = re.compile(
    r"Example(?P<undated> without year)?:\s*(?P<text>.+?)(?=Example|\Z)", re.DOTALL
)


@dataclass(frozen=True)
class Example:
    """A sentence that shows a rule at work; ``undated``: where the year of its document is not
    known."""

    text: str
    undated: bool = False


@dataclass(frozen=True)
class Rule(Generic[On, Answer]):
    """A function of the grammar with its name, the construction that it handles and sentences that
    show it."""

    name: str
    function: Callable[[On], Answer | None]
    construction: str
    examples: tuple[Example, ...]

    def __call__(self, asked: On) -> Answer | None:
        return self.function(asked)

    def __repr__(self) -> str:
        return f"<rule {self.name}: {self.construction}>"


def rule(function: Callable[[On], Answer | None]) -> Rule[On, Answer]:
    """Make a rule of a function. Raises TypeError where its docstring gives no construction or no
    ``Example:``."""
    text = function.__doc__ or ""
    construction = " ".join(_EXAMPLE.sub("", text).split())
    examples = tuple(
        Example(
            "".join(line.strip() for line in shown["text"].splitlines()), bool(shown["undated"])
        )
        for shown in _EXAMPLE.finditer(text)
    )
    if not construction or not examples:
        raise TypeError(f"{function.__name__}: a rule says its construction and gives an Example:")
    subject = function.__module__.rpartition(".")[2]
    return Rule(f"{subject}.{function.__name__.strip('_')}", function, construction, examples)


@dataclass
class Piece:
    """What rules act on: the names of those that did, those switched off, and whether it is settled
    that nothing more is read from it."""

    trace: list[str] = field(default_factory=list, kw_only=True)
    without: frozenset[str] = field(default=frozenset(), kw_only=True)
    closed: bool = field(default=False, kw_only=True)

    def close(self) -> bool:
        """Nothing more is read from this piece; the rule that says so has acted."""
        self.closed = True
        return True


class _Listed(Generic[On, Answer]):
    """An ordered list of rules, and those of it that are not switched off."""

    def __init__(self, *rules: Rule[On, Answer]) -> None:
        self.rules = rules
        self._active: dict[frozenset[str], tuple[tuple[str, Callable[[On], Any]], ...]] = {}

    def __iter__(self) -> Iterator[Rule[On, Answer]]:
        return iter(self.rules)

    def active(self, without: frozenset[str]) -> tuple[tuple[str, Callable[[On], Any]], ...]:
        """Name and function of each rule that is not switched off, in order."""
        if without not in self._active:
            kept = [rule for rule in self.rules if rule.name not in without]
            self._active[without] = tuple((rule.name, rule.function) for rule in kept)
        return self._active[without]


P = TypeVar("P", bound=Piece)


class Passes(_Listed[P, bool]):
    """Rules that are gone through one after the other; each says whether it acted. A closed piece
    ends them."""

    def over(self, piece: P) -> None:
        """Let each rule act on a piece, until one closes it."""
        for name, act in self.active(piece.without):
            if act(piece):
                piece.trace.append(name)
            if piece.closed:
                return


class Choice(_Listed[On, Answer]):
    """Rules of which the first that has an answer decides."""

    def of(self, asked: On, piece: Piece) -> Answer | None:
        """The answer for what is asked within a piece; None where no rule has one."""
        for name, answer in self.active(piece.without):
            said: Answer | None = answer(asked)
            if said is not None:
                piece.trace.append(name)
                return said
        return None
