"""Yearly series of one definition as the ledger holds them, breaks of definition and known events,
for the models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.units import conversion_factor, read_unit
from hengtan.packs import Pack
from hengtan.plan.forecast.breaks import Break, Point, unbroken
from hengtan.plan.forecast.outlook import Lever
from hengtan.plan.forecast.pool import Yearly
from hengtan.plan.forecast.scale import scale_of
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = dict[str, Any]
Breaks = Mapping[str, Sequence[Break]]


@dataclass(frozen=True)
class YearlySeries:
    """A yearly series of one definition: unit, points, and what was left out."""

    place: str
    series: str
    unit: str
    kind: str
    points: tuple[Point, ...]
    until: int | None
    notes: tuple[str, ...]

    @property
    def last_year(self) -> int:
        """The year of the newest point."""
        return self.points[-1].year

    def until_break(self, to: int) -> int:
        """``to``, or the last year of the definition where that comes first; at least a
        year ahead.
        """
        return to if self.until is None else min(to, max(self.until, self.last_year + 1))

    def yearly(self, family: str, ceiling: float | None = None) -> Yearly:
        """For the models, under a name of its own in the pool.

        ``ceiling`` is a known upper bound in the unit of the series.
        """
        values = tuple(p.value for p in self.points)
        return Yearly(
            f"{self.place}:{self.series}",
            tuple(p.year for p in self.points),
            values,
            scale_of(values, self.kind, self.unit, high=ceiling),
            family,
        )

    def sources(self) -> list[Row]:
        """Submission, row and confidence of each point."""
        return [
            {
                "year": p.year,
                "submission": p.submission,
                "row": p.row,
                "confidence": p.confidence,
            }
            for p in self.points
        ]


@dataclass(frozen=True)
class Event:
    """A known event of the years ahead, in its own unit."""

    lever: Lever
    unit: str

    def in_unit(self, unit: str) -> Lever:
        """The event in another unit. Raises HengtanError for one of another kind."""
        if read_unit(self.unit).canonical != read_unit(unit).canonical:
            raise HengtanError(
                f"已知事件“{self.lever.name}”的单位“{self.unit}”换不成“{unit}”",
                f"event '{self.lever.name}' is in {self.unit}, not {unit}",
                todo="改正事件的计量单位",
                todo_en="correct the unit of the event",
            )
        change = self.lever.change * conversion_factor(self.unit, unit)
        return replace(self.lever, change=change)


def point_of(row: Row, value: float) -> Point:
    """A point of a series from a ledger row."""
    final = (row["vintage_rank"] or 0) > 0 or row["vintage"] is None
    return Point(
        row["year"],
        value,
        row["edition"] or "",
        final,
        row["_submission"],
        row["_row"],
        row["confidence"],
    )


def breaks_of(pack: Pack) -> dict[str, list[Break]]:
    """Breaks of definition by series."""
    breaks: dict[str, list[Break]] = defaultdict(list)
    for row in pack.rows("definition_breaks"):
        breaks[row["series"]].append(
            Break(row["year"], row["bridge"], row["bridge_value"], row["reason_zh"])
        )
    return breaks


def series_of(
    workspace: Workspace, as_of: AsOf, breaks: Breaks
) -> dict[tuple[str, str], YearlySeries]:
    """Every yearly series of outturns by place and name, known and begun on the day judged."""
    rows_by_series: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in workspace.execute("plan_series", as_of).to_pylist():
        if _is_yearly_outturn(row) and _is_in_sight(row, as_of):
            rows_by_series[row["place"], row["series"]].append(row)
    return {key: _series(*key, rows, breaks) for key, rows in sorted(rows_by_series.items())}


def _is_yearly_outturn(row: Row) -> bool:
    return (
        bool(row["won"] and row["whole"])
        and row["nature"] == "outturn"
        and row["amount"] is not None
        and not row["scope"]
        and row["period_kind"] in ("year", "day")
    )


def _is_in_sight(row: Row, as_of: AsOf) -> bool:
    return bool(row["period_start"] <= as_of.judged_on and row["period_end"] <= as_of.values_to)


def _series(place: str, series: str, rows: list[Row], breaks: Breaks) -> YearlySeries:
    """One value a year (the latest in it), in the unit of the newest."""
    rows = sorted(rows, key=lambda r: (r["period_end"], r["_submission"], r["_row"]))
    newest = rows[-1]
    unit, canonical = newest["unit"], newest["canonical_unit"]
    factor = conversion_factor(unit, canonical) if unit and canonical else 1.0
    by_year = {row["year"]: row for row in rows}
    points = [point_of(row, row["amount"] / factor) for row in by_year.values()]
    whole = unbroken(points, breaks.get(series, ()))
    kind = newest["kind"] or "level"
    return YearlySeries(place, series, unit or "", kind, whole.points, whole.until, whole.notes)


def known_events(workspace: Workspace, as_of: AsOf) -> dict[tuple[str, str], list[Event]]:
    """Known events by place and indicator; shares and probabilities of one, the whole
    where open.
    """

    def share(percent: float | None) -> float:
        return 1.0 if percent is None else percent / 100

    schema = workspace.form("known_events").schema()
    view = workspace.ledger.effective("known_events", known_on=as_of.known_on, schema=schema)
    events: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for row in workspace.ledger.query(f'select * from memory.main."{view}"'):
        if row["change"] is None:
            continue
        lever = Lever(
            row["name"],
            int(row["year"]),
            row["change"],
            share(row["probability"]),
            share(row["first_share"]),
            row["source_title"] or "",
        )
        events[row["place"], row["indicator"]].append(Event(lever, row["unit"]))
    return events
