"""Licences for hazardous waste: until when they are valid, what was received beside what is
licensed, what is stored for too long.

危险废物经营许可证管理办法 (2016); fines of 生态环境法典 第一千一百七十八条 from 2026-08-15.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.basis.working_days import WorkingDays
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import years_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.waste.formulas import stock_over_a_year, use_of_capacity

LAW = "危险废物经营许可证管理办法"
CODE, STORAGE = "生态环境法典 第一千一百七十八条", "生态环境法典 第五百三十五条"
KINDS = {
    "comprehensive": "综合经营",
    "collection": "收集经营",
    "pooled": "综合收集贮存",
    "medical": "医疗废物处置",
}
BY_LAW = ("comprehensive", "collection")
"""Kinds whose validity the ordinance sets."""
COLLECTING = ("collection", "pooled")
"""Kinds that collect and store, with the lower fine."""
UNREAD = "接收量符合，贮存没有填，不判断"
"""Said of a year in which all that is filed is in order, but not all stocks are filed."""


def licence(calc: Calc) -> dict[str, Any]:
    """Validity of a licence, five years for comprehensive ones and three for collection, else as
    the licence says; renewal is applied for 30 working days before it ends (第十三条).

    Raises ParameterNotEstablished for another kind without its last day.
    """
    kind, issued, end = calc["kind"], calc["issued"], calc["expires"]
    if end is None:
        if kind not in BY_LAW:
            raise ParameterNotEstablished(
                f"“{KINDS[kind]}”的有效期没有读到规定",
                f"the validity of '{kind}' is not established",
                todo="查该类许可的试点文件或医疗废物许可的规定，把证上的有效期填在“有效期至”",
                todo_en="fill the last day of the licence",
            )
        years = int(calc.param("waste.licence.years", kind))
        end = years_later(issued, years) - timedelta(days=1)
    days = int(calc.param("waste.licence.renewal_days"))
    calendar = WorkingDays.from_rows(calc.tables.get("public_holidays", ()))
    due = calendar.nth_before(end + timedelta(days=1), days)
    if not due.certain:
        calc.warn("到期前后年份的节假日安排没有公布，只扣了周末，实际期限可能更早")
    expired, applying = calc.day > end, calc.day >= due.day
    clause = f"{LAW} 第十三条"
    return {
        "group": KINDS[kind],
        "ends": calc.step("有效期至", end.isoformat(), clause=clause),
        "apply_by": calc.step(
            "换证申请不晚于", due.day.isoformat(), how=f"届满{days}个工作日前", clause=clause
        ),
        "state": calc.step("状态", "已过期" if expired else "应申请换证" if applying else "有效"),
    }


def received(calc: Calc) -> dict[str, Any]:
    """A year under a licence: received over the scale, categories that the licence does not have,
    amounts over those of categories, stock that is older than a year.

    第十二条: another category, or 20 % and more above the scale, needs a licence anew.
    """
    rows, scale = calc["categories"], calc["scale"]
    total = sum(row["received"] for row in rows)
    used = calc.step("能力利用率", use_of_capacity(total, scale), how=f"{total:g} ÷ {scale:g}吨")
    wrong = [zh for row in rows for zh in _of_category(calc, row)]
    most = calc.param("waste.licence.over_scale")
    if used >= 1 + most:
        wrong.append(f"超过核准规模{most:.0%}以上，应重新申领（{LAW} 第十二条）")
    elif used > 1:
        wrong.append("超过核准规模")
    unread = [row["category"] for row in rows if row["stock"] is None]
    if unread:
        calc.warn(f"没有填年末贮存量的类别：{'、'.join(unread)}；贮存是否超过一年不判断")
    stocks = [row for row in rows if row["stock"] is not None]
    old = sum(stock_over_a_year(row["stock"], row["received"]) for row in stocks)
    if old:
        wrong.append(f"至少{old:g}吨贮存超过一年（{STORAGE}）")
        calc.warn("贮存超过一年按年末贮存量减当年接收量推算，法典2026-08-15起施行，此前按固废法")
    outputs: dict[str, Any] = {
        "verdict": calc.step("结论", "；".join(wrong) or (UNREAD if unread else "符合")),
        "received": total,
        "use_of_capacity": used,
        "wrong": float(len(wrong)),
    }
    if all(row["treated"] is not None for row in rows):
        outputs["treated"] = sum(row["treated"] for row in rows)
    return outputs | (_fines(calc) if wrong else {})


def _of_category(calc: Calc, row: Mapping[str, Any]) -> list[str]:
    name, amount, annual = row["category"], row["received"], row["annual"]
    calc.step(f"{name} 接收量", amount, "吨", f"核准 {annual:g}" if annual is not None else "")
    if amount and not row["listed"]:
        return [f"{name}不在许可类别里"]
    return [f"{name}超过核准数量"] if annual is not None and amount > annual else []


def _fines(calc: Calc) -> dict[str, float]:
    """Span of the fine for dealing otherwise than licensed, once the code is in force. [yuan]"""
    act = "collect" if calc["kind"] in COLLECTING else "dispose"
    if f"{act}.max" not in calc.parameters.keys("waste.licence.fine"):
        calc.warn("罚款幅度只读到2026-08-15起施行的法典，此前按固废法的没有读到")
        return {}
    calc.warn("罚款由主管部门在幅度内裁量；没收违法所得、停产整治、吊销没有计入")
    return {
        f"fine_{end}": calc.step(
            f"未按许可证规定经营：罚款{zh}",
            calc.param("waste.licence.fine", f"{act}.{end}"),
            unit="元",
            clause=CODE,
        )
        for end, zh in (("min", "下限"), ("max", "上限"))
    }


KIND = Input("kind", "许可类别", kind="choice", choices=KINDS)
RULES = (
    Rule(
        id="waste.hazardous_licence",
        title_zh="危险废物经营许可证有效期与换证",
        title_en="Validity of a hazardous-waste licence",
        law=f"{LAW} 第十三条",
        valid_from=date(2004, 7, 1),
        inputs=(
            KIND,
            Input("issued", "发证日期", kind="date"),
            Input("expires", "有效期至", kind="date", optional=True),
        ),
        outputs=(
            Output("group", "许可类别"),
            Output("ends", "有效期至"),
            Output("apply_by", "换证申请不晚于"),
            Output("state", "状态"),
        ),
        compute=licence,
        needs=("waste.licence.years", "waste.licence.renewal_days"),
    ),
    Rule(
        id="waste.hazardous",
        title_zh="危险废物接收量与核准规模",
        title_en="Hazardous waste received against licensed",
        law=f"{LAW} 第十二、十三条；{CODE}；{STORAGE}",
        valid_from=date(2004, 7, 1),
        inputs=(
            KIND,
            Input("scale", "年经营规模", unit="吨", least=1e-9),
            Input(
                name="categories",
                zh="废物类别",
                kind="rows",
                fields=(
                    Input("category", "废物类别", kind="text"),
                    Input("received", "接收量", unit="吨"),
                    Input("treated", "利用处置量", unit="吨", optional=True),
                    Input("listed", "在许可类别里", kind="flag"),
                    Input("annual", "核准年数量", unit="吨", optional=True),
                    Input("stock", "年末贮存量", unit="吨", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("received", "接收量", unit="吨"),
            Output("treated", "利用处置量", unit="吨"),
            Output("use_of_capacity", "能力利用率"),
            Output("wrong", "不符合", unit="项"),
            Output("fine_min", "罚款下限", unit="元"),
            Output("fine_max", "罚款上限", unit="元"),
        ),
        compute=received,
        needs=("waste.licence.over_scale", "waste.licence.fine"),
    ),
)
