"""Forecasts from the ledger: the outlook of every yearly series, and of every target the chance to
be met.

The models stand in ``plan.forecast``; the series they get are read in ``yearly_series``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.basis.words import Words
from hengtan.desk.status import targets_of
from hengtan.desk.yearly_series import YearlySeries, breaks_of, known_events, point_of, series_of
from hengtan.plan.forecast.breaks import Break, unbroken
from hengtan.plan.forecast.outlook import Lever, Outlook, as_dict, forecast
from hengtan.plan.forecast.pool import LEAST, Pools
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = dict[str, Any]
WORDS = Words.of("hengtan.plan")
STATES = {
    "forecast": "有预测",
    "too_short": "数值少于四个，只给所需速度",
    "no_series": "没有同口径的年度序列",
    "due": "到期年已有实绩",
    "break": "口径改变，没有衔接系数",
}
FROM_STATUS = (
    "target_id",
    "plan",
    "indicator",
    "indicator_zh",
    "indicator_en",
    "region",
    "region_code",
    "scope",
    "operator",
    "strict",
    "goal",
    "unit",
    "deadline",
    "measure",
    "light",
    "needed_pace",
    "needed_yearly_cut_pct",
    "pace_so_far",
    "latest_in_unit",
    "latest_period",
)
"""Columns of the status row that a forecast repeats."""


class Forecasts:
    """Forecasts of one workspace as of a day. Series, pools and events are read once."""

    def __init__(self, workspace: Workspace, as_of: AsOf | None = None) -> None:
        self.workspace, self.as_of = workspace, as_of or AsOf.of()
        self._breaks = breaks_of(workspace.pack)
        self._kind = {row["place"]: row["kind"] for row in workspace.pack.rows("places")}
        self.series = series_of(workspace, self.as_of, self._breaks)
        self.pools = Pools(
            [
                series.yearly(self.family(series.place))
                for series in self.series.values()
                if len(series.points) >= LEAST
            ]
        )
        self._events = known_events(workspace, self.as_of)

    def family(self, place: str) -> str:
        """Places whose errors are pooled: districts with districts, all others with themselves."""
        return "districts" if self._kind.get(place) in ("district", "park", "entity") else place

    def levers(self, place: str, names: tuple[str, ...], unit: str) -> list[Lever]:
        """Known events of an indicator in a unit.

        Raises HengtanError for a unit of another kind.
        """
        return [
            event.in_unit(unit) for name in names for event in self._events.get((place, name), ())
        ]

    def of_series(
        self, place: str, series: str, to: int, *, ceiling: float | None = None
    ) -> tuple[YearlySeries, Outlook]:
        """The outlook of a series to a year, towards a known ceiling where one is given.

        Raises NoSuchRow with the series there are, HengtanError where the year is not ahead or a
        value exceeds the ceiling.
        """
        known = self.series.get((place, series))
        if known is None or not known.points:
            names = sorted(s for p, s in self.series if p == place)
            raise NoSuchRow(
                f"“{place}”没有年度序列“{series}”",
                f"no yearly series '{series}' of {place}",
                todo=f"可用：{'、'.join(names) or '（无）'}",
                todo_en=f"known: {', '.join(names) or 'none'}",
            )
        last = known.last_year
        if to <= last:
            raise HengtanError(
                f"数据已到{last}年，预测年份应在其后",
                f"data reach {last}; the year must be later",
                todo=f"--until 用 {last + 1} 或更晚",
                todo_en=f"use --until {last + 1} or later",
            )
        if ceiling is not None and max(p.value for p in known.points) > ceiling:
            raise HengtanError(
                f"已有数值超过上限{ceiling:g}",
                f"a value exceeds the ceiling {ceiling:g}",
                todo="改大 --ceiling，单位同序列",
                todo_en="raise --ceiling; it is in the unit of the series",
            )
        levers = self.levers(place, (series,), known.unit) if known.unit else []
        return known, self._ahead(known, to, levers, ceiling)

    def _ahead(
        self, series: YearlySeries, to: int, levers: list[Lever], ceiling: float | None = None
    ) -> Outlook:
        """The outlook to a year, or to the last year of the series' definition."""
        yearly = series.yearly(self.family(series.place), ceiling)
        until = series.until_break(to)
        return forecast(yearly, until, self.pools, levers, notes=series.notes)

    # targets

    def of_targets(self, plan: str | None = None, only: Collection[str] | None = None) -> list[Row]:
        """The outlook of every target, or of some, in the order of ``status``.

        State, chance, forecast of the deadline year, needed pace, and what it rests on. Raises
        NoSuchRow for an unknown target.
        """
        candidates: dict[str, list[Row]] = defaultdict(list)
        for row in self.workspace.execute("plan_candidates", self.as_of).to_pylist():
            candidates[row["target_id"]].append(row)
        targets = targets_of(self.workspace, self.as_of)
        rows = self.workspace.status(plan, self.as_of.known_on, None)
        if only:
            rows = _only(rows, only)
        return [
            self._target(row, targets[row["target_id"]], candidates[row["target_id"]])
            for row in rows
        ]

    def _target(self, status: Row, target: Mapping[str, Any], candidates: list[Row]) -> Row:
        series, outlook = self._outlook(status, target, candidates)
        deadline = status["deadline"]
        state = _state(series, outlook, deadline)
        shown = as_dict(outlook) if outlook is not None else None
        row: Row = {column: status[column] for column in FROM_STATUS} | {
            "evidence_state": status["state"],
            "chance": None,
            "point": None,
            "bands": {},
            "outlook": shown,
            "notes": list(shown["notes"]) if shown else [],
            "notes_en": list(shown["notes_en"]) if shown else [],
            "sources": [],
        }
        if state == "forecast" and outlook is not None:
            last = outlook.years[-1]
            row["chance"] = _chance(outlook, status, target["tolerance"])
            row["point"] = last.point
            row["bands"] = dict(zip(("50", "80", "95"), last.bands, strict=True))
        if series is not None:
            for column, language in (("notes", "zh"), ("notes_en", "en")):
                row[column] = row[column] or [WORDS.say(note, language) for note in series.notes]
            row["sources"] = series.sources()
        else:
            broken = [b for b in self._breaks.get(status["indicator"], ()) if b.bridge == "none"]
            row["notes"] = [
                f"{b.year}年起口径改变（{b.reason}），没有衔接系数，跨口径不作预测" for b in broken
            ]
            row["notes_en"] = [
                f"the definition changed in {b.year} and nothing bridges it: no forecast across it"
                for b in broken
            ]
        row["forecast_state"], row["forecast_state_zh"] = state, STATES[state]
        row["recalled"] = sum(s["confidence"] == "recalled" for s in row["sources"])
        return row

    def _outlook(
        self, status: Row, target: Mapping[str, Any], candidates: list[Row]
    ) -> tuple[YearlySeries | None, Outlook | None]:
        """The longest series of the target's own definition in its unit, and its outlook."""
        series = self._series_of_target(target, candidates)
        deadline = int(status["deadline"])
        if series is None or not series.points or series.last_year >= deadline:
            return series, None
        names = tuple(dict.fromkeys((series.series, target["indicator"])))
        levers = self.levers(target["region"], names, target["unit"])
        return series, self._ahead(series, deadline, levers)

    def _series_of_target(
        self, target: Mapping[str, Any], candidates: list[Row]
    ) -> YearlySeries | None:
        """Of the series that answer a target, the one that reaches farthest and is longest."""
        usable = sorted(
            filter(_is_usable, candidates), key=lambda r: (r["period_end"], -r["level_rank"])
        )
        by_series: dict[str, dict[int, Row]] = defaultdict(dict)
        for row in usable:
            by_series[row["linked_series"]][row["year"]] = row
        if not by_series:
            return None
        name, rows = max(by_series.items(), key=lambda item: (max(item[1]), len(item[1])))
        points = [point_of(row, row["comparable"]) for row in rows.values()]
        whole = unbroken(points, self._breaks_of(name, target["indicator"]))
        falls = target["operator"] == "decrease_by"
        kind = next(iter(rows.values()))["indicator_kind"] or "level"
        return YearlySeries(
            target["region"],
            name,
            target["unit"],
            "growth" if falls else kind,
            whole.points,
            whole.until,
            whole.notes,
        )

    def _breaks_of(self, *names: str) -> list[Break]:
        """Breaks of definition of several names, each name once."""
        return [b for name in dict.fromkeys(names) for b in self._breaks.get(name, ())]


