"""Fines for acts against the rules of permits and projects: the span of 排污许可管理条例 and, from
2026-08-15, that of the code on ecology and environment beside it; how long an act can be fined.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import years_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

ACTS = {
    "no_permit": "未取得排污许可证排污（含届满未延续、应重新申请未申请）",
    "over_permit": "超许可浓度、排放量或种类",
    "over_standard": "超标或超总量排放",
    "evasion": "暗管、篡改监测数据等逃避监管",
    "facility_unkept": "未按证运行维护污染防治设施",
    "facility_failing": "未按证运行维护，致使设施不能正常发挥作用",
    "facility_removed": "擅自拆除污染防治设施",
    "permit_fraud": "欺骗、贿赂取得许可证",
    "unregistered": "未填报排污登记表",
    "disclosure": "未公开或不如实公开污染物、温室气体排放信息",
    "three_simultaneity": "违反三同时",
    "eia_measures": "未落实环评对策措施",
}
VARIANTS = {
    "noise": "工业噪声",
    "refuses": "拒不改正",
    "serious": "情节严重",
    "person": "个人",
}
BOOKS = {
    "ordinance": ("permit.fine", "条例", "排污许可管理条例"),
    "code": ("code.fine", "法典", "生态环境法典"),
}
ENDS = (("min", "下限"), ("max", "上限"))


def fines(calc: Calc) -> dict[str, Any]:
    """The spans of both books on the day, the daily fine that may follow, and the last day on which
    an act can be fined. [yuan, day]

    Raises HengtanError where neither book has a fine for the act on the day,
    ParameterNotEstablished where one has and it was not read.
    """
    act = f"{calc['act']}.{calc['variant']}" if calc["variant"] else calc["act"]
    outputs: dict[str, Any] = {}
    for book, (parameter, zh, law) in BOOKS.items():
        if f"{act}.max" not in calc.parameters.keys(parameter):
            continue
        for end, words in ENDS:
            fine = calc.param(parameter, f"{act}.{end}")
            note = calc.parameters.used[-1].note
            outputs[f"{book}_{end}"] = calc.step(f"罚款{words}（{zh}）", fine, "元", note, law)
    if not outputs:
        variant = f"（{VARIANTS[calc['variant']]}）" if calc["variant"] else ""
        raise calc.refuse(
            f"{calc.day}没有读到“{ACTS[calc['act']]}”{variant}的罚则",
            f"no fine was read for '{act}' on {calc.day}",
            todo="核对行为与日期；法典罚则自2026-08-15起",
            todo_en="check the act and the day; the code's fines begin on 2026-08-15",
        )
    if len(outputs) > len(ENDS):
        calc.warn("条例与法典的罚款幅度并列，同一行为适用哪一部须由法务确认")
    outputs |= _daily(calc, "code_max" in outputs) | _limitation(calc)
    calc.warn("罚款由主管部门在幅度内裁量")
    return outputs


def _daily(calc: Calc, is_of_code: bool) -> dict[str, float]:
    """What refusing to mend may add: the fine that was set, for each day; by the code where it has
    a fine for the act on the day, before it by the law it took up. [yuan]
    """
    if not calc["days"]:
        return {}
    if calc["imposed"] is None:
        raise calc.refuse(
            "按日连续处罚要给原罚款数额（imposed）",
            "the fine that was set is missing",
            todo="补上，单位元",
            todo_en="give imposed in yuan",
        )
    daily = calc["imposed"] * calc["days"]
    how = f"{calc['imposed']:g} × {calc['days']}天，可以"
    clause = "生态环境法典 第一千零六十条" if is_of_code else "环境保护法 第五十九条"
    if not is_of_code:
        calc.warn("按日连续处罚的依据环境保护法第五十九条凭记忆、未核对原文")
    return {"daily": calc.step("按日连续处罚", daily, "元", how, clause)}


def _limitation(calc: Calc) -> dict[str, str]:
    """The last day on which an act can be fined: five years where it did harm, else two."""
    if calc["act_ended"] is None:
        return {}
    years = int(calc.param("code.limitation", "harm" if calc["harm"] else "other"))
    last = years_later(calc["act_ended"], years) - timedelta(days=1)
    clause = "生态环境法典 第一千零五十四条"
    return {"fined_until": calc.step("追责期限至", last.isoformat(), "", f"{years}年", clause)}


def records(calc: Calc) -> dict[str, str]:
    """The day until which a record of monitoring is kept."""
    until = years_later(calc["recorded"], int(calc.param("permit.record_years")))
    clause = "生态环境法典 第一百八十三条"
    return {"keep_until": calc.step("保存至", until.isoformat(), clause=clause)}


RULES = (
    Rule(
        id="permit.fine",
        title_zh="排污许可与建设项目违法行为的罚款幅度",
        title_en="Fines for acts against permits and projects",
        law="排污许可管理条例 第三十三、三十四条；生态环境法典 第一千零九十九至一千一百一十条",
        valid_from=date(2021, 3, 1),
        inputs=(
            Input("act", "行为", kind="choice", choices=ACTS),
            Input("variant", "情形", kind="choice", choices=VARIANTS, optional=True),
            Input("days", "拒不改正的天数", kind="whole", default=0),
            Input("imposed", "原罚款数额", unit="元", optional=True),
            Input("act_ended", "行为终了日期", kind="date", optional=True),
            Input("harm", "造成危害后果", kind="flag", default=False),
        ),
        outputs=(
            Output("ordinance_min", "罚款下限（条例）", unit="元"),
            Output("ordinance_max", "罚款上限（条例）", unit="元"),
            Output("code_min", "罚款下限（法典）", unit="元"),
            Output("code_max", "罚款上限（法典）", unit="元"),
            Output("daily", "按日连续处罚", unit="元"),
            Output("fined_until", "追责期限至"),
        ),
        compute=fines,
        needs=("permit.fine", "code.fine", "code.limitation"),
        note_zh="案例日期取行为发生之日：适用行为发生时的规定，新规定较轻的从新",
    ),
    Rule(
        id="permit.records",
        title_zh="自行监测记录与管理台账保存期限",
        title_en="How long monitoring records are kept",
        law="生态环境法典 第一百八十三条",
        valid_from=date(2026, 8, 15),
        inputs=(Input("recorded", "记录日期", kind="date"),),
        outputs=(Output("keep_until", "保存至"),),
        compute=records,
        needs=("permit.record_years",),
    ),
)
