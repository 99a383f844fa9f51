"""Charts of a dispatch: the week by the hour, duration curves, capacity. Power is in 10⁴ kW."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from hengtan.basis.words import Words
from hengtan.report.page.figures import GRID, HOUSE, INK, layout
from hengtan.report.words import word

POWER_WORDS = Words.of("hengtan.outlook.power")
MW_OF_WAN = 10.0
YUAN_OF_MWH = 1000.0
COLOURS = {
    "nuclear": "#7b5ea7",
    "coal": "#5b6570",
    "waste_heat": "#96516b",
    "biomass": "#8a6d3b",
    "gas": "#c08a2d",
    "oil": "#7d1f3f",
    "hydro": "#2f7fb5",
    "import": "#a9b7c0",
    "wind": "#4a9c7a",
    "solar": "#e3b52f",
    "pumped": "#245b8f",
    "battery": "#4b4fa3",
    "other_storage": "#6f86c9",
    "flexible": "#b3541e",
    "shortage": "#b3261e",
}
"""Colours of sources, in the order in which they are stacked."""
OTHER = "#9fb3bb"
PEN = (
    (HOUSE, "solid"),
    ("#c08a2d", "dash"),
    ("#2f7fb5", "dot"),
    ("#96516b", "dashdot"),
    (INK, "longdash"),
)
"""Colour and dash of nodes and lines, in turn."""
CHARGE = " charge"
NOTHING = 0.05
"""Power that is not drawn. [MW]"""
Figure = dict[str, Any]
Row = Mapping[str, Any]


def kind_name(kind: str, lang: str) -> str:
    """What a source is called; of a store that takes, that it takes."""
    plain = kind.removesuffix(CHARGE)
    name = POWER_WORDS.say(f"kind.{plain}", lang) if f"kind.{plain}" in POWER_WORDS else plain
    return word("power.charging", lang, name=name) if kind.endswith(CHARGE) else name


def in_order(kinds: Mapping[str, Any]) -> list[str]:
    """Sources in the order of the stack, stores that take last."""
    order = list(COLOURS)

    def place(kind: str) -> tuple[bool, int]:
        plain = kind.removesuffix(CHARGE)
        return kind.endswith(CHARGE), order.index(plain) if plain in order else len(order)

    return sorted(kinds, key=place)


def week(shown: Row, lang: str) -> Figure:
    """What serves each hour of a week, stacked; what stores take stands below the axis."""
    begins = datetime.fromisoformat(shown["begins"])
    hours = range(len(shown["load"]))
    at = [(begins + timedelta(hours=n)).strftime("%Y-%m-%d %H:%M") for n in hours]
    rows = {**shown["rows"], "shortage": shown["shortage"]}
    data = []
    for kind in in_order(rows):
        values = rows[kind]
        if max(map(abs, values), default=0.0) <= NOTHING:
            continue
        takes = kind.endswith(CHARGE)
        colour = COLOURS.get(kind.removesuffix(CHARGE), OTHER)
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "stackgroup": "taken" if takes else "given",
                "x": at,
                "y": [value / MW_OF_WAN for value in values],
                "name": kind_name(kind, lang),
                "line": {"width": 0, "color": colour, "shape": "hv"},
                "fillcolor": colour,
                "hovertemplate": "%{y:,.1f}<extra>%{fullData.name}</extra>",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": at,
            "y": [value / MW_OF_WAN for value in shown["load"]],
            "name": word("power.load", lang),
            "line": {"color": INK, "width": 2, "shape": "hv"},
            "hovertemplate": "%{y:,.1f}<extra>%{fullData.name}</extra>",
        }
    )
    shape = layout(
        word("power.chart.week", lang, begins=shown["begins"], ends=shown["ends"]),
        xaxis={"showgrid": False, "tickformat": "%m-%d"},
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": ",.0f"},
        legend={"orientation": "h", "y": -0.16},
        hovermode="x unified",
        height=430,
    )
    return {"data": data, "layout": shape}


def node_prices(shown: Row, lang: str) -> Figure | None:
    """The price of each node in the hours of a week, in yuan a kWh; None of a single node."""
    title = word("power.chart.prices", lang, begins=shown["begins"], ends=shown["ends"])
    return _by_hour(shown, shown["prices"], YUAN_OF_MWH, title, ",.3f")


def line_flows(shown: Row, lang: str) -> Figure | None:
    """The flow of each line in the hours of a week; None where there is none."""
    title = word("power.chart.flows", lang, begins=shown["begins"], ends=shown["ends"])
    return _by_hour(shown, shown["flows"], MW_OF_WAN, title, ",.1f")


def _by_hour(shown: Row, rows: Row, unit: float, title: str, digits: str) -> Figure | None:
    if not rows:
        return None
    begins = datetime.fromisoformat(shown["begins"])
    hours = range(len(shown["load"]))
    at = [(begins + timedelta(hours=n)).strftime("%Y-%m-%d %H:%M") for n in hours]
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": at,
            "y": [value / unit for value in values],
            "name": name,
            "line": {"width": 2, "color": colour, "dash": dash, "shape": "hv"},
            "hovertemplate": "%{y:" + digits + "}<extra>%{fullData.name}</extra>",
        }
        for (name, values), (colour, dash) in zip(rows.items(), cycle(PEN), strict=False)
    ]
    shape = layout(
        title,
        xaxis={"showgrid": False, "tickformat": "%m-%d"},
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": digits},
        legend={"orientation": "h", "y": -0.2},
        showlegend=True,
        hovermode="x unified",
        height=320,
    )
    return {"data": data, "layout": shape}


def durations(curves: Row, lang: str) -> Figure:
    """Load, and load less wind and sun, from the highest hour to the lowest."""
    data = [
        _curve(curves[name], MW_OF_WAN, word(f"power.{name}", lang), colour)
        for name, colour in (("load", INK), ("net_load", HOUSE))
    ]
    return {"data": data, "layout": _by_share(word("power.chart.duration", lang), lang, ",.0f")}


def prices(curves: Row, lang: str) -> Figure:
    """The marginal price from the highest hour to the lowest, in yuan a kWh."""
    data = [_curve(curves["price"], YUAN_OF_MWH, word("power.price", lang), HOUSE)]
    return {"data": data, "layout": _by_share(word("power.chart.price", lang), lang, ",.3f")}


def _curve(curve: Row, unit: float, name: str, colour: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [100 * share for share in curve["share"]],
        "y": [value / unit for value in curve["value"]],
        "name": name,
        "line": {"color": colour, "width": 2, "shape": "vh"},
        "hovertemplate": "%{x:.1f}%: %{y:,.3f}<extra>%{fullData.name}</extra>",
    }


def _by_share(title: str, lang: str, digits: str) -> Figure:
    return layout(
        title,
        xaxis={
            "title": {"text": word("power.axis.share", lang)},
            "range": [0, 100],
            "showgrid": False,
        },
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": digits, "rangemode": "tozero"},
        legend={"orientation": "h", "y": -0.28},
        showlegend=True,
    )


def capacities(rows: list[Row], lang: str) -> Figure:
    """Capacity that stands and what is built, by source."""
    names = [kind_name(row["kind"], lang) for row in rows]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": [row[key] / MW_OF_WAN for row in rows],
            "name": word(f"power.{key}", lang),
            "marker": {"color": colour},
            "hovertemplate": "%{y}: %{x:,.1f}<extra>%{fullData.name}</extra>",
        }
        for key, colour in (("stands", HOUSE), ("built", "#c08a2d"))
        if key == "stands" or any(row[key] for row in rows)
    ]
    shape = layout(
        word("power.chart.capacity", lang),
        barmode="stack",
        xaxis={"gridcolor": GRID, "tickformat": ",.0f"},
        yaxis={"autorange": "reversed", "automargin": True},
        showlegend=len(data) > 1,
        height=110 + 34 * len(rows),
    )
    return {"data": data, "layout": shape}
