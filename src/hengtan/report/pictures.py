"""Pictures for documents: bars and waterfalls as PNG with a Chinese font of this machine; none
where it has no such font.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from hengtan.basis.lights import LIGHTS

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "SimSun",
    "Noto Sans CJK JP",
)
"""Families with Chinese letters, the first one found is taken."""
ALWAYS_THERE = "DejaVu Sans"
"""The family that comes with matplotlib."""
RISE, FALL, TOTAL = LIGHTS["red"].ink, LIGHTS["green"].ink, "#14505c"
AXIS, JOINT = "#333", "#777"


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its figure and its colour."""

    name: str
    value: float
    colour: str


@cache
def font() -> str | None:
    """The first Chinese font found on this machine, or None."""
    from matplotlib import font_manager

    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in installed), None)


@contextmanager
def lettering(family: str) -> Iterator[None]:
    """Draw with a family, and what it lacks (raised figures) with the font that is always there;
    a minus that every font has.
    """
    import matplotlib

    families = [family, ALWAYS_THERE]
    with matplotlib.rc_context(
        {"font.family": families, "axes.unicode_minus": False, "svg.hashsalt": "hengtan"}
    ):
        yield


def drawing_board(width: float, height: float) -> tuple[Any, Any]:
    """A figure of a size in inches and its axes, without a frame above and to the right."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=200)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def png_of(figure: Any) -> bytes:
    """A figure as the bytes of a PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return buffer.getvalue()


def bars(
    rows: Sequence[Bar],
    title: str,
    *,
    unit: str = "%",
    across: tuple[str, float] | None = None,
) -> bytes | None:
    """Horizontal bars, the first on top, each with its figure.

    ``across``: name and value of a line drawn through all. None without a Chinese font or bars.
    """
    family = font()
    if family is None or not rows:
        return None
    with lettering(family):
        figure, axes = drawing_board(6.6, 0.9 + 0.27 * len(rows))
        values = [row.value for row in rows]
        places = range(len(rows))
        axes.barh(places, values, color=[row.colour for row in rows], height=0.66)
        axes.set_yticks(places, [row.name for row in rows], fontsize=9)
        axes.invert_yaxis()
        _write_at_bars(axes, values)
        axes.axvline(0, color=AXIS, linewidth=0.8)
        if across is not None:
            name, value = across
            axes.axvline(value, color=TOTAL, linewidth=1, linestyle="--")
            axes.text(value, -0.9, name, color=TOTAL, fontsize=8, ha="center")
        low, high = min([0.0, *values]), max([0.0, *values])
        margin = 0.16 * (high - low or 1)
        axes.set_xlim(low - margin, high + margin)
        axes.set_title(f"{title}（{unit}）", fontsize=11, loc="left", pad=14)
        axes.tick_params(axis="x", labelsize=8)
        return png_of(figure)


def _write_at_bars(axes: Any, values: Sequence[float]) -> None:
    """Each figure at the outer end of its bar."""
    gap = 0.015 * (max(map(abs, values)) or 1.0)
    for place, value in enumerate(values):
        outside = value + (gap if value >= 0 else -gap)
        side = "left" if value >= 0 else "right"
        axes.text(outside, place, f"{value:+.2f}", va="center", ha=side, fontsize=8)


def waterfall(
    steps: Sequence[tuple[str, float]], total_name: str, title: str, *, unit: str
) -> bytes | None:
    """Named steps that add up to a total. None without a Chinese font or steps."""
    family = font()
    if family is None or not steps:
        return None
    with lettering(family):
        figure, axes = drawing_board(6.6, 3.0)
        levels = [0.0]
        for place, (_, value) in enumerate(steps):
            start = levels[-1]
            _step(axes, place, start, value)
            levels.append(start + value)
        total = levels[-1]
        axes.bar(len(steps), total, color=TOTAL, width=0.55)
        _write_above(axes, len(steps), max(total, 0), total)
        names = [*(name for name, _ in steps), total_name]
        axes.set_xticks(range(len(names)), names, fontsize=9)
        axes.axhline(0, color=AXIS, linewidth=0.8)
        low, high = min(levels), max(levels)
        room = (high - low) or 1.0
        axes.set_ylim(low - 0.05 * room * (low < 0), high + 0.14 * room)
        axes.tick_params(axis="y", labelsize=8)
        axes.set_title(f"{title}（{unit}）", fontsize=11, loc="left")
        return png_of(figure)


def _step(axes: Any, place: int, start: float, value: float) -> None:
    """One step from where the last one ended, and the thin line to the next."""
    axes.bar(place, value, bottom=start, color=RISE if value > 0 else FALL, width=0.55)
    _write_above(axes, place, start + max(value, 0), value)
    axes.plot([place + 0.275, place + 0.725], [start + value] * 2, color=JOINT, linewidth=0.8)


def _write_above(axes: Any, place: int, height: float, value: float) -> None:
    axes.text(place, height, f"{value:+,.1f}", ha="center", va="bottom", fontsize=9)
