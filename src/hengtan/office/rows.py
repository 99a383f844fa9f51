"""Rows of tables filtered by the very clauses that permission asks for one thing: what is listed
and what may be opened are equal. A row of a form is of the departments in charge of it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from hengtan.office.charges import Charge
from hengtan.office.permission import PARTS, Clause, Thing

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = {"place": ("place", "region_code"), "entity": ("entity",), "department": ("department",)}
"""The columns of tables that say of what place, enterprise or department a row is."""


@dataclass(frozen=True)
class RowThings:
    """What the rows of a table are about: ``columns`` by part; ``region``: the place of a table
    without one, and of rows that leave it blank; ``form``: of which form all rows are;
    ``charges``: which departments are in charge of them.
    """

    columns: Mapping[str, str]
    region: str
    form: str | None = None
    charges: tuple[Charge, ...] = ()

    @classmethod
    def of(
        cls,
        names: Iterable[str],
        region: str,
        form: str | None = None,
        charges: tuple[Charge, ...] = (),
    ) -> RowThings:
        """From the columns a table has."""
        there = set(names)
        chosen = {
            part: next((name for name in possible if name in there), None)
            for part, possible in COLUMNS.items()
        }
        columns = {part: name for part, name in chosen.items() if name}
        return cls(columns, region, form, charges)

    def thing(self, row: Mapping[str, Any]) -> Thing:
        """What a row is about."""
        parts = {part: row.get(name) or None for part, name in self.columns.items()}
        place, entity = parts.get("place") or self.region, parts.get("entity")
        own = parts.get("department")
        departments: list[str] = [own] if own else []
        departments += [c.department for c in self.charges if c.reaches(place, entity, row)]
        return Thing(
            place=place,
            form=self.form,
            department=tuple(dict.fromkeys(departments)) or None,
            entity=entity,
        )

    def reached(self, table: pa.Table, clauses: Iterable[Clause]) -> pa.Table:
        """The rows that one of the clauses reaches: those whose thing it does."""
        import pyarrow as pa
        import pyarrow.compute as pc

        masks = [self._mask(table, clause) for clause in clauses]
        if any(mask is None for mask in masks):
            return table
        nothing = pa.array([False] * table.num_rows, pa.bool_())
        return table.filter(reduce(pc.or_, masks, nothing))

    def _mask(self, table: pa.Table, clause: Clause) -> Any:
        """Which rows a clause reaches; None for all of them."""
        import pyarrow as pa
        import pyarrow.compute as pc

        mask = None
        for part in PARTS:
            allowed = getattr(clause, part)
            if allowed is None:
                continue
            values = self._values(table, part)
            within = pc.is_in(values, pa.array(sorted(allowed), pa.string()))
            if part == "department":
                within = pc.or_(within, self._in_charge(table, allowed))
            mask = within if mask is None else pc.and_(mask, within)
        return mask

    def _in_charge(self, table: pa.Table, departments: frozenset[str]) -> Any:
        """The rows that one of the departments is in charge of."""
        import pyarrow as pa
        import pyarrow.compute as pc

        places, entities = self._values(table, "place"), self._values(table, "entity")
        own = [c for c in self.charges if c.department in departments]
        nothing = pa.array([False] * table.num_rows, pa.bool_())
        return reduce(pc.or_, (c.mask(places, entities, table) for c in own), nothing)

    def _values(self, table: pa.Table, part: str) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        whole = {"place": self.region, "form": self.form}.get(part)
        if part not in self.columns:
            return pa.array([whole] * table.num_rows, pa.string())
        values = pc.cast(table[self.columns[part]], pa.string())
        blank = pc.equal(values, "")
        values = pc.if_else(blank, pa.scalar(None, pa.string()), values)
        return values if whole is None else pc.fill_null(values, whole)
