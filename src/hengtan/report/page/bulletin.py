"""The page of the monthly bulletin: text, tile map, table of districts, bars, causes, the burn-down
of budgets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from hengtan.basis.lights import of_level
from hengtan.basis.words import Words
from hengtan.report.bulletin_text import CAUSES, light_word, paragraphs, title_of
from hengtan.report.numerals import figure, percent
from hengtan.report.page.assets import dump
from hengtan.report.page.families import Page
from hengtan.report.page.figures import GRID, HOUSE, INK, layout, waterfall
from hengtan.report.page.tiles import Tile, shade, short, tile_map
from hengtan.report.words import word

PAGES = (Page("bulletin", menu=120),)
BY_PLAN, SPENT = "#8b949e", "#b3261e"
DIGITS = {
    "energy_growth": 1,
    "gdp_growth": 1,
    "change": 2,
    "progress": 2,
    "required": 2,
    "electricity_growth": 1,
}
"""Shares of the table of districts and the decimals they are shown with."""
View = Mapping[str, Any]
Row = Mapping[str, Any]
Figure = dict[str, Any]


def bulletin_context(view: View, lang: str) -> dict[str, Any]:
    """Text, tiles, table and charts; a yearly indicator on the tiles while there is no bulletin."""
    bulletin = view["bulletin"]
    if bulletin is None:
        return {
            "verdict": view,
            "tile_svg": _tiles_of_series(view, lang),
            "bulletin_figures": [],
            "bulletin_text": [],
            "bulletin_title": "",
            "bulletin_rows": [],
        }
    said = bulletin if lang == "zh" else in_english(bulletin, view["names_en"])
    return {
        "verdict": view,
        "tile_svg": _tiles_of_districts(view, lang),
        "bulletin_figures": [dump(chart) for chart in bulletin_figures(view, lang)],
        "bulletin_text": paragraphs(said, lang),
        "bulletin_title": title_of(said, lang),
        "bulletin_rows": [_row(row, lang) for row in (bulletin["city"], *bulletin["districts"])],
    }


def in_english(bulletin: Row, names_en: Mapping[str, str]) -> dict[str, Any]:
    """A bulletin with the English names of its places, what lacks and what it rests on in English
    and its periods in figures, under the keys that its text is made from.
    """
    rows = (*bulletin["districts"], {"place": bulletin["region"], "name_zh": bulletin["region_zh"]})
    english = {row["name_zh"]: names_en.get(row["place"], row["name_zh"]) for row in rows}
    english |= _of_verdicts()

    def said(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: said(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [said(part) for part in value]
        if not isinstance(value, str):
            return value
        period = _PERIOD.fullmatch(value)
        return _period(period) if period else english.get(value, value)

    whole = {key: said(value) for key, value in bulletin.items()}
    revised = [
        row | {"field_zh": word(f"bulletin.field.{row['field']}", "en")} for row in whole["revised"]
    ]
    return whole | {"revised": revised}


def _of_verdicts() -> dict[str, str]:
    """What verdicts say of what lacks and of the basis of growth: Chinese → English."""
    return {
        words[0]: words[1]
        for code, words in Words.of("hengtan.plan").items()
        if code.startswith(("growth_basis.", "missing."))
    }


_PERIOD = re.compile(r"(\d{4})\D(?:1\D)?(\d{1,2})\D")
"""A cumulative period as it is written in Chinese: the year, January to a month."""


def _period(written: re.Match[str]) -> str:
    return f"{written[1]}-01..{int(written[2]):02d}"


def _tiles_of_districts(view: View, lang: str) -> Markup:
    """Every district with its light and the change of its intensity."""
    tiles = [
        Tile(row["place"], percent(row["change"], 2), light=row["light"] or 0)
        for row in view["bulletin"]["districts"]
    ]
    return tile_map(tiles, view["tiles"], _tile_names(view, lang), word("bulletin.map", lang))


def _tiles_of_series(view: View, lang: str) -> Markup:
    """The yearly indicator that is held for most districts, tinted by its value."""
    series = view["series"]
    if series is None:
        return Markup("")
    values = [row["value"] for row in series["rows"]]
    tiles = [
        Tile(row["place"], figure(row["value"]), fill=shade(row["value"], min(values), max(values)))
        for row in series["rows"]
    ]
    name = series["name_zh"] if lang == "zh" else series["name_en"]
    return tile_map(tiles, view["tiles"], _tile_names(view, lang), name)


def _tile_names(view: View, lang: str) -> dict[str, str]:
    return {
        place: short(chinese) if lang == "zh" else english[:9]
        for place, (chinese, english) in view["tile_names"].items()
    }


def _row(row: Row, lang: str) -> dict[str, Any]:
    """A row of the table of districts with its figures as text."""
    moved = row["rank_moved"]
    return {
        **row,
        "energy_text": "—" if row["energy"] is None else f"{row['energy']:,.1f}",
        **{f"{name}_text": percent(row[name], digits) for name, digits in DIGITS.items()},
        "light_word": _judged(row["light"], lang),
        "total_word": _judged(row["total_light"], lang),
        "moved_text": "" if moved is None else f"{moved:+d}" if moved else "0",
    }


def _judged(level: int | None, lang: str) -> str:
    return light_word(level, lang) or word("bulletin.light.0", lang)


def bulletin_figures(view: View, lang: str) -> list[Figure]:
    """Bars of the change of intensity, the causes, and the burn-down of each budget."""
    bulletin = view["bulletin"]
    judged = [row for row in bulletin["districts"] if row["change"] is not None]
    figures = []
    if judged:
        figures.append(_change_bars(judged[::-1], view["names_en"], lang))
    if bulletin["causes"]:
        figures.append(_causes(bulletin["causes"], lang))
    return figures + [burn_down(budget, lang) for budget in view["budgets"]]


def _change_bars(rows: Sequence[Row], names_en: Mapping[str, str], lang: str) -> Figure:
    """Change of intensity in per cent, in the colour of the light; the first row lowest."""
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [
            row["name_zh"] if lang == "zh" else names_en.get(row["place"], row["place"])
            for row in rows
        ],
        "x": [row["change"] * 100 for row in rows],
        "marker": {"color": [of_level(row["light"]).ink for row in rows]},
        "texttemplate": "%{x:+.2f}",
        "textposition": "outside",
        "cliponaxis": False,
    }
    shape = layout(
        escape(word("bulletin.change", lang) + "（%）"),
        height=120 + 24 * len(rows),
        margin={"l": 140, "r": 60, "t": 46, "b": 36},
        yaxis={"automargin": True},
        xaxis={"gridcolor": GRID, "zerolinecolor": INK},
    )
    return {"data": [bars], "layout": shape}


def _causes(causes: Mapping[str, Any], lang: str) -> Figure:
    labels = [word(f"bulletin.{cause}", lang) for cause in (*CAUSES, "total")]
    trace = waterfall(labels, [causes[cause] for cause in CAUSES], causes["change"], "+,.1f")
    title = f"{word('bulletin.causes', lang)}（{word('bulletin.unit', lang)}）"
    return {"data": [trace], "layout": layout(escape(title), yaxis={"gridcolor": GRID})}


def burn_down(budget: Mapping[str, Any], lang: str) -> Figure:
    """What is left of a budget month by month, beside what would be left by plan.

    Months to come are dotted.
    """
    amount, months = budget["budget"], budget["months"]
    left = [amount, *(month["left"] for month in months)]
    by_plan = [amount, *(amount - month["planned_so_far"] for month in months)]
    axis = list(range(len(left)))
    known = 1 + sum(month["known"] for month in months)
    data = [
        _line(axis, by_plan, word("bulletin.burn.plan", lang), {"color": BY_PLAN, "dash": "dash"}),
        _line(
            axis[:known],
            left[:known],
            word("bulletin.burn.left", lang),
            {"color": HOUSE, "width": 3},
            mode="lines+markers",
        ),
        _line(
            axis[known - 1 :],
            left[known - 1 :],
            word("forecast.middle", lang),
            {"color": HOUSE, "dash": "dot", "width": 2},
        ),
    ]
    shape = layout(
        escape(_burn_title(budget, lang)),
        xaxis={"dtick": 1, "title": {"text": ""}},
        yaxis={"gridcolor": GRID, "zerolinecolor": SPENT, "tickformat": ",.0f"},
        legend={"orientation": "h", "y": -0.14},
    )
    return {"data": data, "layout": shape}


def _line(
    x: Sequence[int],
    y: Sequence[float],
    name: str,
    line: Mapping[str, Any],
    mode: str = "lines",
) -> dict[str, Any]:
    return {"type": "scatter", "mode": mode, "x": x, "y": y, "name": name, "line": line}


def _burn_title(budget: Mapping[str, Any], lang: str) -> str:
    """Whose budget, the execution expected, and when it runs out."""
    runs_out = budget["runs_out"]
    end = (
        word("bulletin.burn.out", lang).format(runs_out)
        if runs_out
        else word("bulletin.burn.ok", lang)
    )
    rate = word("bulletin.burn.rate", lang).format(percent(budget["rate"]))
    name = f"{budget['name_zh']} {budget['year']} {word('bulletin.burn', lang)}"
    return f"{name}（t CO₂）　{rate}，{end}"
