"""The page of portfolios: one sentence, what is reached, prices in words, measures with when and
how far, money by year, the front, where numbers come from, how far the answer can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from hengtan.report.numerals import computed, percent
from hengtan.report.page.assets import dump
from hengtan.report.page.families import Page
from hengtan.report.page.pathway import basis_pairs
from hengtan.report.page.portfolio_charts import emissions, front, levels, money
from hengtan.report.portfolio import (
    assumed,
    changes,
    counted,
    emissions_said,
    goals_said,
    mark,
    numbers,
    prices,
    shown_years,
    target_name,
    titles,
    trust,
    wan,
    yi,
)
from hengtan.report.words import joined, word

PAGES = (Page("portfolio", menu=112),)
Row = Mapping[str, Any]
TABLE_YEARS = 5
"""Every so many years stand in the table of levels, and the first and last."""
WAN = 1e4
WITH_POWER = ("with_power_without", "with_power")
LEAST_ROWS = 2
"""Lines of the form for caps and for budgets, some empty."""


def portfolio_context(view: Row, lang: str) -> dict[str, Any]:
    """Charts and tables of the page, figures as text."""
    shown = {
        "portfolio": view,
        "goal": view["goal"],
        "portfolio_asked": urlencode(pairs_of(view["goal"])),
        "portfolio_caps": _lines(
            [(str(year), f"{cap / WAN:g}") for year, cap in view["goal"].caps], ("", "")
        ),
        "portfolio_budgets": budget_lines(view["goal"]),
        "portfolio_measures_offered": [
            {
                "code": row["measure"],
                "title": row["title" if lang == "zh" else "title_english"],
                "is_whole": row["measure"] in view["goal"].whole,
            }
            for row in view["measures"]
        ],
        "portfolio_room": room_said(view, lang),
        "portfolio_try": _try(view, lang),
    }
    answer = view["answer"]
    return {**shown, "answer": None} if answer is None else {**shown, **_answered(view, lang)}


def _answered(view: Row, lang: str) -> dict[str, Any]:
    answer = view["answer"]
    of_measures, others = assumed(answer, lang)
    drawn = {
        "emissions": emissions(answer, lang),
        "levels": levels(view, lang),
        "money": money(answer, lang),
        "front": front(answer, lang) if answer.get("front") else None,
    }
    return {
        "answer": answer,
        "portfolio_said": said_of(view, lang),
        "portfolio_charts": {name: dump(each) if each else None for name, each in drawn.items()},
        "portfolio_targets": target_rows(answer, lang),
        "portfolio_goals": goals_said(answer, lang),
        "portfolio_with_power": some_with_power(answer),
        "portfolio_prices": prices(answer, lang),
        "portfolio_measures": measure_rows(view, lang),
        "portfolio_unused": unused_said(view, lang),
        "portfolio_levels": level_table(view, lang),
        "portfolio_regions": region_rows(answer, lang),
        "portfolio_years": year_rows(answer),
        "portfolio_front": front_rows(answer),
        "portfolio_numbers": number_rows(view, lang),
        "portfolio_checks": check_rows(answer, lang),
        "portfolio_trust": trust(answer, lang),
        "portfolio_of_measures": of_measures,
        "portfolio_assumed": others,
    }


def pairs_of(goal: Any) -> list[tuple[str, Any]]:
    """The question of the page beside its place, by name and value."""
    wanted = goal.wanted
    pairs: list[tuple[str, Any]] = [("until", wanted.until)]
    pairs += [("base", wanted.base)] if wanted.base else []
    for year, cap in goal.caps:
        pairs += [("cap_year", year), ("cap", f"{cap / WAN:g}")]
    for line in budget_lines(goal):
        if line["from"]:
            pairs += list(line.items())
    if goal.fair:
        pairs += [("fair", goal.fair.of), ("least", f"{goal.fair.least:g}")]
        pairs += [("most", f"{goal.fair.most:g}")] if goal.fair.most != float("inf") else []
    pairs += [("whole", code) for code in goal.whole]
    pairs += [(name, 1) for name in ("only_caps", "indirect") if getattr(goal, name)]
    pairs += [("front", goal.front)]
    pairs += [("at_risk", f"{goal.at_risk:g}")] if goal.at_risk else []
    return [*pairs, *basis_pairs(wanted)]


def budget_lines(goal: Any) -> list[dict[str, str]]:
    """Lines of the form for money: years with capital and spending of each, some empty."""
    lines: dict[tuple[int, int], dict[str, str]] = {}
    for name in ("capital", "spending"):
        for first, last, amount in getattr(goal, name):
            line = lines.setdefault((first, last), {"capital": "", "spending": ""})
            line[name] = f"{amount / WAN:g}"
    filled = [
        {"from": str(first), "to": str(last), **line} for (first, last), line in lines.items()
    ]
    return _lines(filled, {"from": "", "to": "", "capital": "", "spending": ""})


def _lines(filled: list[Any], empty: Any) -> list[Any]:
    """What is filled in, and at least one empty line more to fill."""
    return [*filled, *[empty] * max(1, LEAST_ROWS - len(filled))]


def room_said(view: Row, lang: str) -> str:
    """Between what a cap of the last year can lie."""
    room = view["room"]
    if room is None:
        return ""
    about = {"year": room["year"], "without": wan(room["without"]), "counts": counted(room, lang)}
    if room["least"] is None:
        return word("portfolio.room.none", lang, **about)
    return word("portfolio.room", lang, **about, least=wan(room["least"]))


def _try(view: Row, lang: str) -> dict[str, str] | None:
    """A cap in the middle of the room, as a link, where nothing is asked for yet."""
    room, goal = view["room"], view["goal"]
    if room is None or room["least"] is None or view["answer"] is not None or goal.caps:
        return None
    cap = round((room["without"] + room["least"]) / 2 / WAN)
    asked = [("place", view["place"]), *pairs_of(goal), ("cap_year", room["year"]), ("cap", cap)]
    said = word("portfolio.room.try", lang, year=room["year"], cap=computed(float(cap)))
    return {"said": said, "address": f"/portfolio?{urlencode(asked)}"}


def said_of(view: Row, lang: str) -> str:
    """The answer in one sentence."""
    answer = view["answer"]
    said = word(
        "portfolio.said",
        lang,
        place=view["name"][0 if lang == "zh" else 1],
        count=sum(row["begins"] is not None for row in answer["measures"]),
        emissions=emissions_said(answer, lang),
        cost=yi(answer["cost"]),
        base=answer["base_year"],
    )
    shares = {"cost": percent(answer["assumed_cost"], 0), "cut": percent(answer["assumed_cut"], 0)}
    return said + word("portfolio.said.assumed", lang, **shares)


def target_rows(answer: Row, lang: str) -> list[dict[str, Any]]:
    """What must be reached and what is. [10⁴ t]"""
    return [
        {
            "name": row["zh"] if lang == "zh" else row["en"],
            "limit": wan(row["limit"]),
            "without": wan(row["without"]),
            "measured": wan(row["measured"]),
            "cut": wan(row["cut"]),
            "mark": mark(row["mark"] == "assumed", lang),
            "counts": counted(row, lang),
        }
        for row in answer["targets"]
    ]


def measure_rows(view: Row, lang: str) -> list[dict[str, Any]]:
    """The measures that are taken, the largest cut of the first target first."""
    answer, named = view["answer"], titles(view, lang)
    taken = [row for row in answer["measures"] if row["begins"] is not None]
    return [
        {
            "title": named.get(row["measure"], row["measure"]),
            "changes": changes(row, answer["english"], lang),
            "begins": row["begins"],
            "level": percent(row["level"], 0),
            "regions": row["regions"],
            "capital": yi(row["capital"]),
            "running": yi(row["running"]),
            "cut": wan(row["cut"][0]),
            "effect_mark": mark(row["assumed_effect"], lang),
            "cost_mark": mark(row["assumed_cost"], lang),
        }
        for row in sorted(taken, key=lambda row: -row["cut"][0])
    ]


def unused_said(view: Row, lang: str) -> str:
    """The measures that are not taken; "" where all are."""
    named = titles(view, lang)
    rows = [row for row in view["answer"]["measures"] if row["begins"] is None]
    names = [named.get(row["measure"], row["measure"]) for row in rows]
    return word("portfolio.unused", lang, names=joined(names, lang)) if names else ""


def level_table(view: Row, lang: str) -> dict[str, Any]:
    """How far each measure has gone, by region, in some years."""
    answer, named = view["answer"], titles(view, lang)
    years = [row["year"] for row in answer["years"]]
    shown = shown_years(years, TABLE_YEARS)
    rows = [
        {
            "title": named.get(row["measure"], row["measure"]),
            "region": region_name(answer, row["region"], lang),
            "levels": [percent(row["levels"][n], 0) for n in shown],
        }
        for row in answer["levels"]
    ]
    return {"years": [years[n] for n in shown], "rows": rows}


def region_name(answer: Row, code: str, lang: str) -> str:
    """What a region of the study is called."""
    names = answer["regions_named"].get(code)
    return names[0 if lang == "zh" else 1] if names else code


def region_rows(answer: Row, lang: str) -> list[dict[str, Any]]:
    """What each region pays and cuts; none of a study of one."""
    if len(answer["regions"]) < 2:
        return []
    return [
        {
            "name": region_name(answer, row["region"], lang),
            "capital": yi(row["capital"]),
            "share": "" if row["share"] is None else percent(row["share"], 1),
            "running": yi(row["running"]),
            "cut": wan(row["cut"][0]),
        }
        for row in answer["regions"]
    ]


def year_rows(answer: Row) -> list[dict[str, Any]]:
    """Emissions [10⁴ t] and money [10⁸ yuan] by year."""
    return [
        {
            "year": row["year"],
            "without": wan(row["emissions_without"]),
            "with": wan(row["emissions"]),
            **{name: known_wan(row[name]) for name in WITH_POWER},
            "capital": yi(row["capital"]),
            "running": yi(row["running"]),
            "budget": "" if row["capital_budget"] is None else yi(row["capital_budget"]),
        }
        for row in answer["years"]
    ]


def some_with_power(answer: Row) -> bool:
    """Whether emissions with indirect ones stand beside those of the place."""
    return any(row["with_power"] is not None for row in answer["years"])


def known_wan(tonnes: float | None) -> str:
    """Tonnes as 10⁴ t, "" where they are not known."""
    return "" if tonnes is None else wan(tonnes)


def front_rows(answer: Row) -> list[dict[str, Any]]:
    """Cut, what is left, cost and price of the last tonne along the front."""
    return [
        {
            "cut": wan(point["cut"]),
            "measured": wan(point["measured"]),
            "cost": yi(point["cost"]),
            "price": computed(point["price"]),
        }
        for point in (answer.get("front") or {"points": []})["points"]
    ]


def number_rows(view: Row, lang: str) -> list[dict[str, Any]]:
    """The numbers of each measure with marks, clause and the file that they were read from."""
    explained, named = view["answer"]["explained"], titles(view, lang)
    return [
        {
            "title": named.get(code, code),
            "numbers": joined(numbers(row, lang), lang),
            "clause": row["clause"],
            "sources": row["sources"],
        }
        for code, row in explained.items()
    ]


def check_rows(answer: Row, lang: str) -> list[dict[str, Any]]:
    """Both choices on fresh draws, where one at risk is asked for."""
    return [
        {
            "choice": word(f"portfolio.choice.{row['choice']}", lang),
            "target": target_name(answer, row["target"], lang),
            "beyond": wan(row["beyond"]),
            "odds": percent(row["odds"], 1),
            "error": percent(row["error"], 2),
        }
        for row in (answer.get("at_risk") or {"checks": []})["checks"]
    ]
