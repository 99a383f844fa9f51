"""Pictures of pathways and dispatch for papers: lines with bands, stacked areas, steps of costs.
None where this machine has no Chinese font.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hengtan.report.pictures import AXIS, drawing_board, font, lettering, png_of

WIDTH, HEIGHT = 6.6, 3.0
LEGEND_SIZE, TICK_SIZE, TITLE_SIZE = 8, 8, 11
MOST_IN_A_ROW = 4
HEADROOM = 1.03
FINEST = 9
"""Decimals beyond which an axis tells no marks apart."""
BAND_COLOUR, LEAST_OPACITY = "#14505c", 0.14


@dataclass(frozen=True)
class Line:
    """A named line, or area of a stack."""

    name: str
    values: Sequence[float]
    colour: str
    dash: str = "-"


@dataclass(frozen=True)
class Band:
    """What lies between two lines."""

    name: str
    lower: Sequence[float]
    upper: Sequence[float]


@dataclass(frozen=True)
class Step:
    """A step of a cost curve: as wide as its cut, as high as a tonne costs."""

    name: str
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Frame:
    """Title and names of the axes; ``lowest``: where the upright axis begins, None where the data
    begin.
    """

    title: str
    across: str = ""
    upright: str = ""
    lowest: float | None = None


@contextmanager
def _drawn(frame: Frame, family: str) -> Iterator[tuple[Any, Any]]:
    with lettering(family):
        figure, axes = drawing_board(WIDTH, HEIGHT)
        yield figure, axes
        axes.set_title(frame.title, fontsize=TITLE_SIZE, loc="left")
        axes.set_xlabel(frame.across, fontsize=TICK_SIZE)
        axes.set_ylabel(frame.upright, fontsize=TICK_SIZE)
        axes.tick_params(labelsize=TICK_SIZE)
        if frame.lowest is not None:
            axes.set_ylim(bottom=frame.lowest)
        _tell_marks_apart(axes.yaxis)
        names, _ = axes.get_legend_handles_labels()
        if names:
            axes.legend(
                fontsize=LEGEND_SIZE,
                frameon=False,
                ncols=min(len(names), MOST_IN_A_ROW),
                loc="upper center",
                bbox_to_anchor=(0.5, -0.16),
            )


def _tell_marks_apart(axis: Any) -> None:
    """Figures of an axis with as many decimals as its marks have; names stay names."""
    from matplotlib.ticker import ScalarFormatter

    if not isinstance(axis.get_major_formatter(), ScalarFormatter):
        return
    marks = axis.get_majorticklocs()
    between = min((b - a for a, b in pairwise(marks)), default=1.0)
    decimals = next((n for n in range(FINEST) if _is_exact(between, n)), FINEST)
    axis.set_major_formatter(f"{{x:,.{decimals}f}}")


def _is_exact(step: float, decimals: int) -> bool:
    """Whether so many decimals write a step as it is."""
    return math.isclose(round(step, decimals), step, rel_tol=1e-6)


def _by_whole_years(axes: Any, across: Sequence[float]) -> None:
    """From the first to the last of what stands across; years are marked whole."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(across[0], across[-1])
    if all(float(place).is_integer() for place in across):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def lines(
    across: Sequence[float], drawn: Sequence[Line], frame: Frame, bands: Sequence[Band] = ()
) -> bytes | None:
    """Lines over years or shares of the year, upon bands, the widest first."""
    family = font()
    if family is None:
        return None
    with _drawn(frame, family) as (figure, axes):
        for number, band in enumerate(bands):
            opacity = LEAST_OPACITY * (number + 1)
            about = {"color": BAND_COLOUR, "alpha": opacity, "linewidth": 0, "label": band.name}
            axes.fill_between(across, band.lower, band.upper, **about)
        for line in drawn:
            axes.plot(across, line.values, line.dash, color=line.colour, label=line.name, lw=1.6)
        _by_whole_years(axes, across)
    return png_of(figure)


def areas(
    across: Sequence[float],
    stacked: Sequence[Line],
    frame: Frame,
    *,
    below: Sequence[Line] = (),
    over: Line | None = None,
    by_steps: bool = False,
) -> bytes | None:
    """Areas stacked from the axis up, those ``below`` from the axis down; a line ``over`` them."""
    family = font()
    if family is None:
        return None
    step = "post" if by_steps else None
    with _drawn(frame, family) as (figure, axes):
        tops: list[float] = [0.0] * len(across)
        for group in (stacked, below):
            ends = [0.0] * len(across)
            for line in group:
                begins = ends
                ends = [end + value for end, value in zip(begins, line.values, strict=True)]
                about = {"color": line.colour, "linewidth": 0, "label": line.name, "step": step}
                axes.fill_between(across, begins, ends, **about)
            tops = [max(pair) for pair in zip(tops, ends, strict=True)]
        if over is not None:
            style = {"drawstyle": "steps-post"} if by_steps else {}
            axes.plot(across, over.values, color=over.colour, label=over.name, lw=1.1, **style)
        _by_whole_years(axes, across)
        axes.set_ylim(top=HEADROOM * max(tops))
    return png_of(figure)


def bars_across(names: Sequence[str], parts: Sequence[Line], frame: Frame) -> bytes | None:
    """A bar across for each name, its parts (a value a name) stacked from zero: to the right where
    they are above it, to the left where below.
    """
    family = font()
    if family is None or not names:
        return None
    with _drawn(frame, family) as (figure, axes):
        places = list(range(len(names)))
        for part, begins in _stacked(parts, len(names)):
            axes.barh(places, part.values, left=begins, color=part.colour, label=part.name)
        axes.axvline(0, color=AXIS, linewidth=0.8)
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        _tell_marks_apart(axes.xaxis)
    return png_of(figure)


def columns(names: Sequence[str], parts: Sequence[Line], frame: Frame) -> bytes | None:
    """A column for each name, its parts (a value a name) stacked from zero, up where they are above
    it and down where below.
    """
    family = font()
    if family is None or not names:
        return None
    with _drawn(frame, family) as (figure, axes):
        for part, begins in _stacked(parts, len(names)):
            axes.bar(names, part.values, bottom=begins, color=part.colour, label=part.name)
        axes.axhline(0, color=AXIS, linewidth=0.8)
    return png_of(figure)


def _stacked(parts: Sequence[Line], count: int) -> Iterator[tuple[Line, list[float]]]:
    """Each part with where its bars begin, away from zero on both sides."""
    above, below = [0.0] * count, [0.0] * count
    for part in parts:
        begins = [above[n] if v >= 0 else below[n] for n, v in enumerate(part.values)]
        yield part, begins
        for n, value in enumerate(part.values):
            side = above if value >= 0 else below
            side[n] += value


def steps(drawn: Sequence[Step], frame: Frame) -> bytes | None:
    """Steps side by side. None also where there is none."""
    family = font()
    if family is None or not drawn:
        return None
    with _drawn(frame, family) as (figure, axes):
        begin = 0.0
        for step in drawn:
            about = {"color": step.colour, "label": step.name, "edgecolor": "white"}
            axes.bar(begin, step.height, width=step.width, align="edge", **about)
            begin += step.width
        axes.axhline(0, color=AXIS, linewidth=0.8)
        axes.set_xlim(0, begin)
    return png_of(figure)
