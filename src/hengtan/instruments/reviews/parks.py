"""Parks: the green index of an industrial park, the yearly self-check of a near-zero-carbon pilot,
the net emission of a zero-carbon park or project.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

GROUPS = {
    "EG": "能源利用",
    "RG": "资源利用",
    "IG": "基础设施",
    "CG": "产业",
    "HG": "生态环境",
    "MG": "运行管理",
}
COUNTS = {"EG": 3, "RG": 6, "IG": 3, "CG": 3, "HG": 6, "MG": 3}


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
        if row["leading"] <= 0 or (row["lower"] and row["actual"] <= 0):
            raise calc.refuse(
                f"“{row['name']}”的数值为零，比值算不出",
                f"'{row['name']}' has no ratio",
                todo="引领值大于零；越小越好的指标值也要大于零",
                todo_en="values above zero",
            )
        ratio = row["leading"] / row["actual"] if row["lower"] else row["actual"] / row["leading"]
        ratio = min(ratio, 1.0) if calc["capped"] else ratio
        ratios[row["group"]].append(
            calc.step(
                row["name"],
                ratio,
                how=f"{row['leading']:g} ÷ {row['actual']:g}"
                if row["lower"]
                else f"{row['actual']:g} ÷ {row['leading']:g}",
            )
        )
    empty = [GROUPS[g] for g, of_group in ratios.items() if not of_group]
    if empty:
        raise calc.refuse(
            f"没有{'、'.join(empty)}类指标",
            "a group has no figures",
            todo="六类都要有指标",
            todo_en="every group needs figures",
        )
    for group, of_group in ratios.items():
        if len(of_group) != COUNTS[group]:
            calc.warn(
                f"{GROUPS[group]}类计入{len(of_group)}项，凭记忆应为{COUNTS[group]}项："
                f"请核对评价要求原文"
            )
    means = {
        group: calc.step(
            f"{GROUPS[group]}类", sum(of_group) / len(of_group), "", f"{len(of_group)}项平均"
        )
        for group, of_group in ratios.items()
    }
    if not calc["basic_met"]:
        calc.warn("基本要求没有全部满足：不论得分都不能评为绿色园区")
    return {
        "index": calc.step(
            "绿色指数", 100 * sum(means.values()) / len(means), unit="分", how="六类平均 × 100"
        ),
        **{g.lower(): 100 * m for g, m in means.items()},
    }


def near_zero(calc: Calc) -> dict[str, Any]:
    """The yearly self-check of a pilot against its own plan: CO2 per value added [t per 10⁴ yuan]
    and its cut since the first year given, CO2 per tce, share of non-fossil energy.

    渝环〔2024〕167号: yearly progress, self-assessment and acceptance by the end of 2026. The
    pilots' table of indicators (渝环〔2022〕93号) was not read: goals are those of the pilot's own
    plan.
    """
    rows = sorted(calc["rows"], key=lambda r: r["year"])
    if len({r["year"] for r in rows}) != len(rows):
        raise calc.refuse("同一年写了两行", "a year occurs twice", "每年一行", "one row a year")
    for r in rows:
        if r["nonfossil"] > r["energy"]:
            raise calc.refuse(
                f"{r['year']}年非化石能源大于能源消费总量",
                f"{r['year']}: more non-fossil than energy",
                todo="核对",
                todo_en="check",
            )
    first, last = rows[0], rows[-1]
    intensity = {
        r["year"]: calc.step(
            f"{r['year']}年单位增加值二氧化碳排放",
            r["co2"] / r["value_added"],
            unit="吨/万元",
            how=f"{r['co2']:g} ÷ {r['value_added']:g}",
        )
        for r in rows
    }
    outputs: dict[str, Any] = {
        "per_value": intensity[last["year"]],
        "per_energy": calc.step("单位能耗碳排放", last["co2"] / last["energy"], "吨/吨标准煤"),
        "nonfossil_share": calc.step("非化石能源占比", last["nonfossil"] / last["energy"]),
    }
    if len(rows) > 1:
        outputs["cut"] = calc.step(
            "累计下降",
            1 - intensity[last["year"]] / intensity[first["year"]]
            if intensity[first["year"]]
            else 0.0,
            how=f"{first['year']}—{last['year']}年",
        )
    checks = (
        ("cut", "goal_cut", "碳强度下降", True),
        ("nonfossil_share", "goal_nonfossil", "非化石占比", True),
        ("per_energy", "goal_per_energy", "单位能耗碳排放", False),
    )
    asked = [
        (zh, outputs.get(name), calc[goal], higher)
        for name, goal, zh, higher in checks
        if calc[goal] is not None
    ]
    missed = [
        zh
        for zh, value, goal, higher in asked
        if value is None or (value < goal - 1e-12 if higher else value > goal + 1e-12)
    ]
    return {
        **outputs,
        "verdict": calc.step(
            "自查",
            "没有给目标" if not asked else "达到" if not missed else f"未达到：{'、'.join(missed)}",
            how="对照本园区实施方案的目标",
        ),
    }


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
            "说法",
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
                    Input("actual", "指标值"),
                    Input("leading", "引领值", note="按现行评价要求填"),
                    Input("lower", "越小越好", kind="flag", default=False),
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
        ),
        outputs=(
            Output("index", "绿色指数", unit="分"),
            *(Output(g.lower(), f"{zh}类", unit="分") for g, zh in GROUPS.items()),
        ),
        compute=green_index,
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
                    Input("year", "年份", kind="whole", least=2000.0),
                    Input("co2", "二氧化碳排放", unit="吨"),
                    Input("value_added", "增加值", unit="万元", least=1e-9),
                    Input("energy", "能源消费量", unit="吨标准煤", least=1e-9),
                    Input("nonfossil", "非化石能源消费量", unit="吨标准煤", default=0.0),
                ),
            ),
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
            Output("claim", "说法"),
        ),
        compute=net,
    ),
)
