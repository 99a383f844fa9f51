"""Parks: the green index of an industrial park, the yearly self-check of a near-zero-carbon pilot,
the net emission of a zero-carbon park or project.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.bounds import FIRST_YEAR
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.listing import LISTED, for_the_list
from hengtan.instruments.reviews.origins import FIELDS, ORIGINS, OUTPUTS, counted, figure_of
from hengtan.instruments.rule import Output, Rule

GROUPS = {
    "EG": "能源利用",
    "RG": "资源利用",
    "IG": "基础设施",
    "CG": "产业",
    "HG": "生态环境",
    "MG": "运行管理",
}
PERCENT = 100
NEAR = 1e-12
"""A figure within the noise of floats of its goal reaches it."""


def green_index(calc: Calc) -> dict[str, Any]:
    """GI = 100 × mean over the six groups of the mean of figure / leading value (leading value /
    figure where lower is better).

    Every group is needed.

    The form and the meaning of the symbols were read in DB21/T 3662-2022; the number of figures
    counted in each group (3, 6, 3, 3, 6, 3 of the 31) is recalled: another number is told, not
    refused. Leading values are those of the text in force: inputs.
    """
    ratios: dict[str, list[float]] = {group: [] for group in GROUPS}
    for row in calc["rows"]:
        ratios[row["group"]].append(_to_leading(calc, row))
    empty = [GROUPS[group] for group, of_group in ratios.items() if not of_group]
    if empty:
        raise calc.refuse(
            f"没有{'、'.join(empty)}类指标",
            "a group has no figures",
            todo="六类都要有指标",
            todo_en="every group needs figures",
        )
    means = {}
    for group, of_group in ratios.items():
        number, wanted = len(of_group), calc.param("park.green_index.counted", group)
        if number != wanted:
            calc.warn(
                f"{GROUPS[group]}类计入{number}项，凭记忆应为{wanted:g}项：请核对评价要求原文"
            )
        mean = sum(of_group) / number
        means[group] = calc.step(f"{GROUPS[group]}类", mean, how=f"{number}项平均")
    if not calc["basic_met"]:
        calc.warn("基本要求没有全部满足：不论得分都不能评为绿色园区")
    index = PERCENT * sum(means.values()) / len(means)
    return {
        "index": calc.step("绿色指数", index, unit="分", how="六类平均 × 100"),
        "verdict": for_the_list(calc, "绿色园区", is_barred=not calc["basic_met"]),
        **{group.lower(): PERCENT * mean for group, mean in means.items()},
        **counted(calc, calc["rows"]),
    }


def _to_leading(calc: Calc, row: Mapping[str, Any]) -> float:
    """A figure over its leading value, the reverse where lower is better. [1]"""
    leading, actual, lower = row["leading"], figure_of(calc, row), row["lower"]
    if leading <= 0 or (lower and actual <= 0):
        raise calc.refuse(
            f"“{row['name']}”的数值为零，比值算不出",
            f"'{row['name']}' has no ratio",
            todo="引领值大于零；越小越好的指标值也要大于零",
            todo_en="values above zero",
        )
    above, below = (leading, actual) if lower else (actual, leading)
    ratio = above / below
    ratio = min(ratio, 1.0) if calc["capped"] else ratio
    how = f"{above:g} ÷ {below:g}（{ORIGINS[row['origin']]}）"
    return float(calc.step(row["name"], ratio, how=how))


def near_zero(calc: Calc) -> dict[str, Any]:
    """The yearly self-check of a pilot against its own plan: CO2 per value added [t per 10⁴ yuan]
    and its cut since the first year given, CO2 per tce, share of non-fossil energy.

    渝环〔2024〕167号: yearly progress, self-assessment and acceptance by the end of 2026. The
    pilots' table of indicators (渝环〔2022〕93号) was not read: goals are those of the pilot's own
    plan.
    """
    rows = _from_base_year(calc, sorted(calc["rows"], key=lambda row: row["year"]))
    if calc["lost"]:
        calc.warn(f"有{calc['lost']}家企业没有完整的能源记录，没有计入")
    if len({row["year"] for row in rows}) != len(rows):
        raise calc.refuse("同一年写了两行", "a year occurs twice", "每年一行", "one row a year")
    intensities = [_per_value_added(calc, row) for row in rows]
    first, last = rows[0], rows[-1]
    outputs: dict[str, Any] = {
        "per_value": intensities[-1],
        "per_energy": calc.step("单位能耗碳排放", last["co2"] / last["energy"], "吨/吨标准煤"),
    }
    if last["nonfossil"] is not None:
        share = last["nonfossil"] / last["energy"]
        outputs["nonfossil_share"] = calc.step("非化石能源占比", share)
    if len(rows) > 1:
        cut = 1 - intensities[-1] / intensities[0] if intensities[0] else 0.0
        outputs["cut"] = calc.step("累计下降", cut, how=f"{first['year']}—{last['year']}年")
    is_base = calc["base_year"] == last["year"]
    verdict = "基准年，不对照目标" if is_base else _against_goals(calc, outputs)
    return {**outputs, "verdict": calc.step("自查", verdict, how="对照本园区实施方案的目标")}


def _from_base_year(calc: Calc, rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The years from the base year of the pilot's plan on; all where none is stated."""
    base = calc["base_year"]
    if base is None:
        return rows
    if base not in [row["year"] for row in rows]:
        raise calc.refuse(
            f"没有基准年{base}年的数据",
            f"no figures of the base year {base}",
            todo="补基准年的企业能源记录和园区年度情况",
            todo_en="fill the records of that year",
        )
    return [row for row in rows if row["year"] >= base]


