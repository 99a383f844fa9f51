"""Tables that come in pieces, written as CSV, Parquet or a workbook: whole or not at all, never
more than a piece in memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.spelling import rounded
from hengtan.basis.whole_files import writing
from hengtan.report.files import safe
from hengtan.report.words import error as refused
from hengtan.report.words import word

SUFFIXES = (".csv", ".parquet", ".xlsx")
EXCEL_ROWS = 1_048_576
EXCEL_TEXT = 32_767
BOM = "\ufeff"


def write_pieces(
    path: Path,
    titles: Sequence[str],
    tables: Iterator[Any],
    notes: Mapping[str, Iterable[Sequence[Any]]],
) -> Path:
    """Write pieces of ``pyarrow.Table`` by the suffix of the path.

    ``notes``: further sheets of a workbook by name, filled by whoever made the pieces while these
    are written. Raises HengtanError for more rows than a workbook holds.
    """
    writers = {".csv": _csv, ".parquet": _parquet, ".xlsx": _workbook}
    writers[path.suffix.lower()](path, titles, tables, notes)
    return path


def _csv(path: Path, titles: Sequence[str], tables: Iterator[Any], notes: Any) -> None:
    with writing(path) as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        text.write(BOM)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([safe(title) for title in titles])
        for table in tables:
            for row in table.to_pylist():
                writer.writerow([_shown(row[title]) for title in titles])
        text.flush()
        text.detach()


def _shown(value: Any) -> Any:
    """A cell as text: nothing blank, a figure without the noise of its last digits."""
    if isinstance(value, float):
        return rounded(value)
    return "" if value is None else safe(value)


def _parquet(path: Path, titles: Sequence[str], tables: Iterator[Any], notes: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with writing(path) as out:
        writer = None
        for table in tables:
            piece = table.select(list(titles))
            if writer is None:
                writer = pq.ParquetWriter(out, piece.schema, compression="zstd")
            try:
                writer.write_table(piece.cast(writer.schema))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
                raise refused(HengtanError, "table.types", Where(path.name)) from error
        if writer is not None:
            writer.close()


def _workbook(
    path: Path, titles: Sequence[str], tables: Iterator[Any], notes: Mapping[str, Any]
) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(word("rules.result_sheet"))
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        written = WriteOnlyCell(sheet)
        if isinstance(value, (bool, int, float)):
            written.value = rounded(value) if isinstance(value, float) else value
        elif value is not None:
            written.value = _legal(str(value))
            written.data_type = "s"
        return written

    sheet.append([cell(title) for title in titles])
    rows = 1
    for table in tables:
        rows += table.num_rows
        if rows > EXCEL_ROWS:
            raise refused(HengtanError, f"table.too_long|{EXCEL_ROWS}", Where(path.name))
        for row in table.to_pylist():
            sheet.append([cell(row[title]) for title in titles])
    for name, lines in notes.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append([cell(value) for value in line])
    with writing(path) as out:
        book.save(out)


def _legal(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text)[:EXCEL_TEXT]
