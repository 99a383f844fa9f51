"""What a rule does not know it asks, refuses or tells: ambiguous words, contradictions, inputs that
are not used, drafts, answer pages, borrowed prices.

Figures are worked by hand beside each case.
"""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.desk.cases import Case, compute, read_cases, shipped
from hengtan.instruments.parameters import Parameters


@pytest.fixture(scope="module")
def calc():
    def run(rule, day, inputs, region="重庆", **more):
        return compute(shipped(), Case(rule, date.fromisoformat(day), region, inputs, **more))

    return run


def warned(result, *words) -> bool:
    return any(all(word in warning for word in words) for warning in result.warnings)


@pytest.mark.parametrize(
    "inputs",
    [
        {"行业": "钢铁", "类别": "允许类", "电量": "3亿千瓦时"},
        {"行业": "水泥", "类别": "允许类", "电量": "3000万千瓦时"},
        {"行业": "水泥", "电量": 1, "产品": "熟料"},
        {"行业": "钢铁", "类别": "淘汰类", "电量": 1},
    ],
)
def test_tiers_need_a_tier_or_the_energy_used(calc, inputs) -> None:
    with pytest.raises(HengtanError, match="没有给阶梯档次，也没有给单位产品能耗"):
        calc("tariff.differential_steel_cement", "2024-06-30", inputs)
    known = calc("tariff.differential_steel_cement", "2024-06-30", {**inputs, "阶梯档次": 1})
    assert known.outputs["tier_add"] == 0


def test_other_industries_have_no_tiers(calc) -> None:
    inputs = {"行业": "其他高耗能", "电量": 5}
    assert calc("tariff.differential_steel_cement", "2024-06-30", inputs).outputs["charge"] == 0


@pytest.mark.parametrize("mark", [",", "，", "、", ";", "；", ", ", "\n"])
def test_words_of_a_catalogue_are_parted_by_any_mark(calc, mark) -> None:
    row = {"编号": "3.2.1", "名称": "风电", "词语": f"光伏{mark}风力发电", "排除词": f"煤{mark}气"}
    inputs = {"项目说明": "甲风电场风力发电项目", "目录": [row]}
    result = calc("finance.catalogue_match", "2025-06-30", inputs)
    assert result.outputs == {"matched": "3.2.1", "count": 1.0}
    inputs["项目说明"] = "甲风力发电与煤层气项目"
    assert calc("finance.catalogue_match", "2025-06-30", inputs).outputs["count"] == 0


def test_a_borrowed_price_is_called_so(calc) -> None:
    """400 m3: 260 × 3.5 + 100 × 4.22 + 40 × 5.9 = 1568, at prices of the city's centre."""
    result = calc("tariff.water_residential", "2024-12-31", {"用水量": 400}, "武隆")
    assert result.outputs["bill"] == pytest.approx(1568)
    assert warned(result, "居民阶梯水价：档价", "重庆中心城区", "不是500156自己的")
    assert warned(result, "居民阶梯水价：档上限", "问答网页", "不是正式文件")
    own = {"tariff.water.tier_price": 3.0, "tariff.water.tier_upper": 260.0}
    own_price = calc(
        "tariff.water_residential", "2024-12-31", {"用水量": 10}, "武隆", parameters=own
    )
    assert not warned(own_price, "重庆中心城区") and own_price.outputs["bill"] == pytest.approx(30)


@pytest.mark.parametrize(
    ("source", "note", "scope", "region", "words"),
    [
        ("某方案（征求意见稿）", "", "", "500000", ("征求意见稿", "不是正式文件")),
        ("某草案", "", "", "500000", ("草案",)),
        ("某文件", "草案值", "", "500000", ("草案",)),
        ("网页问答 a.cn", "", "", "500000", ("问答网页",)),
        ("某文件", "", "主城区", "500156", ("主城区", "不是500156自己的")),
        ("某文件", "", "主城区", "500000", ("主城区",)),
    ],
)
def test_sources_that_are_no_law_are_called_so(source, note, scope, region, words) -> None:
    row = {
        "parameter": "a.rate",
        "region": "500000",
        "key": "",
        "value": 2.0,
        "unit": "",
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
        "law": "某法",
        "source": source,
        "confidence": "read",
        "certainty": "high",
        "note_zh": note,
        "scope_zh": scope,
    }
    asked = Parameters.of([row], date(2024, 1, 1), region)
    assert asked.value("a.rate") == 2.0 and asked.value("a.rate") == 2.0
    (warning,) = asked.warnings
    assert warning.startswith("a.rate") and all(word in warning for word in words)
    plain = Parameters.of([{**row, "source": "某文件", "note_zh": "", "scope_zh": ""}], asked.day)
    assert plain.value("a.rate", region="500000") == 2.0 and plain.warnings == []


