"""How good the forecasts are: nested rolling origins on real yearly series, beside simple rivals.

    python benchmarks/forecast_skill.py [--shared ../shared/facts] [--write]

Series: the yearly observations of the packs with five values or more, and, where the fact files lie
beside the project, sectors and fuels of the CEADs inventory 2010-2017 (not shipped). Rivals: the
last value, drift and statsmodels' ETS (pip install 'hengtan[bench]'). Every choice is made inside
the training part: candidate, pooled variance and band factor know only values up to the origin.
``--write`` keeps the result in docs/forecast-skill.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, field
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
LEAST_MT = 0.01  # an inventory series below 10 kt in a year is left out
TRENDS = ((None, False), ("add", False), ("add", True))  # trend, damped
BySeries = dict[str, list[float]]


def observed() -> list[Yearly]:
    """Yearly series of the packs of the city with five values or more, one vintage each."""
    pack = packs.load("wulong")
    kinds = {row["series"]: row["kind"] for row in pack.rows("series")}
    by_series: dict[tuple[str, str, str], dict[int, float]] = defaultdict(dict)
    for row in pack.rows("observations"):
        period = str(row["period"])
        whole_year = len(period) == 4 or period.endswith("-12-31")
        if row["nature"] == "outturn" and whole_year:
            key = row["place"], row["series"], row["unit"]
            by_series[key][int(period[:4])] = float(row["value"])
    return [
        _yearly(f"{place}:{name}", values, (kinds[name], unit), "statistics")
        for (place, name, unit), values in sorted(by_series.items())
        if len(values) > LEAST
    ]


def inventory(shared: Path) -> list[Yearly]:
    """Sectors and fuels of the CEADs inventory, 2010-2017; none where the file is absent."""
    path = shared / "chongqing" / "ceads_co2_by_sector_fuel.csv"
    if not path.is_file():
        return []
    by_series: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["is_total"] == "no" and row["year"] != "2005":
                for name in (f"sector {row['sector']}", f"fuel {row['fuel_or_process']}"):
                    by_series[name][int(row["year"])] += float(row["mt_co2"])
    return [
        _yearly(f"ceads:{name}", values, ("flow", "Mt"), "inventory")
        for name, values in sorted(by_series.items())
        if len(values) == 8 and min(values.values()) > LEAST_MT
    ]


def _yearly(name: str, values: dict[int, float], reading: tuple[str, str], family: str) -> Yearly:
    """A series by year; ``reading`` is its kind and unit."""
    years = tuple(sorted(values))
    ordered = tuple(values[year] for year in years)
    return Yearly(name, years, ordered, scale_of(ordered, *reading), family)


def statsmodels_ets(past: Yearly) -> np.ndarray | None:
    """statsmodels' ETS with additive errors on the values as they are; None where it is absent.

    No trend, trend or damped trend by AICc; gaps are filled along a line.
    """
    try:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    except ImportError:
        return None
    years = np.arange(past.years[0], past.years[-1] + 1)
    values = np.interp(years, past.years, past.values)
    fits = []
    for trend, damped in TRENDS:
        shape = {"error": "add", "trend": trend, "damped_trend": damped}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                model = ETSModel(values, initialization_method="estimated", **shape)
                fits.append(model.fit(disp=False))
            except ValueError:
                continue
    if not fits:
        return None
    best = min(fits, key=lambda fit: aicc(fit.aic, len(fit.params) + 1, len(values)))
    return np.asarray(best.forecast(AHEAD))


def aicc(aic: float, parameters: int, values: int) -> float:
    """Akaike's criterion corrected for few values (Hurvich and Tsai 1989)."""
    spare = values - parameters - 1
    return aic + (2 * parameters * (parameters + 1) / spare if spare > 0 else 1e9)


@dataclass
class Skill:
    """What every origin of every series gave.

    ``errors`` by way: absolute errors over the mean yearly change of the training part (MASE);
    ``inside`` by level, ``inside_by_years`` by level and years ahead: whether the band held. All by
    series.
    """

    errors: dict[str, BySeries] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    inside: dict[float, BySeries] = field(
        default_factory=lambda: {level: defaultdict(list) for level in LEVELS}
    )
    inside_by_years: dict[tuple[float, int], BySeries] = field(
        default_factory=lambda: {
            (level, ahead): defaultdict(list) for level in LEVELS for ahead in range(1, AHEAD + 1)
        }
    )
    chosen: Counter[str] = field(default_factory=Counter)

    def add_origin(self, series: Yearly, position: int, pools: Pools) -> None:
        """Forecast from the values before a position and compare with those from it on."""
        past = series.until(series.years[position - 1])
        unit = float(np.mean(np.abs(np.diff(past.values)) / np.diff(past.years)))
        outlook = forecast(past, past.years[-1] + AHEAD, pools)
        self.chosen[outlook.choice.name] += 1
        paths = _rivals(past)
        for year, actual in zip(series.years[position:], series.values[position:], strict=True):
            ahead = year - past.years[-1]
            if ahead > AHEAD:
                continue
            ours = outlook.years[ahead - 1]
            self.errors["hengtan"][series.name].append(abs(ours.point - actual) / unit)
            for name, path in paths.items():
                error = abs(float(path[ahead - 1]) - actual) / unit
                self.errors[name][series.name].append(error)
            for level, (low, high) in zip(LEVELS, ours.bands, strict=True):
                is_inside = float(low <= actual <= high)
                self.inside[level][series.name].append(is_inside)
                self.inside_by_years[level, ahead][series.name].append(is_inside)


