"""What the charts of pages share: layout, colours, the waterfall of causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hengtan.report.page.assets import FONT

HOUSE = "#14505c"
INK, GRID = "#1f2933", "#e4e9ee"
RISE, FALL = "#b3541e", "#1b7a48"


def layout(title: str, *, size: float = 12.5, **more: Any) -> dict[str, Any]:
    """The layout of a chart with its title; ``size`` of the letters in points."""
    return {
        "title": {"text": title, "font": {"size": 15}},
        "font": {"family": FONT, "size": size, "color": INK},
        "margin": {"l": 64, "r": 20, "t": 46, "b": 46},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "height": 340,
        **more,
    }


def waterfall(
    labels: Sequence[str], causes: Sequence[float], total: float, figures: str
) -> dict[str, Any]:
    """The trace of causes that add up to a total; the last label is that of the total.

    ``figures``: plotly's format of the figures at the bars.
    """
    return {
        "type": "waterfall",
        "x": list(labels),
        "y": [*causes, total],
        "measure": ["relative"] * len(causes) + ["total"],
        "texttemplate": f"%{{delta:{figures}}}",
        "increasing": {"marker": {"color": RISE}},
        "decreasing": {"marker": {"color": FALL}},
        "totals": {"marker": {"color": HOUSE}},
    }
