"""Charts and tables of the verdict's pages: fans, tiles, bars, waterfall, burn-down, odds of grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from hengtan.basis.lights import of_level
from hengtan.report.bulletin_text import paragraphs, percent, title_of
from hengtan.report.charts import FONT
from hengtan.report.html import dump
from hengtan.report.numerals import figure
from hengtan.report.words import word

TEAL = "#14505c"
GRADE_COLOURS = ("#1b7a48", "#0b6a8a", "#d98324", "#b3261e", "#7d1f3f", "#8b949e")


def _layout(title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": {"text": escape(title), "font": {"size": 15}},
        "font": {"family": FONT, "size": 12.5, "color": "#1f2933"},
        "margin": {"l": 64, "r": 20, "t": 46, "b": 46},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "height": 340,
        **more,
    }


def fan(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """History, the middle of the forecast and its 50, 80 and 95 % bands, with the goal across."""
    history, years = row["outlook"]["history"], row["outlook"]["years"]
    start = history[-1]
    x = [start["year"], *(y["year"] for y in years)]
    data: list[dict[str, Any]] = []
    for level, colour in (
        ("95", "rgba(20,80,92,0.10)"),
        ("80", "rgba(20,80,92,0.18)"),
        ("50", "rgba(20,80,92,0.28)"),
    ):
        low, high = (
            [start["value"], *(y[f"low{level}"] for y in years)],
            [start["value"], *(y[f"high{level}"] for y in years)],
        )
        data.append(
            {
                "type": "scatter",
                "x": [*x, *x[::-1]],
                "y": [*high, *low[::-1]],
                "fill": "toself",
                "fillcolor": colour,
                "line": {"width": 0},
                "mode": "lines",
                "name": word("forecast.bands", lang).format(level),
                "hoverinfo": "skip",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": x,
            "y": [start["value"], *(y["point"] for y in years)],
            "name": word("forecast.middle", lang),
            "line": {"color": TEAL, "dash": "dot", "width": 2},
            "marker": {"size": 6},
        }
    )
    data.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [h["year"] for h in history],
            "y": [h["value"] for h in history],
            "name": word("forecast.history", lang),
            "line": {"color": "#1f2933", "width": 2},
            "marker": {"size": 7},
        }
    )
    name = row["indicator_zh"] if lang == "zh" else row["indicator_en"]
    goal = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": row["goal"],
        "y1": row["goal"],
        "line": {"color": "#b3261e", "width": 1.5, "dash": "dash"},
    }
    note = {
        "xref": "paper",
        "x": 0.004,
        "xanchor": "left",
        "y": row["goal"],
        "yanchor": "bottom",
        "showarrow": False,
        "text": escape(f"{word('chart.goal', lang)} {figure(row['goal'])}{row['unit']}"),
        "font": {"color": "#b3261e", "size": 12},
    }
    title = f"{name}（{row['unit']}）" + (
        f"　{word('forecast.chance', lang)} {percent(row['chance'], 0)}"
        if row["chance"] is not None
        else ""
    )
    return {
        "data": data,
        "layout": _layout(
            title,
            shapes=[goal],
            annotations=[note],
            xaxis={"dtick": 1, "tickformat": "d", "showgrid": False},
            yaxis={"gridcolor": "#e4e9ee", "automargin": True},
            legend={"orientation": "h", "y": -0.18},
        ),
    }


def tile_map(
    cells: Sequence[Mapping[str, Any]],
    places: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    label: str,
) -> Markup:
    """Equal squares placed as on the map: name, a mark and a figure in each; squares without a figure are pale. ``cells``: place, text, light (0–3) or fill; ``names``: what stands in each square."""
    if not places:
        return Markup("")
    by_place = {c["place"]: c for c in cells}
    side, gap = 76, 6
    rows, columns = 1 + max(r for r, _ in places.values()), 1 + max(c for _, c in places.values())
    parts = []
    for place, (r, c) in sorted(places.items(), key=lambda item: item[1]):
        cell = by_place.get(place)
        x, y = c * (side + gap), r * (side + gap)
        light = int(cell.get("light") or 0) if cell else 0
        fill = (cell.get("fill") if cell else None) or of_level(light).pale
        ink, mark = of_level(light).ink, of_level(light).mark
        shown = escape(names.get(place, place))
        text = escape(cell["text"] if cell else "")
        parts.append(
            f'<g><title>{shown} {text}</title><rect x="{x}" y="{y}" width="{side}" height="{side}" rx="6" fill="{fill}" stroke="{ink if cell and "fill" not in cell else "#c5ced6"}"/>'
            f'<text x="{x + side / 2}" y="{y + 30}" text-anchor="middle" font-size="14" fill="#1f2933">{shown}</text>'
            f'<text x="{x + side / 2}" y="{y + 54}" text-anchor="middle" font-size="13" fill="{ink if cell and "fill" not in cell else "#1f2933"}">{mark + " " if cell and "fill" not in cell else ""}{text}</text></g>'
        )
    width, height = columns * (side + gap) - gap, rows * (side + gap) - gap
    return Markup(
        f'<svg class="tiles" viewBox="-2 -2 {width + 4} {height + 4}" width="{width}" role="img" aria-label="{escape(label)}" font-family="inherit">{"".join(parts)}</svg>'
    )


def shade(value: float, low: float, high: float) -> str:
    """A tint of the house's colour by where a value lies."""
    share = 0.0 if high <= low else (value - low) / (high - low)
    mix = [round(243 + (t - 243) * (0.12 + 0.62 * share)) for t in (46, 134, 150)]
    return "#{:02x}{:02x}{:02x}".format(*mix)


