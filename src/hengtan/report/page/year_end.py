"""Odds to keep to goals until the end of a year under way, in words: days of air that may still be
bad, sections of rivers that may fail, beside the counts of past years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hengtan.graph.said import word_of
from hengtan.report.account_tables import name_in
from hengtan.report.words import word

Row = Mapping[str, Any]
AIR = "air"


def odds_text(row: Row | None, lang: str) -> str:
    """The chance to keep to a goal until the end of the year, with what is expected and what the
    forecast notes of itself; empty where the past years are too few for a forecast.
    """
    if row is None or row["chance"] is None:
        return ""
    numbers = (f"{row[name]:.0f}" for name in ("point", "low", "high"))
    key = "air.odds" if row["kind"] == AIR else "accounts.year_end.odds"
    said = word(key, lang).format(f"{row['chance']:.0%}", *numbers)
    notes = row["notes"] if lang == "zh" else row["notes_en"]
    return ("；" if lang == "zh" else "; ").join([said, *notes])


def year_end_lines(
    rows: Iterable[Row], names: Mapping[str, tuple[str, str]], lang: str
) -> list[dict[str, Any]]:
    """A line for each goal and year: goal, year, of what, still allowed, past years, odds; all as
    text. ``rows``: of ``desk.year_end``.
    """
    ordered = sorted(rows, key=lambda row: (row["target_id"], row["year"], _things(row, lang)))
    return [
        {
            "target_id": row["target_id"],
            "target": name_in(names, row["target_id"], lang),
            "year": row["year"],
            "things": _things(row, lang),
            "allowed": row["allowed"],
            "past": _past(row, lang),
            "odds": odds_text(row, lang) or word("air.odds.none", lang),
        }
        for row in ordered
    ]


def _things(row: Row, lang: str) -> str:
    """What is counted; of air with the edition and where the days come from."""
    if row["kind"] != AIR:
        return word("accounts.year_end.sections", lang)
    edition = word_of(f"value.edition.{row['edition']}", lang, row["edition"])
    method = word_of(f"value.method.{row['method']}", lang, row["method"])
    return word("accounts.year_end.days", lang, edition=edition, method=method)


def _past(row: Row, lang: str) -> str:
    if not row["past_years"]:
        return "—"
    counts = (row["past_years"], row["kept"], f"{row['fewest']:.0f}", f"{row['most_yet']:.0f}")
    return word("accounts.year_end.past", lang).format(*counts)
