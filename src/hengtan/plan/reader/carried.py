"""What a reader holds while it reads: the targets found, what is carried on, and a group of words with its figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from hengtan.plan.reader.lexer import Token


def binding_in(said: str) -> str:
    """约束性 or 预期性 where words say which a target is, else empty."""
    return next((word for word in ("约束性", "预期性") if word in said), "")


@dataclass(frozen=True)
class Found:
    """One target as read. ``start``, ``end``: place of the quote in the normalised text. ``part_of``: the total that an item of 其中 belongs to; ``binding``: 约束性 or 预期性, where the text says so.
    ``doubts``: reasons why it may be wrong."""

    indicator: str
    operator: str
    value: str
    unit: str
    deadline: int
    start: int
    end: int
    value2: str = ""
    base_year: int | None = None
    region: str = ""
    modifier: str = ""
    strict: bool = False
    part_of: str = ""
    binding: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """0 to 1: 0.95 less 0.1 for each doubt, at least 0.35. A rule of order for review, not a measured probability."""
        return max(0.35, round(0.95 - 0.1 * len(self.doubts), 2))


@dataclass
class State:
    """What is carried from sentence to sentence, and in ``sentence`` what is carried from segment to segment.

    ``year``: the deadline that holds; ``document_year``: of the document, None where not known; ``own``: the place the document is about;
    ``first_later``: the first year that the text names with 到; ``last``, ``said``: the targets so far; ``topic``: what a head or the words before set out to develop; ``about``: what the head or the words before speak of, as far as they tell.
    """

    year: int | None = None
    document_year: int | None = None
    own: str = ""
    first_later: int | None = None
    last: Found | None = None
    said: list[Found] = field(default_factory=list)
    topic: str = ""
    about: str = ""
    sentence: Sentence = field(default_factory=lambda: Sentence())


@dataclass
class Sentence:
    """What is carried within a sentence.

    ``base``: the base year; ``topic``: of ``…方面``; ``subject``: of a past result; ``pending``, ``years``: a subject or a list of years that waits for its
    figures; ``head``: before a colon; ``granting``: it grants money; ``past``: it tells of what has been; ``explicit``: it names its year; ``listing``: after 其中; ``whole``: the total before it; ``deed``: 新增 and the like, which hold for the list.
    """

    base: int | None = None
    topic: str = ""
    subject: str = ""
    pending: str = ""
    years: tuple[int, ...] = ()
    head: str = ""
    granting: bool = False
    past: bool = False
    explicit: bool = False
    listing: bool = False
    whole: str = ""
    deed: str = ""


@dataclass
class Group:
    """Words, the quantities that they govern, and the words that follow; ``year``: the one that stands among them or right behind; ``split``: how many words stood before it."""

    before: list[Token] = field(default_factory=list)
    values: list[Token] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)
    year: int | None = None
    split: int = 0
