"""Delimited text: encoding (UTF-8, UTF-16, GB 18030), delimiter (comma, tab, semicolon, full-width
comma), any ragged rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path
from typing import Any

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.files import damaged
from hengtan.ledger.reading.findings import refusal
from hengtan.ledger.reading.grid import (
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    Grid,
    check_cells,
    check_size,
    from_rows,
)

MAX_UNEVEN_CELLS, MAX_UNEVEN = 1_000_000, 8
"""Cells of a table, and how many times those written, that lines of unequal length may come to."""
SAMPLE, FEWEST, USUAL_SHARE = 100_000, 8, 0.6
"""Characters that are looked at to be certain of an encoding, the fewest that tell, and the share
of usual ones among them: 0.85 and more in plans and tables, 0.23 where Big5 is read as GB 18030, 0
with Shift JIS.
"""
DELIMITERS = (",", "\t", ";", "，", "|")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")


def read_delimited(path: Path) -> Grid:
    """The grid of a text file. Raises UnreadableFile where the bytes are no text."""
    where = Where(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise damaged(where, error) from error
    text, utf8 = decode(content, where)
    if not text.strip():
        raise refusal("nothing-in-file", where=where)
    delimiter = delimiter_of(text)
    if len(delimiter.encode()) == 1:
        grid = _regular(utf8 if utf8 is not None else text.encode(), delimiter, path.name)
        if grid is not None:
            return _unwrapped(grid) if '="' in text else grid
    limit = csv.field_size_limit(4 * MAX_CELL_LENGTH)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise refusal("malformed-text", error, where=where) from error
    finally:
        csv.field_size_limit(limit)
    _refuse_uneven(rows, where)
    return _unwrapped(from_rows(None, rows, path.name))


def _refuse_uneven(rows: list[list[str]], where: Where) -> None:
    """Raise UnreadableFile where a few long lines would blow a table of short ones up."""
    cells, width = sum(map(len, rows)), max(map(len, rows), default=0)
    filled = width * len(rows)
    if filled > MAX_UNEVEN_CELLS and filled > MAX_UNEVEN * cells:
        longest = 1 + next(n for n, row in enumerate(rows) if len(row) == width)
        place = Where(where.file, row=longest)
        raise refusal("uneven-lines", width, f"{cells / len(rows):.1f}", where=place)


def _unwrapped(grid: Grid) -> Grid:
    """The grid with ="500156", the spelling by which systems keep Excel from changing a code, as
    the text it stands for.
    """
    import pyarrow.compute as pc

    grid.columns = [
        pc.replace_substring_regex(column, r'^="([^"]*)"$', r"\1") for column in grid.columns
    ]
    return grid


def decode(content: bytes, where: Where) -> tuple[str, bytes | None]:
    """The text, and its UTF-8 bytes where the file holds them as they are.

    Raises UnreadableFile.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(content, "utf-16", where), None
    if content.startswith(codecs.BOM_UTF8):
        return _checked(content[3:], "utf-8", where), content[3:]
    sample = content[:4096]
    if b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        return _checked(content, "utf-16-le" if odd >= even else "utf-16-be", where), None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return surely_chinese(_checked(content, "gb18030", where), where), None
    return _checked_text(text, where), content


def is_text(content: bytes) -> bool:
    """Whether bytes are text of an encoding we know, certain or not."""
    try:
        decode(content, Where())
    except UnreadableFile as error:
        return error.zh == refusal("unsure-encoding", where=Where()).zh
    return True


def surely_chinese(text: str, where: Where) -> str:
    """A text that was read as GB 18030, which takes nearly any bytes: refused where its characters
    are not those that Chinese is written with, as those of Big5 or Shift JIS then are.
    """
    beyond = [character for character in text[:SAMPLE] if ord(character) > 127]
    usual = sum(map(_is_usual, beyond))
    if len(beyond) >= FEWEST and usual < USUAL_SHARE * len(beyond):
        raise refusal("unsure-encoding", where=where)
    return text


def _is_usual(character: str) -> bool:
    """Whether it is a sign or one of the 3,755 characters of the first level of GB 2312."""
    try:
        row = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xA1 <= row <= 0xA3 or 0xB0 <= row <= 0xD7


def _checked(content: bytes, encoding: str, where: Where) -> str:
    try:
        return _checked_text(content.decode(encoding), where)
    except UnicodeDecodeError as error:
        raise _no_text(where) from error


def _checked_text(text: str, where: Where) -> str:
    if _CONTROLS.search(text):
        raise _no_text(where)
    return text


def _no_text(where: Where) -> UnreadableFile:
    return refusal("no-text", where=where)


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first lines into the most columns most evenly; a comma where
    none does.
    """
    lines = [line for line in text[:200_000].splitlines()[:200] if line.strip()][:50]
    best = max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))
    return best if _evenness(lines, best) > 0 else ","


def _evenness(lines: list[str], delimiter: str) -> float:
    """Columns gained by a delimiter times the share of lines that have them; little where only odd
    lines hold it.
    """
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0.0
    usual = max(sorted(set(widths)), key=widths.count, default=1)
    if usual > 1:
        return (usual - 1) * widths.count(usual) / max(len(widths), 1)
    return 0.1 * (max(widths, default=1) > 1)


def _regular(content: bytes, delimiter: str, file: str) -> Grid | None:
    """The grid by Arrow's own reader, which is quick and takes rows of equal length only; None
    where they are not.

    Short lines at the start and the end (titles, notes) are lengthened first: they are what makes a
    table of figures ragged.
    """
    import pyarrow as pa

    width = _width(content, delimiter)
    if not width or width > MAX_COLUMNS:
        return None
    quoted = b'"' in content
    if not quoted:
        content = _lengthened(content, delimiter.encode(), width)
    try:
        table = _arrow_table(content, delimiter, width, quoted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OverflowError):
        return None
    check_size(table.num_rows, width, file)
    chunks = [
        column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        for column in table.columns
    ]
    grid = Grid(None, chunks)
    check_cells(grid, file)
    return grid


def _width(content: bytes, delimiter: str) -> int:
    """The largest number of columns in the first lines; 0 where they are no delimited text."""
    if len(content) > 200_000:
        head = content[:200_000].decode("utf-8", "ignore").rpartition("\n")[0]
    else:
        head = content.decode()
    try:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        return max(map(len, rows), default=0)
    except csv.Error:
        return 0


def _arrow_table(content: bytes, delimiter: str, width: int, quoted: bool) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [f"f{n}" for n in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(content),
        read_options=arrow_csv.ReadOptions(
            column_names=names, block_size=1 << 26 if quoted else 1 << 24
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, ignore_empty_lines=False, newlines_in_values=quoted
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _lengthened(content: bytes, delimiter: bytes, width: int) -> bytes:
    """The text with delimiters added to its first hundred and last fifty lines where they are
    short.

    Only for text without quotes.
    """

    def full(line: bytes) -> bytes:
        lacking = width - 1 - line.count(delimiter)
        if lacking <= 0:
            return line
        end = b"\r" if line.endswith(b"\r") else b""
        return line.removesuffix(b"\r") + delimiter * lacking + end

    body, end = (content[:-1], b"\n") if content.endswith(b"\n") else (content, b"")
    *first, rest = body.split(b"\n", 100)
    before_last, *last = rest.rsplit(b"\n", 50)
    middle = before_last if len(last) == 50 else full(before_last)
    return b"\n".join([*map(full, first), middle, *map(full, last)]) + end
