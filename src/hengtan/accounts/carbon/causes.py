"""Kernel accounts: why emissions changed (LMDI), whether they have peaked, how sure the total is, and landfill gas by decay. They run on the driver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from hengtan.accounts.carbon.decompose import lmdi
from hengtan.accounts.carbon.key_categories import key_categories
from hengtan.accounts.carbon.landfill import first_order_decay
from hengtan.accounts.carbon.peaks import PeakRule, find_peak
from hengtan.accounts.carbon.uncertainty import Entry, draw, propagate
from hengtan.accounts.stated import WEAK
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.graph import Same, kernel

GROUPS = ("coal", "oil", "gas", "other")
DRIVERS = ("gdp", "intensity", "mix", "factor")


@kernel(
    key=("place", "method", "price_base", "year", "group"),
    unit="t CO2",
    cites=("Ang 2005", "Ang and Liu 2007"),
    maps={"carbon_fuel": Same("place", "method"), "energy_gdp": Same("place", "price_base")},
    limit=1_000_000,
)
def carbon_drivers(carbon_fuel: pa.Table, energy_gdp: pa.Table) -> pa.Table:
    r"""Change of CO2 of burnt fuel on the year before, by fuel group: :math:`C = \sum_g Y \cdot \frac{E}{Y} \cdot \frac{E_g}{E} \cdot \frac{C_g}{E_g}`. [t CO2]

    Additive LMDI-I effects of GDP (constant prices of one base), energy burnt per GDP, fuel mix and emission factor; they add to the change. A fuel that appears or vanishes is a change of the mix, not of its factor. Only consecutive years.
    ``recalled_share``: of the emissions of both years.
    """
    energy: dict[tuple[Any, ...], float] = {}
    carbon: dict[tuple[Any, ...], float] = {}
    weak: dict[tuple[Any, ...], float] = {}
    for r in carbon_fuel.select(
        [
            "place",
            "method",
            "year",
            "group",
            "gas",
            "counted",
            "burnt",
            "emission",
            "recalled_share",
        ]
    ).to_pylist():
        if r["gas"] == "CO2" and r["counted"] and r["emission"] is not None:
            at = (
                r["place"],
                r["method"],
                r["year"],
                "coal" if r["group"] == "coke" else r["group"] if r["group"] in GROUPS else "other",
            )
            energy[at] = energy.get(at, 0.0) + r["burnt"]
            carbon[at] = carbon.get(at, 0.0) + r["emission"]
            weak[at] = weak.get(at, 0.0) + r["emission"] * (r["recalled_share"] or 0.0)
    gdp = {
        (r["place"], r["price_base"], r["year"]): r["gdp"]
        for r in energy_gdp.select(["place", "price_base", "year", "gdp"]).to_pylist()
    }
    made = []
    for place, method in sorted({(p, m) for p, m, _, _ in carbon}):
        for base in sorted({b for p, b, _ in gdp if p == place}):
            for year in sorted({y for p, m, y, _ in carbon if (p, m) == (place, method)}):
                pair = (year - 1, year)
                if any(
                    (place, base, y) not in gdp
                    or not any((place, method, y, g) in carbon for g in GROUPS)
                    for y in pair
                ):
                    continue
                x = np.array(
                    [_factors(place, method, y, gdp[place, base, y], energy, carbon) for y in pair]
                )
                if (x < 0).any():
                    continue
                found = lmdi(x)
                for i, group in enumerate(GROUPS):
                    change = carbon.get((place, method, year, group), 0.0) - carbon.get(
                        (place, method, year - 1, group), 0.0
                    )
                    if (place, method, year, group) in carbon or (
                        place,
                        method,
                        year - 1,
                        group,
                    ) in carbon:
                        both = [(place, method, y, group) for y in pair]
                        whole = sum(carbon.get(at, 0.0) for at in both)
                        resting = sum(weak.get(at, 0.0) for at in both) / whole if whole else None
                        made.append(
                            {
                                "place": place,
                                "method": method,
                                "price_base": base,
                                "year": year,
                                "group": group,
                                "change": change,
                                "recalled_share": resting,
                                **{
                                    f"by_{d}": float(found.by_item[0, i, k])
                                    for k, d in enumerate(DRIVERS)
                                },
                            }
                        )
    names = [
        ("place", pa.string()),
        ("method", pa.string()),
        ("price_base", pa.int64()),
        ("year", pa.int64()),
        ("group", pa.string()),
        ("change", pa.float64()),
        *((f"by_{d}", pa.float64()) for d in DRIVERS),
        ("recalled_share", pa.float64()),
    ]
    return pa.Table.from_pylist(made, schema=pa.schema(names))


def _factors(
    place: str,
    method: str,
    year: int,
    gdp: float,
    energy: dict[tuple[Any, ...], float],
    carbon: dict[tuple[Any, ...], float],
) -> list[list[float]]:
    total = sum(energy.get((place, method, year, g), 0.0) for g in GROUPS)
    rows = []
    for group in GROUPS:
        e, c = (
            energy.get((place, method, year, group), 0.0),
            carbon.get((place, method, year, group), 0.0),
        )
        rows.append(
            [
                gdp,
                total / gdp if gdp else 0.0,
                e / total if total else np.nan,
                c / e if e else np.nan,
            ]
        )
    return rows


@kernel(
    key=("place", "method"),
    unit=None,
    cites=("hengtan:peak-rule (proposal)",),
    maps={"carbon_totals": Same("place", "method")},
    limit=200_000,
)
def carbon_peaks(carbon_totals: pa.Table) -> pa.Table:
    """Whether CO2 of burnt fuel has peaked in each place, by the stated rule (three years after the maximum, 2 % below it; decline by the Mann-Kendall test); serves 达峰后稳中有降.

    Years in which the method of the balance changes are series of their own, never joined. ``recalled_share``: of the emissions of all its years; ``confidence``: of the rule.
    """
    rule = PeakRule()
    weak: dict[tuple[str, str, int], float] = {}
    series: dict[tuple[str, str], dict[int, float]] = {}
    for r in carbon_totals.select(
        ["place", "method", "year", "energy_co2", "energy_co2_weak"]
    ).to_pylist():
        if r["energy_co2"] is not None:
            series.setdefault((r["place"], r["method"]), {})[r["year"]] = r["energy_co2"]
            weak[r["place"], r["method"], r["year"]] = r["energy_co2_weak"] or 0.0
    made = []
    for (place, method), values in sorted(series.items()):
        found = find_peak(values, rule)
        made.append(
            {
                "place": place,
                "method": method,
                "verdict": found.verdict,
                "peak_year": found.peak_year,
                "peak_value": found.peak_value,
                "latest_year": found.latest_year,
                "fall": found.fall,
                "decline_p": found.decline_p,
                "steady": found.steady,
                "declining": found.declining,
                "reason_zh": found.reason_zh,
                "reason_en": found.reason_en,
                "recalled_share": sum(weak[place, method, y] for y in values) / sum(values.values())
                if any(values.values())
                else None,
                "confidence": rule.confidence,
            }
        )
    return pa.Table.from_pylist(made, schema=pa.schema([
        ("place", pa.string()), ("method", pa.string()), ("verdict", pa.string()), ("peak_year", pa.int64()), ("peak_value", pa.float64()), ("latest_year", pa.int64()), ("fall", pa.float64()), ("decline_p", pa.float64()),
        ("steady", pa.bool_()), ("declining", pa.bool_()), ("reason_zh", pa.string()), ("reason_en", pa.string()), ("recalled_share", pa.float64()), ("confidence", pa.string()),
    ]))  # fmt: skip


@kernel(
    key=("place", "year", "method"),
    unit="share",
    cites=("IPCC 2006 Vol.1 Ch.3",),
    maps={"carbon_inventory": Same("place", "year", "method"), "uncertainty_ranges": "all"},
    limit=500_000,
)
def carbon_uncertainty(
    carbon_inventory: pa.Table, uncertainty_ranges: pa.Table, draws: int = 20_000
) -> pa.Table:
    """Uncertainty of each inventory's total by propagation and by drawing, from ranges handed in with their sources; without them it is missing and says which.

    Half of the 95 % interval as a share of the total. Categories that share a factor row are fully correlated in it.
    """
    ranges = {(r["category"], r["gas"]): r for r in uncertainty_ranges.to_pylist()}
    totals: dict[tuple[Any, ...], list[Entry]] = {}
    weak: dict[tuple[Any, ...], float] = {}
    by_key = [
        (c, "ascending") for c in ("place", "year", "method", "category", "gas")
    ]  # draws go by the order of entries
    for r in (
        carbon_inventory.select(
            ["place", "year", "method", "category", "gas", "co2e", "in_total", "recalled_share"]
        )
        .sort_by(by_key)
        .to_pylist()
    ):
        if r["co2e"] is None or not r["in_total"]:
            continue
        given = ranges.get((r["category"], r["gas"]), {})
        at = (r["place"], r["year"], r["method"])
        weak[at] = weak.get(at, 0.0) + abs(r["co2e"]) * (r["recalled_share"] or 0.0)
        name = f"{r['category']} {r['gas']}"
        totals.setdefault(at, []).append(Entry(
            name, r["co2e"], 1.0, _share(given.get("activity_uncertainty")), _share(given.get("factor_uncertainty")), given.get("factor_row") or name, given.get("source_title") or "", given.get("shape") or "normal",
        ))  # fmt: skip
    made = []
    for (place, year, method), entries in sorted(totals.items()):
        line: dict[str, Any] = {
            "place": place,
            "year": year,
            "method": method,
            "total": sum(e.emission for e in entries),
        }
        gross = sum(abs(e.emission) for e in entries)
        line["recalled_share"] = weak[place, year, method] / gross if gross else None
        try:
            told, drawn = propagate(entries), draw(entries, draws=draws)
            line |= {
                "uncertainty": told.uncertainty,
                "low": drawn.low,
                "high": drawn.high,
                "largest": max(
                    told.variance_share, key=lambda k: told.variance_share[k], default=None
                ),
            }
        except ParameterNotEstablished as error:
            line["missing"] = error.zh + "：" + error.todo
        made.append(line)
    return pa.Table.from_pylist(made, schema=pa.schema([
        ("place", pa.string()), ("year", pa.int64()), ("method", pa.string()), ("total", pa.float64()), ("uncertainty", pa.float64()), ("low", pa.float64()), ("high", pa.float64()), ("largest", pa.string()), ("recalled_share", pa.float64()), ("missing", pa.string()),
    ]))  # fmt: skip


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


@kernel(
    key=("place", "year", "method", "category", "gas", "assessment"),
    unit="share",
    cites=("IPCC 2006 Vol.1 Ch.4 Eq. 4.1-4.3",),
    maps={"carbon_inventory": Same("place", "method")},
    limit=500_000,
)
def carbon_key_categories(carbon_inventory: pa.Table) -> pa.Table:
    """Key categories of each inventory, by level, and by trend against the first year held: those that make up 95 %."""
    held: dict[tuple[Any, ...], dict[tuple[str, str], float]] = {}
    weak: dict[tuple[Any, ...], float | None] = {}
    for r in carbon_inventory.select(
        ["place", "year", "method", "category", "gas", "co2e", "in_total", "recalled_share"]
    ).to_pylist():
        if r["co2e"] is not None and r["in_total"]:
            weak[r["place"], r["method"], r["year"], r["category"], r["gas"]] = r["recalled_share"]
            held.setdefault((r["place"], r["method"], r["year"]), {})[r["category"], r["gas"]] = r[
                "co2e"
            ]
    first: dict[tuple[Any, ...], int] = {}
    for place, method, year in held:
        first[place, method] = min(year, first.get((place, method), year))
    made = []
    for (place, method, year), now in sorted(held.items()):
        base = held[place, method, first[place, method]]
        names = sorted({*now, *base})
        runs = [
            (
                "level",
                key_categories(
                    [str(n) for n in range(len(names))], [now.get(n, 0.0) for n in names]
                ),
            )
        ]
        if year != first[place, method]:
            runs.append(
                (
                    "trend",
                    key_categories(
                        [str(n) for n in range(len(names))],
                        [now.get(n, 0.0) for n in names],
                        [base.get(n, 0.0) for n in names],
                    ),
                )
            )
        for assessment, found in runs:
            for rank, one in enumerate(found, 1):
                category, gas = names[int(one.name)]
                made.append(
                    {
                        "place": place,
                        "year": year,
                        "method": method,
                        "category": category,
                        "gas": gas,
                        "assessment": assessment,
                        "rank": rank,
                        "co2e": one.value,
                        "share": one.share,
                        "running": one.running,
                        "is_key": one.key,
                        "recalled_share": weak.get((place, method, year, category, gas)),
                    }
                )
    return pa.Table.from_pylist(made, schema=pa.schema([
        ("place", pa.string()), ("year", pa.int64()), ("method", pa.string()), ("category", pa.string()), ("gas", pa.string()), ("assessment", pa.string()), ("rank", pa.int64()), ("co2e", pa.float64()), ("share", pa.float64()),
        ("running", pa.float64()), ("is_key", pa.bool_()), ("recalled_share", pa.float64()),
    ]))  # fmt: skip


WASTES = {
    "msw_food_landfilled": ("food", "food"),
    "msw_paper_landfilled": ("paper", "paper"),
    "msw_textile_landfilled": ("textile", "paper"),
    "msw_wood_landfilled": ("wood", "wood"),
    "msw_garden_landfilled": ("garden", "garden"),
    "msw_landfilled": ("bulk", "bulk"),
}
SITES = {
    "managed": "mcf_managed",
    "deep": "mcf_deep",
    "shallow": "mcf_shallow",
    "uncategorised": "mcf_uncat",
}


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
    """Methane of landfills by first-order decay, beside the mass balance of ``carbon_sources``; never added to it (``label`` says which method).

    Each kind of waste decays by itself from the first year reported; a gap in the years stops the series and says so. ``landfill_climate`` names the column of IPCC Table 3.3.
    """
    factor = {
        (r["factor"], r["region"]): (r["value"], r["confidence"])
        for r in inventory_factors.select(["factor", "region", "value", "confidence"]).to_pylist()
    }
    series: dict[tuple[str, str, str], dict[int, tuple[float, float]]] = {}
    for r in carbon_activity_year.select(
        ["place", "form", "item", "mode", "year", "amount", "recovered"]
    ).to_pylist():
        if (
            r["form"] == "waste_activity"
            and r["item"] in WASTES
            and r["amount"] is not None
            and r["mode"] in SITES
        ):
            series.setdefault((r["place"], r["mode"], r["item"]), {})[r["year"]] = (
                r["amount"],
                r["recovered"] or 0.0,
            )
    made = []
    for (place, site, item), held in sorted(series.items()):
        kind, speed = WASTES[item]
        names = {
            "doc": (f"5A.doc_{kind}.parameter", "national"),
            "k": (f"5A.k_{speed}.k", landfill_climate),
            "mcf": (f"5A.{SITES[site]}.parameter", "national"),
            "docf": ("5A.docf.parameter", "national"),
            "f": ("5A.f.parameter", "national"),
        }
        values = {n: factor.get(at) for n, at in names.items()}
        years = list(range(min(held), max(held) + 1))
        base = {
            "place": place,
            "site": site,
            "item": item,
            "label": "first_order_decay",
            "landfill_climate": landfill_climate,
        }
        lost = [n for n, v in values.items() if v is None]
        gaps = [y for y in years if y not in held]
        if lost or gaps:
            words = f"因子未确立：{'、'.join(lost)}" if lost else f"缺 {gaps[0]} 年填埋量，不补推"
            made += [base | {"year": y, "missing": words} for y in sorted(held)]
            continue
        v = {n: x[0] for n, x in values.items() if x}
        oxidation = (
            factor.get(("5A.ox_covered.parameter", "national"), (0.0, ""))[0]
            if site == "managed"
            else 0.0
        )
        confidence = max(
            (x[1] for x in values.values() if x),
            key=("read", "derived", "recalled", "proposal").index,
        )
        try:
            found = first_order_decay(
                np.array([held[y][0] for y in years]),
                v["doc"],
                v["k"],
                docf=v["docf"],
                mcf=v["mcf"],
                methane_share=v["f"],
                recovered=np.array([held[y][1] for y in years]),
                oxidation=oxidation,
            )
        except HengtanError as error:
            made += [base | {"year": y, "missing": error.zh} for y in years]
            continue
        made += [
            base
            | {
                "year": y,
                "deposited": held[y][0],
                "generated": float(found.generated[n]),
                "emission": float(found.emitted[n]),
                "stored": float(found.stored[n]),
                "confidence": confidence,
                "recalled_share": float(confidence in WEAK),
            }
            for n, y in enumerate(years)
        ]
    return pa.Table.from_pylist(made, schema=pa.schema([
        ("place", pa.string()), ("site", pa.string()), ("item", pa.string()), ("year", pa.int64()), ("label", pa.string()), ("landfill_climate", pa.string()), ("deposited", pa.float64()), ("generated", pa.float64()),
        ("emission", pa.float64()), ("stored", pa.float64()), ("recalled_share", pa.float64()), ("confidence", pa.string()), ("missing", pa.string()),
    ]))  # fmt: skip
