"""Pictures for documents: bars and waterfalls as PNG with a Chinese font of this machine; none where it has no such font."""

from __future__ import annotations

import io
from collections.abc import Sequence
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
RED, GREEN = LIGHTS["red"].ink, LIGHTS["green"].ink
TEAL = "#14505c"


@cache
def font() -> str | None:
    """The first Chinese font found on this machine, or None."""
    from matplotlib import font_manager

    known = {f.name for f in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in known), None)


def _figure(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=200)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _png(figure: Any) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", bbox_inches="tight")
    return held.getvalue()


def bars(
    names: Sequence[str],
    values: Sequence[float],
    colours: Sequence[str],
    title: str,
    *,
    unit: str = "%",
    line: float | None = None,
    line_name: str = "",
) -> bytes | None:
    """Horizontal bars, the first on top, each with its figure; ``line``: a value drawn across. None without a Chinese font or without bars."""
    face = font()
    if face is None or not names:
        return None
    import matplotlib

    with matplotlib.rc_context({"font.family": face, "axes.unicode_minus": False}):
        figure, axes = _figure(6.6, 0.9 + 0.27 * len(names))
        axes.barh(range(len(names)), list(values), color=list(colours), height=0.66)
        axes.set_yticks(range(len(names)), list(names), fontsize=9)
        axes.invert_yaxis()
        span = max(map(abs, values)) or 1.0
        for n, value in enumerate(values):
            axes.text(
                value + (0.015 if value >= 0 else -0.015) * span,
                n,
                f"{value:+.2f}",
                va="center",
                ha="left" if value >= 0 else "right",
                fontsize=8,
            )
        axes.axvline(0, color="#333", linewidth=0.8)
        if line is not None:
            axes.axvline(line, color=TEAL, linewidth=1, linestyle="--")
            axes.text(line, -0.9, line_name, color=TEAL, fontsize=8, ha="center")
        low, high = min([0.0, *values]), max([0.0, *values])
        axes.set_xlim(low - 0.16 * (high - low or 1), high + 0.16 * (high - low or 1))
        axes.set_title(f"{title}（{unit}）", fontsize=11, loc="left", pad=14)
        axes.tick_params(axis="x", labelsize=8)
        return _png(figure)


def waterfall(
    names: Sequence[str], values: Sequence[float], total_name: str, title: str, *, unit: str
) -> bytes | None:
    """Steps that add up to a total. None without a Chinese font."""
    face = font()
    if face is None or not names:
        return None
    import matplotlib

    with matplotlib.rc_context({"font.family": face, "axes.unicode_minus": False}):
        figure, axes = _figure(6.6, 3.0)
        at = 0.0
        for n, value in enumerate(values):
            axes.bar(n, value, bottom=at, color=RED if value > 0 else GREEN, width=0.55)
            axes.text(n, at + max(value, 0), f"{value:+,.1f}", ha="center", va="bottom", fontsize=9)
            axes.plot([n + 0.275, n + 0.725], [at + value] * 2, color="#777", linewidth=0.8)
            at += value
        axes.bar(len(values), at, color=TEAL, width=0.55)
        axes.text(len(values), max(at, 0), f"{at:+,.1f}", ha="center", va="bottom", fontsize=9)
        axes.set_xticks(range(len(values) + 1), [*names, total_name], fontsize=9)
        axes.axhline(0, color="#333", linewidth=0.8)
        tops = [0.0, *(sum(values[: n + 1]) for n in range(len(values)))]
        span = (max(tops) - min(tops)) or 1.0
        axes.set_ylim(min(tops) - 0.05 * span * (min(tops) < 0), max(tops) + 0.14 * span)
        axes.tick_params(axis="y", labelsize=8)
        axes.set_title(f"{title}（{unit}）", fontsize=11, loc="left")
        return _png(figure)
