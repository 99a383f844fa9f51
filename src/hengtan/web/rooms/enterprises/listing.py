"""The list of enterprises as it is asked for: filtered, sorted, in pages, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from hengtan.desk.enterprises import Facts, facts_of_enterprises
from hengtan.desk.search import Entry, Index
from hengtan.report.asked import PAGE, InAddress, pages_of
from hengtan.report.files import list_csv_bytes
from hengtan.report.words import word
from hengtan.web.rooms.enterprises import standing
from hengtan.web.rooms.enterprises.asking import (
    SEE,
    Seen,
    calendar_of,
    known,
    seen,
    ways_of,
    ways_to_figures,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.office.permission import Clause
    from hengtan.web.site import Site

ENERGY, CARBON = "energy", "total"
"""Columns of the yearly account: tce (当量值), t CO2."""
SORTS = ("name", "place", "owed", "energy", "carbon", "filed")
HEADS = (
    *("title", "code", "place", "industry", "filed_share", "late", "returned", "year"),
    *("energy", "carbon", "through", "last"),
)


@dataclass(frozen=True)
class Asked(InAddress):
    """What of the list is asked for; ``state`` is one of ``standing.STATES``."""

    SORTS: ClassVar[Collection[str]] = SORTS
    q: str = ""
    place: str = ""
    industry: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """An enterprise of the list; ``facts``: the figures of it that may be seen."""

    seen: Seen
    facts: Facts
    tally: standing.Tally | None = None

    @property
    def year(self) -> dict[str, Any]:
        """Its newest year, empty where none is known."""
        return self.facts.latest or {}

    def figure(self, column: str) -> float:
        """A figure to sort by; what is missing comes after all."""
        value = self.year.get(column)
        return float("-inf") if value is None else value


@dataclass(frozen=True)
class Listed:
    """The enterprises that were asked for, and the lines of one page."""

    asked: Asked
    number: int
    lines: tuple[Line, ...]
    choices: Mapping[str, list[tuple[str, str, str]]]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages_of(self.number)


KEYS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda line: line.seen.enterprise.title,
    "place": lambda line: (line.seen.place, line.seen.enterprise.title),
    "owed": lambda line: -(line.tally or standing.NOTHING).missing,
    "energy": lambda line: -line.figure(ENERGY),
    "carbon": lambda line: -line.figure(CARBON),
    "filed": lambda line: -(line.seen.enterprise.filed or datetime.min).toordinal(),
}
"""What the list is sorted by; the largest, the newest and who owes most come first."""


class Lister:
    """The list for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.calendar = calendar_of(request)
        self.asked = Asked.of(request.GET)
        self._figure_ways = ways_to_figures(request)

    @cached_property
    def _facts_of_all(self) -> dict[str, Facts]:
        """Asked for once a request: the state of the ledger is looked at each time."""
        facts: dict[str, Facts] = self.request.app.site.ask_once(facts_of_enterprises)
        return facts

    def listed(self, size: int | None = PAGE) -> Listed:
        """What was asked for; ``size``: lines of a page, None for all."""
        everyone = self._visible()
        lines = self._sorted(self._chosen(everyone))
        asked, shown = self.asked, lines
        if size is not None:
            asked = replace(asked, page=min(asked.page, pages_of(len(lines), size)))
            shown = lines[(asked.page - 1) * size : asked.page * size]
        return Listed(asked, len(lines), tuple(self._counted(shown)), self._choices(everyone))

    def _visible(self) -> list[Seen]:
        ways: tuple[Clause, ...] = ways_of(self.request, SEE)
        reached = (seen(enterprise, ways) for enterprise in known(self.request).values())
        return [each for each in reached if each is not None]

    def _chosen(self, everyone: list[Seen]) -> list[Seen]:
        asked = self.asked
        chosen = everyone
        if asked.place:
            inside = self.request.app.permission.within(asked.place)
            chosen = [each for each in chosen if each.place in inside]
        if asked.industry:
            chosen = [each for each in chosen if each.enterprise.industry == asked.industry]
        if asked.state and self.calendar:
            counts = standing.all_tallies(self.request, self.calendar, SEE)
            chosen = [
                each
                for each in chosen
                if asked.state in counts.get(each.enterprise.code, standing.NOTHING).states
            ]
        return self._met(chosen) if asked.q else chosen

    def _met(self, chosen: list[Seen]) -> list[Seen]:
        """Those that the words are met by, the best first."""
        by_code = {each.enterprise.code: each for each in chosen}
        index = _index_of(self.request.app.site, known(self.request))
        hits = index.find(
            self.asked.q, most=len(by_code), allowed=lambda entry: entry.entity in by_code
        )
        return [by_code[hit.entry.entity] for hit in hits]

    def _sorted(self, chosen: list[Seen]) -> list[Line]:
        name = self.asked.sort.removeprefix("-")
        by_figure = name in ("energy", "carbon")
        lines = [Line(each, self._facts(each) if by_figure else Facts()) for each in chosen]
        if name == "owed":
            lines = self._counted(lines)
        if name or not self.asked.q:
            backwards = self.asked.sort.startswith("-")
            lines.sort(key=KEYS[name or "name"], reverse=backwards)
        return lines

    def _facts(self, each: Seen) -> Facts:
        reached = seen(each.enterprise, self._figure_ways)
        if reached is None:
            return Facts()
        facts = self._facts_of_all.get(each.enterprise.code, Facts())
        return facts.within(reached.places & each.places)

    def _counted(self, lines: Iterable[Line]) -> list[Line]:
        """Lines with figures and counts of duties."""
        listed = list(lines)
        codes = {line.seen.enterprise.code for line in listed}
        counts: Mapping[str, standing.Tally] = {}
        if self.calendar and len(codes) > PAGE:
            counts = standing.all_tallies(self.request, self.calendar, SEE)
        elif self.calendar:
            counts = standing.tallies(self.request, self.calendar, codes, SEE)
        return [
            Line(line.seen, self._facts(line.seen), counts.get(line.seen.enterprise.code))
            for line in listed
        ]

    def _choices(self, everyone: list[Seen]) -> dict[str, list[tuple[str, str, str]]]:
        pack = self.request.app.site.workspace.pack
        there = {each.place for each in everyone if each.place}
        industries = {each.enterprise.industry for each in everyone if each.enterprise.industry}
        tree = pack.places()
        return {
            "place": [(p.code, p.name_zh, p.name_en or p.name_zh) for p in tree if p.code in there],
            "industry": [
                (row["industry"], row["name_zh"], row["name_en"])
                for row in pack.rows("industries")
                if row["industry"] in industries
            ],
        }


