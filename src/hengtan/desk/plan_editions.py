"""Editions of a reviewed plan: issued one after the other, each frozen with its digest, and put
into the workspace's own pack.
"""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.basis.border import csv_rows, json_file
from hengtan.basis.errors import HengtanError, UnknownPlace, Where
from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import write_whole
from hengtan.desk.own_pack import put_plan
from hengtan.desk.plan_fields import MAX_TEXT
from hengtan.desk.plan_folders import folder_of, plans_of
from hengtan.desk.plan_items import decided
from hengtan.desk.plan_reading import keep, now, read_plan, reading_of
from hengtan.desk.plan_review import (
    ACCEPTED,
    MAX_NOTE,
    Confirmed,
    Review,
    alone,
    confirm,
    digest,
    load,
)
from hengtan.packs import Pack
from hengtan.packs.schema import schemas
from hengtan.plan.reader.draft import Draft
from hengtan.plan.reader.pack_rows import pack_tables

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Rows = dict[str, list[dict[str, str]]]


def issue(
    workspace: Workspace,
    plan: str,
    actor: Actor,
    *,
    note: str = "",
    confirmed: Confirmed | None = None,
) -> int:
    """Issue the next edition; returns its number. The workspace then rests on the new tables.

    It holds the accepted targets as read, those still open as proposals, none of the rejected. The
    tables of the workspace's own pack are written whole or not at all. ``confirmed``: title and
    years of the plan, where a person did not confirm them for an edition before. Raises
    HengtanError where nothing is accepted, nobody confirmed title, years and owners, or a table
    does not hold.
    """
    with alone(workspace, plan):
        review = load(workspace, plan)
        counts = review.counts()
        if not any(counts[state] for state in ACCEPTED):
            raise HengtanError(
                "还没有采纳任何目标",
                "no target is accepted yet",
                todo="先逐条采纳、修改或不采纳",
                todo_en="accept, edit or reject targets first",
            )
        if confirmed is not None:
            confirm(review, actor, confirmed)
        if review.confirmed is None:
            raise _unconfirmed(review.draft)
        number = len(review.editions()) + 1
        tables = tables_of(workspace, review)
        edition: dict[str, Any] = {
            "plan": plan,
            "edition": number,
            "on": now(),
            "by": actor.name.strip()[:MAX_TEXT],
            "note": note.strip()[:MAX_NOTE],
            "title": review.draft.title,
            "document": review.draft.document.name,
            "decisions_head": review.head,
            "counts": dict(counts),
            "items": dict(Counter(item.state for item in review.items())),
            "tables": tables,
        }
        if actor.behalf:
            edition["behalf"] = actor.behalf[:MAX_TEXT]
        edition["digest"] = digest(edition)
        put_plan(workspace, plan, tables, edition=f"{plan}.{number}")
        text = json.dumps(edition, ensure_ascii=False, indent=1)
        write_whole(review.folder / "editions" / f"{number:04d}.json", text.encode())
    workspace.reload()
    return number


def _unconfirmed(draft: Draft) -> HengtanError:
    years = f"{draft.first_year or draft.year or '?'}—{draft.last_year or '?'}"
    owners = len({row["name"] for row in draft.departments})
    return HengtanError(
        f"还没有人确认标题、年份和责任单位：《{draft.title}》，{years}，责任单位 {owners} 个",
        f"title, years and owners are not confirmed yet: {draft.title}, {years}, {owners} owners",
        where=Where(draft.document.name),
        todo="核对后在规划页面的“发布”处勾选，或在命令行给出标题和首年、末年",
        todo_en="confirm them where the plan is issued, on its page or in the terminal",
    )


def add_plan(workspace: Workspace, path: Path, *, year: int | None = None, by: str = "") -> Draft:
    """Read a further plan into a workspace; its targets count as proposals until reviewed. ``by``:
    who adds it, for its record.

    The reading is kept before its rows enter the pack: where a run stopped in between, the next one
    goes on with the reading it finds. Raises UnreadableFile, HengtanError, the latter also for a
    document that was added before.
    """
    region, title = workspace.settings.region, workspace.settings.title_zh
    draft = _kept_before(workspace, path)
    if draft is None:
        draft = read_plan(path, workspace.pack, region, year=year)
        tables = plan_tables(draft, workspace.pack, region, title)
        keep(workspace.folder, draft, path, by)
    else:
        tables = plan_tables(draft, workspace.pack, region, title)
    try:
        put_plan(workspace, draft.plan, tables, edition=f"{draft.plan}.0")
    except HengtanError:
        shutil.rmtree(folder_of(workspace, draft.plan), ignore_errors=True)
        raise
    workspace.reload()
    return draft


def _kept_before(workspace: Workspace, path: Path) -> Draft | None:
    """The reading of the same document that a stopped run kept and put into no pack yet. Raises
    HengtanError where the document was added before.
    """
    with_rows = {str(row["plan"]) for row in workspace.pack.rows("plans")}
    sha256 = sha256_of(path) if path.is_file() else ""
    for plan in plans_of(workspace):
        draft, record = reading_of(workspace, plan)
        if record["file_sha256"] != sha256:
            continue
        if plan in with_rows:
            raise HengtanError(
                f"这份文件已作为规划“{plan}”加入",
                f"this document was added before, as plan '{plan}'",
                where=Where(path.name),
                todo=f"在页面 /plans/{plan} 核对",
                todo_en=f"review it on the page /plans/{plan}",
            )
        return draft
    return None


