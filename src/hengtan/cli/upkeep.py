"""Verbs about upkeep: packs checked, the machine and the workspace looked over."""

from __future__ import annotations

from typing import Annotated

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, WorkspaceOption, app, opened

packs_app = typer.Typer(help="数据包 packs", no_args_is_help=True)
app.add_typer(packs_app, name="packs")


@packs_app.command("check")
def packs_check(json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """检查数据包：编号、引用、单位、日期、来源、重叠。Check ids, references, units, dates, sources,
    overlaps.
    """
    from hengtan.desk.upkeep import check_packs
    from hengtan.workspace.config import chosen_folder

    findings = check_packs(chosen_folder(workspace))
    if json:
        show.say(show.as_json([finding.as_dict() for finding in findings]))
    else:
        show.findings(findings)
        count = len(findings)
        show.say(f"数据包检查完成：{count} 处问题" if count else "数据包检查通过 | packs are sound")
    raise typer.Exit(1 if any(finding.level == "error" for finding in findings) else 0)


@app.command()
def doctor(
    workspace: WorkspaceOption = None,
    mend: Annotated[bool, typer.Option("--mend", help="清除无主文件、合并小文件")] = False,
    json: JsonOption = False,
) -> None:
    """检查本机环境和工作区（人员库、邮件、上次备份）；--mend 清除中断写入留下的无主文件。

    Check this machine and the workspace: its store of people, mail, the last backup.
    """
    from hengtan.desk import upkeep
    from hengtan.web.condition import of_workspace
    from hengtan.workspace.config import chosen_folder

    folder = chosen_folder(workspace)
    lines = upkeep.machine(folder)
    if lines["is_workspace"]:
        with opened(folder) as desk:
            if mend:
                lines |= upkeep.mend(desk)
            lines |= upkeep.condition(desk)
            lines |= of_workspace(desk)
    if json:
        show.say(show.as_json(lines))
    else:
        for name, value in lines.items():
            show.say(f"{name:20} {value}")