def _per_value_added(calc: Calc, row: Mapping[str, Any]) -> float:
    """Carbon dioxide by value added of a year. [t per 10⁴ yuan]"""
    year, co2, value_added = row["year"], row["co2"], row["value_added"]
    if (row["nonfossil"] or 0.0) > row["energy"]:
        raise calc.refuse(
            f"{year}年非化石能源大于能源消费总量",
            f"{year}: more non-fossil than energy",
            todo="核对",
            todo_en="check",
        )
    how = f"{co2:g} ÷ {value_added:g}"
    words = f"{year}年单位增加值二氧化碳排放"
    return float(calc.step(words, co2 / value_added, unit="吨/万元", how=how))


GOALS = (
    ("cut", "goal_cut", "碳强度下降", True),
    ("nonfossil_share", "goal_nonfossil", "非化石占比", True),
    ("per_energy", "goal_per_energy", "单位能耗碳排放", False),
)
"""Output, goal, words, and whether higher is better."""


def _against_goals(calc: Calc, outputs: Mapping[str, Any]) -> str:
    """Which goals of the pilot's plan are missed, or not known for want of a figure, in words."""
    asked = [(name, calc[goal], zh, higher) for name, goal, zh, higher in GOALS]
    asked = [goal for goal in asked if goal[1] is not None]
    if not asked:
        return "没有给目标"
    missed, unknown = [], []
    for name, goal, zh, higher in asked:
        value = outputs.get(name)
        if value is None:
            unknown.append(zh)
        elif not (value >= goal - NEAR if higher else value <= goal + NEAR):
            missed.append(zh)
    words = [f"未达到：{'、'.join(missed)}"] if missed else []
    words += [f"缺数据：{'、'.join(unknown)}"] if unknown else []
    return "；".join(words) or "达到"


def acceptance(calc: Calc) -> dict[str, Any]:
    """A pilot's way to its acceptance: self-assessed by the day its batch is due, each indicator
    met, accepted.

    The indicators of 渝环〔2022〕93号 were not read: those on file are the document's as the
    department filled them in.
    """
    due = calc.day_param("park.near_zero.assess_by", calc["batch"])
    rows = calc["indicators"]
    if not rows:
        raise ParameterNotEstablished(
            "近零碳园区试点的指标体系没有读到",
            "the table of indicators is not established",
            todo="查渝环〔2022〕93号附件，填报表“近零碳园区验收指标”",
            todo_en="see the annex of Yuhuan [2022] No. 93; fill the form of acceptance indicators",
        )
    missed = [row["name"] for row in rows if not _is_required_value_reached(calc, row)]
    accepted, assessed = calc["accepted"], calc["assessed"]
    state = (
        "已验收"
        if accepted is not None
        else "已自评，待验收"
        if assessed is not None
        else "逾期未自评"
        if calc["looked_at"] > due
        else "实施中"
    )
    return {
        "pilot": "是",
        "due": calc.step("自评估期限", due.isoformat()),
        "met": calc.step("达到要求的指标", len(rows) - len(missed), "项", how=f"共{len(rows)}项"),
        "missed": calc.step("未达到的指标", "、".join(missed) or "无"),
        "state": calc.step("状态", state),
    }


