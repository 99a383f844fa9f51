"""Energy and carbon accounts as a page, an offline file and a workbook; charts as plotly dicts. No figure is computed here beyond sums for a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.report.charts import FONT
from hengtan.report.html import Pages, asset, dump, plotly_script
from hengtan.report.words import word

METHOD = {
    "statistics": ("统计", "statistics"),
    "records": ("企业记录", "enterprise records"),
    "none": ("无平衡表", "no balance"),
}
SERIES = {
    "full": ("全口径", "full"),
    "less_feedstock": ("扣除原料用能", "less feedstock"),
    "less_feedstock_nonfossil": ("扣除原料用能和非化石能源", "less feedstock and non-fossil"),
}
CONVENTION = {
    "calorific": ("当量值", "calorific value"),
    "equivalent": ("等价值", "coal-rate value"),
}
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

Column = tuple[str, str, str, float]
"""Column of the rows, heading in Chinese, in English, and what to divide by for showing."""

TABLES: Mapping[str, tuple[str, str, Sequence[Column]]] = {
    "energy_consumption": ("能源消费总量（万吨标准煤）", "Total energy consumption (10⁴ tce)", (
        ("year", "年份", "year", 0), ("method", "方法", "method", 0), ("convention", "折算", "convention", 0), ("total", "总量", "total", 1e4), ("coal", "煤炭", "coal", 1e4), ("oil", "石油", "oil", 1e4), ("gas", "天然气", "gas", 1e4), ("power_tce", "电力", "power", 1e4),
        ("feedstock", "其中原料用能", "of which feedstock", 1e4), ("coal_rate", "煤耗率 kgce/kWh", "coal rate kgce/kWh", 1), ("recalled_share", "凭记忆因子占比", "recalled share", 1), ("confidence", "可信度", "confidence", 0))),
    "energy_intensity": ("单位GDP能耗（吨标准煤/万元，三个口径并列、互不连接）", "Energy per GDP (tce per 10⁴ yuan), three series side by side", (
        ("year", "年份", "year", 0), ("method", "方法", "method", 0), ("series", "口径", "series", 0), ("price_base", "不变价基期", "price base", 0), ("intensity", "单位GDP能耗", "intensity", 1), ("change", "较上年", "on the year before", 1), ("cut_since_base", "较基年累计下降", "cut since base", 1), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "energy_nonfossil": ("非化石能源占比（%）", "Non-fossil share (%)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("share", "占比", "share", 1), ("nonfossil_kwh", "非化石电量（亿千瓦时）", "non-fossil power (10⁸ kWh)", 1e8), ("nonfossil_imports", "调入口径", "imports counted", 0), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "carbon_totals": ("温室气体清单合计（万吨二氧化碳当量）", "Inventory totals (10⁴ t CO₂e)", (
        ("year", "年份", "year", 0), ("method", "方法", "method", 0), ("total", "合计（不含土地利用）", "total without land use", 1e4), ("energy", "能源活动", "energy", 1e4), ("processes", "工业过程", "processes", 1e4), ("agriculture", "农业", "agriculture", 1e4), ("waste", "废弃物", "waste", 1e4),
        ("land", "土地利用", "land use", 1e4), ("indirect_power", "外购电力间接", "indirect, power", 1e4), ("recalled_share", "凭记忆因子占比", "recalled share", 1), ("gwp_set", "GWP", "GWP", 0), ("guide", "指南", "guide", 0), ("confidence", "可信度", "confidence", 0), ("lost", "未能计算项", "not computed", 0))),
    "carbon_approaches": ("部门法与参考方法（万吨二氧化碳）", "Sectoral and reference approach (10⁴ t CO₂)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("sectoral", "部门法", "sectoral", 1e4), ("reference", "参考方法", "reference", 1e4), ("difference_share", "差异", "difference", 1), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "carbon_intensity": ("单位GDP二氧化碳排放（吨/万元）", "CO₂ per GDP (t per 10⁴ yuan)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("price_base", "不变价基期", "price base", 0), ("co2", "能源与净调入电力（万吨）", "fuel and net power (10⁴ t)", 1e4), ("intensity", "强度", "intensity", 1), ("change", "较上年", "on the year before", 1), ("cut_since_base", "较基年累计下降", "cut since base", 1), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "carbon_by_sector": ("行业（领域）直接排放（万吨二氧化碳当量）", "Direct emissions by sector (10⁴ t CO₂e)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("carbon_sector", "行业（领域）", "sector", 0), ("co2e", "排放", "emission", 1e4), ("from_fuel", "其中燃料", "of which fuel", 1e4), ("from_sources", "其中过程等", "of which other", 1e4), ("indirect", "外购电热间接（另列）", "indirect, beside", 1e4), ("named_by_clause", "第33条所列", "named by clause 33", 0), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "carbon_inventory": ("温室气体清单（吨）", "Greenhouse-gas inventory (t)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("category", "类别", "category", 0), ("category_zh", "名称", "name", 0), ("gas", "气体", "gas", 0), ("emission", "排放量（吨）", "emission (t)", 1), ("co2e", "二氧化碳当量（吨）", "CO₂e (t)", 1), ("ipcc2006", "IPCC 2006", "IPCC 2006", 0), ("gpc", "GPC", "GPC", 0), ("recalled_share", "凭记忆因子占比", "recalled share", 1), ("confidence", "可信度", "confidence", 0))),
    "carbon_gpc": ("GPC 编号对照（吨二氧化碳当量）", "GPC references (t CO₂e)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("gpc", "GPC", "GPC", 0), ("co2e", "排放", "emission", 1), ("approximate", "粗略对照", "approximate", 0), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "carbon_drivers": ("变化成因（LMDI，万吨二氧化碳）", "Causes of change (LMDI, 10⁴ t CO₂)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("group", "燃料", "fuel", 0), ("change", "变化", "change", 1e4), ("by_gdp", "经济规模", "GDP", 1e4), ("by_intensity", "能源强度", "intensity", 1e4), ("by_mix", "燃料结构", "mix", 1e4), ("by_factor", "排放因子", "factor", 1e4), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
    "carbon_peaks": ("达峰判定（规则为本项目建议）", "Peaks (rule proposed by this project)", (("method", "方法", "method", 0), ("verdict", "判定", "verdict", 0), ("reason_zh", "理由", "reason", 0))),
    "carbon_uncertainty": ("不确定性（95%，占合计）", "Uncertainty (95 %, share of the total)", (("year", "年份", "year", 0), ("method", "方法", "method", 0), ("uncertainty", "误差传播", "propagation", 1), ("low", "蒙特卡洛下限（万吨）", "low (10⁴ t)", 1e4), ("high", "上限（万吨）", "high (10⁴ t)", 1e4), ("missing", "缺项", "missing", 0))),
    "energy_balance_identities": ("平衡表恒等式核对", "Balance identities", (("year", "年份", "year", 0), ("measure", "数量", "measure", 0), ("product", "品种", "product", 0), ("identity", "恒等式", "identity", 0), ("gap", "差额", "gap", 1), ("tolerance", "允许", "tolerance", 1), ("holds", "成立", "holds", 0), ("reason", "不适用的原因", "reason", 0))),
    "energy_key_units": ("重点用能单位", "Key energy units", (("year", "年份", "year", 0), ("entity_name", "单位", "enterprise", 0), ("industry_zh", "行业", "industry", 0), ("class_zh", "级别", "class", 0), ("energy", "综合能源消费量（吨标准煤）", "energy (tce)", 1), ("change", "较上年", "on the year before", 1), ("direct", "直接排放（吨）", "direct (t)", 1), ("indirect", "间接排放（吨）", "indirect (t)", 1), ("carbon_per_value_added", "吨/元增加值", "t per yuan", 1), ("recalled_share", "凭记忆因子占比", "recalled share", 1))),
}  # fmt: skip
SHEETS = {
    "energy_consumption": "能源消费总量", "energy_intensity": "单位GDP能耗", "energy_nonfossil": "非化石能源占比", "energy_balance_identities": "平衡核对", "carbon_totals": "清单合计", "carbon_inventory": "温室气体清单", "carbon_by_sector": "行业（领域）碳排放",
    "carbon_approaches": "部门法与参考方法", "carbon_intensity": "单位GDP碳排放", "carbon_drivers": "变化成因", "carbon_gpc": "GPC对照", "carbon_uncertainty": "不确定性", "energy_key_units": "重点用能单位",
}  # fmt: skip
CODES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "method": METHOD,
    "series": SERIES,
    "convention": CONVENTION,
}
SHARES = ("change", "cut_since_base", "difference_share", "recalled_share", "uncertainty")


def shown(view: Mapping[str, Any], column: str, value: Any, divide: float, lang: str) -> Any:
    """A value as it is shown: scaled, codes as words, shares in percent as text; None as None."""
    which = 0 if lang == "zh" else 1
    if value is None:
        return None
    if column in CODES:
        return CODES[column].get(value, (value, value))[which]
    if column == "carbon_sector":
        return view["sector_names"].get(value, (value, value))[which]
    if column == "product":
        return view["products"].get(value, (value, value))[which]
    if column == "confidence":
        return word(f"confidence.{value}", lang)
    if column in SHARES and isinstance(value, float):
        return (
            f"{value:+.2%}"
            if column != "recalled_share" and column != "uncertainty"
            else f"{value:.1%}"
        )
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if divide and isinstance(value, (int, float)):
        return value / divide
    return value


def tables(view: Mapping[str, Any], lang: str, most: int = 400) -> list[dict[str, Any]]:
    """The tables of a page: title, headings, rows (cells and the key to explain a row), rows left out."""
    which = 1 if lang == "zh" else 2
    made = []
    for name, (zh, en, columns) in TABLES.items():
        rows = sorted(
            view["tables"].get(name, []),
            key=lambda r: (-(r.get("year") or 0), str(r.get("method")), -abs(r.get("co2e") or 0)),
        )
        if name == "energy_balance_identities":
            rows = [r for r in rows if r["holds"] is False] or rows[:0]
        if not rows:
            continue
        made.append({
            "name": name, "title": zh if lang == "zh" else en, "headings": [c[which] for c in columns], "numeric": [bool(c[3]) for c in columns],
            "rows": [[_text(shown(view, c[0], r.get(c[0]), c[3], lang)) for c in columns] for r in rows[:most]], "more": max(len(rows) - most, 0),
        })  # fmt: skip
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
    """The charts that have something to show: flows of the balance, inventory by sector, by industry, intensities, causes."""
    made = [
        _sankey(view, lang),
        _stacked(view, lang),
        _sectors(view, lang),
        _intensity(view, lang),
        _causes(view, lang),
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


def _sankey(view: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    """Flows of the latest balance in tce: where each fuel came from, what was transformed, who used it."""
    which = 0 if lang == "zh" else 1
    cells = [r for r in _preferred(view["tables"]["energy_balance"]) if r["tce"]]
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


def _stacked(view: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    which = 0 if lang == "zh" else 1
    rows = [r for r in _preferred(view["tables"]["carbon_totals"]) if r["total"] is not None]
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


def _sectors(view: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    which = 0 if lang == "zh" else 1
    rows = _preferred(view["tables"]["carbon_by_sector"])
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


def _intensity(view: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    which = 0 if lang == "zh" else 1
    rows = _preferred(view["tables"]["energy_intensity"])
    data = []
    for n, (series, names) in enumerate(SERIES.items()):
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
                        "name": f"{names[which]}（{base}）",
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


def _causes(view: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    rows = _preferred(view["tables"]["carbon_drivers"])
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


def page_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the template shows in one language."""
    return {
        "accounts": view,
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
    return write_whole(path, text)
