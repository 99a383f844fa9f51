"""The demonstration: Chongqing and Wulong on real public statistics, loaded by ``demo-loader`` and
marked 演示 everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hengtan.basis.actor import Actor
from hengtan.basis.period import Period
from hengtan.demo.studies import load_studies
from hengtan.desk.reports import write_status
from hengtan.desk.status import status_view
from hengtan.packs.pack import data_folder
from hengtan.report.view import StatusView
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import SETTINGS, Settings
from hengtan.workspace.workspace import Workspace

LOADER = Actor("demo-loader", behalf="demo-loader")
REASON = "公开统计资料，演示用，未经单位审核"
FORM = "indicator_values"
DEMO = Settings(
    title_zh="重庆市·武隆区（演示）",
    title_en="Chongqing and Wulong (demonstration)",
    region="500156",
    pack="wulong",
    demo=True,
)


def open_demo(folder: Path, progress: Callable[[float, str], None]) -> Workspace:
    """Open the demonstration in a folder, making and loading it when it is not there yet."""
    if (folder / SETTINGS).is_file():
        workspace = Workspace.open(folder)
        progress(0.1, "打开演示工作区")
    else:
        progress(0.0, "建立演示工作区")
        workspace = Workspace.create(folder, DEMO)
    load_observations(workspace, progress)
    load_power_units(workspace, progress)
    load_studies(workspace, LOADER, progress)
    return workspace


def load_observations(
    workspace: Workspace,
    progress: Callable[[float, str], None],
    at: datetime | None = None,
) -> None:
    """Submit the packs' public observations, one submission per pack file, and approve them.

    Each row keeps its place in the pack file. Loading the same packs again changes nothing; a newer
    edition of a pack file supersedes the one loaded before. ``at``: the moment it is entered.
    """
    for n, (file, rows) in enumerate(_by_file(workspace, "observations")):
        progress(0.2 + 0.2 * n, f"载入 {file}：{len(rows)} 条公开统计")
        _submit(workspace, Loaded(FORM, file, rows, _observation), at)


def load_power_units(
    workspace: Workspace,
    progress: Callable[[float, str], None],
    at: datetime | None = None,
) -> None:
    """Submit the packs' public generating units as rows of ``power_units``, like observations.

    They are what trackers of the public list, not the fleet of the city: no hydropower, no gas.
    """
    for file, rows in _by_file(workspace, "public_power_units"):
        progress(0.5, f"载入 {file}：{len(rows)} 台公开机组")
        _submit(workspace, Loaded("power_units", file, rows, _unit), at)


@dataclass(frozen=True)
class Loaded:
    """Rows of a pack file that go into a form, and how one of them becomes a row of it."""

    form: str
    file: str
    rows: list[dict[str, Any]]
    row_of: Callable[[dict[str, Any]], dict[str, Any]]


def _by_file(workspace: Workspace, table: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows of a pack table by the file they stand in."""
    rows_by_file: dict[str, list[dict[str, Any]]] = {}
    for row in workspace.pack.rows(table):
        rows_by_file.setdefault(row["_file"], []).append(row)
    return sorted(rows_by_file.items())


def _loaded_before(workspace: Workspace, files: list[str]) -> dict[str, str]:
    """Approved submissions of pack files that have changed since, by file."""
    digests = {
        file: hashlib.sha256((data_folder() / file).read_bytes()).hexdigest() for file in files
    }
    return {
        s["file_name"]: s["submission"]
        for s in workspace.ledger.submissions()
        if s["channel"] == "pack"
        and s["state"] == "approved"
        and s["file_sha256"] != digests.get(s["file_name"])
    }


def _submit(workspace: Workspace, loaded: Loaded, at: datetime | None) -> None:
    import pyarrow as pa

    from hengtan.ledger import Meta

    file = loaded.file
    schema = workspace.form(loaded.form).schema()
    table = pa.Table.from_pylist(
        [_form_row(row, loaded.row_of(row), schema.names) for row in loaded.rows],
        schema=_with_source_rows(schema),
    )
    meta = Meta(
        actor=LOADER,
        place=workspace.settings.region,
        channel="pack",
        file_name=file,
        file=data_folder() / file,
        demo=True,
        supersedes=_loaded_before(workspace, [file]).get(file),
    )
    submission = workspace.ledger.submit(loaded.form, table, meta, at=at)
    if submission.state == "submitted":
        workspace.ledger.record(submission.id, "approved", LOADER, REASON, at=at)


def _with_source_rows(schema: Any) -> Any:
    import pyarrow as pa

    return (
        schema
        if "_source_row" in schema.names
        else schema.append(pa.field("_source_row", pa.int64()))
    )


def _form_row(row: dict[str, Any], values: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {**{name: values.get(name) for name in names}, "_source_row": row["_row"]}


def _unit(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "units": 1,
        "source_title": row["source"],
        "note": row["note_zh"] or row["note_en"],
    }


def _observation(row: dict[str, Any]) -> dict[str, Any]:
    period = Period.parse(row["period"])
    return {
        "place": row["place"],
        "indicator": row["series"],
        "period": row["period"],
        "period_kind": period.kind,
        "period_start": period.start,
        "period_end": period.end,
        "scope": row["scope"],
        "value": row["value"],
        "value_original": f"{row['value']:.12g}",
        "unit": row["unit"],
        "nature": row["nature"],
        "bound": row["bound"],
        "vintage": row["vintage"],
        "publisher": row["publisher"],
        "source_title": row["source"],
        "source_url": row["source_url"],
        "published": row["published"],
        "confidence": row["confidence"],
        "edition": row["edition"],
        "note": row["note_zh"] or row["note_en"],
    }


def write_reports(workspace: Workspace, progress: Callable[[float, str], None]) -> list[Path]:
    """Write ``report.html`` and ``status.xlsx`` into the workspace folder from one view."""
    as_of = AsOf.of()
    progress(0.6, "计算目标状态")
    view = StatusView.of(status_view(workspace, as_of))
    paths = [workspace.folder / "report.html", workspace.folder / "status.xlsx"]
    for share, path in zip((0.8, 0.9), paths, strict=True):
        progress(share, f"写出 {path.name}")
        write_status(workspace, path, as_of, view)
    progress(1.0, "完成")
    return paths
