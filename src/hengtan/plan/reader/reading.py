"""A text from its letters to targets and clauses."""

from __future__ import annotations

import re

from hengtan.plan.reader.clauses import Clause, clauses_of
from hengtan.plan.reader.normalise import Normalised, normalise
from hengtan.plan.reader.parser import Found, State, parse_sentence
from hengtan.plan.reader.tables import read_tables


def year_of(text: str) -> int | None:
    """The year of a document, from the numbers and dates it carries (〔2022〕, 2022年12月18日印发); None where none stands."""
    numbers = [int(y) for y in re.findall(r"〔(20\d\d)〕", text[:3000])]
    dates = [int(y) for y in re.findall(r"(20\d\d)年\d{1,2}月\d{1,2}日", text)]
    return max(numbers + dates, default=None)


def read(source: str, year: int | None = None) -> tuple[Normalised, list[Found], list[Clause]]:
    """Read a text. ``year``: of the document; where it is not given, the text's own numbers and dates say it."""
    held = normalise(source)
    text = held.text
    heads = clauses_of(text)
    state = State(document_year=year if year is not None else year_of(text))
    found: list[Found] = []
    tables, spans = read_tables(text, state.document_year)
    at_heads = {head.start: head for head in heads}
    for start, end in _sentences(text, at_heads):
        if any(a <= start < b for a, b in spans):
            continue
        found += parse_sentence(text, start, end, state)
    found += tables
    return held, _once(found), heads


def _sentences(text: str, heads: dict[int, Clause]) -> list[tuple[int, int]]:
    made, start = [], 0
    for mark in re.finditer(r"[。!?\n|]", text):
        if mark.start() > start:
            made.append((start, mark.start()))
        start = mark.end()
    if start < len(text):
        made.append((start, len(text)))
    cut = []
    for a, b in made:
        at = a
        for head in sorted(h for h in heads if a <= h < b):
            if head > at:
                cut.append((at, head))
            at = head
            if heads[head].end <= b:
                cut.append((at, heads[head].end))
                at = heads[head].end
        if at < b:
            cut.append((at, b))
    return [(a, b) for a, b in cut if b > a]


def _once(found: list[Found]) -> list[Found]:
    made: dict[tuple[str, ...], Found] = {}
    for one in found:
        key = (re.sub(r"[“”、的]", "", one.indicator), one.operator, one.value, one.unit, str(one.deadline), one.region)
        if key not in made:
            made[key] = one
    return list(made.values())
