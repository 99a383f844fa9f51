"""Direct and indirect cuts on the page, in Word and as a workbook. All figures are synthetic: power
from outside takes a quarter of the 400 万tce that plants make from 2023 on, 100 万tce or 81.367
亿kWh, which are bought from Sichuan at 0.1564 kgCO2/kWh (2023, the newest): 127.26 万吨.
"""

import io

import openpyxl
import pytest
from docx import Document
from filed_rows import file_rows
from power_place_filed import CELLS, EXCHANGE, ROW

from hengtan.desk.outlook_choices import Wanted
from hengtan.desk.outlook_papers import pathway_file_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.pathway_page import pathway_view
from hengtan.report.page.pathway import pathway_context

LINE = {"地区": "重庆市", "措施编号": "line", "措施名称": "外电", "部门": "all"}
LINE |= {"改变什么": "排放因子", "充分实施的效果": 25, "开始年份": 2023, "推进年数": 0}
LINE |= {"能源品种": "电力", "由什么替代": "外购电", "效果的性质": "假设", "推进的性质": "假设"}
LINE |= {"年运行费": "1000万元", "运行费的性质": "假设"}
KWH = 100e4 / 1.229e-4
SICHUAN, GUIZHOU = 0.1564, 0.5683
"""Published for 2023 (生态环境部公告2025年第47号). [kg/kWh]"""
HEADS = {
    "zh": ["直接减排（万吨）", "间接减排（万吨）", "合计减排（万吨）"],
    "en": ["Direct cut (10⁴ t)", "Indirect cut (10⁴ t)", "Cut in all (10⁴ t)"],
}


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", *CELLS)
    hand("energy_exchange", EXCHANGE)
    hand("measure_effects", LINE)
    return hand


def viewed(workspace):
    return pathway_view(workspace, Wanted("500000", until=2024))


def test_the_wedge_by_hand_and_after_a_correction(workspace, hand_in):
    desk = PathwayDesk(workspace, Asked("500000", until=2024))
    (wedge,) = desk.wedges(2024)
    assert wedge["indirect"] == pytest.approx(-KWH * SICHUAN / 1000, rel=1e-9)
    assert wedge["whole"] == pytest.approx(wedge["cut"] + wedge["indirect"])
    (step,) = desk.curve(2024)
    assert step["per_tonne"] == pytest.approx(1000e4 / wedge["whole"])
    (benefit,) = desk.benefit(100.0)
    assert benefit["direct"] == pytest.approx(2 * wedge["cut"])
    assert benefit["tonnes"] == pytest.approx(benefit["direct"] + benefit["indirect"])
    hand_in("energy_exchange", EXCHANGE, EXCHANGE | {"对方地区": "520000", "数量": 60})
    (after,) = PathwayDesk(workspace, Asked("500000", until=2024)).wedges(2024)
    mean = (SICHUAN + GUIZHOU) / 2  # half from each
    assert after["indirect"] == pytest.approx(-KWH * mean / 1000, rel=1e-9)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_paper_and_workbook_tell_them_apart(workspace, hand_in, lang):
    view = viewed(workspace)
    (row,) = pathway_context(view, lang)["pathway_wedges"]
    assert row["indirect"] == "−127"
    paper = Document(io.BytesIO(pathway_file_of(workspace, view, "docx", lang)))
    tables = [t for t in paper.tables if HEADS[lang][1] in [c.text for c in t.rows[0].cells]]
    assert len(tables) == 2  # wedges and costs
    for table in tables:
        heads = [cell.text for cell in table.rows[0].cells]
        assert heads[1:4] == HEADS[lang]
        assert table.rows[1].cells[2].text == "−127"
    book = openpyxl.load_workbook(io.BytesIO(pathway_file_of(workspace, view, "xlsx", lang)))
    sheet = next(each for each in book if "2024" in each.title)
    direct, indirect, whole = (cell.value for cell in sheet[2][4:7])
    assert indirect == pytest.approx(-127.258, abs=1e-3)
    assert whole == pytest.approx(direct + indirect)


def test_without_bought_power_there_is_one_column(workspace, tmp_path):
    cell = ROW | {"平衡表项目": "F.2.ind", "能源品种": "raw_coal", "数值": 10}
    motor = LINE | {"部门": "F.2.ind", "改变什么": "能源强度", "能源品种": "", "由什么替代": ""}
    file_rows(workspace, tmp_path, "regional_balance", [cell])
    file_rows(workspace, tmp_path, "measure_effects", [motor])
    view = viewed(workspace)
    paper = Document(io.BytesIO(pathway_file_of(workspace, view, "docx", "zh")))
    heads = [cell.text for table in paper.tables for cell in table.rows[0].cells]
    assert "减排（万吨）" in heads and "间接减排（万吨）" not in heads
    (wedge,) = view["study"]["wedges"]
    assert wedge["indirect"] is None and wedge["whole"] == wedge["cut"]


def test_a_counterpart_is_read_by_its_name_or_told_in_one_line(workspace, tmp_path):
    from hengtan.basis.errors import HengtanError

    with pytest.raises(HengtanError, match=r"第2行.*对方地区.*不认识.*四川"):
        file_rows(workspace, tmp_path, "energy_exchange", [EXCHANGE | {"对方地区": "邻省"}])
    named = [EXCHANGE | {"对方地区": name} for name in ("四川省", "西南电网", "500102")]
    file_rows(workspace, tmp_path, "energy_exchange", named)
    rows = workspace.execute("energy_exchange").to_pylist()
    assert {row["counterpart"] for row in rows} == {"510000", "SOUTHWEST", "500102"}
