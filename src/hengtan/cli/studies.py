"""Verbs that write studies of pathways and dispatch as papers in Word and as workbooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from hengtan.basis.errors import HengtanError
from hengtan.basis.whole_files import write_whole
from hengtan.cli import show
from hengtan.cli.dispatch import Study, dispatch_app
from hengtan.cli.options import LanguageOption, Question, grouped
from hengtan.cli.pathway import Scenario, YearOption, pathway_app

Make = Callable[[str], bytes]
"""Makes the file of an end (``docx``, ``xlsx``)."""


@pathway_app.command("paper")
@grouped
def pathway_paper(
    to: Annotated[Path, typer.Option("--to", help="写成 .docx")],
    scenario: Scenario,
    question: Question,
    year: YearOption = None,
    lang: LanguageOption = "zh",
) -> None:
    """整份研究写成Word报告：首页写明假设，图表、费用、可能性、缺口。The study in Word."""
    from hengtan.desk.outlook_choices import Wanted
    from hengtan.desk.outlook_papers import pathway_file

    with question.opened() as workspace:
        wanted = Wanted(
            scenario.place or workspace.settings.region,
            scenario.base,
            scenario.until,
            year,
            tuple(scenario.without or ()),
            districts=scenario.districts,
            method=scenario.method,
            plants=scenario.plants,
            rate=scenario.rate / 100,
        )
        as_of = question.as_of(workspace)
        _written(to, "docx", lambda end: pathway_file(workspace, wanted, end, as_of, lang))


@dispatch_app.command("paper")
@grouped
def dispatch_paper(
    to: Annotated[Path, typer.Option("--to", help="写成 .docx")],
    study: Study,
    question: Question,
    lang: LanguageOption = "zh",
) -> None:
    """一项研究写成Word报告：首页写明假设，一周运行、持续曲线、峰日平衡。The study in Word."""
    _dispatch((to, "docx"), study, question, lang)


@dispatch_app.command("book")
@grouped
def dispatch_book(
    to: Annotated[Path, typer.Option("--to", help="写成 .xlsx")],
    study: Study,
    question: Question,
    lang: LanguageOption = "zh",
) -> None:
    """一项研究写成工作簿：电源、机组、逐时、曲线、假设。The study as a workbook."""
    _dispatch((to, "xlsx"), study, question, lang)


def _dispatch(written: tuple[Path, str], study: Study, question: Question, lang: str) -> None:
    from hengtan.desk.outlook_papers import dispatch_file

    with question.opened() as workspace:
        chosen, as_of = study.of(workspace), question.as_of(workspace)
        about = (chosen.place, chosen.study)
        _written(*written, lambda kind: dispatch_file(workspace, *about, kind, as_of, lang))


def _written(to: Path, end: str, make: Make) -> None:
    """Write a study, whole or not at all. Raises HengtanError for a file of another end."""
    if to.suffix.lower() != f".{end}":
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo=f"用 .{end}",
            todo_en=f"use .{end}",
        )
    write_whole(to, make(end))
    show.say(f"已写出 {to}")
