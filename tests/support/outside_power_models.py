"""Readers of other people's power models (Switch, PGLib, PyPSA) into ours, for tests alone.

The inputs stay where they are, beside the project; a test that needs them skips without them.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hengtan.outlook.annuity import annuity
from hengtan.outlook.power.parts import (
    UNLIMITED,
    Build,
    Fuel,
    Line,
    Reservoir,
    Steps,
    Storage,
    Supply,
    System,
    Thermal,
    Variable,
)

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "outlook" / "tests"

LOCAL_LOSS = 0.053
"""Loss of local wires in Switch where the inputs do not say."""


def expected(name):
    """What the outside model says, with its tolerance."""
    path = FACTS / "tests.json"
    if not path.exists():
        pytest.skip("facts of the outlook are not beside the project")
    rows = {row["id"]: row for row in json.loads(path.read_text(encoding="utf-8"))}
    return rows[name]


def table(name, file):
    """A table of an outside model; a point or nothing is no value."""
    path = FACTS / name / f"{file}.csv"
    if not path.exists():
        pytest.skip(f"{name} is not beside the project")
    return pd.read_csv(path, na_values=["."])


def has(name, file):
    return (FACTS / name / f"{file}.csv").exists()


class Switch:
    """A Switch model of one zone and one period as a system, and its present value.

    Laws of Switch, read in its modules (timescales, financials, build, dispatch, no_commit,
    commit.operate, commit.fuel_use, storage, hydro_simple, fuel_costs, local_td): yearly costs
    times the discounted years of the period; availability (1 − forced), and (1 − scheduled) for
    base load; capital at the interest rate over the life, also of what stands; base load flat
    without commitment, fully on with it; what is built in a period lasts it.
    """

    def __init__(self, name):
        self.name = name
        self.money = table(name, "financials").iloc[0]
        self.period = table(name, "periods").iloc[0]
        self.plants = table(name, "gen_info").set_index("GENERATION_PROJECT")
        self.offers = table(name, "gen_build_costs")
        self.offers["build_year"] = self.offers.build_year.astype(int)
        self.commits = has(name, "gen_inc_heat_rates")
        self.points = table(name, "timepoints").merge(
            table(name, "timeseries"), left_on="timeseries", right_on="TIMESERIES"
        )

    @property
    def years(self):
        hours = (self.points.ts_duration_of_tp * self.points.ts_scale_to_period).sum()
        plain = self.period.period_end - self.period.period_start
        return min((plain, plain + 1), key=lambda years: abs(years * 8766 - hours))

    @property
    def present_value(self):
        """What a yearly cost in the period comes to in the base year."""
        rate = self.money.discount_rate
        begins = self.period.period_start - self.money.base_financial_year
        return (1 - (1 + rate) ** -self.years) / rate * (1 + rate) ** -begins

    def system(self):
        names = list(self.plants.index)
        stores = [n for n in names if self._number(n, "gen_storage_efficiency", 0) > 0]
        dams = set(table(self.name, "hydro_timeseries").hydro_project) if self._has_dams() else ()
        suns = [n for n in names if self.plants.gen_is_variable[n] and n not in stores]
        plain = [n for n in names if n not in {*stores, *dams, *suns}]
        wires, demand = self._wires(), self._demand()
        nothing = np.zeros_like(demand)
        return System(
            name=self.name,
            steps=self.steps(),
            nodes=("South", "local") if wires else ("South",),
            demand=np.concatenate([nothing, demand]) if wires else demand,
            fuels=self._fuels(),
            thermal=tuple(self._thermal(n) for n in plain),
            variable=tuple(self._variable(n) for n in suns),
            reservoirs=tuple(self._reservoir(n) for n in dams),
            storage=tuple(part for n in stores for part in self._stores(n)),
            lines=wires,
            money="USD",
        )

    def steps(self):
        points = self.points
        period = pd.factorize(points.timeseries)[0].astype(np.int32)
        often = points.ts_scale_to_period.to_numpy(float) / self.years
        return Steps(points.ts_duration_of_tp.to_numpy(float), often, period)

    def _has_dams(self):
        return has(self.name, "hydro_timeseries")

    def _wires(self):
        """Local wires of the zone: what stands, what the peak asks for, what more costs."""
        zone = table(self.name, "load_zones").iloc[0]
        if "existing_local_td" not in zone:
            return ()
        least = 0.0
        if has(self.name, "zone_coincident_peak_demand"):
            asked = table(self.name, "zone_coincident_peak_demand")
            peak = asked.zone_expected_coincident_peak_demand[0] / (1 - LOCAL_LOSS)
            least = max(0.0, peak - zone.existing_local_td)
        return (
            Line(
                name="local wires",
                start="South",
                end="local",
                power=zone.existing_local_td,
                both_ways=False,
                efficiency=1 - LOCAL_LOSS,
                fixed=zone.local_td_annual_cost_per_mw,
                build=Build(zone.local_td_annual_cost_per_mw, least=least),
            ),
        )

    def _demand(self):
        loads = table(self.name, "loads").set_index("TIMEPOINT").zone_demand_mw
        return loads[self.points.timepoint_id].to_numpy(float)[None, :]

    def _fuels(self):
        carbon = table(self.name, "fuels").set_index("fuel")
        if has(self.name, "fuel_cost"):
            price = table(self.name, "fuel_cost").set_index("fuel").fuel_cost
            supply = {fuel: (Supply(price[fuel]),) for fuel in carbon.index}
        else:
            market = table(self.name, "regional_fuel_markets").set_index("regional_fuel_market")
            tiers = table(self.name, "fuel_supply_curves").fillna(UNLIMITED)
            supply = {
                market.fuel[place]: tuple(
                    Supply(row.unit_cost, row.max_avail_at_cost) for row in rows.itertuples()
                )
                for place, rows in tiers.groupby("regional_fuel_market")
            }
        return tuple(
            Fuel(fuel, supply[fuel], row.co2_intensity + row.upstream_co2_intensity)
            for fuel, row in carbon.iterrows()
        )

    def _number(self, name, column, otherwise=0.0):
        value = self.plants[column].get(name, np.nan) if column in self.plants else np.nan
        return otherwise if pd.isna(value) else float(value)

    def _built(self, name, column="build_gen_predetermined"):
        """What stands by year, with the columns of its cost."""
        if not has(self.name, "gen_build_predetermined"):
            return []
        rows = table(self.name, "gen_build_predetermined")
        rows = rows[rows["GENERATION_PROJECT"] == name]
        life = self._number(name, "gen_max_age")
        alive = rows[rows.build_year + life > self.period.period_start]
        return [(int(row.build_year), getattr(row, column)) for row in alive.itertuples()]

    def _yearly(self, name, year, capital="gen_overnight_cost", upkeep="gen_fixed_om"):
        row = self.offers[
            (self.offers["GENERATION_PROJECT"] == name) & (self.offers.build_year == year)
        ].iloc[0]
        paid = annuity(self.money.interest_rate, self._number(name, "gen_max_age"))
        power = capital == "gen_overnight_cost"
        connect = self._number(name, "gen_connect_cost_per_mw") if power else 0.0
        return (row[capital] + connect) * paid + row[upkeep]

    def _common(self, name):
        standing = self._built(name)
        capacity = sum(amount for _, amount in standing)
        fixed = sum(amount * self._yearly(name, year) for year, amount in standing)
        new = self.offers[
            (self.offers["GENERATION_PROJECT"] == name)
            & (self.offers.build_year == self.period.INVESTMENT_PERIOD)
        ]
        most = self._number(name, "gen_capacity_limit_mw", UNLIMITED) - capacity
        build = None
        if len(new):
            build = Build(self._yearly(name, int(self.period.INVESTMENT_PERIOD)), most)
        available = 1 - self._number(name, "gen_forced_outage_rate")
        if self.plants.gen_is_baseload[name]:
            available *= 1 - self._number(name, "gen_scheduled_outage_rate")
        return {
            "name": name,
            "node": "local" if self._number(name, "gen_is_distributed") else "South",
            "kind": self.plants.gen_energy_source[name],
            "capacity": capacity,
            "available": available,
            "cost": self._number(name, "gen_variable_om"),
            "fixed": fixed / capacity if capacity else 0.0,
            "build": build,
        }

    def _thermal(self, name):
        base = bool(self.plants.gen_is_baseload[name])
        source = self.plants.gen_energy_source[name]
        fuel = source if source in set(table(self.name, "fuels").fuel) else ""
        heat, no_load = self._number(name, "gen_full_load_heat_rate"), 0.0
        if self.commits and fuel:
            heat, no_load = self._curve(name)
        return Thermal(
            **self._common(name),
            fuel=fuel,
            heat_rate=heat,
            no_load=no_load,
            least=1.0 if base and self.commits else self._number(name, "gen_min_load_fraction"),
            down=self._number(name, "gen_min_downtime"),
            start_cost=self._number(name, "gen_startup_om"),
            start_heat=self._number(name, "gen_startup_fuel"),
            commitment="relaxed" if self.commits else "none",
            flat=base and not self.commits,
            must_run=base and self.commits,
        )

    def _curve(self, name):
        """Slope and share of heat at nothing, from a start point and one segment."""
        rows = table(self.name, "gen_inc_heat_rates")
        rows = rows[rows["GENERATION_PROJECT"] == name]
        start = rows[rows.fuel_use_rate_mmbtu_per_h.notna()].iloc[0]
        segment = rows[rows.incremental_heat_rate_mbtu_per_mwhr.notna()].iloc[0]
        slope = segment.incremental_heat_rate_mbtu_per_mwhr
        nothing = start.fuel_use_rate_mmbtu_per_h - slope * start.power_start_mw
        return slope, nothing / segment.power_end_mw

    def _profile(self, name):
        rows = table(self.name, "variable_capacity_factors")
        rows = rows[rows["GENERATION_PROJECT"] == name].set_index("timepoint")
        return rows.gen_max_capacity_factor[self.points.timepoint_id].to_numpy(float)

    def _variable(self, name):
        common = self._common(name)
        common["available"] = common["available"] * self._profile(name)
        return Variable(**common)

    def _reservoir(self, name):
        rows = table(self.name, "hydro_timeseries")
        rows = rows[rows.hydro_project == name].set_index("timeseries")
        of_points = rows.loc[self.points.timeseries]
        return Reservoir(
            **self._common(name),
            inflow=of_points.hydro_avg_flow_mw.to_numpy(float),
            least=of_points.hydro_min_flow_mw.to_numpy(float),
        )

    def _stores(self, name):
        """What stands and what may be built are one store: power and energy add up."""
        common = self._common(name)
        words = ("gen_storage_energy_overnight_cost", "gen_storage_energy_fixed_om")
        standing = self._built(name, "build_gen_energy_predetermined")
        energy = sum(amount for _, amount in standing)
        fixed = sum(amount * self._yearly(name, year, *words) for year, amount in standing)
        yield Storage(
            **common,
            energy=energy,
            efficiency_in=self._number(name, "gen_storage_efficiency"),
            energy_fixed=fixed / energy,
            build_energy=Build(self._yearly(name, int(self.period.INVESTMENT_PERIOD), *words)),
        )


def pglib(name):
    """A case of PGLib as a system of one hour, flows by angles (x / (r² + x²), 100 MVA)."""
    bus, branch = table(name, "bus"), table(name, "branch")
    plants, cost = table(name, "gen"), table(name, "gencost")
    nodes = tuple(str(number) for number in bus.bus_i)
    steps = Steps(np.ones(1), np.ones(1), np.zeros(1, dtype=np.int32))
    lines = tuple(
        Line(
            name=f"line {number}",
            start=str(row.fbus),
            end=str(row.tbus),
            power=float(row.rateA),
            susceptance=100.0 * row.x / (row.r**2 + row.x**2),
            angle=np.radians(row.angmax),
        )
        for number, row in enumerate(branch.itertuples())
        if row.status == 1
    )
    thermal = tuple(
        Thermal(
            name=f"plant {number}",
            node=str(row.bus),
            kind="plant",
            capacity=float(row.Pmax),
            cost=float(cost.c1[number]),
        )
        for number, row in enumerate(plants.itertuples())
        if row.status == 1
    )
    return System(
        name=name,
        steps=steps,
        nodes=nodes,
        demand=bus.Pd.to_numpy(float)[:, None],
        lines=lines,
        thermal=thermal,
        constants={"c0": float(cost.c0.sum())},
        money="USD",
    )


def model_energy():
    """PyPSA's example of a wind, sun, battery and hydrogen system, 2,920 steps of 3 hours."""
    name = "pypsa_model_energy"
    plants = table(name, "generators").set_index("name")
    share = table(name, "generators-p_max_pu")
    links = table(name, "links").set_index("name")
    battery = table(name, "storage_units").set_index("name").loc["battery storage"]
    store = table(name, "stores").set_index("name").loc["hydrogen storage"]
    demand = table(name, "loads-p_set").demand.to_numpy(float)
    weight = table(name, "snapshots").objective.to_numpy(float)
    ones = np.ones(weight.size)
    return System(
        name=name,
        steps=Steps(weight, ones, np.zeros(weight.size, dtype=np.int32)),
        nodes=("electricity", "hydrogen"),
        demand=np.stack([demand, np.zeros(weight.size)]),
        thermal=(
            Thermal(
                name="load shedding",
                node="electricity",
                kind="shedding",
                capacity=plants.p_nom["load shedding"],
                cost=plants.marginal_cost["load shedding"],
            ),
        ),
        variable=tuple(
            Variable(
                name=kind,
                node="electricity",
                kind=kind,
                available=share[kind].to_numpy(float),
                build=Build(plants.capital_cost[kind]),
            )
            for kind in ("wind", "solar")
        ),
        storage=(
            Storage(
                name="battery",
                node="electricity",
                kind="battery",
                build=Build(battery.capital_cost),
                ratio=battery.max_hours,
                efficiency_in=battery.efficiency_store,
                efficiency_out=battery.efficiency_dispatch,
            ),
            Storage(
                name="hydrogen store",
                node="hydrogen",
                kind="hydrogen",
                capacity=UNLIMITED,
                build_energy=Build(store.capital_cost),
            ),
        ),
        lines=tuple(
            Line(
                name=kind,
                start=links.bus0[kind],
                end=links.bus1[kind],
                efficiency=links.efficiency[kind],
                both_ways=False,
                build=Build(links.capital_cost[kind]),
            )
            for kind in links.index
        ),
        money="EUR",
    )