def tables_of(workspace: Workspace, review: Review) -> Rows:
    """The pack tables of a plan as reviewed: rejected targets, milestones, tasks and owners left
    out, confirmed ones marked as read.
    """
    reviewed = review.targets()
    items = review.items()
    confirmed = [r.target.id for r in reviewed if r.state in ACCEPTED]
    confirmed += [item.id for item in items if item.state in ACCEPTED]
    kept = [r.target for r in reviewed if r.state != "rejected"]
    pack = packs.load(workspace.settings.pack, workspace.own_packs())
    settings = workspace.settings
    draft = replace(decided(review.draft, items), targets=kept)
    if review.confirmed is not None:
        draft = replace(draft, **vars(review.confirmed))
    tables = plan_tables(draft, pack, settings.region, settings.title_zh, accepted=confirmed)
    if all(r.state != "open" for r in reviewed):
        tables["plans"][0] |= {
            "status": "issued",
            "status_zh": "由文档读出、已核对",
            "status_en": "Read from the document and reviewed",
        }
    return tables


def plan_tables(
    draft: Draft,
    pack: Pack,
    region: str,
    title: str,
    *,
    accepted: Iterable[str] = (),
    own: Sequence[Mapping[str, str]] = (),
) -> Rows:
    """``pack_tables`` of a draft for a region of a pack.

    ``own``: places that the pack does not hold yet.
    """
    tree = pack.places()
    own_codes = {row["name_zh"]: row["place"] for row in own}
    own_names = {row["place"]: row["name_zh"] for row in own}

    def place_of(name: str) -> str | None:
        if name in own_codes:
            return own_codes[name]
        try:
            code = tree.find(name).code
        except UnknownPlace:
            return None
        return None if code.startswith(f"{draft.plan}-r") else code

    region_zh = tree[region].name_zh if region in tree else own_names.get(region, title)
    return pack_tables(
        draft, region=region, region_zh=region_zh, place_of=place_of, accepted=accepted
    )


NEEDED = (
    "plan",
    "indicator",
    "indicator_zh",
    "operator",
    "value",
    "unit",
    "value_canonical",
    "unit_canonical",
    "deadline_year",
    "region_zh",
)
"""Columns of targets.csv by which versions are compared."""
MOST_TARGETS = 1_500
"""Targets of a version that is compared, each with each: a plan has some hundred."""


def target_rows(path: Path) -> list[dict[str, str]]:
    """Rows of targets.csv of a version of a plan.

    A version is a pack folder, an issued edition (.json), or a document that is read for it. Raises
    HengtanError.
    """
    if path.is_dir():
        return _checked_rows(_rows_of_folder(path), Where("targets.csv"), 1)
    if path.suffix.lower() == ".json" and path.is_file():
        return _checked_rows(_rows_of_edition(path), Where(path.name), 0)
    draft = read_plan(path, packs.load("cn"), "plan")
    return pack_tables(draft, region="000000", region_zh="")["targets"]


def _rows_of_folder(folder: Path) -> list[Any]:
    table = folder / "targets.csv"
    if not table.is_file():
        raise HengtanError(
            "文件夹里没有 targets.csv",
            "no targets.csv in the folder",
            where=Where(folder.name),
            todo="给出规划文档、数据包文件夹或已发布的版本",
            todo_en="give a document, a pack folder or an edition",
        )
    return [row for _, row in csv_rows(table)[1]]


def _rows_of_edition(path: Path) -> list[Any]:
    where = Where(path.name)
    content = json_file(path, where)
    tables = content.get("tables") if isinstance(content, dict) else None
    rows = tables.get("targets") if isinstance(tables, dict) else None
    if not isinstance(rows, list):
        raise _no_edition(where)
    return rows


def _checked_rows(rows: list[Any], where: Where, header: int) -> list[dict[str, str]]:
    """Rows that have what a comparison needs. Raises HengtanError with the row that has not."""
    if len(rows) > MOST_TARGETS:
        raise _no_edition(where)
    for number, row in enumerate(rows, start=1 + header):
        if not isinstance(row, dict) or not _is_target(row):
            raise _no_edition(replace(where, row=number))
    return rows


def _is_target(row: Mapping[Any, Any]) -> bool:
    """Whether a row has all texts of a target, a known way of asking and a finite figure."""
    texts = all(isinstance(row.get(column), str) for column in NEEDED)
    if not texts or any(isinstance(text, (dict, list)) for text in row.values()):
        return False
    try:
        figure = float(row["value_canonical"] or row["value"])
    except ValueError:
        return False
    known = schemas()["targets"].columns["operator"].choices or {}
    return math.isfinite(figure) and (not known or row["operator"] in known)


def _no_edition(where: Where) -> HengtanError:
    return HengtanError(
        "不是已发布的规划版本",
        "this is no issued edition",
        where=where,
        todo="用 plans/规划/editions/ 下的文件",
        todo_en="use a file of plans/…/editions/",
    )
