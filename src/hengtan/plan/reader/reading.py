"""A text from its letters to targets and clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hengtan.plan.reader.clauses import Clause, clauses_of
from hengtan.plan.reader.grammar.discourse import Discourse
from hengtan.plan.reader.grammar.sentence import all_rules, parse_sentence
from hengtan.plan.reader.names import developed_in, spoken_of
from hengtan.plan.reader.normalise import Normalised, normalise
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.tables import read_tables

Span = tuple[int, int]


def year_of(text: str) -> int | None:
    """The year of a document, from the numbers and dates it carries (〔2022〕, 2022年12月18日印发),
    else the first year of the period in its title; None where none stands."""
    numbers = [int(y) for y in re.findall(r"〔(20\d\d)〕", text[:3000])]
    dates = [int(y) for y in re.findall(r"(20\d\d)年\d{1,2}月\d{1,2}日", text)]
    spans = [int(y) for y in re.findall(r"(20\d\d)年?[-—~至]{1,2}20\d\d年", text[:300])]
    return max(numbers + dates, default=min(spans, default=None))


@dataclass(frozen=True)
class Reading:
    """A text as read: its normalised form, the year of the document, targets, numbered heads, and
    the spans of its sentences."""

    text: Normalised
    year: int | None
    targets: list[StatedTarget]
    clauses: list[Clause]
    sentences: list[Span]


def read(source: str, year: int | None = None, *, without: Iterable[str] = ()) -> Reading:
    """Read a text.

    ``year``: of the document; where it is not given, the text's own numbers and dates say it.
    ``without``: names of rules of the grammar that are switched off, to see what they are worth.
    Raises KeyError for a name that is no rule.
    """
    off = _switched_off(without)
    normalised = normalise(source)
    text = normalised.text
    heads = clauses_of(text)
    document_year = year if year is not None else year_of(text)
    first_later = min((int(y) for y in re.findall(r"到(20\d\d)年", text)), default=None)
    targets, tables = read_tables(text, document_year, first_later)
    sentences = [span for span in _sentences(text, heads) if not _begins_in(span, tables)]
    discourse = Discourse(None, document_year, first_later=first_later, without=off)
    titles = {head.start: head.title for head in heads}
    for start, end in sentences:
        if start in titles:
            title = titles[start]
            discourse.topic, discourse.about = developed_in(title), spoken_of(title)
        targets += parse_sentence(text, start, end, discourse)
    return Reading(normalised, document_year, _each_once(targets), heads, sentences)


def _switched_off(names: Iterable[str]) -> frozenset[str]:
    off = frozenset(names)
    unknown = off - {rule.name for rule in all_rules()} if off else off
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return off


def _begins_in(span: Span, others: list[Span]) -> bool:
    return any(start <= span[0] < end for start, end in others)


LONG = 2_000
"""Characters of a sentence; beyond them it is cut at its next comma, or where it stands: no plan
has one so long, and every rule may look through a whole sentence."""


def _sentences(text: str, heads: list[Clause]) -> list[Span]:
    """Spans between full stops and line ends; a head is one of its own."""
    by_place = {head.start: head for head in heads}
    places = sorted(by_place)
    spans: list[Span] = []
    for start, end in _between_stops(text):
        at = start
        for place in places[bisect_left(places, start) : bisect_left(places, end)]:
            if place > at:
                spans.append((at, place))
            at = place
            if by_place[place].end <= end:
                spans.append((place, by_place[place].end))
                at = by_place[place].end
        if at < end:
            spans.append((at, end))
    return [piece for start, end in spans if end > start for piece in _cut(text, start, end)]


def _between_stops(text: str) -> Iterator[Span]:
    start = 0
    for stop in re.finditer(r"[。!?\n|]", text):
        if stop.start() > start:
            yield start, stop.start()
        start = stop.end()
    if start < len(text):
        yield start, len(text)


def _cut(text: str, start: int, end: int) -> list[Span]:
    """A span in pieces that are not too long."""
    pieces = []
    while end - start > LONG:
        comma = re.compile("[,;]").search(text, start + LONG // 2, start + LONG)
        at = comma.end() if comma else start + LONG
        pieces.append((start, at))
        start = at
    return [*pieces, (start, end)]


def _each_once(targets: list[StatedTarget]) -> list[StatedTarget]:
    """A target said twice is one: same figures, and names that differ by a letter or two left
    out."""
    by_figures: dict[tuple[str, ...], list[StatedTarget]] = {}
    for target in targets:
        alike = by_figures.setdefault(_figures(target), [])
        if not any(same_name(target.indicator, other.indicator) for other in alike):
            alike.append(target)
    kept = [target for alike in by_figures.values() for target in alike]
    return sorted(kept, key=lambda target: (target.start, target.end))


def _figures(target: StatedTarget) -> tuple[str, ...]:
    """All that a target says beside the name of its indicator."""
    level = (target.operator, target.value, target.value2, target.unit)
    return (*level, str(target.deadline), target.region)


def same_name(a: str, b: str) -> bool:
    """Whether two names are one but for marks and at most two letters that the shorter leaves
    out."""
    a, b = (re.sub(r"[“”、的()\s]", "", name) for name in (a, b))
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > 2 or (len(short) < 4 and short != long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def by_rule(targets: Iterable[StatedTarget]) -> Mapping[str, list[StatedTarget]]:
    """The targets that each rule of the grammar acted on, by its name."""
    acted: dict[str, list[StatedTarget]] = {}
    for target in targets:
        for name in target.rules:
            acted.setdefault(name, []).append(target)
    return acted


def ablation(texts: Iterable[tuple[str, int | None]]) -> Mapping[str, int]:
    """For each rule of the grammar, how many of some texts (with the year of their document) are
    read otherwise without it. A rule that changes nothing on the texts at hand is not shown by
    them, which is no proof that it is of no use."""
    known = [(text, year, read(text, year).targets) for text, year in texts]
    return {
        rule.name: sum(
            read(text, year, without=[rule.name]).targets != targets
            for text, year, targets in known
        )
        for rule in all_rules()
    }
