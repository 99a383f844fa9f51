"""A text from its letters to targets and clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hengtan.plan.reader.clauses import Clause, clauses_of
from hengtan.plan.reader.contradictions import SAID_OTHERWISE, contradictions
from hengtan.plan.reader.grammar.discourse import Discourse
from hengtan.plan.reader.grammar.sentence import all_rules, parse_sentence
from hengtan.plan.reader.merging import each_once
from hengtan.plan.reader.names import developed_in, is_place, spoken_of
from hengtan.plan.reader.normalise import Normalised, normalise
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.tables import Years, read_tables
from hengtan.plan.reader.task_sheets import StatedTask, read_task_sheets
from hengtan.plan.reader.vocabulary import pattern
from hengtan.plan.reader.years import Period, document_title, period_of, year_of

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """A text as read: its normalised form, the year of the document, targets, numbered heads, the
    spans of its sentences, the rows of its tables of tasks, its title and the period in it."""

    text: Normalised
    year: int | None
    targets: list[StatedTarget]
    clauses: list[Clause]
    sentences: list[Span]
    tasks: list[StatedTask]
    title: str
    period: Period


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
    title = document_title(normalised, heads)
    period = period_of(title)
    document_year = year if year is not None else year_of(text) or _of_one_year(period)
    first_later = min((int(y) for y in re.findall(r"到(20\d\d)年", text)), default=None)
    goal = period.last or first_later or document_year
    tasks, targets, sheets = read_task_sheets(text, document_year, goal, off)
    figures, tables = read_tables(text, Years(document_year, first_later, goal))
    targets += [t for t in figures if not _begins_in((t.start, t.end), sheets)]
    taken = [*sheets, *tables]
    sentences = [span for span in _sentences(text, heads) if not _begins_in(span, taken)]
    discourse = Discourse(None, document_year, first_later=first_later, without=off)
    discourse.names_own_year = re.search(rf"{document_year}年(?!\d)|今年|本年", text) is not None
    titles = {head.start: head.title for head in heads}
    for start, end in sentences:
        if start in titles:
            title = titles[start]
            discourse.topic, discourse.about = developed_in(title), spoken_of(title)
        targets += parse_sentence(text, start, end, discourse)
    targets = _without_own_place(targets, text, heads)
    targets = _with_contradictions(each_once(_with_names_doubted(targets, text)))
    return Reading(normalised, document_year, targets, heads, sentences, tasks, title, period)


def _of_one_year(period: Period) -> int | None:
    """The year of a plan for one year only."""
    return period.first if period.first == period.last else None


REACH = 400
"""Characters before a figure in which the letters of its name stand."""


def _with_names_doubted(targets: list[StatedTarget], text: str) -> list[StatedTarget]:
    """Targets with a doubt where their name holds a letter that the text around does not."""
    return [
        replace(t, doubts=(*t.doubts, "name not in the text"))
        if set(t.indicator) - set(text[max(0, t.start - REACH) : t.end + REACH // 8])
        else t
        for t in targets
    ]


def _with_contradictions(targets: list[StatedTarget]) -> list[StatedTarget]:
    """Targets with a doubt where a table of the document says otherwise than its text."""
    disputed = {
        n
        for pair in contradictions(targets)
        for n in (pair.first, pair.second)
        if targets[pair.first].place != targets[pair.second].place
    }
    return [
        replace(t, doubts=(*t.doubts, SAID_OTHERWISE)) if n in disputed else t
        for n, t in enumerate(targets)
    ]


def _without_own_place(
    targets: list[StatedTarget], text: str, heads: list[Clause]
) -> list[StatedTarget]:
    """Targets without the region that is the plan's own: the place in its title, or else the only
    place by its form that any target names, where the text does not set it against 本县."""
    named = {place for t in targets for place in t.region.split("、") if is_place(place)}
    own = own_place(text)
    if not own and len(named) == 1 and not re.search("[本我][市县区州旗盟]", text):
        own = named.pop()
    return [replace(t, region="") if own and t.region == own else t for t in targets]


_TITLE = re.compile(
    r"^(?:关于印发)?(?P<place>[^\s、,。《》“”\d的]{1,7}?[市县区州盟旗])(?=[^。]{0,40}$)"
)


def own_place(text: str) -> str:
    """The place that the title of a document begins with; empty where it names none."""
    for line in text[:400].split("\n")[:4]:
        title = _TITLE.match(line.strip())
        if title and pattern("(?:{kinds_of_plans})[^,。]{0,12}$").search(line):
            return title.group("place")
    return ""


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
    for stop in re.finditer(r"[。!?\n|■●◆▲★•➢□◇○▪◼]", text):
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
