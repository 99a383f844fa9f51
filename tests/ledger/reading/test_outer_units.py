"""The unit over a column (header, second header line, line above the table) is applied or refused,
in every numeric field; the year over a column is held against the period.
"""

from __future__ import annotations

import pytest

MONTHLY = "地区,时期,{header},来源\n青禾区,2025年1-6月,{cell},快报\n"


def test_units_of_headers_convert_to_those_of_the_fields(import_of, values):
    """612,000 t of coal equivalent are 61.2 of 万吨; 8,000,000 万元 are 800 亿元; 45,678 万千瓦时
    are 4.5678 亿千瓦时.
    """
    reading = import_of("monthly_figures", "k02a")
    figures = [values(reading, name)[0] for name in ("energy", "gdp", "gdp_growth", "electricity")]
    assert figures == [61.2, 800.0, 5.1, 4.5678]
    assert reading.errors == []


def test_money_in_ten_thousands_is_stored_in_yuan(import_of, values):
    assert values(import_of("enterprise_energy", "k02b"), "purchase_value") == [80000.0]


@pytest.mark.parametrize("title", ["单价（元）", "单位热值（GJ）", "分配参数（吨/件）"])
def test_a_unit_over_a_number_without_a_unit_of_its_own_is_refused(
    import_of, text_file, errors, title
):
    head = f"产品系统,时期,过程,方向,名称,数量,计量单位,{title},来源\n"
    text = head + "丁木板,2024,压制,产出,丁木板,1,件,5,表\n"
    reading = import_of("footprint_exchanges", text_file(text))
    assert errors(reading) == [("header-unit", 1, title)]


def test_an_unknown_unit_over_a_number_without_a_unit_says_to_drop_it(import_of, text_file):
    """The form has no unit to name, so that none is named as one that would do."""
    head = "产品系统,时期,过程,方向,名称,数量,计量单位,分配参数（吨/斛）,来源\n"
    text = head + "丁木板,2024,压制,产出,丁木板,1,件,5,表\n"
    (error,) = import_of("footprint_exchanges", text_file(text)).errors
    assert "“吨/斛”像单位而不认识" in str(error) and "去掉表头括号里的单位" in str(error)


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("能源消费总量（吨标准煤）", "612000", "energy", 61.2),
        ("能源消费总量(吨标煤)", "612000", "energy", 61.2),
        ("能源消费总量/吨标准煤", "612000", "energy", 61.2),
        ("能源消费总量：吨标准煤", "612000", "energy", 61.2),
        ("能源消费总量 吨标准煤", "612000", "energy", 61.2),
        ("能源消费总量（单位：吨标准煤）", "612000", "energy", 61.2),
        ("能源消费总量（吨标准煤）", "61.2万", "energy", 61.2),
        ("能源消费总量（吨标准煤）", "61.2万吨标准煤", "energy", 61.2),
        ("能源消费总量①（吨标准煤）", "612000", "energy", 61.2),
        ("2025年能源消费总量（吨标准煤）", "612000", "energy", 61.2),
        ("能源消费总量［吨标准煤］", "６１２０００", "energy", 61.2),
        ("GDP（万元）", '"8,000,000"', "gdp", 800.0),
        ("GDP(千元)", "80000000", "gdp", 800.0),
        ("全社会用电量（万千瓦时）", "45678", "electricity", 4.5678),
        ("全社会用电量（GWh）", "456.78", "electricity", 4.5678),
        ("煤炭消费量（吨）", "250000", "coal", 25.0),
        ("能源活动二氧化碳排放（吨二氧化碳）", "1500000", "co2", 150.0),
        ("能源活动二氧化碳排放（ktCO2e）", "1500", "co2", 150.0),
        ("能源消费总量", "612000吨标准煤", "energy", 61.2),
        ("能源消费总量（万吨标准煤）", "61.2", "energy", 61.2),
    ],
)
def test_a_unit_beside_a_title_is_applied(import_of, text_file, values, header, cell, field, value):
    reading = import_of("monthly_figures", text_file(MONTHLY.format(header=header, cell=cell)))
    assert (values(reading, field), reading.errors) == ([value], [])


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("能源消费总量（吨）", "612000", "header-unit"),
        ("能源消费总量（亿千瓦时）", "61.2", "header-unit"),
        ("GDP（美元）", "8", "header-unit"),
        ("能源消费总量（万吨原煤）", "61.2", "header-unit"),
        ("能源消费总量（斛）", "61.2", "header-unit"),
        ("能源消费总量（吨/人）", "61.2", "header-unit"),
        ("能源消费总量（万吨标准煤）", "61.2万", "multiple-twice"),
        ("能源消费总量", "61.2万", "multiple-twice"),
        ("能源消费总量（吨标准煤）", "61.2吨", "unit-conflict"),
    ],
)
def test_a_unit_that_does_not_fit_is_told(import_of, text_file, header, cell, code):
    reading = import_of("monthly_figures", text_file(MONTHLY.format(header=header, cell=cell)))
    assert [f.code for f in reading.errors] == [code]


