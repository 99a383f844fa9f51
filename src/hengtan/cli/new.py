"""The verb new: an empty workspace for any other place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import advised, app


@app.command()
def new(
    folder: Path,
    region: Annotated[str, typer.Option(help="行政区划代码 GB/T 2260")],
    places: Annotated[
        Path | None, typer.Option(help="地区表 CSV/Excel：place,name_zh,name_en,kind,parent")
    ] = None,
    title: Annotated[str | None, typer.Option(help="工作区名称")] = None,
    name: Annotated[str | None, typer.Option(help="地区名称")] = None,
    catalogue: Annotated[
        str, typer.Option(help="存放 PostgreSQL 地址的环境变量名；不填用 SQLite")
    ] = "",
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            help="规划文档（.docx .pdf .html .md .txt），目标即刻入网页待核对 "
            "a plan document to start from",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="规划文件的年份，文中没有写时给出", min=1990, max=2100),
    ] = None,
) -> None:
    """为另一个市或区县新建空工作区。A new, empty workspace for any other place."""
    from hengtan.desk.new import PlanDocument, new_workspace

    with new_workspace(
        folder,
        region,
        places=places,
        title=title,
        name=name,
        catalogue=catalogue,
        plan=None if plan is None else PlanDocument(plan, year),
    ) as workspace:
        chain = " → ".join(workspace.pack.chain)
        title_zh = workspace.settings.title_zh
        show.say(f"已建立工作区 {folder}：{title_zh}（{region}），数据包 {chain}")
        if plan is not None:
            from hengtan.desk.plan_folders import plans_of
            from hengtan.desk.plan_reading import reading_of

            draft, _ = reading_of(workspace, plans_of(workspace)[0])
            show.say(
                f"从 {plan.name} 读出 {len(draft.clauses)} 条条款、{len(draft.targets)} 个目标，"
                "待核对 | read, to be reviewed"
            )
            show.say("下一步：在“规划核对”页逐条采纳、修改或不采纳：")
            show.say(f"  {advised('serve', '-w', folder)}")
    template = advised("form", "template", "indicator_values", "指标数据.xlsx", "-w", folder)
    show.say(f"下一步：\n  hengtan -h\n  {template}")
