"""What pages of the outlook let people choose, and the study of a place that a choice means: worked
out once an answer, also where some of its measures are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.outlook.pathway.study import Assumption
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

CODE = re.compile(r"（[A-Za-z0-9_.]+）$| \([A-Za-z0-9_.]+\)$")
UNTIL, RATE = 2035, 0.05
METHODS = ("statistics", "records")
"""How a balance may have been made."""


@dataclass(frozen=True)
class Wanted:
    """Which study a page asks for; "" and None are what the ledger has. ``year``: that of wedges,
    costs and targets, None the last; ``without``: measures that are left out; ``cap``: emissions
    that the year may have at most, whose odds are asked [tCO2e]; ``districts``: by district;
    ``method``: of the balance; ``plants``: power and heat plants by themselves; ``rate``: discount
    rate [1].
    """

    place: str = ""
    base: int | None = None
    until: int = UNTIL
    year: int | None = None
    without: tuple[str, ...] = ()
    cap: float | None = None
    districts: bool = False
    method: str = ""
    plants: bool = False
    rate: float = RATE

    def of(self, place: str) -> Asked:
        """The study of a place with all its measures."""
        return Asked(
            place,
            self.base,
            self.until,
            districts=self.districts,
            method=self.method,
            shares_plants=not self.plants,
            rate=self.rate,
        )


class PageDesk(PathwayDesk):
    """A study whose sectors and carriers are called by their names, without codes."""

    def __init__(self, workspace: Workspace, asked: Asked, as_of: AsOf | None = None) -> None:
        super().__init__(workspace, asked, as_of)
        self._judged: dict[int, list[dict[str, Any]]] = {}

    @cached_property
    def names(self) -> dict[str, tuple[str, str]]:
        """Names by code, for people who read no codes."""
        coded = PathwayDesk(self.workspace, self.asked, self.as_of).names
        return {code: (CODE.sub("", zh), CODE.sub("", en)) for code, (zh, en) in coded.items()}

    def said_assumption(self, assumption: Assumption) -> dict[str, str]:
        """An assumption in both languages, measures called by their titles."""
        titles = {m.code: (m.title, m.title_english or m.title) for m in self.known_measures}
        said = [
            PathwayDesk.said_assumption(
                self,
                replace(
                    assumption,
                    arguments=tuple(titles.get(a, (a, a))[n] for a in assumption.arguments),
                ),
            )
            for n in (0, 1)
        ]
        return {**said[0], "en": said[1]["en"]}

    @property
    def known_measures(self) -> Sequence[Any]:
        """The measures whose titles are said."""
        return self.study.measures

    def targets(self, year: int) -> list[dict[str, Any]]:
        """The targets of the place judged on the scenario, each year once."""
        if year not in self._judged:
            self._judged[year] = super().targets(year)
        return self._judged[year]

    def left_out(self, codes: tuple[str, ...]) -> PageDesk:
        """The same study without some measures, on the base year that is there."""
        if not codes:
            return self
        other = PageDesk(self.workspace, replace(self.asked, without=codes), self.as_of)
        other.tables, other.drivers, other.measures = self.tables, self.drivers, self.measures
        other.base, other.levels, other.there = self.base, self.levels, self.there
        other.names, other.study = self.names, self.without(codes)
        return other


def choices_of(workspace: Workspace, wanted: Wanted, as_of: AsOf) -> dict[str, Any]:
    """Places and base years that there are, and the place that is asked for."""
    balanced = _balanced(workspace, as_of)
    region = workspace.settings.region
    places = sorted(balanced) or [region]
    place = wanted.place or (region if region in places else places[0])
    years = set(balanced.get(place, ()))
    if wanted.districts:
        tree = workspace.pack.places()
        inside = [c for c in balanced if c in tree and place in tree and tree.within(c, place)]
        years = {year for code in inside for year in balanced[code]}
    names = {
        row["place"]: (row["name_zh"], row["name_en"]) for row in workspace.pack.rows("places")
    }
    listed = sorted({*places, place, region})
    return {
        "place": place,
        "name": names.get(place, (place, place)),
        "places": [(code, *names.get(code, (code, code))) for code in listed],
        "base_years": sorted(years, reverse=True),
        "wanted": wanted,
    }


def refusal_of(error: HengtanError) -> dict[str, str]:
    """Why there is no answer, and what to do, as values."""
    todo = error.todo or ""
    return {"zh": error.zh, "en": error.en, "todo": todo, "todo_en": error.todo_en or todo}


def _balanced(workspace: Workspace, as_of: AsOf) -> dict[str, set[int]]:
    """Years with a balance, by place."""
    table = workspace.graph(as_of).table("energy_balance")
    years: dict[str, set[int]] = {}
    for row in table.select("place", "year").distinct().to_pyarrow().to_pylist():
        years.setdefault(row["place"], set()).add(row["year"])
    return years