MEASURES = [
    "分",
    "担",
    "桶",
    "万桶",
    "桶油当量",
    "石",
    "文",
    "亿",
    "万",
    "英镑",
    "千伏",
    "吨钢",
    "套",
]


@pytest.mark.parametrize(
    "measure", [*MEASURES, "甑", "元每人", "上年=100", "分，现价", "每户", "Barrels", "metric t"]
)
@pytest.mark.parametrize("header", ["GDP（{}）", "能源消费总量【{}】", "2025年煤炭消费量({})"])
def test_a_measure_that_is_no_unit_we_know_is_refused(
    import_of, text_file, errors, header, measure
):
    title = header.format(measure)
    reading = import_of("monthly_figures", text_file(MONTHLY.format(header=title, cell="800")))
    assert errors(reading) == [("header-unit", 1, title)]
    assert reading.table.num_rows == 1


@pytest.mark.parametrize(
    ("title", "measure"), [("数值（分）", "万吨"), ("完成值（桶）", "%"), ("指标值(亿)", "亿元")]
)
def test_a_measure_over_amounts_with_a_column_of_units_is_refused(
    import_of, text_file, errors, title, measure
):
    head = f"地区,指标,时期,{title},计量单位,来源\n"
    path = text_file(f"{head}青禾区,能源消费总量,2024,61.5,{measure},年鉴\n")
    assert errors(import_of("indicator_values", path)) == [("header-unit", 1, title)]


@pytest.mark.parametrize("below", ["分", "（担）", "万桶"])
def test_a_measure_in_a_line_of_units_is_refused_and_the_others_are_read(
    import_of, text_file, errors, values, below
):
    titles = "地区,时期,能源消费总量,GDP,来源"
    path = text_file(f"{titles}\n,,吨标准煤,{below},\n青禾区,2025年1-6月,612000,8,快报\n")
    reading = import_of("monthly_figures", path)
    assert [code for code, _, _ in errors(reading)] == ["header-unit"]
    assert values(reading, "energy") == [61.2]


def test_a_measure_alone_below_the_titles_is_no_line_of_units(import_of, text_file, errors):
    path = text_file("地区,时期,GDP,来源\n,,分,\n青禾区,2025年1-6月,8,快报\n")
    assert ("not-a-number", 2, "GDP") in errors(import_of("monthly_figures", path))


REMARKS = ["现价", "可比价", "快报数", "2025年", "含原料用能", "当年价", "初步数", "预计", "本地"]


@pytest.mark.parametrize(
    "remark",
    [
        *REMARKS,
        "Net",
        "preliminary",
        "as of last count",
        "不含油田",
        "规上",
        "月",
        "按发电煤耗",
        "新口径",
        "季度",
        "月度",
    ],
)
def test_a_remark_in_brackets_is_no_unit(import_of, text_file, values, remark):
    reading = import_of(
        "monthly_figures", text_file(MONTHLY.format(header=f"GDP（{remark}）", cell="800"))
    )
    assert (values(reading, "gdp"), reading.errors) == ([800.0], [])
    is_year = remark == "2025年"
    assert [f.code for f in reading.findings] == ([] if is_year else ["header-remark"])


@pytest.mark.parametrize(
    ("header", "gdp", "remark"),
    [
        ("GDP（万元，现价）", 800.0, "现价"),
        ("GDP（现价、万元）", 800.0, "现价"),
        ("GDP（初步数，现价；万元）", 800.0, "初步数,现价"),
        ("GDP（万元）（现价）", 800.0, "现价"),
        ("地区生产总值（GDP）（万元）", 800.0, None),
    ],
)
def test_a_unit_among_remarks_is_applied(import_of, text_file, values, header, gdp, remark):
    """8,000,000 万元 are 800 亿元."""
    path = text_file(MONTHLY.format(header=header, cell="8000000"))
    reading = import_of("monthly_figures", path)
    assert (values(reading, "gdp"), reading.errors) == ([gdp], [])
    assert [f.zh for f in reading.findings if remark and f"“{remark}”" in f.zh] == [
        f.zh for f in reading.findings
    ]


