"""What emissions may come to: caps asked for, goals of carbon dioxide and carbon budgets, as tonnes
of a year. Odds and portfolios are held to the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hengtan.desk.pathway import PathwayDesk
from hengtan.outlook.pathway.refusals import refusal

CO2_TARGETS = ("co2_total", "co2_intensity_gdp")
"""Indicators that go with carbon dioxide of fuel and bought power, GDP being as the scenario has
it."""


def caps_of(asked: Sequence[str]) -> dict[int, float]:
    """Caps by year [tCO2e] from words such as ``2030=12000万吨``; a number alone is in t.

    Raises HengtanError for a year or an amount that is none.
    """
    caps: dict[int, float] = {}
    for text in asked:
        year, _, amount = text.partition("=")
        try:
            number, unit = _AMOUNT.fullmatch(amount.strip()).groups()  # type: ignore[union-attr]
            caps[int(year)] = float(number.replace(",", "")) * _TONNES[unit]
        except (AttributeError, ValueError, KeyError):
            raise refusal("not_a_cap", text) from None
    return caps


_AMOUNT = re.compile(r"([\d.,]+)\s*(\D*)")
_TONNES = {"": 1.0, "吨": 1.0, "t": 1.0, "万吨": 1e4, "百万吨": 1e6, "Mt": 1e6, "亿吨": 1e8}


def due_in_their_year(
    desk: PathwayDesk, indicators: Collection[str], place: str = ""
) -> list[Mapping[str, Any]]:
    """Targets of some indicators that are due within the study, at their deadline: those of a
    region, by default of the one region of a study; of a study of several none.
    """
    regions = desk.study.base.regions
    if not place and len(regions) > 1:
        return []
    years = set(desk.study.pathway.years[1:])
    own = place or regions[0]

    def wanted(row: Mapping[str, Any]) -> bool:
        return row["indicator"] in indicators and row["region"] == own

    due = {row["deadline_year"] for row in desk.targets(desk.asked.until) if wanted(row)} & years
    return [
        row
        for year in sorted(due)
        for row in desk.targets(year)
        if wanted(row) and row["deadline_year"] == year
    ]


def judged_in_their_year(
    desk: PathwayDesk, indicators: Collection[str], place: str = ""
) -> list[Mapping[str, Any]]:
    """Those of the targets that are due of which the scenario says something."""
    due = due_in_their_year(desk, indicators, place)
    return [row for row in due if row["rests_on_scenario"]]


def times_of_central(row: Mapping[str, Any]) -> float | None:
    """How much of the central emission meets a goal; None where its figure cannot say."""
    goal, latest = row.get("goal"), row.get("latest")
    if goal is None or latest is None:
        return None
    if row["operator"] == "decrease_by":
        return (100.0 - goal) / (100.0 - latest) if latest < 100 else None
    if row["operator"] in ("<=", "<", "at_most"):
        return goal / latest if latest > 0 else None
    return None


def budget_caps(desk: PathwayDesk) -> dict[int, float]:
    """Budgets of the later years, added up over the regions. [tCO2]"""
    budget: dict[int, float] = {}
    for (_, year), tonnes in budgets_by_place(desk).items():
        budget[year] = budget.get(year, 0.0) + tonnes
    return budget


def budgets_by_place(desk: PathwayDesk) -> dict[tuple[str, int], float]:
    """Budgets of the later years by region and year. [tCO2]"""
    base = desk.study.base.year
    return {
        (row["place"], row["year"]): float(row["budget"])
        for row in desk.budget()
        if row["year"] > base
    }
