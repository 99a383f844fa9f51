"""Power that a scenario buys, as projected rows of the form ``energy_exchange``: the account of
indirect emissions, targets and the non-fossil share read it by their one definition.

What a place lacks comes in: inflow of the balance less that of the base year is added to what the
place reported as bought then, from the same counterparts and with the same certificates. A year to
come has no published factor of a grid: the newest published one stands for it, by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.outlook.pathway.base import BaseYear
from hengtan.outlook.pathway.model import Outcome, Pathway
from hengtan.outlook.pathway.records import PROJECTED, balances, of_year
from hengtan.outlook.pathway.supply import POWER, Production, inflow_of, unit_rate

Row = dict[str, Any]


@dataclass(frozen=True)
class Bought:
    """Power taken in and handed out by a place in the base year, and the net of each later year.
    [kWh]
    """

    place: str
    taken: float
    handed: float
    net: Mapping[int, float]

    def of(self, year: int) -> tuple[float, float]:
        """What comes in and goes out in a later year: what goes out stays, unless more is left over
        than came in. [kWh]
        """
        taken = max(self.net[year] + self.handed, 0.0)
        return taken, taken - self.net[year]


def inflows(
    base: BaseYear, pathway: Pathway, outcome: Outcome, production: Production
) -> dict[tuple[str, int], float]:
    """Net inflow of power by place and year of the central scenario. [kWh]

    Places whose balance has no physical quantity of power are left out.
    """
    flows = {}
    for place, year, cells in balances(base, pathway, outcome, production):
        rate = unit_rate(base, place, POWER)
        if rate is not None:
            flows[place, year] = inflow_of(cells, POWER) * rate
    return flows


def bought_by(
    accounts: Iterable[Row], base: BaseYear, flows: Mapping[tuple[str, int], float]
) -> list[Bought]:
    """The power that places buy, from rows of ``carbon_exchange`` of the base year of whole places;
    places without such rows are left out.
    """
    sums: dict[str, dict[str, float]] = {}
    for row in accounts:
        of_place = row["entity"] == "" and row["product"] == POWER and row["year"] == base.year
        if of_place and row["place"] in base.regions and row["amount"] is not None:
            own = sums.setdefault(row["place"], {"in": 0.0, "out": 0.0})
            own[row["direction"]] += abs(row["amount"])
    listed = []
    for place, own in sums.items():
        if (place, base.year) in flows:
            before = flows[place, base.year]
            net = {
                year: own["in"] - own["out"] + flow - before
                for (where, year), flow in flows.items()
                if where == place and year != base.year
            }
            listed.append(Bought(place, own["in"], own["out"], net))
    return listed


def exchange_rows(rows: Iterable[Row], bought: Sequence[Bought], base: BaseYear) -> list[Row]:
    """Rows of the form of the base year carried to each later year: power by what is bought, heat
    as it was. Where nothing came in (or went out) before, a row of the place's own grid begins.
    """
    of_base = [
        row
        for row in rows
        if row["period_kind"] == "year"
        and row["period_end"].year == base.year
        and row["place"] in base.regions
    ]
    carried: list[Row] = []
    for each in bought:
        own = [row for row in of_base if row["place"] == each.place]
        for year in each.net:
            amounts = dict(zip(("in", "out"), each.of(year), strict=True))
            before = {"in": each.taken, "out": each.handed}
            for row in own:
                way = row["direction"]
                times = 1.0
                if row["product"] == POWER:
                    times = amounts[way] / before[way] if before[way] else 0.0
                carried.append(_times(row, times) | of_year(year))
            carried += [
                _begun(each.place, way, amount) | of_year(year)
                for way, amount in amounts.items()
                if amount and not before[way]
            ]
    return carried


def _times(row: Row, times: float) -> Row:
    amount = None if row["amount"] is None else row["amount"] * times
    return row | {"amount": amount, "amount_original": None if amount is None else f"{amount:.12f}"}


def _begun(place: str, way: str, amount: float) -> Row:
    return {
        "place": place,
        "product": POWER,
        "direction": way,
        "certified": "none",
        "amount": amount,
        "amount_original": f"{amount:.12f}",
        "unit": "kWh",
        "_demo": False,
    }


def factors_ahead(rows: Iterable[Row], years: Collection[int]) -> list[Row]:
    """For each grid and kind the newest published factor, as a row of every later year that has
    none.
    """
    newest: dict[tuple[str, str], Row] = {}
    published = set()
    for row in rows:
        key = (row["factor_kind"], row["grid"])
        published.add((*key, row["data_year"]))
        if key not in newest or row["data_year"] > newest[key]["data_year"]:
            newest[key] = row
    return [
        row | {"data_year": year}
        for key, row in newest.items()
        for year in years
        if year > row["data_year"] and (*key, year) not in published
    ]


def said_factors(accounts: Iterable[Row], factors: Iterable[Row], language: int = 0) -> list[str]:
    """The factors that bought power takes in years to come, each with its grid and the year it was
    published for, in Chinese or (``language`` 1) English, from rows of ``carbon_exchange`` of a
    place and of the table of factors.
    """
    listed = sorted(factors, key=lambda row: row["data_year"])
    said = []
    for row in accounts:
        if row["product"] != POWER:
            continue
        own = row["direction"] == "out" or not row["counterpart"]
        grid = f"{row['place'][:2]}0000" if own else row["counterpart"]
        year = row["stand_in_year"]
        of_grid = [
            each
            for each in listed
            if (each["factor_kind"], each["grid"]) == (row["grid_factor_kind"], grid)
            and year in (None, each["data_year"])
        ]
        if of_grid:
            last = of_grid[-1]
            name, around = (last["name_zh"], "（{}）"), (last["name_en"], " ({})")
            called, written = (name, around)[language]
            about = written.format(last["data_year"])
            said.append(f"{called} {last['value']:g} kgCO2/kWh{about}")
    return list(dict.fromkeys(said))


__all__ = ["PROJECTED", "Bought", "bought_by", "exchange_rows", "factors_ahead", "inflows"]
