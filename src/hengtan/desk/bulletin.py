"""The monthly bulletin from the ledger: figures and verdict of every district, causes, key units,
nowcasts, revisions.

Judged as 发改委's 能耗强度 bulletins do (``plan.monthly``); frozen issues stand in
``bulletin_issues``.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.lights import BY_LEVEL
from hengtan.basis.words import Words
from hengtan.desk.bulletin_issues import figures_kept, issues, previous, revised
from hengtan.desk.monthly import (
    AMOUNTS,
    Key,
    Months,
    cumulative,
    goal_of,
    goals_of,
    months_of,
    period_zh,
    places_zh,
    rows_of,
)
from hengtan.desk.nowcast import nowcast
from hengtan.plan.formulas import over_plan
from hengtan.plan.monthly import (
    Causes,
    Figures,
    Verdict,
    causes,
    growth_between,
    judge,
    ranked,
)
from hengtan.plan.verdict_parameters import Slack, verdict_parameters
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

WORDS = Words.of("hengtan.plan")
SHOWN_PERIODS = 24
"""Periods that the page offers to look back to."""


@dataclass(frozen=True)
class Reported:
    """What the ledger holds for one bulletin: all months, the districts, and those that reported
    the month.
    """

    region: str
    year: int
    month: int
    months: Months
    names: Mapping[str, str]
    districts: tuple[str, ...]
    """Districts with any figure of the year."""
    current: tuple[str, ...]
    """Districts with figures of the very month."""

    def at(self, place: str, year: int | None = None) -> Figures:
        """Figures of a place in the month, or in the same month of another year."""
        return self.months.get((place, year or self.year, self.month), Figures())

    def name(self, place: str) -> str:
        """The Chinese name of a place."""
        return self.names.get(place, place)


def make(
    workspace: Workspace, period: str, *, as_of: AsOf | None = None, gdp_from: str | None = None
) -> dict[str, Any]:
    """The bulletin of a cumulative period, as one mapping that the Word, Excel and web forms show.

    ``gdp_from``: a declared stand-in for the growth of GDP where the period has none (the last
    quarter's), shown wherever it is used. Raises HengtanError where there are no figures.
    """
    as_of = as_of or AsOf.of()
    year, month = cumulative(period)
    months, sources = months_of(workspace, as_of)
    reported = _reported(workspace, months, year, month)
    region = reported.region
    now, stood_in = _with_stand_in(reported, cumulative(gdp_from) if gdp_from else None)
    before = {place: reported.at(place, year - 1) for place in now}
    if now[region] == Figures() and reported.current:
        now[region], before[region] = summed(
            [now[place] for place in reported.current],
            [before[place] for place in reported.current],
        )
    goals = goals_of(workspace, as_of)
    parameters = verdict_parameters(workspace.pack, date(year, month, 1), region)
    slack = Slack.of(parameters)
    verdicts = {
        place: judge(place, year, now[place], before[place], goal_of(goals, place, year), slack)
        for place in now
    }
    last = previous(workspace, year, month)
    whole = [p for p in reported.current if causes([p], now, before) is not None]
    of_month = {key: row for key, row in sources.items() if key[1:] == (year, month)}
    return {
        "region": region,
        "region_zh": reported.name(region),
        "year": year,
        "month": month,
        "period": f"{year}-01..{month:02d}",
        "period_zh": period_zh(year, month),
        "city": _row(verdicts[region], reported),
        "districts": _districts(verdicts, reported, last),
        "causes": _causes(causes(whole, now, before), reported, whole),
        "units": _units(workspace, as_of, reported),
        "nowcast": nowcast(
            months,
            _children(workspace, region),
            reported.names,
            (year, month),
            parameters.value("warning.most_false"),
        ),
        "stand_in": {"period": gdp_from, "places": [reported.name(p) for p in sorted(stood_in)]}
        if stood_in
        else None,
        "revised": revised(last, months, reported.names),
        "previous": {column: last[column] for column in ("period_zh", "issue", "digest")}
        if last
        else None,
        "issue": (last["issue"] + 1) if last else 1,
        "figures": figures_kept(months, year),
        "sources": [
            {
                "place": place,
                "name_zh": reported.name(place),
                "period": f"{year}-01..{month:02d}",
                **row,
            }
            for (place, _, _), row in sorted(of_month.items(), key=lambda item: item[0])
        ],
        "ledger_head": workspace.ledger.head(),
        "made_on": as_of.judged_on.isoformat(),
        "demo": any(row["demo"] for row in of_month.values()),
        "workspace": workspace.settings.title_zh,
    }


def _children(workspace: Workspace, region: str) -> set[str]:
    return {row["place"] for row in workspace.pack.rows("places") if row["parent"] == region}


def _reported(workspace: Workspace, months: Months, year: int, month: int) -> Reported:
    """Raises HengtanError with the periods there are, where nobody reported the month."""
    region = workspace.settings.region
    children = _children(workspace, region)
    districts = sorted({place for place, y, _ in months if place in children and y == year})
    current = tuple(place for place in districts if (place, year, month) in months)
    if not current and (region, year, month) not in months:
        known = sorted({f"{y}年1—{m}月" for _, y, m in months})
        raise HengtanError(
            f"没有{year}年1—{month}月的数据",
            f"no figures of {year}-01..{month:02d}",
            todo=f"先导入 monthly_figures；现有：{'、'.join(known[-6:]) or '无'}",
            todo_en="import monthly_figures first",
        )
    return Reported(region, year, month, months, places_zh(workspace), tuple(districts), current)


def _with_stand_in(
    reported: Reported, stand_in: tuple[int, int] | None
) -> tuple[dict[str, Figures], list[str]]:
    """Figures of the month; where GDP growth is open, that of the stand-in period.

    And who got it.
    """
    now: dict[str, Figures] = {}
    stood_in: list[str] = []
    for place in {*reported.districts, reported.region}:
        figures = reported.at(place)
        if stand_in and figures.gdp_growth is None and _has(reported, place):
            other = reported.months.get((place, *stand_in), Figures()).gdp_growth
            if other is not None:
                figures = replace(figures, gdp_growth=other)
                stood_in.append(place)
        now[place] = figures
    return now, stood_in


def _has(reported: Reported, place: str) -> bool:
    return (place, reported.year, reported.month) in reported.months


def summed(now: list[Figures], before: list[Figures]) -> tuple[Figures, Figures]:
    """The whole as the sum of its districts, where every one is known.

    Growth of GDP comes from the sums at the prices of the year before.
    """
    growth = None
    steps = [(b.gdp, n.gdp_growth) for n, b in zip(now, before, strict=True)]
    known = [(base, rate) for base, rate in steps if base is not None and rate is not None]
    if len(known) == len(steps):
        grown = sum(base * (1 + rate) for base, rate in known)
        growth = grown / sum(base for base, _ in known) - 1
    totals = {name: _total(now, name) for name in AMOUNTS}
    totals_before = {name: _total(before, name) for name in AMOUNTS}
    return Figures(**totals, gdp_growth=growth), Figures(**totals_before)


def _total(rows: Iterable[Figures], name: str) -> float | None:
    values = [getattr(row, name) for row in rows]
    return None if any(value is None for value in values) else float(sum(values))


def _districts(
    verdicts: Mapping[str, Verdict], reported: Reported, last: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """A row a district, by rank; those without one behind, by code."""
    ranks = ranked({place: verdicts[place].change for place in reported.districts})
    last_ranks = {row["place"]: row["rank"] for row in last["districts"]} if last else {}
    rows = []
    for place in reported.districts:
        verdict = replace(verdicts[place], rank=ranks[place], last_rank=last_ranks.get(place))
        rows.append(_row(verdict, reported))
    return sorted(rows, key=lambda r: (r["rank"] is None, r["rank"] or 0, r["place"]))


def _row(verdict: Verdict, reported: Reported) -> dict[str, Any]:
    """A verdict as a row, with the month alone as the difference of two cumulatives."""
    alone: dict[str, float | None] = {}
    for name in ("energy", "electricity"):
        at = (verdict.place, reported.year, reported.month)
        now = _alone(reported.months, at, name)
        last = _alone(reported.months, (at[0], at[1] - 1, at[2]), name)
        alone[f"{name}_month"] = now
        alone[f"{name}_month_growth"] = growth_between(now, last)
    rank, last_rank = verdict.rank, verdict.last_rank
    return {
        **asdict(verdict),
        "growth_basis": WORDS.say(verdict.growth_basis) if verdict.growth_basis else "",
        "missing": [WORDS.say(code) for code in verdict.missing],
        "name_zh": reported.name(verdict.place),
        **alone,
        "rank_moved": last_rank - rank if rank and last_rank else None,
        "light_zh": _colour(verdict.light),
        "total_light_zh": _colour(verdict.total_light),
    }


def _alone(months: Months, at: Key, name: str) -> float | None:
    """A field of one month alone; None where the month before it is not known."""
    place, year, month = at
    value = getattr(months.get(at, Figures()), name)
    if month == 1 or value is None:
        return value
    earlier = getattr(months.get((place, year, month - 1), Figures()), name)
    return None if earlier is None else value - earlier


def _causes(why: Causes | None, reported: Reported, whole: list[str]) -> dict[str, Any] | None:
    """Causes over the districts whose figures are whole; those left out are named."""
    if why is None:
        return None
    order = sorted(why.by_place.items(), key=lambda item: item[1])
    return {
        "change": why.change,
        "activity": why.activity,
        "structure": why.structure,
        "intensity": why.intensity,
        "left_out": [reported.name(p) for p in reported.districts if p not in whole],
        "by_place": [{"name_zh": reported.name(p), "intensity": x} for p, x in order],
    }


def _units(workspace: Workspace, as_of: AsOf, reported: Reported) -> list[dict[str, Any]]:
    """Key units beyond their plan of the days so far, the farthest first; ``of``: how many
    reported.
    """
    year, month = reported.year, reported.month
    latest = {
        row["entity"]: row
        for row in rows_of(workspace, "key_unit_months", as_of)
        if row["period_start"].month == 1
        and (row["period_end"].year, row["period_end"].month) == (year, month)
        and row["plan"]
    }
    end = date(year, month, calendar.monthrange(year, month)[1])
    days, whole_year = (end - date(year, 1, 1)).days + 1, 366 if calendar.isleap(year) else 365
    units = [
        {
            "entity": entity,
            "name": row["entity_name"],
            "place_zh": reported.name(row["place"]),
            "energy": row["energy"],
            "plan": row["plan"],
            "over": over_plan(row["energy"], row["plan"], days, whole_year),
            "of": len(latest),
        }
        for entity, row in latest.items()
    ]
    return sorted((unit for unit in units if unit["over"] > 0), key=lambda unit: -unit["over"])


def bulletin_view(
    workspace: Workspace, period: str | None = None, as_of: AsOf | None = None
) -> dict[str, Any]:
    """What the bulletin's page shows: the bulletin, periods there are, frozen issues, tiles,
    budgets.

    Without ``period`` the latest; without monthly figures the tiles of a yearly indicator instead.
    """
    from hengtan.desk.budget import budgets
    from hengtan.desk.districts import tiles, widest

    as_of = as_of or AsOf.of()
    months, _ = months_of(workspace, as_of)
    periods = sorted({(year, month) for _, year, month in months}, reverse=True)
    names = places_zh(workspace)
    english = {row["place"]: row["name_en"] for row in workspace.pack.rows("places")}
    labels = [f"{year}-{month:02d}" for year, month in periods[:SHOWN_PERIODS]]
    bulletin = make(workspace, period or labels[0], as_of=as_of) if labels else None
    series = None if bulletin else widest(workspace, as_of)
    shown = bulletin["districts"] if bulletin else series["rows"] if series else []
    at = tiles(workspace, [row["place"] for row in shown])
    return {
        "periods": labels,
        "bulletin": bulletin,
        "issues": [
            {
                "issue": issue["issue"],
                "period": f"{issue['year']}-{issue['month']:02d}",
                "period_zh": issue["period_zh"],
            }
            for issue in issues(workspace)
        ],
        "names_en": english,
        "budgets": budgets(workspace, as_of, bulletin["year"], bulletin["month"])
        if bulletin
        else [],
        "series": series,
        "tiles": at,
        "tile_names": {p: (names.get(p, p), english.get(p, p)) for p in at},
    }


def _colour(level: int | None) -> str:
    """The colour of a judged light in Chinese, empty where it was not judged."""
    return BY_LEVEL[level].colour() if level else ""
