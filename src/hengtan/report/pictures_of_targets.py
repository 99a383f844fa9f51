"""The picture of a target for paper and for download: values, path, goal and deadline, as lines
(SVG, letters drawn as shapes) or as points (PNG).

The same points as on its page; no figure is computed here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from hengtan.report.numerals import figure, operator_text, with_unit, year_point
from hengtan.report.page.charts import DRAWN, HOUSE, PATH_GREY, SOFT, drawable, points
from hengtan.report.pictures import drawing_board, font, lettering
from hengtan.report.words import word

MARKERS = {
    "actual": "o",
    "partial_period": "^",
    "estimate": "o",
    "other_definition": "D",
    "proxy": "x",
    "none": "o",
    "losing": "+",
}
"""matplotlib's marks for the states of ``page.charts.DRAWN``."""
FILLED = ("actual",)
WIDTH, HEIGHT = 7.2, 2.7
"""Size of the picture in inches."""


def picture_of(
    target: Mapping[str, Any], *, lang: str = "zh", judged_on: str = "", form: str = "svg"
) -> bytes | None:
    """The picture as ``svg`` or ``png``; None where there is nothing to draw or no Chinese font."""
    family = font()
    if family is None or not drawable(target):
        return None
    with lettering(family):
        canvas, axes = drawing_board(WIDTH, HEIGHT)
        _path(axes, target["path"], lang)
        _values(axes, points(target), lang)
        _levels(axes, target, lang, judged_on)
        axes.set_ylabel(target["unit"], fontsize=8, color=SOFT)
        axes.tick_params(labelsize=8)
        axes.grid(axis="y", color="#e4e9ee", linewidth=0.6)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend(
            fontsize=7.5, frameon=False, loc="upper left", bbox_to_anchor=(0, -0.1), ncols=4
        )
        buffer = io.BytesIO()
        canvas.savefig(buffer, format=form, bbox_inches="tight", metadata=_bare(form))
        return buffer.getvalue()


def _bare(form: str) -> dict[str, Any]:
    """No day of writing in the file: the same figures give the same bytes."""
    return {"Date": None} if form == "svg" else {"Software": None}


def _path(axes: Any, path: list[Mapping[str, Any]], lang: str) -> None:
    if path:
        years = [point["year"] for point in path]
        heights = [point["value"] for point in path]
        axes.plot(
            years, heights, ":", color=PATH_GREY, linewidth=1.4, label=word("chart.path", lang)
        )


def _values(axes: Any, values: list[dict[str, Any]], lang: str) -> None:
    """Values by state; outturns are joined by a line and the last one is written at its point."""
    for state, drawn in DRAWN.items():
        of_state = [value for value in values if _state(value) == state]
        if not of_state:
            continue
        years, heights = [v["x"] for v in of_state], [v["value"] for v in of_state]
        axes.plot(
            years,
            heights,
            linestyle="-" if state == "actual" else "none",
            marker=MARKERS[state],
            color=drawn.colour,
            markerfacecolor=drawn.colour if state in FILLED else "none",
            markersize=4.5,
            linewidth=1.4,
            label=word(f"state.{state}", lang),
        )
    used = [value for value in values if _state(value) != "losing"]
    if used:
        last = used[-1]
        axes.annotate(
            figure(last["value"]),
            (last["x"], last["value"]),
            textcoords="offset points",
            xytext=(0, 6),
            ha="center",
            fontsize=8,
        )


def _state(value: Mapping[str, Any]) -> str:
    return "losing" if value.get("won") is False else value.get("state") or "none"


def _levels(axes: Any, target: Mapping[str, Any], lang: str, judged_on: str) -> None:
    """The goal across, the deadline and the day judged upright."""
    goal = target["goal"]
    if isinstance(goal, (int, float)):
        amount = with_unit(figure(goal), target["unit"])
        label = f"{word('chart.goal', lang)} {operator_text(target, lang)} {amount}"
        axes.axhline(goal, color=HOUSE, linestyle="--", linewidth=1.1, label=label)
    deadline = str(target["deadline"] or "")
    due = float(deadline[:4]) if deadline[:4].isdigit() else None
    judged = year_point(judged_on) if judged_on else None
    moments = ((due, "chart.deadline", "-"), (judged, "chart.now", ":"))
    for year, key, style in moments:
        if year is not None:
            axes.axvline(year, color=SOFT, linestyle=style, linewidth=0.8, label=word(key, lang))
