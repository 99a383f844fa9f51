"""What the page and the paper of a pathway show: the study with its scenarios side by side, wedges
of every year, costs, targets, budget, gaps and assumptions; or what the ledger lacks for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.odds import Wish, odds_of
from hengtan.desk.outlook_choices import PageDesk, Wanted, choices_of, refusal_of
from hengtan.desk.pathway import WORDS, PathwayDesk
from hengtan.desk.pathway_rows import by_year_rows
from hengtan.outlook.pathway.explain import ExplainedFigure
from hengtan.outlook.pathway.measures import split
from hengtan.report.words import has, word
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

DRAWS = 20_000
MOST_WITHOUT = 6
"""Measures that can be left out at once: each is a scenario of its own beside the others."""


def pathway_view(
    workspace: Workspace, wanted: Wanted | None = None, as_of: AsOf | None = None
) -> dict[str, Any]:
    """Everything the page shows, as values; where there is no study, ``refused`` says why."""
    wanted, as_of = wanted or Wanted(), as_of or AsOf.of()
    view: dict[str, Any] = {
        **choices_of(workspace, wanted, as_of),
        "measures": [],
        "study": None,
        "refused": None,
        "odds": None,
        "odds_refused": None,
    }
    whole = PageDesk(workspace, wanted.of(view["place"]), as_of)
    try:
        view["measures"] = _measures(whole)
        chosen = whole.left_out(_left_out(view))
        view["study"] = _study(whole, chosen, wanted)
    except HengtanError as error:
        return {**view, "refused": refusal_of(error)}
    try:
        caps = {view["study"]["year"]: wanted.cap} if wanted.cap else {}
        return {**view, "odds": odds_of(chosen, Wish(DRAWS, caps=caps))}
    except HengtanError as error:
        return {**view, "odds_refused": refusal_of(error)}


def _left_out(view: Mapping[str, Any]) -> tuple[str, ...]:
    """The measures of the study that are left out."""
    known = {row["measure"] for row in view["measures"]}
    return tuple(code for code in view["wanted"].without if code in known)[:MOST_WITHOUT]


def sector_view(
    workspace: Workspace,
    wanted: Wanted,
    sector: str,
    district: str = "",
    as_of: AsOf | None = None,
) -> dict[str, Any]:
    """How the emissions of a sector in the year came about: drivers, measures with their numbers
    and sources, assumptions; ``refused`` where it cannot be said. ``district``: of which region of
    the study, the first where none is named.
    """
    as_of = as_of or AsOf.of()
    place = wanted.place or choices_of(workspace, wanted, as_of)["place"]
    try:
        whole = PageDesk(workspace, wanted.of(place), as_of)
        view = {"wanted": wanted, "measures": _measures(whole)}
        desk = whole.left_out(_left_out(view))
        years = desk.study.pathway.years
        year = wanted.year if wanted.year in years else years[-1]
        figure = desk.explained(sector, year, district)
        return {"refused": None, "figure": _figure(desk, figure)}
    except HengtanError as error:
        return {"figure": None, "refused": refusal_of(error)}


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
                "sources": [where_of(row) for row in step.course.rows] if step.course else [],
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
                "sources": [where_of(row) for row in step.rows],
            }
            for step in figure.measures
        ],
        "assumptions": [desk.said_assumption(each) for each in figure.assumptions],
    }


def where_of(row: Mapping[str, Any]) -> str:
    """File, sheet and row that a row was read from."""
    parts = [row.get("source_title"), row.get("_file"), row.get("_sheet")]
    line = row.get("_source_row") or row.get("_row")
    return " · ".join(str(part) for part in (*parts, line) if part)


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
    regions = [] if len(base.regions) == 1 else list(base.regions)
    return {
        **desk.as_dict(year),
        "regions": regions,
        "demo": any(row.get("demo") or row.get("_demo") for row in used),
        "by_year": by_year_rows(desk),
        "scenarios": _scenarios(whole, desk),
        "sectors": [(code, *names[code]) for code in base.sectors if code in names],
        "drivers": [_driver(row, desk.names) for row in desk.drivers if _concerns(desk, row)],
        "rows": [_row_of(row, names) for row in desk.study.rows],
        "targets": [row for row in judged if row["rests_on_scenario"]],
        "unjudged": sum(not row["rests_on_scenario"] for row in judged),
        "budget": desk.budget(),
        "lines": base_lines(desk),
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
        outcome = (whole.without(codes) if codes else whole.study).outcome()
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
    columns = (
        *("sectors", "driver", "first_year", "growth", "share", "low", "high"),
        *("level", "level_unit", "mark"),
    )
    product, indicator = row.get("carrier"), row.get("indicator")
    source = row.get("source_title") or ""
    own = _sector_name(row["sectors"], names)
    return {name: row.get(name) for name in columns} | {
        "sector_name": own,
        "driver_name": _driver_name(row),
        "product_name": names.get(product, (product, product)) if product else None,
        "indicator_name": names.get(indicator, (indicator, indicator)) if indicator else None,
        "source": source,
    }


def _row_of(row: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    columns = (
        "title_english",
        "measure",
        "title",
        "driver",
        "effect",
        "start_year",
        "ramp_years",
        "low",
        "high",
    )
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


def base_lines(desk: PathwayDesk) -> dict[str, Any]:
    """How the base year agrees with the accounts: lines compared, those that differ, totals, and
    all of them.
    """
    lines, names = desk.lines, desk.names
    totals = [line for line in lines if line.kind.startswith("total")]
    return {
        "count": len(lines),
        "differ": sum(
            abs(line.difference or 0.0) > 1e-6 * abs(line.account or 1) for line in lines
        ),
        "totals": [vars(line) | {"difference": line.difference} for line in totals],
        "all": [
            vars(line)
            | {
                "difference": line.difference,
                **_named("row", line.row, names),
                **_named("product", line.product, names),
            }
            for line in lines
        ],
    }


def _named(column: str, code: str, names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What a code is called, in Chinese and in English."""
    zh, en = names.get(code, (code, code))
    return {column: zh, f"{column}_english": en}


__all__ = ["Wanted", "pathway_view", "sector_view", "where_of"]
