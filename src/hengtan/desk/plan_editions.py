"""Editions of a reviewed plan: issued one after the other, each frozen with its digest, and written into the workspace's own pack whole or not at all."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from hengtan import packs
from hengtan.basis.errors import HengtanError, UnknownPlace, Where
from hengtan.desk.plans import MAX_TEXT, Review, alone, digest, load, now, read_plan
from hengtan.packs import Pack
from hengtan.packs.schema import schemas
from hengtan.plan.reader.draft import Draft
from hengtan.plan.reader.pack_rows import pack_tables
from hengtan.report.html import write_whole
from hengtan.workspace.config import Settings, write_settings

TABLES = ("plans", "measures", "indicators", "targets", "milestones", "places")


def issue(workspace_folder: Path, settings: Settings, plan: str, *, by: str, note: str = "") -> int:
    """Issue the next edition: the accepted targets as read, those still open as proposals, none of the rejected; returns its number.

    The tables of the workspace's own pack are written whole or not at all. Raises HengtanError where nothing is accepted or a table does not hold.
    """
    if not by.strip():
        raise HengtanError(
            "没有写发布人", "who issues is not given", todo="填发布人姓名", todo_en="give a name"
        )
    with alone(workspace_folder, plan):
        review = load(workspace_folder, plan)
        reviewed = review.targets()
        if not any(one.state in ("accepted", "edited", "added") for one in reviewed):
            raise HengtanError(
                "还没有采纳任何目标",
                "no target is accepted yet",
                todo="先逐条采纳、修改或不采纳",
                todo_en="accept, edit or reject targets first",
            )
        number = len(review.editions()) + 1
        rows = tables_of(review, settings)
        content: dict[str, Any] = {
            "plan": plan,
            "edition": number,
            "on": now(),
            "by": by.strip()[:MAX_TEXT],
            "note": note.strip()[:1000],
            "title": review.draft.title,
            "document": review.draft.document.name,
            "decisions_head": review.head,
            "counts": dict(Counter(one.state for one in reviewed)),
            "tables": rows,
        }
        content["digest"] = digest(content)
        write_tables(workspace_folder, settings, rows, plan, edition=f"{plan}.{number}")
        write_whole(
            review.folder / "editions" / f"{number:04d}.json",
            json.dumps(content, ensure_ascii=False, indent=1).encode(),
        )
        return number


def tables_of(review: Review, settings: Settings) -> dict[str, list[dict[str, str]]]:
    """The pack tables of a plan as reviewed: rejected targets left out, confirmed ones marked as read."""
    reviewed = review.targets()
    confirmed = [one.target.id for one in reviewed if one.state in ("accepted", "edited", "added")]
    draft = replace(
        review.draft, targets=[one.target for one in reviewed if one.state != "rejected"]
    )
    pack = packs.load(settings.pack, own_packs(review.folder.parent.parent))
    made = plan_tables(draft, pack, settings.region, settings.title_zh, accepted=confirmed)
    if all(one.state != "open" for one in reviewed):
        made["plans"][0] |= {
            "status": "issued",
            "status_zh": "由文档读出、已核对",
            "status_en": "Read from the document and reviewed",
        }
    return made


def plan_tables(
    draft: Draft,
    pack: Pack,
    region: str,
    title: str,
    *,
    accepted: Iterable[str] = (),
    own: Sequence[Mapping[str, str]] = (),
) -> dict[str, list[dict[str, str]]]:
    """``pack_tables`` of a draft for a region of a pack. ``own``: places that the pack does not hold yet."""
    tree = pack.places()
    named = {row["name_zh"]: row["place"] for row in own}

    def place_of(name: str) -> str | None:
        if name in named:
            return named[name]
        try:
            code = tree.find(name).code
        except UnknownPlace:
            return None
        return None if code.startswith(f"{draft.plan}-r") else code

    region_zh = (
        tree[region].name_zh
        if region in tree
        else next((row["name_zh"] for row in own if row["place"] == region), title)
    )
    return pack_tables(
        draft, region=region, region_zh=region_zh, place_of=place_of, accepted=accepted
    )


def target_rows(path: Path) -> list[dict[str, str]]:
    """Rows of targets.csv of a version: a pack folder, an issued edition (.json), or a document that is read for it. Raises HengtanError."""
    if path.is_dir():
        table = path / "targets.csv"
        if not table.is_file():
            raise HengtanError(
                "文件夹里没有 targets.csv",
                "no targets.csv in the folder",
                where=Where(path.name),
                todo="给出规划文档、数据包文件夹或已发布的版本",
                todo_en="give a document, a pack folder or an edition",
            )
        with table.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix.lower() == ".json" and path.is_file():
        try:
            return list(json.loads(path.read_text(encoding="utf-8"))["tables"]["targets"])
        except (ValueError, KeyError, TypeError) as error:
            raise HengtanError(
                "不是已发布的规划版本",
                "this is no issued edition",
                where=Where(path.name),
                todo="用 plans/规划/editions/ 下的文件",
                todo_en="use a file of plans/…/editions/",
            ) from error
    pack = packs.load("cn")
    return pack_tables(read_plan(path, pack, "plan"), region="000000", region_zh="")["targets"]


def own_packs(workspace_folder: Path) -> list[Path]:
    """The packs of a workspace's own."""
    return (
        sorted(p for p in (workspace_folder / "packs").glob("*") if p.is_dir())
        if (workspace_folder / "packs").is_dir()
        else []
    )