TWO = "地区,时期,能源消费总量,GDP,来源\n青禾区,2025年1-6月,612000,8000000,快报\n"


@pytest.mark.parametrize(
    ("line", "energy", "gdp"),
    [
        ("单位：吨标准煤、万元\n", 61.2, 800.0),
        ("单位: 万元 吨标准煤\n", 61.2, 800.0),
        ("（计量单位：吨标准煤，万元）\n", 61.2, 800.0),
        ("各区县能源消费（吨标准煤）与产出（万元）\n", 61.2, 800.0),
    ],
)
def test_the_line_above_serves_each_column_of_its_kind(
    import_of, text_file, values, line, energy, gdp
):
    reading = import_of("monthly_figures", text_file(line + TWO))
    assert (values(reading, "energy"), values(reading, "gdp")) == ([energy], [gdp])
    assert reading.errors == []


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("单位：万元\n", [("warning", "能源消费总量")]),
        ("单位：吨标准煤、万吨标准煤、万元\n", [("error", "能源消费总量")]),
        ("单位：斛\n", [("error", "能源消费总量"), ("error", "GDP")]),
    ],
)
def test_a_line_above_that_fits_nothing_or_twice_is_told(import_of, text_file, line, answers):
    reading = import_of("monthly_figures", text_file(line + TWO))
    codes = ("line-unit", "line-units")
    assert [(f.level, f.where.column) for f in reading.findings if f.code in codes] == answers


def test_a_line_of_units_below_the_titles(import_of, text_file, values):
    path = text_file(
        "地区,时期,能源消费总量,GDP,来源\n,,吨标准煤,万元,\n青禾区,2025年1-6月,612000,8000000,快报\n"
    )
    reading = import_of("monthly_figures", path)
    assert (values(reading, "energy"), values(reading, "gdp"), reading.errors) == (
        [61.2],
        [800.0],
        [],
    )


def test_a_column_of_units_in_a_form_of_fixed_units(import_of, text_file, errors):
    form = "地区,单位代码,单位名称,时期,累计综合能源消费量,计量单位\n"
    row = "青禾区,91889901MA5U00001X,甲木厂,2025年1-6月,100,{}\n"
    same = import_of("key_unit_months", text_file(form + row.format("吨标准煤")))
    other = import_of("key_unit_months", text_file(form + row.format("万吨标准煤")))
    assert errors(same) == []
    assert errors(other) == [("unit-column", 1, "计量单位")]


@pytest.mark.parametrize(("cell", "share"), [("0.5", 0.005), ("60", 0.6), ("60%", 0.6)])
def test_a_part_of_one_under_a_header_of_per_cent(import_of, text_file, values, cell, share):
    path = text_file(
        "产品系统,时期,过程,方向,名称,数量,计量单位,分配方法,分配比例（%）\n"
        f"板,2024,压制,产出,板,1,件,给定比例,{cell}\n"
    )
    assert values(import_of("footprint_exchanges", path), "allocation") == [share]


def test_the_year_over_a_column_is_held_against_the_period(import_of, errors):
    assert errors(import_of("indicator_values", "k12a")) == [("header-year", 2, "2023年完成值")]


@pytest.mark.parametrize(
    ("title", "period", "agrees"),
    [
        ("2023年完成值", "2023", True),
        ("2023年完成值", "2023年1-6月", True),
        ("2023年度完成值", "2024", False),
        ("2023完成值", "2022", False),
        ("完成值", "2024", True),
    ],
)
def test_years_over_columns(import_of, text_file, errors, title, period, agrees):
    path = text_file(
        f"地区,指标,时期,计量单位,{title},来源\n青禾区,森林覆盖率,{period},%,65.1,监测表\n"
    )
    refused = errors(import_of("indicator_values", path))
    assert refused == ([] if agrees else [("header-year", 2, title)])


def test_two_amounts_under_units_of_their_own_share_the_unit_of_the_row(
    import_of, text_file, values
):
    """1 万吨 bought and 90 吨 used are 1 and 0.009 of 万吨."""
    path = text_file(
        "地区,统一社会信用代码,单位名称,时期,能源品种,购进量（万吨）,消费量（吨）\n"
        "青禾区,91889901MA5U00001X,甲,2025-06,原煤,1,90\n"
    )
    reading = import_of("enterprise_energy", path)
    assert (values(reading, "unit"), values(reading, "purchased")) == (["万吨"], [1.0])
    assert (values(reading, "consumed"), reading.errors) == ([0.009], [])


