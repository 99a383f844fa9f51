"""The crediting period of a project, and the days that the scheme of 2023 asks of it.

Of the new scheme's methodologies two were read (CCER-01-001, CCER-01-002): at most ten years, no
renewal. Those of others raise.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import years_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

OLD, LAW = "old", "温室气体自愿减排交易管理办法（试行）"
SCHEMES = {OLD: "旧机制（2012年暂行办法）", "new": "新机制（2023年起）"}
TERMS = {"fixed": "固定计入期", "renewable": "可更新计入期"}
METHODOLOGIES = {
    "CCER-01-001": "并网光热发电（CCER-01-001）",
    "CCER-01-002": "并网海上风力发电（CCER-01-002）",
    "CCER-14-001": "造林碳汇（CCER-14-001）",
    "other": "其他方法学",
}


def period(calc: Calc) -> dict[str, Any]:
    """First and last day of the crediting period, the last no later than the project's life: of the
    old scheme ten years or the n-th of three times seven, of the new as its methodology says. [day]
    """
    key = OLD if calc["scheme"] == OLD else _methodology(calc)
    nth, most = calc["nth"], 1
    years = int(calc.param(f"credit.period.{calc['kind']}", key))
    if calc["kind"] == "renewable":
        most = int(calc.param("credit.period.periods", key))
    if not 1 <= nth <= most:
        raise calc.refuse(
            f"第{nth}个计入期不存在，最多{most}个",
            f"there is no period {nth}",
            todo=f"填1—{most}",
            todo_en=f"1 to {most}",
        )
    first = years_later(calc["start"], years * (nth - 1))
    last = years_later(calc["start"], years * nth) - timedelta(days=1)
    if calc["life_ends"] is not None and calc["life_ends"] < last:
        last = calc.step("项目寿命期限先到", calc["life_ends"])
    calc.step("计入期", f"{first}—{last}", "", f"{TERMS[calc['kind']]}{years}年，第{nth}期")
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "inside": calc.step("案例日期在计入期内", first <= calc.day <= last),
    }


def _methodology(calc: Calc) -> str:
    """The methodology of a project of the new scheme. Raises HengtanError for none, a renewal."""
    if calc["methodology"] is None:
        raise calc.refuse(
            "新机制的计入期按方法学，缺方法学（methodology）",
            "the methodology is missing",
            todo=f"可用：{'、'.join(METHODOLOGIES.values())}",
            todo_en="give methodology",
        )
    if calc["kind"] == "renewable":
        raise calc.refuse(
            "读到的新机制方法学没有可更新计入期",
            "the methodologies of the new scheme that were read have no renewal",
            todo="选固定计入期",
            todo_en="choose fixed",
        )
    return str(calc["methodology"])


def eligible(calc: Calc) -> dict[str, Any]:
    """Whether a project and its reductions meet the days of the scheme of 2023: begun after
    2012-11-08, reduced after 2020-09-22, applied for within five years. [day]
    """
    begun_after = calc.day_param("credit.started_after")
    reduced_after = calc.day_param("credit.reduced_after")
    years = int(calc.param("credit.within_years"))
    checks = {
        f"项目开工在{begun_after}之后": calc["begun"] > begun_after,
        f"减排量产生于{reduced_after}之后": calc["reduced_from"] > reduced_after,
        f"减排量产生于申请前{years}年以内": years_later(calc["reduced_from"], years)
        >= calc["applied"],
    }
    for words, holds in checks.items():
        calc.step(words, "是" if holds else "否", clause=LAW)
    failing = [words for words, holds in checks.items() if not holds]
    return {"verdict": "不符合：" + "、".join(failing) if failing else "符合"}


RULES = (
    Rule(
        id="credit.period",
        title_zh="自愿减排·计入期",
        title_en="Crediting period",
        law="温室气体自愿减排交易管理暂行办法（旧机制）；各方法学（新机制）",
        inputs=(
            Input("start", "计入期起始日", kind="date"),
            Input("kind", "计入期类型", kind="choice", choices=TERMS),
            Input("nth", "第几期", kind="whole", default=1),
            Input("scheme", "机制", kind="choice", choices=SCHEMES, default=OLD),
            Input(
                name="methodology", zh="方法学", kind="choice", choices=METHODOLOGIES, optional=True
            ),
            Input("life_ends", "项目寿命期满日", kind="date", optional=True),
        ),
        outputs=(
            Output("first", "起"),
            Output("last", "止"),
            Output("inside", "案例日期在计入期内"),
        ),
        compute=period,
        needs=("credit.period.fixed", "credit.period.renewable", "credit.period.periods"),
    ),
    Rule(
        id="credit.eligible",
        title_zh="自愿减排·项目与减排量的日期条件",
        title_en="Days that a project of the new scheme has to meet",
        law=LAW,
        valid_from=date(2023, 10, 20),
        inputs=(
            Input("begun", "项目开工日期", kind="date"),
            Input("reduced_from", "减排量产生的首日", kind="date"),
            Input("applied", "申请登记日期", kind="date"),
        ),
        outputs=(Output("verdict", "结论"),),
        compute=eligible,
        needs=("credit.started_after", "credit.reduced_after", "credit.within_years"),
    ),
)
