"""Accounts made of the rows of ``computed_indicators`` that take a column of another account.

Which account, column and values answer an indicator is data, so these accounts are declared when
the graph is built, one for each row, with their union ``plan_computed_records``.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import ibis
from ibis.expr.types import Table

from hengtan.basis.seal import sha256_of
from hengtan.graph import Same, account

MODULE = "hengtan.plan.computed_records"
"""Name of the module that the accounts of a workspace's packs are made in."""
COLUMNS = {
    "computed": "string",
    "indicator": "string",
    "place": "string",
    "year": "int64",
    "value": "float64",
    "unit": "string",
    "edition": "string",
    "preference": "int64",
    "confidence": "string",
    "recalled_share": "float64",
    "missing": "string",
    "demo": "boolean",
}
"""What every computed value says of itself, whatever it was computed from."""


def computed_module(rows: Sequence[Mapping[str, Any]]) -> ModuleType:
    """The accounts that take columns of other accounts, one for each row of kind ``account``, and
    their union.

    ``rows``: the pack table ``computed_indicators``. One module for equal rows, so that prepared
    queries are used again.
    """
    names = ("computed", "indicator", "account", "column", "unit", "edition_column", "preference")
    chosen = tuple(
        (*(row[name] for name in names), tuple(row["where"] or ()))
        for row in rows
        if row["kind"] == "account"
    )
    return _module(chosen)


@cache
def _module(chosen: tuple[tuple[Any, ...], ...]) -> ModuleType:
    digest = sha256_of(repr(chosen))[:12]
    module = ModuleType(MODULE, "Accounts made from the pack table computed_indicators.")
    names = []
    for row in chosen:
        function = _account_of(_Taken(*row), digest)
        setattr(module, function.__name__, function)
        names.append(function.__name__)
    module.plan_computed_records = _union_of(names, digest)  # type: ignore[attr-defined]
    return module


def account_name(computed: str) -> str:
    """The name of the account that a row of ``computed_indicators`` becomes."""
    return "plan_computed_" + computed.replace("-", "_")


@dataclass(frozen=True)
class _Taken:
    """A row of kind ``account``: which column of which account answers which indicator."""

    computed: str
    indicator: str
    account: str
    column: str
    unit: str
    edition_column: str | None
    preference: int
    where: tuple[str, ...]


def _account_of(taken: _Taken, digest: str) -> Any:
    """An account: one column of another account where some of its columns have given values."""
    fixed = dict(condition.split("=", 1) for condition in taken.where)
    chosen_by = [*fixed, *([taken.edition_column] if taken.edition_column else [])]

    def select(**tables: Table) -> Table:
        rows = tables[taken.account]
        for name, value in fixed.items():
            rows = rows.filter(rows[name].cast("string") == value)
        rows = rows.filter(rows[taken.column].notnull())
        edition = taken.edition_column
        return rows.select(
            computed=ibis.literal(taken.computed),
            indicator=ibis.literal(taken.indicator),
            place=rows.place,
            year=rows.year.cast("int64"),
            value=rows[taken.column].cast("float64"),
            unit=ibis.literal(taken.unit),
            edition=rows[edition].cast("string") if edition else ibis.null("string"),
            preference=ibis.literal(taken.preference).cast("int64"),
            confidence=_own(rows, "confidence", ibis.literal("unverified")),
            recalled_share=_own(rows, "recalled_share", ibis.null("float64")),
            missing=_own(rows, "missing", ibis.null("string")),
            demo=_own(rows, "demo", ibis.literal(False)),
            **{f"of_{name}": rows[name] for name in chosen_by},
        )

    pairs = {name: f"of_{name}" for name in chosen_by}
    return _declared(
        select,
        account_name(taken.computed),
        {taken.account: Same("place", "year", **pairs)},
        f"{taken.indicator} = {taken.account}.{taken.column}",
        digest,
    )


def _own(rows: Table, column: str, otherwise: ibis.Value) -> ibis.Value:
    """A column that the account has, else what stands for it."""
    return rows[column] if column in rows.columns else otherwise


def _union_of(names: Sequence[str], digest: str) -> Any:
    """All of them one below the other; an empty table where a pack states none."""

    def union(**tables: Table) -> Table:
        if not names:
            empty = tables["computed_indicators"].filter(ibis.literal(False))
            return empty.select(**{name: ibis.null(kind) for name, kind in COLUMNS.items()})
        return ibis.union(*(tables[name].select(*COLUMNS) for name in names))

    maps = {name: Same("computed", "place", "year") for name in names}
    maps = maps or {"computed_indicators": Same("computed")}
    doc = "Every indicator that is a column of an account, by place and year."
    return _declared(union, "plan_computed_records", maps, doc, digest)


def _declared(function: Any, name: str, maps: Mapping[str, Same], doc: str, digest: str) -> Any:
    """A function with a signature made of its inputs, declared as an account."""
    function.__name__, function.__module__, function.__doc__ = name, MODULE, doc
    function.__qualname__ = f"{name}@{digest}"
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(table, keyword, annotation=Table) for table in maps]
    function.__signature__ = inspect.Signature(parameters, return_annotation=Table)
    function.__annotations__ = {**dict.fromkeys(maps, Table), "return": Table}
    declare = account(
        key=("computed", "place", "year", "edition"),
        unit="unit of the row",
        cites=("hengtan:computed_indicators",),
        maps=maps,
    )
    return declare(function)
