"""Dispatch studies of a workspace: the rows and records they rest on, the plan of least cost, what
it comes to, what a part is worth, and what its limits say when there is no plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.words import Words
from hengtan.desk.names_in_rows import columns_by_title
from hengtan.desk.power_nodes import lines_of_plan, mean_price, nodes_of_plan, price_of_all
from hengtan.desk.study_inputs import StudyInputs, titles_of
from hengtan.outlook.hourly import HourlySeries
from hengtan.outlook.power.records import Burnt, Context, Row, refusal, standing
from hengtan.outlook.power.study import DispatchStudy, Records, dispatch_study
from hengtan.outlook.series_rows import Asked, series_from
from hengtan.outlook.shapes import shape_from
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.outlook.power.results import Plan
    from hengtan.workspace.workspace import Workspace

WORDS = Words.of("hengtan.outlook.power")
STUDIES, NODES = "dispatch_studies", "dispatch_nodes"
FORMS = (
    STUDIES,
    NODES,
    "power_units",
    "power_lines",
    "storage_sites",
    "flexible_resources",
    "fuel_prices",
)
FACTOR_SET = "mee_ent2022"
"""Factors of fuel that neither a unit nor a price states: those of the reporting guide of 2022."""
CARBON_TO_CO2 = 44.0 / 12.0


@dataclass(frozen=True)
class Chosen:
    """Which study: of which place, by its code. An empty code is the first of the place by code."""

    place: str
    study: str = ""


class PowerDesk:
    """The dispatch studies of one workspace as of a day."""

    def __init__(self, workspace: Workspace, as_of: AsOf | None = None) -> None:
        self.workspace, self.as_of = workspace, as_of or AsOf.of()
        self.graph = workspace.graph(self.as_of)

    @cached_property
    def studies(self) -> list[Row]:
        """Approved rows of ``dispatch_studies``, by place and code."""
        return sorted(self.table(STUDIES), key=lambda row: (row["place"], row["study"]))

    def row_of(self, chosen: Chosen) -> Row:
        """The row of a study. Raises HengtanError where there is none."""
        if not self.studies:
            raise refusal("no_studies")
        own = [row for row in self.studies if row["place"] == chosen.place]
        fitting = [row for row in own if chosen.study in ("", row["study"])]
        if not fitting:
            known = "、".join(row["study"] for row in own) or "—"
            raise refusal("no_study", chosen.place, chosen.study or "—", known)
        return fitting[0]

    def inputs(self, study: DispatchStudy) -> StudyInputs:
        """What a study rests on: its own row, what stands in its year, fuel prices of its period,
        and how many assumptions it makes.
        """
        row, records = study.row, self.records

        def curve(name: str) -> HourlySeries:
            return records.series(name, row["year"])

        context = Context(row, records.fuels, records.prices, curve, records.within)
        rows = {
            STUDIES: [row],
            NODES: [n for n in records.nodes if _is_of(n, row)],
            "power_units": standing(records.units, context),
            "power_lines": standing(records.lines, context),
            "storage_sites": standing(records.sites, context),
            "fuel_prices": [p for p in records.prices if p["period"] == row["fuel_period"]],
        }
        titles = titles_of(self.workspace, list(rows))
        return StudyInputs.of(rows, len(study.assumed), titles)

    @cached_property
    def records(self) -> Records:
        """What studies may count, read once."""
        pack = self.workspace.pack
        form = self.workspace.form(STUDIES)
        counted = {
            (row["place"], row["resource"]): row["counted_power"]
            for row in self.table("flexible_counted")
            if row["counted_power"] is not None
        }
        grid = {
            (row["factor_kind"], row["grid"], row["data_year"]): row
            for row in pack.rows("grid_factors")
        }
        return Records(
            units=self.table("power_units"),
            lines=self.table("power_lines"),
            sites=self.table("storage_sites"),
            resources=self.table("flexible_resources"),
            counted=counted,
            prices=self.table("fuel_prices"),
            fuels=self._fuels(),
            grid_factors=grid,
            series=lambda name, year: self.series_of("", name, year, None),
            shape=lambda name: shape_from(pack.rows("load_shapes"), name),
            within=self._within,
            nodes=self.table(NODES),
            place_of=self._place_of,
            titles={f.id: (f.title_zh, f.title_en or f.title_zh) for f in form.fields},
            products={row["product"]: row["name_zh"] for row in pack.rows("energy_products")},
        )

    def study(self, chosen: Chosen) -> DispatchStudy:
        """A study as a power system. Raises HengtanError for what is missing, in one line."""
        return self.of_row(self.row_of(chosen))

    def of_row(self, row: Row) -> DispatchStudy:
        """The study of a row, which need not be one of the ledger."""

        def series(name: str, year: int) -> HourlySeries:
            return self.series_of(row["place"], name, year, row.get("quarters"))

        with columns_by_title(self.workspace, *FORMS):
            return dispatch_study(row, replace(self.records, series=series))

    def plan(self, study: DispatchStudy) -> Plan:
        """The plan of least cost; with commitment by stretches, with its gap.

        Raises ``StudyWithoutPlan`` where limits exclude each other, ``NotProven``, and
        ``NotByStretches`` for commitment together with a law of the whole year.
        """
        from hengtan.outlook.conflict import StudyWithoutPlan, conflict
        from hengtan.outlook.linear import Set
        from hengtan.outlook.optimum import Infeasible
        from hengtan.outlook.power.rolling import plan_of

        try:
            return plan_of(study.system)
        except Infeasible as error:
            name = study.system.name
            said = Set(f"{name}：", f"{name}: ")
            raise StudyWithoutPlan.because(conflict(error.program), said) from error

    def value(self, study: DispatchStudy, part: str) -> Mapping[str, Any]:
        """What a plant, store or line is worth: the study without it beside the study with it."""
        from hengtan.outlook.power.value import value_of

        name = self.name_of(study, part)
        worth = value_of(study.system, name)
        return {
            "part": name,
            "with": summary(worth.with_it),
            "without": summary(worth.without_it),
            "saving": worth.saving,
            "gap": worth.gap,
            "carbon": worth.carbon,
            "shortage_hours": worth.shortage_hours,
        }

    def name_of(self, study: DispatchStudy, part: str) -> str:
        """The name in the system of a part, by name or code. Raises HengtanError."""
        names = [p.name for p in study.system.plants] + [p.name for p in study.system.lines]
        fitting = [name for name in names if part == name or f"（{part}）" in name]
        fitting = fitting or [name for name in names if name.startswith(f"{part}（")]
        if len(fitting) != 1:
            raise refusal("no_such_part", part, "、".join(names))
        return fitting[0]

    def said(self, study: DispatchStudy) -> list[dict[str, str]]:
        """What a study assumes, in both languages."""
        return [self.said_of(text) for text in study.assumed]

    def said_of(self, text: str) -> dict[str, str]:
        """A coded assumption in both languages; words with both parts are divided by ``｜``."""
        code, *arguments = text.split("|")
        words = []
        for language, name in enumerate(("zh", "en")):
            named = [_argument(argument, language, name) for argument in arguments]
            words.append(WORDS[code][language].format(*named))
        return {"code": code, "zh": words[0], "en": words[1]}

    def table(self, table: str) -> list[Row]:
        """Rows of a form or an account as of the day."""
        rows: list[Row] = self.graph.table(table).to_pyarrow().to_pylist()
        return rows

    def series_of(self, place: str, name: str, year: int, quarters: Any) -> HourlySeries:
        """A series of a place and year. Raises HengtanError for hours that lack or double."""
        table = self.graph.table("hourly_series")
        chosen = table.filter((table.place == place) & (table.series == name))
        return series_from(chosen.to_pyarrow(), Asked(place, name, year, quarters))

    def _fuels(self) -> dict[str, Burnt]:
        """Heat and carbon of fuels by the set of factors that is named."""
        return {
            row["product"]: Burnt(
                row["ncv"],
                _carbon(row["carbon_content"], row["oxidation"]),
                FACTOR_SET,
            )
            for row in self.table("energy_factors")
            if row["factor_set"] == FACTOR_SET
        }

    def _place_of(self, text: str) -> str | None:
        """The code of a place by its name or code, None where it is not known."""
        try:
            return self.workspace.pack.places().find(text).code
        except HengtanError:
            return None

    def _within(self, region: str, place: str) -> bool:
        tree = self.workspace.pack.places()
        known = region in tree and place in tree
        return region == place or (known and tree.within(region, place))


def _is_of(row: Row, study: Row) -> bool:
    return bool(row["place"] == study["place"] and row["study"] == study["study"])


def _carbon(content: float | None, oxidation: float | None) -> float | None:
    """Carbon dioxide of a GJ. [tCO2/GJ]"""
    if content is None or oxidation is None:
        return None
    return content * oxidation * CARBON_TO_CO2


def _argument(argument: str, language: int, word: str) -> str:
    if argument in WORDS:
        return WORDS.say(argument, word)
    parts = argument.split("｜")
    return parts[language] if len(parts) == len(("zh", "en")) else argument


def summary(plan: Plan) -> dict[str, Any]:
    """The figures of a plan's year: cost [yuan], carbon [t], energy by source [MWh], shortage,
    curtailment [1].
    """
    system = plan.system
    demand = float((system.demand.sum(axis=0) * plan.hours).sum())
    unserved = float((plan.shortage.sum(axis=0) * plan.hours).sum())
    kinds = sorted({part.kind for part in system.variable})
    price = price_of_all(plan)
    return {
        "name": system.name,
        "year": system.steps.year,
        "cost": plan.optimum.cost,
        "gap": plan.optimum.gap,
        "carbon": sum(plan.carbon().values()),
        "demand": demand,
        "peak": float(system.demand.sum(axis=0).max()),
        "generation": plan.generation(),
        "curtailment": {kind: plan.curtailment(kind) for kind in kinds},
        "shortage": unserved,
        "shortage_hours": plan.shortage_hours,
        "price_mean": mean_price(price, system.demand.sum(axis=0), plan.hours),
        "price_highest": float(plan.price.max()),
        "carbon_price": plan.carbon_price,
    }


def plants_of_plan(plan: Plan) -> list[dict[str, Any]]:
    """Each plant of a plan: capacity and what is built [MW], output [MWh], full hours, carbon."""
    carbon = plan.carbon()
    rows = []
    for part in plan.system.plants:
        energy, capacity = plan.year(plan.output[part.name]), plan.capacity(part)
        rows.append(
            {
                "name": part.name,
                "kind": part.kind,
                "capacity": capacity,
                "built": plan.built.get(part.name, 0.0),
                "output": energy,
                "full_hours": energy / capacity if capacity else None,
                "carbon": carbon.get(part.name, 0.0),
                "factor": getattr(part, "factor_name", ""),
                "source": part.source,
            }
        )
    return sorted(rows, key=lambda row: (row["kind"], -row["output"]))


def peak_day(plan: Plan) -> dict[str, Any]:
    """The balance of the peak day, hour by hour. [MW]"""
    day = plan.peak_day()
    return {
        "first_hour": int(day.steps[0]),
        "demand": day.demand.tolist(),
        "rows": {kind: row.tolist() for kind, row in day.rows.items()},
        "shortage": day.shortage.tolist(),
        "firm": day.firm,
        "margin": day.margin,
    }


def answer(desk: PowerDesk, chosen: Chosen) -> dict[str, Any]:
    """A study solved: its figures, plants, peak day, the published year beside it where there is
    one, and what it assumes.
    """
    study = desk.study(chosen)
    plan = desk.plan(study)
    outturn = [
        row
        for row in desk.workspace.pack.rows("generation_by_source")
        if row["region"] == study.row["place"] and row["year"] == study.row["year"]
    ]
    return {
        "study": {name: study.row[name] for name in ("place", "study", "title", "year")},
        "load": dict(zip(("zh", "en"), study.load.name(), strict=True)),
        "commitment": study.row.get("commitment") or "none",
        "summary": summary(plan),
        "plants": plants_of_plan(plan),
        "nodes": nodes_of_plan(plan),
        "lines": lines_of_plan(plan),
        "peak_day": peak_day(plan),
        "outturn": beside_outturn(plan, outturn),
        "inputs": desk.inputs(study).as_dict(),
        "others": [
            row["study"]
            for row in desk.studies
            if row["place"] == study.row["place"] and row["study"] != study.row["study"]
        ],
        "assumptions": desk.said(study),
    }


def firm_of(desk: PowerDesk, chosen: Chosen, share: float) -> dict[str, Any]:
    """Firm output of the study's hydro, wind and sun in so many of the hours, with water kept and
    without. Raises ``ParameterNotEstablished`` and HengtanError where inflow is not known.
    """
    from hengtan.outlook.power.firm import firm_output
    from hengtan.outlook.power.park_records import months_of

    study = desk.study(chosen)
    firm = firm_output(study.system, share, months_of(study.row["year"]).tolist())
    return {
        "study": {name: study.row[name] for name in ("place", "study", "title", "year")},
        "share": share,
        "together": firm.together,
        "bound": firm.bound,
        "apart": firm.apart,
        "gain": firm.gain,
        "correlation": [
            {"first": first, "second": second, "by_month": values.tolist()}
            for (first, second), values in firm.correlation.items()
        ],
        "assumptions": desk.said(study),
    }


def beside_outturn(plan: Plan, outturn: Sequence[Row]) -> list[dict[str, Any]]:
    """Energy by source beside what statistics published for the year, with the error.

    ``outturn``: rows of ``generation_by_source`` [1e8 kWh]; ``thermal`` is coal, gas, oil, waste
    heat and biomass together, as the yearbook has it.
    """
    thermal = ("coal", "gas", "oil", "waste_heat", "biomass")
    energy = plan.generation()
    rows = []
    for row in outturn:
        kinds = thermal if row["kind"] == "thermal" else (row["kind"],)
        computed = sum(energy.get(kind, 0.0) for kind in kinds) / 1e5
        published = float(row["value"])
        rows.append(
            {
                "kind": row["kind"],
                "computed": computed,
                "published": published,
                "difference": computed - published,
                "share": (computed - published) / published if published else None,
                "source": row["source"],
            }
        )
    return rows


__all__ = [
    "Chosen",
    "PowerDesk",
    "answer",
    "beside_outturn",
    "firm_of",
    "peak_day",
    "plants_of_plan",
    "summary",
]
