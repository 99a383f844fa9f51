"""Charts of a target: a plotly figure as plain JSON, and a small inline SVG line for tables. No figure is computed here."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from hengtan.basis.lights import LIGHTS
from hengtan.report.numerals import figure, same_unit, with_unit, year_point
from hengtan.report.words import has, word

SYMBOL = {
    "actual": "circle",
    "partial_period": "triangle-up-open",
    "estimate": "circle-open",
    "other_definition": "diamond-open",
    "proxy": "x-open",
    "none": "circle-open",
    "losing": "x-thin-open",
}
COLOUR = {
    "actual": "#14505c",
    "partial_period": "#7a5c00",
    "estimate": "#3b6fb6",
    "other_definition": "#8a4b9e",
    "proxy": "#59636e",
    "none": "#59636e",
    "losing": "#8b949e",
}
FONT = '"PingFang SC","Microsoft YaHei","微软雅黑","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif'


def points(target: dict[str, Any]) -> list[dict[str, Any]]:
    """The values of a target that can stand on one axis with its goal, each with ``x`` (year, ticks at year-end)."""
    kept = []
    for item in target["series"]:
        x = year_point(item.get("period", ""), item.get("start"), item.get("end"))
        value = item.get("value")
        comparable = (
            item["in_unit"]
            if "in_unit" in item
            else same_unit(item.get("unit") or target["unit"], target["unit"])
        )
        if x is None or not isinstance(value, (int, float)) or not comparable:
            continue
        kept.append({**item, "x": x})
    return sorted(kept, key=lambda item: item["x"])


def drawable(target: dict[str, Any]) -> bool:
    """Whether there is anything but the goal to draw."""
    return bool(points(target) or target["path"])


def figure_of(target: dict[str, Any], lang: str = "zh", judged_on: str = "") -> dict[str, Any]:
    """The plotly figure of a target as a plain dict: outturns by state, path, goal, deadline and the day judged."""
    unit, goal, end = target["unit"], target["goal"], _year(target["deadline"])
    shown = points(target)
    traces: list[dict[str, Any]] = []
    if target["path"]:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": word("chart.path", lang),
                "x": [p["year"] for p in target["path"]],
                "y": [p["value"] for p in target["path"]],
                "line": {"dash": "dot", "width": 2, "color": "#7b8794"},
                "hoverinfo": "skip",
            }
        )
    used: dict[str, list[dict[str, Any]]] = {}
    for item in shown:
        used.setdefault(
            "losing" if item.get("won") is False else item.get("state") or "none", []
        ).append(item)
    for state in (
        "actual",
        "partial_period",
        "estimate",
        "other_definition",
        "proxy",
        "none",
        "losing",
    ):
        if state in used:
            traces.append(_observed(state, used[state], unit, lang))
    xs = (
        [item["x"] for item in shown] + [p["year"] for p in target["path"]] + ([end] if end else [])
    )
    judged = year_point(judged_on) if judged_on else None
    low = min(xs, default=2020) - 0.6
    high = max([*xs, judged or low]) + 0.6
    return {"data": traces, "layout": _layout(target, lang, (low, high), end, judged, goal)}


def _observed(state: str, items: list[dict[str, Any]], unit: str, lang: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if state == "actual" else "markers",
        "name": word(f"state.{state}", lang),
        "x": [i["x"] for i in items],
        "y": [i["value"] for i in items],
        "marker": {
            "symbol": SYMBOL[state],
            "size": 9 if state == "actual" else 11,
            "color": COLOUR[state],
            "line": {"width": 2, "color": COLOUR[state]},
        },
        "line": {"width": 2, "color": COLOUR[state]},
        "text": ["<br>".join(_hover(i, unit, lang)) for i in items],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _hover(item: dict[str, Any], unit: str, lang: str) -> list[str]:
    lines = [
        f"<b>{_plain(item['period'])}：{_plain(bounded(with_unit(figure(item['value']), unit if 'in_unit' in item else item.get('unit') or unit), item.get('bound'), lang))}</b>"
    ]
    for field in ("nature", "vintage", "confidence"):
        if item.get(field):
            key = f"{field}.{item[field]}"
            lines.append(
                f"{word(field, lang)}：{_plain(word(key, lang) if has(key) else item[field])}"
            )
    if item.get("source"):
        text = str(item["source"])
        lines.append(
            f"{word('source', lang)}：{_plain(text if len(text) < 42 else text[:40] + '…')}"
        )
    return lines


def bounded(text: str, bound: Any, lang: str = "zh") -> str:
    """A figure with what the source says of its bound: 约, 以上 (lower bound), 以下 (upper bound)."""
    key = f"bound.{bound}"
    if not has(key) or text == "—":
        return text
    return word(key, lang).format(text)


def _plain(text: Any) -> str:
    return str(escape(str(text)))


def _layout(
    target: dict[str, Any],
    lang: str,
    span: tuple[float, float],
    end: float | None,
    judged: float | None,
    goal: Any,
) -> dict[str, Any]:
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    if isinstance(goal, (int, float)):
        shapes.append(
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": goal,
                "y1": goal,
                "line": {"color": "#14505c", "width": 1.5, "dash": "dash"},
            }
        )
        notes.append(
            {
                "xref": "paper",
                "x": 0.004,
                "xanchor": "left",
                "y": goal,
                "yanchor": "bottom",
                "showarrow": False,
                "text": f"{word('chart.goal', lang)} {_plain(operator_text(target, lang))} {_plain(with_unit(figure(goal), target['unit']))}",
                "font": {"color": "#14505c", "size": 12},
            }
        )
    for x, key, colour in ((end, "chart.deadline", "#14505c"), (judged, "chart.now", "#8b949e")):
        if x is not None:
            shapes.append(
                {
                    "type": "line",
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "x0": x,
                    "x1": x,
                    "line": {
                        "color": colour,
                        "width": 1,
                        "dash": "solid" if key == "chart.deadline" else "dot",
                    },
                }
            )
            notes.append(
                {
                    "yref": "paper",
                    "y": 1.0,
                    "yanchor": "bottom",
                    "x": x,
                    "showarrow": False,
                    "text": word(key, lang),
                    "font": {"color": colour, "size": 11},
                }
            )
    if end is not None and judged is not None and abs(end - judged) < (span[1] - span[0]) * 0.09:
        notes[-1]["yanchor"], notes[-1]["y"] = "top", 0.06
    notes.append(
        {
            "xref": "paper",
            "yref": "paper",
            "x": 0,
            "xanchor": "right",
            "y": 1.0,
            "yanchor": "bottom",
            "showarrow": False,
            "text": _plain(target["unit"]),
            "font": {"color": "#52606d", "size": 12},
        }
    )
    return {
        "font": {"family": FONT, "size": 12, "color": "#1f2933"},
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
        "hoverlabel": {
            "align": "left",
            "bgcolor": "#fff",
            "bordercolor": "#9aa5b1",
            "font": {"family": FONT, "size": 12, "color": "#1f2933"},
        },
        "xaxis": {
            "range": list(span),
            "tickformat": "d",
            "dtick": 1 if span[1] - span[0] <= 12 else 2,
            "showgrid": False,
            "linecolor": "#9aa5b1",
            "ticks": "outside",
            "fixedrange": True,
        },
        "yaxis": {
            "gridcolor": "#e4e9ee",
            "zeroline": False,
            "linecolor": "#9aa5b1",
            "fixedrange": True,
            "tickformat": ",~f",
            "automargin": True,
        },
        "shapes": shapes,
        "annotations": notes,
    }


def operator_text(target: dict[str, Any], lang: str = "zh") -> str:
    """How the goal is to be read: 不低于, 不高于, 下降, 新增, 左右, or 须超过 where the text is strict."""
    if target.get("strict") and target["operator"] == ">=":
        return word("strict", lang)
    key = f"operator.{target['operator']}"
    return word(key, lang) if has(key) else str(target["operator"])


def _year(deadline: Any) -> float | None:
    text = str(deadline or "")
    if text[:4].isdigit():
        return year_point(text) if len(text) > 4 else float(text)
    return None


def sparkline(target: dict[str, Any], width: int = 112, height: int = 30) -> Markup:
    """A small SVG: values that were used (filled where an outturn), the goal as a dashed line. Empty where none is held."""
    shown = [p for p in points(target) if p.get("won") is not False]
    goal, end = target["goal"], _year(target["deadline"])
    if not shown or not isinstance(goal, (int, float)):
        return Markup("")
    xs, ys = [p["x"] for p in shown] + ([end] if end else []), [p["value"] for p in shown] + [goal]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)

    def at(x: float, y: float) -> tuple[float, float]:
        across = 4 + (width - 8) * ((x - x0) / (x1 - x0) if x1 > x0 else 0.5)
        down = height - 5 - (height - 10) * ((y - y0) / (y1 - y0) if y1 > y0 else 0.5)
        return round(across, 1), round(down, 1)

    level = at(x0, goal)[1]
    ink = LIGHTS.get(target["light"], LIGHTS["grey"]).ink
    line = [at(p["x"], p["value"]) for p in shown if p.get("state") == "actual"]
    parts = [
        f'<line x1="2" x2="{width - 2}" y1="{level}" y2="{level}" stroke="#14505c" stroke-dasharray="3 3"/>'
    ]
    if len(line) > 1:
        parts.append(
            f'<polyline points="{" ".join(f"{x},{y}" for x, y in line)}" fill="none" stroke="#52606d" stroke-width="1.5"/>'
        )
    for item in shown[:-1]:
        x, y = at(item["x"], item["value"])
        parts.append(f'<circle cx="{x}" cy="{y}" r="1.6" fill="#52606d"/>')
    x, y = at(shown[-1]["x"], shown[-1]["value"])
    fill = ink if shown[-1].get("state") == "actual" else "#fff"
    parts.append(
        f'<circle cx="{x}" cy="{y}" r="3.2" fill="{fill}" stroke="{ink}" stroke-width="1.6"/>'
    )
    label = escape(
        f"{shown[0]['period']}–{shown[-1]['period']}: {figure(shown[-1]['value'])}{target['unit']}; {figure(goal)}{target['unit']}"
    )
    return Markup(
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )
