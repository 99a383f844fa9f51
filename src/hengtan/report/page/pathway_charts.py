"""Charts of a pathway: scenarios side by side, wedges that fill the gap, the cost curve, the fan.
Only sums for a chart are worked out here. Emissions are drawn in 10⁴ tCO2e.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.report.page.account_charts import COLOURS
from hengtan.report.page.figures import GRID, HOUSE, INK, layout
from hengtan.report.words import word

WAN = 1e4
MOST_WEDGES = 10
"""Measures that the picture names; the rest are one, so that they still add up."""
REST = "#9fb3bb"
LEFT = "#d8dee3"
SPLIT = {"direct": HOUSE, "indirect": "#c47f2c"}
"""Colours of what is taken off in the place and of bought power."""
LOWEST, HEADROOM = 0.9, 1.02
"""Where the axis of wedges ends: what is left would otherwise fill the picture."""
LEAST_OPACITY = 0.12
LEGEND = {"orientation": "h", "y": -0.18}
Figure = dict[str, Any]
Study = Mapping[str, Any]


def titled(row: Mapping[str, Any], lang: str) -> str:
    """What a measure is called; its Chinese name where it has no English one."""
    return str(row["title"] if lang == "zh" else row.get("title_english") or row["title"])


def scenario_name(row: Mapping[str, Any], lang: str) -> str:
    """What a scenario of the study is called."""
    if row["kind"] in ("none", "all"):
        return word(f"scenario.{row['kind']}", lang)
    names = [zh if lang == "zh" else en for zh, en in row["without"]]
    return word("scenario.without", lang, names=word("list.comma", lang).join(names))


def years_of(study: Study) -> list[int]:
    """The years of a study."""
    return [row["year"] for row in study["years"]]


def scenarios(study: Study, lang: str) -> Figure:
    """Emissions of each scenario by year."""
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": years_of(study),
            "y": [value / WAN for value in row["emissions"]],
            "name": scenario_name(row, lang),
            "line": {
                "color": {"none": INK, "all": HOUSE}.get(row["kind"], COLOURS[n % len(COLOURS)]),
                "width": 2.4,
                "dash": "solid" if row["kind"] in ("none", "all") else "dash",
            },
            "hovertemplate": "%{x}: %{y:,.1f}<extra>%{fullData.name}</extra>",
        }
        for n, row in enumerate(study["scenarios"])
    ]
    return {"data": data, "layout": _by_year(word("scenario.chart.scenarios", lang))}


def wedges(study: Study, lang: str) -> Figure | None:
    """What each measure takes off, stacked upon what is left, so that the top is the scenario
    without measures; None without measures.
    """
    named = named_wedges(study, lang)
    if not named:
        return None
    left = left_of(study)
    data = [_area(study, word("scenario.left", lang), left, LEFT)]
    for number, (name, cut) in enumerate(named):
        colour = REST if number == MOST_WEDGES else COLOURS[number % len(COLOURS)]
        data.append(_area(study, name, [value / WAN for value in cut], colour))
    shape = _by_year(word(wedge_title(study), lang))
    top = max(map(sum, zip(left, *(trace["y"] for trace in data[1:]), strict=True)))
    shape["yaxis"]["range"] = [LOWEST * min(left), top * HEADROOM]
    return {"data": data, "layout": shape}


def wedge_years(study: Study) -> list[Mapping[str, Any]]:
    """The years of the picture of wedges: those with indirect emissions up to the last one, which
    then count; all where the last has none.
    """
    rows = list(study["years"])
    if rows[-1]["indirect_with"] is None:
        return rows
    unknown = [n for n, row in enumerate(rows) if row["indirect_with"] is None]
    return rows[unknown[-1] + 1 :] if unknown else rows


def counts_indirect(study: Study) -> bool:
    """Whether the picture of wedges has indirect emissions."""
    return study["years"][-1]["indirect_with"] is not None


def some_indirect(study: Study) -> bool:
    """Whether the year that is shown has indirect emissions."""
    return any(row["indirect"] is not None for row in study["wedges"])


def wedge_title(study: Study) -> str:
    """The word that says what wedges count."""
    return f"scenario.chart.wedges{'_whole' if counts_indirect(study) else ''}"


def left_of(study: Study) -> list[float]:
    """What measures leave in the years of the wedges, with indirect emissions where these count.
    [10^4 t]
    """
    counted = counts_indirect(study)
    return [
        (row["with_measures"] + (row["indirect_with"] if counted else 0.0)) / WAN
        for row in wedge_years(study)
    ]


def split(study: Study, lang: str) -> Figure | None:
    """Of each measure what it takes off in the place and of bought power in the year, side by side;
    None where bought power is not counted.
    """
    if not some_indirect(study):
        return None
    rows = split_rows(study, lang)
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": [row["title"] for row in rows],
            "x": [row[part] for row in rows],
            "name": word(f"scenario.{part}", lang),
            "marker": {"color": colour},
            "hovertemplate": "%{x:,.2f}<extra>%{fullData.name}</extra>",
        }
        for part, colour in SPLIT.items()
    ]
    shape = layout(
        word("scenario.chart.split", lang, year=study["year"]),
        barmode="relative",
        showlegend=True,
        xaxis={"gridcolor": GRID, "zeroline": True, "tickformat": ",.0f"},
        yaxis={"automargin": True, "autorange": "reversed"},
        legend=LEGEND,
        height=150 + 28 * len(rows),
    )
    return {"data": data, "layout": shape}


def split_rows(study: Study, lang: str) -> list[dict[str, Any]]:
    """The largest measures of the year with what they take off direct and indirect. [10^4 t]"""
    return [
        {
            "title": titled(row, lang),
            "direct": row["cut"] / WAN,
            "indirect": (row["indirect"] or 0.0) / WAN,
        }
        for row in study["wedges"][:MOST_WEDGES]
    ]


def named_wedges(study: Study, lang: str) -> list[tuple[str, list[float]]]:
    """Measures with what they take off in the years of the wedges, the largest of the last year
    first, beyond the largest ones as one. [tCO2e]
    """
    counted = "whole" if counts_indirect(study) else "cut"
    count = len(wedge_years(study))
    rows = sorted(study["by_year"], key=lambda row: -row[counted][-1])
    named = [(titled(row, lang), list(row[counted][-count:])) for row in rows[:MOST_WEDGES]]
    rest = [row[counted][-count:] for row in rows[MOST_WEDGES:]]
    if rest:
        summed = [sum(year) for year in zip(*rest, strict=True)]
        named.append((word("scenario.rest", lang, count=len(rest)), summed))
    return named


def _area(study: Study, name: str, values: Sequence[float], colour: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "stackgroup": "emissions",
        "x": [row["year"] for row in wedge_years(study)],
        "y": list(values),
        "name": name,
        "line": {"width": 0.6, "color": colour},
        "fillcolor": colour,
        "hovertemplate": "%{x}: %{y:,.1f}<extra>%{fullData.name}</extra>",
    }


def steps_of(study: Study) -> list[Mapping[str, Any]]:
    """The steps of the cost curve that have a width and a height."""
    return [row for row in study["cost_curve"] if row["whole"] > 0 and row["per_tonne"] is not None]


def cost_curve(study: Study, lang: str) -> Figure | None:
    """A step for each measure: as wide as its cut, as high as a tonne costs; None where no measure
    states its cost.
    """
    steps = steps_of(study)
    if not steps:
        return None
    data, begin = [], 0.0
    for number, row in enumerate(steps):
        width = row["whole"] / WAN
        data.append(
            {
                "type": "bar",
                "x": [begin + width / 2],
                "y": [row["per_tonne"]],
                "width": [width],
                "name": titled(row, lang),
                "marker": {
                    "color": COLOURS[number % len(COLOURS)],
                    "line": {"color": "#fff", "width": 1},
                },
                "hovertemplate": "%{y:,.0f}<extra>%{fullData.name}</extra>",
            }
        )
        begin += width
    shape = layout(
        word("scenario.chart.curve", lang, year=study["year"]),
        barmode="overlay",
        showlegend=True,
        xaxis={"range": [0, begin], "showgrid": False},
        yaxis={"gridcolor": GRID, "automargin": True},
        legend=LEGEND,
        height=390,
    )
    return {"data": data, "layout": shape}


def bands_of(odds: Mapping[str, Any]) -> list[tuple[int, list[float], list[float]]]:
    """Bands between quantiles that lie alike on both sides, the widest first: share of the draws
    within [%], lower and upper end by year. [tCO2e]
    """
    levels = list(odds["levels"])
    bands = []
    for low in range(len(levels) // 2):
        high = len(levels) - 1 - low
        ends = [[row["quantiles"][n] for row in odds["years"]] for n in (low, high)]
        bands.append((round(100 * (levels[high] - levels[low])), ends[0], ends[1]))
    return bands


def fan(odds: Mapping[str, Any], lang: str) -> Figure:
    """Central emissions by year with the bands that draws fall in."""
    years = [row["year"] for row in odds["years"]]
    data: list[Figure] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [*years, *years[::-1]],
            "y": [value / WAN for value in (*upper, *lower[::-1])],
            "fill": "toself",
            "fillcolor": f"rgba(20,80,92,{LEAST_OPACITY * (number + 1):.2f})",
            "line": {"width": 0},
            "name": word("forecast.bands", lang).format(share),
            "hoverinfo": "skip",
        }
        for number, (share, lower, upper) in enumerate(bands_of(odds))
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": years,
            "y": [row["central"] / WAN for row in odds["years"]],
            "name": word("scenario.central", lang),
            "line": {"color": HOUSE, "width": 2.4},
        }
    )
    return {"data": data, "layout": _by_year(word("scenario.chart.fan", lang))}


def _by_year(title: str) -> Figure:
    return layout(
        title,
        xaxis={"tickformat": "d", "showgrid": False},
        yaxis={"gridcolor": GRID, "automargin": True, "tickformat": ",.0f"},
        legend=LEGEND,
        hovermode="x unified",
        height=390,
    )
