"""Account: what each enterprise record counts beside its parts.

A firm and its facilities stand in one column of a form, and so do a fuel and its varieties (原煤
with 烟煤 and 无烟煤): of each quantity the whole counts only what its reported parts leave over.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.records import FLOWS, STOCKS
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

AMOUNTS = (*FLOWS, *STOCKS, "purchase_value")
SLACK = 1e-6
"""Parts beyond their whole by no more than this share are rounding."""


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the product",
    cites=("nbs.form205_1", "hengtan:year-of-records"),
    maps={"energy_enterprise_amounts": Same("entity", "period", "balance_product")},
)
def energy_enterprise_counted(energy_enterprise_amounts: Table) -> Table:
    """Each record with what it counts beside its parts of the same period: a firm's own line less
    its facilities, a fuel less its varieties. A whole that its parts use up is left out.

    Parts that exceed their whole count instead of it, and ``parts_code`` says so.
    """
    rows = energy_enterprise_amounts.mutate(parts_code=ibis.null("string"))
    rows = _less_parts(
        rows,
        ("entity", "product", "period"),
        is_whole=_.facility == "",
        code=lambda t: coded("facilities_exceed_firm", t.product),
    )
    return _less_parts(
        rows,
        ("entity", "facility", "balance_product", "period"),
        is_whole=_.product == _.balance_product,
        code=lambda t: coded("varieties_exceed_whole", t.product),
    )


def _less_parts(rows: Table, column: tuple[str, ...], *, is_whole: Any, code: Any) -> Table:
    """Rows in which a whole counts what the parts in one column with it leave over."""
    one_column = ibis.window(group_by=list(column))
    rows = rows.mutate(is_whole=is_whole)
    rows = rows.mutate(
        parts=(~_.is_whole).sum().over(one_column),
        parts_consumed=_.consumed.sum(where=~_.is_whole).over(one_column),
        **{
            f"parts_{name}": _[name].sum(where=~_.is_whole).over(one_column)
            for name in AMOUNTS
            if name != "consumed"
        },
    )
    has_parts = rows.is_whole & (rows.parts > 0)
    exceeds = has_parts & (rows.parts_consumed > rows.consumed * (1 + SLACK))
    left = {name: _left(rows, name, has_parts, exceeds) for name in AMOUNTS}
    rows = rows.mutate(
        **left,
        parts_code=ibis.coalesce(
            rows.parts_code, ibis.ifelse(exceeds, code(rows), ibis.null("string"))
        ),
    )
    # a record in a unit of another kind stays, to say that it adds nothing
    counts = ~(_.is_whole & (_.parts > 0)) | _.parts_code.notnull() | _.missing.notnull()
    for name in FLOWS:
        counts = counts | (_[name] != 0)
    helpers = ["is_whole", "parts", *(f"parts_{name}" for name in AMOUNTS)]
    return rows.filter(ibis.coalesce(counts, False)).drop(*helpers)


def _left(rows: Table, name: str, has_parts: Any, exceeds: Any) -> Any:
    """What the parts leave of an amount, nothing where it is rounding or they exceed it."""
    whole, parts = rows[name], ibis.coalesce(rows[f"parts_{name}"], ibis.literal(0.0))
    rest = ibis.ifelse((whole - parts).abs() <= whole.abs() * SLACK, 0.0, whole - parts)
    return ibis.cases((exceeds, ibis.literal(0.0)), (has_parts, rest), else_=whole)
