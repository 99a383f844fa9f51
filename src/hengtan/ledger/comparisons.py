"""Comparisons of a form (data): rows against the period before, against peers, against a range,
months against cumulatives.

Each is one SQL query over the rows handed in and the rows the ledger holds; a row handed in takes
the place of a held row with its key. Amounts are compared in the canonical unit of their kind and
told in the unit of their row. Only rows handed in are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.units import read_unit
from hengtan.ledger.engine import open_engine

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form

KINDS = ("previous", "peers", "range", "cumulative", "months")
SHOWN = 200


@dataclass(frozen=True)
class Comparison:
    """One comparison of ``value`` (divided by ``per``) within rows alike in ``by`` (without it: in
    the form's key but the period).

    ``previous``: ``low`` and ``high`` bound the ratio to the period before. ``peers``: ``factor``
    bounds the distance from the median, where there are ``at_least`` others. ``range``: the value
    lies between ``low`` and ``high`` of the unit ``within``, or of the row of the pack ``table``
    with its ``key``, give or take the share ``tolerance``.
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
        ids, kinds = [f.id for f in form.fields], {f.id: f.type for f in form.fields}
        name = f"对比关系“{self.id}”"
        if self.kind not in KINDS or self.level not in ("error", "warning"):
            return [f"{name}的种类或级别有误"]
        found = [
            f"{name}的列“{c}”不存在"
            for c in (self.value, self.per, self.key, *self.by)
            if c is not None and c not in ids
        ]
        found += [
            f"{name}的列“{c}”不是数字"
            for c in (self.value, self.per)
            if kinds.get(str(c), "number") not in ("number", "integer", "quantity")
        ]
        if self.kind in ("previous", "cumulative", "months") and "period" not in kinds.values():
            found.append(f"{name}需要时期字段")
        if self.kind == "peers" and (self.factor is None or self.factor <= 1 or not self.by):
            found.append(f"{name}缺 factor（大于 1）或 by")
        bounds = self.low is not None and self.high is not None and self.low < self.high
        if self.kind == "previous" and not bounds:
            found.append(f"{name}缺 low 与 high")
        if self.kind == "range" and (
            (self.table is None or self.key is None) if not bounds else self.within is None
        ):
            found.append(f"{name}缺 table 与 key，或 low、high 与 within")
        return found


def columns_of(form: Form) -> list[str]:
    """The storage columns that the comparisons of a form look at."""
    wanted = {*form.key}
    for one in form.comparisons:
        for name in (one.value, one.per):
            if name:
                wanted |= {*form.field(name).columns(), form.field(name).unit_field or name}
        wanted |= {*one.by, one.key or one.value}
    wanted |= {column for f in form.fields if f.type == "period" for column in f.columns()}
    return [column for column in form.columns() if column in wanted]


def compare(
    form: Form,
    given: Any,
    held: Any = None,
    *,
    title: Callable[[str], str] | None = None,
    file: str | None = None,
    sheet: str | None = None,
    ranges: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Findings of a form's comparisons.

    Parameters
    ----------
    given : pyarrow.Table
        Rows handed in: the form's storage columns and ``_source_row``.
    held : pyarrow.Table or None
        Rows in force of the same form, at least their ``columns_of(form)``.
    title : function
        From a field id to the header a person sees; the form's title without it.
    ranges : mapping
        Pack tables of ranges by name, as ``pyarrow.Table`` with the key, ``low``, ``high``, ``unit`` and ``source``.
    """
    if given.num_rows == 0 or not form.comparisons:
        return []
    findings: list[Finding] = []
    with open_engine() as engine:
        _register(engine, form, given, held)
        for one in form.comparisons:
            if one.kind == "range":
                _register_range(engine, one, ranges or {})
            failed = engine.execute(
                f"with base as ({_base(one, form)}) {_QUERIES[one.kind](one)}"
            ).fetchall()
            where = title(one.value) if title else form.field(one.value).title_zh
            for line, *told in failed[:SHOWN]:
                zh, en = _TOLD[one.kind](*told)
                findings.append(
                    Finding(
                        one.level,
                        f"{one.zh}（{zh}）",
                        f"{one.en} ({en})",
                        Where(file, sheet, line, where),
                        one.todo,
                        one.todo_en,
                        one.id,
                    )
                )
            if len(failed) > SHOWN:
                rest = len(failed) - SHOWN
                findings.append(
                    Finding(
                        one.level,
                        f"{one.zh}：另有{rest}行",
                        f"{one.en}: {rest} more rows",
                        Where(file, sheet, None, where),
                        one.todo,
                        one.todo_en,
                        one.id,
                    )
                )
    return findings


def _register(engine: Any, form: Form, given: Any, held: Any) -> None:
    """``every_row``: rows handed in with their line, and held rows of other keys; ``units``: how
    each spelling converts.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    listed = ", ".join(f'"{c}"' for c in columns_of(form))
    engine.register("given_rows", given)
    engine.execute(
        f"create temp table every_row as select {listed}, _source_row as line from given_rows"
    )
    unit_columns = [f.id for f in form.fields if f.type == "unit"]
    tables = [given]
    if held is not None and held.num_rows:
        tables.append(held)
        engine.register("held_rows", held)
        same = " and ".join(f'g."{k}" is not distinct from h."{k}"' for k in form.key)
        engine.execute(
            f"insert into every_row select {listed}, null from held_rows h where not exists (select 1 from given_rows g where {same})"
        )
    spelled = {
        text
        for t in tables
        for c in unit_columns
        if c in t.column_names
        for text in pc.unique(t[c]).to_pylist()
        if text
    }
    known = []
    for text in sorted(spelled):
        try:
            known.append(read_unit(text))
        except HengtanError:
            continue  # refused by the field itself; such a row is compared with its like only
    engine.register(
        "units",
        pa.table(
            {
                "unit": pa.array([u.spelling for u in known], pa.string()),
                "canonical": pa.array([u.canonical for u in known], pa.string()),
                "factor": pa.array([u.factor for u in known], pa.float64()),
            }
        ),
    )


def _register_range(engine: Any, one: Comparison, ranges: Mapping[str, Any]) -> None:
    """``range_rows``: the ranges by key (null where one range is for all), in canonical units."""
    import pyarrow as pa

    rows: list[dict[str, Any]]
    if one.table is None:
        rows = [{"key": None, "low": one.low, "high": one.high, "unit": one.within, "source": ""}]
    elif one.table in ranges:
        rows = [
            {"key": r[one.key], **{c: r[c] for c in ("low", "high", "unit", "source")}}
            for r in ranges[one.table].to_pylist()
        ]
    else:
        raise HengtanError(f"没有数据包表“{one.table}”", f"no pack table '{one.table}'")
    for row in rows:
        unit = read_unit(row["unit"])
        row |= {
            "low": row["low"] * unit.factor,
            "high": row["high"] * unit.factor,
            "canonical": unit.canonical,
        }
    engine.register(
        "range_rows",
        pa.Table.from_pylist(
            rows,
            schema=pa.schema(
                [(c, pa.string()) for c in ("key", "unit", "source", "canonical")]
                + [("low", pa.float64()), ("high", pa.float64())]
            ),
        ),
    )


def _base(one: Comparison, form: Form) -> str:
    """The rows a comparison looks at: ``figure`` in canonical units, ``scale`` to the row's unit
    ``shown``, ``alike`` what rows must share, and the period.
    """
    period = next((f.id for f in form.fields if f.type == "period"), None)
    by = one.by or tuple(k for k in form.key if k != period)
    value, over = form.field(one.value), form.field(one.per) if one.per else None
    kind, shown, factor = _unit_of("v", value)
    figure, step = (
        f'r."{value.id}" * {factor}',
        f'step(r."{value.id}", r."{value.id}_original") * {factor}'
        if value.type == "quantity"
        else "null::double",
    )
    joins = f'left join units v on v.unit = r."{value.unit_field}" ' if value.unit_field else ""
    if over is not None:
        over_kind, over_shown, over_factor = _unit_of("p", over)
        joins += f'left join units p on p.unit = r."{over.unit_field}"' if over.unit_field else ""
        figure, factor = (
            f'{figure} / nullif(r."{over.id}" * {over_factor}, 0)',
            f"{factor} / {over_factor}",
        )
        kind, shown = f"{kind} || '/' || {over_kind}", f"{shown} || '/' || {over_shown}"
    alike = ", ".join(f"coalesce(r.\"{c}\"::varchar, '')" for c in by)
    times = (
        f'r."{period}" as period, r."{period}_kind" as period_kind, r."{period}_start" as starts, r."{period}_end" as ends'
        if period
        else "null as period"
    )
    key = f'r."{one.key}"' if one.key else "null"
    return f"""
        select r.line, concat_ws(chr(31), {alike}, {kind}) as alike, {kind} as kind, {figure} as figure, {factor} as scale, {shown} as shown, {step} as step, {key} as key, {times}
        from every_row r {joins} where {figure} is not null"""


def _unit_of(alias: str, field: Any) -> tuple[str, str, str]:
    """SQL for the kind of unit, the unit as shown, and the factor to the canonical one."""
    if field.unit_field is None:
        fixed = f"'{field.unit or ''}'"
        return fixed, fixed, "1.0"
    shown = f"coalesce(r.\"{field.unit_field}\", '')"
    return f"coalesce({alias}.canonical, {shown})", shown, f"coalesce({alias}.factor, 1.0)"


def _previous(one: Comparison) -> str:
    """A cumulative is held against the same months a year before; everything else against the
    period before of its kind.
    """
    return f"""
        , slotted as (select *, case when period_kind = 'cumulative' then strftime(starts, '%m') || strftime(ends, '%m') else '' end as slot from base),
        periods as (select alike, period_kind, slot, ends, last(figure order by line nulls first) as figure, any_value(period) as period from slotted group by all),
        lagged as (
            select alike, period_kind, slot, ends, lag(figure) over (partition by alike, period_kind, slot order by ends) as before, lag(period) over (partition by alike, period_kind, slot order by ends) as earlier
            from periods)
        select s.line, s.period, s.figure / s.scale, s.shown, l.earlier, l.before / s.scale from slotted s join lagged l using (alike, period_kind, slot, ends)
        where s.line is not null and l.before > 0 and (s.figure < l.before * {one.low} or s.figure > l.before * {one.high}) order by 1"""


def _peers(one: Comparison) -> str:
    return f"""
        , ranked as (select *, median(figure) over (partition by alike) as middle, count(*) over (partition by alike) - 1 as others from base where figure > 0)
        select line, figure / scale, shown, others, middle / scale from ranked
        where line is not null and others >= {one.at_least} and (figure > middle * {one.factor} or figure * {one.factor} < middle) order by 1"""


def _range(one: Comparison) -> str:
    return f"""
        select b.line, b.figure / b.scale, b.shown, r.low / b.scale, r.high / b.scale, r.source
        from base b join range_rows r on b.kind = r.canonical and b.key is not distinct from r.key
        where b.line is not null and (b.figure < r.low * {1 - one.tolerance:.12g} or b.figure > r.high * {1 + one.tolerance:.12g}) order by 1"""


def _cumulative(one: Comparison) -> str:
    return """
        , ordered as (
            select *, lag(figure) over told as before, lag(line) over told as line_before, lag(period) over told as earlier, lag(ends) over told as ended
            from base where period_kind in ('cumulative', 'year') window told as (partition by alike, starts order by ends, line nulls first))
        select coalesce(line, line_before), period, figure / scale, shown, earlier, before / scale from ordered
        where coalesce(line, line_before) is not null and ended < ends and figure < before * (1 - 1e-9) order by 1"""


def _months(one: Comparison) -> str:
    return """
        , months as (
            select alike, starts, last(figure order by line nulls first) as figure, last(line order by line nulls first) as line, min(step) as step
            from base where period_kind = 'month' group by all),
        wholes as (select *, row_number() over () as nth, date_diff('month', starts, ends) + 1 as needed from base where period_kind in ('cumulative', 'year')),
        summed as (
            select c.nth, coalesce(any_value(c.line), max(m.line)) as line, any_value(c.period) as period, any_value(c.figure) as figure, any_value(c.scale) as scale, any_value(c.shown) as shown,
                any_value(c.needed) as needed, count(*) as held, sum(m.figure) as total, least(min(m.step), any_value(c.step)) as step
            from wholes c join months m on m.alike = c.alike and m.starts between c.starts and c.ends group by c.nth)
        select line, period, figure / scale, shown, total / scale from summed
        where line is not null and held = needed and abs(total - figure) > 0.5 * (needed + 1) * coalesce(step, 0) + 1e-9 * abs(figure) order by 1"""


_QUERIES: Mapping[str, Callable[[Comparison], str]] = {
    "previous": _previous,
    "peers": _peers,
    "range": _range,
    "cumulative": _cumulative,
    "months": _months,
}


def _against_period(
    period: str, figure: float, shown: str, earlier: str, before: float
) -> tuple[str, str]:
    return (
        f"{period} 为 {figure:.6g} {shown}，{earlier} 为 {before:.6g} {shown}，是其 {figure / before:.3g} 倍",
        f"{figure:.6g} {shown} in {period}, {before:.6g} {shown} in {earlier}, {figure / before:.3g} times",
    )


def _against_peers(figure: float, shown: str, others: int, middle: float) -> tuple[str, str]:
    return (
        f"{figure:.6g} {shown}，与其余 {others} 行合计的中位数 {middle:.6g} {shown}",
        f"{figure:.6g} {shown}; the median with {others} others is {middle:.6g} {shown}",
    )


def _against_range(
    figure: float, shown: str, low: float, high: float, source: str
) -> tuple[str, str]:
    return (
        f"{figure:.6g} {shown}，范围 {low:.6g}—{high:.6g} {shown}{f'，依据 {source}' if source else ''}",
        f"{figure:.6g} {shown}, range {low:.6g} to {high:.6g} {shown}{f', from {source}' if source else ''}",
    )


def _against_months(period: str, figure: float, shown: str, total: float) -> tuple[str, str]:
    return (
        f"{period} 为 {figure:.6g} {shown}，各月之和 {total:.6g} {shown}，相差 {figure - total:.4g}",
        f"{figure:.6g} {shown} in {period}, its months add up to {total:.6g} {shown}, {figure - total:.4g} apart",
    )


_TOLD: Mapping[str, Callable[..., tuple[str, str]]] = {
    "previous": _against_period,
    "peers": _against_peers,
    "range": _against_range,
    "cumulative": _against_period,
    "months": _against_months,
}
