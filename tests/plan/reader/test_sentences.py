"""Sentences as the annotation guide reads them: rule by rule here, and in numbers in
sentences.yaml.

All expected readings were written by hand from the guide. What a single rule does is shown in
test_rules.py.
"""

from pathlib import Path

import pytest
import yaml

from hengtan.plan.reader.confidence import SURE
from hengtan.plan.reader.reading import read

CASES = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))


def _param(case):
    """A sentence as a parameter; one that is not read as the guide asks must fail, so that its
    mending is noticed."""
    gap = pytest.mark.xfail(reason=case.get("gap", ""), strict=True)
    return pytest.param(case, id=case["text"][:24], marks=[gap] if "gap" in case else [])


@pytest.mark.parametrize("case", [_param(case) for case in CASES])
def test_sentence(targets, case):
    assert targets(case["text"], case["year"]) == case["targets"], case["why"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the year of a sentence holds for those after it until another is named
        (
            "到2025年,森林覆盖率达到57%。湿地保护率达到55%。",
            ["森林覆盖率 | >= | 57 | % | 2025", "湿地保护率 | >= | 55 | % | 2025"],
        ),
        # 左右 and 以上 bind to the number they follow only
        (
            "到2025年,甲、乙能耗比2020年分别下降13.5%、16%左右。",
            [
                "甲能耗 | decrease_by | 13.5 | % | 2025 | 2020",
                "乙能耗 | decrease_by | 16 | % | 2025 | 2020 |  | approx",
            ],
        ),
        # 较“十三五”末 is 2020
        (
            "2025年,废纸利用量较“十三五”末增长10%左右。",
            ["废纸利用量 | increase_by | 10 | % | 2025 | 2020 |  | approx"],
        ),
        # 提高到 is a level, 提高 a change
        (
            "到2025年,天然气普及率提高到98%,非化石能源占比较2020年提高5个百分点。",
            [
                "天然气普及率 | >= | 98 | % | 2025",
                "非化石能源占比 | increase_by | 5 | 个百分点 | 2025 | 2020",
            ],
        ),
        # less is better: 达到 is equal; 控制在 is a cap
        (
            "2025年,PM2.5年均浓度达到40微克/立方米,能耗总量控制在500万吨标准煤。",
            [
                "PM2.5年均浓度 | == | 40 | 微克/立方米 | 2025",
                "能耗总量 | <= | 500 | 万吨标准煤 | 2025",
            ],
        ),
        # thresholds, money, document numbers, parts of the document are none
        ("到2025年,对65蒸吨/小时以上锅炉实施改造,下达补助资金300万元,完成六大类23项任务。", []),
        # a rate at which money is granted
        ("2027年前,对完成节能改造的企业按投资额的10%给予补助,按不超过20%的比例予以奖励。", []),
        # results of the past are none
        ("截至2020年底,全市森林覆盖率达到45%,较2015年提高3个百分点。", []),
        # no year, no target
        ("森林覆盖率达到57%。", []),
        # pairs that are written as one word
        (
            "到2025年,化肥农药利用率均达到43%。",
            ["化肥利用率 | >= | 43 | % | 2025", "农药利用率 | >= | 43 | % | 2025"],
        ),
        # 翻一番, 零增长
        (
            "到2025年,产业规模比2020年翻一番。到2025年,化肥使用量零增长。",
            [
                "产业规模 | increase_by | 100 | % | 2025 | 2020",
                "化肥使用量 | increase_by | 0 | % | 2025",
            ],
        ),
        # a magnitude stays in the unit; thousands separators go
        (
            "到2025年,造林10,434亩,里程达到一千公里。",
            ["造林 | >= | 10434 | 亩 | 2025", "里程 | >= | 1000 | 公里 | 2025"],
        ),
        # one project's yield is none
        ("2024年,建成后可形成6000套/年的生产能力。", []),
        # 今年 is the document's year
        ("今年,淘汰老旧车辆900辆。", ["淘汰老旧车辆 | >= | 900 | 辆 | 2022"]),
    ],
)
def test_rule(targets, text, expected):
    assert targets(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a measure in an indicator's name
        (
            "到2025年,公园绿地500米服务半径覆盖率达到90%。",
            ["公园绿地500米服务半径覆盖率 | >= | 90 | % | 2025"],
        ),
        # the size of what is counted
        ("到2025年,培育营业收入超100亿元企业5家。", ["营业收入超100亿元企业 | >= | 5 | 家 | 2025"]),
        # the size of one project
        ("到2025年,推进100万千瓦风电项目前期工作。", []),
        # a share of things that do something
        (
            "到2025年,75%的国家级园区完成循环化改造。",
            ["完成循环化改造的国家级园区比例 | >= | 75 | % | 2025"],
        ),
        # what an action covers
        ("到2025年,对年耗能1万吨以上的单位开展诊断。", []),
        # parts of the document
        ("到2025年,落实24项重点任务。", []),
        # what goods hold
        ("到2025年,禁止销售灰分高于16%的散煤。", []),
        # numbers in words that are no figures
        ("到2025年,一个平台、两条路线初步形成。", []),
        # a bare number counts after a verb, at the end
        (
            "到2025年,农田灌溉水有效利用系数达到0.58。",
            ["农田灌溉水有效利用系数 | >= | 0.58 |  | 2025"],
        ),
        # the name of a standard
        ("到2025年,新建建筑执行75%节能标准。", []),
        # how many a list names
        (
            "到2025年,泾阳、三原、礼泉等3个县农膜回收率达到85%。",
            ["农膜回收率 | >= | 85 | % | 2025 |  | 泾阳、三原、礼泉"],
        ),
        # a present value before 到
        ("到2025年,森林覆盖率由41%提高到43%。", ["森林覆盖率 | >= | 43 | % | 2025"]),
        # a comparison with others
        ("到2025年,城镇化率达到68%,高于全国平均水平3个百分点。", ["城镇化率 | >= | 68 | % | 2025"]),
    ],
)
def test_which_figures_are_of_the_plan(targets, text, expected):
    """One sentence for each rule of figures.py."""
    assert targets(text) == expected


def test_a_colon_head_names_its_items(targets):
    assert targets(
        "2025年:单位国内生产总值能耗比2020年下降13.5%,森林覆盖率达到24.1%。\n2030年:森林覆盖率达到25%左右。",
        None,
    ) == [
        "单位国内生产总值能耗 | decrease_by | 13.5 | % | 2025 | 2020",
        "森林覆盖率 | >= | 24.1 | % | 2025",
        "森林覆盖率 | approx | 25 | % | 2030",
    ]


def test_the_same_target_twice_is_one(targets):
    assert targets("到2025年,森林覆盖率达到57%。全面推行林长制,到2025年森林覆盖率达到57%。") == [
        "森林覆盖率 | >= | 57 | % | 2025"
    ]


def test_a_doubt_lowers_the_confidence():
    sure, unsure = read("到2025年,森林覆盖率达到57%,力争60%。", 2022).targets
    assert sure.confidence >= SURE
    assert "subject inherited" in unsure.doubts
    assert unsure.confidence < SURE


def test_parts_know_their_whole():
    whole, part = read(
        "到2025年,光伏装机达到500万千瓦,其中分布式光伏装机达到300万千瓦。", 2022
    ).targets
    assert (whole.part_of, part.part_of) == ("", "光伏装机")
