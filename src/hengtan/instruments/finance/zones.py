"""Green-finance reform zones: where each measure stands, the share of measures done, and what the
ledgers of loans, bonds and insurance say of the zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS

Row = Mapping[str, Any]
IN_TIME, LATE, UNPROVEN = "按期完成", "逾期完成", "报完成，缺佐证"
OVERDUE, RUNNING, WAITING, DROPPED = "逾期未完成", "推进中", "未启动", "已取消"
DONE = (IN_TIME, LATE)
PLAN = "绿色金融改革创新试验区方案（时限以方案文件为准）"


def state_of(row: Row, today: date) -> str:
    """Where a measure stands on a day: one that is reported as done without evidence is not done,
    and what was done or dropped later has not happened yet.
    """
    if row["dropped"] is not None and row["dropped"] <= today:
        return DROPPED
    if row["done"] is not None and row["done"] <= today:
        if not row["evidence"]:
            return UNPROVEN
        return IN_TIME if row["done"] <= row["due"] else LATE
    if row["due"] < today:
        return OVERDUE
    is_begun = row["begun"] is not None and row["begun"] <= today
    return RUNNING if is_begun else WAITING


def measure(calc: Calc) -> dict[str, Any]:
    """Where one measure stands and how many days it is, or was done, late. [day]"""
    today, due = calc["looked_at"], calc["due"]
    row = {name: calc[name] for name in ("begun", "due", "done", "dropped", "evidence")}
    state = calc.step("状态", state_of(row, today), how=f"完成时限 {due}")
    last = calc["done"] if state in (*DONE, UNPROVEN) else today
    late = 0 if state == DROPPED else max(0, (last - due).days)
    if state == UNPROVEN:
        calc.warn("填了完成日期而没有佐证材料，不计作完成")
    return {"state": state, "late_days": calc.step("逾期天数", late, "天")}


def progress(calc: Calc) -> dict[str, Any]:
    """The measures of a zone by where they stand, the share of them that is done, in all and of
    those due, and who leads the overdue ones. [%]

    Dropped measures take no part in the shares.
    """
    today = calc["looked_at"]
    states = [state_of(row, today) for row in calc["measures"]]
    number = Counter(states)
    kept = len(states) - number[DROPPED]
    done = number[IN_TIME] + number[LATE]
    outputs: dict[str, Any] = {
        "measures": calc.step("任务数", kept, "项", how=f"另有取消 {number[DROPPED]} 项"),
        "done": calc.step("完成任务数", done, "项", how=f"其中逾期完成 {number[LATE]} 项"),
        "late": calc.step("逾期完成任务数", number[LATE], "项"),
        "overdue": calc.step("逾期未完成任务数", number[OVERDUE], "项"),
        "unproven": calc.step("缺佐证任务数", number[UNPROVEN], "项"),
    }
    if kept:
        share = POINTS * done / kept
        outputs["share"] = calc.step("任务完成率", share, "%", "完成任务数 ÷ 任务数")
    due_by_now = [
        state
        for row, state in zip(calc["measures"], states, strict=True)
        if row["due"] <= today and state != DROPPED
    ]
    if due_by_now:
        in_time = POINTS * sum(state in DONE for state in due_by_now) / len(due_by_now)
        how = "到期任务中完成的 ÷ 到期任务"
        outputs["due_share"] = calc.step("到期任务完成率", in_time, "%", how)
    leads = _leads(calc["measures"], states)
    if leads:
        outputs["leads"] = calc.step("逾期任务的牵头单位", leads)
    return {"verdict": calc.step("结论", _verdict(number, kept, done))} | outputs


def _leads(rows: Sequence[Row], states: Sequence[str]) -> str:
    """Who leads overdue measures, the one with the most first."""
    overdue = Counter(
        row["lead"] for row, state in zip(rows, states, strict=True) if state == OVERDUE
    )
    return "、".join(lead for lead, _ in overdue.most_common())


def _verdict(number: Counter[str], kept: int, done: int) -> str:
    if number[OVERDUE]:
        return "有任务逾期"
    if number[UNPROVEN]:
        return "有任务缺佐证"
    return "全部完成" if done == kept else "按时限推进"


def figures(calc: Calc) -> dict[str, Any]:
    """What the ledgers say of a zone in a year: green loans lent to it and their growth, of its
    banks how many reported, the green share of their loans and the bonds they hold, policies in
    force. [yuan, %, 10,000 yuan]

    The sum of green loans is not given where a loan has no balance of December.
    """
    outputs: dict[str, Any] = {}
    if calc["loans_unreported"]:
        number = calc["loans_unreported"]
        calc.warn(f"{number:g}笔未结清的绿色贷款没有十二月余额，绿色贷款余额不给出")
    elif calc["green_loans"] is not None:
        outputs["green_loans"] = calc.step("绿色贷款余额", calc["green_loans"], "元")
        before = _before(calc)
        if before:
            growth = POINTS * (calc["green_loans"] / before - 1)
            how = "年末余额 ÷ 上年末余额 − 1"
            outputs["growth"] = calc.step("绿色贷款增速", growth, "%", how)
    outputs |= _of_banks(calc)
    if calc["policies"] is not None:
        outputs["policies"] = calc.step("在保绿色保险保单", calc["policies"], "件")
        outputs["insured"] = calc.step("在保保额", calc["insured"], "万元")
    if not outputs:
        raise calc.refuse(
            f"{calc['year']}年没有可用的贷款、债券、保险记录",
            f"no loans, bonds or insurance of {calc['year']} that can be used",
            todo="补报“绿色贷款月末余额”、“机构绿色金融季报”、“绿色保险保单”",
            todo_en="fill the forms of loan balances, quarterly returns of banks and policies",
        )
    return outputs


def _of_banks(calc: Calc) -> dict[str, Any]:
    """The green share and the bonds of the banks that reported, with how many of those on the list
    did.
    """
    banks, listed = calc["banks"], calc["listed"]
    outputs: dict[str, Any] = {}
    if banks is not None and listed is not None:
        text = f"名单{listed:g}家，{banks:g}家有年末数"
        outputs["banks_reported"] = calc.step("区内机构报送", text)
        if banks < listed:
            calc.warn(f"区内名单机构{listed:g}家，只有{banks:g}家有年末数，占比和债券不是全区合计")
    if calc["bank_green"] is not None and calc["bank_loans"]:
        share = POINTS * calc["bank_green"] / calc["bank_loans"]
        how = "已报机构绿色贷款 ÷ 各项贷款"
        outputs["bank_share"] = calc.step("已报机构绿色贷款占比", share, "%", how)
    if calc["bonds"] is not None:
        of_how_many = calc["bond_banks"]
        how = "" if of_how_many is None else f"填了绿色债券余额的{of_how_many:g}家之和"
        outputs["bonds"] = calc.step("已报机构持有绿色债券", calc["bonds"], "元", how)
        if banks is not None and of_how_many is not None and of_how_many < banks:
            calc.warn(f"{banks - of_how_many:g}家已报机构没有填绿色债券余额，不在合计里")
    return outputs


def _before(calc: Calc) -> float | None:
    """Green loans at the end of the year before, where every loan was reported. [yuan]"""
    for row in calc["years"] or ():
        if row["year"] == calc["year"] - 1 and not row["unreported"]:
            return float(row["green_loans"]) if row["green_loans"] is not None else None
    return None


def _day(name: str, zh: str, *, optional: bool = True) -> Input:
    return Input(name, zh, kind="date", optional=optional)


def _money(name: str, zh: str) -> Input:
    return Input(name, zh, unit="元", optional=True)


def _whole(name: str, zh: str) -> Input:
    return Input(name, zh, kind="whole", optional=True)


OF_MEASURE = (
    _day("begun", "启动日期"),
    _day("due", "完成时限", optional=False),
    _day("done", "完成日期"),
    _day("dropped", "取消日期"),
    Input("evidence", "佐证材料", kind="text", optional=True),
)
LOOKED_AT = _day("looked_at", "判定日", optional=False)

RULES = (
    Rule(
        id="zone.measure",
        title_zh="绿色金融改革任务进度",
        title_en="How far a measure of a green-finance zone is",
        law=PLAN,
        inputs=(*OF_MEASURE, LOOKED_AT),
        outputs=(Output("state", "状态"), Output("late_days", "逾期天数", unit="天")),
        compute=measure,
        confidence="derived",
    ),
    Rule(
        id="zone.progress",
        title_zh="绿色金融改革创新试验区进展",
        title_en="Progress of a green-finance zone",
        law=PLAN,
        inputs=(
            Input(
                name="measures",
                zh="改革任务",
                kind="rows",
                fields=(*OF_MEASURE, Input("lead", "牵头单位", kind="text")),
            ),
            LOOKED_AT,
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("measures", "任务数", unit="项"),
            Output("done", "完成任务数", unit="项"),
            Output("late", "逾期完成任务数", unit="项"),
            Output("overdue", "逾期未完成任务数", unit="项"),
            Output("unproven", "缺佐证任务数", unit="项"),
            Output("share", "任务完成率", unit="%"),
            Output("due_share", "到期任务完成率", unit="%"),
            Output("leads", "逾期任务的牵头单位"),
        ),
        compute=progress,
        confidence="derived",
    ),
    Rule(
        id="zone.figures",
        title_zh="试验区绿色贷款、债券和保险",
        title_en="Green loans, bonds and insurance of a zone",
        law="绿色贷款专项统计制度；保险合同（保单）",
        inputs=(
            Input("year", "年份", kind="whole"),
            _money("green_loans", "绿色贷款余额"),
            Input("loans_unreported", "没有十二月余额的贷款笔数", kind="whole", optional=True),
            Input(
                name="years",
                zh="逐年绿色贷款余额",
                kind="rows",
                optional=True,
                fields=(
                    Input("year", "年份", kind="whole"),
                    _money("green_loans", "绿色贷款余额"),
                    Input("unreported", "没有十二月余额的贷款笔数", kind="whole", optional=True),
                ),
            ),
            _whole("banks", "有年末数的机构家数"),
            _whole("listed", "区内名单机构家数"),
            _money("bank_green", "已报机构绿色贷款"),
            _money("bank_loans", "已报机构各项贷款"),
            _whole("bond_banks", "填了绿色债券余额的机构家数"),
            _money("bonds", "已报机构持有绿色债券"),
            Input("policies", "在保保单数", kind="whole", optional=True),
            Input("insured", "在保保额", unit="万元", optional=True),
        ),
        outputs=(
            Output("green_loans", "绿色贷款余额", unit="元"),
            Output("growth", "绿色贷款增速", unit="%"),
            Output("banks_reported", "区内机构报送"),
            Output("bank_share", "已报机构绿色贷款占比", unit="%"),
            Output("bonds", "已报机构持有绿色债券", unit="元"),
            Output("policies", "在保绿色保险保单", unit="件"),
            Output("insured", "在保保额", unit="万元"),
        ),
        compute=figures,
        confidence="derived",
    ),
)
