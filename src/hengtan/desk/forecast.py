"""Forecasts from the ledger: the yearly series there are, the outlook of each, and of every target the chance to be met at its deadline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.basis.units import conversion_factor, read_unit
from hengtan.basis.words import Words
from hengtan.plan.forecast.breaks import Break, Point, unbroken
from hengtan.plan.forecast.outlook import Lever, Outlook, as_dict, forecast
from hengtan.plan.forecast.pool import LEAST, Pools, Yearly
from hengtan.plan.forecast.scale import scale_of
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

WORDS = Words.of("hengtan.plan")
STATES = {
    "forecast": "有预测",
    "too_short": "数值少于四个，只给所需速度",
    "no_series": "没有同口径的年度序列",
    "due": "到期年已有实绩",
    "break": "口径改变，没有衔接系数",
}


@dataclass(frozen=True)
class Held:
    """A yearly series as the ledger holds it, of one definition: unit, points, and what was left out."""

    place: str
    series: str
    unit: str
    kind: str
    points: tuple[Point, ...]
    until: int | None
    notes: tuple[str, ...]

    def yearly(self, family: str, ceiling: float | None = None) -> Yearly:
        """For the models. The name is its own in the pool; ``ceiling`` is a known upper bound in its unit."""
        values = tuple(p.value for p in self.points)
        return Yearly(
            f"{self.place}:{self.series}",
            tuple(p.year for p in self.points),
            values,
            scale_of(values, self.kind, self.unit, high=ceiling),
            family,
        )


class Forecasts:
    """Forecasts of one workspace as of a day. Series, pools and events are read once."""

    def __init__(self, workspace: Workspace, as_of: AsOf | None = None) -> None:
        self.workspace, self.as_of = workspace, as_of or AsOf.of()
        self._breaks: dict[str, list[Break]] = defaultdict(list)
        for row in workspace.pack.rows("definition_breaks"):
            self._breaks[row["series"]].append(
                Break(row["year"], row["bridge"], row["bridge_value"], row["reason_zh"])
            )
        self._kind = {row["place"]: row["kind"] for row in workspace.pack.rows("places")}
        self.series = {(h.place, h.series): h for h in self._all()}
        self.pools = Pools(
            [h.yearly(self.family(h.place)) for h in self.series.values() if len(h.points) >= LEAST]
        )
        self._events = self._known_events()

    def family(self, place: str) -> str:
        """Places whose errors are pooled: districts with districts, all others with themselves."""
        return "districts" if self._kind.get(place) in ("district", "park", "entity") else place

    def _all(self) -> list[Held]:
        groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self.workspace.execute("plan_series", self.as_of).to_pylist():
            judged = (
                row["period_start"] <= self.as_of.judged_on
                and row["period_end"] <= self.as_of.values_to
            )
            if (
                row["won"]
                and row["nature"] == "outturn"
                and row["amount"] is not None
                and row["whole"]
                and not row["scope"]
                and row["period_kind"] in ("year", "day")
                and judged
            ):
                groups[row["place"], row["series"]].append(row)
        return [self._held(place, series, rows) for (place, series), rows in sorted(groups.items())]

    def _held(self, place: str, series: str, rows: list[dict[str, Any]]) -> Held:
        """One value a year (the latest in it), in the unit of the newest."""
        rows = sorted(rows, key=lambda r: (r["period_end"], r["_submission"], r["_row"]))
        unit = rows[-1]["unit"]
        factor = (
            conversion_factor(unit, rows[-1]["canonical_unit"])
            if unit and rows[-1]["canonical_unit"]
            else 1.0
        )
        by_year = {r["year"]: r for r in rows}
        points = [
            Point(
                y,
                r["amount"] / factor,
                r["edition"] or "",
                (r["vintage_rank"] or 0) > 0 or r["vintage"] is None,
                r["_submission"],
                r["_row"],
                r["confidence"],
            )
            for y, r in by_year.items()
        ]
        found = unbroken(points, self._breaks.get(series, ()))
        return Held(
            place,
            series,
            unit or "",
            rows[-1]["kind"] or "level",
            found.points,
            found.until,
            found.notes,
        )

    def _known_events(self) -> dict[tuple[str, str], list[tuple[Lever, str]]]:
        form = self.workspace.form("known_events")
        view = self.workspace.ledger.effective(
            "known_events", known_on=self.as_of.known_on, schema=form.schema()
        )
        found: dict[tuple[str, str], list[tuple[Lever, str]]] = defaultdict(list)
        for r in self.workspace.ledger.query(f'select * from memory.main."{view}"'):
            if r["change"] is None:
                continue
            share, chance = (
                1.0 if r[name] is None else r[name] / 100 for name in ("first_share", "probability")
            )
            found[r["place"], r["indicator"]].append(
                (
                    Lever(
                        r["name"],
                        int(r["year"]),
                        r["change"],
                        chance,
                        share,
                        r["source_title"] or "",
                    ),
                    r["unit"],
                )
            )
        return found

    def levers(self, place: str, names: tuple[str, ...], unit: str) -> list[Lever]:
        """Known events of an indicator in a unit. Raises HengtanError where one is in a unit of another kind."""
        made = []
        for name in names:
            for lever, own in self._events.get((place, name), ()):
                if read_unit(own).canonical != read_unit(unit).canonical:
                    raise HengtanError(
                        f"已知事件“{lever.name}”的单位“{own}”换不成“{unit}”",
                        f"event '{lever.name}' is in {own}, not {unit}",
                        todo="改正事件的计量单位",
                        todo_en="correct the unit of the event",
                    )
                made.append(
                    Lever(
                        lever.name,
                        lever.year,
                        lever.change * conversion_factor(own, unit),
                        lever.probability,
                        lever.first_share,
                        lever.source,
                    )
                )
        return made

    def of_series(
        self, place: str, series: str, to: int, *, ceiling: float | None = None
    ) -> tuple[Held, Outlook]:
        """The outlook of a series to a year, towards a known ceiling where one is given. Raises NoSuchRow with the series there are, HengtanError where the year is not ahead or a value exceeds the ceiling."""
        held = self.series.get((place, series))
        if held is None or not held.points:
            known = sorted(s for p, s in self.series if p == place)
            raise NoSuchRow(
                f"“{place}”没有年度序列“{series}”",
                f"no yearly series '{series}' of {place}",
                todo=f"可用：{'、'.join(known) or '（无）'}",
                todo_en=f"known: {', '.join(known) or 'none'}",
            )
        last = held.points[-1].year
        if to <= last:
            raise HengtanError(
                f"数据已到{last}年，预测年份应在其后",
                f"data reach {last}; the year must be later",
                todo=f"--until 用 {last + 1} 或更晚",
                todo_en=f"use --until {last + 1} or later",
            )
        if ceiling is not None and max(p.value for p in held.points) > ceiling:
            raise HengtanError(
                f"已有数值超过上限{ceiling:g}",
                f"a value exceeds the ceiling {ceiling:g}",
                todo="改大 --ceiling，单位同序列",
                todo_en="raise --ceiling; it is in the unit of the series",
            )
        until = to if held.until is None else min(to, max(held.until, last + 1))
        return held, forecast(
            held.yearly(self.family(place), ceiling),
            until,
            self.pools,
            self.levers(place, (series,), held.unit) if held.unit else [],
            notes=held.notes,
        )

    # targets

    def of_targets(self, plan: str | None = None) -> list[dict[str, Any]]:
        """The outlook of every target, in the order of ``status``: state, chance, forecast of the deadline year, needed pace, and what it rests on."""
        candidates: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.workspace.execute("plan_candidates", self.as_of).to_pylist():
            candidates[row["target_id"]].append(row)
        targets = {row["target_id"]: row for row in self.workspace.pack.rows("targets")}
        return [
            self._target(row, targets[row["target_id"]], candidates[row["target_id"]])
            for row in self.workspace.status(plan, self.as_of.known_on, None)
        ]

    def _target(
        self, status: Mapping[str, Any], target: Mapping[str, Any], candidates: list[dict[str, Any]]
    ) -> dict[str, Any]:
        held, outlook = self._outlook(status, target, candidates)
        deadline, state = status["deadline"], "no_series"
        made: dict[str, Any] = {
            k: status[k]
            for k in (
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
                "state",
                "needed_pace",
                "needed_yearly_cut_pct",
                "pace_so_far",
                "latest_in_unit",
                "latest_period",
            )
        }
        made |= {
            "evidence_state": made.pop("state"),
            "chance": None,
            "point": None,
            "bands": {},
            "outlook": None,
            "notes": [],
            "sources": [],
        }
        if held is not None and held.points and held.points[-1].year >= deadline:
            state = "due"
        elif outlook is not None:
            state = (
                "break"
                if outlook.state == "forecast" and outlook.years[-1].year < deadline
                else outlook.state
            )
            made["outlook"] = as_dict(outlook)
            made["notes"] = list(made["outlook"]["notes"])
        if state == "forecast" and outlook is not None:
            last = outlook.years[-1]
            made["chance"] = outlook.chance(
                deadline,
                status["goal"],
                status["operator"],
                strict=bool(status["strict"]),
                tolerance=target["tolerance"],
            )
            made["point"], made["bands"] = (
                last.point,
                dict(zip(("50", "80", "95"), last.bands, strict=True)),
            )
        if held is not None:
            made["notes"] = made["notes"] or [WORDS.say(note) for note in held.notes]
            made["sources"] = [
                {
                    "year": p.year,
                    "submission": p.submission,
                    "row": p.row,
                    "confidence": p.confidence,
                }
                for p in held.points
            ]
        elif breaks := [b for b in self._breaks.get(status["indicator"], ()) if b.bridge == "none"]:
            made["notes"] = [
                f"{b.year}年起口径改变（{b.reason}），没有衔接系数，跨口径不作预测" for b in breaks
            ]
        made["forecast_state"], made["forecast_state_zh"] = state, STATES[state]
        made["recalled"] = sum(s["confidence"] == "recalled" for s in made["sources"])
        return made

    def _outlook(
        self, status: Mapping[str, Any], target: Mapping[str, Any], candidates: list[dict[str, Any]]
    ) -> tuple[Held | None, Outlook | None]:
        """The longest series of the target's own definition in its unit, and its outlook to the deadline."""
        usable = [
            r
            for r in candidates
            if r["state"] in ("actual", "estimate")
            and r["nature"] == "outturn"
            and r["whole"]
            and r["comparable"] is not None
            and r["period_kind"] in ("year", "day", "span")
        ]
        groups: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        for r in sorted(usable, key=lambda r: (r["period_end"], -r["level_rank"])):
            groups[r["linked_series"]][r["year"]] = r
        if not groups:
            return None, None
        name, rows = max(groups.items(), key=lambda item: (max(item[1]), len(item[1])))
        points = [
            Point(
                y,
                r["comparable"],
                r["edition"] or "",
                (r["vintage_rank"] or 0) > 0 or r["vintage"] is None,
                r["_submission"],
                r["_row"],
                r["confidence"],
            )
            for y, r in rows.items()
        ]
        found = unbroken(
            points,
            [
                *self._breaks.get(name, ()),
                *(self._breaks.get(target["indicator"], ()) if name != target["indicator"] else ()),
            ],
        )
        kind = (
            "growth"
            if target["operator"] == "decrease_by"
            else next(iter(rows.values()))["indicator_kind"] or "level"
        )
        held = Held(
            target["region"], name, target["unit"], kind, found.points, found.until, found.notes
        )
        deadline = int(status["deadline"])
        if not held.points or held.points[-1].year >= deadline:
            return held, None
        last = held.points[-1].year
        until = deadline if held.until is None else min(deadline, max(held.until, last + 1))
        levers = self.levers(
            target["region"], tuple(dict.fromkeys((name, target["indicator"]))), target["unit"]
        )
        return held, forecast(
            held.yearly(self.family(target["region"])), until, self.pools, levers, notes=held.notes
        )
