"""Rules of one formula on a table of any length, as one Ibis expression on any engine.

Dated parameters by region and day are joined once; the formula is the very one of the single case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis
from ibis.expr.types import Table

from hengtan.basis.dated import ALWAYS, NO_END
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.graph.in_force import in_force
from hengtan.instruments.parameters import NATION, Parameters
from hengtan.instruments.rule import Rule

ENDS = ("valid_from", "valid_to")


def on_table(
    rule: Rule,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    regions: Sequence[str],
    *,
    day: str = "date",
    region: str = "region",
) -> Table:
    """The outputs of a rule beside the rows of a table; missing where a parameter is not
    established.

    Parameters
    ----------
    table : Ibis table
        Columns: the rule's inputs in their units, a day and a region's code.
    rows : the rows of the pack table ``rule_parameters``
    regions : codes that the column ``region`` may hold
        For each the value that a case of that region would use on each day (its own, else its
        province's, else the nation's; nothing is borrowed) is laid down beforehand, so that one
        range join brings all parameters.

    Raises ValueError for a rule that is no single formula or a table without a column it needs.
    """
    if rule.formula is None:
        raise ValueError(f"{rule.id} is no rule of one formula")
    needed = (*(item.name for item in rule.inputs if item.kind == "number"), day, region)
    lacking = [column for column in needed if column not in table.columns]
    if lacking:
        raise ValueError(f"the table has no column {', '.join(lacking)}")
    dated = list(rows)
    fixed, keyed = _by_key(rule)
    joined = table
    if fixed:
        wanted = {_column(argument): parameter for argument, parameter in fixed.items()}
        laid = ibis.memtable(stretches(dated, wanted, regions)).rename({region: "_region"})
        joined = in_force(joined, laid, on=(region,), day=day).drop(*ENDS)
    for argument, (name, key_column) in keyed.items():
        laid = ibis.memtable(_by_each_key(dated, argument, name, key_column, regions))
        laid = laid.rename({region: "_region"})
        joined = in_force(joined, laid, on=(region, key_column), day=day).drop(*ENDS)
    outputs = rule.formula(
        **{item.name: joined[item.name] for item in rule.inputs if item.name in joined.columns},
        **{argument: joined[_column(argument)] for argument in rule.parameters},
    )
    return joined.mutate(**dict(outputs)).drop(*(_column(a) for a in rule.parameters))


def _column(argument: str) -> str:
    """The column a parameter stands in while the formula is computed."""
    return f"_p_{argument}"


def _by_key(rule: Rule) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Arguments with a parameter of one key, and those whose key is an input of the rule."""
    fixed, keyed = {}, {}
    for argument, (name, key) in rule.parameters.items():
        if key and not key.startswith("="):
            keyed[argument] = (name, key)
        else:
            fixed[argument] = (name, key.removeprefix("="))
    return fixed, keyed


def _by_each_key(
    rows: Sequence[Mapping[str, Any]],
    argument: str,
    name: str,
    key_column: str,
    regions: Sequence[str],
) -> list[dict[str, Any]]:
    """The stretches of a parameter for each of its keys, which stands in ``key_column``."""
    keys = sorted({str(row["key"] or "") for row in rows if row["parameter"] == name})
    return [
        {**stretch, key_column: key}
        for key in keys
        for stretch in stretches(rows, {_column(argument): (name, key)}, regions)
    ]


def stretches(
    rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, tuple[str, str]], regions: Sequence[str]
) -> list[dict[str, Any]]:
    """The stretches of days on which parameters do not change, for each region and the nation.

    Columns: _region, valid_from, valid_to and those of ``wanted`` (column → parameter and key) with
    the value a case would use, None where it would raise.
    """
    names = {name for name, _ in wanted.values()}
    dated = [row for row in rows if row["parameter"] in names]
    return [
        {
            "_region": region,
            "valid_from": first,
            "valid_to": last,
            **{
                column: _value(dated, first, region, name, key)
                for column, (name, key) in wanted.items()
            },
        }
        for region in dict.fromkeys((*regions, NATION))
        for first, last in unchanged(dated)
    ]


def unchanged(rows: Iterable[Mapping[str, Any]]) -> list[tuple[date, date | None]]:
    """The stretches of days between which no row begins or ends; the last one is open."""
    starts = {ALWAYS}
    for row in rows:
        if row["valid_from"]:
            starts.add(row["valid_from"])
        if row["valid_to"] and row["valid_to"] < NO_END:
            starts.add(row["valid_to"] + timedelta(days=1))
    ordered = sorted(starts)
    ends = [following - timedelta(days=1) for following in ordered[1:]]
    return list(zip(ordered, [*ends, None], strict=True))


def _value(
    rows: Sequence[Mapping[str, Any]], day: date, region: str, name: str, key: str
) -> float | None:
    try:
        return Parameters.of(rows, day, region).value(name, key)
    except ParameterNotEstablished:
        return None
