"""The pages of power: a dispatch study with its sources, week, curves, peak day, what a part is
worth, or which limits exclude each other; parks and buildings behind a meter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.english import in_english
from hengtan.instruments.law_titles import law_in_english
from hengtan.report.numerals import computed, percent
from hengtan.report.page.assets import dump
from hengtan.report.page.families import Page
from hengtan.report.page.park_charts import day_chart, months_chart
from hengtan.report.page.power_charts import (
    MW_OF_WAN,
    POWER_WORDS,
    YUAN_OF_MWH,
    capacities,
    durations,
    in_order,
    kind_name,
    line_flows,
    node_prices,
    prices,
    week,
)
from hengtan.report.words import word

PAGES = (Page("power", menu=113), Page("parks"))
Row = Mapping[str, Any]
WAN, YI, MWH_OF_YI = 1e4, 1e8, 1e5
SMALL_LOSS = 5e-4
PRICES = ("price_mean", "price_lowest", "price_highest")
NODE_COLUMNS = ("demand", "own", "brought", *PRICES, "shortage_hours")
LINE_COLUMNS = ("capacity", "forward", "back", "lost", "full_hours", "rent")
"""Figures of nodes and of lines, in the order of their tables."""
MONTH_COLUMNS = ("load", "own", "bought", "sold")
"""Energy of a month of a park, in the order of its table."""


def dispatch_context(view: Row, shown_week: Row | None, lang: str) -> dict[str, Any]:
    """Charts and tables of a dispatch study, figures as text."""
    answer = view["answer"]
    if answer is None:
        return {"power": view, "answer": None}
    drawn = [
        week(shown_week, lang) if shown_week else None,
        durations(view["durations"], lang),
        capacities(view["capacities"], lang),
        prices(view["durations"], lang),
        node_prices(shown_week, lang) if shown_week else None,
        line_flows(shown_week, lang) if shown_week else None,
    ]
    return {
        "power": view,
        "answer": answer,
        "power_said": said_of(answer, lang),
        "power_charts": [dump(each) if each else None for each in drawn],
        "power_week": shown_week,
        "power_sources": source_rows(answer, lang),
        "power_plants": plant_rows(answer, lang),
        "power_nodes": node_rows(answer, lang),
        "power_lines": line_rows(answer, lang),
        "power_node_columns": NODE_COLUMNS,
        "power_line_columns": LINE_COLUMNS,
        "power_peak": peak_table(answer["peak_day"], lang),
        "power_outturn": outturn_rows(answer, lang),
        "power_price": price_said(answer, lang),
        "power_thinned": view["durations"]["steps"] > len(view["durations"]["load"]["share"]),
    }


def study_name(row: Row, lang: str) -> str:
    """What a study is called."""
    return str(row["title"] if lang == "zh" else row.get("title_en") or row["title"])


def said_of(answer: Row, lang: str) -> str:
    """The study in one sentence."""
    row = answer["summary"]
    said = word(
        "power.said",
        lang,
        title=study_name(answer["study"], lang),
        year=row["year"],
        demand=computed(row["demand"] / MWH_OF_YI),
        peak=computed(row["peak"] / MW_OF_WAN),
        cost=computed(row["cost"] / YI),
        carbon=computed(row["carbon"] / WAN),
    )
    short = row["shortage_hours"]
    lack = word("power.said.short", lang, hours=computed(short), energy=_yi(row["shortage"]))
    return said + (lack if short else word("power.said.served", lang))


def _yi(energy: float) -> str:
    """MWh as 10⁸ kWh."""
    return computed(energy / MWH_OF_YI)


def source_rows(answer: Row, lang: str) -> list[dict[str, Any]]:
    """Energy of the year, its share and what was curtailed, by source."""
    row = answer["summary"]
    generation, lost = row["generation"], row["curtailment"]
    total = sum(generation.values())
    return [
        {
            "name": kind_name(kind, lang),
            "energy": _yi(generation[kind]),
            "share": percent(generation[kind] / total, 1) if total else "",
            "curtailed": percent(lost[kind], 1) if lost.get(kind, 0.0) > SMALL_LOSS else "",
        }
        for kind in in_order(generation)
    ]


def plant_rows(answer: Row, lang: str) -> list[dict[str, Any]]:
    """Each plant: capacity, what is built, output, full hours, carbon."""
    return [
        {
            "kind": kind_name(row["kind"], lang),
            "name": row["name"],
            "capacity": computed(row["capacity"] / MW_OF_WAN),
            "built": computed(row["built"] / MW_OF_WAN) if row["built"] else "",
            "output": _yi(row["output"]),
            "full_hours": "" if row["full_hours"] is None else computed(row["full_hours"]),
            "carbon": computed(row["carbon"] / WAN) if row["carbon"] else "",
        }
        for row in answer["plants"]
    ]


def node_rows(answer: Row, _lang: str = "zh") -> list[dict[str, str]]:
    """Each node of a study of several: load, supply, what lines bring, prices, hours short."""
    return [
        {
            "node": row["node"],
            **{name: _yi(row[name]) for name in ("demand", "own", "brought")},
            **{name: _price(row[name]) for name in PRICES},
            "shortage_hours": computed(row["shortage_hours"]),
        }
        for row in answer["nodes"]
    ]


def line_rows(answer: Row, lang: str = "zh") -> list[dict[str, str]]:
    """Each line between nodes: ends, law of its flow, capability, energy, hours full, earnings."""
    return [
        {
            **{name: row[name] for name in ("line", "start", "end")},
            "law": word(f"power.line.{'by_angle' if row['by_angle'] else 'chosen'}", lang),
            "capacity": computed(row["capacity"] / MW_OF_WAN),
            **{name: _yi(row[name]) for name in ("forward", "back", "lost")},
            "full_hours": computed(row["full_hours"]),
            "rent": computed(row["rent"] / WAN),
        }
        for row in answer["lines"]
    ]


def _price(price: float) -> str:
    """yuan/MWh as yuan/kWh."""
    return f"{price / YUAN_OF_MWH:,.3f}"


def peak_table(day: Row, lang: str) -> dict[str, Any]:
    """The balance of the peak day, hour by hour: sources, shortage and load. [10⁴ kW]"""
    rows = {kind: row for kind, row in day["rows"].items() if max(map(abs, row)) > 0.5}
    lines = [(kind_name(kind, lang), rows[kind]) for kind in in_order(rows)]
    if max(day["shortage"], default=0.0) > 0.5:
        lines.append((kind_name("shortage", lang), day["shortage"]))
    return {
        "hours": list(range(len(day["demand"]))),
        "rows": [
            {"name": name, "amounts": [computed(value / MW_OF_WAN) for value in values]}
            for name, values in lines
        ],
        "load": [computed(value / MW_OF_WAN) for value in day["demand"]],
        "firm": computed(day["firm"] / MW_OF_WAN),
        "margin": percent(day["margin"], 1),
    }


def outturn_rows(answer: Row, lang: str) -> list[dict[str, Any]]:
    """What statistics published for the year beside what was computed. [10⁸ kWh]"""
    return [
        {
            "name": POWER_WORDS.say(f"outturn.{row['kind']}", lang),
            "computed": computed(row["computed"]),
            "published": computed(row["published"]),
            "difference": f"{row['difference']:+,.1f}",
            "share": "" if row["share"] is None else percent(row["share"], 1),
            "source": row["source"],
        }
        for row in answer["outturn"]
    ]


def worth_shown(worth: Row, lang: str) -> str:
    """What a part is worth, in one sentence."""
    return word(
        "power.worth.said",
        lang,
        part=worth["part"],
        saving=computed(worth["saving"] / WAN),
        carbon=computed(worth["carbon"] / WAN),
        hours=computed(worth["shortage_hours"]),
    )


def firm_shown(firm: Row, lang: str) -> str:
    """Firm output of water, wind and sun together, in one sentence."""
    return word(
        "power.firm.said",
        lang,
        share=percent(firm["share"], 0),
        together=computed(firm["together"]),
        bound=computed(firm["bound"]),
        apart=computed(firm["apart"]),
        gain=computed(firm["gain"]),
    )


def park_context(view: Row, lang: str) -> dict[str, Any]:
    """Sizes, shares with their lights, costs and limits of a park study, figures as text."""
    answer = view["answer"]
    if answer is None:
        return {"park": view, "answer": None}
    return {
        "park": view,
        "answer": answer,
        "park_said": word(
            "power.park.said",
            lang,
            park=answer["study"]["park"],
            cost=computed(answer["cost"] / WAN),
            bought=computed(answer["cost_bought_only"] / WAN),
            peak=computed(answer["peak_bought"]),
            load=computed(answer["peak_load"]),
        ),
        "park_charts": [dump(months_chart(answer, lang)), dump(day_chart(answer, lang))],
        "park_months": month_rows(answer),
        "park_sizes": _sizes(answer, lang),
        "park_shares": [_share(row, lang) for row in answer["shares"]],
        "park_binding": [
            *(row[lang] for row in answer["binding"].values()),
            *(
                word("power.park.at_limit", lang, kind=kind_name(k, lang))
                for k in answer["at_limit"]
            ),
        ],
        "park_energy": [
            (word(f"power.park.{name}", lang), f"{computed(answer[name] / WAN)}")
            for name in ("load", "bought", "sold", "loss")
        ],
        "park_loss": word(
            f"power.park.loss.{'counts' if answer['loss_counts'] else 'aside'}",
            lang,
            loss=computed(answer["loss"]),
        ),
    }


def month_rows(answer: Row) -> list[list[str]]:
    """Of each month what is used, own of it, bought and sold, and the own share. [10^4 kWh]"""
    return [
        [
            str(row["month"]),
            *(computed(row[name] / WAN) for name in MONTH_COLUMNS),
            percent(row["own"] / row["load"], 1) if row["load"] else "",
        ]
        for row in answer["months"]
    ]


def _sizes(answer: Row, lang: str) -> Sequence[tuple[str, str, str]]:
    """Name, amount and unit of what is built."""
    sizes = [(kind_name(k, lang), computed(v), "kW") for k, v in answer["built"].items()]
    store = (("store_energy", "kWh"), ("store_power", "kW"))
    return [*sizes, *((word(f"power.park.{n}", lang), computed(answer[n]), u) for n, u in store)]


def _share(row: Row, lang: str) -> dict[str, Any]:
    lights = {True: "green", False: "red", None: "grey"}
    least = word("power.park.most" if row["share"] == "exported" else "power.park.least", lang)
    return {
        "name": word(f"power.park.share.{row['share']}", lang),
        "value": "" if row["value"] is None else percent(row["value"], 1),
        "threshold": "" if row["threshold"] is None else f"{least} {percent(row['threshold'], 0)}",
        "light": lights[row["is_met"]],
        "met": word(f"power.park.met.{lights[row['is_met']]}", lang),
        "said_by": cited(row, lang),
        "warnings": [in_english(each, lang) for each in row["warnings"]],
    }


def cited(row: Row, lang: str) -> str:
    """What a share is judged by, in a language as far as it has a title there."""
    own = str(row["said_by"])
    if lang == "zh" or not own:
        return own
    return row.get("said_by_english") or law_in_english(own) or own


def price_said(answer: Row, lang: str) -> str:
    """Mean and highest marginal price, and the price of carbon where a cap binds."""
    row = answer["summary"]
    said = word(
        "power.price.said",
        lang,
        mean=f"{row['price_mean'] / YUAN_OF_MWH:,.3f}",
        highest=f"{row['price_highest'] / YUAN_OF_MWH:,.3f}",
    )
    if row["carbon_price"]:
        said += word("power.price.carbon", lang, price=computed(row["carbon_price"]))
    return said