def write_tables(
    workspace_folder: Path,
    settings: Settings,
    rows: Mapping[str, Sequence[Mapping[str, str]]],
    plan: str,
    *,
    edition: str,
) -> None:
    """Put a plan's rows in place of its former ones in the workspace's own pack; a workspace on a shipped pack gets one that extends it.

    Checked as a whole beforehand: nothing is changed where a table does not hold. Raises HengtanError.
    """
    own = workspace_folder / "packs" / settings.pack
    meta: dict[str, Any] = (
        yaml.safe_load((own / "pack.yaml").read_text(encoding="utf-8"))
        if own.is_dir()
        else {
            "id": f"local-{settings.region}",
            "title_zh": settings.title_zh,
            "title_en": settings.title_en,
            "extends": settings.pack,
            "region": settings.region,
        }
    )
    target = workspace_folder / "packs" / str(meta["id"])
    staging = workspace_folder / "plans" / f".staged-{meta['id']}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        staged = staging / str(meta["id"])
        if target.is_dir():
            shutil.copytree(target, staged)
        else:
            staged.mkdir(parents=True)
        (staged / "pack.yaml").write_text(
            yaml.safe_dump({**meta, "edition": edition}, allow_unicode=True, sort_keys=False),
            encoding="utf-8",
        )
        for table in TABLES:
            _replace_rows(staged / f"{table}.csv", table, rows.get(table, []), plan)
        others = [p for p in own_packs(workspace_folder) if p.name != meta["id"]]
        bad = [
            f
            for f in packs.check_pack(packs.load(str(meta["id"]), [*others, staged]))
            if f.level == "error"
        ]
        if bad:
            raise HengtanError(
                bad[0].zh,
                bad[0].en,
                where=bad[0].where,
                todo=bad[0].todo,
                todo_en=bad[0].todo_en,
                findings=bad,
            )
        target.parent.mkdir(exist_ok=True)
        old = staging / "old"
        if target.is_dir():
            target.rename(old)
        staged.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    if settings.pack != meta["id"]:
        write_settings(workspace_folder, replace(settings, pack=str(meta["id"])))


def _replace_rows(path: Path, table: str, rows: Sequence[Mapping[str, str]], plan: str) -> None:
    """Rows of other plans stay as they are; the plan's own are those given."""
    schema = schemas()[table]
    key = schema.key[0]
    kept: list[Mapping[str, str]] = []
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            kept = [
                row
                for row in csv.DictReader(file)
                if row.get("plan", "") != plan
                and not re.match(rf"{re.escape(plan)}-[ir]\d+$", row.get(key) or "")
            ]
    if not kept and not rows:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, list(schema.columns), lineterminator="\n", extrasaction="ignore"
        )
        writer.writeheader()
        for row in (*kept, *rows):
            writer.writerow({column: row.get(column, "") for column in schema.columns})
