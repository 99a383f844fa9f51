"""Block bills of a table of household-months, on any engine: dated prices joined by region and day,
then the same formula as a single case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hengtan.basis.dated import ALWAYS
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.graph.in_force import in_force
from hengtan.instruments.on_tables import unchanged
from hengtan.instruments.parameters import Parameters
from hengtan.instruments.tariffs.blocks import MONTHS, parameter_names, read_blocks
from hengtan.instruments.tariffs.formulas import block_bill, marginal_price, span_bill

TERMS = ("upper1", "upper2", "price1", "price2", "price3")
SO_FAR = "_so_far"


def price_rows(
    rows: Iterable[Mapping[str, Any]],
    service: str,
    regions: Sequence[str],
    months: int | None = None,
) -> list[dict[str, Any]]:
    """Blocks of regions by stretches of days, from the rows of the pack table ``rule_parameters``.
    [unit a household and cycle; CNY per unit]

    A region without rows of its own has those of its province, as in a case; a stretch in which
    anything is not established is left out, so that bills there are missing. ``months``: the cycle
    the ends are to stand for (12: power by the year); by default that of the parameters.
    """
    names = parameter_names(service)
    dated = [row for row in rows if row["parameter"] in names]
    factor = (months or MONTHS[service]) / MONTHS[service]
    prices = []
    for region in dict.fromkeys(regions):
        for first, last in unchanged(dated):
            asked = Parameters.of(dated, first, region)
            try:
                blocks = read_blocks(asked.value, service).stretched(factor)
            except ParameterNotEstablished:
                continue
            span = {"valid_from": None if first == ALWAYS else first, "valid_to": last}
            prices.append({"region": region, **span, **blocks.as_dict()})
    return prices


def price_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows of blocks as an Ibis table: region, valid_from, valid_to and the terms.

    Rows may carry other keys to join by in place of ``region``.
    """
    import ibis
    import pyarrow as pa

    keys = [
        k
        for k in (rows[0] if rows else {"region": ""})
        if k not in (*TERMS, "valid_from", "valid_to")
    ]
    fields = [
        *((k, pa.string()) for k in keys),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        *((t, pa.float64()) for t in TERMS),
    ]
    return ibis.memtable(pa.Table.from_pylist([dict(r) for r in rows], schema=pa.schema(fields)))


def bills(
    table: Any,
    prices: Any,
    quantity: str = "quantity",
    on: Sequence[str] = ("region",),
    day: str = "day",
) -> Any:
    """``table`` with ``bill`` and ``marginal_price`` of each row by the blocks in force on its day,
    each row a cycle of its own. [CNY; CNY per unit]

    Parameters
    ----------
    table : Ibis table
        Household-months: the columns ``on``, ``day`` and ``quantity``, and whatever else.
    prices : Ibis table
        Dated blocks: ``on``, valid_from, valid_to, upper1, upper2, price1, price2, price3.

    Rows without blocks in force, without a quantity or with a negative one have a missing bill.
    """
    met = in_force(table, prices, on=on, day=day)
    terms = {t: met[t].cast("float64") for t in TERMS}
    used = _at_least_nought(met[quantity])
    return met.select(
        *table.columns, bill=block_bill(used, **terms), marginal_price=marginal_price(used, **terms)
    )


def yearly_bills(
    table: Any,
    prices: Any,
    quantity: str = "quantity",
    household: str = "household",
    on: Sequence[str] = ("region",),
    day: str = "day",
) -> Any:
    """As ``bills`` where blocks are those of a calendar year and months accumulate: each row is
    billed after what the household used in the year before it. [CNY; CNY per unit]

    Rows of the same household and day are billed in the order of their quantity. A missing quantity
    is missing for its own row and all that follow in the year.
    """
    import ibis

    met = in_force(table, prices, on=on, day=day)
    within = {"group_by": [met[household], met[day].year()], "order_by": [met[day], met[quantity]]}
    gone = _at_least_nought(met[quantity])
    running = gone.sum().over(ibis.cumulative_window(**within))
    lost = gone.isnull().cast("int64").sum().over(ibis.cumulative_window(**within))
    met = met.mutate(**{SO_FAR: ibis.ifelse(lost == 0, running, ibis.null())})
    terms = {t: met[t].cast("float64") for t in TERMS}
    used = _at_least_nought(met[quantity])
    return met.select(
        *table.columns,
        bill=span_bill(met[SO_FAR] - used, used, **terms),
        marginal_price=marginal_price(met[SO_FAR], **terms),
    )


def _at_least_nought(column: Any) -> Any:
    import ibis

    return ibis.ifelse(column >= 0, column, ibis.null()).cast("float64")
