"""Green loans and the money behind them: benefit of a loan, the carbon-reduction facility, shares,
evaluation of a bank, matching a catalogue.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.finance.amounts import (
    attributed,
    business_measures,
    evaluation,
    green_share,
    relending,
)
from hengtan.instruments.inputs import Input
from hengtan.instruments.one_formula import formula_rule
from hengtan.instruments.rule import Output, Rule


def words_of(text: str) -> list[str]:
    """The words of a list, parted by commas, semicolons, enumeration commas or lines alike."""
    return [word.strip() for word in re.split(r"[,，、;；\n]", text) if word.strip()]


def match(calc: Calc) -> dict[str, Any]:
    """Items of a catalogue that a project's description meets, by a stated rule: an item is met
    when the description holds one of its words and none of those it excludes; the more words,
    the higher.

    Which catalogue is the user's own file.
    """
    text = calc["description"].replace(" ", "")
    matches = []
    for row in calc["catalogue"]:
        words, excluded = (words_of(row[k]) for k in ("words", "excluded"))
        hits = [w for w in words if w.replace(" ", "") in text]
        if hits and not any(w.replace(" ", "") in text for w in excluded):
            matches.append((len(hits), row["code"], row["name"], hits))
    matches.sort(key=lambda f: (-f[0], f[1]))
    for count, code, name, hits in matches:
        calc.step(f"{code} {name}", count, "个词", "、".join(hits))
    if not matches:
        calc.step("没有匹配项", 0)
    calc.warn("匹配按词语作初选，是否属于目录由人核定")
    return {"matched": ";".join(code for _, code, _, _ in matches), "count": len(matches)}


def measures(calc: Calc) -> dict[str, float]:
    """The four measures of a bank's green business; growth only where the year before is known, the
    share of risk only where a non-performing balance was reported, be it nought. [1]

    银发〔2021〕142号; the curves that turn them into marks were not read.
    """
    before = calc["before"]
    known = {name: calc[name] for name in ("green", "bonds", "total", "market")}
    values = business_measures(**known, bad=calc["bad"] or 0.0, before=before or 1.0)
    if not before:
        del values["growth"]
    if calc["bad"] is None:
        del values["bad_share"]
        if calc["without_bad"]:
            calc.warn(f"{calc['without_bad']:g}笔绿色贷款没有填不良余额，风险占比不给出")
    for output in calc.rule.outputs:
        if output.name in values:
            calc.step(output.zh, values[output.name], clause=calc.rule.law)
    return values


RULES = (
    formula_rule(
        id="finance.loan_benefit",
        title_zh="贷款的碳减排效益",
        title_en="CO2 attributed to a loan",
        law="银行碳减排信息披露通行口径（凭记忆）",
        inputs=(
            Input("project_cut", "项目年减排量", unit="吨二氧化碳"),
            Input("loan", "贷款余额", unit="元"),
            Input("investment", "项目总投资", unit="元", least=1e-9),
        ),
        outputs=(
            Output("cut", "贷款对应减排量", unit="吨二氧化碳/年"),
            Output("per_10k", "每万元贷款减排", unit="吨二氧化碳"),
        ),
        formula=attributed,
        how="项目年减排量 × 贷款 ÷ 总投资",
        confidence="recalled",
    ),
    formula_rule(
        id="finance.relending",
        title_zh="碳减排支持工具",
        title_en="Carbon-reduction facility",
        law="中国人民银行2021-11-08公告",
        valid_from=date(2021, 11, 8),
        inputs=(
            Input("principal", "符合条件的贷款本金", unit="元"),
            Input("loan_rate", "贷款年利率", most=1.0),
            Input("funding_rate", "自有资金成本率", most=1.0),
        ),
        outputs=(
            Output("amount", "工具资金", unit="元"),
            Output("cost", "工具资金年利息", unit="元"),
            Output("spread", "银行综合利差"),
        ),
        formula=relending,
        parameters={
            "ratio_": ("finance.relending.ratio", ""),
            "rate": ("finance.relending.rate", ""),
        },
        how="本金 × 60%；利差 = 贷款利率 − 比例 × 工具利率 −（1 − 比例）× 资金成本",
    ),
    formula_rule(
        id="finance.green_share",
        title_zh="绿色贷款占比与增速",
        title_en="Share and growth of green loans",
        law="绿色贷款专项统计制度",
        inputs=(
            Input("green", "绿色贷款余额", unit="元"),
            Input("total", "各项贷款余额", unit="元", least=1e-9),
            Input("green_before", "上年同期绿色贷款余额", unit="元", least=1e-9),
            Input("total_before", "上年同期各项贷款余额", unit="元", least=1e-9),
        ),
        outputs=(
            Output("share", "占比"),
            Output("growth", "同比增速"),
            Output("faster_by", "高于各项贷款增速"),
        ),
        formula=green_share,
        how="余额之比；增速之差",
    ),
    Rule(
        id="finance.green_measures",
        title_zh="绿色金融业务四项定量指标",
        title_en="The four measures of green business",
        law="银发〔2021〕142号",
        valid_from=date(2021, 7, 1),
        inputs=(
            Input("green", "绿色贷款余额", unit="元"),
            Input("bonds", "绿色债券余额", unit="元"),
            Input("total", "各项贷款余额", unit="元", least=1e-9),
            Input("market", "参评机构绿色金融业务合计", unit="元", least=1e-9),
            Input("before", "上年同期绿色金融业务", unit="元", optional=True),
            Input("bad", "绿色贷款不良余额", unit="元", optional=True),
            Input("without_bad", "没有填不良余额的绿色贷款笔数", kind="whole", optional=True),
        ),
        outputs=(
            Output("share", "总额占比"),
            Output("market_share", "份额占比"),
            Output("growth", "同比增速"),
            Output("bad_share", "风险占比"),
        ),
        compute=measures,
        confidence="proposal",
        note_zh="份额以台账内的机构为全体；占比的分母取各项贷款加绿色债券，是本系统的理解。"
        "得分曲线没有读到，不由指标推算得分。",
    ),
    formula_rule(
        id="finance.green_evaluation",
        title_zh="银行业绿色金融评价得分",
        title_en="Green finance evaluation of a bank",
        law="银发〔2021〕142号",
        valid_from=date(2021, 7, 1),
        inputs=tuple(
            Input(n, zh, unit="分", most=100.0)
            for n, zh in (
                ("total_share", "绿色金融业务总额占比得分"),
                ("market_share", "份额占比得分"),
                ("growth", "同比增速得分"),
                ("risk", "风险总额占比得分"),
                ("policy", "执行政策得分"),
                ("institution", "制度得分"),
                ("support", "支持产业得分"),
            )
        ),
        outputs=(Output("score", "评价得分", unit="分"),),
        formula=evaluation,
        parameters={
            "quantitative": ("finance.evaluation.weight", "=quantitative"),
            "each": ("finance.evaluation.weight", "=each"),
            "qualitative": ("finance.evaluation.weight", "=qualitative"),
            "w_policy": ("finance.evaluation.weight", "=policy"),
            "w_institution": ("finance.evaluation.weight", "=institution"),
            "w_support": ("finance.evaluation.weight", "=support"),
        },
        how="0.8 × Σ 0.25 xᵢ + 0.2 ×（0.3a + 0.4b + 0.3c）",
        note_zh="各项得分的计分曲线没有读到，作为输入",
    ),
    Rule(
        id="finance.catalogue_match",
        title_zh="绿色项目目录初选",
        title_en="Matching a catalogue",
        law="绿色低碳转型产业指导目录（2024年版）等；目录条目由用户提供",
        inputs=(
            Input("description", "项目说明", kind="text"),
            Input(
                name="catalogue",
                zh="目录",
                kind="rows",
                fields=(
                    Input("code", "编号", kind="text"),
                    Input("name", "名称", kind="text"),
                    Input("words", "词语", kind="text"),
                    Input("excluded", "排除词", kind="text", default=""),
                ),
            ),
        ),
        outputs=(Output("matched", "匹配编号"), Output("count", "匹配数", unit="项")),
        compute=match,
    ),
)
