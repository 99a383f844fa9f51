"""Pack tables as Arrow tables with their provenance columns, for the graph."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from hengtan.packs.pack import Pack
from hengtan.packs.schema import Column, schemas

KEPT = 300
_KEPT: OrderedDict[tuple[str, str], Any] = OrderedDict()
"""Tables by the version of their pack, which covers every file of it; those asked for last."""


def to_arrow(pack: Pack, table: str) -> Any:
    """A pack table as ``pyarrow.Table``: its columns typed (lists joined by ``;``) and ``_pack``,
    ``_file``, ``_row``.
    """
    key = (pack.version, table)
    rows = _KEPT.pop(key, None)
    if rows is None:
        rows = _to_arrow(pack, table)
    _KEPT[key] = rows
    while len(_KEPT) > KEPT:
        _KEPT.popitem(last=False)
    return rows


def _to_arrow(pack: Pack, table: str) -> Any:
    import pyarrow as pa

    rows, columns = pack.rows(table), schemas()[table].columns.values()
    arrays = {
        c.name: pa.array([_cell(c, r.get(c.name)) for r in rows], type=_arrow_type(c))
        for c in columns
    }
    arrays |= {
        "_pack": pa.array([r["_pack"] for r in rows], type=pa.string()),
        "_file": pa.array([r["_file"] for r in rows], type=pa.string()),
        "_row": pa.array([r["_row"] for r in rows], type=pa.int64()),
    }
    return pa.table(arrays)


def _cell(column: Column, value: Any) -> Any:
    return (";".join(value) or None) if column.type == "list" and value is not None else value


def _arrow_type(column: Column) -> Any:
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "validity": pa.date32(),
        "boolean": pa.bool_(),
    }
    return types.get(column.type, pa.string())
