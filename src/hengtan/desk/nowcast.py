"""Nowcasts of districts whose energy is not out, and the threshold of warning that a backtest gave.

The regressions and the backtest stand in ``plan.warning``; here they get the ledger's months.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from hengtan.desk.monthly import Months
from hengtan.plan.monthly import Figures, growth_between
from hengtan.plan.warning import (
    Backtest,
    Nowcast,
    Row,
    backtest,
    chance_of_red,
    nowcasts,
    threshold_for,
)


def nowcast(
    months: Months,
    districts: Iterable[str],
    names: Mapping[str, str],
    period: tuple[int, int],
    most_false: float,
) -> dict[str, Any]:
    """Nowcasts of a month for districts without energy; warnings where a backtest found a
    threshold at which at most ``most_false`` of the warnings were false.
    """
    year, month = period
    rows = _rows(months, set(districts), year * 12 + month)
    open_rows, past = nowcasts(rows)
    judged = [(row, cast) for row, cast in past if row.gdp is not None and _has_error(cast)]
    chances = [_chance(cast, row.gdp) or 0.0 for row, cast in judged]
    reds = [_is_red(row) for row, _ in judged]
    rule = threshold_for(chances, reds, most_false) if chances else None
    half = backtest(chances, reds, 0.5) if chances else None
    errors = [
        abs(row.energy - cast.growth)
        for row, cast in past
        if row.energy is not None and _has_error(cast)
    ]
    gdp = {row.place: row.gdp for row in rows if row.at == year * 12 + month}
    shown = [
        _shown(cast, gdp[cast.place], names, rule)
        for cast in open_rows
        if cast.at == year * 12 + month
    ]
    return {
        "rows": shown,
        "mean_error": sum(errors) / len(errors) if errors else None,
        "errors": len(errors),
        "rule": None
        if rule is None
        else {
            "threshold": rule.threshold,
            "warned": rule.warned,
            "false": rule.false,
            "false_interval": list(rule.false_interval),
            **_hits(rule),
        },
        "at_half": None
        if half is None
        else {"warned": half.warned, "false": half.false, **_hits(half)},
    }


def _rows(months: Months, districts: set[str], last: int) -> list[Row]:
    """Growth over the year before of each district and month up to ``last``, in the order
    of time.
    """
    rows = []
    for (place, year, month), now in sorted(
        months.items(), key=lambda item: (item[0][1], item[0][2], item[0][0])
    ):
        at = year * 12 + month
        if place not in districts or at > last:
            continue
        before = months.get((place, year - 1, month), Figures())
        stated = now.energy_growth
        rows.append(
            Row(
                place,
                at,
                stated if stated is not None else growth_between(now.energy, before.energy),
                growth_between(now.electricity, before.electricity),
                growth_between(now.coal, before.coal),
                now.industry_growth,
                now.gdp_growth,
            )
        )
    return rows


def _has_error(cast: Nowcast) -> bool:
    return not math.isnan(cast.error)


def _chance(cast: Nowcast, gdp: float | None) -> float | None:
    """Chance that energy outgrows GDP; None where GDP or the usual error is not known."""
    if gdp is None or not _has_error(cast):
        return None
    return chance_of_red(cast.growth, cast.error, gdp)


def _is_red(row: Row) -> bool:
    return row.energy is not None and row.gdp is not None and row.energy >= row.gdp


def _shown(
    cast: Nowcast, gdp: float | None, names: Mapping[str, str], rule: Backtest | None
) -> dict[str, Any]:
    chance = _chance(cast, gdp)
    return {
        "place": cast.place,
        "name_zh": names.get(cast.place, cast.place),
        "growth": cast.growth,
        "error": cast.error if _has_error(cast) else None,
        "drivers": list(cast.drivers),
        "chance_of_red": chance,
        "warned": None if chance is None or rule is None else chance >= rule.threshold,
    }


def _hits(test: Backtest) -> dict[str, Any]:
    return {"reds": test.reds, "hit": test.hit, "cases": test.cases}
