"""Reads a file as a form: sheet, header, rows, columns, keys, cross-checks. One path for Excel, OpenDocument and CSV."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hengtan.basis.errors import Finding, UnreadableFile, Where
from hengtan.ledger.reading.columns import (
    CUMULATIVE,
    read_distinct,
    read_periods,
    reader_of,
    screen,
    spread,
)
from hengtan.ledger.reading.findings import SHOWN_ALIKE, Collector, Problem
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.header import Header, find_header, plain
from hengtan.ledger.reading.quantities import Units, read_quantities, read_units
from hengtan.ledger.reading.rows import AMOUNTS, data_rows, encode
from hengtan.ledger.reading.words import ERROR_VALUE
from hengtan.ledger.reading.workbook import read_grids

Progress = Callable[[float, str], None]
_ORDINAL_TITLES = {"序号", "编号", "行号", "行次", "no", "no.", "#", "id", "n"}


@dataclass(frozen=True)
class Reading:
    """What a file holds as a form: ``table`` has the form's storage columns and ``_source_row`` (line in the file).

    ``header_row`` is the line of the header (0 where none was found), ``mapping`` field id → header text.
    """

    table: Any
    findings: list[Finding]
    sheet: str | None
    header_row: int
    mapping: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid taking the file in."""
        return [f for f in self.findings if f.level == "error"]


