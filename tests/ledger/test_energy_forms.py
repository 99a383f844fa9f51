"""The energy and carbon forms: files as people have them, cross-checks within a row, and
comparisons with other rows.
"""

import openpyxl
import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.ledger.comparisons import compare
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form

CODE = "91500108MA5U000001"


@pytest.fixture(scope="module")
def pack():
    return packs.load("chongqing")


@pytest.fixture(scope="module")
def forms(pack):
    return {name: Form.from_dict(spec) for name, spec in pack.forms().items()}


@pytest.fixture(scope="module")
def words(pack):
    from types import SimpleNamespace

    from hengtan.desk.lookups import lookups

    return lookups(SimpleNamespace(pack=pack))


@pytest.fixture
def read(forms, pack, words):
    return lambda form, path: read_form(path, forms[form], places=pack.places(), lookups=words)


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_205_sheet_with_a_merged_title_wan_units_full_width_digits_and_a_total_line(
    read, tmp_path
):
    path = workbook(
        tmp_path / "205-1.xlsx",
        [
            ["能源购进、消费与库存（2025年3月）"],
            [
                "所在区县",
                "统一社会信用代码",
                "企业名称",
                "行业",
                "报告期",
                "能源名称",
                "计量单位",
                "年初库存量",
                "购进量",
                "消费量",
                "用于原材料",
                "期末库存",
                "采用折标系数",
            ],
            [
                "武隆区",
                CODE,
                "合成水泥厂（虚构）",
                "非金属矿物制品业",
                "2025年3月",
                "原煤",
                "万吨",
                0.5,
                "１.２",
                1.1,
                None,
                0.6,
                0.7143,
            ],
            [
                "武隆区",
                CODE,
                "合成水泥厂（虚构）",
                "30",
                "2025年1-3月",
                "电力",
                "万千瓦时",
                None,
                "1,200.5",
                "1,200.5",
                None,
                None,
                1.229,
            ],
            ["合计", None, None, None, None, None, None, None, None, None, None, None, None],
        ],
    )
    reading = read("enterprise_energy", path)
    assert not reading.errors, [str(f) for f in reading.findings]
    coal, power = reading.table.to_pylist()
    assert (coal["place"], coal["industry"], coal["product"], coal["period"]) == (
        "500156",
        "30",
        "raw_coal",
        "2025-03",
    ) and power["period_kind"] == "cumulative"
    assert coal["purchased"] == pytest.approx(12000) or (
        coal["purchased"] == pytest.approx(1.2) and coal["unit"] == "万吨"
    )
    assert power["consumed"] == pytest.approx(1200.5) and power["product"] == "electricity"


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ({"opening": 100.0, "purchased": 50.0, "consumed": 60.0, "closing": 100.0}, "books-close"),
        ({"consumed": 10.0, "feedstock": 11.0}, "feedstock-part"),
        ({"consumed": 10.0, "transport": 11.0}, "transport-part"),
        ({"consumed": 10.0, "in_power": 6.0, "in_heat": 5.0}, "input-part"),
        ({"consumed": -1.0}, "consumed-negative"),
        ({}, "amount-needed"),
    ],
)
def test_a_cross_check_fires(forms, amounts, code):
    assert code in codes(forms, amounts)


@pytest.mark.parametrize(
    "amounts",
    [
        {"opening": 100.0, "purchased": 50.0, "consumed": 60.0, "closing": 90.0},
        {"opening": 100.0, "purchased": 50.0, "consumed": 60.0, "closing": 90.4},
        {"consumed": 10.0, "feedstock": 10.0, "transport": 0.0},
        {
            "opening": 0.0,
            "produced": 30.0,
            "transformation_out": 20.0,
            "consumed": 10.0,
            "sold": 40.0,
            "closing": 0.0,
        },
        {"purchased": 10.0},
    ],
)
def test_a_cross_check_stays_silent(forms, amounts):
    assert codes(forms, amounts) <= {"source-missing"}


def codes(forms, amounts):
    row = {
        "place": "500156",
        "entity": CODE,
        "product": "raw_coal",
        "unit": "吨",
        "period": "2025-03",
    } | amounts
    return {
        f.code for f in forms["enterprise_energy"].check(table(forms["enterprise_energy"], [row]))
    }


