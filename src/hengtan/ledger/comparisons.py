"""Comparisons of a form (data): rows against the period before, against peers, against published ranges, months against cumulatives.

Each is one SQL query over the rows handed in and the rows the ledger holds; only rows handed in are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.units import read_unit

KINDS = ("previous", "peers", "range", "cumulative", "months")
SHOWN = 200
CLOSE = 0.005
"""Share by which months may miss their cumulative: figures are rounded one by one."""


@dataclass(frozen=True)
class Comparison:
    """One comparison: ``value`` (over ``per``) is compared within the columns ``by``; ``low`` and ``high`` bound the ratio, ``factor`` the distance from the median.

    ``table``, ``key`` and ``unit`` belong to ``range``: the pack table with ``low``, ``high`` and ``unit``, the column joined on, and the value's unit column.
    """

    id: str
    kind: str
    level: str
    value: str
    zh: str
    en: str
    by: tuple[str, ...] = ()
    per: str | None = None
    low: float = 0.0
    high: float = 0.0
    factor: float = 0.0
    at_least: int = 5
    table: str | None = None
    key: str | None = None
    unit: str | None = None
    todo: str = ""
    todo_en: str = ""

    def columns(self) -> list[str]:
        """The storage columns the comparison speaks of."""
        return [c for c in (self.value, self.per, self.unit, self.key, *self.by) if c]


def compare(
    comparisons: Sequence[Comparison], given: Any, held: Any, *, title: Callable[[str], str], file: str | None = None, sheet: str | None = None, ranges: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Findings of comparisons.

    Parameters
    ----------
    given : pyarrow.Table
        Rows handed in: the form's storage columns and ``_source_row``.
    held : pyarrow.Table or None
        Rows in force of the same form.
    title : function
        From a field id to the title a person sees.
    ranges : mapping
        Pack tables of published ranges by name, as ``pyarrow.Table`` with the key, ``low``, ``high`` and ``unit``.
    """
    if given.num_rows == 0 or not comparisons:
        return []
    import duckdb

    findings: list[Finding] = []
    with duckdb.connect(config={"enable_external_access": "false"}) as engine:
        engine.register("given_rows", given)
        columns = [c for c in given.column_names if c != "_source_row"]
        listed = ", ".join(f'"{c}"' for c in columns)
        if held is not None and held.num_rows:
            engine.register("held_rows", held)
            engine.execute(f"create temp view every_row as select {listed}, _source_row as line from given_rows union all by name select {listed}, null::bigint as line from held_rows")
        else:
            engine.execute(f"create temp view every_row as select {listed}, _source_row as line from given_rows")
        for one in comparisons:
            if one.kind == "range":
                _register_ranges(engine, one, given, ranges or {})
            failed = engine.execute(_QUERIES[one.kind](one)).fetchall()
            for line, figure, against in failed[:SHOWN]:
                told = f"{_number(figure)}，对照 {_number(against)}"
                findings.append(Finding(one.level, f"{one.zh}（{told}）", f"{one.en} ({_number(figure)} against {_number(against)})", Where(file, sheet, line, title(one.value)), one.todo, one.todo_en, one.id))
            if len(failed) > SHOWN:
                findings.append(Finding(one.level, f"{one.zh}：另有{len(failed) - SHOWN}行", f"{one.en}: {len(failed) - SHOWN} more rows", Where(file, sheet, None, title(one.value)), one.todo, one.todo_en, one.id))
    return findings


def _previous(one: Comparison) -> str:
    by = _columns(one.by)
    return f"""
        with ordered as (select *, lag("{one.value}") over (partition by {by}, period_kind order by period_end, line nulls first) as before from every_row where "{one.value}" is not null and period_kind != 'cumulative')
        select line, "{one.value}", before from ordered
        where line is not null and before > 0 and ("{one.value}" / before < {one.low} or "{one.value}" / before > {one.high}) order by line"""


def _peers(one: Comparison) -> str:
    by = _columns(one.by)
    value = f'"{one.value}" / nullif("{one.per}", 0)' if one.per else f'"{one.value}"'
    return f"""
        with valued as (select *, {value} as figure from every_row where "{one.value}" > 0),
        ranked as (select *, median(figure) over (partition by {by}) as middle, count(figure) over (partition by {by}) as peers from valued)
        select line, figure, middle from ranked
        where line is not null and peers >= {one.at_least} and middle > 0 and (figure / middle > {one.factor} or figure / middle < 1.0 / {one.factor}) order by line"""


def _range(one: Comparison) -> str:
    return f"""
        select g._source_row, g."{one.value}", case when g."{one.value}" * u.factor < r.low then r.low / u.factor else r.high / u.factor end
        from given_rows g join range_units u on g."{one.unit}" = u.unit join range_rows r on g."{one.key}" = r."{one.key}" and r.unit = u.canonical
        where g."{one.value}" * u.factor < r.low or g."{one.value}" * u.factor > r.high order by 1"""


def _cumulative(one: Comparison) -> str:
    by = _columns(one.by)
    return f"""
        with ordered as (select *, lag("{one.value}") over (partition by {by}, period_start order by period_end, line nulls first) as before from every_row where period_kind = 'cumulative' and "{one.value}" is not null)
        select line, "{one.value}", before from ordered where line is not null and "{one.value}" < before * (1 - 1e-9) order by line"""


def _months(one: Comparison) -> str:
    by = _columns(one.by)
    same = " and ".join(f'm."{c}" is not distinct from c."{c}"' for c in one.by)
    return f"""
        with months as (select {by}, period_start, period_end, "{one.value}" as figure from every_row where period_kind = 'month' and "{one.value}" is not null),
        wholes as (select *, row_number() over () as nth from every_row where period_kind = 'cumulative' and line is not null and "{one.value}" is not null)
        select c.line, c."{one.value}", sum(m.figure) from wholes c join months m on {same} and m.period_start >= c.period_start and m.period_end <= c.period_end
        group by c.nth, c.line, c."{one.value}", c.period_start, c.period_end
        having count(distinct m.period_end) = date_diff('month', c.period_start, c.period_end) + 1 and abs(sum(m.figure) - c."{one.value}") > {CLOSE} * greatest(abs(c."{one.value}"), 1e-9) order by 1"""


_QUERIES: Mapping[str, Callable[[Comparison], str]] = {"previous": _previous, "peers": _peers, "range": _range, "cumulative": _cumulative, "months": _months}


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _register_ranges(engine: Any, one: Comparison, given: Any, ranges: Mapping[str, Any]) -> None:
    """The published ranges and the units of the rows, each with its canonical unit."""
    import pyarrow as pa

    if one.table not in ranges:
        raise HengtanError(f"没有数据包表“{one.table}”", f"no pack table '{one.table}'")
    known = []
    for unit in {u for u in given[one.unit].to_pylist() if u}:
        try:
            known.append(read_unit(unit))
        except HengtanError:
            continue  # refused by the field itself
    engine.register("range_units", pa.table({"unit": pa.array([u.spelling for u in known], pa.string()), "canonical": pa.array([u.canonical for u in known], pa.string()), "factor": pa.array([u.factor for u in known], pa.float64())}))
    engine.register("range_rows", ranges[str(one.table)])


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, (int, float)) else str(value)
