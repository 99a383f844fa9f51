"""Charts of surface water as plotly dicts: months of sections as boxes, and the slack to a goal."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from hengtan.graph.domains import Section
from hengtan.report.account_tables import View
from hengtan.report.page.figures import FALL, GRID, HOUSE, RISE, layout
from hengtan.report.words import word

Figure = dict[str, Any]
ALLOWED = "#dfe8ea"
MOST_TICKS = 8
MOST_SECTIONS = 40
"""Sections that a picture takes; of more, those that lie highest."""


def months_of_sections(view: View, section: Section, lang: str) -> Figure | None:
    """The months of each section of the latest year as a box: the highest ratio of a pollutant to
    the limit of class Ⅲ; above the line of 1 a month is not good.
    """
    rows = [row for row in view["tables"][section.account] if row["worst_ratio"] is not None]
    if not rows:
        return None
    year = max(row["year"] for row in rows)
    ratios: dict[str, list[float]] = {}
    for row in rows:
        if row["year"] == year:
            ratios.setdefault(_name(row), []).append(row["worst_ratio"])
    highest = sorted(ratios, key=lambda name: (-max(ratios[name]), name))[:MOST_SECTIONS]
    boxes = [
        {
            "type": "box",
            "name": name,
            "y": ratios[name],
            "boxpoints": "all",
            "jitter": 0.4,
            "pointpos": 0,
            "marker": {"color": RISE if max(ratios[name]) > 1 else HOUSE, "size": 4},
            "line": {"width": 1},
            "showlegend": False,
        }
        for name in highest
    ]
    shape = layout(
        word("accounts.chart.water_months", lang, year=year, shown=len(highest), of=len(ratios)),
        size=13,
        height=420,
        margin={"l": 60, "r": 20, "t": 50, "b": 90},
        xaxis={"automargin": True},
        yaxis={"rangemode": "tozero", "gridcolor": GRID},
        shapes=[_line_at(1.0)],
    )
    return {"data": boxes, "layout": shape}


def slack_of_goal(view: View, section: Section, lang: str) -> Figure | None:
    """Sections that are not good by year, beside how many may be under the goal."""
    rows = view["tables"][section.account]
    if not rows:
        return None
    target = min(row["target_id"] for row in rows)
    years = sorted((r for r in rows if r["target_id"] == target), key=lambda row: row["year"])
    names = [f"{row['year']}<br>{row['good']}/{row['sections']}" for row in years]
    failing = _counted(names, [row["failing"] for row in years]) | {
        "name": word("accounts.water.failing", lang),
        "marker": {"color": [FALL if row["may_still_fail"] >= 0 else RISE for row in years]},
    }
    allowed = _counted(names, [row["may_fail"] for row in years]) | {
        "name": word("accounts.water.may_fail", lang),
        "marker": {"color": ALLOWED, "line": {"color": HOUSE, "width": 1.5}},
    }
    goal = f"{years[-1]['goal']:g}"
    highest = max(max(row["failing"], row["may_fail"]) for row in years)
    top = 1.25 * max(highest, 1)  # a year without a section that fails shows its nought
    shape = layout(
        word("accounts.chart.water_slack", lang, goal=goal),
        size=13,
        height=380,
        barmode="group",
        bargap=0.35,
        xaxis={"type": "category", "tickangle": 0},
        legend={"orientation": "h", "y": -0.2, "yanchor": "top"},
        margin={"l": 44, "r": 20, "t": 50, "b": 96},
        yaxis={
            "range": [0, top],
            "gridcolor": GRID,
            "tickformat": "d",
            "dtick": ceil(top / MOST_TICKS),  # whole sections, none twice
        },
    )
    return {"data": [failing, allowed], "layout": shape}


def _counted(names: list[str], counts: list[int]) -> Figure:
    """Bars of counts with the count above each."""
    return {
        "type": "bar",
        "x": names,
        "y": counts,
        "texttemplate": "%{y}",
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
    }


def _name(row: Mapping[str, Any]) -> str:
    return str(row["section_name"] or row["section"])


def _line_at(height: float) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": height,
        "y1": height,
        "line": {"color": HOUSE, "dash": "dash", "width": 1.5},
    }
