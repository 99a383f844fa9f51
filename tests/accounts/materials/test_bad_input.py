"""What cannot be is refused with one line that names file, row, field and remedy."""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

YEAR = {"地区": "武隆区", "年度": "2025"}
ASH = YEAR | {"固废种类": "粉煤灰", "处置量": 0, "利用往年贮存量": 0}
PIGS = YEAR | {"养殖场类别": "规模养殖场", "畜种": "生猪"}
FILM = YEAR | {"农膜种类": "地膜", "含杂率": 0, "其中往年残膜": 0}
CROP = YEAR | {"作物": "小麦", "播种面积": 100, "草谷比": 1.2, "可收集系数": 0.8}
USES = {"肥料化": 0, "饲料化": 0, "燃料化": 0, "基料化": 0, "原料化": 0}
STRAW = CROP | USES | {"外县调入量": 0, "调出量": 0, "单产": 300}
TICKET = {"地区": "武隆区", "单位": "甲厂", "物料": "废纸", "日期": "2025-03-01", "种类": "收进"}
COUNT = {"单位": "甲厂", "物料": "废纸", "盘点日期": "2025-12-31", "重量单位": "吨"}
MONTH = {"地区": "武隆区", "月份": "2025年3月", "厨余垃圾": 1000, "可回收物": 500}


@pytest.mark.parametrize(
    ("form", "row", "field", "says"),
    [
        (
            "solid_waste_years",
            ASH | {"产生量": 10, "综合利用量": 12},
            "综合利用量",
            "综合利用量大于产生量加利用往年贮存量",
        ),
        ("manure_years", PIGS | {"产生量": 10, "利用量": 11}, "粪污利用量", "超过100%"),
        ("film_years", FILM | {"使用量": 10, "回收量": 11}, "回收量", "超过100%"),
        ("straw_years", STRAW | {"肥料化": 29}, "肥料化", "超过100%"),
        ("straw_years", STRAW | {"单产": 1300}, "单产", "部里台账程序"),
        ("straw_years", STRAW | {"草谷比": 2.6}, "草谷比", "上限"),
        ("material_stocks", COUNT | {"库存量": -3}, "库存量", "库存小于零"),
        ("material_flows", TICKET | {"数量": 3, "重量单位": "立方米"}, "重量单位", "不是质量单位"),
        (
            "material_flows",
            TICKET | {"数量": 25_400, "重量单位": "吨", "车牌号": "渝A12345"},
            "数量",
            "千克写成了吨",
        ),
        (
            "material_flows",
            TICKET | {"数量": 3, "重量单位": "吨", "种类": "转移"},
            "去向",
            "转移没有写接收单位",
        ),
        ("material_flows", TICKET | {"数量": 6, "重量单位": "亿吨"}, "数量", "万与亿写错"),
        (
            "material_flows",
            TICKET | {"毛重": 20, "皮重": 8, "数量": 13, "重量单位": "吨"},
            "数量",
            "净重不等于毛重减皮重",
        ),
        (
            "msw_months",
            MONTH | {"其他垃圾": 2000, "服务人口": 40},
            "服务人口",
            "吨与千克、人与万人写错",
        ),
        (
            "waste_paths",
            YEAR | {"废物": "污水处理厂污泥", "去向": "产生", "数量": 3},
            "含水率",
            "污泥",
        ),
        (
            "published_rates",
            YEAR | {"比率": "straw_use", "公布值": "145%", "文件": "某公报"},
            "公布值",
            "超过100%",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_row_field_and_remedy(
    workspace, hand_in, form, row, field, says
):
    with pytest.raises(ImportRejected) as refused:
        hand_in(form, [row])
    (line,) = str(refused.value).splitlines()
    assert f"{form}.csv" in line and "第2行" in line and field in line and says in line
    assert refused.value.todo and workspace.ledger.submissions() == []


@pytest.mark.parametrize(("unit", "taken"), [("万吨", True), ("亿吨", False), ("千克", False)])
def test_a_year_in_a_unit_far_from_the_year_before_is_refused(hand_in, unit, taken):
    """530 万吨 after 500 万吨 is usual; 530 亿吨 and 530 kg are the unit written wrong."""

    def year(number, unit):
        amounts = {f"产生量（{unit}）": 500 + 30 * (number - 2024), f"综合利用量（{unit}）": 400}
        return (
            YEAR
            | {"年度": number, "固废种类": "粉煤灰", "处置量": 0, "利用往年贮存量": 0}
            | amounts
        )

    hand_in("solid_waste_years", [year(2024, "万吨")])
    if taken:
        assert hand_in("solid_waste_years", [year(2025, unit)]).rows == 1
    else:
        with pytest.raises(ImportRejected, match=r"第2行.*五十倍"):
            hand_in("solid_waste_years", [year(2025, unit)])


def test_a_load_without_a_plate_beyond_one_vehicle_is_to_be_confirmed(hand_in):
    """25,400 t on a manifest without a plate are told, and 25,400 kg are not, nor what a note says
    came by ship."""
    load = TICKET | {"数量": 25_400, "联单编号": "L1", "重量单位": "吨", "备注": ""}
    kilograms = load | {"重量单位": "千克", "联单编号": "L2"}
    shipped = load | {"备注": "船运", "联单编号": "L3"}
    taken = hand_in("material_flows", [load, kilograms, shipped])
    doubted = [f for f in taken.findings if f.code == "load-without-plate"]
    assert [(f.level, f.where.row, f.where.column) for f in doubted] == [("warning", 2, "数量")]
    assert "假定" in str(doubted[0]) and "核对单位" in str(doubted[0])


def test_a_blank_is_missing_and_never_zero(hand_in, rows_of):
    """Food waste used is blank in one of twelve months: no rate that needs it is given."""
    month = {"地区": "武隆区", "其他垃圾": 3, "厨余垃圾": 2, "可回收物": 1, "厨余利用量": 1}
    rows = [month | {"月份": f"2025年{n}月"} for n in range(1, 13)]
    hand_in("msw_months", [*rows[:11], rows[11] | {"厨余利用量": ""}])
    rates = {row["definition"]: row for row in rows_of("material_rates", place="500156")}
    assert rates["msw.recovery_cleared"]["value"] is None
    assert rates["msw.recovery_cleared"]["missing"].startswith("quantity_lacks|厨余利用量")
    assert rates["msw.two_streams"]["value"] == pytest.approx(50)
