"""The verb of odds: the fan of a pathway, how likely targets and budgets are kept, what matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption
from hengtan.cli.options import Question, grouped
from hengtan.cli.pathway import Scenario, pathway_app, say_inputs, wan

ENERGY = "energy consumption"
"""The name that draws have for energy by 等价值."""


@pathway_app.command("odds")
@grouped
def pathway_odds(
    scenario: Scenario,
    question: Question,
    cap: Annotated[
        list[str] | None, typer.Option("--cap", help="某年排放上限，如 2030=12000万吨，可多次给")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", help="抽样次数", min=1000)] = 100_000,
    seed: Annotated[int, typer.Option("--seed", help="种子，同一种子同一结果", min=0)] = 1,
    json: JsonOption = False,
) -> None:
    """按措施效果的上下限抽样：排放的扇形、目标和碳预算的可能性、哪项措施最要紧。

    The fan of emissions, odds of targets and budgets, and which measure matters most.
    """
    from hengtan.desk.odds import Wish, caps_of, odds_of

    caps = caps_of(cap or ())
    with question.opened() as workspace:
        desk = scenario.told_of(workspace, question)
        whole = odds_of(desk, Wish(draws, seed, caps)) | {"inputs": desk.inputs.as_dict()}
    if json:
        show.say(show.as_json(whole))
        return
    say_inputs(whole["inputs"])
    _odds(whole)


def limit_of(row: Mapping[str, Any]) -> str:
    """What is asked of the draws: a share at least, or tonnes at most."""
    if row["operator"] == ">=":
        return f"≥ {row['at_most']:.2%}"
    unit = "万吨标准煤" if row["of"] == ENERGY else "万吨"
    return f"≤ {wan(row['at_most'])} {unit}"


def _odds(whole: Mapping[str, Any]) -> None:
    show.say(f"抽样 {whole['draws']} 次，种子 {whole['seed']}；各措施的范围互相独立")
    show.plain_table(
        [
            {
                "年": row["year"],
                "中间情景（万吨）": wan(row["central"]),
                "5%": wan(row["quantiles"][0]),
                "50%": wan(row["quantiles"][2]),
                "95%": wan(row["quantiles"][4]),
            }
            for row in whole["years"]
        ],
        ["年", "中间情景（万吨）", "5%", "50%", "95%"],
    )
    show.plain_table(
        [
            {
                "要求": row["target"],
                "年": row["year"],
                "界限": limit_of(row),
                "可能性": f"{row['odds']:.1%}",
                "抽样区间": f"{row['low']:.1%}—{row['high']:.1%}",
                "靠假设范围": f"{row['assumed']:.0%}",
            }
            for row in whole["odds"]
        ],
        ["要求", "年", "界限", "可能性", "抽样区间", "靠假设范围"],
    )
    budget = whole["budget"]
    if budget:
        show.say(f"碳预算：累计守住 {budget['whole']:.1%}，逐年都守住 {budget['every_year']:.1%}")
    for row in whole["influences"]:
        show.say(
            f"  {row['target']}：第{row['rank']} {row['measure']}，总影响 {row['total']:.0%}"
            f"（{row['low']:.0%}—{row['high']:.0%}）"
        )
    if whole["fixed"]:
        show.say(f"没有范围、按中值不动的：{'、'.join(whole['fixed'])}")
