"""Parks and buildings behind a meter, from ``park_study`` to sizes, shares with their lights, cost
and the limit that binds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.desk.power import Chosen, PowerDesk
from hengtan.instruments.parameters import Parameters
from hengtan.outlook.power.park import MONTHS, Park, ParkPlan, Shares
from hengtan.outlook.power.park_records import park_from
from hengtan.outlook.power.records import Context, Row, refusal

if TYPE_CHECKING:
    from hengtan.outlook.hourly import HourlySeries

PARAMETER = "sgls.shares"
KEYS = {
    "self_use": ("self_use_limit", "self_use_least"),
    "green": ("green_share_limit", "green_share_least"),
    "exported": ("export_share_limit", "export_share_most"),
}
"""Each share, the field in which a study states its own limit, and the key of the rule."""
PERCENT, DAY = 100.0, 24
NEARLY = 1e-6
"""How near what is built comes to what may be built where that holds it back. [1]"""


@dataclass(frozen=True)
class Threshold:
    """What a share is judged by: its value [1], and the document or the study that says so."""

    value: float | None
    said_by: str
    warnings: tuple[str, ...] = ()
    said_by_english: str = ""


class ParkDesk:
    """The park studies of a workspace as of a day."""

    def __init__(self, power: PowerDesk) -> None:
        self.power = power

    @cached_property
    def studies(self) -> list[Row]:
        """Approved rows of ``park_study``, by place and code."""
        rows = self.power.table("park_study")
        return sorted(rows, key=lambda row: (row["place"], row["study"]))

    def row_of(self, chosen: Chosen) -> Row:
        """The row of a study. Raises HengtanError where there is none, or several without code."""
        own = [row for row in self.studies if row["place"] == chosen.place]
        fitting = [row for row in own if chosen.study in ("", row["study"])]
        if len(fitting) != 1:
            known = "、".join(row["study"] for row in own) or "—"
            raise refusal("no_park", chosen.place, chosen.study or "—", known)
        return fitting[0]

    def park(self, row: Row, *, meets_rule: bool = False) -> tuple[Park, list[str]]:
        """The park of a row, and what it assumes by code.

        ``meets_rule`` asks for the shares of the rule where the study states none of its own.
        """
        form = self.power.workspace.form("park_study")
        titles = {field.id: field.title_zh for field in form.fields}
        context = Context(row, {}, (), self._series(row), lambda a, b: a == b)
        tariffs = [
            tariff
            for tariff in self.power.table("park_tariffs")
            if (tariff["place"], tariff["study"]) == (row["place"], row["study"])
        ]
        park = park_from(row, tariffs, self._asked(row, meets_rule), context, titles)
        context.tell("assumed.park_number", row.get("source_title") or "—")
        return park, context.assumed

    def answer(self, chosen: Chosen, *, meets_rule: bool = False) -> dict[str, Any]:
        """A park solved: sizes, shares with thresholds and lights, cost beside buying everything,
        limits that bind, and what it assumes.

        Raises ``StudyWithoutPlan`` where shares and ties exclude each other, with the smallest
        change.
        """
        row = self.row_of(chosen)
        park, assumed = self.park(row, meets_rule=meets_rule)
        plan = self._plan(park)
        return {
            "study": {name: row[name] for name in ("place", "study", "park", "year", "scope")},
            "built": plan.built,
            "at_limit": [
                name
                for name, source in park.sources.items()
                if plan.built[name] >= source.most * (1.0 - NEARLY)
            ],
            "store_energy": plan.store_energy,
            "store_power": plan.store_power,
            "load": float(park.load.sum()),
            "bought": float(plan.bought.sum()),
            "sold": float(plan.sold.sum()),
            "loss": plan.loss,
            "loss_counts": park.loss_counts,
            "peak_bought": float(plan.bought.max()),
            "peak_load": float(park.load.max()),
            "cost": plan.cost,
            "cost_bought_only": float(park.load @ park.meter.buy) + _peaks(park),
            "months": months_of(plan),
            "day": mean_day(plan),
            "shares": [self._share(row, plan, name) for name in KEYS],
            "binding": {
                name: {"zh": block.said.zh, "en": block.said.en, "worth": plan.binding()[name]}
                for name, block in plan.optimum.program.limits.items()
                if name in plan.binding()
            },
            "assumptions": [self.power.said_of(text) for text in assumed],
        }

    def _plan(self, park: Park) -> ParkPlan:
        from hengtan.outlook.conflict import StudyWithoutPlan, conflict
        from hengtan.outlook.linear import Set
        from hengtan.outlook.optimum import Infeasible
        from hengtan.outlook.power.park import park_plan

        try:
            return park_plan(park)
        except Infeasible as error:
            said = Set(f"{park.name}：", f"{park.name}: ")
            raise StudyWithoutPlan.because(conflict(error.program), said) from error

    def _series(self, row: Row) -> Any:
        def series(name: str) -> HourlySeries:
            return self.power.series_of(row["place"], name, row["year"], None)

        return series

    def _asked(self, row: Row, meets_rule: bool) -> Shares:
        values: dict[str, float | None] = {}
        for name, (field, _) in KEYS.items():
            own = row.get(field)
            values[name] = None if own is None else float(own) / PERCENT
            if own is None and meets_rule:
                values[name] = self.threshold(row, name).value
        return Shares(**values)

    def threshold(self, row: Row, name: str) -> Threshold:
        """What a share of a park is judged by: the study's own limit, else the rule in force at the
        end of its year; nothing for a building, which no rule asks.
        """
        field, key = KEYS[name]
        if row.get(field) is not None:
            return Threshold(float(row[field]) / PERCENT, row.get("source_title") or "")
        if row.get("scope") == "building":
            return Threshold(None, "")
        rows = self.power.workspace.pack.rows("rule_parameters")
        law = Parameters.of(rows, date(row["year"], 12, 31), row["place"])
        try:
            value = law.value(PARAMETER, key)
        except ParameterNotEstablished as error:
            return Threshold(None, error.zh, said_by_english=error.en)
        return Threshold(value / PERCENT, law.used[0].cited, tuple(law.warnings))

    def _share(self, row: Row, plan: ParkPlan, name: str) -> Mapping[str, Any]:
        value = getattr(plan, name)
        threshold = self.threshold(row, name)
        is_met = None
        if value is not None and threshold.value is not None:
            least = threshold.value - 1e-9
            is_met = value <= threshold.value + 1e-9 if name == "exported" else value >= least
        return {
            "share": name,
            "value": value,
            "threshold": threshold.value,
            "said_by": threshold.said_by,
            "said_by_english": threshold.said_by_english,
            "warnings": list(threshold.warnings),
            "is_met": is_met,
        }


def months_of(plan: ParkPlan) -> list[dict[str, float]]:
    """Of each month the load, and what of it is bought and own; what is sold. [kWh]"""
    park = plan.park
    rows = []
    for number in range(MONTHS):
        hours = park.month == number
        load, bought = float(park.load[hours].sum()), float(plan.bought[hours].sum())
        rows.append(
            {
                "month": number + 1,
                "load": load,
                "own": load - bought,
                "bought": bought,
                "sold": float(plan.sold[hours].sum()),
            }
        )
    return rows


def mean_day(plan: ParkPlan) -> dict[str, list[float]]:
    """The mean of each hour of the day over the year: output of each source, what storage gives and
    takes, what is bought and sold, and the load. [kW]
    """
    flows = {
        **plan.output,
        "discharge": plan.discharge,
        "bought": plan.bought,
        "charge": plan.charge,
        "sold": plan.sold,
        "load": plan.park.load,
    }
    return {name: flow.reshape(-1, DAY).mean(axis=0).tolist() for name, flow in flows.items()}


def _peaks(park: Park) -> float:
    """Charges when everything is bought. [yuan/a]"""
    months = (park.load[park.month == month] for month in range(12))
    peaks = sum(float(load.max(initial=0.0)) for load in months)
    return park.meter.fixed + park.meter.demand_charge * peaks
