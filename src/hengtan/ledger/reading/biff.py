"""The marks of .xls cells: errors, and numbers shown as percent, month or year.

The layout is that of [MS-CFB] (the container: sectors chained by a table) and [MS-XLS] (records of
type, length and content).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from hengtan.basis.errors import Where
from hengtan.ledger.reading.cellmarks import Marks
from hengtan.ledger.reading.files import damaged, protected
from hengtan.ledger.reading.formats import Shows, built_in_formats, shown_by

_FORMAT, _XF, _SHEET, _PASSWORD, _START, _END = 0x041E, 0x00E0, 0x0085, 0x002F, 0x0809, 0x000A
_NUMBER, _RK, _MANY_RK, _FORMULA, _ERROR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_ROW, _ROW_HIDDEN, _COLUMNS = 0x0208, 0x20, 0x007D
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_LAST_SECTOR = 0xFFFFFFFA


def xls_marks(path: Path) -> dict[str, Marks]:
    """Marks by sheet name; none for a workbook of before 1997.

    Raises UnreadableFile for one that is protected or damaged.
    """
    where = Where(path.name)
    try:
        return _sheets(workbook_stream(path.read_bytes()), where)
    except (struct.error, IndexError, ValueError) as error:
        raise damaged(where, type(error).__name__) from error


def workbook_stream(content: bytes) -> bytes:
    """The stream ``Workbook`` of a compound file; empty where it has none.

    Raises struct.error or ValueError where damaged.
    """
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    (directory,) = struct.unpack_from("<I", content, 48)
    cutoff, mini_start, _, more, _ = struct.unpack_from("<IIIII", content, 56)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("sector size")
    size = 1 << shift

    def sector(n: int) -> bytes:
        return content[(n + 1) * size : (n + 2) * size]

    tables = list(struct.unpack_from("<109I", content, 76))
    for _ in range(len(content) // size):
        if more >= _LAST_SECTOR:
            break
        words = struct.unpack(f"<{size // 4}I", sector(more))
        tables += words[:-1]
        more = words[-1]
    chain: list[int] = []
    for n in tables:
        if n < _LAST_SECTOR:
            chain += struct.unpack(f"<{size // 4}I", sector(n))
    entries = _joined(chain, directory, sector)
    mini_table = _joined(chain, mini_start, sector)
    mini_chain = list(struct.unpack(f"<{len(mini_table) // 4}I", mini_table))
    root = b""
    for at in range(0, len(entries) - 127, 128):
        entry = entries[at : at + 128]
        (length,) = struct.unpack_from("<H", entry, 64)
        start, stream_size = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root = _joined(chain, start, sector)[:stream_size]
        elif entry[: max(length - 2, 0)].decode("utf-16-le", "replace").casefold() == "workbook":
            if stream_size >= cutoff:
                return _joined(chain, start, sector)[:stream_size]
            blocks = [root[n : n + 64] for n in range(0, len(root), 64)]
            return _joined(mini_chain, start, blocks.__getitem__)[:stream_size]
    return b""


def _joined(chain: list[int], start: int, sector: Callable[[int], bytes]) -> bytes:
    parts: list[bytes] = []
    seen: set[int] = set()
    while start < _LAST_SECTOR and start < len(chain):
        if start in seen:
            raise ValueError("sectors in a circle")
        seen.add(start)
        parts.append(sector(start))
        start = chain[start]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        depth += (kind == _START) - (kind == _END)
        if kind == _END and depth <= 0:
            return
        at += 4 + length


def _sheets(stream: bytes, where: Where) -> dict[str, Marks]:
    codes, styles, sheets = built_in_formats(), [], []
    for kind, content in _records(stream, 0):
        if kind == _PASSWORD:
            raise protected(where)
        if kind == _FORMAT:
            (number,) = struct.unpack_from("<H", content)
            codes[number] = shown_by(_words(content[2:], "<H"))
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == _SHEET:
            sheets.append((_words(content[6:], "<B"), struct.unpack_from("<I", content)[0]))
    shown = [codes.get(number) for number in styles]
    return {name: _marks(stream, at, shown) for name, at in sheets}


def _words(content: bytes, count: str) -> str:
    (number,) = struct.unpack_from(count, content)
    at = struct.calcsize(count)
    if content[at] & 1:
        return content[at + 1 : at + 1 + 2 * number].decode("utf-16-le")
    return content[at + 1 : at + 1 + number].decode("latin-1")


def _note_hidden(marks: Marks, kind: int, content: bytes) -> None:
    """Rows and columns that are not shown."""
    if kind == _COLUMNS and content[8] & 1:
        first, last = struct.unpack_from("<HH", content)
        marks.hidden_columns.update(range(first, last + 1))
    elif kind == _ROW and content[12] & _ROW_HIDDEN:
        marks.hidden.add(struct.unpack_from("<H", content)[0])


def _marks(stream: bytes, at: int, shown: Shows) -> Marks:
    marks = Marks()

    def styled(row: int, column: int, style: int) -> None:
        if style < len(shown) and (change := shown[style]) is not None:
            marks.texts[row, column] = change

    for kind, content in _records(stream, at):
        _note_hidden(marks, kind, content)
        if kind not in (_NUMBER, _RK, _MANY_RK, _FORMULA, _ERROR):
            continue
        row, column, style = struct.unpack_from("<HHH", content)
        if kind == _MANY_RK:
            for n in range((len(content) - 6) // 6):
                styled(row, column + n, struct.unpack_from("<H", content, 4 + 6 * n)[0])
        elif kind == _ERROR:
            if content[7]:
                marks.errors[row, column] = ERRORS.get(content[6], "#VALUE!")
        elif kind == _FORMULA and content[12:14] == b"\xff\xff":
            if content[6] == 2:
                marks.errors[row, column] = ERRORS.get(content[8], "#VALUE!")
        else:
            styled(row, column, style)
    return marks
