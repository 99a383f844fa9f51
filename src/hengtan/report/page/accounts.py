"""The page of energy and carbon accounts of a place, served and as an offline file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hengtan.basis.whole_files import write_whole
from hengtan.graph.domains import Section
from hengtan.graph.said import heading, say_missing, word_of
from hengtan.report.account_tables import CHANGES, View, rows_of, shown, tabled, title
from hengtan.report.page.account_charts import figures
from hengtan.report.page.assets import asset, dump, plotly_script
from hengtan.report.page.families import Page
from hengtan.report.page.render import Pages
from hengtan.report.page.year_end import year_end_lines
from hengtan.report.words import word

PAGES = (Page("accounts", menu=150),)
MOST_ROWS = 400
Row = Mapping[str, Any]
CODES = ("missing", "unestablished")
"""Lists of codes of a view."""
NOT_NAMES = ("year", "confidence", "missing", "reason", "holds", "note")
"""Columns that do not say of what a figure is."""


def years_of(view: View) -> list[int]:
    """The years that any table of the place has rows of, the newest first."""
    rows = (row for section in tabled() for row in rows_of(view, section))
    return sorted({row["year"] for row in rows if row.get("year")}, reverse=True)


def newest_year(view: View) -> int | None:
    """The newest year of records: years ahead of them (what is sold and will reach its end) are
    shown when they are asked for.
    """
    rows = (row for section in tabled() for row in rows_of(view, section))
    return max(
        (row["year"] for row in rows if row.get("year") and not row.get("ahead")), default=None
    )


def tables(
    view: View, lang: str, most: int = MOST_ROWS, year: int | None = None
) -> list[dict[str, Any]]:
    """The tables of the page that have rows: title, headings, cells as text, rows left out, and
    where each row is explained. ``year``: of that year alone, with the change on the year before.
    """
    shown_tables = []
    for section in tabled():
        every, columns = rows_of(view, section), section.columns
        rows = [row for row in every if year is None or row.get("year", year) == year]
        rows.sort(key=_order)
        if not rows:
            continue
        numeric = [bool(column.scale) for column in columns]
        headings = [heading(section, column.name, lang) for column in columns]
        changes = _changes(section, rows, every) if year is not None else None
        if changes:
            headings.append(word("accounts.change", lang))
            numeric.append(True)
        shown_tables.append(
            {
                "name": section.account,
                "title": title(section, lang),
                "note": word_of(f"note.{section.account}", lang, ""),
                "headings": headings,
                "numeric": numeric,
                "rows": [
                    [
                        *(_text(shown(view, c, row.get(c.name), lang)) for c in columns),
                        *([changes[number]] if changes else []),
                    ]
                    for number, row in enumerate(rows[:most])
                ],
                "origins": [_origin(view, section, row) for row in rows[:most]],
                "more": max(len(rows) - most, 0),
            }
        )
    return shown_tables


def _changes(section: Section, rows: Sequence[Row], every: Sequence[Row]) -> list[str]:
    """The change of the first figure of each row on that of the year before; nothing for a table
    without years or figures, or with a change of its own.
    """
    figures_of = [column.name for column in section.columns if column.scale]
    has_its_own = any(column.name in CHANGES for column in section.columns)
    if has_its_own or not figures_of or any(row.get("year") is None for row in rows):
        return []
    named = [c.name for c in section.columns if not c.scale and c.name not in NOT_NAMES]
    first = figures_of[0]
    before = {(row["year"], *(row.get(n) for n in named)): row.get(first) for row in every}
    return [
        change_text(
            row.get(first), before.get((row["year"] - 1, *(row.get(name) for name in named)))
        )
        for row in rows
    ]


def change_text(now: Any, before: Any) -> str:
    """The change of a figure on an earlier one in per cent; "—" where either is not known."""
    if not isinstance(now, (int, float)) or not isinstance(before, (int, float)) or not before:
        return "—"
    return f"{(now - before) / abs(before):+.1%}"


def _origin(view: View, section: Section, row: Row) -> str:
    """Where a row is explained."""
    key = {name: row[name] for name in view["keys"][section.account] if row.get(name) is not None}
    return f"/explain/{section.account}?{urlencode(key)}"


def completeness(view: View, lang: str, year: int | None) -> list[dict[str, Any]]:
    """Each form that the accounts rest on: what it holds of the year, and of which years it holds
    something.
    """
    return [
        {
            "form": form["form"],
            "title": form["zh" if lang == "zh" else "en"],
            "rows": sum(rows for rows, _ in _of_year(form, year)),
            "units": max((units for _, units in _of_year(form, year)), default=0),
            "years": sorted(form["years"]),
        }
        for form in view["held"]
    ]


def _of_year(form: Mapping[str, Any], year: int | None) -> list[tuple[int, int]]:
    return [counts for of, counts in form["years"].items() if year in (None, of)]


def _order(row: Mapping[str, Any]) -> tuple[int, str, float]:
    """The latest year first, then by method, then the largest emission first."""
    return -(row.get("year") or 0), str(row.get("method")), -abs(row.get("co2e") or 0)


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if not isinstance(value, float):
        return str(value)
    size = abs(value)
    if size >= 10_000:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if size >= 1 else f"{value:.4g}"


def _said(codes: Iterable[str], lang: str) -> list[str | None]:
    return [say_missing(code, lang) for code in codes]


def page_context(view: View, lang: str, asked: str = "all") -> dict[str, Any]:
    """What the template shows in one language; ``asked``: a year, "" for the newest, or all."""
    years = years_of(view)
    year = _year_asked(asked, newest_year(view))
    return {
        "accounts": {**view, **{name: _said(view.get(name, ()), lang) for name in CODES}},
        "account_options": [
            (
                name,
                word_of(f"option.{name}", lang, name),
                _chosen(view, name, value, lang),
            )
            for name, value in view["options"].items()
        ],
        "account_tables": tables(view, lang, year=year),
        "account_figures": [dump(figure) for figure in figures(view, lang)],
        "account_year_ends": year_end_lines(
            (row for row in view.get("year_ends", ()) if year in (None, row["year"])),
            view.get("target_names", {}),
            lang,
        ),
        "account_years": years,
        "account_year": year,
        "account_forms": completeness(view, lang, year),
    }


def _chosen(view: View, option: str, value: Any, lang: str) -> str:
    """What is chosen of an option: a set of factors by the name its pack gives it."""
    if value is None:
        return "—"
    if value in view["sets"]:
        return str(view["sets"][value][lang == "en"])
    return word_of(f"value.{option}.{value}", lang, str(value))


def _year_asked(asked: str, newest: int | None) -> int | None:
    """The year that is meant: the newest where none is named, None for all; one without rows is
    asked for as it is, so that the page can say what lacks.
    """
    if asked.isascii() and asked.isdigit() and len(asked) == 4:
        return int(asked)
    return None if asked == "all" else newest


def write_accounts_page(view: View, status: Any, path: Path, lang: str = "zh") -> Path:
    """The accounts as one offline HTML file, whole or not at all; ``status``: the view of the
    frame.
    """
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