def table(form, rows):
    from hengtan.basis.period import Period

    in_ledger = []
    for number, row in enumerate(rows, 2):
        period = Period.parse(row["period"])
        written = {
            f"{f.id}_original": str(row[f.id])
            for f in form.fields
            if f.type == "quantity" and row.get(f.id) is not None
        }
        in_ledger.append(
            {
                **dict.fromkeys(form.columns()),
                **row,
                **written,
                "period_kind": period.kind,
                "period_start": period.start,
                "period_end": period.end,
                "_source_row": number,
            }
        )
    return pa.Table.from_pylist(
        in_ledger, schema=pa.schema([*form.schema(), ("_source_row", pa.int64())])
    )


@pytest.fixture
def compared(forms, pack):
    from hengtan.packs.arrow import to_arrow

    form = forms["enterprise_energy"]
    ranges = {"heat_value_ranges": to_arrow(pack, "heat_value_ranges")}

    def run(rows, in_ledger=()):
        base = {"place": "500156", "entity": CODE, "product": "raw_coal", "unit": "吨"}
        mine = table(form, [base | r for r in rows])
        theirs = table(form, [base | r for r in in_ledger]) if in_ledger else None
        return [(f.code, f.where.row) for f in compare(form, mine, theirs, ranges=ranges)]

    return run


def test_a_jump_against_the_month_before_is_told_whether_it_stands_in_the_file_or_the_ledger(
    compared,
):
    assert compared(
        [{"period": "2025-01", "consumed": 100.0}, {"period": "2025-02", "consumed": 301.0}]
    ) == [("last-period", 3)]
    assert compared(
        [{"period": "2025-02", "consumed": 30.0}],
        in_ledger=[{"period": "2025-01", "consumed": 100.0}],
    ) == [("last-period", 2)]
    assert (
        compared(
            [{"period": "2025-02", "consumed": 299.0}],
            in_ledger=[{"period": "2025-01", "consumed": 100.0}],
        )
        == []
    )


def test_amounts_in_other_units_are_compared_as_amounts(compared):
    assert (
        compared(
            [{"period": "2025-02", "consumed": 0.01, "unit": "万吨"}],
            in_ledger=[{"period": "2025-01", "consumed": 100.0}],
        )
        == []
    )
    assert compared(
        [{"period": "2025-02", "consumed": 100.0, "unit": "万吨"}],
        in_ledger=[{"period": "2025-01", "consumed": 100.0}],
    ) == [("last-period", 2)], "ten thousand times as much"


def test_a_row_handed_in_again_is_not_compared_with_itself(compared):
    assert (
        compared(
            [{"period": "2025-01", "consumed": 500.0}],
            in_ledger=[{"period": "2025-01", "consumed": 100.0}],
        )
        == []
    )


def test_the_same_months_of_the_year_before_are_what_a_cumulative_is_held_against(compared):
    in_ledger = [
        {"period": "2024-01..06", "consumed": 600.0},
        {"period": "2025-01..03", "consumed": 310.0},
    ]
    assert compared([{"period": "2025-01..06", "consumed": 630.0}], in_ledger=in_ledger) == []
    assert compared([{"period": "2025-01..06", "consumed": 2000.0}], in_ledger=in_ledger) == [
        ("last-period", 2)
    ]


def test_a_unit_price_far_from_the_median_of_five_peers_is_told(compared):
    firms = [
        {"period": "2025-01", "entity": f"E{n}", "purchased": 10.0, "purchase_value": 7000.0 + n}
        for n in range(5)
    ]
    assert compared(firms) == []
    assert compared(
        [
            *firms,
            {"period": "2025-01", "entity": "E9", "purchased": 10.0, "purchase_value": 70000.0},
        ]
    ) == [("unit-price", 7)]
    assert (
        compared(
            [
                *firms[:3],
                {"period": "2025-01", "entity": "E9", "purchased": 10.0, "purchase_value": 70000.0},
            ]
        )
        == []
    ), "four are no peers to judge by"


def test_a_heat_value_outside_what_the_factor_sets_publish_is_told_in_any_unit(compared):
    # gasoline: 43.0 to 44.8 GJ/t in the sets, widened by a tenth
    assert (
        compared(
            [{"period": "2025-01", "product": "gasoline", "ncv": 43070.0, "ncv_unit": "千焦/千克"}]
        )
        == []
    )
    assert compared(
        [{"period": "2025-01", "product": "gasoline", "ncv": 430.70, "ncv_unit": "千焦/千克"}]
    ) == [("heat-range", 2)]
    assert (
        compared(
            [{"period": "2025-01", "product": "gasoline", "ncv": 10287.0, "ncv_unit": "千卡/千克"}]
        )
        == []
    ), "10287 kcal/kg is 43.07 GJ/t"


