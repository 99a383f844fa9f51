"""Campaigns of the ecology day, the energy-saving week and the low-carbon day: events held within
their days, who of the plan owes one, and persons reached.

The ecology day is fixed by the decision that set it up; the days of the week and of the low-carbon
day are those of each year's notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from hengtan.basis.spelling import plain
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

Row = Mapping[str, Any]
BETWEEN_NAMES = re.compile("[、；;，,/]")
HUNDREDS = 100
"""A day of the year is kept as month and day, 0815."""
KINDS = {
    "talk": "宣讲培训",
    "fair": "现场宣传",
    "visit": "入户进点",
    "contest": "竞赛体验",
    "online": "线上传播",
    "other": "其他形式",
}


def campaign(calc: Calc) -> dict[str, Any]:
    """Whether a campaign was held within its days as planned, who still owes events, persons by
    kind of event, and cost a person. [persons, yuan, yuan/person]

    Events after the day looked at have not been held; those outside the days of the campaign are
    counted apart and are neither persons nor cost of it. Persons and cost are given only where each
    event within states them. Raises ParameterNotEstablished where the days are those of a notice
    that was not filed.
    """
    begins, ends = _days(calc)
    today = calc["looked_at"]
    past = [row for row in calc["events"] or () if row["held_on"] <= today]
    within = [row for row in past if begins <= row["held_on"] <= ends]
    outputs: dict[str, Any] = {
        "begins": calc.step("开始日期", begins.isoformat()),
        "ends": calc.step("结束日期", ends.isoformat()),
        "events": calc.step("期内场次", len(within), "场"),
        "outside": calc.step("期外场次", len(past) - len(within), "场"),
    }
    if within:
        outputs |= _reached(calc, within)
    owed = [] if today < begins else list(_owed(calc["duties"] or (), within))
    if owed:
        outputs["owed"] = calc.step("尚欠场次的单位", "、".join(owed))
        outputs["owed_by"] = ends.isoformat()
    outputs["owing"] = calc.step("尚欠场次的单位数", len(owed), "个")
    verdict = _verdict(calc, begins, ends, bool(within), bool(owed))
    return {"verdict": calc.step("结论", verdict)} | outputs


def _days(calc: Calc) -> tuple[date, date]:
    """First and last day. Raises HengtanError where the last comes first."""
    begins = calc["begins"]
    if begins is None:
        day = int(calc.own_or_param("begins", "campaign.day", calc["occasion"]))
        begins = date(calc["year"], day // HUNDREDS, day % HUNDREDS)
    ends = calc["ends"] or begins
    if ends < begins:
        raise calc.refuse(
            "活动结束早于开始", "the campaign ends before it begins", "改正日期", "correct the days"
        )
    return begins, ends


def _reached(calc: Calc, within: Sequence[Row]) -> dict[str, Any]:
    """Persons, in all and by kind of event, and cost of the events within the days."""
    reached: dict[str, Any] = {}
    uncounted = [row["name"] for row in within if row["persons"] is None]
    if uncounted:
        calc.warn(f"没有填参加人数的场次：{'、'.join(uncounted)}；人数合计不给出")
    else:
        reached["persons"] = calc.step("参加人数", sum(row["persons"] for row in within), "人")
        for kind, words in KINDS.items():
            of_kind = [row["persons"] for row in within if row["kind"] == kind]
            if of_kind:
                reached[kind] = calc.step(f"{words}人数", sum(of_kind), "人")
    if any(row["spending"] is None for row in within):
        calc.warn("有场次没有填经费，经费合计和人均经费不给出")
        return reached
    spending = sum(row["spending"] for row in within)
    reached["spending"] = calc.step("经费合计", spending, "元")
    if reached.get("persons"):
        cost = spending / reached["persons"]
        reached["cost"] = calc.step("人均经费", cost, "元/人", "经费合计 ÷ 参加人数")
    return reached


def _owed(duties: Sequence[Row], within: Sequence[Row]) -> Iterator[str]:
    """Who of the plan has held fewer events within the days than it owes."""
    by = [{plain(name) for name in BETWEEN_NAMES.split(row["organiser"])} for row in within]
    for duty in duties:
        if sum(plain(duty["owed_by"]) in organisers for organisers in by) < duty["asked"]:
            yield duty["owed_by"]


def _verdict(calc: Calc, begins: date, ends: date, is_held: bool, is_owed: bool) -> str:
    today = calc["looked_at"]
    if today < begins:
        return "未到活动期"
    if today <= ends and (is_owed or not is_held):
        return "活动期内，尚未办完"
    if not is_held:
        return "没有在活动期内举办"
    return "期内举办，有单位没有办完" if is_owed else "按计划在期内举办"


RULES = (
    Rule(
        id="campaign.held",
        title_zh="节能低碳宣传活动",
        title_en="Energy-saving and low-carbon campaign",
        law="全国人民代表大会常务委员会关于设立全国生态日的决定；当年全国节能宣传周和全国低碳日活动的通知",
        needs=("campaign.day",),
        inputs=(
            Input(
                name="occasion",
                zh="活动类别",
                kind="choice",
                choices={
                    "ecology_day": "全国生态日",
                    "saving_week": "全国节能宣传周",
                    "low_carbon_day": "全国低碳日",
                },
            ),
            Input("year", "年份", kind="whole"),
            Input("begins", "开始日期", kind="date", optional=True),
            Input("ends", "结束日期", kind="date", optional=True),
            Input(
                name="events",
                zh="活动场次",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "场次名称", kind="text"),
                    Input("held_on", "举办日期", kind="date"),
                    Input("kind", "形式", kind="choice", choices=KINDS),
                    Input("organiser", "主办单位", kind="text"),
                    Input("persons", "参加人数", unit="人", optional=True),
                    Input("spending", "经费", unit="元", optional=True),
                ),
            ),
            Input(
                name="duties",
                zh="活动计划",
                kind="rows",
                optional=True,
                fields=(
                    Input("owed_by", "责任单位", kind="text"),
                    Input("asked", "应办场次", kind="whole", default=1, least=1.0),
                ),
            ),
            Input("looked_at", "判定日", kind="date"),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("begins", "开始日期"),
            Output("ends", "结束日期"),
            Output("events", "期内场次", unit="场"),
            Output("outside", "期外场次", unit="场"),
            Output("persons", "参加人数", unit="人"),
            *(Output(kind, f"{words}人数", unit="人") for kind, words in KINDS.items()),
            Output("spending", "经费合计", unit="元"),
            Output("cost", "人均经费", unit="元/人"),
            Output("owed", "尚欠场次的单位"),
            Output("owed_by", "应办完日期"),
            Output("owing", "尚欠场次的单位数", unit="个"),
        ),
        compute=campaign,
        confidence="derived",
    ),
)
