"""What a reader carries on: from sentence to sentence, and from segment to segment within one."""

from __future__ import annotations

from dataclasses import dataclass, field

from hengtan.plan.reader.stated import StatedTarget


@dataclass
class WithinSentence:
    """What is carried within a sentence.

    ``base``: the base year; ``topic``: of ``…方面``; ``subject``: of a past result; ``pending``,
    ``years``: a subject or a list of years that waits for its figures; ``head``: before a colon;
    ``past``: it tells of what has been; ``explicit``: it names its
    year; ``listing``: after 其中; ``whole``: the total before it; ``deed``: 新增 and the like,
    which hold for the list; ``tells_results``: words of results stand in it; ``year_taken``: the
    year of the document was taken for it; ``speaker``: another place whose aims it cites.
    """

    base: int | None = None
    topic: str = ""
    subject: str = ""
    pending: str = ""
    years: tuple[int, ...] = ()
    head: str = ""
    past: bool = False
    explicit: bool = False
    listing: bool = False
    tells_results: bool = False
    year_taken: bool = False
    speaker: str = ""
    whole: str = ""
    deed: str = ""


@dataclass
class Discourse:
    """What is carried from sentence to sentence, and in ``sentence`` what is carried within the one
    that is read.

    ``year``: the deadline that holds; ``document_year``: of the document, None where not known;
    ``own``: the place the document is about; ``first_later``: the first year that the text names
    with 到; ``last``, ``said``: the targets so far; ``topic``: what a head or the words before
    set out to develop; ``about``: what they speak of, as far as they tell; ``without``: rules
    that are switched off; ``names_own_year``: the text speaks of the document's own year by name;
    ``reporting``: the sentence before told of what has been; ``listed``: for each item of the
    last list that shared a figure, the list as it was named."""

    year: int | None = None
    document_year: int | None = None
    own: str = ""
    first_later: int | None = None
    last: StatedTarget | None = None
    said: list[StatedTarget] = field(default_factory=list)
    topic: str = ""
    about: str = ""
    sentence: WithinSentence = field(default_factory=WithinSentence)
    without: frozenset[str] = frozenset()
    names_own_year: bool = False
    reporting: bool = False
    listed: dict[str, str] = field(default_factory=dict)

    def next_sentence(self) -> None:
        """What held within the sentence before ends, but for the subject of a past result."""
        subject = self.sentence.subject if self.sentence.past else ""
        if self.sentence.past or self.sentence.explicit:
            self.reporting = self.sentence.past
        self.sentence = WithinSentence(subject=subject)

    def is_ahead(self, year: int) -> bool:
        """Whether a year lies ahead of the document, as far as its own year is known."""
        return self.document_year is None or year >= self.document_year