_INDEX: WeakKeyDictionary[Site, tuple[int, Index]] = WeakKeyDictionary()


def _index_of(site: Site, enterprises: Mapping[str, Any]) -> Index:
    """What names are looked for in, kept while no enterprise comes or is named anew."""
    names = tuple((code, enterprise.title) for code, enterprise in enterprises.items())
    state = hash(names)
    if site not in _INDEX or _INDEX[site][0] != state:
        entries = (Entry("enterprise", code, name, "", entity=code) for code, name in names)
        _INDEX[site] = (state, Index(entries))
    return _INDEX[site][1]


def names_of_places(request: HttpRequest, lang: str) -> Callable[[str], str]:
    """Gives the name of a place in a language; its code where none is known."""
    tree = request.app.site.workspace.pack.places()

    def name(code: str) -> str:
        if code not in tree:
            return code
        return (tree[code].name_en if lang == "en" else "") or tree[code].name_zh

    return name


def names_of_industries(request: HttpRequest, lang: str) -> dict[str, str]:
    """The names of industries in a language."""
    column = "name_en" if lang == "en" else "name_zh"
    rows = request.app.site.workspace.pack.rows("industries")
    return {row["industry"]: row[column] for row in rows}


def cells(request: HttpRequest, lines: Sequence[Line], lang: str) -> list[list[Any]]:
    """The lines of the file."""
    place, industries = names_of_places(request, lang), names_of_industries(request, lang)
    rows = []
    for line in lines:
        enterprise, tally, year = line.seen.enterprise, line.tally or standing.NOTHING, line.year
        rows.append(
            [
                enterprise.name,
                enterprise.code,
                place(line.seen.place),
                industries.get(enterprise.industry, enterprise.industry),
                f"{tally.filed}/{tally.owed}" if tally.owed else "",
                tally.late,
                tally.returned,
                year.get("year"),
                year.get(ENERGY),
                year.get(CARBON),
                year.get("through"),
                f"{enterprise.filed:%Y-%m-%d}" if enterprise.filed else "",
            ]
        )
    return rows


def heads(lang: str) -> list[str]:
    """The headings of the file."""
    return [word(f"ent.head.{name}", lang) for name in HEADS]


def as_csv(request: HttpRequest, lines: Sequence[Line], lang: str) -> bytes:
    """The list as a CSV file that Excel reads."""
    return list_csv_bytes(heads(lang), cells(request, lines, lang))


def as_excel(request: HttpRequest, lines: Sequence[Line], lang: str) -> bytes:
    """The list as a workbook."""
    from hengtan.report.sheet.lists import ListSheet, lists_bytes

    title = word("nav.enterprises", lang)
    return lists_bytes(title, [ListSheet(title, heads(lang), cells(request, lines, lang))])
