"""The page of assessments: workbooks with results by rank and the odds of each grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.report.page.assets import dump
from hengtan.report.page.families import Page
from hengtan.report.page.figures import layout
from hengtan.report.words import word

PAGES = (Page("assess", menu=130),)
GRADE_COLOURS = ("#1b7a48", "#0b6a8a", "#d98324", "#b3261e", "#7d1f3f", "#8b949e")
BETWEEN_COLOUR = "#d9e0e6"
LEAST_SHARE = 0.001
"""A share below it is not drawn."""
LEAST_LOSS = 0.005
"""Points lost below it are not told."""
Odds = Mapping[str, Any]


def odds_figure(book: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    """Stacked bars of the odds of each grade.

    Where items are unknown, what depends on them is a part of its own.
    """
    rows: Sequence[Odds] = book["odds"][::-1]
    if not rows:
        return None
    names, grades = [row["name"] for row in rows], book["grades"]
    bars = [
        _bar(names, [_at_least(row, grade) for row in rows], grade, colour)
        for grade, colour in zip(grades, _colours(len(grades)), strict=True)
    ]
    between = [_depends_on_the_unknown(row, grades) for row in rows]
    if any(share > LEAST_SHARE for share in between):
        bars.append(_bar(names, between, word("assess.between", lang), BETWEEN_COLOUR))
    shape = layout(
        word("assess.odds", lang).format(book["year"]),
        barmode="stack",
        height=130 + 34 * len(rows),
        margin={"l": 120, "r": 20, "t": 46, "b": 60},
        xaxis={"tickformat": ".0%", "range": [0, 1]},
        yaxis={"automargin": True},
        legend={"orientation": "h", "y": -0.2},
    )
    return {"data": bars, "layout": shape}


def _colours(count: int) -> list[str]:
    return [GRADE_COLOURS[n % len(GRADE_COLOURS)] for n in range(count)]


def _at_least(row: Odds, grade: str) -> float:
    """The odds of a grade; their lower bound where items are unknown."""
    if row["odds"]:
        return row["odds"][grade]
    return min(row["if_unknown_met"][grade], row["if_unknown_missed"][grade])


def _depends_on_the_unknown(row: Odds, grades: Sequence[str]) -> float:
    """The share between the bounds."""
    return 0.0 if row["odds"] else 1 - sum(_at_least(row, grade) for grade in grades)


def _bar(names: Sequence[str], shares: Sequence[float], grade: str, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": list(shares),
        "name": grade,
        "marker": {"color": colour},
        "texttemplate": "%{x:.0%}",
        "textposition": "inside",
    }


def assess_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Workbooks with their results by rank and the chart of odds."""
    return {"assess_books": [_book(book, lang) for book in view["workbooks"]]}


def _book(book: Mapping[str, Any], lang: str) -> dict[str, Any]:
    chart = odds_figure(book, lang)
    return {
        **book,
        "rows": [
            {**row, "lost_text": _lost_most(row["items"])}
            for row in sorted(book["results"], key=by_rank)
        ],
        "chart": dump(chart) if chart else None,
        "unknown": max((len(row["unknown"]) for row in book["odds"]), default=0),
    }


def by_rank(row: Mapping[str, Any]) -> tuple[bool, int]:
    """The order of a ranking; what has no rank stands last."""
    return row["rank"] is None, row["rank"] or 0


def _lost_most(items: Sequence[Mapping[str, Any]]) -> str:
    """The three items that lost most points."""
    worst = sorted(items, key=lambda item: -item["lost"])[:3]
    return word("list.clause").join(
        f"{item['name']} −{item['lost']:.2f}" for item in worst if item["lost"] > LEAST_LOSS
    )
