"""Tables of text in pieces, so that a ledger of a million rows never stands in memory whole.

Delimited text is read line by line; a workbook, which is one archive, whole and handed on in
pieces.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from hengtan.basis.errors import Where
from hengtan.ledger.reading.delimited import delimiter_of, surely_chinese
from hengtan.ledger.reading.files import kind_of
from hengtan.ledger.reading.findings import refusal
from hengtan.ledger.reading.grid import MAX_CELL_LENGTH, Grid
from hengtan.ledger.reading.workbook import read_grids

SEARCHED_ROWS = 20
"""Lines in which the header may stand."""
PIECE = 20_000
"""Rows handed on at a time."""
BLOCK = 1 << 20
SAMPLE = 200_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
_WRAPPED = re.compile(r'^="([^"]*)"$')
Line = tuple[int, list[str]]
"""A row of texts with its line in the file."""


@dataclass(frozen=True)
class Streamed:
    """A table of text: its titles, the lines above them, its rows in pieces.

    ``others``: names of further visible sheets, which are not read.
    """

    titles: tuple[str, ...]
    above: tuple[str, ...]
    pieces: Iterator[list[Line]]
    sheet: str | None = None
    others: tuple[str, ...] = ()


def stream_table(path: Path, is_title: Callable[[str], bool]) -> Streamed:
    """The first sheet with content as a table; its header is the first line with a title that is
    known, else the first line with content.

    Raises UnreadableFile, also while the pieces are read.
    """
    kind = kind_of(path)
    if kind == "csv":
        return _table(path, _lines_of_text(path), is_title)
    grids = [grid for grid in read_grids(path) if not grid.hidden and grid.height]
    if not grids:
        raise refusal("nothing-in-file", where=Where(path.name))
    first, *rest = grids
    others = tuple(str(grid.name or "").strip() for grid in rest)
    return _table(path, _lines_of_grid(first), is_title, first.name, others)


def _table(
    path: Path,
    lines: Iterator[Line],
    is_title: Callable[[str], bool],
    sheet: str | None = None,
    others: tuple[str, ...] = (),
) -> Streamed:
    filled = ((number, texts) for number, texts in lines if any(map(str.strip, texts)))
    head = list(islice(filled, SEARCHED_ROWS))
    if not head:
        raise refusal("nothing-in-file", where=Where(path.name, sheet))
    known = (n for n, (_, texts) in enumerate(head) if any(map(is_title, texts)))
    at = next(known, 0)
    titles = tuple(title.strip() for title in head[at][1])
    twice = sorted({title for title in titles if title and titles.count(title) > 1})
    if twice:
        where = Where(path.name, sheet, row=head[at][0])
        raise refusal("header-twice", "、".join(twice), ", ".join(twice), where=where)
    above = tuple(text.strip() for _, texts in head[:at] for text in texts if text.strip())
    rows = _checked(chain(head[at + 1 :], filled), titles, path, sheet)
    return Streamed(titles, above, _pieces(rows), sheet, others)


def _checked(
    lines: Iterator[Line], titles: tuple[str, ...], path: Path, sheet: str | None
) -> Iterator[Line]:
    """Rows as wide as the header. Raises UnreadableFile for content under no title."""
    width = len(titles)
    untitled = [n for n, title in enumerate(titles) if not title]
    for number, texts in lines:
        if len(texts) > width and any(map(str.strip, texts[width:])):
            where = Where(path.name, sheet, row=number)
            raise refusal("cells-beyond-header", where=where)
        row = texts[:width] + [""] * (width - len(texts))
        for place in untitled:
            if row[place].strip():
                where = Where(path.name, sheet, row=number)
                raise refusal("untitled-column", place + 1, where=where)
        yield number, row


def _pieces(rows: Iterator[Line]) -> Iterator[list[Line]]:
    while piece := list(islice(rows, PIECE)):
        yield piece


def _lines_of_grid(grid: Grid) -> Iterator[Line]:
    for start in range(0, grid.height, PIECE):
        columns = [column.slice(start, PIECE).to_pylist() for column in grid.columns]
        for number, texts in enumerate(zip(*columns, strict=True), grid.first_line + start):
            yield number, [text or "" for text in texts]


def _lines_of_text(path: Path) -> Iterator[Line]:
    where = Where(path.name)
    encoding, sample = encoding_of(path)
    delimiter = delimiter_of(sample)
    limit = csv.field_size_limit(4 * MAX_CELL_LENGTH)
    try:
        with path.open(encoding=encoding, newline="") as file:
            for number, texts in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                yield number, [_unwrapped(text) for text in texts]
    except csv.Error as error:
        raise refusal("malformed-text", error, where=where) from error
    except UnicodeDecodeError as error:
        raise refusal("no-text", where=where) from error
    except OSError as error:
        raise refusal("cannot-open", error, where=where) from error
    finally:
        csv.field_size_limit(limit)


def _unwrapped(text: str) -> str:
    """``="0012"``, by which systems keep Excel from changing a code, as the text it stands for."""
    return _WRAPPED.sub(r"\1", text) if text.startswith('="') else text


def encoding_of(path: Path) -> tuple[str, str]:
    """The encoding of a text file (UTF-8, UTF-16, GB 18030) and its first characters.

    The whole file is looked through once, a block at a time. Raises UnreadableFile where it is no
    text.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for encoding in _likely(start):
        try:
            sample = _looked_through(path, encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030":
            surely_chinese(sample, Where(path.name))
        return encoding, sample
    raise refusal("no-text", where=Where(path.name))


def _likely(start: bytes) -> tuple[str, ...]:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if start.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if b"\x00" in start:
        little = start[1::2].count(0) >= start[::2].count(0)
        return ("utf-16-le" if little else "utf-16-be",)
    return ("utf-8", "gb18030")


def _looked_through(path: Path, encoding: str) -> str:
    """The first characters of a text. Raises UnicodeDecodeError, UnreadableFile."""
    sample, seen = "", False
    with path.open(encoding=encoding, newline="") as file:
        while block := file.read(BLOCK):
            if _CONTROLS.search(block):
                raise refusal("no-text", where=Where(path.name))
            sample = sample or block[:SAMPLE]
            seen = seen or bool(block.strip())
    if not seen:
        raise refusal("nothing-in-file", where=Where(path.name))
    return sample