def test_a_cumulative_that_falls_and_months_that_do_not_add_up_are_told(compared):
    assert compared(
        [{"period": "2025-01..02", "consumed": 200.0}, {"period": "2025-01..03", "consumed": 190.0}]
    ) == [("cumulative-falls", 3)]
    months = [{"period": f"2025-0{n}", "consumed": 100.0} for n in (1, 2, 3)]
    assert compared([*months, {"period": "2025-01..03", "consumed": 300.2}]) == [], (
        "four figures right to 0.05 each may miss by 0.2"
    )
    assert compared([*months, {"period": "2025-01..03", "consumed": 300.9}]) == [
        ("months-add-up", 5)
    ]
    assert compared([*months, {"period": "2025-01..03", "consumed": 350.0}]) == [
        ("months-add-up", 5)
    ]
    assert compared([*months[:2], {"period": "2025-01..03", "consumed": 350.0}]) == [], (
        "a month is not in yet"
    )


def test_a_standard_quantity_must_say_its_convention(forms):
    form = forms["regional_balance"]
    row = {
        "place": "500000",
        "period": "2024",
        "balance_row": "F",
        "product": "electricity",
        "quantity_kind": "standard",
        "value": 1.0,
        "unit": "万吨标准煤",
    }
    assert "convention-needed" in {
        f.code for f in form.check(table(form, [row | {"convention": "none"}]))
    }
    assert not form.check(table(form, [row | {"convention": "equivalent"}]))


@pytest.mark.parametrize(
    ("form", "header", "row"),
    [
        (
            "regional_balance",
            ["地区", "年份", "项目", "品种", "数量种类", "折算方法", "数值", "单位"],
            ["重庆市", 2024, "可供本地区消费的能源量", "原煤", "实物量", None, "-1,234.5", "万吨"],
        ),
        (
            "industrial_products",
            ["地区", "时间", "产品名称", "产量", "单位", "增加值（万元）"],
            ["武隆区", "2024年", "水泥熟料", "１２.5", "万吨", 300],
        ),
        (
            "farm_activity",
            ["地区", "年份", "项目", "饲养方式", "存栏", "单位"],
            ["武隆区", 2024, "奶牛", "农户饲养", 1.2, "万头"],
        ),
        (
            "forest_activity",
            ["地区", "年份", "项目", "数量", "单位"],
            ["武隆区", 2024, "竹林面积年变化", -3, "公顷"],
        ),
        (
            "waste_activity",
            ["地区", "年份", "项目", "类型", "数量", "单位"],
            ["武隆区", 2024, "生活垃圾填埋量", "管理", 3.2, "万吨"],
        ),
        (
            "energy_exchange",
            ["地区", "年份", "品种", "方向", "对方地区", "电量", "单位"],
            ["重庆市", 2024, "电力", "调入", "510000", 300, "亿千瓦时"],
        ),
        (
            "gdp_values",
            ["地区", "年份", "价格", "基期", "GDP", "单位"],
            ["重庆市", 2024, "不变价", 2020, 30000, "亿元"],
        ),
        (
            "coal_rate",
            ["地区", "年份", "种类", "供电煤耗", "单位", "来源"],
            ["重庆市", 2024, "供电煤耗", 302.5, "克标准煤/千瓦时", "统计年鉴"],
        ),
    ],
)
def test_every_form_reads_a_plain_sheet_with_the_words_people_use(
    read, tmp_path, form, header, row
):
    reading = read(form, workbook(tmp_path / f"{form}.xlsx", [header, row]))
    assert not reading.errors, [str(f) for f in reading.findings]
    assert reading.table.num_rows == 1


def test_a_gbk_file_is_read(read, tmp_path):
    path = tmp_path / "产量.csv"
    path.write_bytes(
        "地区,时间,产品名称,产量,单位\r\n武隆区,2024-03,水泥熟料,1000,吨\r\n".encode("gbk")
    )
    (row,) = read("industrial_products", path).table.to_pylist()
    assert (row["item"], row["amount"], row["period"]) == ("cement_clinker", 1000.0, "2024-03")
