"""Rules of one formula on a table of any length: dated parameters by region and day joined once, the same function as the case, one Ibis expression."""

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


def on_table(
    rule: Rule,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    regions: Sequence[str],
    *,
    day: str = "date",
    region: str = "region",
) -> Table:
    """The outputs of a rule beside the rows of a table: columns of its inputs, a day and a region's code; missing where a parameter is not established.

    Parameters
    ----------
    rows : the rows of the pack table ``rule_parameters``
    regions : codes that the column ``region`` may hold
        For each the value that a case of that region would use on each day (its own, else its province's, else the nation's; nothing is borrowed) is laid down beforehand, so that one range join brings all parameters.

    Raises ValueError for a rule that is no single formula or a table without a column it needs.
    """
    if rule.formula is None:
        raise ValueError(f"{rule.id} is no rule of one formula")
    lacking = [
        c
        for c in (*(i.name for i in rule.inputs if i.kind == "number"), day, region)
        if c not in table.columns
    ]
    if lacking:
        raise ValueError(f"the table has no column {', '.join(lacking)}")
    held, joined = list(rows), table
    fixed = {
        argument: (name, key.removeprefix("="))
        for argument, (name, key) in rule.parameters.items()
        if not key or key.startswith("=")
    }
    keyed = {
        argument: (name, key)
        for argument, (name, key) in rule.parameters.items()
        if argument not in fixed
    }
    if fixed:
        laid = ibis.memtable(
            stretches(held, {f"_p_{a}": spec for a, spec in fixed.items()}, regions)
        ).rename({region: "_region"})
        joined = in_force(joined, laid, on=(region,), day=day).drop("valid_from", "valid_to")
    for argument, (name, column) in keyed.items():
        keys = sorted({str(r["key"] or "") for r in held if r["parameter"] == name})
        parts = [
            {**s, column: key}
            for key in keys
            for s in stretches(held, {f"_p_{argument}": (name, key)}, regions)
        ]
        joined = in_force(
            joined, ibis.memtable(parts).rename({region: "_region"}), on=(region, column), day=day
        ).drop("valid_from", "valid_to")
    made = rule.formula(
        **{i.name: joined[i.name] for i in rule.inputs if i.name in joined.columns},
        **{a: joined[f"_p_{a}"] for a in rule.parameters},
    )
    return joined.mutate(**dict(made)).drop(*(f"_p_{a}" for a in rule.parameters))


def stretches(
    rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, tuple[str, str]], regions: Sequence[str]
) -> list[dict[str, Any]]:
    """For each region the stretches of days on which the parameters do not change, with the value a case would use (None where it would raise). Columns: _region, valid_from, valid_to and those of ``wanted``."""
    names = {name for name, _ in wanted.values()}
    mine = [r for r in rows if r["parameter"] in names]
    made = []
    for region in dict.fromkeys((*regions, NATION)):
        marks = sorted(
            {ALWAYS}
            | {
                d
                for r in mine
                for d in (
                    r["valid_from"],
                    r["valid_to"] + timedelta(days=1)
                    if r["valid_to"] and r["valid_to"] < NO_END
                    else None,
                )
                if d
            }
        )
        for start, following in zip(marks, [*marks[1:], None], strict=True):
            end = following - timedelta(days=1) if following else None
            made.append(
                {
                    "_region": region,
                    "valid_from": start,
                    "valid_to": end,
                    **{
                        column: _value(mine, start, region, name, key)
                        for column, (name, key) in wanted.items()
                    },
                }
            )
    return made


def _value(
    rows: Sequence[Mapping[str, Any]], day: date, region: str, name: str, key: str
) -> float | None:
    try:
        return Parameters.of(rows, day, region).value(name, key)
    except ParameterNotEstablished:
        return None
