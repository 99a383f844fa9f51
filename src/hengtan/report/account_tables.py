"""The tables of accounts that pages and workbooks show, as the domains declare them, and how a
value is written.

Titles and headings stand in the words of the domains. Used by ``page.accounts`` and
``sheet.accounts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.graph.domains import Column, Section, sections
from hengtan.graph.said import CODED, IN_PLACE, say_missing, word_of
from hengtan.report.words import word

View = Mapping[str, Any]
"""What ``desk`` gives of the accounts of a place: rows by account, names of products, flows and
sectors, options.
"""

SHARES = (
    *("change", "cut", "cut_asked", "cut_since_base", "difference_share"),
    *("recalled_share", "uncertainty"),
)
"""Columns that are shares of one, shown in per cent."""
CHANGES = ("change", "cut_since_base", "difference_share")
"""Shares that carry their sign."""
TEN_THOUSAND = 1e4
"""Tonnes in 万吨."""


def tabled() -> list[Section]:
    """The sections of all domains that show a table, in the order of the page."""
    return [section for section in sections() if section.columns]


def rows_of(view: View, section: Section) -> list[Mapping[str, Any]]:
    """The rows of a section: those it shows, as the view holds them."""
    return [
        row
        for row in view["tables"].get(section.account, [])
        if all(row[column] == value for column, value in section.only)
    ]


def title(section: Section, lang: str = "zh") -> str:
    """The title of a table, with its unit."""
    return word_of(f"section.{section.account}", lang)


def name_in(names: Mapping[str, Any], code: str, lang: str = "zh") -> str:
    """The name of a product, flow or sector; the code where none is known."""
    known = names.get(code)
    return str(known[0 if lang == "zh" else 1]) if known else code


def shown(view: View, column: Column, value: Any, lang: str) -> Any:
    """A value as it is shown: scaled, codes as words, shares in percent as text; None as None."""
    if value is None:
        return None
    words = _in_words(view, column.name, value, lang)
    if words is not None:
        return words
    if column.name in SHARES and isinstance(value, float):
        return f"{value:+.2%}" if column.name in CHANGES else f"{value:.1%}"
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if column.scale and isinstance(value, (int, float)):
        return value / column.scale
    return value


def _in_words(view: View, column: str, value: Any, lang: str) -> Any:
    """The words of a code; None for columns that hold none."""
    if column in (*CODED, *IN_PLACE):
        return say_missing(str(value), lang)
    if column == "carbon_sector":
        return name_in(view["sector_names"], value, lang)
    if column == "target_id":
        return name_in(view.get("target_names", {}), value, lang)
    if column == "product":
        return name_in(view["products"], value, lang)
    if column.endswith("confidence"):
        return word(f"confidence.{value}", lang)
    if not isinstance(value, str):
        return None
    known = view.get("in_english", {}) if lang == "en" else {}
    return word_of(f"value.{column}.{value}", lang, known.get(value, value))
