"""A working empty workspace for any other place: its pack comes from the user's place table or from a pack that ships."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from hengtan import packs
from hengtan.basis.errors import HengtanError, UnknownPlace, Where
from hengtan.packs.pack import PackFolder, data_folder, open_folder
from hengtan.packs.schema import schemas
from hengtan.workspace.config import Settings
from hengtan.workspace.workspace import Workspace


def new_workspace(
    folder: Path,
    region: str,
    *,
    places: Path | None = None,
    title: str | None = None,
    name: str | None = None,
    catalogue: str = "",
    plan: Path | None = None,
    year: int | None = None,
) -> Workspace:
    """Make a workspace for a region (GB/T 2260 code).

    A region of a shipped pack uses that pack; a district of a shipped pack's city gets a pack of its own that extends the
    city's. Any other place gets a pack extending ``cn`` whose ``places.csv`` is the user's table (columns ``place, name_zh`` and
    optionally ``name_en, kind, parent``), or the single place itself when none is given. ``catalogue`` names an environment variable with a PostgreSQL address. ``plan``: a document
    whose targets the workspace tracks from the start, as proposals until somebody has reviewed them (``year``: of the document). Raises HengtanError for a bad table or document.
    """
    if not (region.isdigit() and len(region) == 6):
        raise HengtanError(
            f"行政区划代码“{region}”应为6位数字",
            f"region '{region}' is not a six-digit code",
            todo="例如 500156",
            todo_en="e.g. 500156",
        )
    if places is None:
        for shipped in _shipped():
            if shipped.region == region and plan is None:
                return Workspace.create(
                    folder,
                    Settings(
                        title or shipped.title_zh,
                        shipped.title_en,
                        region,
                        shipped.id,
                        catalogue=catalogue,
                    ),
                )
    parent, rows = "cn", _places(region, places, name)
    if places is None:
        parent = shipped_parent(region)
        rows = rows if parent == "cn" else []
    named = (
        next((r["name_zh"] for r in rows if r["place"] == region), "")
        or name
        or packs.load(parent).places().find(region).name_zh
    )
    shown = title or named
    if folder.exists() and any(folder.iterdir()):
        raise HengtanError(
            f"文件夹“{folder}”不是空的",
            f"folder '{folder}' is not empty",
            todo="换一个新文件夹",
            todo_en="choose a new folder",
        )
    pack_id = f"local-{region}"
    meta = {
        "id": pack_id,
        "title_zh": shown,
        "title_en": shown,
        "extends": parent,
        "region": region,
        "edition": "1",
    }
    settings = Settings(shown, shown, region, pack_id, catalogue=catalogue)
    tables: dict[str, list[dict[str, str]]] = {"places": rows} if rows else {}
    if plan is None:
        return with_own_pack(folder, meta, tables, settings)
    from hengtan.desk import plan_editions
    from hengtan.desk import plans as plan_review

    pack = packs.load(parent)
    draft = plan_review.read_plan(plan, pack, region, year=year)
    made = plan_editions.plan_tables(draft, pack, region, shown, own=rows)
    tables = {**made, "places": [*rows, *made["places"]]}
    workspace = with_own_pack(
        folder, meta, {table: held for table, held in tables.items() if held}, settings
    )
    plan_review.keep(folder, draft, plan)
    return workspace


def with_own_pack(
    folder: Path,
    meta: Mapping[str, str],
    tables: Mapping[str, Sequence[Mapping[str, str]]],
    settings: Settings,
) -> Workspace:
    """A workspace with a pack of its own in ``packs/``: its ``pack.yaml`` and tables. Raises HengtanError for a bad table; nothing is then left behind."""
    existed = folder.exists()
    own = folder / "packs" / meta["id"]
    try:
        _fill_pack(own, meta, tables)
        staged = folder.with_name(folder.name + ".packs")
        shutil.move(str(folder / "packs"), staged)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            folder.mkdir(exist_ok=True)
        raise
    try:
        workspace = Workspace.create(folder, replace(settings, pack="cn"))
        workspace.close()
        shutil.move(str(staged), folder / "packs")
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    from hengtan.workspace.config import write_settings

    write_settings(folder, settings)
    return Workspace.open(folder)


def _shipped() -> list[PackFolder]:
    """The packs that ship."""
    return [open_folder(p) for p in sorted(data_folder().iterdir()) if (p / "pack.yaml").is_file()]


def shipped_parent(region: str) -> str:
    """The shipped pack of a region itself, else that of the province or city whose tree knows its code, else ``cn``."""
    for pack in _shipped():
        if pack.region == region:
            return pack.id
    for pack in _shipped():
        if (
            pack.region
            and pack.region != "000000"
            and pack.region.endswith("0000")
            and region[:2] == pack.region[:2]
        ):
            try:
                packs.load(pack.id).places().find(region)
            except UnknownPlace:
                continue
            return pack.id
    return "cn"


def write_pack(
    folder: Path, meta: Mapping[str, str], tables: Mapping[str, Sequence[Mapping[str, str]]]
) -> None:
    """A pack in a new folder, whole or not at all. Raises HengtanError for a folder in use or a bad table."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HengtanError(
            f"文件夹“{folder}”不是空的",
            f"folder '{folder}' is not empty",
            todo="换一个新文件夹",
            todo_en="choose a new folder",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = folder.with_name(folder.name + ".part")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        _fill_pack(staged, meta, tables)
        if folder.exists():
            folder.rmdir()
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _fill_pack(
    folder: Path, meta: Mapping[str, str], tables: Mapping[str, Sequence[Mapping[str, str]]]
) -> None:
    """Write and check a pack. Raises HengtanError for a bad table."""
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        yaml.safe_dump(dict(meta), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    for table, rows in tables.items():
        if rows:
            _write_table(folder / f"{table}.csv", table, rows)
    bad = [f for f in packs.check_pack(packs.load(meta["id"], [folder])) if f.level == "error"]
    if bad:
        raise HengtanError(
            bad[0].zh,
            bad[0].en,
            where=bad[0].where,
            todo=bad[0].todo,
            todo_en=bad[0].todo_en,
            findings=bad,
        )


def _places(region: str, table: Path | None, name: str | None) -> list[dict[str, str]]:
    if table is None:
        return [
            {
                "place": region,
                "name_zh": name or region,
                "name_en": name or region,
                "kind": "city" if region.endswith("00") else "district",
                "parent": "000000",
            }
        ]
    from hengtan.ledger.reading import read_rows

    rows = read_rows(table)
    for n, row in enumerate(rows, start=2):
        for column in ("place", "name_zh"):
            if not row.get(column):
                raise HengtanError(
                    f"缺“{column}”",
                    f"'{column}' is missing",
                    where=Where(table.name, row=n, column=column),
                    todo="补齐区划代码与名称",
                    todo_en="fill code and name",
                )
    if region not in {r["place"] for r in rows}:
        raise HengtanError(
            f"地区表中没有 {region}",
            f"{region} is not in the table of places",
            where=Where(table.name),
            todo="加上这一行",
            todo_en="add its row",
        )
    return rows


def _write_table(path: Path, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    columns = list(schemas()[table].columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            filled = (
                {
                    "name_en": row.get("name_zh", ""),
                    "kind": "district",
                    "enters_sums": "yes",
                    "source": "用户提供的地区表",
                    "confidence": "read",
                }
                if table == "places"
                else {}
            )
            filled |= {k: v for k, v in row.items() if v}
            writer.writerow({c: filled.get(c, "") for c in columns})
