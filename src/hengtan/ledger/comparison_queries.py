"""The queries of comparisons, each over ``base``: the rows a comparison looks at.

``base`` has the line in the file (null for rows of the ledger), ``alike`` (what rows must share),
the ``figure`` in the canonical unit of its ``kind``, ``scale`` to the unit ``shown``, the ``step``
of its last digit, a key and the period. Every query gives the line of a finding and the arguments
of its words (``ledger/words.yaml``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hengtan.basis.spelling import is_unit
from hengtan.basis.units import read_unit

Comparison: TypeAlias = Any
Form: TypeAlias = Any
"""``hengtan.ledger.comparisons.Comparison`` and ``forms.Form``, which rest on this module."""


def query_of(comparison: Comparison, form: Form) -> str:
    """The whole query of a comparison."""
    return f"with base as ({base_of(comparison, form)}) {_QUERIES[comparison.kind](comparison)}"


def alike_by(comparison: Comparison, form: Form) -> tuple[str, ...]:
    """The columns that rows share which a comparison holds against each other."""
    period = _period_of(form)
    by: tuple[str, ...] = comparison.by or tuple(key for key in form.key if key != period)
    return by


def _period_of(form: Form) -> str | None:
    return next((field.id for field in form.fields if field.type == "period"), None)


def base_of(comparison: Comparison, form: Form) -> str:
    """The rows a comparison looks at, in the canonical unit of their kind."""
    period, by = _period_of(form), alike_by(comparison, form)
    value = form.field(comparison.value)
    kind, shown, factor = _unit_of("v", value)
    figure, step = f'r."{value.id}" * {factor}', "null::double"
    if value.type == "quantity":
        step = f'step(r."{value.id}", r."{value.id}_original") * {factor}'
    joins = _units_joined("v", value)
    if comparison.per:
        over = form.field(comparison.per)
        over_kind, over_shown, over_factor = _unit_of("p", over)
        joins += _units_joined("p", over)
        figure = f'{figure} / nullif(r."{over.id}" * {over_factor}, 0)'
        factor = f"{factor} / {over_factor}"
        kind, shown = f"{kind} || '/' || {over_kind}", f"{shown} || '/' || {over_shown}"
    alike = ", ".join(f"coalesce(r.\"{column}\"::varchar, '')" for column in by)
    key = f'r."{comparison.key}"' if comparison.key else "null"
    return f"""
        select r.line, concat_ws(chr(31), {alike}, {kind}) as alike, {kind} as kind,
            {figure} as figure, {factor} as scale, {shown} as shown, {step} as step,
            {key} as key, {_times(period)}
        from every_row r {joins}
        where {figure} is not null"""


def _times(period: str | None) -> str:
    if period is None:
        return "null as period"
    return f"""r."{period}" as period, r."{period}_kind" as period_kind,
            r."{period}_start" as starts, r."{period}_end" as ends"""


def _units_joined(alias: str, field: Any) -> str:
    if not field.unit_field:
        return ""
    return f'left join units {alias} on {alias}.unit = r."{field.unit_field}" '


def _unit_of(alias: str, field: Any) -> tuple[str, str, str]:
    """SQL for the kind of unit, the unit as shown, and the factor to the canonical one."""
    if field.unit_field is None:
        unit = read_unit(field.unit) if field.unit and is_unit(field.unit) else None
        kind, factor = (unit.canonical, unit.factor) if unit else (field.unit or "", 1.0)
        return f"'{kind}'", f"'{field.unit or ''}'", repr(float(factor))
    shown = f"coalesce(r.\"{field.unit_field}\", '')"
    return f"coalesce({alias}.canonical, {shown})", shown, f"coalesce({alias}.factor, 1.0)"


def _previous(comparison: Comparison) -> str:
    """A cumulative is held against the same months a year before; everything else against the
    period before of its kind.
    """
    return f"""
        , slotted as (
            select *, case when period_kind = 'cumulative'
                then strftime(starts, '%m') || strftime(ends, '%m') else '' end as slot
            from base),
        periods as (
            select alike, period_kind, slot, ends, any_value(period) as period,
                last(figure order by line nulls first) as figure
            from slotted group by all),
        lagged as (
            select alike, period_kind, slot, ends,
                lag(figure) over before_it as before, lag(period) over before_it as earlier
            from periods
            window before_it as (partition by alike, period_kind, slot order by ends))
        select s.line, s.period, s.figure / s.scale, s.shown, l.earlier, l.before / s.scale,
            s.figure / l.before
        from slotted s join lagged l using (alike, period_kind, slot, ends)
        where s.line is not null and l.before > 0
            and (s.figure < l.before * {comparison.low} or s.figure > l.before * {comparison.high})
        order by 1"""


def _peers(comparison: Comparison) -> str:
    return f"""
        , ranked as (
            select *, median(figure) over (partition by alike) as middle,
                count(*) over (partition by alike) - 1 as others
            from base where figure > 0)
        select line, figure / scale, shown, others, middle / scale
        from ranked
        where line is not null and others >= {comparison.at_least}
            and (figure > middle * {comparison.factor} or figure * {comparison.factor} < middle)
        order by 1"""


def _range(comparison: Comparison) -> str:
    least, most = 1 - comparison.tolerance, 1 + comparison.tolerance
    return f"""
        select b.line, b.figure / b.scale, b.shown, r.low / b.scale, r.high / b.scale, r.source
        from base b
        join range_rows r on b.kind = r.canonical and b.key is not distinct from r.key
        where b.line is not null
            and (b.figure < r.low * {least:.12g} or b.figure > r.high * {most:.12g})
        order by 1"""


def _cumulative(comparison: Comparison) -> str:
    """A sum since January must not fall; the finding stands at the later row, or the earlier where
    that is the ledger's.
    """
    return """
        , ordered as (
            select *, lag(figure) over through_year as before,
                lag(line) over through_year as line_before,
                lag(period) over through_year as earlier, lag(ends) over through_year as ended
            from base where period_kind in ('cumulative', 'year')
            window through_year as (partition by alike, starts order by ends, line nulls first))
        select coalesce(line, line_before), period, figure / scale, shown, earlier, before / scale,
            coalesce(figure / nullif(before, 0), 'nan'::double)
        from ordered
        where coalesce(line, line_before) is not null
            and ended < ends and figure < before * (1 - 1e-9)
        order by 1"""


def _months(comparison: Comparison) -> str:
    """Months must add up to their cumulative within half a step of each of the figures."""
    return """
        , months as (
            select alike, starts, last(figure order by line nulls first) as figure,
                last(line order by line nulls first) as line, min(step) as step
            from base where period_kind = 'month' group by all),
        wholes as (
            select *, row_number() over () as nth,
                date_diff('month', starts, ends) + 1 as needed
            from base where period_kind in ('cumulative', 'year')),
        summed as (
            select c.nth, coalesce(any_value(c.line), max(m.line)) as line,
                any_value(c.period) as period, any_value(c.figure) as figure,
                any_value(c.scale) as scale, any_value(c.shown) as shown,
                any_value(c.needed) as needed, count(*) as months, sum(m.figure) as total,
                least(min(m.step), any_value(c.step)) as step
            from wholes c
            join months m on m.alike = c.alike and m.starts between c.starts and c.ends
            group by c.nth)
        select line, period, figure / scale, shown, total / scale, (figure - total) / scale
        from summed
        where line is not null and months = needed
            and abs(total - figure)
                > 0.5 * (needed + 1) * coalesce(step, 0) + 1e-9 * abs(figure)
        order by 1"""


def _hundredfold(comparison: Comparison) -> str:
    """A percentage that is about a hundredth or a hundred times one of the period nearest to it: a
    share of one where per cent belongs, or the other way round.

    Of periods equally near the first by name. Each series is gone through once, in the order of
    its days; rows of a long one are never paired with each other.
    """
    return """
        , shares as (select * from base where kind = '%' and figure <> 0),
        periods as (
            select alike, ends, period,
                arg_min(figure, coalesce(line, 9223372036854775807)) as figure
            from shares group by all),
        ranked as (
            select *, row_number() over (partition by alike, ends order by period) as place
            from periods),
        days as (
            select alike, ends, first({'period': period, 'figure': figure}) as earliest
            from ranked where place = 1 group by all),
        seconds as (
            select alike, ends, {'period': period, 'figure': figure} as next_one
            from ranked where place = 2),
        around as (
            select *, lag(earliest) over series as before, lead(earliest) over series as after,
                date_diff('day', lag(ends) over series, ends) as since,
                date_diff('day', ends, lead(ends) over series) as until
            from days window series as (partition by alike order by ends)),
        nearest as (
            select s.line, s.period, s.figure,
                case
                    when s.period <> a.earliest.period then a.earliest
                    when n.next_one is not null then n.next_one
                    when a.before is null then a.after
                    when a.after is null then a.before
                    when a.since < a.until then a.before
                    when a.since > a.until then a.after
                    when a.before.period < a.after.period then a.before
                    else a.after
                end as other
            from shares s
            join around a on a.alike = s.alike and a.ends = s.ends
            left join seconds n on n.alike = s.alike and n.ends = s.ends
            where s.line is not null)
        select line, period, figure, '%', other.period, other.figure, figure / other.figure,
            case when abs(figure) < abs(other.figure) then figure * 100 else figure / 100 end
        from nearest
        where abs(figure / other.figure) between 0.00625 and 0.016 or
            abs(figure / other.figure) between 62.5 and 160
        order by 1"""


_QUERIES: Mapping[str, Callable[[Comparison], str]] = {
    "previous": _previous,
    "peers": _peers,
    "range": _range,
    "cumulative": _cumulative,
    "months": _months,
    "hundredfold": _hundredfold,
}
