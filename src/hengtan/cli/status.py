"""The verb status: where every target stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, PeriodOption, WorkspaceOption, app, day, opened

if TYPE_CHECKING:
    from hengtan.workspace.asof import AsOf


@app.command()
def status(
    workspace: WorkspaceOption = None,
    plan: Annotated[str | None, typer.Option(help="只看一份规划 cq-2025-2027")] = None,
    known_on: KnownOn = None,
    period: PeriodOption = None,
    json: JsonOption = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="写成文件 .pdf、.xlsx 或 .html write a file")
    ] = None,
) -> None:
    """每个目标的数据状态、最近数值、所需速度和灯。Where every target stands."""
    from hengtan.desk.self_approval import with_self_approval
    from hengtan.workspace.asof import AsOf

    with opened(workspace) as desk:
        as_of = AsOf.of(day(known_on), period)
        rows = with_self_approval(desk, as_of, desk.status(plan, as_of.known_on, period))
        if to is not None:
            _write(desk, to, as_of, plan)
            return
    if json:
        show.say(show.as_json(rows))
    elif rows:
        show.status_table(rows)
    else:
        show.say(
            "本工作区还没有规划目标：在 packs/ 下的数据包里加入 plans.csv、measures.csv、"
            "targets.csv（格式见随附数据包）"
        )


def _write(desk: Any, to: Path, as_of: AsOf, plan: str | None) -> None:
    """The list as a file, of one plan where it is named."""
    from hengtan.desk import reports
    from hengtan.desk.status import status_view
    from hengtan.report.view import StatusView

    reports.check_suffix(to, "status")
    view = StatusView.of(status_view(desk, as_of))
    reports.write_status(desk, to, as_of, view.of_plan(plan) if plan else view)
    show.say(f"已写出 {to}")