def test_a_draft_is_a_proposal_and_only_assessed_industries_have_a_duty(calc) -> None:
    """50 亿 × (0.352 − 0.2) = 7.6 亿 kWh = 760,000 MWh of a draft's share."""
    inputs = {"行业": "电解铝", "用电量": "50亿千瓦时", "结算绿电电量": "10亿千瓦时"}
    later = calc("green.industry_share", "2026-11-28", inputs)
    assert later.outputs["gap"] == pytest.approx(760_000) and later.confidence == "proposal"
    assert warned(later, "重点行业绿电消费比例", "征求意见稿")
    assert later.outputs["duty"] == "考核范围没有查实"
    assert calc("green.industry_share", "2025-06-30", inputs).outputs["duty"] == "考核"
    for industry in ("钢铁", "水泥", "多晶硅"):
        watched = calc("green.industry_share", "2025-06-30", {**inputs, "行业": industry})
        assert watched.outputs["duty"] == "只监测，不考核" and warned(watched, "不是应补的义务")


EMISSION = {"排放口与污染物": "DA001 NOx", "许可年排放量": 50, "实际年排放量": 55}


def test_emission_above_the_permit_has_its_own_fine(calc) -> None:
    """排污许可管理条例 第三十四条: 200,000–1,000,000; a late report 5,000–20,000."""
    report = {"报告期": "2024年", "应报日期": "2025-01-31", "实报日期": "2025-02-10"}
    inputs = {"排放": [EMISSION], "执行报告": [report]}
    outputs = calc("permit.compliance", "2025-06-30", inputs).outputs
    assert (outputs["fine_min"], outputs["fine_max"]) == (5_000, 20_000)
    assert (outputs["over_fine_min"], outputs["over_fine_max"]) == (200_000, 1_000_000)
    assert "code_over_fine_min" not in outputs


def test_from_the_code_on_both_spans_are_shown(calc) -> None:
    """生态环境法典 第一千一百零三条 from 2026-08-15: 100,000–1,000,000, noise 20,000–200,000."""
    result = calc("permit.compliance", "2026-08-15", {"排放": [EMISSION]})
    assert result.outputs["over_fine_min"] == 200_000
    assert result.outputs["code_over_fine_min"] == 100_000 and warned(result, "须由法务确认")
    assert "fine_min" not in result.outputs
    noise = {"排放口与污染物": "厂界噪声", "许可浓度": 65, "实测浓度": 70}
    outputs = calc("permit.compliance", "2026-08-15", {"排放": [noise]}).outputs
    assert outputs["code_over_fine_max"] == 200_000


def test_a_kept_permit_has_no_fine(calc) -> None:
    outputs = calc("permit.compliance", "2025-06-30", {"排放": [{**EMISSION, "实际年排放量": 50}]})
    assert outputs.outputs["verdict"] == "符合" and "over_fine_min" not in outputs.outputs


@pytest.mark.parametrize(
    ("issued", "ends"),
    [
        ("2024-02-29", "2029-02-28"),
        ("2024-02-28", "2029-02-27"),
        ("2024-03-01", "2029-02-28"),
        ("2023-02-28", "2028-02-27"),
        ("2023-03-01", "2028-02-29"),
    ],
)
def test_a_permit_ends_the_day_before_its_day(calc, issued, ends) -> None:
    """Five years; 29 February 2024 has its day on 1 March 2029."""
    assert calc("permit.renewal", "2024-05-31", {"issued": issued}).outputs["ends"] == ends


WATER = {"取用水类型": "工业", "水源": "地下水", "取用水量": "12万立方米"}


def test_water_beyond_the_permit_is_refused_until_the_multiple_is_known(calc) -> None:
    """120,000 × 0.2 = 24,000; the 20,000 m3 beyond at twice the rate: 4,000 more."""
    inputs = {**WATER, "取水许可量": "10万立方米"}
    with pytest.raises(ParameterNotEstablished, match="超出的20000立方米按几倍征收没有查实"):
        calc("water_resource.charge", "2024-06-30", inputs)
    multiple = {"water_fee.over_permit_multiple": 2.0}
    result = calc("water_resource.charge", "2024-06-30", inputs, parameters=multiple)
    assert result.outputs["tax"] == pytest.approx(28_000)
    within = calc("water_resource.charge", "2024-06-30", {**WATER, "取水许可量": "12万立方米"})
    assert within.outputs["tax"] == pytest.approx(24_000)
    assert any(step.zh == "超许可水量" and step.value == 0 for step in within.steps)


