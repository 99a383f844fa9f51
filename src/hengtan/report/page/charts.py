"""Charts of a target: a plotly figure as plain JSON, and a small inline SVG line for tables. No
figure is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from hengtan.basis.lights import LIGHTS
from hengtan.report.numerals import (
    bounded,
    figure,
    operator_text,
    same_unit,
    unit_name,
    with_unit,
    year_point,
)
from hengtan.report.page.assets import FONT
from hengtan.report.words import word, word_or_code

Target = Mapping[str, Any]
INK, SOFT, GRID, PALE_LINE = "#1f2933", "#52606d", "#e4e9ee", "#9aa5b1"
HOUSE = "#14505c"
PATH_GREY, LATER = "#7b8794", "#8b949e"
FACE = {"family": FONT, "size": 12, "color": INK}
LONG_SOURCE = 42
"""Characters of a source's title that a hover text holds."""


@dataclass(frozen=True)
class Drawn:
    """How the values of one data state are drawn."""

    symbol: str
    colour: str


DRAWN = {
    "actual": Drawn("circle", HOUSE),
    "partial_period": Drawn("triangle-up-open", "#7a5c00"),
    "estimate": Drawn("circle-open", "#3b6fb6"),
    "other_definition": Drawn("diamond-open", "#8a4b9e"),
    "proxy": Drawn("x-open", "#59636e"),
    "none": Drawn("circle-open", "#59636e"),
    "losing": Drawn("x-thin-open", LATER),
}
"""Every data state in the order of the legend; last, values that lost against another of their
period.
"""


def points(target: Target) -> list[dict[str, Any]]:
    """The values of a target that can stand on one axis with its goal, with ``x`` (year, ticks at
    year-end): in its unit, and on the basis (price base, edition, definition) of the newest one.
    """
    kept = []
    for item in target["series"]:
        x = year_point(item.get("period", ""), item.get("end"))
        drawable = isinstance(item.get("value"), (int, float)) and _comparable(item, target["unit"])
        drawable = drawable and item.get("same_basis", True)
        if x is not None and drawable:
            kept.append({**item, "x": x})
    return sorted(kept, key=lambda item: item["x"])


def _comparable(item: Mapping[str, Any], unit: str) -> bool:
    """Whether a value is in the unit of the goal."""
    return item["in_unit"] if "in_unit" in item else same_unit(item.get("unit") or unit, unit)


def drawable(target: Target) -> bool:
    """Whether there is anything but the goal to draw."""
    return bool(points(target) or target["path"])


def figure_of(target: Target, lang: str = "zh", judged_on: str = "") -> dict[str, Any]:
    """The plotly figure of a target as a plain dict.

    It holds outturns by state, the path, the goal, the deadline and the day judged.
    """
    values, path = points(target), target["path"]
    by_state: dict[str, list[dict[str, Any]]] = {}
    for item in values:
        state = "losing" if item.get("won") is False else item.get("state") or "none"
        by_state.setdefault(state, []).append(item)
    traces = [_path(path, lang)] if path else []
    traces += [
        _observed(state, by_state[state], target["unit"], lang)
        for state in DRAWN
        if state in by_state
    ]
    deadline = _year(target["deadline"])
    judged = year_point(judged_on) if judged_on else None
    years = [item["x"] for item in values] + [point["year"] for point in path]
    years += [deadline] if deadline else []
    low = min(years, default=2020) - 0.6
    high = max([*years, judged or low]) + 0.6
    return {"data": traces, "layout": _layout(target, lang, (low, high), (deadline, judged))}


def _path(path: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": word("chart.path", lang),
        "x": [point["year"] for point in path],
        "y": [point["value"] for point in path],
        "line": {"dash": "dot", "width": 2, "color": PATH_GREY},
        "hoverinfo": "skip",
    }


