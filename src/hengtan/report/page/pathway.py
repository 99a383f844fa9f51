"""The page of a pathway: one sentence, scenarios side by side, wedges, costs, odds, targets, the
budget, how a sector came about, what lacks and what is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from hengtan.report.numerals import computed, figure, percent, with_unit
from hengtan.report.page.assets import dump
from hengtan.report.page.families import Page
from hengtan.report.page.pathway_charts import (
    WAN,
    cost_curve,
    fan,
    scenario_name,
    scenarios,
    some_indirect,
    split,
    titled,
    wedges,
)
from hengtan.report.words import word

PAGES = (Page("pathway", menu=112),)
Row = Mapping[str, Any]
TABLE_YEARS, USUAL_RATE, KWH_SHOWN = 5, 0.05, 1e8
"""Every so many years stand in the table of scenarios, and the first and last."""


def pathway_context(view: Row, lang: str) -> dict[str, Any]:
    """Charts and tables of the page, figures as text."""
    shown = {
        "pathway": view,
        "pathway_asked": asked_of(view),
        "pathway_pairs": [("place", view["place"]), *pairs_of(view)],
        "pathway_measures": [
            {"code": row["measure"], "title": titled(row, lang), "left_out": _left_out(view, row)}
            for row in view["measures"]
        ],
    }
    study = view["study"]
    if study is None:
        return {**shown, "study": None}
    drawn = [each(study, lang) for each in (scenarios, wedges, cost_curve, split)]
    odds = view.get("odds")
    return {
        **shown,
        "study": study,
        "pathway_regions": _regions(view, which=0 if lang == "zh" else 1),
        "pathway_said": said_of(view, lang),
        "pathway_charts": [dump(each) if each else None for each in drawn],
        "pathway_scenarios": scenario_table(study, lang),
        "pathway_wedges": wedge_rows(study, lang),
        "pathway_indirect": indirect_rows(study),
        "pathway_split": some_indirect(study),
        "pathway_curve": curve_rows(study, lang),
        "pathway_targets": [target_row(row, lang) for row in study["targets"]],
        "pathway_budget": [budget_row(row) for row in study["budget"]],
        "pathway_odds": odds_shown(view, odds, lang) if odds else None,
        "pathway_odds_refused": view.get("odds_refused"),
    }


def asked_of(view: Row) -> str:
    """The question of the page as a query, for files of the same study."""
    return urlencode(pairs_of(view))


def pairs_of(view: Row) -> list[tuple[str, Any]]:
    """The question of the page beside its place, by name and value."""
    wanted = view["wanted"]
    pairs: list[tuple[str, Any]] = [("until", wanted.until)]
    pairs += [(name, getattr(wanted, name)) for name in ("base", "year") if getattr(wanted, name)]
    pairs += [("cap", f"{wanted.cap / WAN:g}")] if wanted.cap else []
    pairs += [("without", code) for code in wanted.without]
    return [*pairs, *basis_pairs(wanted)]


def basis_pairs(wanted: Any) -> list[tuple[str, Any]]:
    """How the base year is taken and money counted, where it is not as usual."""
    pairs: list[tuple[str, Any]] = [
        (name, 1) for name in ("districts", "plants") if getattr(wanted, name)
    ]
    pairs += [("method", wanted.method)] if wanted.method else []
    pairs += [("rate", f"{100 * wanted.rate:g}")] if wanted.rate != USUAL_RATE else []
    return pairs


def _regions(view: Row, which: int) -> list[tuple[str, str]]:
    """Code and name of each region of a study of several."""
    named = {row[0]: row[1 + which] or row[1] for row in view["places"]}
    return [(code, named.get(code, code)) for code in view["study"]["regions"]]


def _left_out(view: Row, row: Row) -> bool:
    return row["measure"] in view["wanted"].without


def wan(value: float | None) -> str:
    """Tonnes as 10⁴ t."""
    return "" if value is None else computed(value / WAN)


def said_of(view: Row, lang: str) -> str:
    """The study in one sentence."""
    study = view["study"]
    first, last = study["years"][0], study["years"][-1]
    place = view["name"][0 if lang == "zh" else 1]
    change = last["with_measures"] / first["with_measures"] - 1 if first["with_measures"] else 0.0
    assumed = last["assumed_share"]
    share = last["cut"] / last["without_measures"] if last["without_measures"] else 0.0
    rests = "" if assumed is None else word("scenario.rests", lang, share=percent(assumed, 0))
    kept = sum(row["light"] in ("green", "done") for row in study["targets"])
    count = len(study["targets"])
    of_targets = (
        word("scenario.judged", lang, count=count, kept=kept, year=study["year"])
        if count
        else word("scenario.none_judged", lang)
    )
    said = word(
        "scenario.said",
        lang,
        place=place,
        year=last["year"],
        emissions=wan(last["with_measures"]),
        base=study["base_year"],
        change=percent(abs(change), 1),
        direction=word("scenario.more" if change > 0 else "scenario.less", lang),
        cut=wan(last["cut"]),
        share=percent(share, 1),
    )
    return said + _said_indirect(last, lang) + rests + of_targets


def _said_indirect(last: Row, lang: str) -> str:
    """What measures do to indirect emissions in the last year, and both cuts together; nothing
    where none are counted.
    """
    cut = last["indirect_cut"]
    if cut is None:
        return ""
    direction = word("scenario.more" if cut < 0 else "scenario.less", lang)
    whole = wan(last["whole"])
    return word("scenario.said.indirect", lang, cut=wan(abs(cut)), direction=direction, whole=whole)


def indirect_rows(study: Row) -> list[dict[str, Any]]:
    """By year, net bought power [10^8 kWh] with its indirect emissions without and with measures,
    and emissions in all with measures [10^4 t]; empty where no place reports what it buys.
    """
    bought: dict[int, list[Row]] = {}
    for row in study["bought"]:
        bought.setdefault(row["year"], []).append(row)
    shown = {row["year"]: row for row in study["years"] if row["year"] in bought}
    picked = [n for n in shown if n in (min(shown), max(shown)) or n % TABLE_YEARS == 0]
    return [
        {
            "year": year,
            "power": computed(sum(row["power"] or 0.0 for row in bought[year]) / KWH_SHOWN),
            "before": wan(shown[year]["indirect_without"]),
            "after": wan(shown[year]["indirect_with"]),
            "whole": wan(_both(shown[year])),
        }
        for year in picked
    ]


def _both(row: Row) -> float | None:
    indirect = row["indirect_with"]
    return None if indirect is None else row["with_measures"] + indirect


def scenario_table(study: Row, lang: str) -> dict[str, Any]:
    """Emissions of each scenario in some years, and beside that without measures."""
    years = [row["year"] for row in study["years"]]
    last = len(years) - 1
    shown = [n for n in range(len(years)) if n in (0, last) or years[n] % TABLE_YEARS == 0]
    plain = study["scenarios"][0]["emissions"][last]
    rows = [
        {
            "name": scenario_name(row, lang),
            "amounts": [wan(row["emissions"][n]) for n in shown],
            "energy": wan(row["energy"][last]),
            "less": wan(plain - row["emissions"][last]),
        }
        for row in study["scenarios"]
    ]
    return {"years": [years[n] for n in shown], "rows": rows}


def mark(established: bool, lang: str) -> str:
    """Whether numbers are established or assumed."""
    return word("pathway.established" if established else "pathway.assumed", lang)


def wedge_rows(study: Row, lang: str) -> list[dict[str, Any]]:
    """What each measure takes off in the year, the largest first."""
    total = sum(row["whole"] for row in study["wedges"])
    return [
        {
            "title": titled(row, lang),
            "cut": wan(row["cut"]),
            "indirect": wan(row["indirect"]),
            "whole": wan(row["whole"]),
            "share": percent(row["whole"] / total, 1) if total else "",
            "clause": row["clause"],
            "mark": mark(row["established"], lang),
        }
        for row in study["wedges"]
    ]


def curve_rows(study: Row, lang: str) -> list[dict[str, Any]]:
    """Cost of each measure in the year, the cheapest tonne first."""
    english = {row["measure"]: row for row in study["wedges"]}
    return [
        {
            "title": titled(english.get(row["measure"], row), lang),
            "cut": wan(row["cut"]),
            "indirect": wan(row["indirect"]),
            "whole": wan(row["whole"]),
            "cost": wan(row["cost"]),
            "per_tonne": "" if row["per_tonne"] is None else computed(row["per_tonne"]),
            "mark": mark(row["cut_established"] and row["cost_established"], lang),
        }
        for row in study["cost_curve"]
    ]


def target_row(row: Row, lang: str) -> dict[str, Any]:
    """A target as the scenario has it."""
    name = row["indicator_zh"] if lang == "zh" else row.get("indicator_en") or row["indicator_zh"]
    unit = row["unit"]
    return {
        "id": row["target_id"],
        "name": name,
        "goal": with_unit(figure(row["goal"]), unit, lang),
        "latest": "" if row["latest"] is None else with_unit(computed(row["latest"]), unit, lang),
        "year": row["latest_year"],
        "deadline": row["deadline_year"],
        "light": row["light"],
    }


def budget_row(row: Row) -> dict[str, Any]:
    """A year of the carbon budget beside the scenario."""
    return {
        "year": row["year"],
        "budget": wan(row["budget"]),
        "scenario": wan(row["scenario"]),
        "gap": wan(row["gap"]),
        "sum": wan(row["sum"]),
        "is_short": row["gap"] is not None and row["gap"] < 0,
        "basis": row["basis"] or "",
    }


def odds_shown(view: Row, odds: Row, lang: str) -> dict[str, Any]:
    """The fan, how likely each asked target is kept and what that rests on."""
    return {
        "chart": dump(fan(odds, lang)),
        "draws": f"{odds['draws']:,}",
        "rows": odds_rows(view, odds, lang),
        "influences": influence_rows(view, odds, lang),
        "assumed_ranges": sum(bool(law["assumed"]) for law in odds["ranges"]),
        "ranges": len(odds["ranges"]),
        "fixed": len(odds["fixed"]),
    }


def odds_rows(view: Row, odds: Row, lang: str) -> list[dict[str, Any]]:
    """How likely each asked target is kept, its sampling error and what it rests on."""
    names = {row["target_id"]: row for row in view["study"]["targets"]}
    return [
        {
            "name": _asked_name(row, names, lang),
            "year": row["year"],
            "odds": percent(row["odds"], 1),
            "between": f"{percent(row['low'], 1)} — {percent(row['high'], 1)}",
            "assumed": percent(row["assumed"], 0) if row["assumed"] is not None else "",
        }
        for row in odds["odds"]
    ]


def figure_shown(view: Row, lang: str) -> dict[str, Any]:
    """How the emissions of a sector came about, figures as text."""
    figure, which = view["figure"], 0 if lang == "zh" else 1
    if figure is None:
        return {"pathway_figure": None, "pathway_figure_refused": view["refused"]}
    amounts = {name: wan(figure[name]) for name in ("base", "without", "with")}
    said = word(
        "scenario.figure.said",
        lang,
        sector=figure["sector"][which],
        year=figure["year"],
        base=amounts["base"],
        without=amounts["without"],
        after=amounts["with"],
    )
    drivers = [
        {
            "name": " ".join(filter(None, (row["name"][which], row["carrier"][which]))),
            "levels": [f"{level:.4g}" for level in row["levels"]],
            "unit": row["unit"],
            "sources": row["sources"],
        }
        for row in figure["drivers"]
    ]
    measures = [
        {
            "title": row["title"],
            "cut": wan(row["cut"]),
            "marks": [_mark_said(each, which, lang) for each in row["marks"]],
            "sources": row["sources"],
        }
        for row in figure["measures"]
    ]
    shown = {"said": said, "drivers": drivers, "measures": measures}
    return {"pathway_figure": shown | {"assumptions": figure["assumptions"]}}


def _mark_said(row: Row, which: int, lang: str) -> str:
    """A number of a measure with what it rests on."""
    said = f"{row['name'][which]} {row['value']:g} {mark(row['established'], lang)}"
    return f"{said} {row['source']}" if row["established"] and row["source"] else said


def _asked_name(row: Row, names: Mapping[str, Row], lang: str) -> str:
    """What is asked: a target by its indicator, or a cap in words."""
    target = names.get(row["target"])
    if target is None and row.get("title"):
        return str(row["title"][0 if lang == "zh" else 1])
    if target is None:
        cap = wan(row["at_most"])
        return word("scenario.cap", lang, year=row["year"], cap=cap)
    return str(target["indicator_zh"] if lang == "zh" else target.get("indicator_en"))


def _driver_name(row: Row, lang: str) -> str:
    return str(row["measure_en"] if lang == "en" else row["measure"])


def influence_rows(view: Row, odds: Row, lang: str) -> list[dict[str, Any]]:
    """Which measure matters most for each target; overlapping intervals share a rank."""
    titles = {row["measure"]: titled(row, lang) for row in view["measures"]}
    names = {row["target_id"]: row for row in view["study"]["targets"]}
    asked = {row["target"]: _asked_name(row, names, lang) for row in odds["odds"]}
    return [
        {
            "target": asked[row["target"]],
            "measure": titles.get(row["measure"].split("#")[0]) or _driver_name(row, lang),
            "total": percent(row["total"], 0),
            "between": f"{percent(row['low'], 0)} — {percent(row['high'], 0)}",
            "rank": row["rank"],
        }
        for row in odds["influences"]
    ]