def short(name: str) -> str:
    """A district's name as it fits in a square: without its suffix and what precedes it."""
    for tail in ("土家族苗族自治县", "苗族土家族自治县", "土家族自治县", "自治县", "区", "县"):
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            name = name[: -len(tail)]
            break
    return name[-4:] if len(name) > 4 else name


def bulletin_figures(view: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """Bars of the change of intensity, the waterfall of causes, and the burn-down of each budget."""
    b = view["bulletin"]
    made = []
    held = [r for r in b["districts"] if r["change"] is not None]
    if held:
        names = [
            r["name_zh"] if lang == "zh" else view["names_en"].get(r["place"], r["place"])
            for r in held
        ][::-1]
        trace = {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": [r["change"] * 100 for r in held][::-1],
            "marker": {"color": [of_level(r["light"]).ink for r in held][::-1]},
            "texttemplate": "%{x:+.2f}",
            "textposition": "outside",
            "cliponaxis": False,
        }
        made.append(
            {
                "data": [trace],
                "layout": _layout(
                    word("bulletin.change", lang) + "（%）",
                    height=120 + 24 * len(held),
                    margin={"l": 140, "r": 60, "t": 46, "b": 36},
                    yaxis={"automargin": True},
                    xaxis={"gridcolor": "#e4e9ee", "zerolinecolor": "#1f2933"},
                ),
            }
        )
    w = b["causes"]
    if w:
        labels = [
            word(f"bulletin.{k}", lang) for k in ("activity", "structure", "intensity", "total")
        ]
        trace = {
            "type": "waterfall",
            "x": labels,
            "y": [w["activity"], w["structure"], w["intensity"], w["change"]],
            "measure": ["relative"] * 3 + ["total"],
            "texttemplate": "%{delta:+,.1f}",
            "increasing": {"marker": {"color": "#b3541e"}},
            "decreasing": {"marker": {"color": "#1b7a48"}},
            "totals": {"marker": {"color": TEAL}},
        }
        made.append(
            {
                "data": [trace],
                "layout": _layout(
                    f"{word('bulletin.causes', lang)}（{word('bulletin.unit', lang)}）",
                    yaxis={"gridcolor": "#e4e9ee"},
                ),
            }
        )
    for budget in view["budgets"]:
        made.append(burn_down(budget, lang))
    return made


def burn_down(budget: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What is left of a budget month by month, beside what would be left by plan; months to come are dotted."""
    months = budget["months"]
    x = list(range(13))
    left, plan = (
        [budget["budget"], *(m["left"] for m in months)],
        [budget["budget"], *(budget["budget"] - m["planned_so_far"] for m in months)],
    )
    known = 1 + sum(m["known"] for m in months)
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": plan,
            "name": word("bulletin.burn.plan", lang),
            "line": {"color": "#8b949e", "dash": "dash"},
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": x[:known],
            "y": left[:known],
            "name": word("bulletin.burn.left", lang),
            "line": {"color": TEAL, "width": 3},
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": x[known - 1 :],
            "y": left[known - 1 :],
            "name": word("forecast.middle", lang),
            "line": {"color": TEAL, "dash": "dot", "width": 2},
        },
    ]
    end = (
        word("bulletin.burn.out", lang).format(budget["runs_out"])
        if budget["runs_out"]
        else word("bulletin.burn.ok", lang)
    )
    title = f"{budget['name_zh']} {budget['year']} {word('bulletin.burn', lang)}（t CO₂）　{word('bulletin.burn.rate', lang).format(percent(budget['rate']))}，{end}"
    return {
        "data": data,
        "layout": _layout(
            title,
            xaxis={"dtick": 1, "title": {"text": ""}},
            yaxis={"gridcolor": "#e4e9ee", "zerolinecolor": "#b3261e", "tickformat": ",.0f"},
            legend={"orientation": "h", "y": -0.14},
        ),
    }


def odds_figure(book: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    """Stacked bars of the odds of each grade; where items are unknown, what depends on them is its own part."""
    rows = book["odds"]
    if not rows:
        return None
    names = [r["name"] for r in rows][::-1]
    data = []
    for n, grade in enumerate(book["grades"]):
        values = [
            r["odds"][grade]
            if r["odds"]
            else min(r["if_unknown_met"][grade], r["if_unknown_missed"][grade])
            for r in rows
        ][::-1]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": values,
                "name": grade,
                "marker": {"color": GRADE_COLOURS[n % len(GRADE_COLOURS)]},
                "texttemplate": "%{x:.0%}",
                "textposition": "inside",
            }
        )
    rest = [
        0.0
        if r["odds"]
        else 1 - sum(min(r["if_unknown_met"][g], r["if_unknown_missed"][g]) for g in book["grades"])
        for r in rows
    ][::-1]
    if any(v > 0.001 for v in rest):
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": rest,
                "name": word("assess.between", lang),
                "marker": {"color": "#d9e0e6"},
                "texttemplate": "%{x:.0%}",
                "textposition": "inside",
            }
        )
    return {
        "data": data,
        "layout": _layout(
            word("assess.odds", lang).format(book["year"]),
            barmode="stack",
            height=130 + 34 * len(rows),
            margin={"l": 120, "r": 20, "t": 46, "b": 60},
            xaxis={"tickformat": ".0%", "range": [0, 1]},
            yaxis={"automargin": True},
            legend={"orientation": "h", "y": -0.2},
        ),
    }


def forecast_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Rows of the table and the fans of those that have a forecast."""
    rows = []
    for r in view["rows"]:
        band = r["bands"].get("80")
        method = r["outlook"]["method_zh"] if r["outlook"] and r["point"] is not None else ""
        rows.append(
            {
                **r,
                "band_text": f"{figure(round(band[0], 4))} — {figure(round(band[1], 4))}"
                if band
                else "",
                "point_text": "" if r["point"] is None else figure(float(f"{r['point']:.5g}")),
                "chance_text": "" if r["chance"] is None else percent(r["chance"], 0),
                "method_text": method,
                "pace_text": ""
                if r["needed_pace"] is None
                else ("+" if r["needed_pace"] > 0 else "")
                + figure(float(f"{r['needed_pace']:.3g}")),
            }
        )
    order = sorted(
        rows, key=lambda r: (r["chance"] is None, r["chance"] if r["chance"] is not None else 0.0)
    )
    return {
        "forecast_rows": order,
        "forecast_figures": [
            dump(fan(r, lang))
            for r in order
            if r["chance"] is not None or (r["outlook"] and r["outlook"]["years"])
        ],
    }


def _tile_names(view: Mapping[str, Any], lang: str) -> dict[str, str]:
    return {p: short(zh) if lang == "zh" else en[:9] for p, (zh, en) in view["tile_names"].items()}


def bulletin_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Text, tiles, table and charts of the bulletin's page."""
    b = view["bulletin"]
    if b is None:
        s = view["series"]
        if s is None:
            return {
                "verdict": view,
                "tile_svg": Markup(""),
                "bulletin_figures": [],
                "bulletin_text": [],
                "bulletin_title": "",
                "bulletin_rows": [],
            }
        values = [r["value"] for r in s["rows"]]
        cells = [
            {
                "place": r["place"],
                "text": figure(r["value"]),
                "fill": shade(r["value"], min(values), max(values)),
            }
            for r in s["rows"]
        ]
        return {
            "verdict": view,
            "tile_svg": tile_map(
                cells,
                view["tiles"],
                _tile_names(view, lang),
                s["name_zh"] if lang == "zh" else s["name_en"],
            ),
            "bulletin_figures": [],
            "bulletin_text": [],
            "bulletin_title": "",
            "bulletin_rows": [],
        }
    cells = [
        {"place": r["place"], "text": percent(r["change"], 2), "light": r["light"] or 0}
        for r in b["districts"]
    ]
    rows = [
        {
            **r,
            "energy_text": "—" if r["energy"] is None else f"{r['energy']:,.1f}",
            **{
                f"{k}_text": percent(r[k], 2 if k in ("change", "progress", "required") else 1)
                for k in (
                    "energy_growth",
                    "gdp_growth",
                    "change",
                    "progress",
                    "required",
                    "electricity_growth",
                )
            },
            "light_word": word(f"bulletin.light.{r['light'] or 0}", lang),
            "total_word": word(f"bulletin.light.{r['total_light'] or 0}", lang),
            "moved_text": ""
            if r["rank_moved"] is None
            else f"{r['rank_moved']:+d}"
            if r["rank_moved"]
            else "0",
        }
        for r in (b["city"], *b["districts"])
    ]
    return {
        "verdict": view,
        "tile_svg": tile_map(
            cells, view["tiles"], _tile_names(view, lang), word("bulletin.map", lang)
        ),
        "bulletin_figures": [dump(f) for f in bulletin_figures(view, lang)],
        "bulletin_text": paragraphs(b),
        "bulletin_title": title_of(b),
        "bulletin_rows": rows,
    }


def assess_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Workbooks with their results by rank and the chart of odds."""
    books = []
    for book in view["workbooks"]:
        rows = sorted(book["results"], key=lambda r: (r["rank"] is None, r["rank"] or 0))
        chart = odds_figure(book, lang)
        books.append(
            {
                **book,
                "rows": [
                    {
                        **r,
                        "lost_text": "；".join(
                            f"{i['name']} −{i['lost']:.2f}"
                            for i in sorted(r["items"], key=lambda i: -i["lost"])[:3]
                            if i["lost"] > 0.005
                        ),
                    }
                    for r in rows
                ],
                "chart": dump(chart) if chart else None,
                "unknown": max((len(o["unknown"]) for o in book["odds"]), default=0),
            }
        )
    return {"assess_books": books}