@pytest.mark.parametrize(
    ("rule", "inputs", "words"),
    [
        (
            "water_resource.charge",
            {"取用水类型": "水力发电", "发电量": 1e6, "取水许可量": 5},
            "取水许可量",
        ),
        ("green.pv_self_use", {"年发电量": 10, "年自用电量": 5, "地区类别": "主城都市区"}, None),
        ("env_tax.water", {"排入污水集中处理场所": "是", "化学需氧量": 10}, "污染物排放量"),
        (
            "tariff.differential_steel_cement",
            {"行业": "钢铁", "阶梯档次": 1, "投产日期": "2020-01-01"},
            "投产日期",
        ),
    ],
)
def test_an_input_that_is_not_used_is_told(calc, rule, inputs, words) -> None:
    result = calc(rule, "2024-06-30", inputs)
    if words is None:
        assert not warned(result, "没有用到")
    else:
        assert warned(result, words, "没有用到")


def test_small_emitters_have_equivalents(calc) -> None:
    """600 pigs are 600 equivalents at 3 yuan; 50 hens and 100 pigs are below the threshold."""
    outputs = calc("env_tax.water", "2024-05-31", {"小型排放者": {"猪": 600}}).outputs
    assert outputs == {"tax": pytest.approx(1_800), "equivalents": pytest.approx(600)}
    for small, count in (({"牛": 100}, 1_000), ({"猪": 600, "牛": 100}, 1_600), ({"猪": 400}, 0)):
        outputs = calc("env_tax.water", "2024-05-31", {"小型排放者": small}).outputs
        assert outputs["equivalents"] == pytest.approx(count)


@pytest.mark.parametrize(
    ("rule", "inputs"),
    [
        (
            "env_tax.air",
            {"污染物排放量": {"二氧化硫": "1900kg"}, "浓度": {"SO2": 50}, "标准限值": {"SO2": 35}},
        ),
        ("env_tax.air", {"污染物排放量": {"烟尘": 1}, "浓度与标准之比": {"烟尘": 1.2}}),
        (
            "env_tax.water",
            {"污水量": 10, "浓度": {"COD": 80, "氨氮": 20}, "标准限值": {"COD": 100, "氨氮": 15}},
        ),
    ],
)
def test_a_concentration_beyond_its_standard_does_not_comply(calc, rule, inputs) -> None:
    with pytest.raises(HengtanError, match="却写着各次监测均达标"):
        calc(rule, "2024-03-31", {**inputs, "达标": "是"})
    assert calc(rule, "2024-03-31", {**inputs, "达标": "否"}).outputs["tax"] > 0


PLEDGE = {"持仓": "10万吨", "市场": "全国碳市场", "质押率": 0.6}


@pytest.mark.parametrize(
    ("how", "share"),
    [
        ({"价格折扣": 0.8}, 0.8),
        ({"折扣": "80%"}, 0.8),
        ({"折扣": "8折"}, 0.8),
        ({"折扣": "八折"}, 0.8),
        ({"折扣": "八五折"}, 0.85),
        ({"haircut": 0.2}, 0.8),
        ({"折减率": "20%"}, 0.8),
    ],
)
def test_a_discount_of_eight_tenths_is_eight_tenths_of_the_price(calc, how, share) -> None:
    """100,000 t × 62.36 yuan × 0.8 × 0.6 = 2,993,280 yuan, the mean price of 2025."""
    result = calc("carbon_finance.pledge", "2025-06-30", {**PLEDGE, **how})
    assert result.outputs["loan"] == pytest.approx(6_236_000 * share * 0.6)
    assert warned(result, "2025-01-01—2025-12-31的均价62.36", "不是当日价", "mee.gov.cn")
    price = next(step for step in result.steps if step.zh == "价格")
    assert "2025-01-01—2025-12-31" in price.how and "mee.gov.cn" in price.clause


@pytest.mark.parametrize("how", [{"折扣": 0.2}, {}, {"折扣": 0.8, "折减率": 0.2}])
def test_a_discount_that_may_mean_two_things_is_asked_about(calc, how) -> None:
    with pytest.raises(HengtanError, match="折"):
        calc("carbon_finance.pledge", "2025-06-30", {**PLEDGE, **how})


