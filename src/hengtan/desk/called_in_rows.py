"""What columns and codes in the rows of an explanation are called: titles and choices of the
workspace's forms, names of the packs, beside the words of accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from hengtan.desk.lookups import NAMED
from hengtan.ledger.forms import Field
from hengtan.report.page.called import InTwo, InWords
from hengtan.report.words import both

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

TABLES_OF = {
    "product": "energy_products",
    "balance_product": "energy_products",
    "taken_as": "energy_products",
    "balance_row": "balance_rows",
    "transform_row": "balance_rows",
    "industry": "industries",
    "indicator": "indicators",
    "latest_indicator": "indicators",
    "series": "series",
    "latest_series": "series",
    "linked_series": "series",
    "merged_series": "series",
    "reported_as": "series",
    "publisher": "publishers",
    "graded_as": "publishers",
    "category": "inventory_categories",
    "target_id": "targets",
    "registry_id": "registries",
    "milestone": "milestones",
    "clause_ref": "measures",
    "grid_factor_kind": "grid_factor_kinds",
    "factor_set": "factor_sets",
    "taken_from": "factor_sets",
}
"""The pack table that names what a column holds, in whatever account it stands."""
STORED = ("original", "notation", "kind", "start", "end")
"""Columns that a field is stored in beside its own, by their ends."""
PLACES = ("place", "region", "parent", "district")
"""Columns that hold places in whatever account they stand."""


class InWorkspace(InWords):
    """By the forms and packs of a workspace, and by the word tables."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def column(self, table: str, column: str) -> InTwo | None:
        """The title of a form's field, else the word of an account."""
        field = self._field(table, column)
        if field is not None:
            return field.title_zh, field.title_en
        stem, _, part = column.rpartition("_")
        stored = self._field(table, stem) if part in STORED else None
        if stored is None:
            return super().column(table, column)
        zh, en = both(f"field.suffixed.{part}")
        return zh.format(stored.title_zh), en.format(stored.title_en)

    def cell(self, table: str, column: str, code: str) -> InTwo | None:
        """The word of a form's choice, the name in a pack, else the word of the code."""
        field = self._field(table, column)
        if field is not None and field.choices and code in field.choices:
            spelled = field.choices[code]
            return spelled[0], spelled[-1]
        is_place = column in PLACES or (field is not None and field.type == "place")
        if is_place and code in self._places:
            return self._places[code]
        named = (field.reference if field else None) or TABLES_OF.get(column, "")
        return self._names.get(named, {}).get(code) or super().cell(table, column, code)

    def _field(self, table: str, column: str) -> Field | None:
        form = self.workspace.forms.get(table)
        return next((f for f in form.fields if f.id == column), None) if form else None

    @cached_property
    def _places(self) -> Mapping[str, InTwo]:
        places = self.workspace.pack.places()
        return {place.code: (place.name_zh, place.name_en or place.name_zh) for place in places}

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, InTwo]]:
        return {
            table: {
                row[key]: (str(row[zh]), str(row[en] or row[zh]))
                for row in self.workspace.pack.rows(table)
                if row[zh]
            }
            for table, key, (zh, en) in NAMED
        }
