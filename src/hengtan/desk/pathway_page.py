"""What the page and the paper of a pathway show: the study with its scenarios side by side, wedges
of every year, costs, targets, budget, gaps and assumptions; or what the ledger lacks for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.odds import Wish, odds_of
from hengtan.desk.pathway import WORDS, Asked, PathwayDesk
from hengtan.outlook.pathway.explain import ExplainedFigure
from hengtan.outlook.pathway.measures import split
from hengtan.outlook.pathway.study import Assumption
from hengtan.report.words import has, word
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

CODE = re.compile(r"（[A-Za-z0-9_.]+）$| \([A-Za-z0-9_.]+\)$")
UNTIL, DRAWS = 2035, 20_000
MOST_WITHOUT = 6
"""Measures that can be left out at once: each is a scenario of its own beside the others."""


@dataclass(frozen=True)
class Wanted:
    """Which study a page asks for; "" and None are what the ledger has. ``year``: that of wedges,
    costs and targets, None the last; ``without``: measures that are left out; ``cap``: emissions
    that the year may have at most, whose odds are asked [tCO2e].
    """

    place: str = ""
    base: int | None = None
    until: int = UNTIL
    year: int | None = None
    without: tuple[str, ...] = ()
    cap: float | None = None


class PageDesk(PathwayDesk):
    """A study whose sectors and carriers are called by their names, without codes."""

    @cached_property
    def names(self) -> dict[str, tuple[str, str]]:
        """Names by code, for people who read no codes."""
        return {
            code: (CODE.sub("", zh), CODE.sub("", en))
            for code, (zh, en) in PathwayDesk(self.workspace, self.asked, self.as_of).names.items()
        }

    def said_assumption(self, assumption: Assumption) -> dict[str, str]:
        """An assumption in both languages, measures called by their titles."""
        titles = {m.code: (m.title, m.title_english or m.title) for m in self.study.measures}
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


def pathway_of(workspace: Workspace, wanted: Wanted, as_of: AsOf) -> dict[str, Any]:
    """What may be chosen, and the measures of the study where there is one; ``refused`` where there
    is none.
    """
    balanced = _balanced(workspace, as_of)
    region = workspace.settings.region
    places = sorted(balanced) or [region]
    place = wanted.place or (region if region in places else places[0])
    names = {
        row["place"]: (row["name_zh"], row["name_en"]) for row in workspace.pack.rows("places")
    }
    view: dict[str, Any] = {
        "place": place,
        "name": names.get(place, (place, place)),
        "places": [(code, *names.get(code, (code, code))) for code in sorted({*places, place})],
        "base_years": sorted(balanced.get(place, ()), reverse=True),
        "wanted": wanted,
        "measures": [],
        "study": None,
        "refused": None,
        "odds": None,
        "odds_refused": None,
    }
    try:
        desk = PageDesk(workspace, Asked(place, wanted.base, wanted.until), as_of)
        return {**view, "measures": _measures(desk)}
    except HengtanError as error:
        return {**view, "refused": _refusal(error)}


def pathway_view(
    workspace: Workspace, wanted: Wanted | None = None, as_of: AsOf | None = None
) -> dict[str, Any]:
    """Everything the page shows, as values; where there is no study, ``refused`` says why."""
    wanted, as_of = wanted or Wanted(), as_of or AsOf.of()
    view = pathway_of(workspace, wanted, as_of)
    if view["refused"]:
        return view
    whole = PageDesk(workspace, Asked(view["place"], wanted.base, wanted.until), as_of)
    chosen = PageDesk(workspace, asked_of(view), as_of)
    try:
        view["study"] = _study(whole, chosen, wanted)
    except HengtanError as error:
        return {**view, "refused": _refusal(error)}
    try:
        caps = {view["study"]["year"]: wanted.cap} if wanted.cap else {}
        return {**view, "odds": odds_of(chosen, Wish(DRAWS, caps=caps))}
    except HengtanError as error:
        return {**view, "odds_refused": _refusal(error)}


def sector_view(
    workspace: Workspace, wanted: Wanted, sector: str, as_of: AsOf | None = None
) -> dict[str, Any]:
    """How the emissions of a sector in the year came about: drivers, measures with their numbers
    and sources, assumptions; ``refused`` where it cannot be said.
    """
    as_of = as_of or AsOf.of()
    view = pathway_of(workspace, wanted, as_of)
    try:
        desk = PageDesk(workspace, asked_of(view), as_of)
        years = desk.study.pathway.years
        year = wanted.year if wanted.year in years else years[-1]
        figure = desk.explained(sector, year)
        return {"refused": None, "figure": _figure(desk, figure)}
    except HengtanError as error:
        return {"figure": None, "refused": _refusal(error)}


def _figure(desk: PageDesk, figure: ExplainedFigure) -> dict[str, Any]:
    names = desk.names
    return {
        "sector": names.get(figure.sector, (figure.sector,) * 2),
        "year": figure.year,
        "base": figure.base,
        "without": figure.plain,
        "with": figure.after,
        "drivers": [
            {
                "name": names.get(step.driver, (step.driver,) * 2),
                "carrier": names.get(step.carrier, (step.carrier,) * 2),
                "levels": [step.base, step.plain, step.after],
                "unit": step.unit,
                "sources": [_where(row) for row in step.course.rows] if step.course else [],
            }
            for step in figure.drivers
            if max(step.base, step.plain, step.after) > 0
        ],
        "measures": [
            {
                "title": step.title,
                "cut": step.cut,
                "marks": [
                    {
                        "name": names.get(mark.number, (mark.number,) * 2),
                        "value": mark.value,
                        "established": mark.established,
                        "source": mark.source,
                    }
                    for mark in step.marks
                    if mark.value is not None
                ],
                "sources": [_where(row) for row in step.rows],
            }
            for step in figure.measures
        ],
        "assumptions": [desk.said_assumption(each) for each in figure.assumptions],
    }


def _where(row: Mapping[str, Any]) -> str:
    """File, sheet and row that a row was read from."""
    parts = [row.get("source_title"), row.get("_file"), row.get("_sheet")]
    line = row.get("_source_row") or row.get("_row")
    return " · ".join(str(part) for part in (*parts, line) if part)


def asked_of(view: Mapping[str, Any]) -> Asked:
    """The study that a view shows, as the desk of pathways is asked for it."""
    wanted = view["wanted"]
    known = {row["measure"] for row in view["measures"]}
    left_out = tuple(code for code in wanted.without if code in known)[:MOST_WITHOUT]
    return Asked(view["place"], wanted.base, wanted.until, without=left_out)


def _refusal(error: HengtanError) -> dict[str, str]:
    return {
        "zh": error.zh,
        "en": error.en,
        "todo": error.todo or "",
        "todo_en": error.todo_en or error.todo or "",
    }


def _balanced(workspace: Workspace, as_of: AsOf) -> dict[str, set[int]]:
    """Years with a balance, by place."""
    table = workspace.graph(as_of).table("energy_balance")
    years: dict[str, set[int]] = {}
    for row in table.select("place", "year").distinct().to_pyarrow().to_pylist():
        years.setdefault(row["place"], set()).add(row["year"])
    return years


def _measures(desk: PathwayDesk) -> list[dict[str, Any]]:
    return [
        {"measure": m.code, "title": m.title, "title_english": m.title_english}
        for m in desk.study.measures
    ]


def _study(whole: PageDesk, desk: PageDesk, wanted: Wanted) -> dict[str, Any]:
    """The study with what is left out, and the scenarios beside it."""
    years = desk.study.pathway.years
    year = wanted.year if wanted.year in years else years[-1]
    base = desk.study.base
    judged = desk.targets(year)
    used = (*desk.tables.balance, *desk.drivers, *desk.study.rows)
    names = {
        code: names
        for code, names in desk.names.items()
        if code in base.sectors or code in base.carriers
    }
    return {
        **desk.as_dict(year),
        "demo": any(row.get("demo") or row.get("_demo") for row in used),
        "by_year": [
            {
                "measure": measure.code,
                "title": measure.title,
                "title_english": measure.title_english,
                "cut": desk.cut[number].tolist(),
            }
            for number, measure in enumerate(desk.study.measures)
        ],
        "scenarios": _scenarios(whole, desk),
        "sectors": [(code, *names[code]) for code in base.sectors if code in names],
        "drivers": [_driver(row, names) for row in desk.drivers if _concerns(desk, row)],
        "rows": [_row_of(row, names) for row in desk.study.rows],
        "targets": [row for row in judged if row["rests_on_scenario"]],
        "unjudged": sum(not row["rests_on_scenario"] for row in judged),
        "budget": desk.budget(),
        "lines": _lines(desk),
    }


def _scenarios(whole: PageDesk, desk: PageDesk) -> list[dict[str, Any]]:
    """Emissions and energy by year of each scenario: without measures, with all, without each that
    is left out and without all of these. [tCO2e, tce]
    """
    titles = {m.code: (m.title, m.title_english or m.title) for m in whole.study.measures}
    every = tuple(titles)
    left_out = desk.asked.without
    scenarios: list[tuple[str, tuple[str, ...]]] = [("none", every), ("all", ())]
    scenarios += [("without", (code,)) for code in left_out]
    if len(left_out) > 1:
        scenarios.append(("chosen", left_out))
    rows = []
    for kind, codes in scenarios:
        outcome = whole.without(codes).outcome()
        rows.append(
            {
                "kind": kind,
                "without": [] if kind == "none" else [titles[code] for code in codes],
                "emissions": outcome.emissions.sum(axis=(0, 1)).tolist(),
                "energy": outcome.energy.sum(axis=(0, 1, 2)).tolist(),
            }
        )
    return rows


def _concerns(desk: PageDesk, row: Mapping[str, Any]) -> bool:
    return any(desk._within(region, row["place"]) for region in desk.study.base.regions)


def _driver(row: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    columns = ("sectors", "driver", "first_year", "growth", "level", "level_unit", "mark")
    source = row.get("source_title") or ""
    own = _sector_name(row["sectors"], names)
    return {name: row.get(name) for name in columns} | {
        "sector_name": own,
        "driver_name": _driver_name(row),
        "source": source,
    }


def _row_of(row: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    columns = ("measure", "title", "driver", "effect", "start_year", "ramp_years", "low", "high")
    sectors = [_sector_name(code, names) for code in split(row["sectors"])]
    carriers = [names.get(row[c], (row[c],) * 2) for c in ("carrier", "to_carrier") if row.get(c)]
    return {name: row.get(name) for name in columns} | {
        "sectors": sectors,
        "carriers": carriers,
        "driver_name": _driver_name(row),
    }


def _driver_name(row: Mapping[str, Any]) -> tuple[str, str]:
    words = WORDS[f"driver.{row['driver']}"]
    return words[0], words[1]


def _sector_name(code: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """What a sector is called; of all sectors and of GDP in words."""
    key = f"scenario.sector.{code}"
    return (word(key), word(key, "en")) if has(key) else names.get(code, (code, code))


def _lines(desk: PageDesk) -> dict[str, Any]:
    """How the base year agrees with the accounts: lines compared, those that differ, totals."""
    lines = desk.lines
    totals = [line for line in lines if line.kind.startswith("total")]
    return {
        "count": len(lines),
        "differ": sum(
            abs(line.difference or 0.0) > 1e-6 * abs(line.account or 1) for line in lines
        ),
        "totals": [vars(line) | {"difference": line.difference} for line in totals],
    }


__all__ = ["PageDesk", "Wanted", "asked_of", "pathway_of", "pathway_view", "sector_view"]
