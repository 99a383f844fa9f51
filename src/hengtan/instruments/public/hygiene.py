"""Hygiene towns: where a title stands and when its review is due, and which indicators of the
standard a town misses in a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import months_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.public.checked_items import ITEM_FIELDS, Row, standing_of
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS


def title(calc: Calc) -> dict[str, Any]:
    """Where a town stands between application and revocation on the day looked at, when its next
    review is due, and the residents of towns that have the title. [day, persons]

    A term runs from the day it was named, or from the last review that it passed. A title stands
    until it is revoked, also with a review overdue or failed. Raises ParameterNotEstablished where
    the months to a review are neither filed nor among the parameters.
    """
    today = calc["looked_at"]
    if calc["revoked"] is not None and calc["revoked"] <= today:
        return {"state": calc.step("状态", "已撤销命名"), "titled_residents": 0.0}
    if calc["named_on"] is None or calc["named_on"] > today:
        return {"state": calc.step("状态", _before_title(calc)), "titled_residents": 0.0}
    reviews = sorted(
        (row for row in calc["reviews"] or () if row["reviewed"] <= today),
        key=lambda row: row["reviewed"],
    )
    due = _review_due(calc, reviews)
    outputs: dict[str, Any] = {
        "state": calc.step("状态", _with_title(reviews, due, today)),
        "review_due": calc.step("下次复审到期", due.isoformat()),
        "days_left": calc.step("距复审到期天数", (due - today).days, "天"),
    }
    if calc["residents"] is not None:
        residents = calc.step("有命名城镇的常住人口", calc["residents"], "人")
        outputs["titled_residents"] = residents
    return outputs


def _review_due(calc: Calc, reviews: Sequence[Row]) -> date:
    months = calc.own_or_param("review_months", "hygiene.review_months", calc["level"])
    passed = [row["reviewed"] for row in reviews if row["outcome"] == "passed"]
    return months_later(max([calc["named_on"], *passed]), int(months))


def _before_title(calc: Calc) -> str:
    today = calc["looked_at"]
    if calc["assessed"] is not None and calc["assessed"] <= today:
        return "已评审，未命名"
    is_applied = calc["applied"] is not None and calc["applied"] <= today
    return "已申报，未评审" if is_applied else "未申报"


def _with_title(reviews: Sequence[Row], due: date, today: date) -> str:
    last = reviews[-1] if reviews else None
    if last is not None and last["outcome"] == "failed":
        return "复审未通过，待撤销或重新申报"
    if last is not None and last["outcome"] == "mend":
        if last["mended"] is not None and last["mended"] <= today:
            return "整改完成，待复核"
        is_late = last["mend_due"] is not None and last["mend_due"] < today
        return "限期整改，已逾期" if is_late else "限期整改"
    return "命名有效" if today <= due else "命名有效，复审已到期"


def year(calc: Calc) -> dict[str, Any]:
    """Indicators of the standard that a town reaches and misses in a year, by name. [%]

    Raises ParameterNotEstablished where a figure is filed without the limit of the standard.
    """
    standing = standing_of(calc, calc["indicators"], "hygiene.limit")
    outputs: dict[str, Any] = {
        "indicators": calc.step("指标", len(calc["indicators"]), "项"),
        "met": calc.step("达到的指标", len(standing.met), "项"),
        "missed": calc.step("未达到的指标", "、".join(standing.missed) or "无"),
        "unjudged": calc.step("没有数的指标", "、".join(standing.unjudged) or "无"),
    }
    if standing.judged:
        share = POINTS * len(standing.met) / standing.judged
        outputs["share"] = calc.step("达到的比例", share, "%", "达到的 ÷ 有数的指标")
    if standing.mandatory:
        verdict = "有必达指标未达到"
    elif standing.missed:
        verdict = "有指标未达到"
    else:
        verdict = "指标不全，不作结论" if standing.unjudged else "各项指标达到"
    return {"verdict": calc.step("结论", verdict)} | outputs


def _day(name: str, zh: str) -> Input:
    return Input(name, zh, kind="date", optional=True)


RULES = (
    Rule(
        id="hygiene.title",
        title_zh="卫生城镇命名和复审",
        title_en="Title and reviews of a hygiene town",
        law="卫生城镇评审管理办法（所适用的办法）",
        needs=("hygiene.review_months",),
        inputs=(
            Input(
                name="level",
                zh="级别",
                kind="choice",
                choices={"national": "国家级", "municipal": "市级"},
            ),
            _day("applied", "申报日期"),
            _day("assessed", "评审日期"),
            _day("named_on", "命名日期"),
            _day("revoked", "撤销命名日期"),
            Input("residents", "常住人口", unit="人", optional=True),
            Input("review_months", "复审周期月数", kind="whole", optional=True, least=1.0),
            Input(
                name="reviews",
                zh="复审",
                kind="rows",
                optional=True,
                fields=(
                    Input("reviewed", "复审日期", kind="date"),
                    Input(
                        name="outcome",
                        zh="复审结果",
                        kind="choice",
                        choices={"passed": "通过", "mend": "限期整改", "failed": "未通过"},
                    ),
                    _day("mend_due", "整改期限"),
                    _day("mended", "整改完成日期"),
                ),
            ),
            Input("looked_at", "判定日", kind="date"),
        ),
        outputs=(
            Output("state", "状态"),
            Output("review_due", "下次复审到期"),
            Output("days_left", "距复审到期天数", unit="天"),
            Output("titled_residents", "有命名城镇的常住人口", unit="人"),
        ),
        compute=title,
        confidence="derived",
    ),
    Rule(
        id="hygiene.year",
        title_zh="卫生城镇指标逐年对照",
        title_en="Indicators of a hygiene town by year",
        law="国家卫生城市和国家卫生县标准、国家卫生乡镇标准（所适用的版本）",
        needs=("hygiene.limit",),
        inputs=(Input(name="indicators", zh="指标", kind="rows", fields=ITEM_FIELDS),),
        outputs=(
            Output("verdict", "结论"),
            Output("indicators", "指标", unit="项"),
            Output("met", "达到的指标", unit="项"),
            Output("missed", "未达到的指标"),
            Output("unjudged", "没有数的指标"),
            Output("share", "达到的比例", unit="%"),
        ),
        compute=year,
        confidence="derived",
    ),
)
