"""The made-up figures of the demonstration city: months of its districts and of the city itself,
goals of five years, months of enterprises.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hengtan.demo.city import CITY, MADE_UP, SEED, Firm, Story
from hengtan.demo.synthetic_months import AMOUNTS, monthly_rows

Row = dict[str, Any]
YEARS_BEFORE = 2
"""Years of months before the one under way."""
PRODUCTS = (
    ("原煤", "吨", 900.0),
    ("电力", "万千瓦时", 420.0),
)
GROWTHS = ("gdp_growth", "industry_growth")


def months(story: Story) -> tuple[list[Row], dict[str, Row]]:
    """Rows of the months before the one under way, of districts and city; and those of the month
    under way by place.
    """
    year, month = story.ended.year, story.ended.month
    codes = {f"99{n:04d}": code for n, (code, _, _) in enumerate(story.districts, start=1)}
    drawn = monthly_rows(
        year - YEARS_BEFORE, (year, month), number=len(codes), seed=SEED, energy_until={}
    )
    rows = [{**row, "place": codes[row["place"]], "source_title": MADE_UP} for row in drawn]
    rows += _whole(rows)
    now = period_zh(year, month)
    earlier = [row for row in rows if row["period"] != now]
    return earlier, {row["place"]: row for row in rows if row["period"] == now}


def period_zh(year: int, month: int) -> str:
    """A cumulative period as people type it."""
    return f"{year}年1-{month}月" if month > 1 else f"{year}年1月"


def _whole(rows: list[Row]) -> list[Row]:
    """The city's own rows: sums, and growth weighted by GDP."""
    by_period: dict[str, list[Row]] = {}
    for row in rows:
        by_period.setdefault(row["period"], []).append(row)
    whole = []
    for period, parts in by_period.items():
        gdp = sum(part["gdp"] for part in parts)
        amounts = {name: round(sum(part[name] for part in parts), 3) for name in AMOUNTS}
        growths = {
            name: round(sum(part[name] * part["gdp"] for part in parts) / gdp, 1)
            for name in GROWTHS
        }
        whole.append(
            {"place": CITY, "period": period, "source_title": MADE_UP, **amounts, **growths}
        )
    return whole


def goals(story: Story) -> list[Row]:
    """Goals of the five years the month falls into, of city and districts. [%]"""
    base = (story.ended.year - 1) // 5 * 5
    chance = np.random.default_rng(SEED + 1)
    done = story.ended.year - 1

    def goal(place: str, cut: float) -> Row:
        begun = (
            {
                "done_year": done,
                "done_cut": round(cut * (done - base) / 5 * float(chance.uniform(0.8, 1.1)), 2),
            }
            if done > base
            else {}
        )
        return {
            "place": place,
            "goal_kind": "单位GDP能耗降低",
            "base_year": base,
            "goal_year": base + 5,
            "goal_cut": cut,
            "growth_allowed": round(float(chance.uniform(1.5, 3.5)), 1),
            "source_title": MADE_UP,
        } | begun

    cuts = {CITY: 14.0} | {
        code: round(14.0 + float(chance.choice([-1, -0.5, 0, 0.5, 1])), 1)
        for code, _, _ in story.districts
    }
    return [goal(place, cut) for place, cut in cuts.items()]


def of_firm(story: Story, firm: Firm, month: int = 0, *, wrong: bool = False) -> list[Row]:
    """A month of an enterprise (of the year under way; 0: the month under way), a row a product;
    ``wrong``: its power is typed in kWh instead of 10⁴ kWh.
    """
    number, month = int(firm.code[-8:]), month or story.ended.month
    chance = np.random.default_rng([SEED, number, month])
    rows = []
    for product, unit, size in PRODUCTS:
        amount = round(size * float(chance.uniform(0.8, 1.2)), 2)
        if wrong and unit == "万千瓦时":
            amount = round(amount * 10000, 2)
        rows.append(
            {
                "place": firm.place,
                "entity": firm.code,
                "entity_name": firm.name,
                "industry": firm.industry,
                "period": f"{story.ended.year}年{month}月",
                "product": product,
                "unit": unit,
                "purchased": amount,
                "consumed": amount,
                "note": MADE_UP,
            }
        )
    return rows


def of_firms_before(story: Story) -> list[Row]:
    """The months of the enterprises before the one under way, of its year."""
    return [
        row
        for firm in story.firms
        for month in range(1, story.ended.month)
        for row in of_firm(story, firm, month)
    ]
