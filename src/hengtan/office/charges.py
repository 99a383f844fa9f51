"""Which rows of a form a department is in charge of: what the duty rules of today say of it, no
more. A rule that names one district, some enterprises or some items says nothing of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.basis.dated import holds
from hengtan.office.duties import ENTITY, DutyRule

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Charge:
    """Rows that a department is in charge of: each part a set of values, None for any.

    ``item`` is the column that says what a row is of; ``listed``: places or enterprises by code, a
    row of either of which is meant.
    """

    department: str
    place: frozenset[str] | None = None
    listed: frozenset[str] | None = None
    of_entities: bool = False
    item: str | None = None
    items: frozenset[str] | None = None

    def reaches(self, place: str | None, entity: str | None, row: Mapping[str, Any]) -> bool:
        """Whether a row of a place and an enterprise is meant."""
        if self.place is not None and place not in self.place:
            return False
        if self.of_entities and not entity:
            return False
        if self.listed is not None and place not in self.listed and entity not in self.listed:
            return False
        return self.items is None or (self.item is not None and row.get(self.item) in self.items)

    def mask(self, places: pa.Array, entities: pa.Array, table: pa.Table) -> pa.Array:
        """``reaches`` of each row of a table; a blank enterprise is null in ``entities``."""
        import pyarrow as pa
        import pyarrow.compute as pc

        mask = pa.array([True] * table.num_rows, pa.bool_())
        if self.place is not None:
            mask = pc.and_(mask, _is_in(places, self.place))
        if self.of_entities:
            mask = pc.and_(mask, pc.is_valid(entities))
        if self.listed is not None:
            either = pc.or_(_is_in(places, self.listed), _is_in(entities, self.listed))
            mask = pc.and_(mask, either)
        if self.items is not None:
            there = self.item in table.column_names
            values = table[self.item] if there else pa.nulls(table.num_rows, pa.string())
            mask = pc.and_(mask, _is_in(pc.cast(values, pa.string()), self.items))
        return mask


def _is_in(values: pa.Array, wanted: frozenset[str]) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(values, pa.array(sorted(wanted), pa.string()))


def charges_of(
    form: str,
    rules: Iterable[DutyRule],
    day: date,
    within: Callable[[str], frozenset[str]],
    item: str | None = None,
) -> tuple[Charge, ...]:
    """What departments are in charge of in a form on a day.

    ``within``: a place with all that lies in it; ``item``: the column of what a row is of.
    """
    in_force = [
        rule
        for rule in rules
        if rule.form == form and rule.department and holds(rule.valid_from, rule.valid_until, day)
    ]
    return tuple(_charge(rule, within, item) for rule in in_force)


def _charge(rule: DutyRule, within: Callable[[str], frozenset[str]], item: str | None) -> Charge:
    owers, items = rule.owers, frozenset(rule.items) or None
    if owers.listed:
        listed = frozenset(code for outer in owers.listed for code in within(outer))
        return Charge(rule.department, listed=listed, item=item, items=items)
    place = within(owers.within) if owers.within else None
    of_entities = owers.kind == ENTITY
    return Charge(rule.department, place=place, of_entities=of_entities, item=item, items=items)
