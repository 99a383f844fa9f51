"""A working empty workspace for any other place: its pack comes from the user's place table or from
a pack that ships.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hengtan import packs
from hengtan.basis.errors import HengtanError, UnknownPlace, Where
from hengtan.basis.whole_folders import refuse_used
from hengtan.desk.own_pack import Tables, fill_pack, write_pack
from hengtan.desk.plan_editions import plan_tables
from hengtan.desk.plan_reading import keep, read_plan
from hengtan.ledger.reading import read_rows
from hengtan.packs.pack import PackFolder, data_folder, open_folder
from hengtan.plan.reader.draft import Draft
from hengtan.workspace.config import Settings
from hengtan.workspace.workspace import Workspace

NATION = "000000"


@dataclass(frozen=True)
class PlanDocument:
    """A document whose targets a workspace tracks from the start, and its year where it does not
    say.
    """

    path: Path
    year: int | None = None


def check_region(region: str) -> None:
    """Raises HengtanError for what is no six-digit code of GB/T 2260."""
    if not (region.isdigit() and len(region) == 6):
        raise HengtanError(
            f"行政区划代码“{region}”应为6位数字",
            f"region '{region}' is not a six-digit code",
            todo="例如 500156",
            todo_en="e.g. 500156",
        )


def new_workspace(
    folder: Path,
    region: str,
    *,
    places: Path | None = None,
    title: str | None = None,
    name: str | None = None,
    catalogue: str = "",
    plan: PlanDocument | None = None,
) -> Workspace:
    """Make a workspace for a region (GB/T 2260 code).

    A region of a shipped pack uses that pack; a district of a shipped pack's city gets a pack of
    its own that extends the city's. Any other place gets a pack extending ``cn`` whose
    ``places.csv`` is the user's table (columns ``place, name_zh`` and optionally ``name_en, kind,
    parent``), or the single place itself when none is given. ``catalogue`` names an environment
    variable with a PostgreSQL address. The targets of ``plan`` are proposals until somebody has
    reviewed them. Raises HengtanError for a bad table or document.
    """
    check_region(region)
    shipped = _shipped_for(region) if places is None and plan is None else None
    if shipped is not None:
        shown = title or shipped.title_zh
        settings = Settings(shown, shipped.title_en, region, shipped.id, catalogue=catalogue)
        return Workspace.create(folder, settings)
    parent, rows = "cn", _places(region, places, name)
    if places is None:
        parent = shipped_parent(region)
        rows = rows if parent == "cn" else []
    shown = title or _name_of(region, rows, name, parent)
    refuse_used(folder)
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
    if plan is None:
        return with_own_pack(folder, meta, {"places": rows}, settings)
    pack = packs.load(parent)
    draft = read_plan(plan.path, pack, region, year=plan.year)
    tables = plan_tables(draft, pack, region, shown, own=rows)
    tables["places"] = [*rows, *tables["places"]]
    return with_own_pack(
        folder, meta, tables, settings, also=lambda home: keep(home, draft, plan.path)
    )


def _name_of(region: str, rows: list[dict[str, str]], name: str | None, parent: str) -> str:
    """The name of a region: of its own row, as given, or of the pack it rests on."""
    own = next((row["name_zh"] for row in rows if row["place"] == region), "")
    return own or name or packs.load(parent).places().find(region).name_zh


def with_own_pack(
    folder: Path,
    meta: Mapping[str, str],
    tables: Tables,
    settings: Settings,
    *,
    also: Callable[[Path], None] = lambda home: None,
) -> Workspace:
    """A workspace with a pack of its own in ``packs/``: its ``pack.yaml`` and tables; ``also`` puts
    further things into its folder.

    Raises HengtanError for a bad table; nothing is then left behind.
    """

    def fill(home: Path) -> None:
        fill_pack(home / "packs" / meta["id"], meta, tables)
        also(home)

    return Workspace.create(folder, settings, fill=fill)


# packs that ship


def _shipped() -> list[PackFolder]:
    folders = sorted(p for p in data_folder().iterdir() if (p / "pack.yaml").is_file())
    return [open_folder(path) for path in folders]


def _shipped_for(region: str) -> PackFolder | None:
    return next((pack for pack in _shipped() if pack.region == region), None)


def shipped_parent(region: str) -> str:
    """The shipped pack that a region's own rests on.

    That of the region itself, else of the province or city whose tree knows its code, else ``cn``.
    """
    own = _shipped_for(region)
    if own is not None:
        return own.id
    for pack in _shipped():
        if _is_province_of(pack.region, region):
            try:
                packs.load(pack.id).places().find(region)
            except UnknownPlace:
                continue
            return pack.id
    return "cn"


def _is_province_of(region: str | None, code: str) -> bool:
    is_province = region is not None and region != NATION and region.endswith("0000")
    return is_province and code[:2] == str(region)[:2]


def base_of(region: str) -> tuple[str, str]:
    """The pack that a region's plan rests on, and the region's name where it is known.

    Raises HengtanError for a bad code.
    """
    if not region:
        return "cn", ""
    check_region(region)
    parent = shipped_parent(region)
    try:
        return parent, packs.load(parent).places().find(region).name_zh
    except UnknownPlace:
        return parent, ""


def write_draft_pack(draft: Draft, to: Path, region: str) -> None:
    """A draft plan as a pack in a new folder. Raises HengtanError without a region."""
    if not region:
        raise HengtanError(
            "写数据包要有行政区划代码",
            "a pack needs a region",
            todo="加上 --region，例如 --region 500156",
            todo_en="add --region, e.g. --region 500156",
        )
    parent, name = base_of(region)
    own = [] if name else [_own_place(region, draft.title[:20] or region, region)]
    tables = plan_tables(draft, packs.load(parent), region, name or region, own=own)
    tables["places"] = [*own, *tables["places"]]
    meta = {
        "id": draft.plan,
        "title_zh": draft.title or draft.plan,
        "title_en": draft.plan,
        "extends": parent,
        "region": region,
        "edition": "draft",
    }
    write_pack(to, meta, tables)


# places


def _own_place(region: str, name_zh: str, name_en: str) -> dict[str, str]:
    return {
        "place": region,
        "name_zh": name_zh,
        "name_en": name_en,
        "kind": "city" if region.endswith("00") else "district",
        "parent": NATION,
    }


def _places(region: str, table: Path | None, name: str | None) -> list[dict[str, str]]:
    """The rows of the user's table of places, or the single place. Raises HengtanError."""
    if table is None:
        return [_own_place(region, name or region, name or region)]
    rows = read_rows(table)
    for number, row in enumerate(rows, start=2):
        for column in ("place", "name_zh"):
            if not row.get(column):
                raise HengtanError(
                    f"缺“{column}”",
                    f"'{column}' is missing",
                    where=Where(table.name, row=number, column=column),
                    todo="补齐区划代码与名称",
                    todo_en="fill code and name",
                )
    if region not in {row["place"] for row in rows}:
        raise HengtanError(
            f"地区表中没有 {region}",
            f"{region} is not in the table of places",
            where=Where(table.name),
            todo="加上这一行",
            todo_en="add its row",
        )
    return rows
