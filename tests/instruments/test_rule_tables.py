"""A rule over a table: what identifies a row comes back, what is not used is said, totals are no
cases, a row a pollutant is read, nothing is guessed.

Figures are worked by hand beside each table: power 0.52 yuan to 200 kWh, 0.57 to 400, 0.82 above;
sulfur dioxide 0.95 kg an equivalent, 3.5 yuan in Chongqing from 2021.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from hengtan.basis.days import day_of
from hengtan.basis.english_names import CHINESE
from hengtan.cli.main import app
from hengtan.desk.cases import shipped
from hengtan.desk.rule_pieces import any_edition, read_pieces
from hengtan.instruments.registry import rules
from hengtan.ledger.reading.streams import PIECE
from hengtan.report.rule_template import IN_CELLS, RuleTemplate, write_rule_template

POWER, AIR, WATER, NOISE = (
    "tariff.power_residential",
    "env_tax.air",
    "env_tax.water",
    "env_tax.noise",
)


@pytest.fixture
def calc(tmp_path):
    """Compute a table of text by a rule: the exit code, what is said, the result as a frame."""

    def run(rule, text, *options, to="结果.csv", name="表.csv", encoding="utf-8"):
        table, out = tmp_path / name, tmp_path / to
        if isinstance(text, str):
            table.write_text(text, encoding=encoding)
        arguments = ["calc", "--rule", rule, "--table", str(table), "--to", str(out), *options]
        answer = CliRunner().invoke(app, arguments)
        rows = None
        if out.exists() and out.suffix == ".csv":
            rows = pd.read_csv(out, dtype={"户号": str, "序号": str, "统一社会信用代码": str})
        return answer, rows, out

    return run


AT = ("--date", "2024-05-31", "--region", "500000")


def test_columns_that_identify_come_back(calc) -> None:
    """137 × 0.52 = 71.24; 582: 200 × 0.52 + 200 × 0.57 + 182 × 0.82 = 367.24."""
    answer, rows, _ = calc(POWER, "户号,用电量\n0000000001,137\n0000000002,582\n", *AT)
    assert answer.exit_code == 0, answer.output
    assert rows["户号"].tolist() == ["0000000001", "0000000002"]
    assert rows["bill"].tolist() == pytest.approx([71.24, 367.24])


@pytest.mark.parametrize(
    "heading",
    [
        "企业",
        "企业名称",
        "户名",
        "序号",
        "备注",
        "地址",
        "月份",
        "用户编号",
        "联系电话",
        "id",
        "title",
    ],
)
def test_any_identifying_heading_passes(calc, heading) -> None:
    answer, rows, _ = calc(POWER, f"{heading},用电量\n7,100\n", *AT)
    assert answer.exit_code == 0, answer.output
    assert rows["bill"].tolist() == pytest.approx([52.0])
    assert str(rows[heading][0]) == "7" and f"原样带回　{heading}" in answer.output
    assert "没有用到" not in answer.output


@pytest.mark.parametrize("heading", ["企业", "序号", "备注", "月份", "统一社会信用代码"])
def test_identifying_headings_pass_where_pollutants_stand_beside_inputs(calc, heading) -> None:
    """env_tax takes names of pollutants as columns; a code of digits is none of them."""
    text = f"{heading},二氧化硫,氮氧化物\n12,95,\n13,,190\n"
    answer, rows, _ = calc(AIR, text, *AT)
    assert answer.exit_code == 0, answer.output
    assert rows["tax"].tolist() == pytest.approx([350.0, 700.0])


def test_a_rule_of_one_formula_keeps_identifying_columns(calc, tmp_path) -> None:
    """Cost = 100 × 60 % × 1.75 %, at once from Parquet and row by row from CSV."""
    frame = pd.DataFrame(
        {
            "户号": ["001", "002"],
            "principal": [100.0, -1.0],
            "loan_rate": [0.04, 0.04],
            "funding_rate": [0.02, 0.02],
            "cost": ["旧", "旧"],
        }
    )
    frame.to_parquet(tmp_path / "贷款.parquet")
    options = ("--date", "2024-06-30")
    answer, rows, _ = calc("finance.relending", None, *options, name="贷款.parquet")
    assert answer.exit_code == 0, answer.output
    assert rows["户号"].tolist() == ["001", "002"] and rows["cost"].tolist() == ["旧", "旧"]
    assert rows["cost_result"][0] == pytest.approx(1.05)
    assert pd.isna(rows["cost_result"][1]) and "不小于0" in rows["refused"][1]
    text = "户号,本金说明,principal,loan_rate,funding_rate\n001,x,100,0.04,0.02\n"
    answer, rows, _ = calc("finance.relending", text, *options)
    assert answer.exit_code == 0 and rows["cost"][0] == pytest.approx(1.05)


def test_a_column_that_is_no_input_is_told_with_what_it_may_be(calc) -> None:
    answer, _, _ = calc(POWER, "户号,用电量,家庭人口数量\n1,100,5\n", *AT, "--json")
    tally = json.loads(answer.stdout)
    assert tally["not_used"] == ["家庭人口数量"] and tally["carried"] == ["户号", "家庭人口数量"]
    answer, _rows, _ = calc(POWER, "户号,用电量,家庭人口数量\n1,100,5\n", *AT)
    assert "没有用到　“家庭人口数量”不是这条规则的输入项，是否为“家庭人口数”" in answer.output


def test_a_table_without_any_input_is_refused(calc) -> None:
    answer, _, out = calc(POWER, "户号,水量\n1,100\n", *AT)
    assert answer.exit_code == 1 and "表里没有这条规则的输入项" in str(answer.exception)
    assert not out.exists()


def test_a_table_in_which_every_row_is_refused_fails_and_some_are_counted(calc) -> None:
    answer, rows, _ = calc(POWER, "户号,用电量\n1,-5\n2,x\n", *AT)
    assert answer.exit_code == 1 and "2 行，2 行未能计算" in answer.output
    assert rows["refused"].notna().all()
    answer, rows, _ = calc(POWER, "户号,用电量\n1,-5\n2,100\n", *AT)
    assert answer.exit_code == 0 and "2 行，1 行未能计算" in answer.output
    assert "未能计算　输入项“用电量”：“-5”不能为负" in answer.output


@pytest.mark.parametrize(
    ("cell", "quantity", "bill"),
    [("300①", 300, 161.0), ("18²", 18, 9.36), ("300*", 300, 161.0), ("300③", 300, 161.0)],
)
def test_a_footnote_mark_is_no_digit(calc, cell, quantity, bill) -> None:
    """300: 200 × 0.52 + 100 × 0.57 = 161; 18 × 0.52 = 9.36; the mark is told in the notes."""
    answer, rows, _ = calc(POWER, f"日期,地区,用电量\n2024-05-31,500000,{cell}\n")
    assert answer.exit_code == 0, answer.output
    assert rows["quantity"][0] == quantity and rows["bill"][0] == pytest.approx(bill)
    assert cell in rows["notes"][0] and "注" in rows["notes"][0]


@pytest.mark.parametrize("code", ["9.18899E+17", "918899000000000000", "1.2E+15"])
def test_a_code_that_lost_its_digits_is_told(calc, code) -> None:
    answer, rows, _ = calc(POWER, f"户号,用电量\n{code},100\n001,100\n", *AT)
    assert answer.exit_code == 0 and rows["bill"].tolist() == pytest.approx([52, 52])
    assert "“户号”" in rows["notes"][0] and pd.isna(rows["notes"][1])


def test_a_decimal_comma_is_refused_as_on_import(calc) -> None:
    answer, rows, _ = calc(POWER, '日期,地区,用电量\n2024-05-31,500000,"3,5"\n', *AT)
    assert answer.exit_code == 1 and "不是数字" in rows["refused"][0]
    answer, rows, _ = calc(POWER, '户号,用电量\n1,"1,300"\n2,"13,5"\n', *AT)
    assert rows["quantity"][0] == 1300 and "不是数字" in rows["refused"][1]


@pytest.mark.parametrize("word", ["合计", "总计", "小 计", "Total", "全市", "甲乙小计", "平均"])
def test_a_printed_total_is_no_case(calc, word) -> None:
    answer, rows, _ = calc(POWER, f"户名,用电量\n甲,100\n乙,100\n{word},200\n", *AT, "--json")
    tally = json.loads(answer.stdout)
    assert (tally["rows"], tally["computed"], tally["totals"], tally["refused"]) == (3, 2, 1, 0)
    assert rows["bill"].sum() == pytest.approx(104.0) and "合计行" in rows["refused"][2]


@pytest.mark.parametrize(
    ("heading", "cell", "quantity"),
    [
        ("用电量（万千瓦时）", "0.03", 300),
        ("用电量(千瓦时)", "300", 300),
        ("用电量/度", "300", 300),
        ("本月用电量（度）", "300", 300),
        ("用电量（万千瓦时）", "300千瓦时", 300),
    ],
)
def test_the_unit_of_a_heading_is_applied(calc, heading, cell, quantity) -> None:
    """300 kWh: 200 × 0.52 + 100 × 0.57 = 161."""
    answer, rows, _ = calc(POWER, f"户号,{heading}\n1,{cell}\n", *AT)
    assert answer.exit_code == 0, answer.output
    assert rows["quantity"][0] == pytest.approx(quantity) and rows["bill"][0] == pytest.approx(161)


def test_a_unit_of_another_kind_in_a_heading_is_refused(calc) -> None:
    answer, rows, _ = calc(POWER, "户号,用电量（吨）\n1,300\n", *AT)
    assert answer.exit_code == 1 and "吨" in rows["refused"][0]


def test_the_unit_above_the_table_is_applied_or_refused(calc) -> None:
    answer, rows, _ = calc(POWER, "单位：万千瓦时,\n户号,用电量\n1,0.03\n", *AT)
    assert answer.exit_code == 0 and rows["bill"][0] == pytest.approx(161)
    answer, _, out = calc(POWER, "单位：万吨,\n户号,用电量\n1,0.03\n", *AT, to="b.csv")
    assert answer.exit_code == 1 and "没有一个输入项是这个单位" in str(answer.exception)
    assert not out.exists()


LONG = """序号,企业,日期,污染物,排放量(千克),浓度(mg/m3),标准限值,达标
1,甲厂,2024-05-31,二氧化硫,1900,20,100,是
2,甲厂,2024-05-31,氮氧化物,950,150,200,是
3,甲厂,2024-05-31,烟尘,218,,,是
4,甲厂,2024-05-31,一氧化碳,16.7,,,是
5,乙厂,2024-05-31,二氧化硫,95,,,
6,,,合计,3179.7,,,
"""


def test_a_row_a_pollutant(calc) -> None:
    """Of an outlet the first three: 1900 ÷ 0.95 × 3.5 × 50 % = 3500 (20 of 100 mg/m³); 950 ÷ 0.95 ×
    3.5 × 75 % is not due, 150 of 200 being 75 %: 3500; 218 ÷ 2.18 × 3.5 = 350; the fourth is not
    taxed. 乙厂: 95 ÷ 0.95 × 3.5 = 350.
    """
    answer, rows, _ = calc(AIR, LONG, "--region", "500000")
    assert answer.exit_code == 0, answer.output
    assert rows["tax"].tolist()[:5] == pytest.approx([3500, 3500, 350, 0, 350])
    assert rows["equivalents"].tolist()[:5] == pytest.approx([2000, 1000, 100, 1, 100])
    assert pd.isna(rows["tax"][5]) and "合计行" in rows["refused"][5]
    assert rows["企业"].tolist()[:5] == ["甲厂"] * 4 + ["乙厂"]
    assert "不在污染当量数前3项" in rows["notes"][3]


def test_a_row_a_pollutant_adds_up_to_the_case(calc, tmp_path) -> None:
    """The parts of the rows are the tax of the outlet as a single case computes it."""
    text = "排放口,污染物,数量,单位\nA,COD,2,吨\nA,氨氮,80,千克\nA,总磷,25,kg\nA,石油类,1,kg\n"
    answer, rows, _ = calc(WATER, text.replace("数量", "排放量"), *AT)
    assert answer.exit_code == 0, answer.output
    # COD 2000 + 氨氮 100 + 总磷 100 equivalents × 3 yuan; 石油类 10 is the fourth of its class
    assert rows["tax"].tolist() == pytest.approx([6000, 300, 300, 0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("企业,污染物,排放量\n甲,二氧化硫,95\n甲,二氧化硫,95\n", "有两行"),
        ("企业,污染物,排放量\n甲,二氧化流,95\n", "税目里没有"),
        ("企业,污染物,排放量,浓度,标准限值,达标\n甲,二氧化硫,1900,50,35,是\n", "143%"),
    ],
)
def test_a_row_a_pollutant_that_cannot_be_read_is_refused(calc, text, words) -> None:
    answer, rows, _ = calc(AIR, text, *AT)
    assert answer.exit_code == 1 and words in rows["refused"][0]


def test_heads_of_small_emitters_stand_as_columns(calc) -> None:
    """600 pigs 600 equivalents, 60 cows 600 (one tenth of a cow each); 400 pigs are not taxed."""
    answer, rows, _ = calc(WATER, "养殖场名称,猪,牛\n甲,600,\n乙,400,60\n", *AT)
    assert answer.exit_code == 0, answer.output
    assert rows["tax"].tolist() == pytest.approx([1_800, 1_800])


@pytest.mark.parametrize(("name", "words"), [("颗粒物", "按“烟尘”"), ("二氧化流", "税目里没有")])
def test_a_column_of_figures_that_is_no_pollutant_is_refused(calc, name, words) -> None:
    answer, rows, _ = calc(AIR, f"企业,二氧化硫,{name}（千克）\n甲,95,5\n", *AT)
    assert answer.exit_code == 1 and words in rows["refused"][0]


def test_concentrations_and_amounts_stand_side_by_side(calc) -> None:
    """80 mg/L and 10 mg/L of 10,000 t: 800 kg and 100 kg ÷ 0.8; 0.001 t ÷ 0.25: 929 × 3 yuan."""
    text = "单位名称,废水排放量(万吨),COD(mg/L),氨氮浓度(mg/L),总磷(吨)\n甲,1,80,10,0.001\n"
    answer, rows, _ = calc(WATER, text, *AT)
    assert answer.exit_code == 0, answer.output
    assert rows["equivalents"][0] == pytest.approx(929) and rows["tax"][0] == pytest.approx(2_787)


def test_noise_with_names_and_one_count_of_days(calc) -> None:
    """甲: 7 dB by day 1,400, 5 by night 700, 10 days of which is not said: asked. 乙: 20 dB by day
    11,200, 6 by night 700; 20 days halve nothing, whosever they are.
    """
    text = (
        "企业,日期,昼间标准,夜间标准,昼间噪声,夜间噪声,超标天数\n"
        "甲,2019-05-31,65,55,72,60,10\n乙,2019-05-31,68,58,88,64,20\n"
    )
    answer, rows, _ = calc(NOISE, text)
    assert answer.exit_code == 0 and rows["企业"].tolist() == ["甲", "乙"]
    assert "昼间的、夜间的还是昼夜" in rows["refused"][0] and pd.isna(rows["tax"][0])
    assert rows["tax"][1] == pytest.approx(11_900)
    answer, rows, _ = calc(NOISE, text.replace("超标天数", "昼夜超标天数"))
    assert rows["tax"].tolist() == pytest.approx([1_050, 11_900])


def test_colour_as_a_dilution_multiple(calc) -> None:
    """(65 − 25) ÷ 25 = 1.6 beyond; 120,000 t × 1.6 ÷ 5 × 3 yuan = 115,200."""
    text = "企业,日期,污水量(万吨),色度,色度限值\n甲,2019-05-31,12,65,25\n乙,2019-05-31,12,65,\n"
    _answer, rows, _ = calc(WATER, text, "--region", "500000")
    assert rows["tax"][0] == pytest.approx(115_200)
    assert "稀释倍数还是超标倍数" in rows["refused"][1]


def test_days_are_those_of_beijing(calc, tmp_path) -> None:
    """16:30 UTC on 30 November is 0:30 on 1 December: the tax, whose rate is not established."""
    charge = {"地区": ["500156"], "取用水类型": ["一般取用水"], "水源": ["地表水"], "取水量": [1e4]}
    for hour, refused in ((15, False), (16, True)):
        moment = pa.array([datetime(2024, 11, 30, hour, 30, tzinfo=UTC)], pa.timestamp("us", "UTC"))
        pq.write_table(pa.table({"日期": moment, **charge}), tmp_path / "u.parquet")
        answer, rows, _ = calc("water_resource.charge", None, name="u.parquet")
        assert answer.exit_code == int(refused), answer.output
        assert pd.isna(rows["tax"][0]) if refused else rows["tax"][0] == 1000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-11-30T16:30:00Z", "2024-12-01"),
        ("2024-11-30 15:59:59+00:00", "2024-11-30"),
        ("2024-12-01T00:30:00+08:00", "2024-12-01"),
        ("2024-11-30 23:30:00", "2024-11-30"),
        ("2024年11月30日", "2024-11-30"),
        ("45626", "2024-11-30"),
    ],
)
def test_moments_as_text(text, day) -> None:
    assert day_of(text).isoformat() == day


def test_a_result_as_a_workbook(calc) -> None:
    answer, _, out = calc(POWER, "户号,户名,用电量\n007,=1+1,300\n008,乙,x\n", *AT, to="结果.xlsx")
    assert answer.exit_code == 0, answer.output
    book = openpyxl.load_workbook(out)
    header, first, second = book["结果"].iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert (row["户号"], row["户名"], row["bill"]) == ("007", "=1+1", 161)
    assert book["结果"]["B2"].data_type == "s"
    assert "不是数字" in dict(zip(header, second, strict=True))["refused"]
    notes = {next(str(v) for v in line if v is not None) for line in book["提示"].values}
    assert {"规则", "原样带回", "提示", "未能计算"} <= notes


@pytest.mark.parametrize("suffix", [".txt", ".docx", ".json"])
def test_other_files_are_refused_before_anything_is_computed(calc, suffix) -> None:
    answer, _, out = calc(POWER, "户号,用电量\n1,300\n", *AT, to=f"结果{suffix}")
    assert answer.exit_code == 1 and not out.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_ledger_longer_than_a_piece_in_any_encoding(calc, encoding) -> None:
    """Each of 45,000 households uses 100 kWh, 52 yuan; the last one is a total."""
    lines = "".join(f"{n:06d},100\n" for n in range(2 * PIECE + 5_000))
    text = f"居民用电台账\n户号,用电量\n{lines}合计,4500000\n"
    answer, rows, _ = calc(POWER, text, *AT, encoding=encoding)
    assert answer.exit_code == 0, answer.output
    assert len(rows) == 45_001 and rows["bill"].sum() == pytest.approx(45_000 * 52)


def test_a_ledger_is_read_a_piece_at_a_time(tmp_path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("户号,用电量\n" + "1,100\n" * (3 * PIECE), encoding="utf-8")
    pieces = read_pieces(shipped(), path, POWER)
    assert [table.num_rows for table in pieces.tables] == [PIECE] * 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("户号,用电量,用电量\n1,2,3\n", "表头重复"),
        ("户号,用电量\n1,2,3\n", "格数多于表头"),
        ("户号,用电量,用电量(度)\n1,2,3\n", "几列都是同一输入项"),
        ("户号,用电量\n", "没有行"),
    ],
)
def test_a_table_that_cannot_be_read_leaves_no_file(calc, text, words) -> None:
    answer, _, out = calc(POWER, text, *AT)
    assert answer.exit_code == 1 and words in str(answer.exception)
    assert "\n" not in str(answer.exception) and not out.exists()


def test_a_result_never_replaces_its_table(calc, tmp_path) -> None:
    text = "户号,用电量\n1,100\n"
    answer, _, out = calc(POWER, text, *AT, to="表.csv")
    assert answer.exit_code == 1 and "原表" in str(answer.exception)
    assert out.read_text(encoding="utf-8") == text


def test_a_rule_of_rows_asks_for_a_case(calc) -> None:
    answer, _, _ = calc("permit.month", "企业,月量\n甲,5\n", *AT)
    assert answer.exit_code == 1 and "案例文件" in str(answer.exception)


def test_figures_are_written_without_noise(calc) -> None:
    """0.1 + 0.2 in floats is 0.30000000000000004; 137 × 0.52 is 71.24."""
    _, _, out = calc(POWER, "户号,用电量\n1,137\n", *AT)
    assert ",71.24," in out.read_text(encoding="utf-8-sig")


def test_a_further_sheet_is_told(calc, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "一月"
    other = book.create_sheet("二月")
    for sheet in (book.active, other):
        sheet.append(["户号", "用电量"])
        sheet.append(["1", 100])
    book.save(tmp_path / "b.xlsx")
    answer, rows, _ = calc(POWER, None, *AT, name="b.xlsx")
    assert answer.exit_code == 0 and "其余工作表：二月" in answer.output and len(rows) == 1


WHO_WHEN_WHERE = {
    "zh": ({"企业名称", "排放口"}, "日期", "地区"),
    "en": ({"Company", "Outlet"}, "Date", "Region"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("rule", sorted({rule.id for rule in rules()}))
def test_a_template_of_any_rule_is_read_back(rule, lang, tmp_path) -> None:
    """Every heading of a template but who, when and where is an input of the rule, and the same one
    in both languages.
    """
    described = any_edition(rule).as_dict()
    if not any(item["kind"] in IN_CELLS for item in described["inputs"]):
        return
    path = write_rule_template(described, tmp_path / "a.csv", lang)
    titles = RuleTemplate(described, lang).headings()
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join("1" for _ in titles) + "\n")
    columns = read_pieces(shipped(), path, rule).columns
    who, when, where = WHO_WHEN_WHERE[lang]
    assert set(columns.carried) <= who and columns.unknown == ()
    assert (columns.day, columns.region) == (when, where)
    assert lang == "zh" or not [title for title in titles if CHINESE.search(title)]


@pytest.mark.parametrize(
    "arguments", [["calc", "--rule", NOISE, "--template", "--to"], ["rule", "template", NOISE]]
)
def test_a_template_is_written_filled_and_computed(calc, tmp_path, arguments) -> None:
    path = tmp_path / "模板.xlsx"
    arguments = [*arguments, str(path)]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    row = {"企业名称": "甲", "日期": "2019-05-31", "昼间超标分贝数（分贝）": 7}
    sheet.append([row.get(cell.value) for cell in sheet[1]])
    book.save(path)
    answer, rows, _ = calc(NOISE, None, name="模板.xlsx")
    assert answer.exit_code == 0, answer.output
    assert rows["tax"][0] == 1400 and rows["企业名称"][0] == "甲"


def test_an_english_template_is_filled_and_computed_and_corrected(calc, tmp_path) -> None:
    """7 dB above the limit by day: 1,400 yuan a month; 5 dB: 700 (the steps of the tax law)."""
    path = tmp_path / "cases.xlsx"
    arguments = ["rule", "template", NOISE, str(path), "--lang", "en"]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    described = any_edition(NOISE).as_dict()
    turned = dict(
        zip(*(RuleTemplate(described, lang).headings() for lang in ("zh", "en")), strict=True)
    )
    above = turned["昼间超标分贝数（分贝）"]
    for decibels, tax in ((7, 1400), (5, 700)):
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        sheet.delete_rows(2, 2)
        row = {"Company": "Plant A", "Date": "2019-05-31", above: decibels}
        sheet.append([row.get(cell.value) for cell in sheet[1]])
        book.save(path)
        answer, rows, _ = calc(NOISE, None, name="cases.xlsx")
        assert answer.exit_code == 0, answer.output
        assert rows["tax"][0] == tax and rows["Company"][0] == "Plant A"


def test_a_template_of_a_case(tmp_path) -> None:
    path = write_rule_template(any_edition("permit.compliance").as_dict(), tmp_path / "a.yaml")
    text = path.read_text(encoding="utf-8")
    assert "rule: permit.compliance" in text and "许可年排放量" in text
    arguments = ["calc", "--rule", "permit.compliance", "--template", "--to", str(tmp_path / "a.b")]
    assert CliRunner().invoke(app, arguments).exit_code == 1


def test_a_whole_table_of_one_formula_tells_its_sources(calc, tmp_path) -> None:
    """The rate of 2025-05-07 is second-hand and inferred; 100 × 0.6 × 0.015 = 0.9."""
    path = tmp_path / "贷款.parquet"
    loans = {"principal": [100.0, 100.0], "loan_rate": [0.04, 0.04], "funding_rate": [0.02, 0.02]}
    pd.DataFrame(loans).to_parquet(path)
    answer, rows, _ = calc("finance.relending", None, "--date", "2025-06-30", name=path.name)
    assert answer.exit_code == 0 and rows["cost"].tolist() == pytest.approx([0.9, 0.9])
    for words in ("碳减排支持工具：年利率 取自二手转引", "碳减排支持工具：年利率 含推断", "2 行"):
        assert words in answer.output
    answer, rows, _ = calc("finance.relending", None, "--date", "2026-06-30", name=path.name)
    assert answer.exit_code == 1 and rows["cost"].isna().all()
    assert rows["refused"].str.contains("中国人民银行2026").all()
