"""The demonstration: Chongqing and Wulong on real public statistics, loaded by ``demo-loader`` and marked 演示 everywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hengtan.basis.period import Period
from hengtan.desk.status import status_view
from hengtan.workspace.config import SETTINGS, Settings
from hengtan.workspace.workspace import Workspace

LOADER = "demo-loader"
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
    return workspace


def load_observations(workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    """Submit the packs' public observations, one submission per pack file, and approve them as ``demo-loader``.

    Each row keeps its place in the pack file. Loading the same packs again changes nothing; a newer edition of a pack file
    supersedes the one loaded before.
    """
    import pyarrow as pa

    from hengtan.ledger import Meta
    from hengtan.packs.pack import data_folder

    form = workspace.form("indicator_values")
    schema = form.schema()
    rows = workspace.pack.rows("observations")
    digests = {
        file: hashlib.sha256((data_folder() / file).read_bytes()).hexdigest()
        for file in {row["_file"] for row in rows}
    }
    earlier = {
        s["file_name"]: s["submission"]
        for s in workspace.ledger.submissions()
        if s["channel"] == "pack"
        and s["state"] == "approved"
        and s["file_sha256"] != digests.get(s["file_name"])
    }
    for n, file in enumerate(sorted({row["_file"] for row in rows})):
        held = [row for row in rows if row["_file"] == file]
        progress(0.2 + 0.2 * n, f"载入 {file}：{len(held)} 条公开统计")
        table = pa.Table.from_pylist(
            [_form_row(row, schema.names) for row in held], schema=_with_source_rows(schema)
        )
        meta = Meta(
            actor=LOADER,
            place=workspace.settings.region,
            channel="pack",
            file_name=file,
            file=data_folder() / file,
            demo=True,
            supersedes=earlier.get(file),
        )
        done = workspace.ledger.submit("indicator_values", table, meta)
        if done.state == "submitted":
            workspace.ledger.record(
                done.id, "approved", LOADER, "公开统计资料，演示用，未经单位审核"
            )


def _with_source_rows(schema: Any) -> Any:
    import pyarrow as pa

    return (
        schema
        if "_source_row" in schema.names
        else schema.append(pa.field("_source_row", pa.int64()))
    )


def _form_row(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    period = Period.parse(row["period"])
    full = {
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
    return {**{name: full.get(name) for name in names}, "_source_row": row["_row"]}


def write_reports(workspace: Workspace, progress: Callable[[float, str], None]) -> list[Path]:
    """Write ``report.html`` and ``status.xlsx`` into the workspace folder from one view."""
    from hengtan.report.page.offline import write_report
    from hengtan.report.sheet.status import write_status
    from hengtan.report.view import StatusView

    progress(0.6, "计算目标状态")
    view = StatusView.of(status_view(workspace))
    progress(0.8, "写出 report.html")
    report, book = workspace.folder / "report.html", workspace.folder / "status.xlsx"
    graph = workspace.graph()
    write_report(
        view,
        report,
        lambda target: graph.explain("plan_progress", {"target_id": target}, shown=2).as_dict(),
    )
    progress(0.9, "写出 status.xlsx")
    write_status(view, book)
    progress(1.0, "完成")
    return [report, book]
