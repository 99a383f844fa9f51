"""What is said of a portfolio: its cost, how far it can be trusted, shadow prices in words, what
each measure changes. Pages, papers and workbooks say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.report.numerals import computed, percent
from hengtan.report.words import has, joined, word

Answer = Mapping[str, Any]
WAN, YI_OF_WAN = 1e4, 1e4
"""Tonnes of 10⁴ t; 10⁴ yuan of 10⁸ yuan."""
MOST_SECTORS = 3
"""Sectors that are named; of more their number."""
NO_PRICE = 1e-9
OF_CARBON = ("tCO2e", "tCO2")
OF_A_MEASURE = "assumed.measure"


def summary(answer: Answer, lang: str = "zh") -> list[str]:
    """What is said of an answer before its tables."""
    lines = [word("portfolio.synthetic", lang)] if answer["synthetic"] else []
    if answer.get("projected"):
        lines.append(word("portfolio.projected", lang))
    lines.append(
        word(
            "portfolio.summary.cost",
            lang,
            name=name_of(answer, lang),
            cost=answer["cost"],
            year=answer["base_year"],
            rate=answer["rate"],
            source=_source(answer["rate_source"], lang),
            capital=answer["capital"],
            running=answer["running"],
        )
    )
    lines += [emissions_said(answer, lang), *goals_said(answer, lang)]
    return lines + trust(answer, lang)


def emissions_said(answer: Answer, lang: str) -> str:
    """What the last year emits with the measures and without, which emissions these are, and, where
    caps count bought power, both with its indirect emissions.
    """
    last = answer["years"][-1]
    places = "districts" if answer.get("by_district") else "place"
    counts = word(f"portfolio.said.{places}", lang) if answer.get("projected") else ""
    said = word(
        "portfolio.said.emissions",
        lang,
        year=last["year"],
        counts=counts,
        emissions=wan(last["emissions"]),
        without=wan(last["emissions_without"]),
    )
    if last["with_power"] is None or last["with_power_without"] is None:
        return said
    of_whole = any(row["counts"] == "whole_with_power" for row in answer["targets"])
    return said + word(
        f"portfolio.said.{'whole' if of_whole else 'with_power'}",
        lang,
        emissions=wan(last["with_power"]),
        without=wan(last["with_power_without"]),
    )


def goals_said(answer: Answer, lang: str) -> list[str]:
    """What is said of goals: those left out with the reason, what no district holds."""
    return [row[lang] for row in answer.get("of_goals", ())]


def name_of(answer: Answer, lang: str) -> str:
    """What the study is called; its Chinese name where it has no English one."""
    return str(answer["name"] if lang == "zh" else answer.get("name_english") or answer["name"])


def trust(answer: Answer, lang: str) -> list[str]:
    """How far program and model part, what rests on assumptions, what is not proven."""
    lines = [
        word(
            "portfolio.summary.gap",
            lang,
            gap=answer["gap"],
            missed=answer["missed"],
            rounds=answer["rounds"],
            first=_share(answer["additive_gap"]),
            starts=answer["starts"],
            spread=answer["spread"],
        ),
        word(
            "portfolio.summary.assumed",
            lang,
            cut=answer["assumed_cut"],
            cost=answer["assumed_cost"],
        ),
    ]
    lines += [word("portfolio.summary.counted", lang), word("portfolio.summary.local", lang)]
    if answer["integer_gap"] is not None:
        lines.append(word("portfolio.summary.integer", lang, gap=answer["integer_gap"]))
    if risk := answer.get("at_risk"):
        lines.append(
            word(
                "portfolio.summary.at_risk",
                lang,
                alpha=risk["alpha"],
                draws=risk["draws"],
                seed=risk["seed"],
                more=risk["dearer_by"],
                fresh=risk["fresh"],
            )
        )
    return lines


def _source(source: str | Mapping[str, str], lang: str) -> str:
    said = source if isinstance(source, str) else source[lang]
    return said or word("portfolio.no_source", lang)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def wan(tonnes: float) -> str:
    """Tonnes as 10⁴ t."""
    return computed(tonnes / WAN)


def yi(money: float) -> str:
    """10⁴ yuan as 10⁸ yuan, with a true sign of minus."""
    return f"{money / YI_OF_WAN:,.2f}".replace("-", "−")


def counted(target: Mapping[str, Any], lang: str) -> str:
    """What a target counts; nothing where its own file says it."""
    counts = target.get("counts")
    return word(f"portfolio.counts.{counts}", lang) if counts else ""


def prices(answer: Answer, lang: str) -> list[str]:
    """What one more unit of each limit is worth, in words; that a limit is free where none is."""
    said = []
    for row in answer["targets"]:
        name = row["zh"] if lang == "zh" else row["en"]
        unit = word("portfolio.price.tonne" if row["unit"] in OF_CARBON else "portfolio.price.tce")
        if lang == "en":
            unit = row["unit"]
        if abs(row["price"]) <= NO_PRICE:
            said.append(word("portfolio.price.free", lang, target=name))
            continue
        own = row["price_of_its_year"]
        then = (
            ""
            if own is None
            else word("portfolio.price.then", lang, year=row["years"][0], own=computed(own))
        )
        said.append(
            word(
                "portfolio.price.target",
                lang,
                target=name,
                unit=unit,
                price=computed(row["price"]),
                year=answer["base_year"],
                then=then,
            )
        )
    return said + _of_money(answer, lang)


def _of_money(answer: Answer, lang: str) -> list[str]:
    """What a yuan more of a year's budget saves."""
    return [
        word(f"portfolio.price.{name}", lang, year=row["year"], worth=f"{worth:.3g}")
        for name in ("capital", "spending")
        for row in answer["years"]
        if (worth := row[f"worth_of_{name}"]) is not None and worth > NO_PRICE
    ]