def _is_required_value_reached(calc: Calc, row: Mapping[str, Any]) -> bool:
    actual, required = row["actual"], row["required"]
    if actual is None:
        calc.step(row["name"], "没有指标值", how=f"要求{required:g}")
        return False
    slack = NEAR * abs(required)
    is_met = bool(actual <= required + slack if row["lower"] else actual >= required - slack)
    calc.step(row["name"], actual, how=f"要求{required:g}，{'达到' if is_met else '未达到'}")
    return is_met


def net(calc: Calc) -> dict[str, Any]:
    """Net emission of a park or project: direct + bought heat + electricity × factor, less green
    power × factor, less offsets (no more than what is left). [t CO2]

    CO2 per tce is told before offsets, green power at zero (发改环资〔2025〕910号, through a
    secondary source); whether offsets count there was not read.
    """
    if calc["green"] > calc["electricity"]:
        raise calc.refuse(
            "绿电大于用电量",
            "more green power than power",
            todo="核对绿电与用电",
            todo_en="check them",
        )
    gross = calc.step(
        "排放总量",
        calc["direct"] + calc["heat"] + calc["electricity"] * calc["factor"],
        unit="吨",
        how=f"{calc['direct']:g} + {calc['heat']:g} + {calc['electricity']:g} × {calc['factor']:g}",
    )
    effect = calc.step(
        "绿电减少",
        calc["green"] * calc["factor"],
        unit="吨",
        how=f"{calc['green']:g} × {calc['factor']:g}",
    )
    left = gross - effect
    used = calc.step("抵销", min(calc["offsets"], left), "吨")
    if calc["offsets"] > left:
        calc.warn(f"抵销量多于剩余排放，多出的{calc['offsets'] - left:g}吨不计")
    outputs: dict[str, Any] = {
        "gross": gross,
        "green_effect": effect,
        "offset": used,
        "net": calc.step("净排放", left - used, "吨"),
    }
    if calc["energy"] is not None:
        outputs["per_energy"] = calc.step(
            "单位能耗碳排放（抵销前）", left / calc["energy"], unit="吨/吨标准煤"
        )
    return {
        **outputs,
        "claim": calc.step(
            "可作的声明",
            "抵销前已为零"
            if left <= 1e-9
            else "抵销后为零，须与抵销一并披露"
            if left - used <= 1e-9
            else "仍有排放，不能称零碳",
        ),
    }


