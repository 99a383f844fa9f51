"""Kernel account: methane of landfills by first-order decay, beside the mass balance of the
inventory. It runs on the driver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from hengtan.accounts.carbon.landfill import Site, Waste, first_order_decay
from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.stated import WEAK
from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.graph import Same, kernel
from hengtan.graph.codes import code_of, coded

WASTES = {
    "msw_food_landfilled": ("food", "food"),
    "msw_paper_landfilled": ("paper", "paper"),
    "msw_textile_landfilled": ("textile", "paper"),
    "msw_wood_landfilled": ("wood", "wood"),
    "msw_garden_landfilled": ("garden", "garden"),
    "msw_landfilled": ("bulk", "bulk"),
}
"""Items of waste: the kind whose carbon content, and the kind whose decay rate they have."""
SITES = {
    "managed": "mcf_managed",
    "deep": "mcf_deep",
    "shallow": "mcf_shallow",
    "uncategorised": "mcf_uncat",
}
"""Kinds of sites: the factor row of their methane correction."""

Factors = Mapping[tuple[str, str], tuple[float, str]]
"""Value and confidence of a factor, by name and region or climate."""
Deposits = Mapping[int, tuple[float, float]]
"""By year: waste deposited [t], methane recovered [t CH4]."""


@kernel(
    key=("place", "site", "item", "year"),
    unit="t CH4",
    cites=("IPCC 2006 Vol.5 Ch.3 Eq. 3.1-3.6",),
    maps={"carbon_activity_year": Same("place", "item", mode="site"), "inventory_factors": "all"},
    limit=500_000,
)
def carbon_landfill(
    carbon_activity_year: pa.Table,
    inventory_factors: pa.Table,
    landfill_climate: str = "temperate_wet",
) -> pa.Table:
    """Methane of landfills by first-order decay, beside the mass balance of ``carbon_sources``;
    never added to it (``label`` says which method).

    Each kind of waste decays by itself from the first year reported; a gap in the years stops the
    series and says so. ``landfill_climate`` names the column of IPCC Table 3.3.
    """
    factors = {
        (row["factor"], row["region"]): (row["value"], row["confidence"])
        for row in inventory_factors.to_pylist()
    }
    rows: list[dict[str, Any]] = []
    for (place, site, item), deposits in sorted(_series(carbon_activity_year).items()):
        owner = {
            "place": place,
            "site": site,
            "item": item,
            "label": "first_order_decay",
            "landfill_climate": landfill_climate,
        }
        decayed = _decayed(factors, deposits, site, item, landfill_climate)
        rows += [owner | line for line in decayed]
    return kernel_table(
        rows,
        "place:text site:text item:text year:whole label:text landfill_climate:text deposited"
        " generated emission stored recalled_share confidence:text missing:text",
    )


def _series(carbon_activity_year: pa.Table) -> dict[tuple[str, str, str], Deposits]:
    """Deposits of each kind of waste in each kind of site of a place."""
    series: dict[tuple[str, str, str], dict[int, tuple[float, float]]] = {}
    for row in carbon_activity_year.to_pylist():
        landfilled = row["form"] == "waste_activity" and row["item"] in WASTES
        if landfilled and row["mode"] in SITES and row["amount"] is not None:
            owner = (row["place"], row["mode"], row["item"])
            series.setdefault(owner, {})[row["year"]] = (row["amount"], row["recovered"] or 0.0)
    return dict(series)


def _decayed(
    factors: Factors, deposits: Deposits, site: str, item: str, climate: str
) -> list[dict[str, Any]]:
    """Lines of the years of one series; with a factor or a year missing they only say so."""
    content, speed = WASTES[item]
    names = {
        "doc": (f"5A.doc_{content}.parameter", "national"),
        "k": (f"5A.k_{speed}.k", climate),
        "mcf": (f"5A.{SITES[site]}.parameter", "national"),
        "docf": ("5A.docf.parameter", "national"),
        "f": ("5A.f.parameter", "national"),
    }
    used = {symbol: factors[at] for symbol, at in names.items() if at in factors}
    years = list(range(min(deposits), max(deposits) + 1))
    gaps = [year for year in years if year not in deposits]
    if len(used) < len(names):
        lost = "、".join(symbol for symbol in names if symbol not in used)
        return _only_missing(deposits, coded("landfill_factors_lacking", lost))
    if gaps:
        return _only_missing(deposits, coded("deposit_gap", gaps[0]))
    value = {symbol: number for symbol, (number, _) in used.items()}
    covered = factors.get(("5A.ox_covered.parameter", "national"), (0.0, ""))[0]
    waste = Waste(value["doc"], value["docf"], value["k"])
    place = Site(
        value["mcf"],
        value["f"],
        recovered=np.array([deposits[year][1] for year in years]),
        oxidation=covered if site == "managed" else 0.0,
    )
    amounts = np.array([deposits[year][0] for year in years])
    try:
        decayed = first_order_decay(amounts, waste, place)
    except HengtanError as error:
        return _only_missing(deposits, code_of(error))
    confidence = worst(stated for _, stated in used.values())
    return [
        {
            "year": year,
            "deposited": deposits[year][0],
            "generated": float(decayed.generated[n]),
            "emission": float(decayed.emitted[n]),
            "stored": float(decayed.stored[n]),
            "confidence": confidence,
            "recalled_share": float(confidence in WEAK),
        }
        for n, year in enumerate(years)
    ]


def _only_missing(deposits: Deposits, code: str) -> list[dict[str, Any]]:
    return [{"year": year, "missing": code} for year in sorted(deposits)]
