"""Energy and carbon accounts as a page, an offline file and a workbook; charts as plotly dicts. No figure is computed here beyond sums for a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.graph.domains import Section, sections
from hengtan.graph.said import CODED, IN_PLACE, heading, say_missing, word_of
from hengtan.report.charts import FONT
from hengtan.report.html import Pages, asset, dump, plotly_script, write_whole
from hengtan.report.words import word

SERIES = ("full", "less_feedstock", "less_feedstock_nonfossil")
SECTOR = {
    "1": ("能源活动", "Energy"),
    "2": ("工业生产过程", "Processes"),
    "3": ("农业", "Agriculture"),
    "4": ("土地利用与林业", "Land use"),
    "5": ("废弃物", "Waste"),
}
COLOURS = (
    "#14505c",
    "#b3541e",
    "#4a7c59",
    "#7b5ea7",
    "#8a6d3b",
    "#3b6fb6",
    "#a54b06",
    "#59636e",
    "#7d1f3f",
    "#1b7a48",
    "#c08a2d",
    "#5b7083",
    "#96516b",
)

SHARES = ("change", "cut_since_base", "difference_share", "recalled_share", "uncertainty")
UNSIGNED = ("recalled_share", "uncertainty")
"""Shares that have no direction."""


def shown(view: Mapping[str, Any], column: str, value: Any, divide: float, lang: str) -> Any:
    """A value as it is shown: scaled, codes as words, shares in percent as text; None as None."""
    which = 0 if lang == "zh" else 1
    if value is None:
        return None
    if column in (*CODED, *IN_PLACE):
        return say_missing(str(value), lang)
    if column == "carbon_sector":
        return view["sector_names"].get(value, (value, value))[which]
    if column == "product":
        return view["products"].get(value, (value, value))[which]
    if column == "confidence":
        return word(f"confidence.{value}", lang)
    if column in SHARES and isinstance(value, float):
        return f"{value:+.2%}" if column not in UNSIGNED else f"{value:.1%}"
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if divide and isinstance(value, (int, float)):
        return value / divide
    return word_of(f"value.{column}.{value}", lang, value) if isinstance(value, str) else value


def rows_of(view: Mapping[str, Any], section: Section) -> list[Mapping[str, Any]]:
    """The rows of a section, the latest year first, cut to those it shows."""
    rows = [
        row
        for row in view["tables"].get(section.account, [])
        if all(row[column] == value for column, value in section.only)
    ]
    return sorted(
        rows,
        key=lambda r: (-(r.get("year") or 0), str(r.get("method")), -abs(r.get("co2e") or 0)),
    )


def tables(view: Mapping[str, Any], lang: str, most: int = 400) -> list[dict[str, Any]]:
    """The tables of a page: title, headings, rows (cells and the key to explain a row), rows left out."""
    made = []
    for section in (section for section in sections() if section.columns):
        rows, columns = rows_of(view, section), section.columns
        if not rows:
            continue
        made.append(
            {
                "name": section.account,
                "title": word_of(f"section.{section.account}", lang),
                "headings": [heading(section, column.name, lang) for column in columns],
                "numeric": [bool(column.scale) for column in columns],
                "rows": [
                    [_text(shown(view, c.name, row.get(c.name), c.scale, lang)) for c in columns]
                    for row in rows[:most]
                ],
                "more": max(len(rows) - most, 0),
            }
        )
    return made


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        size = abs(value)
        return (
            f"{value:,.0f}" if size >= 10000 else f"{value:,.2f}" if size >= 1 else f"{value:.4g}"
        )
    return str(value)


def figures(view: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The charts that have something to show, as the sections ask for them, kind by kind."""
    asked = {kind: [s for s in sections() if s.chart == kind] for kind in CHARTS}
    made = [
        CHARTS[kind](view, section, lang)
        for kind, of_kind in asked.items()
        for section in of_kind
        if view["tables"].get(section.account)
    ]
    return [figure for figure in made if figure]


def _layout(title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": {"text": title, "font": {"size": 15}},
        "font": {"family": FONT, "size": 13},
        "margin": {"l": 60, "r": 20, "t": 50, "b": 50},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        **more,
    }


