"""Charts of a park: where the load of each month comes from, and the mean day of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.report.page.figures import GRID, INK, layout
from hengtan.report.page.power_charts import COLOURS, OTHER, kind_name
from hengtan.report.words import word

WAN = 1e4
MONTH_PARTS = {"own": "#4a9c7a", "bought": "#a9b7c0", "sold": "#c08a2d"}
"""What a month's bar is made of, with its colour; what is sold stands below the axis."""
DAY_PARTS = {"discharge": "#4b4fa3", "bought": "#a9b7c0", "charge": "#8f93cf", "sold": "#c08a2d"}
BELOW = ("charge", "sold")
"""What leaves: below the axis."""
NOT_SOURCES = ("load", *DAY_PARTS)
LEAST = 1e-3
"""Power of the mean day that is not drawn. [kW]"""
Figure = dict[str, Any]
Row = Mapping[str, Any]


def month_parts(answer: Row, lang: str) -> list[tuple[str, list[float], str]]:
    """Name, energy by month [10^4 kWh] and colour of each part; what is sold is negative."""
    return [
        (
            word(f"power.park.{name}", lang),
            [(-1 if name in BELOW else 1) * row[name] / WAN for row in answer["months"]],
            colour,
        )
        for name, colour in MONTH_PARTS.items()
    ]


def months_chart(answer: Row, lang: str) -> Figure:
    """Own and bought energy of each month above the axis, what is sold below."""
    months = [row["month"] for row in answer["months"]]
    data = [
        {
            "type": "bar",
            "x": months,
            "y": values,
            "name": name,
            "marker": {"color": colour},
            "hovertemplate": "%{x}: %{y:,.2f}<extra>%{fullData.name}</extra>",
        }
        for name, values, colour in month_parts(answer, lang)
    ]
    shape = layout(
        word("power.park.chart.months", lang),
        barmode="relative",
        showlegend=True,
        xaxis={"dtick": 1, "showgrid": False},
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": ",.0f"},
        legend={"orientation": "h", "y": -0.18},
        height=340,
    )
    return {"data": data, "layout": shape}


def day_parts(answer: Row, lang: str) -> list[tuple[str, list[float], str, bool]]:
    """Name, power by hour [kW], colour, and whether it leaves, of each flow of the mean day that is
    not nothing.
    """
    day = answer["day"]
    sources = [name for name in day if name not in NOT_SOURCES]
    parts = []
    for name in (*sources, *DAY_PARTS):
        if max(day[name], default=0.0) > LEAST:
            colour = DAY_PARTS.get(name) or COLOURS.get(name, OTHER)
            parts.append((_flow_name(name, lang), list(day[name]), colour, name in BELOW))
    return parts


def _flow_name(name: str, lang: str) -> str:
    return word(f"power.park.{name}", lang) if name in DAY_PARTS else kind_name(name, lang)


def day_chart(answer: Row, lang: str) -> Figure:
    """What serves each hour of the mean day, stacked, with the load; what leaves below the axis."""
    load: Sequence[float] = answer["day"]["load"]
    hours = list(range(len(load) + 1))
    data: list[Figure] = [
        {
            "type": "scatter",
            "mode": "lines",
            "stackgroup": "leaving" if leaves else "serving",
            "x": hours,
            "y": [-value if leaves else value for value in (*values, values[-1])],
            "name": name,
            "line": {"width": 0, "color": colour, "shape": "hv"},
            "fillcolor": colour,
            "hovertemplate": "%{y:,.0f}<extra>%{fullData.name}</extra>",
        }
        for name, values, colour, leaves in day_parts(answer, lang)
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": hours,
            "y": [*load, load[-1]],
            "name": word("power.park.load", lang),
            "line": {"color": INK, "width": 2, "shape": "hv"},
            "hovertemplate": "%{y:,.0f}<extra>%{fullData.name}</extra>",
        }
    )
    shape = layout(
        word("power.park.chart.day", lang),
        showlegend=True,
        hovermode="x unified",
        xaxis={"dtick": 3, "showgrid": False},
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": ",.0f"},
        legend={"orientation": "h", "y": -0.18},
        height=340,
    )
    return {"data": data, "layout": shape}
