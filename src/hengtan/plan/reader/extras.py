"""What a plan names beside its targets: milestones without a number, systems and mechanisms, the
departments that are responsible."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from hengtan.plan.reader.bodies import bodies_held
from hengtan.plan.reader.clauses import Clause
from hengtan.plan.reader.lexer import Token, lex
from hengtan.plan.reader.months import BY_MONTH, month_in
from hengtan.plan.reader.vocabulary import pattern, says, words

Span = tuple[int, int]


@dataclass(frozen=True)
class Milestone:
    """Something to be done by a year, or by a month of it (0 where none is said), without a figure.
    Places are those of the normalised text."""

    name: str
    deadline: int
    start: int
    end: int
    month: int = 0

    @property
    def due(self) -> str:
        """2026-06, or the year alone."""
        return f"{self.deadline}-{self.month:02d}" if self.month else str(self.deadline)


@dataclass(frozen=True)
class Named:
    """A system, platform or mechanism by its name, or a department; where it stands first."""

    name: str
    kind: str
    start: int
    end: int


def milestones_of(
    text: str, sentences: list[Span], document_year: int | None, taken: list[Span]
) -> list[Milestone]:
    """Segments that name a year to come and a deed, and hold no target (``2030年前实现碳达峰``).
    Results of the past are left out.

    ``taken``: where the quotes of targets stand.
    """
    taken = sorted(taken)
    milestones: list[Milestone] = []
    for start, end in sentences:
        if not says(text[start:end], "past"):
            milestones += _milestones(text, start, end, document_year, taken)
    return milestones


def _milestones(
    text: str, start: int, end: int, document_year: int | None, taken: list[Span]
) -> Iterator[Milestone]:
    """Those of a sentence; a year holds for one deed after it, in its own segment or a later
    one."""
    year: int | None = None
    for segment in re.finditer(r"[^,;。:]+", text[start:end]):
        first, last = start + segment.start(), start + segment.end()
        tokens = lex(text, first, last)
        said = text[first:last]
        years = [t.year for t in tokens if t.role in ("point", "span", "period") and t.year]
        if not years and document_year is not None and BY_MONTH.search(said):
            years = [document_year]
        if years:
            is_ahead = document_year is None or years[-1] >= document_year
            year = years[-1] if is_ahead else None
        if year is None or _has_figure(tokens) or _holds_a_target(first, last, taken):
            continue
        name = _deed_named(tokens)
        if name:
            yield Milestone(name, year, first, last, month_in(said) if BY_MONTH.search(said) else 0)
            year = None if years else year


def _has_figure(tokens: list[Token]) -> bool:
    return any(token.kind == "quantity" and token.role != "chinese" for token in tokens)


NEAR = 8
"""How many quotes before a place are looked at: no more of them reach into one segment."""


def _holds_a_target(start: int, end: int, taken: list[Span]) -> bool:
    before = bisect_right(taken, (end, 0))
    return any(quote_end > start for _, quote_end in taken[max(0, before - NEAR) : before])


def _deed_named(tokens: list[Token]) -> str:
    """What a segment says is to be done, without its date and adverbs; empty where it names no
    deed."""
    said = "".join(token.text for token in tokens if token.kind not in ("year", "base"))
    said = re.sub(r"^(?:\d{1,2}月份?|[一二三四]季度|上半年)?[底末]?(?:之?前|以前)?", "", said)
    name = pattern("^(?:{milestone_leads})+").sub("", said).strip("、 ")
    return name if says(name, "milestone_deeds") and 4 <= len(name) <= 60 else ""


def systems_of(text: str, start: int, end: int) -> list[Named]:
    """Names of platforms, mechanisms, systems and the like that a clause sets out to build or
    run."""
    listed = pattern(
        r"(?:{system_deeds})(?P<names>(?:[^,;。:()、]{1,24}?(?:{system_ends})(?:、|和|及|与|$|(?=[,;。:(])))+)"
    )
    part = pattern(r"(?:[^和及与、]|[和及与](?!.*(?:{system_ends})))+")
    systems: dict[str, Named] = {}
    for match in listed.finditer(text[start:end]):
        for item in re.finditer(r"[^、]+", match.group("names")):
            for said in part.finditer(item.group()):
                name = _system(said.group())
                if name:
                    at = start + match.start("names") + item.start() + said.start()
                    at += said.group().rfind(name)
                    systems.setdefault(name, Named(name, _end_of(name), at, at + len(name)))
    return list(systems.values())


def _system(said: str) -> str:
    """The name of a system without what is done with it; empty where it is too short or too general
    to be one."""
    name = pattern("^(?:{system_deeds+system_leads})+").sub("", said).strip("和及与的")
    is_one = len(name) >= 4 and bool(_end_of(name)) and name not in words("no_systems")
    return name if is_one else ""


def _end_of(name: str) -> str:
    return next((end for end in words("system_ends") if name.endswith(end)), "")


def departments_of(text: str, start: int, end: int) -> list[Named]:
    """Bodies that a sentence holds responsible, in all the forms in which plans name them."""
    return [Named(b.name, b.role, b.start, b.end) for b in bodies_held(text, start, end)]


def clause_at(heads: list[Clause], place: int) -> Clause | None:
    """The innermost numbered clause that a place of the text lies in: the last head before it, as a
    clause ends only where another begins."""
    at = bisect_right(heads, place, key=lambda head: head.start)
    return heads[at - 1] if at else None