def _chance(outlook: Outlook, status: Row, tolerance: float | None) -> float | None:
    """The chance to meet a goal; None while it is not established what meets it."""
    if status["met_rule"] == "direction_open":
        return None
    is_about = status["met_rule"] == "within_tolerance"
    return outlook.chance(
        int(status["deadline"]),
        status["goal"],
        "approx" if is_about else status["operator"],
        strict=bool(status["strict"]),
        tolerance=tolerance,
    )


def _is_usable(row: Row) -> bool:
    return (
        row["state"] in ("actual", "estimate")
        and row["nature"] == "outturn"
        and bool(row["whole"])
        and row["comparable"] is not None
        and row["period_kind"] in ("year", "day", "span")
    )


def _state(series: YearlySeries | None, outlook: Outlook | None, deadline: int) -> str:
    if series is not None and series.points and series.last_year >= deadline:
        return "due"
    if outlook is None:
        return "no_series"
    if outlook.state == "forecast" and outlook.years[-1].year < deadline:
        return "break"
    return outlook.state


def _only(rows: list[Row], wanted: Collection[str]) -> list[Row]:
    known = {row["target_id"] for row in rows}
    for target in wanted:
        if target not in known:
            raise NoSuchRow(
                f"没有目标“{target}”",
                f"no target '{target}'",
                todo="用 hengtan status 查看编号",
                todo_en="see hengtan status",
            )
    return [row for row in rows if row["target_id"] in wanted]


def forecasts_view(workspace: Workspace, as_of: AsOf | None = None) -> dict[str, Any]:
    """What the page of forecasts shows: the forecast of every target."""
    return {"rows": Forecasts(workspace, as_of).of_targets()}