@pytest.mark.parametrize("header", ["能源消费总量（万 tce）", "能源消费总量（ 万吨标准煤 ）"])
def test_spaces_in_a_unit_are_nothing(import_of, text_file, values, header):
    path = text_file(MONTHLY.format(header=header, cell="61.2"))
    reading = import_of("monthly_figures", path)
    assert (values(reading, "energy"), reading.findings) == ([61.2], [])


@pytest.mark.parametrize(
    ("above", "below", "code"),
    [
        ("（万吨）\n", "", "line-unit"),
        ("单位：万千瓦时\n", "", "line-unit"),
        ("", "注：本表单位为吨标准煤\n", "note-unit"),
        ("", "说明：单位均为万吨\n", "note-unit"),
    ],
)
def test_a_unit_around_the_table_that_cannot_be_applied_is_an_error(
    import_of, text_file, above, below, code
):
    path = text_file(above + MONTHLY.format(header="能源消费总量", cell="61.2") + below)
    assert [f.code for f in import_of("monthly_figures", path).errors] == [code]


def test_a_note_in_the_unit_of_the_form_is_a_note(import_of, text_file):
    text = MONTHLY.format(header="能源消费总量", cell="61.2") + "注：单位为万吨标准煤\n"
    assert import_of("monthly_figures", text_file(text)).errors == []


@pytest.mark.parametrize(
    ("header", "cell", "volume", "says"),
    [
        ("用水量（万吨）", "12", 120_000.0, "1 万吨 = 10,000 立方米"),
        ("用水量（万吨）", "5000吨", 5_000.0, "1 万吨 = 10,000 立方米"),
        ("用水量（万立方米）", "12万吨", 120_000.0, "1 万吨 = 10,000 立方米"),
        ("用水量", "5000吨", 5_000.0, "1 吨 = 1 立方米"),
        ("用水量（万立方米）", "12", 120_000.0, None),
    ],
)
def test_tonnes_of_water_are_cubic_metres_and_it_is_told(
    import_of, text_file, values, header, cell, volume, says
):
    """A cubic metre of water weighs a tonne: 12 万吨 are 120,000 m³, 5,000 吨 are 5,000 m³."""
    text = f"地区,年份,用水户,{header}\n青禾区,2025年,工业,{cell}\n"
    reading = import_of("water_use_by_user", text_file(text))
    assert (values(reading, "volume"), reading.errors) == ([volume], [])
    said = [str(finding) for finding in reading.findings if finding.code == "unit-by-kind"]
    assert any(says in line for line in said) if says else said == []


def test_tonnes_of_coal_equivalent_are_no_water(import_of, text_file, errors):
    text = "地区,年份,用水户,用水量（万吨标准煤）\n青禾区,2025年,工业,12\n"
    reading = import_of("water_use_by_user", text_file(text))
    assert errors(reading) == [("header-unit", 1, "用水量（万吨标准煤）")]


@pytest.mark.parametrize("cell", ["1,234", "1234户", "0.1234万户", "1234 户"])
def test_counts_may_be_written_with_their_unit(import_of, text_file, values, cell):
    """The unit of the field, or that over the column, may stand behind a whole number."""
    text = f'行政村代码,年份,垃圾分类收运,生活污水,户数（户）\nv1,2024,是,治理,"{cell}"\n'
    reading = import_of("village_years", text_file(text))
    assert (values(reading, "households"), reading.errors) == ([1234], [])


@pytest.mark.parametrize(
    ("cell", "code"), [("12.5户", "not-an-integer"), ("12吨", "unit-conflict")]
)
def test_what_is_no_count_is_refused_at_its_cell(import_of, text_file, errors, cell, code):
    text = f"行政村代码,年份,垃圾分类收运,生活污水,户数\nv1,2024,是,治理,{cell}\n"
    assert errors(import_of("village_years", text_file(text))) == [(code, 2, "户数")]


@pytest.mark.parametrize(
    ("vintage", "tonnes", "price"), [("2024", "12000", "80"), ("2024年", "1.2万吨", "80元/吨")]
)
def test_years_and_the_units_in_titles_of_a_form_may_stand_in_the_cells(
    import_of, text_file, values, vintage, tonnes, price
):
    """12,000 t of the year 2024 at 80 yuan/t, in bare figures and as people write them."""
    head = "流水号,日期,事项,账户,买方,配额年度,数量（吨）,价格（元/吨）\n"
    text = head + f"1,2025-03-01,交易,甲,乙,{vintage},{tonnes},{price}\n"
    reading = import_of("ets_entries", text_file(text))
    read = [values(reading, name) for name in ("vintage", "tonnes", "price")]
    assert (read, reading.errors) == ([[2024], [12_000], [80.0]], [])