def _rivals(past: Yearly) -> dict[str, np.ndarray]:
    """The paths of the last value, of drift and, where it is installed, of statsmodels' ETS."""
    paths = {
        name: past.scale.back(CANDIDATES[name].path(past.z, AHEAD))
        for name in ("last_value", "drift")
    }
    ets = statsmodels_ets(past)
    return paths if ets is None else {**paths, "statsmodels_ets": ets}


def run(series: list[Yearly], *, alone: bool = False) -> Skill:
    """Every origin of every series that leaves the least number of values before it; ``alone``:
    each as if it were the only series that a workspace holds.
    """
    whole, skill = Pools(series), Skill()
    for yearly in series:
        pools = Pools([yearly]) if alone else whole
        for position in range(LEAST, len(yearly.years)):
            skill.add_origin(yearly, position, pools)
    return skill


def summary(skill: Skill, names: list[str], draw: np.random.Generator) -> dict[str, Any]:
    """MASE of each way (mean of series), its difference from ours, and how often bands held.

    Intervals are bootstraps by series; that of the coverage stands beside the binomial one.
    """
    mean = {
        way: np.array([np.mean(errors[name]) for name in names])
        for way, errors in skill.errors.items()
    }
    pick = draw.integers(0, len(names), (DRAWS, len(names)))
    return {
        "series": len(names),
        "forecasts": sum(len(skill.errors["hengtan"][name]) for name in names),
        "mase": {way: _rounded(errors.mean()) for way, errors in mean.items()},
        "difference": {
            way: _difference(mean["hengtan"] - errors, pick)
            for way, errors in mean.items()
            if way != "hengtan"
        },
        "coverage": {
            f"{level:g}": _coverage([inside[name] for name in names], pick)
            for level, inside in skill.inside.items()
        },
        "coverage_by_years_ahead": {
            f"{level:g}": {
                str(ahead): _coverage([skill.inside_by_years[level, ahead][n] for n in names], pick)
                for ahead in range(1, AHEAD + 1)
            }
            for level in LEVELS
        },
    }


def _difference(gap: np.ndarray, pick: np.ndarray) -> dict[str, Any]:
    interval = np.quantile(gap[pick].mean(axis=1), (0.025, 0.975))
    return {"mean": _rounded(gap.mean()), "interval": [_rounded(end) for end in interval]}


def _coverage(inside: list[list[float]], pick: np.ndarray) -> dict[str, Any]:
    hits, size = np.array([sum(each) for each in inside]), np.array([len(each) for each in inside])
    exact = stats.binomtest(int(hits.sum()), int(size.sum())).proportion_ci(0.95)
    shares = hits[pick].sum(axis=1) / size[pick].sum(axis=1)
    return {
        "held": _rounded(hits.sum() / size.sum()),
        "of": int(size.sum()),
        "binomial": [_rounded(exact.low), _rounded(exact.high)],
        "by_series": [_rounded(end) for end in np.quantile(shares, (0.025, 0.975))],
    }


def _rounded(value: float) -> float:
    return round(float(value), 3)


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=HERE.parent / "shared" / "facts")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    series = observed() + inventory(arguments.shared)
    skill, draw = run(series), np.random.default_rng(2026)
    result: dict[str, Any] = {"chosen": dict(skill.chosen)}
    for group in ("statistics", "inventory", "all"):
        names = [yearly.name for yearly in series if group in ("all", yearly.family)]
        if names:
            result[group] = summary(skill, names, draw)
    lone = run(series, alone=True)
    for group in ("statistics", "inventory", "all"):
        names = [yearly.name for yearly in series if group in ("all", yearly.family)]
        if names:
            kept = ("series", "forecasts", "coverage", "coverage_by_years_ahead")
            alone = summary(lone, names, draw)
            result[f"{group}_each_alone"] = {key: alone[key] for key in kept}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    print(text)
    if arguments.write:
        (HERE / "docs" / "forecast-skill.json").write_text(text + "\n", encoding="utf-8")
    assert all(math.isfinite(mase) for mase in result["all"]["mase"].values())


if __name__ == "__main__":
    main()
