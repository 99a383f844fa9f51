"""How good the forecasts are: nested rolling origins on real yearly series, beside the last value, drift and statsmodels' ETS.

    python benchmarks/forecast_skill.py [--shared ../shared/facts] [--write]

Series: the yearly observations of the packs with five values or more, and, where the fact files lie beside the project, sectors and fuels of the CEADs inventory 2010-2017 (not shipped). Every choice is made
inside the training part: candidate, pooled variance and band factor know only values up to the origin. `--write` keeps the result in docs/forecast-skill.json. statsmodels: pip install 'hengtan[bench]'.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from hengtan import packs
from hengtan.plan.forecast.choose import AHEAD
from hengtan.plan.forecast.models import CANDIDATES
from hengtan.plan.forecast.outlook import LEVELS, forecast
from hengtan.plan.forecast.pool import LEAST, Pools, Yearly
from hengtan.plan.forecast.scale import scale_of

HERE = Path(__file__).resolve().parent.parent
DRAWS = 10_000


def observed() -> list[Yearly]:
    """Yearly series of the packs of the city with five values or more, one vintage each, as they stand."""
    pack = packs.load("wulong")
    kinds = {r["series"]: r["kind"] for r in pack.rows("series")}
    held: dict[tuple[str, str, str], dict[int, float]] = defaultdict(dict)
    for r in pack.rows("observations"):
        period = str(r["period"])
        if r["nature"] == "outturn" and (len(period) == 4 or period.endswith("-12-31")):
            held[r["place"], r["series"], r["unit"]][int(period[:4])] = float(r["value"])
    return [
        _yearly(f"{place}:{name}", values, kinds[name], unit, "statistics")
        for (place, name, unit), values in sorted(held.items())
        if len(values) > LEAST
    ]


def inventory(shared: Path) -> list[Yearly]:
    """Sectors and fuels of the CEADs inventory, 2010-2017, above 10 kt in every year; none where the file is absent."""
    path = shared / "chongqing" / "ceads_co2_by_sector_fuel.csv"
    held: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for r in csv.DictReader(path.open(encoding="utf-8")) if path.is_file() else ():
        if r["is_total"] == "no" and r["year"] != "2005":
            held["sector " + r["sector"]][int(r["year"])] += float(r["mt_co2"])
            held["fuel " + r["fuel_or_process"]][int(r["year"])] += float(r["mt_co2"])
    return [
        _yearly("ceads:" + name, values, "flow", "Mt", "inventory")
        for name, values in sorted(held.items())
        if len(values) == 8 and min(values.values()) > 0.01
    ]


def _yearly(name: str, values: dict[int, float], kind: str, unit: str, family: str) -> Yearly:
    years = tuple(sorted(values))
    found = tuple(values[y] for y in years)
    return Yearly(name, years, found, scale_of(found, kind, unit), family)


def statsmodels_ets(past: Yearly) -> np.ndarray | None:
    """statsmodels' ETS with additive errors on the values as they are: no trend, trend or damped trend by AICc; gaps filled along a line. None where statsmodels is not there."""
    try:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    except ImportError:
        return None
    years = np.arange(past.years[0], past.years[-1] + 1)
    values = np.interp(years, past.years, past.values)
    best: tuple[float, Any] | None = None
    for trend, damped in ((None, False), ("add", False), ("add", True)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                fit = ETSModel(
                    values,
                    error="add",
                    trend=trend,
                    damped_trend=damped,
                    initialization_method="estimated",
                ).fit(disp=False)
            except ValueError:
                continue
        k, n = len(fit.params) + 1, len(values)
        aicc = fit.aic + (2 * k * (k + 1) / (n - k - 1) if n > k + 1 else 1e9)
        if best is None or aicc < best[0]:
            best = (aicc, fit.forecast(AHEAD))
    return None if best is None else np.asarray(best[1])


def run(series: list[Yearly]) -> dict[str, Any]:
    """Errors over the mean yearly change of the training part (MASE), and whether each band held, by series."""
    pools = Pools(series)
    errors: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    inside: dict[float, dict[str, list[bool]]] = {level: defaultdict(list) for level in LEVELS}
    chosen: dict[str, int] = defaultdict(int)
    for one in series:
        for i in range(LEAST, len(one.years)):
            past = one.until(one.years[i - 1])
            unit = float(np.mean(np.abs(np.diff(past.values)) / np.diff(past.years)))
            made = forecast(past, past.years[-1] + AHEAD, pools)
            chosen[made.choice.name] += 1
            rivals = {
                name: past.scale.back(CANDIDATES[name].path(past.z, AHEAD))
                for name in ("last_value", "drift")
            }
            ets = statsmodels_ets(past)
            for year, actual in zip(one.years[i:], one.values[i:], strict=True):
                h = year - past.years[-1]
                if h > AHEAD:
                    continue
                errors["hengtan"][one.name].append(abs(made.years[h - 1].point - actual) / unit)
                for name, path in rivals.items():
                    errors[name][one.name].append(abs(float(path[h - 1]) - actual) / unit)
                if ets is not None:
                    errors["statsmodels_ets"][one.name].append(
                        abs(float(ets[h - 1]) - actual) / unit
                    )
                for level, (low, high) in zip(LEVELS, made.years[h - 1].bands, strict=True):
                    inside[level][one.name].append(low <= actual <= high)
    return {"errors": errors, "inside": inside, "chosen": dict(chosen)}


def summary(found: dict[str, Any], names: list[str], rng: np.random.Generator) -> dict[str, Any]:
    """MASE of each way (mean of series), difference from each rival with a bootstrap interval by series, coverage with its binomial and its by-series interval."""
    mean = {way: np.array([np.mean(by[n]) for n in names]) for way, by in found["errors"].items()}
    pick = rng.integers(0, len(names), (DRAWS, len(names)))
    told: dict[str, Any] = {
        "series": len(names),
        "forecasts": sum(len(found["errors"]["hengtan"][n]) for n in names),
        "mase": {way: round(float(m.mean()), 3) for way, m in mean.items()},
        "difference": {},
        "coverage": {},
    }
    for way, m in mean.items():
        if way != "hengtan":
            gap = mean["hengtan"] - m
            told["difference"][way] = {
                "mean": round(float(gap.mean()), 3),
                "interval": [
                    round(float(q), 3) for q in np.quantile(gap[pick].mean(axis=1), (0.025, 0.975))
                ],
            }
    for level, by in found["inside"].items():
        hits, n = sum(sum(by[name]) for name in names), sum(len(by[name]) for name in names)
        exact = stats.binomtest(hits, n).proportion_ci(0.95)
        share, size = (
            np.array([sum(by[name]) for name in names]),
            np.array([len(by[name]) for name in names]),
        )
        clustered = np.quantile(share[pick].sum(axis=1) / size[pick].sum(axis=1), (0.025, 0.975))
        told["coverage"][f"{level:g}"] = {
            "held": round(hits / n, 3),
            "of": n,
            "binomial": [round(exact.low, 3), round(exact.high, 3)],
            "by_series": [round(float(q), 3) for q in clustered],
        }
    return told


def main() -> None:
    """Run and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=HERE.parent / "shared" / "facts")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    series = observed() + inventory(args.shared)
    found, rng = run(series), np.random.default_rng(2026)
    groups = {
        "statistics": [s.name for s in series if s.family == "statistics"],
        "inventory": [s.name for s in series if s.family == "inventory"],
        "all": [s.name for s in series],
    }
    told = {
        "chosen": found["chosen"],
        **{group: summary(found, names, rng) for group, names in groups.items() if names},
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    print(text)
    if args.write:
        (HERE / "docs" / "forecast-skill.json").write_text(text + "\n", encoding="utf-8")
    assert all(math.isfinite(v) for v in told["all"]["mase"].values())


if __name__ == "__main__":
    main()
