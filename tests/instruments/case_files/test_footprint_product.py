"""A lamp and its lighter design from the inventory to label and comparison, and one corrected
amount.

By hand: 2 kg of aluminium at 12 kg and 100 kWh at 0.5 kg are 24 + 50 = 74 kg CO2e; the design has
1.5 kg and 110 kWh, 18 + 55 = 73. With 1.8 kg it has 21.6 + 55 = 76.6.
"""

from __future__ import annotations

import pytest

KIND = "footprint_product"
LAMP, LIGHT = "某灯具", "某灯具（轻量）"


def product(system, **more):
    row = {"产品系统": system, "区县": "武隆区", "产品": system, "企业代码": "91500232MA5U00008K"}
    return row | more


def inventory(system, aluminium, power, variant_of=""):
    def row(process, direction, flow, amount, unit, stage="", factor=""):
        cells = (system, "2024", process, direction, flow, amount, unit, stage, factor)
        named = ("系统", "年份", "工序", "类型", "物料", "用量", "单位", "生命周期阶段", "因子")
        return dict(zip(named, cells, strict=True)) | {"因子来源": "某数据库", "基准方案": ""}

    return [
        row("制造", "产出", "灯", 1, "件", "原材料获取"),
        row("制造", "排放", "铝材", aluminium, "千克", "", "12"),
        row("使用", "产出", "照明", 1, "件", "使用"),
        row("使用", "投入", "灯", 1, "件"),
        row("使用", "排放", "电", power, "度", "", 0.5),
        row("功能单位", "功能单位", "照明", "1", "件") | {"基准方案": variant_of},
    ]


def rows(aluminium):
    return inventory(LAMP, "2.0", 100) + inventory(LIGHT, aluminium, " 110 ", LAMP)


def limit(number, value):
    row = {"地区": "重庆市", "参数": f"碳标识：{number}级上限", "取值": value}
    return row | {"施行日期": "2024-01-01", "文件": "某认证规则（测试）"}


def test_an_inventory_becomes_label_and_design_and_a_correction_another(hand_in, said, due):
    certified = {"核查报告日期": "2024-06-30", "授予日期": "2024-09-01", "到期日期": "2026-08-31"}
    hand_in("footprint_products", [product(LAMP, **certified), product(LIGHT)])
    hand_in("footprint_exchanges", rows(1.5))
    first = said(KIND)
    label = first[LAMP, "label.standing", "2024"]
    assert label == {"ratio": pytest.approx(74 / 73.5), "verdict": "已核查，可申请标识"}
    assert first[LIGHT, "label.standing", "2024"]["verdict"] == "缺本年或以后的核查"
    assert "本地规定的参数" in first[LAMP, "label.class", "2024"]["not_established"]
    design = first[LIGHT, "product.design", "2024"]
    assert design["difference"] == pytest.approx(-1)
    assert (design["worse"], design["verdict"]) == ("使用", "优于基准方案")
    assert due(KIND)[LAMP, "label", ""] == ("2026-08-31", "overdue")
    hand_in("local_parameters", [limit(1, "0.9"), limit(2, 1), limit(3, "110%")])
    hand_in("footprint_exchanges", rows("1.8"))  # the mean becomes 75.3
    second = said(KIND)
    assert second[LIGHT, "product.design", "2024"]["verdict"] == "不优于基准方案"
    classes = [second[name, "label.class", "2024"]["class"] for name in (LAMP, LIGHT)]
    assert classes == ["2级", "3级"]  # 0.983 and 1.017
