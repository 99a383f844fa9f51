"""The page of energy and carbon accounts of a place, served and as an offline file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.graph.said import heading, say_missing
from hengtan.report.account_tables import View, rows_of, shown, tabled, title
from hengtan.report.page.account_charts import figures
from hengtan.report.page.assets import asset, dump, plotly_script
from hengtan.report.page.families import Page
from hengtan.report.page.render import Pages

PAGES = (Page("accounts", menu=150),)
MOST_ROWS = 400


def tables(view: View, lang: str, most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The tables of the page that have rows: title, headings, cells as text, rows left out."""
    shown_tables = []
    for section in tabled():
        rows, columns = sorted(rows_of(view, section), key=_order), section.columns
        if not rows:
            continue
        shown_tables.append(
            {
                "name": section.account,
                "title": title(section, lang),
                "headings": [heading(section, column.name, lang) for column in columns],
                "numeric": [bool(column.scale) for column in columns],
                "rows": [
                    [_text(shown(view, column, row.get(column.name), lang)) for column in columns]
                    for row in rows[:most]
                ],
                "more": max(len(rows) - most, 0),
            }
        )
    return shown_tables


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


def page_context(view: View, lang: str) -> dict[str, Any]:
    """What the template shows in one language."""
    return {
        "accounts": {**view, "missing": [say_missing(code, lang) for code in view["missing"]]},
        "account_tables": tables(view, lang),
        "account_figures": [dump(figure) for figure in figures(view, lang)],
    }


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