def _observed(state: str, items: list[dict[str, Any]], unit: str, lang: str) -> dict[str, Any]:
    """Values of one state; outturns are joined by a line."""
    drawn, joined = DRAWN[state], state == "actual"
    return {
        "type": "scatter",
        "mode": "lines+markers" if joined else "markers",
        "name": word(f"state.{state}", lang),
        "x": [item["x"] for item in items],
        "y": [item["value"] for item in items],
        "marker": {
            "symbol": drawn.symbol,
            "size": 9 if joined else 11,
            "color": drawn.colour,
            "line": {"width": 2, "color": drawn.colour},
        },
        "line": {"width": 2, "color": drawn.colour},
        "text": ["<br>".join(_hover(item, unit, lang)) for item in items],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _hover(item: Mapping[str, Any], unit: str, lang: str) -> list[str]:
    """What the hover text says of a value, escaped: figure, nature, vintage, confidence, source."""
    separator = word("chart.separator", lang)
    own_unit = unit if "in_unit" in item else item.get("unit") or unit
    value = bounded(with_unit(figure(item["value"]), own_unit, lang), item.get("bound"), lang)
    lines = [f"<b>{_plain(item['period'])}{separator}{_plain(value)}</b>"]
    lines += [
        f"{word(field, lang)}{separator}{_plain(word_or_code(field, item[field], lang))}"
        for field in ("nature", "vintage", "confidence")
        if item.get(field)
    ]
    if item.get("source"):
        title = str(item["source"])
        short = title if len(title) < LONG_SOURCE else title[: LONG_SOURCE - 2] + "…"
        lines.append(f"{word('source', lang)}{separator}{_plain(short)}")
    return lines


def _plain(text: Any) -> str:
    return str(escape(str(text)))


def level_line(y: float, colour: str) -> dict[str, Any]:
    """A dashed line across the whole chart at a value."""
    line = {"color": colour, "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def level_note(y: float, text: str, colour: str) -> dict[str, Any]:
    """What a level line says, above its left end."""
    return {
        "xref": "paper",
        "x": 0.004,
        "xanchor": "left",
        "y": y,
        "yanchor": "bottom",
        "showarrow": False,
        "text": text,
        "font": {"color": colour, "size": 12},
    }


def _moment(year: float, key: str, lang: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An upright line at the deadline (solid) or the day judged (dotted), and its note."""
    last = key == "chart.deadline"
    colour = HOUSE if last else LATER
    line = {"color": colour, "width": 1, "dash": "solid" if last else "dot"}
    shape = {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": year,
        "x1": year,
        "line": line,
    }
    note = {
        "yref": "paper",
        "y": 1.0,
        "yanchor": "bottom",
        "x": year,
        "showarrow": False,
        "text": word(key, lang),
        "font": {"color": colour, "size": 11},
    }
    return shape, note


def _unit_note(unit: str) -> dict[str, Any]:
    """The unit above the upright axis."""
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "right",
        "y": 1.0,
        "yanchor": "bottom",
        "showarrow": False,
        "text": _plain(unit),
        "font": {"color": SOFT, "size": 12},
    }


def _layout(
    target: Target,
    lang: str,
    span: tuple[float, float],
    moments: tuple[float | None, float | None],
) -> dict[str, Any]:
    """Axes, goal, and the upright lines of ``moments`` (deadline, day judged) in a ``span`` of
    years.
    """
    goal, unit = target["goal"], target["unit"]
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    if isinstance(goal, (int, float)):
        shapes.append(level_line(goal, HOUSE))
        amount = _plain(with_unit(figure(goal), unit, lang))
        text = f"{word('chart.goal', lang)} {_plain(operator_text(target, lang))} {amount}"
        notes.append(level_note(goal, text, HOUSE))
    for year, key in zip(moments, ("chart.deadline", "chart.now"), strict=True):
        if year is not None:
            shape, note = _moment(year, key, lang)
            shapes.append(shape)
            notes.append(note)
    if _would_overlap(moments, span):
        notes[-1]["yanchor"], notes[-1]["y"] = "top", 0.06
    notes.append(_unit_note(unit_name(unit, lang)))
    return {
        "font": FACE,
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "margin": {"l": 64, "r": 18, "t": 30, "b": 66},
        "height": 360,
        "hovermode": "closest",
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": -0.2,
            "xanchor": "left",
            "yanchor": "top",
            "font": {"size": 12},
        },
        "hoverlabel": {"align": "left", "bgcolor": "#fff", "bordercolor": PALE_LINE, "font": FACE},
        "xaxis": {
            "range": list(span),
            "tickformat": "d",
            "dtick": 1 if span[1] - span[0] <= 12 else 2,
            "showgrid": False,
            "linecolor": PALE_LINE,
            "ticks": "outside",
            "fixedrange": True,
        },
        "yaxis": {
            "gridcolor": GRID,
            "zeroline": False,
            "linecolor": PALE_LINE,
            "fixedrange": True,
            "tickformat": ",~f",
            "automargin": True,
        },
        "shapes": shapes,
        "annotations": notes,
    }


def _would_overlap(moments: tuple[float | None, float | None], span: tuple[float, float]) -> bool:
    """Whether the notes of deadline and day judged would lie on each other."""
    deadline, judged = moments
    if deadline is None or judged is None:
        return False
    return abs(deadline - judged) < (span[1] - span[0]) * 0.09


def _year(deadline: Any) -> float | None:
    text = str(deadline or "")
    if text[:4].isdigit():
        return year_point(text) if len(text) > 4 else float(text)
    return None


def sparkline(target: Target, lang: str = "zh", width: int = 112, height: int = 30) -> Markup:
    """A small SVG: values that were used (filled where an outturn), the goal as a dashed line.

    Empty where no value or no goal is held.
    """
    values = [point for point in points(target) if point.get("won") is not False]
    goal, deadline = target["goal"], _year(target["deadline"])
    if not values or not isinstance(goal, (int, float)):
        return Markup("")
    years = [point["x"] for point in values] + ([deadline] if deadline else [])
    heights = [point["value"] for point in values] + [goal]

    def place(year: float, value: float) -> tuple[float, float]:
        across = 4 + (width - 8) * _share(year, min(years), max(years))
        down = height - 5 - (height - 10) * _share(value, min(heights), max(heights))
        return round(across, 1), round(down, 1)

    level = place(min(years), goal)[1]
    ink = LIGHTS.get(target["light"], LIGHTS["grey"]).ink
    places = [place(point["x"], point["value"]) for point in values]
    outturns = [
        spot for spot, point in zip(places, values, strict=True) if point.get("state") == "actual"
    ]
    parts = [
        f'<line x1="2" x2="{width - 2}" y1="{level}" y2="{level}" stroke="{HOUSE}"'
        ' stroke-dasharray="3 3"/>'
    ]
    if len(outturns) > 1:
        joined = " ".join(f"{x},{y}" for x, y in outturns)
        parts.append(
            f'<polyline points="{joined}" fill="none" stroke="{SOFT}" stroke-width="1.5"/>'
        )
    parts += [f'<circle cx="{x}" cy="{y}" r="1.6" fill="{SOFT}"/>' for x, y in places[:-1]]
    x, y = places[-1]
    fill = ink if values[-1].get("state") == "actual" else "#fff"
    parts.append(
        f'<circle cx="{x}" cy="{y}" r="3.2" fill="{fill}" stroke="{ink}" stroke-width="1.6"/>'
    )
    return Markup(
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{_spark_label(values, target, lang)}">{"".join(parts)}</svg>'
    )


def _share(value: float, low: float, high: float) -> float:
    """Where a value lies between two others, in the middle where they are one."""
    return (value - low) / (high - low) if high > low else 0.5


def _spark_label(values: list[dict[str, Any]], target: Target, lang: str) -> Markup:
    first, last, unit = values[0], values[-1], target["unit"]
    latest, goal = (
        with_unit(figure(value), unit, lang) for value in (last["value"], target["goal"])
    )
    return escape(f"{first['period']}–{last['period']}: {latest}; {goal}")
