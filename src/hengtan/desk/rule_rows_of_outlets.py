"""Tables with a row a pollutant: the rows of an outlet are one case, and each row gets back its own
part of the result, so that a column adds up to what the outlet owes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.spelling import plain, read_truth
from hengtan.desk.rule_rows import TOTAL_ROW, CasesOfTable, appended
from hengtan.instruments.result import Result

Row = Mapping[str, Any]
Group = list[tuple[int, Row]]


def with_row_a_pollutant(
    cases: CasesOfTable, tables: Iterable[Any], names: Mapping[str, str]
) -> Any:
    """The whole table with the part of each row in the outputs of its outlet.

    Rows of one outlet, day, place and whoever they are of are one case: of an outlet only the
    first pollutants are taxed. ``names``: title of each output.
    """
    import pyarrow as pa

    table = pa.concat_tables(list(tables))
    rows = table.to_pylist()
    outputs: dict[str, list[Any]] = {title: [None] * len(rows) for title in names.values()}
    refused: list[str | None] = [None] * len(rows)
    notes: list[str | None] = [None] * len(rows)
    for group in _groups(cases, rows, refused):
        try:
            result = _computed(cases, group)
        except HengtanError as error:
            for place, _ in group:
                refused[place] = str(error)
            continue
        note, of_sources = cases.parted(result)
        cases.tally.warnings.update(dict.fromkeys(of_sources, len(group)))
        for place, row in group:
            parts = result.parts.get(_name(cases, row), {})
            for name, title in names.items():
                outputs[title][place] = parts.get(name)
            notes[place] = "；".join(filter(None, (note, str(parts.get("note", ""))))) or None
    return appended(table, outputs, refused, notes)


def _groups(cases: CasesOfTable, rows: list[Row], refused: list[str | None]) -> list[Group]:
    """The rows of each case, those of a printed total left out."""
    columns, keys = cases.columns, keys_of(cases)
    groups: dict[tuple[Any, ...], Group] = {}
    for place, row in enumerate(rows):
        if columns.is_total(row):
            refused[place] = TOTAL_ROW
        else:
            groups.setdefault(tuple(row[t] for t in keys), []).append((place, row))
    return list(groups.values())


def keys_of(cases: CasesOfTable) -> list[str]:
    """The columns that part the rows of one case from those of another."""
    columns = cases.columns
    return [t for t in (columns.day, columns.region, *columns.keys) if t]


def _computed(cases: CasesOfTable, group: Group) -> Result:
    """The result of the rows of an outlet. Raises HengtanError."""
    place, row = group[0]
    return cases.of_inputs(row, inputs_of_outlet(cases, [row for _, row in group]), place + 1)


def inputs_of_outlet(cases: CasesOfTable, rows: Iterable[Row]) -> dict[str, Any]:
    """The inputs of a case from its rows, one a pollutant. Raises HengtanError."""
    amounts: dict[str, dict[str, Any]] = {}
    shared: dict[str, Any] = {}
    for row in rows:
        name = _name(cases, row)
        for title, word in cases.columns.inputs.items():
            value = cases.columns.cell(title, row[title])
            if value in (None, ""):
                continue
            item = cases.item(word)
            if item is not None and item.kind == "amounts" and "." not in word:
                _put(amounts.setdefault(word, {}), name, _with_unit(cases, row, item, value))
            else:
                shared[word] = _agreed(item, word, shared.get(word), value)
    return {**shared, **amounts}


def _name(cases: CasesOfTable, row: Row) -> str:
    """The pollutant of a row. Raises HengtanError where there is none."""
    name = plain(row[cases.columns.pollutant] or "") if cases.columns.pollutant else ""
    if not name:
        raise HengtanError(
            "污染物是空的",
            "the pollutant is empty",
            todo="填税目里的名称",
            todo_en="name the pollutant",
        )
    return name


def _put(amounts: dict[str, Any], name: str, value: Any) -> None:
    if name in amounts:
        raise HengtanError(
            f"同一排放口“{name}”有两行",
            f"'{name}' stands in two rows of one outlet",
            todo="合并，或加排放口、企业、日期列以区分",
            todo_en="merge them, or add a column of outlet, enterprise or date",
        )
    amounts[name] = value


def _with_unit(cases: CasesOfTable, row: Row, item: Any, value: Any) -> Any:
    """An amount in the unit of its row, where there is a column of units."""
    unit = plain(row[cases.columns.unit] or "") if cases.columns.unit else ""
    takes = item.takes_rest and unit and isinstance(value, (int, float, str))
    bare = takes and plain(value)[-1:].isdigit()
    return f"{value}{unit}" if bare else value


def _agreed(item: Any, word: str, before: Any, value: Any) -> Any:
    """A figure of the whole outlet that its rows agree on; 否 of one row holds for all of them.

    Raises HengtanError where they differ.
    """
    if before is None or before == value:
        return value
    if item is not None and item.kind == "flag":
        return "否" if False in (read_truth(str(before)), read_truth(str(value))) else value
    raise HengtanError(
        f"同一排放口各行的“{word}”不一致：{before}、{value}",
        f"the rows of an outlet differ in '{word}'",
        todo="改成一致，或加排放口列",
        todo_en="make them agree, or add a column of outlets",
    )
