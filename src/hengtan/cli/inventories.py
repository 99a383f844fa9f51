"""Verbs that write inventories for others: on GPC references and on IPCC categories."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import WorkspaceOption, opened
from hengtan.cli.evidence import export_app

To = Annotated[Path, typer.Option("--to", help="输出的 .xlsx 文件")]
Year = Annotated[int | None, typer.Option("--year", help="只要这一年")]
Place = Annotated[str | None, typer.Option("--place", help="只要这个地区（代码）")]


@export_app.command("gpc")
def export_gpc(
    to: To, workspace: WorkspaceOption = None, year: Year = None, place: Place = None
) -> None:
    """按 GPC 编号导出清单（一行一个清单，另附逐编号表）。The inventory on GPC references."""
    _write("gpc", to, workspace, year, place)


@export_app.command("ipcc")
def export_ipcc(
    to: To, workspace: WorkspaceOption = None, year: Year = None, place: Place = None
) -> None:
    """按 IPCC 2006 类别和气体导出清单。The inventory on IPCC 2006 categories by gas."""
    _write("ipcc", to, workspace, year, place)


def _write(
    kind: str, to: Path, workspace: Path | None, year: int | None, place: str | None
) -> None:
    from hengtan.basis.whole_files import write_whole
    from hengtan.desk.inventories import inventory_bytes

    with opened(workspace) as office:
        write_whole(to, inventory_bytes(office, kind, year, place))
    show.say(f"已导出到 {to}")
