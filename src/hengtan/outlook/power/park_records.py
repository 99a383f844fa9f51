"""A park from its rows: ``park_study`` with the series it names, and the prices of
``park_tariffs`` by month and hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from hengtan.outlook.annuity import annuity
from hengtan.outlook.hourly import DAY, Array, HourlySeries
from hengtan.outlook.power.park import MONTHS, Meter, Park, Shares, Source, Store
from hengtan.outlook.power.records import Context, Row, of_row, refusal
from hengtan.outlook.power.stand_ins import availability
from hengtan.outlook.scaling import scaled, scaled_to_energy

KW_OF_MW, KWH_OF_1E4_KWH = 1000.0, 1e4
SOURCES = ("wind", "solar")


def park_from(
    row: Row, tariffs: Sequence[Row], asked: Shares, context: Context, titles: Mapping[str, str]
) -> Park:
    """The park of a row.

    Parameters
    ----------
    tariffs : rows of ``park_tariffs`` of the study
    asked : Shares
        What is asked of its shares, as limits of the plan.
    titles : mapping of field to what people call it

    Raises HengtanError for a number, a series or an hour's price that is missing.
    """
    load = _load(row, context)
    months = months_of(load.year)
    sources = {
        name: source
        for name in SOURCES
        if (source := _source(row, name, load.year, context, titles)) is not None
    }
    return Park(
        name=f"{row['park']}（{row['study']}）",
        load=load.values * KW_OF_MW,
        month=months,
        sources=sources,
        store=_store(row, context, titles),
        meter=_meter(row, tariffs, months, context),
        asked=asked,
        loss_counts=bool(row.get("storage_loss_counted")),
    )


def months_of(year: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The month of each hour of a year, from 0."""
    first = date(year, 1, 1).toordinal()
    days = range(date(year + 1, 1, 1).toordinal() - first)
    months = [date.fromordinal(first + day).month - 1 for day in days]
    return np.repeat(np.array(months, dtype=np.int64), DAY)


def _load(row: Row, context: Context) -> HourlySeries:
    """The load of the park [MW]."""
    load = context.series(row["load_series"])
    energy, peak = row.get("load_energy"), row.get("load_peak")
    if energy is not None and peak is not None:
        megawatt_hours = float(energy) * KWH_OF_1E4_KWH / KW_OF_MW
        load = scaled(load, megawatt_hours, float(peak) / KW_OF_MW)
    elif energy is not None:
        load = scaled_to_energy(load, float(energy) * KWH_OF_1E4_KWH / KW_OF_MW)
    elif peak is not None:
        load = scaled_to_energy(load, load.energy * float(peak) / KW_OF_MW / load.peak)
    if load.kind != "metered" or load.changes:
        context.tell("assumed.load", "｜".join(load.name()))
    return load


def _source(
    row: Row, name: str, year: int, context: Context, titles: Mapping[str, str]
) -> Source | None:
    if not row.get(f"{name}_series") or not row.get(f"{name}_limit"):
        return None
    series = context.series(row[f"{name}_series"])
    hours = row.get(f"{name}_hours")
    share = series.values if hours is None else availability(series, float(hours))
    cost = _number(row, f"{name}_cost", titles) * _yearly(row, "life", titles)
    return Source(share, float(row[f"{name}_limit"]), cost)


def _store(row: Row, context: Context, titles: Mapping[str, str]) -> Store | None:
    if row.get("storage_energy_cost") is None:
        return None
    yearly = _yearly(row, "storage_life", titles)
    return Store(
        energy_cost=float(row["storage_energy_cost"]) * yearly,
        power_cost=float(row.get("storage_power_cost") or 0.0) * yearly,
        round_trip=_number(row, "round_trip", titles) / 100.0,
    )


def _yearly(row: Row, life: str, titles: Mapping[str, str]) -> float:
    """Share of a cost that a year bears, with its upkeep. [1/a]"""
    rate = _number(row, "discount_rate", titles) / 100.0
    return annuity(rate, _number(row, life, titles)) + (row.get("running_share") or 0.0) / 100.0


def _number(row: Row, name: str, titles: Mapping[str, str]) -> float:
    if row.get(name) is None:
        raise of_row(row, name, "no_number", row["study"], titles.get(name, name))
    return float(row[name])


def _meter(
    row: Row, tariffs: Sequence[Row], months: np.ndarray[Any, Any], context: Context
) -> Meter:
    buy, sell = prices_of(row["study"], tariffs, months)
    tie, export = row.get("grid_tie"), row.get("export_limit")
    if tie is None:
        context.tell("assumed.tie")
    sold = np.isfinite(sell)
    if not sold.any():
        context.tell("assumed.no_sale")
    most = np.where(sold, float("inf") if export is None else float(export), 0.0)
    fixed = 0.0 if tie is None else float(tie) * (row.get("capacity_charge") or 0.0) * MONTHS
    return Meter(
        buy=buy,
        sell=np.where(sold, sell, 0.0),
        tie=float("inf") if tie is None else float(tie),
        export=most,
        demand_charge=float(row.get("demand_charge") or 0.0),
        fixed=fixed,
    )


def prices_of(
    study: str, tariffs: Sequence[Row], months: np.ndarray[Any, Any]
) -> tuple[Array, Array]:
    """Prices bought and sold by hour [yuan/kWh]; sold is missing where none is stated.

    Raises HengtanError for an hour with no price, or with two.
    """
    hour = np.arange(months.size) % DAY
    buy, sell = np.full(months.size, np.nan), np.full(months.size, np.nan)
    for row in tariffs:
        first, last = int(row["first_month"] or 1), int(row["last_month"] or MONTHS)
        inside = (months + 1 >= first) & (months + 1 <= last)
        inside &= (hour >= int(row["first_hour"])) & (hour < int(row["last_hour"]))
        twice = np.flatnonzero(inside & np.isfinite(buy))
        if twice.size:
            raise _at_hour("two_tariffs", study, months, hour, twice[0])
        buy[inside] = float(row["buy"])
        if row.get("sell") is not None:
            sell[inside] = float(row["sell"])
    lacking = np.flatnonzero(np.isnan(buy))
    if lacking.size:
        raise _at_hour("no_tariff", study, months, hour, lacking[0])
    return buy, sell


def _at_hour(code: str, study: str, months: Any, hour: Any, position: int) -> Exception:
    return refusal(code, study, int(months[position]) + 1, f"{hour[position]}—{hour[position] + 1}")
