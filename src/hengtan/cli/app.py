"""The verbs of the command line, in groups; each verb opens the workspace, does one thing and shows
it.
"""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show

app = typer.Typer(
    name="hengtan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="衡碳 Hengtan：把绿色转型规划变成可运行、可追溯的系统。"
    "A city's green-transition plan as a running system.",
)

WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="工作区文件夹 workspace folder")
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]
PartlyOption = Annotated[
    bool,
    typer.Option(
        "--partly", help="只用读出的部分，未读的数列出而不算错 figures not read are no errors"
    ),
]
KnownOn = Annotated[
    str | None,
    typer.Option(
        "--known-on", "--as-of", help="按该日已知的数据 as known on that day (2026-11-25)"
    ),
]
MethodOption = Annotated[
    list[str] | None,
    typer.Option("--option", help="口径选项 名=值 a choice of method (factor_set=ipcc2006)"),
]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="判定的时期 the period judged (2025)")
]


class Debug:
    """Whether errors show their traceback."""

    on = False


def _tell_version(wanted: bool) -> None:
    """Say the version and end, whatever else is on the line."""
    if wanted:
        import hengtan

        show.say(f"hengtan {hengtan.__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[
        bool, typer.Option("--debug", help="出错时显示完整堆栈 show the traceback")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="版本 the version", is_eager=True, callback=_tell_version),
    ] = False,
) -> None:
    """Options before the verb."""
    Debug.on = debug


def opened(folder: Path | None) -> Any:
    """The workspace a verb means; a wait for another writer is told on standard error."""
    from hengtan.workspace import Workspace

    return Workspace.open(folder, waiting=lambda text: show.say(text, error=True))


def advised(*words: object) -> str:
    """A command line that runs as it is printed, whatever blanks and signs a path holds."""
    return shlex.join(["hengtan", *map(str, words)])


def day(text: str | None) -> date | None:
    """An option that is a day. Raises HengtanError."""
    if text is None:
        return None
    from hengtan.basis.period import Period

    period = Period.read(text)
    if period.kind != "day":
        raise HengtanError(
            f"“{text}”不是日期",
            f"'{text}' is no day",
            todo="写成 2026-11-25",
            todo_en="write 2026-11-25",
        )
    return period.end


def pairs(items: list[str] | None) -> dict[str, str]:
    """``k=v`` arguments as a dict. Raises typer.BadParameter (usage, exit 2)."""
    values = {}
    for item in items or []:
        name, equals, value = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"“{item}”应写成 列=值 | write column=value")
        values[name] = value
    return values