def changes(measure: Answer, english: Mapping[str, str], lang: str) -> str:
    """Which drivers a measure changes, by how much, where; ``english``: names by Chinese ones."""

    def called(name: str) -> str:
        return name if lang == "zh" else english.get(name, name)

    said = []
    for change in measure["changes"]:
        sectors = [called(name) for name in change["sectors"]]
        where = (
            joined(sectors, lang)
            if len(sectors) <= MOST_SECTORS
            else word("portfolio.sectors", lang, count=len(sectors))
        )
        moved = " → ".join(called(name) for name in (change["carrier"], change["to"]) if name)
        driver = word(f"portfolio.driver.{change['driver']}", lang)
        place = word(
            "portfolio.change.where", lang, where=where, moved=f" {moved}" if moved else ""
        )
        said.append(f"{driver} −{percent(change['effect'], 1)}{place}")
    return word("portfolio.change.and", lang).join(said)


def target_name(answer: Answer, zh: str, lang: str) -> str:
    """What a target is called in a language, by its Chinese name; that one where no other stands in
    the answer.
    """
    named = {row["zh"]: row["en"] for row in answer["targets"]}
    return zh if lang == "zh" else str(named.get(zh, zh))


def mark(assumed: bool, lang: str) -> str:
    """Whether a number is assumed or established."""
    return word("portfolio.mark.assumed" if assumed else "portfolio.mark.established", lang)


def numbers(explained: Answer, lang: str) -> list[str]:
    """The numbers of a measure with their units, marks and sources."""
    which = 0 if lang == "zh" else 1
    return [
        " ".join(
            filter(
                None,
                (
                    row["name"][which],
                    f"{row['value']:,.10g}",
                    _unit(row["number"], lang),
                    f"({mark(not row['established'], lang)})",
                    row["source"] if row["established"] else "",
                ),
            )
        )
        for row in explained["numbers"]
    ]


def _unit(number: str, lang: str) -> str:
    """The unit of a measure's number, "" where it has none."""
    key = f"portfolio.unit.{number}"
    return word(key, lang) if has(key) else ""


def titles(view: Answer, lang: str) -> dict[str, str]:
    """What measures are called, by code."""
    name = "title" if lang == "zh" else "title_english"
    return {row["measure"]: row[name] for row in view["measures"]}


def shown_years(years: Sequence[int], every: int) -> list[int]:
    """Positions of the first, the last and every so many years."""
    last = len(years) - 1
    return [n for n in range(len(years)) if n in (0, last) or years[n] % every == 0]


def assumed(answer: Answer, lang: str) -> tuple[str, list[Answer]]:
    """That numbers of the measures are assumed, as their table says of each, and what else lacks or
    is assumed.
    """
    others = [row for row in answer["assumptions"] if row["code"] != OF_A_MEASURE]
    count = len(answer["assumptions"]) - len(others)
    said = word("portfolio.of_measures", lang, count=count) if count else ""
    return said, [*answer["gaps"], *others]
