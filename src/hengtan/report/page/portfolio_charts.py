"""Charts of a portfolio: emissions, how far measures have gone, money by year, the front of
cost and cut. Emissions in 10⁴ tCO2e, money in 10⁸ yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.report.page.figures import FALL, GRID, HOUSE, INK, layout
from hengtan.report.portfolio import YI_OF_WAN, titles
from hengtan.report.words import word

WAN = 1e4
BAR, BUDGET = "#4a9c7a", "#b3541e"
LEGEND = {"orientation": "h", "y": -0.18}
ROW_HEIGHT, HEAD_HEIGHT = 30, 130
Figure = dict[str, Any]
Row = Mapping[str, Any]


def emissions(answer: Row, lang: str) -> Figure:
    """Emissions by year with and without the measures."""
    years = [row["year"] for row in answer["years"]]
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": years,
            "y": [row[name] / WAN for row in answer["years"]],
            "name": word(key, lang),
            "line": {"color": colour, "width": 2.4},
            "hovertemplate": "%{x}: %{y:,.1f}<extra>%{fullData.name}</extra>",
        }
        for name, key, colour in (
            ("emissions_without", "scenario.none", INK),
            ("emissions", "scenario.with", HOUSE),
        )
    ]
    shape = layout(
        word("portfolio.emissions.chart", lang),
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": ",.0f"},
        legend=LEGEND,
    )
    return {"data": data, "layout": shape}


def mean_levels(answer: Row) -> dict[str, list[float]]:
    """How far each measure has gone by year, the mean of all regions of the study. [1]"""
    count = len(answer["regions"])
    means: dict[str, list[float]] = {}
    for row in answer["levels"]:
        before = means.get(row["measure"], [0.0] * len(row["levels"]))
        means[row["measure"]] = [
            sum_of + level / count for sum_of, level in zip(before, row["levels"], strict=True)
        ]
    return means


def levels(view: Row, lang: str) -> Figure | None:
    """How far each measure has gone by year, darker the further; None where none is taken."""
    answer, named = view["answer"], titles(view, lang)
    means = mean_levels(answer)
    if not means:
        return None
    shares = [[100 * level for level in row] for row in means.values()]
    data = [
        {
            "type": "heatmap",
            "x": [row["year"] for row in answer["years"]],
            "y": [named.get(code, code) for code in means],
            "z": shares,
            "zmin": 0,
            "zmax": 100,
            "colorscale": [[0, "#f4f7f8"], [1, HOUSE]],
            "xgap": 2,
            "ygap": 2,
            "colorbar": {"thickness": 10, "ticksuffix": "%"},
            "hovertemplate": "%{y} %{x}: %{z:.0f}%<extra></extra>",
        }
    ]
    shape = layout(
        word("portfolio.levels.chart", lang),
        height=HEAD_HEIGHT + ROW_HEIGHT * len(means),
        yaxis={"automargin": True, "autorange": "reversed", "showgrid": False},
        xaxis={"showgrid": False},
    )
    return {"data": data, "layout": shape}


def money(answer: Row, lang: str) -> Figure:
    """Capital and running cost by year, and the budget of capital where there is one."""
    years = [row["year"] for row in answer["years"]]
    data: list[Figure] = [
        {
            "type": "bar",
            "x": years,
            "y": [row[name] / YI_OF_WAN for row in answer["years"]],
            "name": word(f"portfolio.{name}", lang),
            "marker": {"color": colour},
            "hovertemplate": "%{x}: %{y:,.2f}<extra>%{fullData.name}</extra>",
        }
        for name, colour in (("capital", HOUSE), ("running", BAR))
    ]
    if any(row["capital_budget"] is not None for row in answer["years"]):
        budgets = [row["capital_budget"] for row in answer["years"]]
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": years,
                "y": [None if each is None else each / YI_OF_WAN for each in budgets],
                "name": word("portfolio.budget", lang),
                "line": {"color": BUDGET, "dash": "dash", "shape": "hvh"},
            }
        )
    shape = layout(
        word("portfolio.costs.chart", lang),
        barmode="relative",
        yaxis={"gridcolor": GRID, "automargin": True, "zerolinecolor": INK},
        legend=LEGEND,
    )
    return {"data": data, "layout": shape}


def front(answer: Row, lang: str) -> Figure:
    """Cost along the cut of a target, and where the choice itself lies."""
    about = answer["front"]
    (target,) = [row for row in answer["targets"] if row["zh"] == about["target"]][:1]
    data: list[Figure] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [point["cut"] / WAN for point in about["points"]],
            "y": [point["cost"] / YI_OF_WAN for point in about["points"]],
            "name": word("portfolio.front.title", lang),
            "line": {"color": HOUSE, "width": 2.4},
            "hovertemplate": "%{x:,.1f}: %{y:,.2f}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [target["cut"] / WAN],
            "y": [answer["cost"] / YI_OF_WAN],
            "name": word("portfolio.front.here", lang),
            "marker": {"color": FALL, "size": 12, "symbol": "diamond"},
        },
    ]
    name = target["zh"] if lang == "zh" else target["en"]
    shape = layout(
        word("portfolio.front.chart", lang, target=name),
        xaxis={"title": {"text": word("portfolio.front.cut", lang)}, "gridcolor": GRID},
        yaxis={"gridcolor": GRID, "automargin": True},
        legend={"orientation": "h", "y": -0.28},
        height=380,
    )
    return {"data": data, "layout": shape}
