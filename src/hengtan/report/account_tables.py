"""The tables of energy and carbon that pages and workbooks show: which accounts, which columns, how
a value is written.

Titles and headings stand in ``words/accounts.yaml``. Used by ``page.accounts`` and
``sheet.accounts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hengtan.report.words import has, word

View = Mapping[str, Any]
"""What ``desk`` gives of the accounts of a place: rows by account, names of products, flows and
sectors, options.
"""

SHARES = ("change", "cut_since_base", "difference_share", "recalled_share", "uncertainty")
"""Columns that are shares of one, shown in per cent."""
CHANGES = ("change", "cut_since_base", "difference_share")
"""Shares that carry their sign."""
CODES = ("method", "series", "convention")
"""Columns whose codes have words of their own (``accounts.method.records`` …)."""


@dataclass(frozen=True)
class Column:
    """A column of a table; ``per``: what to divide by for showing, 0 for text and codes."""

    name: str
    per: float = 0

    @property
    def numeric(self) -> bool:
        """Whether it holds figures."""
        return bool(self.per)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _figures(*names: str, per: float = 1) -> tuple[Column, ...]:
    return tuple(Column(name, per) for name in names)


TEN_THOUSAND = 1e4
"""Tonnes in 万吨."""
RECALLED = _figures("recalled_share")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "energy_consumption": (
        *_texts("year", "method", "convention"),
        *_figures("total", "coal", "oil", "gas", "power_tce", "feedstock", per=TEN_THOUSAND),
        *_figures("coal_rate"),
        *RECALLED,
        *_texts("confidence"),
    ),
    "energy_intensity": (
        *_texts("year", "method", "series", "price_base"),
        *_figures("intensity", "change", "cut_since_base"),
        *RECALLED,
    ),
    "energy_nonfossil": (
        *_texts("year", "method"),
        *_figures("share"),
        *_figures("nonfossil_kwh", per=1e8),
        *_texts("nonfossil_imports"),
        *RECALLED,
    ),
    "carbon_totals": (
        *_texts("year", "method"),
        *_figures("total", "energy", "processes", "agriculture", per=TEN_THOUSAND),
        *_figures("waste", "land", "indirect_power", per=TEN_THOUSAND),
        *RECALLED,
        *_texts("gwp_set", "guide", "confidence", "lost"),
    ),
    "carbon_approaches": (
        *_texts("year", "method"),
        *_figures("sectoral", "reference", per=TEN_THOUSAND),
        *_figures("difference_share"),
        *RECALLED,
    ),
    "carbon_intensity": (
        *_texts("year", "method", "price_base"),
        *_figures("co2", per=TEN_THOUSAND),
        *_figures("intensity", "change", "cut_since_base"),
        *RECALLED,
    ),
    "carbon_by_sector": (
        *_texts("year", "method", "carbon_sector"),
        *_figures("co2e", "from_fuel", "from_sources", "indirect", per=TEN_THOUSAND),
        *_texts("named_by_clause"),
        *RECALLED,
    ),
    "carbon_inventory": (
        *_texts("year", "method", "category", "category_zh", "gas"),
        *_figures("emission", "co2e"),
        *_texts("ipcc2006", "gpc"),
        *RECALLED,
        *_texts("confidence"),
    ),
    "carbon_gpc": (
        *_texts("year", "method", "gpc"),
        *_figures("co2e"),
        *_texts("approximate"),
        *RECALLED,
    ),
    "carbon_drivers": (
        *_texts("year", "method", "group"),
        *_figures("change", "by_gdp", "by_intensity", "by_mix", "by_factor", per=TEN_THOUSAND),
        *RECALLED,
    ),
    "carbon_peaks": _texts("method", "verdict", "reason_zh"),
    "carbon_uncertainty": (
        *_texts("year", "method"),
        *_figures("uncertainty"),
        *_figures("low", "high", per=TEN_THOUSAND),
        *_texts("missing"),
    ),
    "energy_balance_identities": (
        *_texts("year", "measure", "product", "identity"),
        *_figures("gap", "tolerance"),
        *_texts("holds", "reason"),
    ),
    "energy_key_units": (
        *_texts("year", "entity_name", "industry_zh", "class_zh"),
        *_figures("energy", "change", "direct", "indirect", "carbon_per_value_added"),
        *RECALLED,
    ),
}
"""Accounts in the order of the page, each with its columns."""


def title(table: str, lang: str = "zh") -> str:
    """The title of a table, with its unit."""
    return word(f"accounts.table.{table}", lang)


def heading(table: str, column: Column, lang: str = "zh") -> str:
    """The heading of a column: the table's own, else the one all tables share."""
    own = f"accounts.column.{table}.{column.name}"
    return word(own if has(own) else f"accounts.column.{column.name}", lang)


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
    if column.numeric and isinstance(value, (int, float)):
        return value / column.per
    return value


def _in_words(view: View, column: str, value: Any, lang: str) -> Any:
    """The words of a code; None for columns that hold none."""
    if column in CODES:
        key = f"accounts.{column}.{value}"
        return word(key, lang) if has(key) else value
    if column == "carbon_sector":
        return name_in(view["sector_names"], value, lang)
    if column == "product":
        return name_in(view["products"], value, lang)
    if column == "confidence":
        return word(f"confidence.{value}", lang)
    return None