RULES = (
    Rule(
        id="park.green_index",
        title_zh="绿色园区绿色指数",
        title_en="Green index of an industrial park",
        law="绿色园区评价要求（工信厅节函〔2016〕586号附件，凭记忆；式样见 DB21/T 3662-2022）",
        inputs=(
            Input(
                name="rows",
                zh="指标",
                kind="rows",
                fields=(
                    Input("group", "类别", kind="choice", choices=GROUPS),
                    Input("name", "指标", kind="text"),
                    Input("actual", "指标值", optional=True),
                    Input("leading", "引领值", note="按现行评价要求填"),
                    Input("lower", "越小越好", kind="flag", default=False),
                    *FIELDS,
                ),
            ),
            Input("basic_met", "基本要求全部满足", kind="flag"),
            Input(
                name="capped",
                zh="单项比值不超过1",
                kind="flag",
                default=False,
                note="原文是否封顶没有读到",
            ),
            LISTED,
        ),
        outputs=(
            Output("index", "绿色指数", unit="分"),
            Output("verdict", "结论"),
            *(Output(group.lower(), f"{zh}类", unit="分") for group, zh in GROUPS.items()),
            *OUTPUTS,
        ),
        compute=green_index,
        needs=("park.green_index.counted",),
        confidence="recalled",
    ),
    Rule(
        id="park.near_zero",
        title_zh="近零碳园区试点年度自查",
        title_en="Self-check of a near-zero-carbon pilot",
        law="渝环〔2022〕93号、渝环〔2024〕167号；目标按试点实施方案",
        inputs=(
            Input(
                name="rows",
                zh="各年数据",
                kind="rows",
                fields=(
                    Input("year", "年份", kind="whole", least=FIRST_YEAR),
                    Input("co2", "二氧化碳排放", unit="吨"),
                    Input("value_added", "增加值", unit="万元", least=1e-9),
                    Input("energy", "能源消费量", unit="吨标准煤", least=1e-9),
                    Input("nonfossil", "非化石能源消费量", unit="吨标准煤", optional=True),
                ),
            ),
            Input("base_year", "基准年", kind="whole", least=FIRST_YEAR, optional=True),
            Input("lost", "没有完整记录的企业数", kind="whole", default=0),
            Input("goal_cut", "碳强度下降目标", optional=True, most=1.0),
            Input("goal_nonfossil", "非化石占比目标", optional=True, most=1.0),
            Input("goal_per_energy", "单位能耗碳排放目标", unit="吨/吨标准煤", optional=True),
        ),
        outputs=(
            Output("per_value", "单位增加值二氧化碳排放", unit="吨/万元"),
            Output("per_energy", "单位能耗碳排放", unit="吨/吨标准煤"),
            Output("nonfossil_share", "非化石占比"),
            Output("cut", "累计下降"),
            Output("verdict", "自查"),
        ),
        compute=near_zero,
    ),
    Rule(
        id="park.acceptance",
        title_zh="近零碳园区试点验收",
        title_en="Acceptance of a near-zero-carbon pilot",
        law="渝环〔2022〕93号（指标体系没有读到）、渝环〔2024〕167号",
        inputs=(
            Input("batch", "批次", kind="choice", choices={"first": "第一批", "second": "第二批"}),
            Input("assessed", "自评估提交日期", kind="date", optional=True),
            Input("accepted", "验收通过日期", kind="date", optional=True),
            Input(
                name="indicators",
                zh="验收指标",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "指标", kind="text"),
                    Input("actual", "指标值", least=None, optional=True),
                    Input("required", "要求值", least=None),
                    Input("lower", "越小越好", kind="flag", default=False),
                ),
            ),
            Input("looked_at", "查看日期", kind="date"),
        ),
        outputs=(
            Output("pilot", "试点"),
            Output("due", "自评估期限"),
            Output("met", "达到要求的指标", unit="项"),
            Output("missed", "未达到的指标"),
            Output("state", "状态"),
        ),
        compute=acceptance,
        needs=("park.near_zero.assess_by",),
    ),
    Rule(
        id="park.net_emission",
        title_zh="零碳园区（项目）净排放",
        title_en="Net emission of a park or project",
        law="发改环资〔2025〕910号（二手摘要）；净排放为总量减绿电减抵销",
        inputs=(
            Input("direct", "直接排放", unit="吨"),
            Input("heat", "外购热力排放", unit="吨", default=0.0),
            Input("electricity", "用电量", unit="兆瓦时"),
            Input("green", "其中绿电", unit="兆瓦时", default=0.0),
            Input("factor", "电力排放因子", unit="吨/兆瓦时"),
            Input("offsets", "抵销量", unit="吨", default=0.0),
            Input("energy", "综合能源消费量", unit="吨标准煤", optional=True, least=1e-9),
        ),
        outputs=(
            Output("gross", "排放总量", unit="吨"),
            Output("green_effect", "绿电减少", unit="吨"),
            Output("offset", "抵销", unit="吨"),
            Output("net", "净排放", unit="吨"),
            Output("per_energy", "单位能耗碳排放（抵销前）", unit="吨/吨标准煤"),
            Output("claim", "可作的声明"),
        ),
        compute=net,
    ),
)
