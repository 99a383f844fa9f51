"""The page of air: a calendar of days under each edition, the year side by side, and the days that
goals still allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.graph.said import say_missing, word_of
from hengtan.report.account_tables import name_in
from hengtan.report.page.assets import dump
from hengtan.report.page.families import Page
from hengtan.report.page.figures import FALL, GRID, HOUSE, RISE, layout
from hengtan.report.page.year_end import odds_text
from hengtan.report.words import word

PAGES = (Page("air", menu=115),)
MONTHS, DAYS = range(1, 13), range(1, 32)
LEVELS = 6
LINE_OF_GOAL = 76
"""Height of a goal in the picture of the days it allows. [px]"""
RULING = "ruling"
NO_INDEX = "#eef1f3"
TOLD = ("doubts", "lost")
Row = Mapping[str, Any]


def calendar(view: Mapping[str, Any], edition: str, lang: str) -> dict[str, Any] | None:
    """The days of the year under an edition, a line a month: the colour of the level, the index in
    the cell; None where there is none.
    """
    rows = {row["day"]: row for row in view["days"] if _is_of(row, edition)}
    if not rows:
        return None
    by_cell = {(day.month, day.day): row for day, row in rows.items()}
    cells = [[by_cell.get((month, day)) for day in DAYS] for month in MONTHS]
    trace = {
        "type": "heatmap",
        "x": list(DAYS),
        "y": [word("air.month", lang, month=month) for month in MONTHS],
        "z": [[row["level"] if row else None for row in line] for line in cells],
        "text": [[_index_of(row) for row in line] for line in cells],
        "customdata": [[_primary_of(row) for row in line] for line in cells],
        "texttemplate": "%{text}",
        "hovertemplate": "%{y} %{x}: %{text} %{customdata}<extra></extra>",
        "textfont": {"size": 10},
        "zmin": 0.5,
        "zmax": LEVELS + 0.5,
        "xgap": 2,
        "ygap": 2,
        "colorscale": _colours(view["levels"]),
        "colorbar": {
            "tickvals": list(range(1, LEVELS + 1)),
            "ticktext": [
                level["name_zh" if lang == "zh" else "name_en"] for level in view["levels"]
            ],
            "thickness": 14,
        },
    }
    place = view["place_zh" if lang == "zh" else "place_en"]
    shape = layout(
        word(
            "air.calendar",
            lang,
            place=place,
            year=view["year"],
            edition=edition_name(edition, lang),
        ),
        height=430,
        xaxis={"dtick": 1, "side": "top", "showgrid": False, "fixedrange": True},
        yaxis={"autorange": "reversed", "showgrid": False, "fixedrange": True},
        plot_bgcolor=NO_INDEX,
        margin={"l": 64, "r": 20, "t": 76, "b": 20},
    )
    return {"data": [trace], "layout": shape}


def slack_of_days(left: Sequence[Row], lang: str) -> dict[str, Any] | None:
    """The days that missed each goal under each edition as a bar, red beyond what the year allows,
    and that as a mark beside it; None where there is no goal.
    """
    if not left:
        return None
    rows = sorted(left, key=_key, reverse=True)  # the first stands on top
    lines = list(range(len(rows)))
    missed = {
        "type": "bar",
        "orientation": "h",
        "name": word("air.bad", lang),
        "y": lines,
        "x": [row["bad_days"] for row in rows],
        "marker": {"color": [FALL if row["still_allowed"] >= 0 else RISE for row in rows]},
        "width": 0.3,
    }
    allowed = {
        "type": "scatter",
        "mode": "markers",
        "name": word("air.allowed", lang),
        "y": lines,
        "x": [row["bad_allowed"] for row in rows],
        "marker": {"symbol": "line-ns", "size": 26, "line": {"color": HOUSE, "width": 3}},
    }
    most = max(max(row["bad_days"], row["bad_allowed"]) for row in rows)
    shape = layout(
        word("air.slack", lang, year=max(row["year"] for row in rows)),
        height=140 + LINE_OF_GOAL * len(rows),
        annotations=[_over_its_bar(line, row, lang) for line, row in enumerate(rows)],
        xaxis={"range": [0, 1.05 * max(most, 1)], "gridcolor": GRID, "tickformat": "d"},
        yaxis={"range": [-0.4, len(rows) - 0.1], "visible": False, "fixedrange": True},
        legend={"orientation": "h", "yref": "container", "y": 0.01, "yanchor": "bottom"},
        margin={"l": 20, "r": 20, "t": 46, "b": 70},
    )
    return {"data": [missed, allowed], "layout": shape}


def _over_its_bar(line: int, row: Row, lang: str) -> dict[str, Any]:
    """What stands over a bar: goal, edition and method, and below them the days."""
    goal = word(
        "air.slack_of",
        lang,
        goal=f"{row['goal']:g}",
        edition=edition_name(row["edition"], lang),
        method=method_name(row["method"], lang),
    )
    days = word(
        "air.slack_days",
        lang,
        bad=row["bad_days"],
        allowed=row["bad_allowed"],
        days=row["days_to_come"],
    )
    return {
        "text": f"{goal}<br><b>{days}</b>",
        "align": "left",
        "x": 0,
        "xanchor": "left",
        "y": line + 0.2,
        "yanchor": "bottom",
        "showarrow": False,
    }


def _is_of(row: Row, edition: str) -> bool:
    return bool(row["ruling"]) if edition == RULING else row["edition"] == edition


def _index_of(row: Row | None) -> str:
    return "" if row is None or row["aqi"] is None else f"{row['aqi']:.0f}"


def _primary_of(row: Row | None) -> str:
    return (row["primary_items"] or "") if row else ""


def _colours(levels: Sequence[Row]) -> list[list[Any]]:
    """The official colour of each level, in steps."""
    steps: list[list[Any]] = []
    for number, level in enumerate(sorted(levels, key=lambda row: row["level"])):
        colour = f"rgb({level['rgb'].replace(';', ',')})"
        steps += [[number / LEVELS, colour], [(number + 1) / LEVELS, colour]]
    return steps


def edition_name(edition: str, lang: str) -> str:
    """The name of an edition; of the one that rules on each day in words."""
    return word_of(f"value.edition.{edition}", lang, edition)


def air_context(view: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The calendars and tables of the page, figures as text."""
    tables = {name: [_said(row, lang) for row in rows] for name, rows in view["tables"].items()}
    editions = (RULING, *sorted({row["edition"] for row in view["days"]}))
    drawn = [calendar(view, edition, lang) for edition in editions]
    years = sorted(tables["air_place_years"], key=lambda row: (row["method"], row["edition"]))
    past = {_key(row): row for row in tables["air_year_end"]}
    odds = {_key(row): row for row in view.get("odds", ())}
    slack = slack_of_days(tables["air_days_left"], lang)
    return {
        "air": {**view, **{name: [_said(row, lang) for row in view[name]] for name in TOLD}},
        "air_figures": [dump(figure) for figure in drawn if figure],
        "air_slack": dump(slack) if slack else None,
        "air_years": [_year_shown(row, lang) for row in years],
        "air_left": [
            _left_shown(row, past.get(_key(row)), view.get("target_names", {}), lang)
            | {"odds_text": odds_text(odds.get(_key(row)), lang)}
            for row in sorted(tables["air_days_left"], key=_key)
        ],
        "air_items": [
            {**row, "method_text": method_name(row["method"], lang)}
            for row in sorted(tables["air_place_year_items"], key=_item_order)
        ],
        "air_composite": [
            {**row, "method_text": method_name(row["method"], lang)}
            for row in sorted(tables["air_composite"], key=lambda row: row["weights"])
        ],
    }


def _said(row: Row, lang: str) -> dict[str, Any]:
    """The row with what it lacks in the language of the page."""
    return {**row, "missing": say_missing(row.get("missing_codes") or row.get("missing"), lang)}


def method_name(method: str, lang: str) -> str:
    """What days come from: hours, or days as reported."""
    return word_of(f"value.method.{method}", lang, method)


def _key(row: Row) -> tuple[str, ...]:
    return (row["target_id"], row["method"], row["edition"])


def _item_order(row: Row) -> tuple[str, str, str]:
    return (row["method"], row["item"], row["averaging"])


def _year_shown(row: Row, lang: str) -> dict[str, Any]:
    return {**row, **_named(row, lang), "share_text": _figure(row["good_share"], 1)}


def _left_shown(
    row: Row, past: Row | None, names: Mapping[str, tuple[str, str]], lang: str
) -> dict[str, Any]:
    target = name_in(names, row["target_id"], lang)
    return {**row, **_named(row, lang), "past": past, "target_text": target}


def _named(row: Row, lang: str) -> dict[str, str]:
    """Edition and method of a row in words."""
    return {
        "edition_text": edition_name(row["edition"], lang),
        "method_text": method_name(row["method"], lang),
    }


def _figure(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
