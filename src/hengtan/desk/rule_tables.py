"""A rule over a table of cases.

Rules of one formula are one Ibis expression, the others go row by row with the very function of the
single case; a row that is refused says why and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.period import Period
from hengtan.desk.cases import Case, compute, nested, region_of
from hengtan.instruments.parameters import NATION
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Rule, in_force
from hengtan.packs import Pack

DAY, REGION = ("date", "日期"), ("region", "地区")
CHUNK = 20_000
"""Rows computed before progress is told."""
Progress = Callable[[float, str], None]


def read_table(path: Path, rule_id: str = "") -> Any:
    """A table as ``pyarrow.Table``: .parquet, .csv or an Excel sheet, all text then.

    Titles above the header, which names a day, a region or an input of the rule, are passed over.
    Raises HengtanError.
    """
    import pyarrow as pa

    if path.suffix.lower() == ".parquet":
        return _read_parquet(path)
    from hengtan.ledger.reading import read_sheets

    inputs = _any_edition(rule_id).inputs if rule_id else ()
    header = {*DAY, *REGION, *(word for item in inputs for word in item.spellings)}
    sheets = iter(read_sheets(path, header, titled=True).values())
    rows = [cells for _, cells in next(sheets, [])]
    if not rows:
        raise HengtanError(
            "表里没有行",
            "the table has no rows",
            where=Where(path.name),
            todo="表头写输入项，每行一个案例",
            todo_en="inputs as header, one case a row",
        )
    return pa.table({column: [row.get(column, "") or None for row in rows] for column in rows[0]})


def _read_parquet(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise HengtanError(
            "不是 Parquet 文件，或已损坏",
            "no Parquet file, or damaged",
            where=Where(path.name),
            todo="重新导出",
            todo_en="export it again",
        ) from error


def compute_table(
    pack: Pack,
    rule_id: str,
    table: Any,
    *,
    day: date | None = None,
    region: str = NATION,
    progress: Progress | None = None,
) -> Any:
    """The table with the outputs of a rule and a column ``refused``.

    ``day`` and ``region`` stand where the table has no column date (日期) or region (地区); inputs
    under their names, ``input.name`` for amounts. Raises HengtanError for an unknown rule, or a
    table without a day.
    """
    cases = CasesOfTable(pack, rule_id, _column(table, DAY), _column(table, REGION), day, region)
    if cases.day_column is None and day is None:
        raise HengtanError(
            "没有日期：表里没有“日期”列，也没有给 --date",
            "no day",
            todo="加一列日期，或给 --date",
            todo_en="add a column date or give --date",
        )
    rule = _any_edition(rule_id)
    one_day_and_place = cases.day_column is None and cases.region_column is None
    amended = any(row["rule"] == rule_id for row in pack.rows("rule_formulas"))
    plain = rule.formula is not None and not amended and _all_numbers(rule, table)
    if day is not None and one_day_and_place and plain:
        edition = in_force(rules(), rule_id, day)
        return _at_once(pack, edition, table, day, region_of(pack, region))
    return _by_row(cases, table, progress)


def _column(table: Any, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in table.column_names), None)


def _any_edition(rule_id: str) -> Rule:
    """The first rule of an id, whatever its dates. Raises NoSuchRow."""
    editions = (rule for rule in rules() if rule.id == rule_id)
    return next(editions, None) or in_force(rules(), rule_id, date.today())


def _all_numbers(rule: Rule, table: Any) -> bool:
    """Whether every input of a rule stands in the table as a number under its own name."""
    import pyarrow as pa

    def is_number(name: str) -> bool:
        if name not in table.column_names:
            return False
        kind = table[name].type
        return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))

    return all(item.kind == "number" and is_number(item.name) for item in rule.inputs)


def _at_once(pack: Pack, rule: Rule, table: Any, day: date, region: str) -> Any:
    """The table with the outputs of a rule of one formula, computed as one expression."""
    import ibis

    from hengtan.instruments.on_tables import on_table

    con = ibis.duckdb.connect()
    cases = con.create_table("cases", table).mutate(
        _day=ibis.literal(day), _region_of=ibis.literal(region)
    )
    parameters = pack.rows("rule_parameters")
    computed = on_table(rule, cases, parameters, [region], day="_day", region="_region_of")
    computed = computed.drop("_day", "_region_of")
    outputs = [output.name for output in rule.outputs if output.name in computed.columns]
    why = "算不出：输入缺失或参数没有确立"
    refused = ibis.cases(*((computed[name].isnull(), why) for name in outputs))
    return con.to_pyarrow(computed.mutate(refused=refused))


@dataclass
class CasesOfTable:
    """How the rows of a table are cases of a rule: where day and place stand, or what they are."""

    pack: Pack
    rule_id: str
    day_column: str | None
    region_column: str | None
    day: date | None
    region: str
    _codes: dict[str, str] = field(default_factory=dict)

    def compute(self, row: Mapping[str, Any], number: int) -> Mapping[str, Any]:
        """The outputs of a row. Raises HengtanError."""
        day = _day(row[self.day_column]) if self.day_column else self.day
        place = str(row[self.region_column] or self.region) if self.region_column else self.region
        if place not in self._codes:
            self._codes[place] = region_of(self.pack, place)
        assert day is not None
        apart = (self.day_column, self.region_column)
        inputs = nested((column, cell) for column, cell in row.items() if column not in apart)
        where = Where("表", row=number)
        case = Case(self.rule_id, day, self._codes[place], inputs, where=where)
        return compute(self.pack, case).outputs


def _by_row(cases: CasesOfTable, table: Any, progress: Progress | None) -> Any:
    """The table with the outputs of each of its rows, or why a row was refused."""
    import pyarrow as pa

    outputs: dict[str, list[Any]] = {}
    refused: list[str | None] = []
    for batch in table.to_batches(max_chunksize=CHUNK):
        for row in batch.to_pylist():
            done = len(refused)
            computed: Mapping[str, Any] = {}
            try:
                computed = cases.compute(row, done + 1)
                refused.append(None)
            except HengtanError as error:
                refused.append(str(error))
            for name in computed:
                outputs.setdefault(name, [None] * done)
            for name, column in outputs.items():
                column.append(_cell(computed.get(name)))
        if progress:
            done = len(refused)
            progress(done / max(table.num_rows, 1), f"已算 {done} 行")
    for name, column in outputs.items():
        title = name if name not in table.column_names else f"{name}_result"
        table = table.append_column(title, pa.array(column))
    return table.append_column("refused", pa.array(refused, pa.string()))


def _cell(value: Any) -> Any:
    """An output as a cell of a table: lists and mappings as their text."""
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def _day(value: Any) -> date:
    if hasattr(value, "hour"):
        return value.date()
    return value if isinstance(value, date) else Period.read(value).end
