"""The packs of a workspace's own: written whole or not at all, checked before anything is
changed.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from hengtan import packs
from hengtan.basis.border import checked_id, csv_rows, yaml_mapping
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.whole_folders import refuse_used, whole_folder
from hengtan.packs.schema import schemas
from hengtan.workspace.config import write_settings

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Tables = Mapping[str, Sequence[Mapping[str, str]]]
PLAN_TABLES = ("plans", "measures", "indicators", "targets", "milestones", "places")
PLACE_DEFAULTS = {
    "kind": "district",
    "enters_sums": "yes",
    "source": "用户提供的地区表",
    "confidence": "read",
}
"""What a row of the user's own table of places need not say."""


def refuse_unsound(pack_id: str, folders: Sequence[Path]) -> None:
    """Raises HengtanError with all findings where a pack has an error; the first one speaks."""
    findings = packs.check_pack(packs.load(pack_id, folders))
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        raise HengtanError.of(errors)


def write_meta(folder: Path, meta: Mapping[str, Any]) -> None:
    """The ``pack.yaml`` of a pack."""
    text = yaml.safe_dump(dict(meta), allow_unicode=True, sort_keys=False)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")


def write_pack(folder: Path, meta: Mapping[str, str], tables: Tables) -> None:
    """A pack in a new folder, whole or not at all.

    Raises HengtanError for a folder in use or a bad table.
    """
    refuse_used(folder)
    with whole_folder(folder) as staged:
        fill_pack(staged, meta, tables)


def fill_pack(folder: Path, meta: Mapping[str, str], tables: Tables) -> None:
    """Write and check a pack. Raises HengtanError for a bad table."""
    folder.mkdir(parents=True, exist_ok=True)
    write_meta(folder, meta)
    for table, rows in tables.items():
        if rows:
            filled = [_with_defaults(table, row) for row in rows]
            _write_rows(folder / f"{table}.csv", table, filled)
    refuse_unsound(meta["id"], [folder])


def _with_defaults(table: str, row: Mapping[str, str]) -> dict[str, str]:
    said = {column: text for column, text in row.items() if text}
    if table != "places":
        return said
    return {"name_en": row.get("name_zh", ""), **PLACE_DEFAULTS, **said}


def _write_rows(path: Path, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    columns = list(schemas()[table].columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({column: row.get(column, "") for column in columns})


# a plan's rows in the pack of a workspace


def put_plan(workspace: Workspace, plan: str, tables: Tables, *, edition: str) -> None:
    """Put a plan's rows in place of its former ones in the workspace's own pack.

    A workspace on a shipped pack gets one that extends it. Checked as a whole beforehand: nothing
    is changed where a table does not hold. Raises HengtanError.
    """
    meta = _meta(workspace)
    pack_id = str(meta["id"])
    target = workspace.folder / "packs" / pack_id
    with whole_folder(target) as staged:
        if target.is_dir():
            shutil.copytree(target, staged, dirs_exist_ok=True)
        write_meta(staged, {**meta, "edition": edition})
        for table in PLAN_TABLES:
            put_rows(staged / f"{table}.csv", table, tables.get(table, []), plan)
        others = [path for path in workspace.own_packs() if path.name != pack_id]
        refuse_unsound(pack_id, [*others, staged])
    if workspace.settings.pack != pack_id:
        write_settings(workspace.folder, replace(workspace.settings, pack=pack_id))


def _meta(workspace: Workspace) -> dict[str, Any]:
    """The ``pack.yaml`` of the workspace's own pack, or of a new one that extends the shipped."""
    settings = workspace.settings
    own = workspace.folder / "packs" / settings.pack
    if own.is_dir():
        meta = yaml_mapping(own / "pack.yaml")
        checked_id(meta.get("id"), Where("pack.yaml"))
        return meta
    return {
        "id": f"local-{settings.region}",
        "title_zh": settings.title_zh,
        "title_en": settings.title_en,
        "extends": settings.pack,
        "region": settings.region,
    }


def put_rows(path: Path, table: str, rows: Sequence[Mapping[str, str]], plan: str) -> None:
    """Rows of other plans stay as they are; the plan's own are those of ``rows``."""
    kept = [row for row in _rows_of(path) if not _belongs(row, schemas()[table].key[0], plan)]
    if kept or rows:
        _write_rows(path, table, [*kept, *rows])
    else:
        path.unlink(missing_ok=True)


def _rows_of(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    return [dict(row) for _, row in csv_rows(path)[1]]


def _belongs(row: Mapping[str, str], key: str, plan: str) -> bool:
    """Whether a row is of a plan: named by it, or an indicator or region that it proposed."""
    proposed = re.match(rf"{re.escape(plan)}-[ir]\d+$", row.get(key) or "")
    return row.get("plan", "") == plan or proposed is not None
