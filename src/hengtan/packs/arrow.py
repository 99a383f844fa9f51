"""Pack tables as Arrow tables with their provenance columns, for the graph."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from hengtan.basis.seal import sha256_of
from hengtan.packs.pack import Pack
from hengtan.packs.schema import Column, schemas

KEPT = 300
_KEPT: OrderedDict[tuple[str, str], Any] = OrderedDict()
"""Tables by name and content; those asked for last."""
_CONTENTS: OrderedDict[tuple[str, str], str] = OrderedDict()
"""Digests of tables by the version of their pack, which covers every file of it."""


def content_of(pack: Pack, table: str) -> str:
    """A digest of the rows of a pack table, their places in files included: packs that differ in
    other tables have it in common.
    """
    key = (pack.version, table)
    if key not in _CONTENTS:
        _keep(_CONTENTS, key, sha256_of(repr(pack.rows(table))), 10 * KEPT)
    return _CONTENTS[key]


def to_arrow(pack: Pack, table: str) -> Any:
    """A pack table as ``pyarrow.Table``: its columns typed (lists joined by ``;``) and ``_pack``,
    ``_file``, ``_row``.
    """
    key = (table, content_of(pack, table))
    rows = _KEPT.pop(key, None)
    if rows is None:
        rows = _to_arrow(pack, table)
    _keep(_KEPT, key, rows, KEPT)
    return rows


def _keep(
    kept: OrderedDict[tuple[str, str], Any], key: tuple[str, str], what: Any, most: int
) -> None:
    kept[key] = what
    while len(kept) > most:
        kept.popitem(last=False)


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
