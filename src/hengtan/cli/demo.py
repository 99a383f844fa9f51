"""The verb demo: both plans on real public statistics, or a made-up district."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import advised, app
from hengtan.cli.serve import serve_workspace

FOLDER, SYNTHETIC_FOLDER = Path("hengtan-demo"), Path("hengtan-synthetic")
CITY_FOLDER = Path("hengtan-city")
TOTALS = (
    "place",
    "year",
    "method",
    "energy_co2",
    "total",
    "indirect_power",
    "recalled_share",
    "missing",
)


@app.command()
def demo(
    serve_pages: Annotated[
        bool, typer.Option("--serve/--no-serve", help="算完后打开网页服务 serve the pages")
    ] = True,
    to: Annotated[Path, typer.Option("--to", help="演示工作区文件夹")] = FOLDER,
    port: Annotated[int, typer.Option(help="网页端口")] = 8420,
    synthetic: Annotated[
        bool,
        typer.Option(
            "--synthetic",
            help="另建合成区（虚构数据）：企业月报到能源、碳账户 "
            "a made-up district, from monthly forms to the accounts",
        ),
    ] = False,
    enterprises: Annotated[int, typer.Option(help="合成区的企业数", min=11, max=20000)] = 500,
    city: Annotated[
        bool,
        typer.Option(
            "--city",
            help="演示城市（人员与填报均为虚构）：38 个区县各角色登录试用 "
            "a city with people to sign in as, and a month under way",
        ),
    ] = False,
    day: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="演示城市的“今天”，默认为今天 the day on which the city stands",
        ),
    ] = None,
) -> None:
    """重庆与武隆两份规划＋公开统计：建工作区、计算、出表、写报告、开网页。Both plans on real public
    statistics.
    """
    if city and synthetic:
        raise HengtanError(
            "--city 与 --synthetic 是两个演示，一次只建一个",
            "--city and --synthetic are two demonstrations, made one at a time",
            todo="去掉其中一个",
            todo_en="leave one of them out",
        )
    if city:
        _city(to if to != FOLDER else CITY_FOLDER, day, port, serve_pages=serve_pages)
        return
    if synthetic:
        _synthetic(to if to != FOLDER else SYNTHETIC_FOLDER, enterprises)
        return
    from hengtan.demo.public import open_demo, write_reports

    with show.progress_bar() as tell:
        workspace = open_demo(to, tell)
        paths = write_reports(workspace, tell)
    show.status_table(workspace.status())
    show.say("演示数据：公开统计资料，由 demo-loader 载入，未经单位审核 | demonstration data")
    for path in paths:
        show.say(f"已写出 {path.resolve()}")
    show.say(f"台账链首 ledger head: {workspace.ledger.head()}")
    _study_told()
    show.say(f"各角色登录试用（38 个区县的演示城市）：{advised('demo', '--city')}")
    if serve_pages:
        serve_workspace(workspace, "127.0.0.1", port)


def _study_told() -> None:
    """What can be asked of the study of the demonstration, all of whose rows are assumed."""
    from hengtan.demo.studies import COMMANDS

    commands = "；".join(advised(*command) for command in COMMANDS)
    show.say(f"情景与电力研究（输入为演示的假设，不是统计）：{commands} | study on assumed inputs")


def _city(folder: Path, day: datetime | None, port: int, *, serve_pages: bool) -> None:
    """Make the demonstration city where it is not there yet, and serve it to whoever signs in on
    this machine.
    """
    from hengtan.cli.serve import serve_shared
    from hengtan.web.demo_city import made_city
    from hengtan.web.rooms.people.trying import PASSWORD
    from hengtan.workspace import Workspace
    from hengtan.workspace.config import SETTINGS

    if (folder / SETTINGS).is_file():
        workspace = Workspace.open(folder)
        if not workspace.settings.demo_city:
            raise HengtanError(
                f"“{folder}”不是演示城市",
                f"'{folder}' is no demonstration city",
                todo="用 --to 指定新文件夹",
                todo_en="name a new folder with --to",
            )
    else:
        with show.progress_bar() as tell:
            made_city(folder, day.date() if day else None, tell)
        workspace = Workspace.open(folder)
    show.say(
        f"演示城市 {folder.resolve()}：人员、填报和区县数字均为虚构 | made-up people and filings"
    )
    show.say(f"登录页列出可试用的账号，密码都是 {PASSWORD}，两步验证码由页面给出；只在本机可用")
    show.say(f"以后再开：{advised('serve', '--shared', '-w', folder)}")
    if serve_pages:
        serve_shared(workspace, "127.0.0.1", port, "localhost,127.0.0.1", False, 1)


def _synthetic(folder: Path, enterprises: int) -> None:
    """Make the synthetic district in a folder, load its files and tell what the accounts say."""
    from hengtan.basis.whole_folders import refuse_used, whole_folder
    from hengtan.demo.synthetic import load_district, make_district, synthetic_workspace
    from hengtan.graph.said import said_table

    refuse_used(folder)
    with (
        show.progress_bar() as tell,
        whole_folder(folder) as home,
        synthetic_workspace(home) as workspace,
    ):
        district = make_district(enterprises)
        reports = load_district(workspace, district, home / "合成数据", tell)
        tell(1.0, "计算账户")
        totals = said_table("carbon_totals", workspace.table("carbon_totals")).to_pylist()
        units = workspace.table("energy_key_units").num_rows
        findings = workspace.table("energy_quality").num_rows
    show.plain_table(
        [{column: _rounded(row[column]) for column in TOTALS} for row in totals], list(TOTALS)
    )
    show.say(
        f"合成数据（虚构，不是任何地区的统计）：{sum(report.rows for report in reports)} 行，"
        f"{len(reports)} 个文件，重点用能单位 {units} 户·年，"
        f"数据质量提示 {findings} 条 | synthetic data"
    )
    example = ("explain", "carbon_enterprise", "place=990001", "year=2023", "-w", folder)
    show.say(f"下一步：\n  {advised(*example)}")


def _rounded(value: object) -> object:
    return round(value, 1) if isinstance(value, float) else value
