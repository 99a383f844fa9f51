"""The pieces that rules act on: a sentence, its segments between commas, and the groups of a
segment around their figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from hengtan.plan.reader.grammar.discourse import Discourse, WithinSentence
from hengtan.plan.reader.grammar.rules import Piece
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.stated import StatedTarget

DATES = ("year", "base")
"""Kinds of tokens that say when, and are no part of a name."""


def spelled(tokens: list[Token]) -> str:
    """The words of some tokens in one piece."""
    return "".join(token.text for token in tokens)


def undated(tokens: list[Token]) -> list[Token]:
    """Tokens without the years and base phrases among them."""
    return [token for token in tokens if token.kind not in DATES]


@dataclass
class Sentence(Piece):
    """A sentence: the text that it stands in and its tokens."""

    text: str
    tokens: list[Token]
    discourse: Discourse


@dataclass
class Segment(Piece):
    """What stands between two commas.

    ``said``: its words with the semicolon before it; ``ahead``: the years to come that it names, in
    their order; ``named``: all years that it names; ``targets``: what has been read from it.
    """

    text: str
    tokens: list[Token]
    discourse: Discourse
    said: str = ""
    named: list[int] = field(default_factory=list)
    ahead: list[int] = field(default_factory=list)
    targets: list[StatedTarget] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> WithinSentence:
        """What is carried within the sentence."""
        return self.discourse.sentence

    @property
    def has_figures(self) -> bool:
        """Whether a quantity stands in it."""
        return any(token.kind == "quantity" for token in self.tokens)


@dataclass
class Group(Piece):
    """Words, the quantities that they govern, and the words that follow.

    ``year``: the one that stands among the words or right behind; ``split``: how many words stood
    before it; ``words``: those before the figure that are not yet understood; ``verb``, ``deed``:
    what leads the figure; ``adverbs``: those before the verb; ``stretch``: a second, higher aim;
    ``subject``: the words that name the indicator; ``noun_behind``: the noun stood behind the
    figure; ``composed``: its name was put together and stays as it is; ``name``, ``region``: of
    the indicator; ``yearly``: a growth a year without a name of its own; ``names``: the items of
    a list."""

    segment: Segment
    before: list[Token] = field(default_factory=list)
    values: list[Token] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)
    year: int | None = None
    split: int = 0
    words: list[Token] = field(default_factory=list)
    verb: Token | None = None
    deed: Token | None = None
    adverbs: str = ""
    stretch: bool = False
    subject: str = ""
    noun_behind: bool = False
    composed: bool = False
    name: str = ""
    region: str = ""
    yearly: bool = False
    names: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def discourse(self) -> Discourse:
        """What is carried from sentence to sentence."""
        return self.segment.discourse

    @property
    def sentence(self) -> WithinSentence:
        """What is carried within the sentence."""
        return self.segment.discourse.sentence

    @property
    def last(self) -> StatedTarget | None:
        """The target read before this group."""
        return self.segment.discourse.last

    @property
    def is_change(self) -> bool:
        """Whether the verb says that the figure is a change."""
        return self.verb is not None and self.verb.role in ("up", "down")

    @property
    def due(self) -> int | None:
        """The year that the group names, or else the one that holds."""
        return self.year if self.year in self.segment.ahead else self.discourse.year
