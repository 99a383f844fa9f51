"""Comparisons of a form (data): rows against the period before, against peers, against a range,
months against cumulatives.

Each is one SQL query over the rows handed in and the rows the ledger holds; a row handed in takes
the place of a held row with its key. Amounts are compared in the canonical unit of their kind and
told in the unit of their row. Only rows handed in are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from hengtan.basis.errors import Finding, Where
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import is_unit
from hengtan.basis.units import read_unit
from hengtan.basis.words import Words
from hengtan.ledger.comparison_queries import alike_by, query_of
from hengtan.ledger.engine import in_pieces, open_engine

Form: TypeAlias = Any
"""``hengtan.ledger.forms.Form``, which rests on this module."""

KINDS = ("previous", "peers", "range", "cumulative", "months", "hundredfold")
OF_PERIODS = ("previous", "cumulative", "months", "hundredfold")
SHOWN = 200
FEW = 5_000
"""Rows handed in up to which only those in force that they are compared with are fetched."""


@dataclass(frozen=True)
class Comparison:
    """One comparison of ``value`` (divided by ``per``) within rows alike in ``by`` (without it: in
    the form's key but the period).

    ``previous``: ``low`` and ``high`` bound the ratio to the period before. ``peers``: ``factor``
    bounds the distance from the median, where there are ``at_least`` others. ``range``: the value
    lies between ``low`` and ``high`` of the unit ``within``, or of the row of the pack ``table``
    with its ``key``, give or take the share ``tolerance``. ``hundredfold``: a percentage is far
    from the period nearest to it by a factor of about 100.
    """

    id: str
    kind: str
    level: str
    value: str
    zh: str
    en: str
    by: tuple[str, ...] = ()
    per: str | None = None
    low: float | None = None
    high: float | None = None
    factor: float | None = None
    at_least: int = 5
    within: str | None = None
    table: str | None = None
    key: str | None = None
    tolerance: float = 0.0
    todo: str = ""
    todo_en: str = ""

    def problems(self, form: Form) -> list[str]:
        """What is wrong with the definition, in Chinese."""
        name = f"对比关系“{self.id}”"
        if self.kind not in KINDS or self.level not in ("error", "warning"):
            return [f"{name}的种类或级别有误"]
        return [f"{name}{problem}" for problem in self._problems(form)]

    def _problems(self, form: Form) -> Iterator[str]:
        types = {field.id: field.type for field in form.fields}
        for column in (self.value, self.per, self.key, *self.by):
            if column is not None and column not in types:
                yield f"的列“{column}”不存在"
        for column in (self.value, self.per):
            if types.get(str(column), "number") not in ("number", "integer", "quantity"):
                yield f"的列“{column}”不是数字"
        if (
            self.kind in ("previous", "cumulative", "months", "hundredfold")
            and "period" not in types.values()
        ):
            yield "需要时期字段"
        if self.kind == "peers" and (self.factor is None or self.factor <= 1 or not self.by):
            yield "缺 factor（大于 1）或 by"
        bounded = self.low is not None and self.high is not None and self.low < self.high
        if self.kind == "previous" and not bounded:
            yield "缺 low 与 high"
        has_table = self.table is not None and self.key is not None
        if self.kind == "range" and not (self.within is not None if bounded else has_table):
            yield "缺 table 与 key，或 low、high 与 within"

    def findings(self, failed: Sequence[tuple[Any, ...]], where: Where) -> list[Finding]:
        """A finding for each failure (line and the figures to tell), those beyond ``SHOWN`` summed
        up.
        """
        findings = []
        for line, *figures in failed[:SHOWN]:
            sourced = self.kind == "range" and figures[-1]
            said = Problem.worded(_words(), "range.sourced" if sourced else self.kind, *figures)
            zh, en = f"{self.zh}（{said.zh}）", f"{self.en} ({said.en})"
            findings.append(self._problem(zh, en).finding(replace(where, row=line)))
        rest = len(failed) - SHOWN
        if rest > 0:
            more = self._problem(f"{self.zh}：另有{rest}行", f"{self.en}: {rest} more rows")
            findings.append(more.finding(where))
        return findings

    def _problem(self, zh: str, en: str) -> Problem:
        return Problem(self.level, self.id, zh, en, self.todo, self.todo_en)


def _words() -> Words:
    return Words.of("hengtan.ledger")


def columns_of(form: Form) -> list[str]:
    """The storage columns that the comparisons of a form look at."""
    wanted = {*form.key}
    for comparison in form.comparisons:
        for name in (comparison.value, comparison.per):
            if name:
                wanted |= {*form.field(name).columns(), form.field(name).unit_field or name}
        wanted |= {*comparison.by, comparison.key or comparison.value}
    for field in form.fields:
        if field.type == "period":
            wanted |= set(field.columns())
    return [column for column in form.columns() if column in wanted]


def alike_in_force(form: Form, handed_in: Any) -> tuple[str, list[list[str]]]:
    """SQL, and its parameters, for the rows in force that some rows handed in are compared with:
    all that share what a comparison asks to be shared, and hold its figure. Where many rows are
    handed in, or the columns are no texts, all rows in force.
    """
    if handed_in.num_rows > FEW:
        return "true", []
    conditions, parameters = [], []
    for comparison in form.comparisons:
        if comparison.kind == "range":
            continue
        by = alike_by(comparison, form)
        if any(form.columns()[column] != "string" for column in by):
            return "true", []
        has_figure = [
            f'"{name}" is not null' for name in (comparison.value, comparison.per) if name
        ]
        shared = "concat_ws(chr(31), " + ", ".join(f"coalesce(\"{c}\", '')" for c in by) + ")"
        conditions.append(" and ".join([f"{shared} in (select unnest(?))", *has_figure]))
        columns = [handed_in[column].to_pylist() for column in by]
        texts = {chr(31).join(text or "" for text in row) for row in zip(*columns, strict=True)}
        parameters.append(sorted(texts))
    return " or ".join(f"({each})" for each in conditions) or "false", parameters


def compare(
    form: Form,
    handed_in: Any,
    in_force: Any = None,
    *,
    title: Callable[[str], str] | None = None,
    file: str | None = None,
    sheet: str | None = None,
    ranges: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Findings of a form's comparisons.

    Parameters
    ----------
    handed_in : pyarrow.Table
        Rows handed in: the form's storage columns and ``_source_row``.
    in_force : pyarrow.Table or None
        Rows in force of the same form, at least their ``columns_of(form)``.
    title : function
        From a field id to the header a person sees; the form's title without it.
    ranges : mapping
        Pack tables of ranges by name, as ``pyarrow.Table`` with the key, ``low``, ``high``,
        ``unit`` and ``source``.
    """
    if handed_in.num_rows == 0 or not form.comparisons:
        return []
    findings: list[Finding] = []
    with open_engine() as engine:
        _register(engine, form, handed_in, in_force)
        for comparison in form.comparisons:
            if comparison.kind == "range":
                _register_range(engine, comparison, ranges or {})
            failed = engine.execute(query_of(comparison, form)).fetchall()
            field = comparison.value
            column = title(field) if title else form.field(field).title_zh
            findings += comparison.findings(failed, Where(file, sheet, None, column))
    return findings


def _register(engine: Any, form: Form, handed_in: Any, in_force: Any) -> None:
    """``every_row``: rows handed in with their line, and rows in force of other keys; ``units``."""
    columns = ", ".join(f'"{column}"' for column in columns_of(form))
    engine.register("given_rows", in_pieces(handed_in))
    engine.execute(
        f"create temp table every_row as select {columns}, _source_row as line from given_rows"
    )
    tables = [handed_in]
    if in_force is not None and in_force.num_rows:
        tables.append(in_force)
        engine.register("held_rows", in_force)
        same = " and ".join(f'g."{key}" is not distinct from h."{key}"' for key in form.key)
        engine.execute(
            f"insert into every_row select {columns}, null from held_rows h "
            f"where not exists (select 1 from given_rows g where {same})"
        )
    engine.register("units", _units_of(form, tables))


def _units_of(form: Form, tables: Sequence[Any]) -> Any:
    """How each spelling of a unit in the tables converts to the canonical unit of its kind."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [field.id for field in form.fields if field.type == "unit"]
    spellings: set[str] = set()
    for table in tables:
        for column in columns:
            if column in table.column_names:
                spellings |= {text for text in pc.unique(table[column]).to_pylist() if text}
    # one that is no unit is refused by the field itself; such a row is compared with its like only
    units = [read_unit(text) for text in sorted(spellings) if is_unit(text)]
    return pa.table(
        {
            "unit": pa.array([unit.spelling for unit in units], pa.string()),
            "canonical": pa.array([unit.canonical for unit in units], pa.string()),
            "factor": pa.array([unit.factor for unit in units], pa.float64()),
        }
    )


def _register_range(engine: Any, comparison: Comparison, ranges: Mapping[str, Any]) -> None:
    """``range_rows``: the ranges by key (null where one range is for all), in canonical units."""
    import pyarrow as pa

    texts = [(column, pa.string()) for column in ("key", "unit", "source", "canonical")]
    schema = pa.schema([*texts, ("low", pa.float64()), ("high", pa.float64())])
    rows = [_canonical(row) for row in _ranges(comparison, ranges)]
    engine.register("range_rows", pa.Table.from_pylist(rows, schema=schema))


def _ranges(comparison: Comparison, ranges: Mapping[str, Any]) -> list[dict[str, Any]]:
    if comparison.table is None:
        bounds = {"low": comparison.low, "high": comparison.high, "unit": comparison.within}
        return [{"key": None, **bounds, "source": ""}]
    if comparison.table not in ranges:
        raise Problem.worded(_words(), "no-range-table", comparison.table).error()
    columns = ("low", "high", "unit", "source")
    return [
        {"key": row[comparison.key], **{column: row[column] for column in columns}}
        for row in ranges[comparison.table].to_pylist()
    ]


def _canonical(row: dict[str, Any]) -> dict[str, Any]:
    unit = read_unit(row["unit"])
    low, high = row["low"] * unit.factor, row["high"] * unit.factor
    return {**row, "low": low, "high": high, "canonical": unit.canonical}
