"""Rules of one formula over a table of numbers: a piece of the table as one Ibis expression."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.desk.cases import law_tables
from hengtan.desk.rule_columns import Columns
from hengtan.desk.rule_rows import NOTES, REFUSED, CasesOfTable
from hengtan.instruments.case import cautions_of_sources
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Rule
from hengtan.packs import Pack

NOT_COMPUTED = "算不出：输入缺失 | an input is missing"


def is_plain(pack: Pack, rule: Rule, columns: Columns) -> bool:
    """Whether a table may be computed as one expression: every input under its own name without a
    unit in the heading, one day and place for all rows, no formula of a proposal.
    """
    amended = any(row["rule"] == rule.id for row in pack.rows("rule_formulas"))
    one_day_and_place = columns.day is None and columns.region is None
    names = {item.name for item in rule.inputs}
    whole = names == set(columns.inputs) and not columns.units
    numbers = all(item.kind == "number" for item in rule.inputs)
    return rule.formula is not None and one_day_and_place and whole and numbers and not amended


def at_once(
    cases: CasesOfTable, rule: Rule, table: Any, moment: tuple[date, str], names: Mapping[str, str]
) -> Any:
    """The table with the outputs of a rule of one formula; None where an input is no number.

    ``moment``: day and place. ``names``: title of each output. Inputs out of their bounds refuse
    the row, as in a case; what has to be said of the sources is counted for every row.
    """
    import ibis

    from hengtan.instruments.on_tables import on_table

    if not all(_is_number(table[item.name].type) for item in rule.inputs):
        return None
    con = ibis.duckdb.connect()
    day, region = moment
    not_computed = NOT_COMPUTED
    try:
        cautions = cautions_of_sources(rule, day, region, law_tables(cases.pack))
        cases.tally.warnings.update(dict.fromkeys(cautions, table.num_rows))
    except ParameterNotEstablished as error:
        not_computed = str(error)
    own = [item.name for item in rule.inputs]
    place = [*range(table.num_rows)]
    rows = con.create_table("cases", table.select(own).append_column("_row", [place])).mutate(
        _day=ibis.literal(day), _region_of=ibis.literal(region)
    )
    parameters = cases.pack.rows("rule_parameters")
    computed = on_table(rule, rows, parameters, [region], day="_day", region="_region_of")
    outputs = [name for name in names if name in computed.columns]
    out = ibis.cases(*((_beyond(computed, item), _bound(item)) for item in rule.inputs))
    why = ibis.cases(*((computed[name].isnull(), not_computed) for name in outputs))
    columns = {"_refused": ibis.coalesce(out, why)}
    filled = con.to_pyarrow(computed.mutate(**columns).order_by("_row"))
    return _beside(table, filled, names, outputs)


def _beside(table: Any, filled: Any, names: Mapping[str, str], outputs: list[str]) -> Any:
    """The table with its outputs, those of refused rows left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for name, title in names.items():
        column = pa.nulls(table.num_rows, pa.float64())
        if name in outputs:
            values = filled[name].cast(pa.float64())
            column = pc.if_else(pc.is_valid(filled["_refused"]), None, values)
        table = table.append_column(title, column)
    table = table.append_column(REFUSED, filled["_refused"].cast(pa.string()))
    return table.append_column(NOTES, pa.nulls(table.num_rows, pa.string()))


def _is_number(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _beyond(table: Any, item: Input) -> Any:
    """Whether an input is out of its bounds or no finite number."""
    column = table[item.name].cast("float64")
    beyond = column.isnan() | column.isinf()
    if item.least is not None:
        beyond = beyond | (column < item.least)
    return beyond | (column > item.most) if item.most is not None else beyond


def _bound(item: Input) -> str:
    low = "" if item.least is None else f"不小于{item.least:g}"
    high = "" if item.most is None else f"不大于{item.most:g}"
    bounds = "、".join(part for part in (low, high) if part) or "有限的数"
    return f"输入项“{item.zh}”应{bounds} | input '{item.name}' is out of its bounds"
