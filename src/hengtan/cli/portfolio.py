"""Verbs about portfolios of measures: a template to fill, the least cost of a filled study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.basis.errors import HengtanError
from hengtan.cli import show
from hengtan.cli.app import JsonOption, PartlyOption, app
from hengtan.cli.options import LanguageOption, Question, grouped
from hengtan.cli.pathway import Scenario

portfolio_app = typer.Typer(
    help="措施组合 which measures, where and when, at least cost", no_args_is_help=True
)
app.add_typer(portfolio_app, name="portfolio")


@dataclass(frozen=True)
class Asked:
    """What is asked of the study beside its cheapest choice."""

    at_risk: Annotated[
        float | None,
        typer.Option(
            "--at-risk",
            help="稳健：最坏情形的条件风险价值水平，例如 0.9 conditional value at risk",
            min=0.01,
            max=0.99,
        ),
    ] = None
    draws: Annotated[
        int, typer.Option("--draws", help="稳健所用的抽样数 draws it sees", min=10, max=5000)
    ] = 200
    fresh: Annotated[
        int, typer.Option("--fresh", help="检验所用的新抽样数 fresh draws", min=100, max=100_000)
    ] = 2000
    seed: Annotated[int, typer.Option("--seed", help="随机数种子 seed", min=0)] = 1
    front: Annotated[
        int, typer.Option("--front", help="成本—减排前沿的点数 points of the front", min=0, max=60)
    ] = 0
    target: Annotated[str, typer.Option("--target", help="前沿所看的目标 target of the front")] = ""
    starts: Annotated[
        int, typer.Option("--starts", help="起点数，取最省的一个 first points", min=1, max=50)
    ] = 5
    integer_gap: Annotated[
        float,
        typer.Option(
            "--integer-gap", help="整体措施的求解间隙 gap of whole measures", min=0, max=1
        ),
    ] = 1e-3
    seconds: Annotated[
        float, typer.Option("--seconds", help="每次求解最多几秒 seconds a solution", min=0)
    ] = float("inf")


@portfolio_app.command("template")
def portfolio_template(to: Path, lang: LanguageOption = "zh") -> None:
    """写出措施组合工作簿，填有合成示例，改成自己的数。

    Write the workbook to fill, with an invented example in it.
    """
    from hengtan.workbooks.portfolio import template

    _only_xlsx(to)
    template(to, lang)
    show.say(f"已写出 {to}（填有合成示例 an invented example is filled in）")


@portfolio_app.command("run")
@grouped
def portfolio_run(
    file: Path,
    asked: Asked,
    to: Annotated[Path | None, typer.Option("--to", help="结果写成 .xlsx")] = None,
    json: JsonOption = False,
    partly: PartlyOption = False,
    lang: LanguageOption = "zh",
) -> None:
    """选措施、定地区、排年份：满足目标和预算的最小成本；无解时说明哪些限制冲突、最小怎样调整。

    The cheapest measures by region and year; of a study without a solution, what excludes what.
    """
    from hengtan.desk.portfolio import Wish, portfolio_of
    from hengtan.workbooks.account import Counting
    from hengtan.workbooks.portfolio import count_of

    if to is not None:
        _only_xlsx(to)
    is_yaml = file.suffix.lower() in (".yaml", ".yml")
    counting = Counting() if is_yaml else count_of(file, partly=partly)
    wish = Wish(**asdict(asked))
    with show.progress_bar(not json) as tell:
        answer = portfolio_of(file, wish, tell)
    if to:
        from hengtan.report.sheet.portfolio import write_portfolio

        write_portfolio(answer, to, lang)
        show.say(f"已写出 {to}", error=json)
    if json:
        account = {} if is_yaml else counting.as_dict()
        show.say(show.as_json({**answer, **account}))
    else:
        _show(answer, lang)
        if not is_yaml:
            show.counted(counting)
    raise typer.Exit(int(not counting.whole))


@dataclass(frozen=True)
class Reached:
    """What a portfolio from the ledger must reach, and within what money."""

    cap: Annotated[
        list[str] | None, typer.Option("--cap", help="某年排放上限，如 2035=12000万吨，可多次给")
    ] = None
    budget: Annotated[
        list[str] | None,
        typer.Option("--budget", help="投资预算，如 2026..2030=5亿元/年，可多次给"),
    ] = None
    spending: Annotated[
        list[str] | None, typer.Option("--spending", help="支出（投资加运行）预算，写法同 --budget")
    ] = None
    whole: Annotated[
        list[str] | None,
        typer.Option(
            "--whole", help="整体实施（要么不做）的措施编号，可多次给 taken wholly or not"
        ),
    ] = None
    only_caps: Annotated[
        bool, typer.Option("--only-caps", help="只按 --cap，不看碳预算和规划目标")
    ] = False
    indirect: Annotated[
        bool, typer.Option("--indirect", help="--cap 含外购电的间接排放 with indirect emissions")
    ] = False
    fair: Annotated[
        str,
        typer.Option("--fair", help="各区县占比，如 投资=0.5..2（基年排放占比的倍数），或 减排="),
    ] = ""


@portfolio_app.command("ledger")
@grouped
def portfolio_ledger(
    scenario: Scenario,
    question: Question,
    reached: Reached,
    asked: Asked,
    to: Annotated[Path | None, typer.Option("--to", help="结果写成 .xlsx")] = None,
    json: JsonOption = False,
    lang: LanguageOption = "zh",
) -> None:
    """从台账选措施：基年取自账户，措施取自 measure_effects，达到上限、碳预算和规划目标的最小成本。

    The cheapest of the filed measures that keeps caps, carbon budgets and goals of the place.
    """
    from hengtan.desk.caps import caps_of
    from hengtan.desk.portfolio import Wish
    from hengtan.desk.portfolio_ledger import Limits, budgets_of, fair_of, from_ledger

    if to is not None:
        _only_xlsx(to)
    limits = Limits(
        caps_of(reached.cap or ()),
        budgets_of(reached.budget or ()),
        budgets_of(reached.spending or ()),
        tuple(reached.whole or ()),
        reached.only_caps,
        fair_of(reached.fair) if reached.fair else None,
        reached.indirect,
    )
    with question.opened() as workspace, show.progress_bar(not json) as tell:
        study = from_ledger(scenario.told_of(workspace, question), limits)
        answer = study.answered(Wish(**asdict(asked)), tell)
    if to:
        from hengtan.report.sheet.portfolio import write_portfolio

        write_portfolio(answer, to, lang)
        show.say(f"已写出 {to}", error=json)
    if json:
        show.say(show.as_json(answer))
    else:
        _show(answer, lang)


def _only_xlsx(to: Path) -> None:
    if to.suffix.lower() != ".xlsx":
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo="用 .xlsx",
            todo_en="use .xlsx",
        )


def _show(answer: Mapping[str, Any], lang: str) -> None:
    from hengtan.report.portfolio import summary
    from hengtan.report.sheet.portfolio import sheets_of

    for line in summary(answer, lang):
        show.say(line)
    for sheet in sheets_of(answer, lang):
        if not sheet.long:
            show.say(f"\n{sheet.title}")
            headings = [column.heading for column in sheet.columns]
            rows = [dict(zip(headings, map(_short, row), strict=True)) for row in sheet.rows]
            show.plain_table(rows, headings)


def _short(value: Any) -> Any:
    """A figure with the digits that a terminal has room for."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return "" if value is None else value
