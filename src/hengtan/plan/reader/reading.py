"""A text from its letters to targets and clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from hengtan.plan.reader.carried import Found, State
from hengtan.plan.reader.clauses import Clause, clauses_of
from hengtan.plan.reader.names import developed_in, spoken_of
from hengtan.plan.reader.normalise import Normalised, normalise
from hengtan.plan.reader.parser import parse_sentence
from hengtan.plan.reader.tables import read_tables
from hengtan.plan.reader.vocabulary import vocabulary


def year_of(text: str) -> int | None:
    """The year of a document, from the numbers and dates it carries (〔2022〕, 2022年12月18日印发), else the first year of the period in its title; None where none stands."""
    numbers = [int(y) for y in re.findall(r"〔(20\d\d)〕", text[:3000])]
    dates = [int(y) for y in re.findall(r"(20\d\d)年\d{1,2}月\d{1,2}日", text)]
    spans = [int(y) for y in re.findall(r"(20\d\d)年?[-—~至]{1,2}20\d\d年", text[:300])]
    return max(numbers + dates, default=min(spans, default=None))


@dataclass(frozen=True)
class Reading:
    """A text as read: its normalised form, the year of the document, targets, numbered heads, and the spans of its sentences."""

    text: Normalised
    year: int | None
    found: list[Found]
    clauses: list[Clause]
    sentences: list[tuple[int, int]]


def read(source: str, year: int | None = None) -> Reading:
    """Read a text. ``year``: of the document; where it is not given, the text's own numbers and dates say it."""
    held = normalise(source)
    text = held.text
    heads = clauses_of(text)
    document_year = year if year is not None else year_of(text)
    state = State(
        document_year=document_year,
        first_later=min((int(y) for y in re.findall(r"到(20\d\d)年", text)), default=None),
    )
    found, spans = read_tables(text, document_year, state.first_later)
    sentences = [
        (a, b)
        for a, b in _sentences(text, {head.start: head for head in heads})
        if not any(x <= a < y for x, y in spans)
    ]
    titles = {head.start: head.title for head in heads}
    for start, end in sentences:
        if start in titles:
            state.topic, state.about = (
                developed_in(titles[start], vocabulary()),
                spoken_of(titles[start], vocabulary()),
            )
        found += parse_sentence(text, start, end, state)
    return Reading(held, document_year, _once(found), heads, sentences)


LONG = 2_000
"""Characters of a sentence; beyond them it is cut at its next comma, or where it stands: no plan has one so long, and every rule may look through a whole sentence."""


def _sentences(text: str, heads: dict[int, Clause]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    start = 0
    for mark in re.finditer(r"[。!?\n|]", text):
        if mark.start() > start:
            made.append((start, mark.start()))
        start = mark.end()
    if start < len(text):
        made.append((start, len(text)))
    cut = []
    places = sorted(heads)
    for a, b in made:
        at = a
        for head in places[bisect_left(places, a) : bisect_left(places, b)]:
            if head > at:
                cut.append((at, head))
            at = head
            if heads[head].end <= b:
                cut.append((at, heads[head].end))
                at = heads[head].end
        if at < b:
            cut.append((at, b))
    return [piece for a, b in cut if b > a for piece in _cut(text, a, b)]


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    made = []
    while end - start > LONG:
        comma = re.compile("[,;]").search(text, start + LONG // 2, start + LONG)
        at = comma.end() if comma else start + LONG
        made.append((start, at))
        start = at
    return [*made, (start, end)]


def _once(found: list[Found]) -> list[Found]:
    """A target said twice is one: same figures, and names that differ by a letter or two left out."""
    made: dict[tuple[str, ...], list[Found]] = {}
    for one in found:
        held = made.setdefault(
            (one.operator, one.value, one.value2, one.unit, str(one.deadline), one.region), []
        )
        if not any(same_name(one.indicator, other.indicator) for other in held):
            held.append(one)
    return sorted(
        (one for held in made.values() for one in held), key=lambda one: (one.start, one.end)
    )


def same_name(a: str, b: str) -> bool:
    """Whether two names are one but for marks and at most two letters that the shorter leaves out."""
    a, b = (re.sub(r"[“”、的()\s]", "", name) for name in (a, b))
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > 2 or (len(short) < 4 and short != long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
