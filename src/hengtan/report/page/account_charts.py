"""Charts of energy and carbon as plotly dicts; nothing is computed beyond sums for a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hengtan.graph.domains import Section, sections
from hengtan.graph.said import heading, word_of
from hengtan.report.account_tables import TEN_THOUSAND, View, name_in, shown
from hengtan.report.page.figures import HOUSE, layout, waterfall
from hengtan.report.page.water_charts import months_of_sections, slack_of_goal
from hengtan.report.words import word

COLOURS = (
    HOUSE,
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
GRID = "#e5e8eb"
UNNAMED_SECTOR = "#9fb3bb"
SUPPLY = frozenset(("S.prod", "S.in", "S.imp", "S.stock", "T.rec"))
"""Rows of the balance from which a product comes."""
FINAL_USE = ("F.1.agri", "F.2.ind", "F.2.cons", "F.3.trans", "F.3.trade", "F.3.other", "F.4")
USE = frozenset((*FINAL_USE, "L", "S.out", "S.exp"))
"""Rows to which it goes: final use, losses, what leaves the place."""
INVENTORY_PARTS = (
    ("energy", "1"),
    ("processes", "2"),
    ("agriculture", "3"),
    ("waste", "5"),
    ("land", "4"),
)
"""Columns of ``carbon_totals`` and the sector of the inventory each is."""
SERIES_DASH = {
    "full": "solid",
    "less_feedstock": "dash",
    "less_feedstock_nonfossil": "dot",
}
CAUSES = ("by_gdp", "by_intensity", "by_mix", "by_factor")

MOST_MATERIALS = 12
"""Materials that a picture names; the rest are one."""
MOST_PASSED = 3
"""Materials that are named of those that pass within the place."""

Rows = Sequence[Mapping[str, Any]]
Figure = dict[str, Any]


def figures(view: View, lang: str) -> list[Figure]:
    """The charts that have something to show, as the sections of the domains ask for them, kind by
    kind.
    """
    drawn = (
        CHARTS[kind](view, section, lang)
        for kind in CHARTS
        for section in sections()
        if section.chart == kind and view["tables"].get(section.account)
    )
    return [figure for figure in drawn if figure]


def _layout(title: str, **more: Any) -> dict[str, Any]:
    return layout(title, size=13, **{"margin": {"l": 60, "r": 20, "t": 50, "b": 50}, **more})


def _of_one_method(rows: Rows) -> list[Mapping[str, Any]]:
    """Rows of one method: that of statistics where there is one, else that of records."""
    methods = {row["method"] for row in rows}
    preferred = [method for method in ("statistics", "records") if method in methods]
    chosen = next(iter([*preferred, *methods]), None)
    return [row for row in rows if row["method"] == chosen]


def _flows(view: View, section: Section, lang: str) -> Figure | None:
    """Flows of the latest balance in tce: where each fuel came from, what was made of it, who used
    it.
    """
    cells = [row for row in _of_one_method(view["tables"][section.account]) if row["tce"]]
    if not cells:
        return None
    year = max(row["year"] for row in cells)
    links = [_link(view, cell, lang) for cell in cells if cell["year"] == year]
    flows = [link for link in links if link]
    if not flows:
        return None
    names = list(dict.fromkeys(name for source, target, _ in flows for name in (source, target)))
    place = view["place_zh" if lang == "zh" else "place_en"]
    trace = {
        "type": "sankey",
        "node": {
            "label": names,
            "pad": 12,
            "color": [COLOURS[n % len(COLOURS)] for n in range(len(names))],
        },
        "link": {
            "source": [names.index(source) for source, _, _ in flows],
            "target": [names.index(target) for _, target, _ in flows],
            "value": [value for _, _, value in flows],
            "color": "rgba(20,80,92,0.18)",
        },
    }
    title = word("accounts.chart.flows", lang, place=place, year=year)
    return {"data": [trace], "layout": _layout(title, height=620)}


def _link(view: View, cell: Mapping[str, Any], lang: str) -> tuple[str, str, float] | None:
    """From, to and amount [10⁴ tce] of a cell of the balance; None for totals and balances."""
    row, tce = cell["row"], cell["tce"]
    product = name_in(view["products"], cell["product"], lang)
    flow = name_in(view["flows"], row, lang)
    transformed = row.startswith("T.")
    if tce > 0 and (row in SUPPLY or transformed):
        return flow, product, tce / TEN_THOUSAND
    if transformed or row in USE:
        return product, flow, abs(tce) / TEN_THOUSAND
    return None


def _inventory(view: View, section: Section, lang: str) -> Figure | None:
    """The inventory by sector and year, land use below the line where it takes up carbon."""
    totals = _of_one_method(view["tables"][section.account])
    rows = sorted((row for row in totals if row["total"] is not None), key=lambda row: row["year"])
    if not rows:
        return None
    bars = [
        {
            "type": "bar",
            "name": word(f"accounts.inventory_sector.{sector}", lang),
            "x": [str(row["year"]) for row in rows],
            "y": [(row[part] or 0) / TEN_THOUSAND for row in rows],
            "marker": {"color": COLOURS[n]},
        }
        for n, (part, sector) in enumerate(INVENTORY_PARTS)
        if any(row[part] for row in rows)
    ]
    shape = _layout(
        word("accounts.chart.inventory", lang),
        barmode="relative",
        height=380,
        yaxis={"rangemode": "tozero", "gridcolor": GRID},
        xaxis={"type": "category"},
    )
    return {"data": bars, "layout": shape}


def _sectors(view: View, section: Section, lang: str) -> Figure | None:
    """Direct emissions by sector of the latest year, those that clause 33 names in the house's
    colour.
    """
    rows = _of_one_method(view["tables"][section.account])
    if not rows:
        return None
    year = max(row["year"] for row in rows)
    sectors = sorted(
        (row for row in rows if row["year"] == year and row["co2e"]), key=lambda row: row["co2e"]
    )
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [name_in(view["sector_names"], row["carbon_sector"], lang) for row in sectors],
        "x": [row["co2e"] / TEN_THOUSAND for row in sectors],
        "marker": {
            "color": [HOUSE if row["named_by_clause"] else UNNAMED_SECTOR for row in sectors]
        },
        "texttemplate": "%{x:,.1f}",
        "textposition": "auto",
    }
    shape = _layout(
        word("accounts.chart.sectors", lang, year=year),
        height=400,
        margin={"l": 130, "r": 30, "t": 50, "b": 40},
        xaxis={"gridcolor": GRID},
    )
    return {"data": [bars], "layout": shape}


def _intensity(view: View, section: Section, lang: str) -> Figure | None:
    """Energy per GDP, a line a series and price base; the series are never joined."""
    rows = _of_one_method(view["tables"][section.account])
    price_bases = sorted({row["price_base"] for row in rows})
    lines = []
    for n, (series, dash) in enumerate(SERIES_DASH.items()):
        for price_base in price_bases:
            values = _series(rows, series, price_base)
            if values:
                lines.append(
                    {
                        "type": "scatter",
                        "mode": "lines+markers",
                        "name": f"{word_of(f'value.series.{series}', lang)}（{price_base}）",
                        "x": [str(row["year"]) for row in values],
                        "y": [row["intensity"] for row in values],
                        "line": {"color": COLOURS[n], "dash": dash},
                    }
                )
    if not lines:
        return None
    shape = _layout(
        word("accounts.chart.intensity", lang),
        height=380,
        yaxis={"rangemode": "tozero", "gridcolor": GRID},
        xaxis={"type": "category"},
    )
    return {"data": lines, "layout": shape}


def _series(rows: Rows, series: str, price_base: Any) -> list[Mapping[str, Any]]:
    """Known intensities of one series at one price base, by year."""
    known = [
        row
        for row in rows
        if (row["series"], row["price_base"]) == (series, price_base)
        and row["intensity"] is not None
    ]
    return sorted(known, key=lambda row: row["year"])


def _causes(view: View, section: Section, lang: str) -> Figure | None:
    """Causes of the latest change of CO₂, summed over fuels, at the latest price base."""
    rows = _of_one_method(view["tables"][section.account])
    if not rows:
        return None
    year = max(row["year"] for row in rows)
    price_base = max(row["price_base"] for row in rows if row["year"] == year)
    latest = [row for row in rows if (row["year"], row["price_base"]) == (year, price_base)]
    amounts = [sum(row[cause] for row in latest) / TEN_THOUSAND for cause in CAUSES]
    labels = [word(f"accounts.cause.{cause}", lang) for cause in (*CAUSES, "total")]
    trace = waterfall(labels, amounts, sum(amounts), "+,.2f")
    title = word("accounts.chart.causes", lang, year=year)
    return {"data": [trace], "layout": _layout(title, height=380, yaxis={"gridcolor": GRID})}


def _lines(view: View, section: Section, lang: str) -> Figure | None:
    """The figures of a section by year, a line each."""
    rows = sorted(view["tables"][section.account], key=lambda row: row["year"])
    figures_shown = [column for column in section.columns if column.scale]
    lines = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": heading(section, column.name, lang),
            "x": [str(row["year"]) for row in rows],
            "y": [shown(view, column, row[column.name], lang) for row in rows],
            "line": {"color": COLOURS[place % len(COLOURS)]},
        }
        for place, column in enumerate(figures_shown)
    ]
    axes = {"xaxis": {"type": "category"}, "yaxis": {"gridcolor": GRID}}
    title = word_of(f"section.{section.account}", lang)
    return {"data": lines, "layout": _layout(title, height=380, **axes)} if lines else None


def _material_ways(view: View, section: Section, lang: str) -> Figure | None:
    """Where materials came from and where they went in the latest year: the largest by name, the
    rest together.
    """
    rows = view["tables"][section.account]
    year = max(row["year"] for row in rows)
    latest = [row for row in rows if row["year"] == year]
    sizes: dict[str, float] = {}
    for row in latest:
        sizes[row["material"]] = sizes.get(row["material"], 0.0) + row["tonnes"]
    largest = sorted(sizes, key=lambda material: (-sizes[material], material))[:MOST_MATERIALS]
    others = word("accounts.chart.other_materials", lang)
    links: dict[tuple[str, str], float] = {}
    drawn = [row for row in latest if row["side"] != "within"]
    for row in drawn:
        kept = row["material"] in largest
        material = word_of(f"value.material.{row['material']}", lang, row["material"])
        middle = material if kept else others
        way = word_of(f"value.way.{row['way']}", lang)
        link = (way, middle) if row["side"] == "from" else (middle, way)
        links[link] = links.get(link, 0.0) + row["tonnes"]
    names = list(dict.fromkeys(name for link in links for name in link))
    place = view["place_zh" if lang == "zh" else "place_en"]
    trace = {
        "type": "sankey",
        "valueformat": ",.4~g",
        "valuesuffix": " t",
        "node": {
            "label": [f"{name} {_through(name, links):,.0f}" for name in names],
            "pad": 14,
            "color": [COLOURS[n % len(COLOURS)] for n in range(len(names))],
        },
        "link": {
            "source": [names.index(source) for source, _ in links],
            "target": [names.index(target) for _, target in links],
            "value": list(links.values()),
            "color": "rgba(20,80,92,0.18)",
        },
    }
    title = word("accounts.chart.material_ways", lang, place=place, year=year)
    title += _passed_within(latest, lang)
    return {"data": [trace], "layout": _layout(title, height=460)}


def _passed_within(rows: Rows, lang: str) -> str:
    """What firms of the place passed to one another and the picture leaves out, the largest by
    name; nothing where they did not."""
    passed = {row["material"]: row["tonnes"] for row in rows if row["side"] == "within"}
    if not passed:
        return ""
    largest = sorted(passed, key=lambda material: (-passed[material], material))
    named = [
        f"{word_of(f'value.material.{material}', lang, material)} {passed[material]:,.0f}"
        for material in largest[:MOST_PASSED]
    ]
    if len(largest) > MOST_PASSED:
        named.append("…")
    joined = ("、" if lang == "zh" else ", ").join(named)
    tonnes = f"{sum(passed.values()):,.0f}"
    return word("accounts.chart.material_passed", lang, tonnes=tonnes, materials=joined)


def _through(name: str, links: Mapping[tuple[str, str], float]) -> float:
    """What passes through a node: the larger of what comes in and what goes out."""
    into = sum(tonnes for (_, target), tonnes in links.items() if target == name)
    out = sum(tonnes for (source, _), tonnes in links.items() if source == name)
    return max(into, out)


CHARTS: Mapping[str, Callable[[View, Section, str], Figure | None]] = {
    "flows": _flows,
    "inventory": _inventory,
    "sectors": _sectors,
    "intensity": _intensity,
    "causes": _causes,
    "material_ways": _material_ways,
    "lines": _lines,
    "water_slack": slack_of_goal,
    "water_months": months_of_sections,
}
"""Kinds of charts a section can ask for, in the order of the page; ``lines`` draws any by year."""