@pytest.mark.parametrize(
    ("inputs", "tax"),
    [
        ({"昼间超标": 7, "夜间超标": 5, "超标天数": 10}, None),
        ({"昼间超标": 7, "夜间超标": 5, "超标天数": 20}, 2_100),
        ({"昼间超标": 7, "夜间超标": 5, "昼夜超标天数": 10}, 1_050),
        ({"昼间超标": 7, "夜间超标": 5, "昼间超标天数": 10, "夜间超标天数": 20}, 1_400),
        ({"昼间超标": 7, "超标天数": 10}, 700),
        ({"夜间超标": 5, "超标天数": 10}, 350),
        ({"超标分贝数": 7, "超标天数": 10}, 700),
        ({"昼间实测": 72, "昼间标准": 65, "夜间实测": 50, "夜间标准": 55, "超标天数": 10}, 700),
        ({"超标分贝数": 7, "夜间超标": 5}, None),
        ({"实测值": 72, "标准限值": 65, "夜间标准": 55, "夜间实测": 60}, None),
        ({"昼间超标": 7, "昼间实测": 70, "昼间标准": 65}, None),
        ({"昼间超标": 7, "超标天数": 10, "昼间超标天数": 20}, None),
        ({"昼间标准": 65}, None),
        ({"超标天数": 10}, None),
    ],
)
def test_noise_of_day_and_night(calc, inputs, tax) -> None:
    """Bands: 7 dB 1,400 yuan a month, 5 dB 700; half below 15 days."""
    if tax is None:
        with pytest.raises(HengtanError):
            calc("env_tax.noise", "2019-05-31", inputs)
    else:
        assert calc("env_tax.noise", "2019-05-31", inputs).outputs["tax"] == pytest.approx(tax)


@pytest.mark.parametrize(
    ("inputs", "tax"),
    [
        ({"色度": "65倍", "色度限值": 25}, 115_200),
        ({"浓度": {"色度": 65}, "标准限值": {"色度": 25}}, 115_200),
        ({"色度超标倍数": 1.6}, 115_200),
        ({"色度": 65, "色度标准限值": 25, "色度超标倍数": 1.6}, 115_200),
        ({"色度": 20, "色度限值": 25, "COD": 1}, 3),
        ({"色度": 65}, None),
        ({"浓度": {"色度": 65}}, None),
        ({"色度": 65, "色度标准限值": 25, "色度超标倍数": 65}, None),
    ],
)
def test_colour_in_multiples(calc, inputs, tax) -> None:
    """120,000 t × (65 − 25) ÷ 25 ÷ 5 × 3 yuan = 115,200; a kilogram of COD is 3 yuan."""
    inputs = {**inputs, "污水量": "12万吨"}
    if tax is None:
        with pytest.raises(HengtanError, match="色度"):
            calc("env_tax.water", "2019-05-31", inputs)
    else:
        assert calc("env_tax.water", "2019-05-31", inputs).outputs["tax"] == pytest.approx(tax)


@pytest.mark.parametrize(
    ("amounts", "tax"),
    [
        ({"二氧化硫（吨）": 1.9}, 7_000),
        ({"二氧化硫(kg)": 1900}, 7_000),
        ({"二氧化硫（吨）": "1900千克"}, 7_000),
        ({"二氧化硫": 1900}, 7_000),
        ({"二氧化硫（吨）": 1.9, "二氧化硫": 1}, None),
        ({"二氧化硫（千瓦时）": 1.9}, None),
    ],
)
def test_a_unit_behind_a_name_is_applied(calc, amounts, tax) -> None:
    """1,900 kg ÷ 0.95 × 3.5 yuan = 7,000."""
    if tax is None:
        with pytest.raises(HengtanError):
            calc("env_tax.air", "2024-03-31", {"污染物排放量": amounts})
    else:
        outputs = calc("env_tax.air", "2024-03-31", {"污染物排放量": amounts}).outputs
        assert outputs["tax"] == pytest.approx(tax)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-11-30T16:30:00Z", date(2024, 12, 1)),
        ("2024-11-30T15:30:00Z", date(2024, 11, 30)),
        ("2024-12-01T00:30:00+08:00", date(2024, 12, 1)),
        ("'2024-11-30T16:30:00Z'", date(2024, 12, 1)),
        ("2024-11-30", date(2024, 11, 30)),
        ("2024年11月", date(2024, 11, 30)),
    ],
)
def test_the_day_of_a_case_is_that_of_beijing(tmp_path, moment, day) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"rule: permit.renewal\ndate: {moment}\ninputs: {{issued: 2024-02-29}}\n")
    assert [case.day for case in read_cases(path)] == [day]


def test_a_cycle_of_many_months_and_a_year_are_asked_about(calc) -> None:
    """重庆市物价局2012-06-14: a meter is read within two months; years are for prepaid meters."""
    power = "tariff.power_residential"
    for months, said in ((1, False), (2, False), (3, True)):
        result = calc(power, "2024-06-30", {"用电量": 100, "months": months})
        assert warned(result, "抄表周期的上限") == said
    yearly = calc(power, "2024-06-30", {"年用电量": 1200})
    assert warned(yearly, "预购电量智能电表")
    own = {f"tariff.power.tier_{what}.{n}": 0.5 for what in ("price", "upper") for n in (1, 2, 3)}
    elsewhere = calc(power, "2024-06-30", {"用电量": 1, "months": 2}, "000000", parameters=own)
    assert warned(elsewhere, "没有查实") and elsewhere.outputs["bill"] == pytest.approx(0.5)
