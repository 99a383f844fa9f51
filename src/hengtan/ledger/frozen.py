"""A frozen export: plain Parquet of what counts on one day, one file per form, for engines that
must not read the lake.

``manifest.json`` names files, rows, SHA-256 and schema of each, the head of the chain and the day
it was known.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import LedgerTampered
from hengtan.basis.whole_folders import refuse_used, whole_folder
from hengtan.ledger import originals
from hengtan.ledger.lake import StorageError, literal

if TYPE_CHECKING:
    import pyarrow as pa

    from hengtan.ledger.chain import Register
    from hengtan.ledger.readable import ReadableLedger

FORMAT = 1


def freeze(
    ledger: ReadableLedger,
    folder: Path,
    known_on: date | None,
    schemas: dict[str, pa.Schema],
    only: Collection[str] | None = None,
) -> dict[str, Any]:
    """Write the export to ``folder`` (absent or empty), whole or not at all.

    Returns the manifest. Raises ``HengtanError`` for a folder that holds something, and
    ``LedgerTampered`` where rows cannot be read.
    """
    refuse_used(folder)
    with whole_folder(folder) as staged:
        now = ledger.current()
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "ledger": ledger.about["id"],
            "head": now.key(known_on),
            "known_on": known_on.isoformat() if known_on else None,
            "forms": {},
        }
        forms = set(ledger.forms()) | set(schemas)
        for form in sorted(forms if only is None else forms & set(only)):
            manifest["forms"][form] = _write(ledger, form, now, known_on, schemas.get(form), staged)
        (staged / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return manifest


def _write(
    ledger: ReadableLedger,
    form: str,
    now: Register,
    known_on: date | None,
    schema: pa.Schema | None,
    folder: Path,
) -> dict[str, Any]:
    view = ledger.views.of(form, now, known_on, schema, only_effective=True)
    file = folder / f"{form}.parquet"
    cur = ledger.lake.cursor()
    try:
        cur.execute(
            f"copy (select * from {view} order by _submission, _row) to {literal(file.as_posix())} "
            "(format parquet, compression zstd)"
        )
        number = cur.execute(
            f"select count(*) from read_parquet({literal(file.as_posix())})"
        ).fetchall()[0][0]
        columns = cur.execute(f"describe select * from {view}").fetchall()
    except StorageError as e:
        raise LedgerTampered(
            f"“{form}”无法读取：{str(e).splitlines()[0]}",
            f"{form!r} cannot be read: {str(e).splitlines()[0]}",
            todo="请运行 hengtan verify",
            todo_en="run hengtan verify",
        ) from None
    finally:
        cur.close()
    return {
        "file": file.name,
        "rows": int(number),
        "sha256": originals.sha256_of(file),
        "schema": [{"name": c[0], "type": c[1]} for c in columns],
    }