def _preferred(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of one method: that of statistics where there is one, else that of records."""
    methods = {r["method"] for r in rows}
    chosen = (
        "statistics"
        if "statistics" in methods
        else "records"
        if "records" in methods
        else next(iter(methods), None)
    )
    return [r for r in rows if r["method"] == chosen]


def _sankey(view: Mapping[str, Any], section: Section, lang: str) -> dict[str, Any] | None:
    """Flows of the latest balance in tce: where each fuel came from, what was transformed, who used it."""
    which = 0 if lang == "zh" else 1
    cells = [r for r in _preferred(view["tables"][section.account]) if r["tce"]]
    if not cells:
        return None
    year = max(r["year"] for r in cells)
    leaves = {"S.prod", "S.in", "S.imp", "S.stock", "T.rec"}
    uses = {"F.1.agri", "F.2.ind", "F.2.cons", "F.3.trans", "F.3.trade", "F.3.other", "F.4"}
    names: list[str] = []
    links: list[tuple[int, int, float]] = []

    def node(text: str) -> int:
        if text not in names:
            names.append(text)
        return names.index(text)

    for r in cells:
        if r["year"] != year:
            continue
        product = view["products"].get(r["product"], (r["product"],) * 2)[which]
        flow = view["flows"].get(r["row"], (r["row"],) * 2)[which]
        if (r["row"] in leaves and r["tce"] > 0) or (r["row"].startswith("T.") and r["tce"] > 0):
            links.append((node(flow), node(product), r["tce"] / 1e4))
        elif r["row"].startswith("T.") or r["row"] in uses or r["row"] in ("L", "S.out", "S.exp"):
            links.append((node(product), node(flow), abs(r["tce"]) / 1e4))
    if not links:
        return None
    title = f"{view['place_zh' if lang == 'zh' else 'place_en']} {year} " + (
        "能源流向（万吨标准煤，当量值）" if lang == "zh" else "energy flows (10⁴ tce, calorific)"
    )
    trace = {
        "type": "sankey",
        "node": {
            "label": names,
            "pad": 12,
            "color": [COLOURS[n % len(COLOURS)] for n in range(len(names))],
        },
        "link": {
            "source": [a for a, _, _ in links],
            "target": [b for _, b, _ in links],
            "value": [v for _, _, v in links],
            "color": "rgba(20,80,92,0.18)",
        },
    }
    return {"data": [trace], "layout": _layout(title, height=620)}


def _stacked(view: Mapping[str, Any], section: Section, lang: str) -> dict[str, Any] | None:
    which = 0 if lang == "zh" else 1
    rows = [r for r in _preferred(view["tables"][section.account]) if r["total"] is not None]
    if not rows:
        return None
    rows = sorted(rows, key=lambda r: r["year"])
    parts = (
        ("energy", "1"),
        ("processes", "2"),
        ("agriculture", "3"),
        ("waste", "5"),
        ("land", "4"),
    )
    data = [
        {
            "type": "bar",
            "name": SECTOR[code][which],
            "x": [str(r["year"]) for r in rows],
            "y": [(r[part] or 0) / 1e4 for r in rows],
            "marker": {"color": COLOURS[n]},
        }
        for n, (part, code) in enumerate(parts)
        if any(r[part] for r in rows)
    ]
    title = (
        "温室气体清单（万吨二氧化碳当量）"
        if lang == "zh"
        else "Greenhouse-gas inventory (10⁴ t CO₂e)"
    )
    return {
        "data": data,
        "layout": _layout(
            title,
            barmode="relative",
            height=380,
            yaxis={"rangemode": "tozero", "gridcolor": "#e5e8eb"},
            xaxis={"type": "category"},
        ),
    }


def _sectors(view: Mapping[str, Any], section: Section, lang: str) -> dict[str, Any] | None:
    which = 0 if lang == "zh" else 1
    rows = _preferred(view["tables"][section.account])
    if not rows:
        return None
    year = max(r["year"] for r in rows)
    held = sorted((r for r in rows if r["year"] == year and r["co2e"]), key=lambda r: r["co2e"])
    title = f"{year} " + (
        "行业（领域）直接排放（万吨二氧化碳当量）"
        if lang == "zh"
        else "direct emissions by sector (10⁴ t CO₂e)"
    )
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": [
                view["sector_names"].get(r["carbon_sector"], (r["carbon_sector"],) * 2)[which]
                for r in held
            ],
            "x": [r["co2e"] / 1e4 for r in held],
            "marker": {"color": ["#14505c" if r["named_by_clause"] else "#9fb3bb" for r in held]},
            "texttemplate": "%{x:,.1f}",
            "textposition": "auto",
        }
    ]
    return {
        "data": data,
        "layout": _layout(
            title,
            height=400,
            margin={"l": 130, "r": 30, "t": 50, "b": 40},
            xaxis={"gridcolor": "#e5e8eb"},
        ),
    }


def _intensity(view: Mapping[str, Any], section: Section, lang: str) -> dict[str, Any] | None:
    rows = _preferred(view["tables"][section.account])
    data = []
    for n, series in enumerate(SERIES):
        for base in sorted({r["price_base"] for r in rows}):
            held = sorted(
                (
                    r
                    for r in rows
                    if r["series"] == series
                    and r["price_base"] == base
                    and r["intensity"] is not None
                ),
                key=lambda r: r["year"],
            )
            if held:
                data.append(
                    {
                        "type": "scatter",
                        "mode": "lines+markers",
                        "name": f"{word_of(f'value.series.{series}', lang)}（{base}）",
                        "x": [str(r["year"]) for r in held],
                        "y": [r["intensity"] for r in held],
                        "line": {"color": COLOURS[n], "dash": ("solid", "dash", "dot")[n]},
                    }
                )
    if not data:
        return None
    title = (
        "单位GDP能耗，三个口径（吨标准煤/万元）"
        if lang == "zh"
        else "Energy per GDP, three series (tce per 10⁴ yuan)"
    )
    return {
        "data": data,
        "layout": _layout(
            title,
            height=380,
            yaxis={"rangemode": "tozero", "gridcolor": "#e5e8eb"},
            xaxis={"type": "category"},
        ),
    }


def _causes(view: Mapping[str, Any], section: Section, lang: str) -> dict[str, Any] | None:
    rows = _preferred(view["tables"][section.account])
    if not rows:
        return None
    year = max(r["year"] for r in rows)
    base = max(r["price_base"] for r in rows if r["year"] == year)
    held = [r for r in rows if r["year"] == year and r["price_base"] == base]
    labels = {
        "by_gdp": ("经济规模", "GDP"),
        "by_intensity": ("能源强度", "intensity"),
        "by_mix": ("燃料结构", "fuel mix"),
        "by_factor": ("排放因子", "factors"),
    }
    which = 0 if lang == "zh" else 1
    values = [sum(r[k] for r in held) / 1e4 for k in labels]
    title = f"{year} " + (
        "二氧化碳变化的成因（LMDI，万吨）"
        if lang == "zh"
        else "causes of the change of CO₂ (LMDI, 10⁴ t)"
    )
    trace = {
        "type": "waterfall",
        "x": [*(v[which] for v in labels.values()), "合计" if lang == "zh" else "total"],
        "y": [*values, sum(values)],
        "measure": ["relative"] * 4 + ["total"],
        "texttemplate": "%{delta:+,.2f}",
        "increasing": {"marker": {"color": "#b3541e"}},
        "decreasing": {"marker": {"color": "#1b7a48"}},
        "totals": {"marker": {"color": "#14505c"}},
    }
    return {"data": [trace], "layout": _layout(title, height=380, yaxis={"gridcolor": "#e5e8eb"})}


def _lines(view: Mapping[str, Any], section: Section, lang: str) -> dict[str, Any] | None:
    """The figures of a section by year, a line each."""
    rows = sorted(view["tables"][section.account], key=lambda row: row["year"])
    columns = [column for column in section.columns if column.scale]
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": heading(section, column.name, lang),
            "x": [str(row["year"]) for row in rows],
            "y": [shown(view, column.name, row[column.name], column.scale, lang) for row in rows],
            "line": {"color": COLOURS[place % len(COLOURS)]},
        }
        for place, column in enumerate(columns)
    ]
    title = word_of(f"section.{section.account}", lang)
    axes = {"xaxis": {"type": "category"}, "yaxis": {"gridcolor": "#e5e8eb"}}
    return {"data": data, "layout": _layout(title, height=380, **axes)} if data else None


CHARTS: Mapping[str, Callable[[Mapping[str, Any], Section, str], dict[str, Any] | None]] = {
    "flows": _sankey,
    "inventory": _stacked,
    "sectors": _sectors,
    "intensity": _intensity,
    "causes": _causes,
    "lines": _lines,
}
"""Kinds of charts that a section can ask for, in the order of the page; ``lines`` draws any by year."""


def page_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the template shows in one language."""
    return {
        "accounts": {**view, "missing": [say_missing(code, lang) for code in view["missing"]]},
        "account_tables": tables(view, lang),
        "account_figures": [dump(f) for f in figures(view, lang)],
    }


def write_accounts(view: Mapping[str, Any], status: Any, path: Path, lang: str = "zh") -> Path:
    """The accounts as one offline HTML file or as a workbook, by the suffix of ``path``; whole or not at all."""
    if path.suffix.lower() == ".xlsx":
        from hengtan.report.accounts_excel import accounts_bytes

        return write_whole(path, accounts_bytes(view))
    pages = Pages(status, lang=lang, link=lambda page, *ids: "#")
    body = pages.env.get_template("accounts.html").render(**page_context(view, lang), alone=True)
    text = pages.env.get_template("accounts_single.html").render(
        body=body,
        style=asset("report.css"),
        script=asset("report.js"),
        plotly=plotly_script(),
        accounts=view,
    )
    return write_whole(path, text.encode("utf-8"))
