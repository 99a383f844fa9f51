"""The page of forecasts: every target to its deadline, with fans of 50, 80 and 95 %."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import escape

from hengtan.report.numerals import (
    computed,
    figure,
    percent,
    signed,
    unit_name,
    unit_of_change,
    with_unit,
)
from hengtan.report.page.assets import dump
from hengtan.report.page.charts import level_line, level_note
from hengtan.report.page.families import Page
from hengtan.report.page.figures import GRID, HOUSE, INK, layout
from hengtan.report.words import word

PAGES = (Page("forecast", menu=110),)
BANDS = (
    ("95", "rgba(20,80,92,0.10)"),
    ("80", "rgba(20,80,92,0.18)"),
    ("50", "rgba(20,80,92,0.28)"),
)
"""Levels of the fan, the widest first, and their colours."""
GOAL = "#b3261e"
Trace = dict[str, Any]


def fan(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """History, the middle of the forecast and its 50, 80 and 95 % bands, with the goal across."""
    outlook, goal, unit = row["outlook"], row["goal"], row["unit"]
    data = [_band(outlook, level, colour, lang) for level, colour in BANDS]
    data += [_middle(outlook, lang), _history(outlook, lang)]
    name = row["indicator_zh"] if lang == "zh" else row["indicator_en"]
    written = unit_name(unit, lang)
    title = f"{name}（{written}）" if lang == "zh" else f"{name} ({written})" if written else name
    if row["chance"] is not None:
        title += f"　{word('forecast.chance', lang)} {percent(row['chance'], 0)}"
    goal_text = escape(f"{word('chart.goal', lang)} {with_unit(figure(goal), unit, lang)}")
    shape = layout(
        escape(title),
        shapes=[level_line(goal, GOAL)],
        annotations=[level_note(goal, goal_text, GOAL)],
        xaxis={"dtick": 1, "tickformat": "d", "showgrid": False},
        yaxis={"gridcolor": GRID, "automargin": True},
        legend={"orientation": "h", "y": -0.18},
    )
    return {"data": data, "layout": shape}


def _years(outlook: Mapping[str, Any]) -> list[int]:
    """The last year of the history and the years ahead."""
    return [outlook["history"][-1]["year"], *(year["year"] for year in outlook["years"])]


def _ahead(outlook: Mapping[str, Any], column: str) -> list[float]:
    """A column of the years ahead, starting at the last value held."""
    return [outlook["history"][-1]["value"], *(year[column] for year in outlook["years"])]


def _band(outlook: Mapping[str, Any], level: str, colour: str, lang: str) -> Trace:
    years = _years(outlook)
    low, high = _ahead(outlook, f"low{level}"), _ahead(outlook, f"high{level}")
    return {
        "type": "scatter",
        "x": [*years, *years[::-1]],
        "y": [*high, *low[::-1]],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "mode": "lines",
        "name": word("forecast.bands", lang).format(level),
        "hoverinfo": "skip",
    }


def _middle(outlook: Mapping[str, Any], lang: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": _years(outlook),
        "y": _ahead(outlook, "point"),
        "name": word("forecast.middle", lang),
        "line": {"color": HOUSE, "dash": "dot", "width": 2},
        "marker": {"size": 6},
    }


def _history(outlook: Mapping[str, Any], lang: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [year["year"] for year in outlook["history"]],
        "y": [year["value"] for year in outlook["history"]],
        "name": word("forecast.history", lang),
        "line": {"color": INK, "width": 2},
        "marker": {"size": 7},
    }


def forecast_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Rows of the table, the least likely first, and the fans of those that have a forecast."""
    rows = sorted((_shown(row, lang) for row in view["rows"]), key=_least_likely_first)
    return {
        "forecast_rows": rows,
        "forecast_figures": [dump(fan(row, lang)) for row in rows if _has_fan(row)],
    }


def _least_likely_first(row: Mapping[str, Any]) -> tuple[bool, float]:
    return row["chance"] is None, row["chance"] or 0.0


def _has_fan(row: Mapping[str, Any]) -> bool:
    return row["chance"] is not None or bool(row["outlook"] and row["outlook"]["years"])


def _shown(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A row with its figures as text, empty where there is none."""
    point, chance, pace = row["point"], row["chance"], row["needed_pace"]
    outlook, unit = row["outlook"], row["unit"]
    return {
        **row,
        "band_text": _between(row["bands"].get("80"), unit, lang),
        "point_text": "" if point is None else with_unit(computed(point), unit, lang),
        "chance_text": "" if chance is None else percent(chance, 0),
        "method_text": outlook[f"method_{lang}"] if outlook and point is not None else "",
        "notes_text": row["notes" if lang == "zh" else "notes_en"],
        "pace_text": "" if pace is None else _change(pace, unit, lang),
    }


def _between(band: tuple[float, float] | None, unit: str, lang: str) -> str:
    if not band:
        return ""
    low, high = band
    return f"{computed(low)} — {with_unit(computed(high), unit, lang)}"


def _change(pace: float, unit: str, lang: str) -> str:
    """A change a year with its sign, in the unit of a difference."""
    return with_unit(signed(pace), unit_of_change(unit, lang), lang)
