"""Green markets: whether the title is in force and a check is due, what a check says, and what a
year took of energy and left of waste.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.public.checked_items import ITEM_FIELDS, Row, Standing, standing_of
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS

KILOGRAMS = 1000.0
"""Of a tonne."""
STANDARD = "绿色市场的评价标准（所采用的标准文件）"


def term(calc: Calc) -> dict[str, Any]:
    """Where the title of a market stands on the day looked at, the floor area under it, the check
    that is due next and how late it is. [m², day]
    """
    today = calc["looked_at"]
    state = _state(calc)
    outputs: dict[str, Any] = {"state": calc.step("状态", state)}
    upcoming = sorted(row["due"] for row in calc["checks"] or () if not _is_done(row, today))
    if upcoming and state != REMOVED:
        outputs["next_check"] = calc.step("下次核查", upcoming[0].isoformat())
        outputs["late_days"] = calc.step("核查逾期天数", max(0, (today - upcoming[0]).days), "天")
    in_force = state in (IN_FORCE, RECHECK_LATE)
    area = calc["area"] if in_force else 0.0
    outputs["area_in_force"] = calc.step("有效绿色市场的建筑面积", area, "平方米")
    if in_force and calc["valid_until"] is not None:
        left = (calc["valid_until"] - today).days
        outputs["days_left"] = calc.step("剩余天数", left, "天")
    return outputs


IN_FORCE, RECHECK_LATE, REMOVED = "在有效期内", "在有效期内，复核逾期", "已移出"


def _state(calc: Calc) -> str:
    today, granted, ends = calc["looked_at"], calc["granted"], calc["valid_until"]
    if calc["removed"] is not None and calc["removed"] <= today:
        return REMOVED
    if granted is None or granted > today:
        is_applied = calc["applied"] is not None and calc["applied"] <= today
        return "已申报，未公布" if is_applied else "未申报"
    if ends is None:
        calc.warn("没有填有效期，到期与否不作结论")
    elif today > ends:
        return "已到期"
    checks = calc["checks"] or ()
    is_late = any(row["due"] < today and not _is_done(row, today) for row in checks)
    return RECHECK_LATE if is_late else IN_FORCE


def _is_done(row: Row, today: date) -> bool:
    return row["done"] is not None and row["done"] <= today


def check(calc: Calc) -> dict[str, Any]:
    """What the last check of each item says beside the standard that the market named: items met,
    those missed by name, share of the points, and what follows for the title. [%]

    An item that is mandatory and missed, or a share of the points below the pass mark, is below the
    standard; a market with the title is then proposed to be taken off. Raises
    ParameterNotEstablished where a limit or the pass mark was not filed.
    """
    latest = _latest(calc["items"], calc["looked_at"])
    if not latest:
        raise calc.refuse(
            "判定日以前没有核查",
            "nothing was checked by the day judged",
            todo="在“绿色市场核查条款”填报核查",
            todo_en="fill the form of items checked",
        )
    standing = standing_of(calc, latest, "market.green.limit")
    outputs: dict[str, Any] = {
        "items": calc.step("核查条款", len(latest), "项"),
        "met": calc.step("达到的条款", len(standing.met), "项"),
        "missed": calc.step("未达到的条款", "、".join(standing.missed) or "无"),
        "checked_on": max(row["checked_on"] for row in latest).isoformat(),
    }
    unscored = [row["item"] for row in latest if row["full"] and row["points"] is None]
    share = None if unscored else _share_of_points(latest)
    is_below = _misses_what_counts(latest, standing, is_scored=bool(share is not None or unscored))
    if share is not None:
        outputs["score"] = calc.step("得分率", share, "%", how="得分 ÷ 满分")
        is_below = is_below or share < calc.own_or_param("pass_share", "market.green.pass")
    if unscored:
        calc.warn(f"没有填得分的条款：{'、'.join(unscored)}；得分率不给出")
    is_whole = not unscored and not standing.unjudged
    return {"verdict": calc.step("结论", _follows(calc, is_below, is_whole))} | outputs


def _misses_what_counts(rows: Sequence[Row], standing: Standing, *, is_scored: bool) -> bool:
    """Whether an item is missed that decides by itself: a mandatory one; of a sheet without points
    on which none is marked as such, any.
    """
    if is_scored or any(row["mandatory"] for row in rows):
        return bool(standing.mandatory)
    return bool(standing.missed)


def _latest(rows: Sequence[Row], today: date) -> list[Row]:
    """The last check of each item by a day, in the order of the rows."""
    latest: dict[str, Row] = {}
    for row in rows:
        before = latest.get(row["item"])
        is_newer = before is None or row["checked_on"] >= before["checked_on"]
        if row["checked_on"] <= today and is_newer:
            latest[row["item"]] = row
    return list(latest.values())


def _share_of_points(rows: Sequence[Row]) -> float | None:
    """Points over full points; None where the sheet has none. [%]"""
    scored = [row for row in rows if row["full"]]
    if not scored:
        return None
    return float(POINTS * sum(row["points"] for row in scored) / sum(row["full"] for row in scored))


def _follows(calc: Calc, is_below: bool, is_whole: bool) -> str:
    """What follows from a check, for a market with the title and for one that wants it."""
    granted = calc["granted"]
    has_title = granted is not None and granted <= calc["looked_at"]
    if is_below:
        return "未达到标准，提请移出名单" if has_title else "未达到标准，暂不申报"
    if not is_whole:
        return "有条款没有结果或得分，不作结论"
    return "达到标准" if has_title else "达到标准，可以申报"


def year(calc: Calc) -> dict[str, Any]:
    """Power and energy over the floor area, waste over floor area and stalls, the share of waste
    recovered, and energy beside the year before. [kWh/m², kgce/m², kg/m², %]
    """
    area = calc["area"]
    outputs: dict[str, Any] = {}
    if calc["power"] is not None:
        outputs["power_per_area"] = calc.step(
            "单位面积用电量", calc["power"] / area, "千瓦时/平方米", "用电量 ÷ 建筑面积"
        )
    outputs |= _energy_figures(calc, area)
    waste = calc["waste"]
    if waste is not None:
        kilograms = KILOGRAMS * waste
        outputs["waste"] = calc.step("垃圾产生量", waste, "吨")
        outputs["waste_per_area"] = calc.step(
            "单位面积垃圾量", kilograms / area, "千克/平方米", "垃圾产生量 ÷ 建筑面积"
        )
        if calc["stalls"]:
            per_stall = kilograms / calc["stalls"]
            how = "垃圾产生量 ÷ 摊位数"
            outputs["waste_per_stall"] = calc.step("每摊位垃圾量", per_stall, "千克/摊位", how)
        if calc["recovered"] is not None and waste:
            recovered = POINTS * calc["recovered"] / waste
            how = "资源化量 ÷ 垃圾产生量"
            outputs["recovery"] = calc.step("垃圾资源化率", recovered, "%", how)
    if not outputs:
        raise calc.refuse(
            f"{calc['year']}年没有用电、能耗和垃圾",
            f"neither power, energy nor waste of {calc['year']}",
            todo="在“绿色市场年度情况”填报，或按单位代码报“企业能源购进、消费与库存”",
            todo_en="fill the form of years, or the enterprise energy form under the unit's code",
        )
    return outputs


def _energy_figures(calc: Calc, area: float) -> dict[str, Any]:
    energy, before = (_energy(calc, calc["year"] - back) for back in (0, 1))
    if energy is None:
        return {}
    per_area = KILOGRAMS * energy / area
    figures = {
        "energy": calc.step("综合能耗", energy, "吨标准煤"),
        "energy_per_area": calc.step(
            "单位面积能耗", per_area, "千克标准煤/平方米", "综合能耗 ÷ 建筑面积"
        ),
    }
    if before:
        change = POINTS * (energy / before - 1)
        figures["change"] = calc.step("能耗比上年", change, "%", "综合能耗 ÷ 上年综合能耗 − 1")
    return figures


def _energy(calc: Calc, of_year: int) -> float | None:
    """Energy of a year as the market filed it, else by whole records of the unit. [tce]"""
    for row in calc["years"] or ():
        if row["year"] == of_year and row["energy"] is not None:
            return float(row["energy"])
    records = [row for row in calc["records"] or () if row["year"] == of_year]
    if not records or any(row["energy"] is None or row["missing"] for row in records):
        return None
    return float(sum(row["energy"] for row in records))


def _day(name: str, zh: str) -> Input:
    return Input(name, zh, kind="date", optional=True)


LOOKED_AT = Input("looked_at", "判定日", kind="date")
AREA = Input("area", "建筑面积", unit="平方米", least=1.0)

RULES = (
    Rule(
        id="market.term",
        title_zh="绿色市场有效期和复核",
        title_en="Term and rechecks of a green market",
        law="绿色市场的公布文件（有效期以文件为准）",
        inputs=(
            AREA,
            _day("applied", "申报日期"),
            _day("granted", "公布日期"),
            _day("valid_until", "有效期至"),
            _day("removed", "移出日期"),
            Input(
                name="checks",
                zh="核查安排",
                kind="rows",
                optional=True,
                fields=(Input("due", "应完成日期", kind="date"), _day("done", "完成日期")),
            ),
            LOOKED_AT,
        ),
        outputs=(
            Output("state", "状态"),
            Output("next_check", "下次核查"),
            Output("late_days", "核查逾期天数", unit="天"),
            Output("area_in_force", "有效绿色市场的建筑面积", unit="平方米"),
            Output("days_left", "剩余天数", unit="天"),
        ),
        compute=term,
        confidence="derived",
    ),
    Rule(
        id="market.check",
        title_zh="绿色市场核查结论",
        title_en="What a check of a green market says",
        law=STANDARD,
        needs=("market.green.limit", "market.green.pass"),
        inputs=(
            Input(
                name="items",
                zh="核查条款",
                kind="rows",
                fields=(
                    *ITEM_FIELDS,
                    Input("checked_on", "核查日期", kind="date"),
                    Input("full", "满分", optional=True),
                    Input("points", "得分", optional=True),
                ),
            ),
            Input("pass_share", "合格得分率", unit="%", optional=True, most=100.0),
            _day("granted", "公布日期"),
            LOOKED_AT,
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("items", "核查条款", unit="项"),
            Output("met", "达到的条款", unit="项"),
            Output("missed", "未达到的条款"),
            Output("checked_on", "最近核查日期"),
            Output("score", "得分率", unit="%"),
        ),
        compute=check,
        confidence="derived",
    ),
    Rule(
        id="market.year",
        title_zh="绿色市场年度用能和垃圾",
        title_en="Energy and waste of a green market in a year",
        law="年度用量除以建筑面积、摊位数（本系统的核算方法）",
        inputs=(
            AREA,
            Input("stalls", "摊位数", kind="whole", optional=True),
            Input("year", "年份", kind="whole"),
            Input("power", "用电量", unit="千瓦时", optional=True),
            Input("waste", "垃圾产生量", unit="吨", optional=True),
            Input("recovered", "资源化量", unit="吨", optional=True),
            Input(
                name="years",
                zh="逐年填报的能耗",
                kind="rows",
                optional=True,
                fields=(
                    Input("year", "年份", kind="whole"),
                    Input("energy", "综合能耗", unit="吨标准煤", optional=True),
                ),
            ),
            Input(
                name="records",
                zh="单位的能源记录",
                kind="rows",
                optional=True,
                fields=(
                    Input("year", "年份", kind="whole"),
                    Input("energy", "综合能耗", unit="吨标准煤", optional=True, least=None),
                    Input("missing", "缺项", kind="text", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("power_per_area", "单位面积用电量", unit="千瓦时/平方米"),
            Output("energy", "综合能耗", unit="吨标准煤"),
            Output("energy_per_area", "单位面积能耗", unit="千克标准煤/平方米"),
            Output("change", "能耗比上年", unit="%"),
            Output("waste", "垃圾产生量", unit="吨"),
            Output("waste_per_area", "单位面积垃圾量", unit="千克/平方米"),
            Output("waste_per_stall", "每摊位垃圾量", unit="千克/摊位"),
            Output("recovery", "垃圾资源化率", unit="%"),
        ),
        compute=year,
        confidence="derived",
    ),
)
