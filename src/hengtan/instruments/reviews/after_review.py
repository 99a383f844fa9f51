"""After an energy review: how long the opinion holds, when acceptance is due, and whether a project
keeps to what was approved (国家发展改革委令2025年第31号 第十九、二十一、二十六条).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import months_later, years_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

NEAR = 1e-9
"""Noise of floats in a share."""
ORDER = "国家发展改革委令2025年第31号"
EARLIER = "适用原办法，有效期没有读到"


def after_review(calc: Calc) -> dict[str, Any]:
    """The opinion lapses two years after it where nothing was begun; acceptance is due six months
    after the trial run begins; more than a tenth above the approved level must be mended. [day]

    Opinions and trial runs before the rule was in force fall under earlier ones, whose terms were
    not read: none is told.
    """
    outputs: dict[str, Any] = {}
    if calc["approved_on"] is not None:
        outputs |= _opinion(calc)
    if calc["trial_run"] is not None and not _is_earlier(calc, "trial_run", "试运行"):
        due = months_later(calc["trial_run"], int(calc.param("review.acceptance.months")))
        words, clause = "节能验收不晚于", f"{ORDER} 第二十一条"
        outputs["accept_by"] = calc.step(words, due.isoformat(), clause=clause)
    over = [row["name"] for row in calc["levels"] or () if _is_over(calc, row)]
    if calc["levels"]:
        outputs["over"] = "、".join(over) or "无"
        outputs["verdict"] = "责令限期整改" if over else "符合批复"
    return outputs


def _is_earlier(calc: Calc, name: str, zh: str) -> bool:
    """Whether a day lies before the rule was in force, which is told."""
    begins = calc.rule.valid_from
    is_earlier = bool(begins is not None and calc[name] < begins)
    if is_earlier:
        calc.warn(f"{zh}早于{begins}，适用原节能审查办法，其期限没有读到")
    return is_earlier


def _opinion(calc: Calc) -> dict[str, str]:
    """The last day of an opinion and its state on the day of the case."""
    if _is_earlier(calc, "approved_on", "审查意见"):
        return {"opinion": calc.step("审查意见", EARLIER)}
    years, begun = int(calc.param("review.opinion.years")), calc["begun"]
    last = years_later(calc["approved_on"], years) - timedelta(days=1)
    in_time = begun is not None and begun <= last
    state = "已开工" if in_time else "已失效" if (begun or calc.day) > last else "有效，尚未开工"
    clause = f"{ORDER} 第十九条"
    return {
        "opinion_ends": calc.step("审查意见有效至", last.isoformat(), clause=clause),
        "opinion": calc.step("审查意见", state),
    }


def _is_over(calc: Calc, row: dict[str, Any]) -> bool:
    """Whether a figure is above its approved level by more than the law allows."""
    share = row["actual"] / row["approved"] - 1
    over = bool(share > calc.param("review.over_approved") + NEAR)
    clause = f"{ORDER} 第二十六条"
    calc.step(f"{row['name']} 高于批复", share, how="限期整改" if over else "未超", clause=clause)
    return over


RULES = (
    Rule(
        id="review.after",
        title_zh="节能审查之后：意见有效期、验收、批复水平",
        title_en="After an energy review",
        law=f"{ORDER} 第十九、二十一、二十六条",
        valid_from=date(2025, 9, 1),
        inputs=(
            Input(
                name="approved_on",
                zh="审查意见或同意变更决定的日期",
                kind="date",
                optional=True,
                aliases=("审查意见日期",),
            ),
            Input("begun", "开工日期", kind="date", optional=True),
            Input("trial_run", "试运行日期", kind="date", optional=True),
            Input(
                name="levels",
                zh="批复与实际",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "指标", kind="text", note="单耗、单位碳排放、年能耗、碳排放总量"),
                    Input("approved", "批复水平", least=1e-9),
                    Input("actual", "实际"),
                ),
            ),
        ),
        outputs=(
            Output("opinion_ends", "审查意见有效至"),
            Output("opinion", "审查意见"),
            Output("accept_by", "节能验收不晚于"),
            Output("over", "超出批复的指标"),
            Output("verdict", "结论"),
        ),
        compute=after_review,
        needs=("review.opinion.years", "review.acceptance.months", "review.over_approved"),
    ),
)
