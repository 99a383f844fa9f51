"""What a template says of how it is filled in is no data of it."""

import openpyxl
import pytest

HEADS = ["地区", "时期", "能源消费总量"]
NOTE = "一行一个累计时期（2025年1-6月）。填报说明见“填报说明”；带 * 的为必填。"


@pytest.fixture
def page(tmp_path):
    """Write lines above a table of two rows whose period column has another head."""

    def write(*above, head="某时段"):
        book = openpyxl.Workbook()
        for line in above:
            book.active.append([line])
        book.active.append([HEADS[0], head, HEADS[2]])
        book.active.append(["青禾区", "2022", 12.5])
        book.active.append(["石桥县", "2022", 8.5])
        book.save(tmp_path / "表.xlsx")
        return tmp_path / "表.xlsx"

    return write


@pytest.mark.parametrize("note", [NOTE, "填报说明：时期如 2025年1-6月", "带 * 的为必填，如 2024年"])
def test_an_example_of_the_instructions_is_no_period(import_of, page, note):
    reading = import_of("monthly_figures", page("区县月度能源经济数据", note))
    assert not any(reading.table["period"].to_pylist())
    assert [finding.code for finding in reading.errors] == ["missing-column"]


def test_a_title_still_gives_the_period(import_of, page):
    reading = import_of("monthly_figures", page("2025年1-6月区县月度能源经济数据", NOTE))
    assert reading.table["period"].to_pylist() == ["2025-01..06", "2025-01..06"]


def test_a_unit_beside_the_instructions_still_holds(import_of, page):
    path = page("单位：吨标准煤；带 * 的为必填", head="时期")
    reading = import_of("monthly_figures", path)
    # 12.5 t and 8.5 t in 10^4 t, or refused
    assert reading.errors or reading.table["energy"].to_pylist() == [0.00125, 0.00085]


@pytest.mark.parametrize("head", ["时期 Period", "时期\nPeriod", "时期/Period", "时期* Period"])
def test_a_head_in_two_languages_is_one_head(import_of, page, head):
    reading = import_of("monthly_figures", page("区县月度能源经济数据", NOTE, head=head))
    assert reading.table["period"].to_pylist() == ["2022", "2022"] and reading.errors == []


@pytest.mark.parametrize("head", ["时期 Place", "时期 Mtoe", "时期 Periodical"])
def test_a_head_of_two_meanings_is_not_guessed(import_of, page, head):
    reading = import_of("monthly_figures", page("区县月度能源经济数据", head=head))
    assert not any(reading.table["period"].to_pylist())
    assert [finding.code for finding in reading.errors] == ["missing-column"]
