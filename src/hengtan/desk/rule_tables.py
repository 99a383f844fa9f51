"""A rule over a table of cases: rules of one formula as one Ibis expression, the others row by row with the very function of the single case; a row that is refused says why and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.period import Period
from hengtan.desk.rules import Case, compute, nested, region_of
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Rule, in_force
from hengtan.packs import Pack

DAY, REGION = ("date", "日期"), ("region", "地区")
CHUNK = 20_000


def read_table(path: Path, rule_id: str = "") -> Any:
    """A table as ``pyarrow.Table``: .parquet, .csv or an Excel sheet (all text then); titles above the header, which names a day, a region or an input of the rule, are passed over. Raises HengtanError."""
    import pyarrow as pa

    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        try:
            return pq.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise HengtanError(
                "不是 Parquet 文件，或已损坏",
                "no Parquet file, or damaged",
                where=Where(path.name),
                todo="重新导出",
                todo_en="export it again",
            ) from error
    from hengtan.ledger.reading import read_sheets

    rows = [
        cells
        for _, cells in next(
            iter(
                read_sheets(
                    path,
                    {
                        *DAY,
                        *REGION,
                        *(
                            s
                            for i in (_any(rule_id).inputs if rule_id else ())
                            for s in i.spellings
                        ),
                    },
                    titled=True,
                ).values()
            ),
            [],
        )
    ]
    if not rows:
        raise HengtanError(
            "表里没有行",
            "the table has no rows",
            where=Where(path.name),
            todo="表头写输入项，每行一个案例",
            todo_en="inputs as header, one case a row",
        )
    return pa.table({c: [r.get(c, "") or None for r in rows] for c in rows[0]})


def compute_table(
    pack: Pack,
    rule_id: str,
    table: Any,
    *,
    day: date | None = None,
    region: str = "000000",
    progress: Callable[[float, str], None] | None = None,
) -> Any:
    """The table with the outputs of a rule and a column ``refused``. ``day`` and ``region`` stand where the table has no column date (日期) or region (地区); inputs under their names, ``input.name`` for amounts.

    Raises HengtanError for an unknown rule, or a table without a day.
    """
    dated = next((c for c in DAY if c in table.column_names), None)
    if dated is None and day is None:
        raise HengtanError(
            "没有日期：表里没有“日期”列，也没有给 --date",
            "no day",
            todo="加一列日期，或给 --date",
            todo_en="add a column date or give --date",
        )
    rule = _any(rule_id)
    if (
        rule.formula is not None
        and day is not None
        and dated is None
        and not any(c in table.column_names for c in REGION)
        and _plain(rule, table)
        and not any(r["rule"] == rule_id for r in pack.rows("rule_formulas"))
    ):
        return _at_once(pack, in_force(rules(), rule_id, day), table, day, region_of(pack, region))
    return _by_row(pack, rule_id, table, dated, day, region, progress)


def _any(rule_id: str) -> Rule:
    return next((r for r in rules() if r.id == rule_id), None) or in_force(
        rules(), rule_id, date.today()
    )


def _plain(rule: Rule, table: Any) -> bool:
    """Whether every input of a rule stands in the table as a number under its own name."""
    import pyarrow as pa

    return all(
        i.kind == "number"
        and i.name in table.column_names
        and pa.types.is_floating(table[i.name].type) | pa.types.is_integer(table[i.name].type)
        for i in rule.inputs
    )


def _at_once(pack: Pack, rule: Rule, table: Any, day: date, region: str) -> Any:
    import ibis

    from hengtan.instruments.on_tables import on_table

    con = ibis.duckdb.connect()
    given = con.create_table("cases", table).mutate(
        _day=ibis.literal(day), _region_of=ibis.literal(region)
    )
    made = on_table(
        rule, given, pack.rows("rule_parameters"), [region], day="_day", region="_region_of"
    ).drop("_day", "_region_of")
    outputs = [o.name for o in rule.outputs if o.name in made.columns]
    return con.to_pyarrow(
        made.mutate(
            refused=ibis.cases(
                *((made[o].isnull(), "算不出：输入缺失或参数没有确立") for o in outputs)
            )
        )
    )


def _by_row(
    pack: Pack,
    rule_id: str,
    table: Any,
    dated: str | None,
    day: date | None,
    region: str,
    progress: Callable[[float, str], None] | None,
) -> Any:
    import pyarrow as pa

    placed = next((c for c in REGION if c in table.column_names), None)
    codes: dict[str, str] = {}
    outputs: dict[str, list[Any]] = {}
    refused: list[str | None] = []
    n = 0
    for batch in table.to_batches(max_chunksize=CHUNK):
        for row in batch.to_pylist():
            result: Mapping[str, Any] = {}
            said: str | None = None
            try:
                when = _day(row[dated]) if dated else day
                place = str(row[placed] or region) if placed else region
                if place not in codes:
                    codes[place] = region_of(pack, place)
                assert when is not None
                result = compute(
                    pack,
                    Case(
                        rule_id,
                        when,
                        codes[place],
                        nested((c, v) for c, v in row.items() if c not in (dated, placed)),
                        {},
                        {},
                        None,
                        "",
                        Where("表", row=n + 1),
                    ),
                ).outputs
            except HengtanError as error:
                said = str(error)
            for name, value in result.items():
                outputs.setdefault(name, [None] * n).append(
                    value if isinstance(value, (int, float, str)) else str(value)
                )
            for held in outputs.values():
                if len(held) == n:
                    held.append(None)
            refused.append(said)
            n += 1
        if progress:
            progress(n / max(table.num_rows, 1), f"已算 {n} 行")
    made = table
    for name, values in outputs.items():
        made = made.append_column(
            name if name not in table.column_names else f"{name}_result", pa.array(values)
        )
    return made.append_column("refused", pa.array(refused, pa.string()))


def _day(value: Any) -> date:
    return (
        value
        if isinstance(value, date) and not hasattr(value, "hour")
        else value.date()
        if hasattr(value, "date")
        else Period.read(value).end
    )