def read_form(
    path: Path | str,
    form: Any,
    *,
    places: Any,
    lookups: Mapping[str, Mapping[str, str | tuple[str, ...]]],
    sheet: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read a file as a form. Raises UnreadableFile where it is no table; everything else is a finding.

    Parameters
    ----------
    form : hengtan.ledger.forms.Form
    places : hengtan.basis.place.PlaceTree
    lookups : pack table → {id or name → id, or the ids that share the name}, for reference fields
    sheet : the worksheet to read; without it the one whose header fits
    progress : called with a share from 0 to 1 and a text
    """
    path = Path(path)
    tell = progress or (lambda share, text: None)
    tell(0.0, f"打开 {path.name}")
    grids = read_grids(path)
    tell(0.4, "查找表头")
    collector = Collector(path.name, None)
    chosen = _choose(grids, form, sheet, collector)
    if chosen is None:
        return Reading(_empty(form), collector.findings, None, 0)
    grid, header = chosen
    collector.sheet = grid.name
    mapping = {f: header.texts[c] for f, c in header.columns.items()}
    if not header.fits:
        _report_header(header, form, collector)
        return Reading(
            _empty(form), collector.findings, grid.name, header.row + grid.first_line, mapping
        )
    tell(0.5, "读取数据")
    table = _table(grid, header, form, places, lookups, collector, tell)
    _check_keys(table, form, header, collector)
    tell(0.95, "审核")
    for check in form.checks:
        titles = [
            header.texts[header.columns[f.id]] if f.id in header.columns else f.title_zh
            for f in form.fields_of(check)
        ]
        collector.findings += form.check(
            _sound(table, collector, titles), file=path.name, sheet=grid.name, checks=[check]
        )
    tell(1.0, f"读取 {table.num_rows} 行")
    ordered = sorted(
        collector.findings,
        key=lambda f: (f.level != "error", f.where.row is None, f.where.row or 0),
    )
    return Reading(table, ordered, grid.name, header.row + grid.first_line, mapping)


def read_rows(path: Path | str) -> list[dict[str, str]]:
    """The rows of a plain table (first sheet with content, first line with content as header) as text. Raises UnreadableFile.

    >>> read_rows("places.csv")  # doctest: +SKIP
    [{'place': '500156', 'name_zh': '武隆区'}]
    """
    path = Path(path)
    grid = next((g for g in read_grids(path) if not g.hidden and g.height), None)
    if grid is None:
        raise UnreadableFile(
            "文件里没有内容",
            "the file holds nothing",
            where=Where(path.name),
            todo="检查是否保存完整",
            todo_en="check that it was saved",
        )
    return [row for _, row in _plain_rows(grid, path)]


def read_sheets(
    path: Path | str, header: Collection[str] = (), *, titled: bool = False
) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """Every visible sheet of a workbook as a plain table: by name, its rows as text, each with its line in the file. Raises UnreadableFile.

    The header is the first line that holds one of the titles ``header`` (titles above it are passed over), else the first line with content.
    ``titled``: a column with content under a blank title (a merged header) is refused, else left out.
    """
    path = Path(path)
    return {
        str(grid.name or "").strip(): _plain_rows(grid, path, header, titled)
        for grid in read_grids(path)
        if not grid.hidden and grid.height
    }


def _plain_rows(
    grid: Grid, path: Path, header: Collection[str] = (), titled: bool = False
) -> list[tuple[int, dict[str, str]]]:
    columns = [encode(column) for column in grid.columns]
    rows = [
        [c.texts[code] if code >= 0 else "" for c, code in zip(columns, codes, strict=True)]
        for codes in zip(*(c.codes.tolist() for c in columns), strict=True)
    ]
    filled = [(grid.first_line + n, row) for n, row in enumerate(rows) if any(row)]
    filled = filled[
        next(
            (
                n
                for n, (_, row) in enumerate(filled[:20])
                if any(cell.strip() in header for cell in row)
            ),
            0,
        ) :
    ]
    titles = [title.strip() for title in filled[0][1]] if filled else []
    twice = {t for t in titles if t and titles.count(t) > 1}
    if twice:
        raise UnreadableFile(
            f"表头重复：{'、'.join(sorted(twice))}",
            f"header twice: {', '.join(sorted(twice))}",
            where=Where(path.name, grid.name),
            todo="改正表头",
            todo_en="correct the header",
        )
    bare = (
        next(
            (
                (line, n)
                for line, row in filled[1:]
                for n, cell in enumerate(row)
                if cell.strip() and not titles[n]
            ),
            None,
        )
        if titled
        else None
    )
    if bare:
        raise UnreadableFile(
            f"第{bare[1] + 1}列没有表头，却有内容",
            f"column {bare[1] + 1} has content but no title",
            where=Where(path.name, grid.name, row=bare[0]),
            todo="表头写成一行，不合并单元格；子项写成 污染物排放量.二氧化硫",
            todo_en="one header line, no merged cells; items as input.item",
        )
    return [
        (line, {title: cell for title, cell in zip(titles, row, strict=True) if title})
        for line, row in filled[1:]
    ]


def _choose(
    grids: list[Grid], form: Any, sheet: str | None, collector: Collector
) -> tuple[Grid, Header] | None:
    """The sheet to read and its header; None, with an error, where there is none or more than one."""
    names = "、".join(str(g.name) for g in grids)
    if sheet is not None and grids and grids[0].name is not None:
        named = [g for g in grids if g.name == sheet] or [
            g for g in grids if plain(str(g.name)) == plain(sheet)
        ]
        if not named:
            collector.add(
                Problem(
                    "error",
                    "no-such-sheet",
                    f"没有工作表“{sheet}”",
                    f"no sheet '{sheet}'",
                    f"现有：{names}",
                    f"there are: {names}",
                )
            )
            return None
        grids = named[:1]
    else:
        hidden = [str(g.name) for g in grids if g.hidden and not str(g.name).startswith("_")]
        if hidden:
            collector.add(
                Problem(
                    "warning",
                    "hidden-sheet",
                    f"隐藏的工作表未读取：{'、'.join(hidden)}",
                    f"hidden sheets not read: {', '.join(hidden)}",
                    "需要时取消隐藏或指定工作表",
                    "unhide them or name the sheet",
                )
            )
        grids = [g for g in grids if not g.hidden]
    found = [
        (grid, header)
        for grid in grids
        if grid.height
        for header in [find_header(grid, form)]
        if header is not None
    ]
    fitting = [pair for pair in found if pair[1].fits]
    if len(fitting) > 1:
        several = "、".join(str(g.name) for g, _ in fitting)
        collector.add(
            Problem(
                "error",
                "several-sheets",
                f"有多张工作表符合本表：{several}",
                f"several sheets fit: {several}",
                "指定工作表",
                "name the sheet to read",
            )
        )
        return None
    if fitting:
        return fitting[0]
    best = max(found, key=lambda pair: len(pair[1].columns), default=None)
    if best is None:
        needed = "、".join(f.title_zh for f in form.fields if f.required)
        needed_en = ", ".join(f.title_en for f in form.fields if f.required)
        collector.add(
            Problem(
                "error",
                "no-header",
                f"找不到“{form.title_zh}”的表头",
                f"no header of '{form.title_en}' found",
                f"表头应有：{needed}",
                f"the header needs: {needed_en}",
            )
        )
    return best


def _report_header(header: Header, form: Any, collector: Collector) -> None:
    line = header.row + 1
    for field_id in header.missing:
        known = form.field(field_id)
        aliases = "、".join(known.aliases[:4])
        collector.add(
            Problem(
                "error",
                "missing-column",
                f"缺少“{known.title_zh}”列",
                f"the column '{known.title_en}' is missing",
                f"加上这一列{f'（也可写作 {aliases}）' if aliases else ''}",
                "add the column",
            ),
            row=line,
            column=known.title_zh,
        )
    for field_id, columns in header.ambiguous.items():
        known, texts = form.field(field_id), "、".join(header.texts[c] for c in columns)
        collector.add(
            Problem(
                "error",
                "ambiguous-column",
                f"多列都像“{known.title_zh}”：{texts}",
                f"several columns could be '{known.title_en}': {texts}",
                "只留一列，或改其余列名",
                "keep one, or rename the others",
            ),
            row=line,
            column=known.title_zh,
        )


def _table(
    grid: Grid,
    header: Header,
    form: Any,
    places: Any,
    lookups: Mapping[str, Mapping[str, str | tuple[str, ...]]],
    collector: Collector,
    tell: Progress,
) -> Any:
    import numpy as np
    import pyarrow as pa

    cells, lines = data_rows(grid, header, form, collector)
    _report_extra(header, cells, collector, delimited=grid.name is None)
    screened = {
        f.id: screen(cells[header.columns[f.id]], collector, header.texts[header.columns[f.id]])
        for f in form.fields
        if f.id in header.columns
    }
    titles = {
        f.id: header.texts[header.columns[f.id]] if f.id in header.columns else f.title_zh
        for f in form.fields
    }
    units: dict[str, Units] = {
        f.id: read_units(screened.get(f.id), len(lines), collector, titles[f.id])
        for f in form.fields
        if f.type == "unit"
    }
    columns: dict[str, Any] = {}
    done = 0
    for known in form.fields:
        done += 1
        tell(0.5 + 0.4 * done / len(form.fields), titles[known.id])
        mine = screened.get(known.id)
        if mine is None or known.type == "unit":
            if known.default is not None and known.type != "unit":
                columns[known.id] = pa.array([known.default]).take(
                    pa.array(np.zeros(len(lines), dtype=np.int64))
                )
            continue
        if known.type == "quantity":
            outer = header.units.get(known.id) or _line_unit(header, collector)
            read = read_quantities(
                mine, known, units.get(known.unit_field or ""), outer, collector, titles[known.id]
            )
        elif known.type == "period":
            years = cells[header.year_column] if header.year_column is not None else None
            read = read_periods(
                mine,
                years,
                header.year,
                collector,
                titles[known.id],
                _cumulative_title(form, header),
            )
        else:
            reader, kind = reader_of(known, places, lookups)
            read = {
                "": spread(
                    read_distinct(mine, reader, collector, titles[known.id]), mine.codes, kind
                )
            }
            if known.default is not None:
                read[""] = read[""].fill_null(known.default)
        columns |= {known.id + suffix: array for suffix, array in read.items()}
        _check_values(
            known, columns, mine, cells[header.columns[known.id]], collector, titles[known.id]
        )
    columns |= {field_id: found.array() for field_id, found in units.items()}
    schema = form.schema().append(pa.field("_source_row", pa.int64()))
    columns["_source_row"] = pa.array(lines, pa.int64())
    return pa.table(
        [
            columns[n] if n in columns else pa.nulls(len(lines), schema.field(n).type)
            for n in schema.names
        ],
        schema=schema,
    )


def _cumulative_title(form: Any, header: Header) -> str | None:
    """The header of the amount where it says that the amount is cumulative."""
    texts = [
        header.texts[header.columns[f.id]]
        for f in form.fields
        if f.type == "quantity" and f.id in header.columns
    ]
    return next((text for text in texts if CUMULATIVE.search(plain(text))), None)


def _line_unit(header: Header, collector: Collector) -> str | None:
    from hengtan.ledger.reading.columns import clean_unit

    if header.unit_line is None:
        return None
    spelled, problem = clean_unit(header.unit_line)
    if problem is not None:
        collector.add(
            Problem(
                "warning",
                "unit-line",
                f"表上方的单位“{header.unit_line}”不认识，未采用",
                f"the unit '{header.unit_line}' above the table is unknown and not used",
                problem.todo,
                problem.todo_en,
            )
        )
        header.unit_line = None
    return spelled


def _report_extra(
    header: Header, cells: list[Any], collector: Collector, *, delimited: bool
) -> None:
    """Columns that are no field. In delimited text, cells beyond the header mean that a row has been split wrongly: an error."""
    import numpy as np

    width = max((column for column, title in header.texts.items() if title), default=-1) + 1
    known = set(header.columns.values()) | {header.year_column}
    for column, held in enumerate(cells):
        title = header.texts.get(column, "")
        if column in known or plain(title) in _ORDINAL_TITLES or not (held.codes >= 0).any():
            continue
        name = title or f"第{column + 1}列"
        if delimited and column >= width:
            shifted = Problem(
                "error",
                "cells-beyond-header",
                "本行的格数多于表头，各列可能已错位",
                "the row has more cells than the header; its columns may have shifted",
                "千分位逗号或文字中的分隔符要加引号或去掉",
                "quote or drop commas inside numbers and text",
            )
            collector.at_rows(np.flatnonzero(held.codes >= 0), shifted, name)
            continue
        collector.add(
            Problem(
                "warning",
                "extra-column",
                f"“{name}”列不属于本表，未读取" if title else f"{name}没有表头，未读取",
                f"the column '{name}' is not part of the form and is not read",
                "核对列名",
                "check its name",
            ),
            row=header.row + 1,
            column=name,
        )


def _check_values(
    known: Any, columns: dict[str, Any], cells: Any, as_found: Any, collector: Collector, title: str
) -> None:
    """Required cells that are blank (an error value is not: it has its own finding), and amounts outside the field's limits."""
    import numpy as np

    if known.required:
        blank = np.flatnonzero((cells.codes < 0) & ~as_found.mask(ERROR_VALUE.match))
        collector.at_rows(
            blank,
            Problem(
                "error",
                "required",
                f"“{known.title_zh}”不能为空",
                f"'{known.title_en}' must not be blank",
                "填写",
                "fill it",
            ),
            title,
        )
    if known.type not in AMOUNTS or (known.minimum is None and known.maximum is None):
        return
    numbers = columns[known.id].to_numpy(zero_copy_only=False).astype(float)
    for limit, outside, word, word_en in (
        (known.minimum, np.less, "低于下限", "below"),
        (known.maximum, np.greater, "高于上限", "above"),
    ):
        if limit is not None:
            rows = np.flatnonzero(outside(numbers, limit))
            collector.at_rows(
                rows,
                [
                    Problem(
                        "error",
                        "out-of-range",
                        f"“{cells.texts[cells.codes[r]]}”{word} {limit:g}",
                        f"'{cells.texts[cells.codes[r]]}' is {word_en} {limit:g}",
                        "检查数值与单位",
                        "check value and unit",
                    )
                    for r in rows[: SHOWN_ALIKE + 1]
                ]
                if len(rows) <= SHOWN_ALIKE
                else Problem(
                    "error",
                    "out-of-range",
                    f"{word} {limit:g}",
                    f"{word_en} {limit:g}",
                    "检查数值与单位",
                    "check value and unit",
                ),
                title,
            )


def _check_keys(table: Any, form: Any, header: Header, collector: Collector) -> None:
    """Rows with the same key: an error that names both rows, and says whether the whole row is the same."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = list(form.key)
    sound = _sound(
        table, collector, [header.texts[header.columns[k]] for k in keys if k in header.columns]
    )
    plain_keys = [pc.fill_null(sound[k].cast(pa.string()), "") for k in keys]
    keyed = pa.table([*plain_keys, sound["_source_row"]], names=[*keys, "_source_row"])
    counted = keyed.group_by(keys).aggregate([("_source_row", "count"), ("_source_row", "min")])
    repeated = counted.filter(pc.greater(counted["_source_row_count"], 1))
    if repeated.num_rows == 0:
        return
    pairs = keyed.join(repeated, keys=keys, join_type="inner")
    later = pairs.filter(pc.not_equal(pairs["_source_row"], pairs["_source_row_min"])).sort_by(
        "_source_row"
    )
    shown = later.slice(0, SHOWN_ALIKE).to_pylist()
    asked = {r["_source_row"] for r in shown} | {r["_source_row_min"] for r in shown}
    held = {
        r["_source_row"]: {k: v for k, v in r.items() if k != "_source_row"}
        for r in sound.filter(pc.is_in(sound["_source_row"], pa.array(sorted(asked)))).to_pylist()
    }
    title = "、".join(header.texts[header.columns[k]] for k in keys if k in header.columns)
    for row in shown:
        line, first = row["_source_row"], row["_source_row_min"]
        words = " / ".join(str(row[k]) for k in keys if row[k])
        whole = held[line] == held[first]
        collector.add(
            Problem(
                "error",
                "duplicate-row" if whole else "duplicate-key",
                f"与第{first}行{'完全相同' if whole else '主键相同'}（{words}）",
                f"{'the same row as' if whole else 'the same key as'} row {first} ({words})",
                "删除重复行" if whole else "只留一行，或填写不同的版本、范围",
                "delete one" if whole else "keep one, or tell them apart by vintage or scope",
            ),
            row=line,
            column=title,
        )
    if later.num_rows > len(shown):
        rest = later.num_rows - len(shown)
        collector.add(
            Problem(
                "error",
                "duplicate-key",
                f"重复行另有{rest}行",
                f"{rest} more repeated rows",
                "删除重复行",
                "delete them",
            ),
            column=title,
        )


def _sound(table: Any, collector: Collector, titles: list[str]) -> Any:
    """The rows without an error in the columns of these titles, so that one slip is not reported twice."""
    import numpy as np
    import pyarrow as pa

    faulty: set[int] = set().union(*(collector.faulty_in.get(t, set()) for t in titles))
    if not faulty:
        return table
    keep = np.ones(table.num_rows, dtype=bool)
    keep[list(faulty)] = False
    return table.filter(pa.array(keep))


def _empty(form: Any) -> Any:
    import pyarrow as pa

    return form.schema().append(pa.field("_source_row", pa.int64())).empty_table()
