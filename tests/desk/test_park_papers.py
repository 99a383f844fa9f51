"""The supply of a park by month and by the hour, on the page, in Word and as a workbook.

The park uses 1,000 kW in every hour of 2025; 1,000 kW of sun shine at full from 8 to 16 (8 of 24
hours). Power costs 0.6 yuan/kWh from 8 to 22 and 0.3 at night. All figures are synthetic.
"""

import io

import openpyxl
import pytest
from docx import Document
from filed_rows import file_rows
from park_rows import DAY, LOAD, NIGHTS, SUN, hours, park_of

from hengtan.desk.downloads import NoSuchDownload
from hengtan.desk.outlook_papers import park_file_of
from hengtan.desk.power_page import park_view
from hengtan.report.page.power import park_context

PARK = park_of(1000)


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("hourly_series", *LOAD)
    hand("hourly_series", *SUN)
    hand("park_study", PARK)
    hand("park_tariffs", DAY, *NIGHTS)
    return hand


def viewed(workspace):
    return park_view(workspace, "500156", "P1")


def test_months_and_the_mean_day_by_hand(workspace, hand_in):
    """January has 31 days: 744 MWh used, of which the sun gives 31 x 8. The mean day is every day:
    from 8 to 16 all is sun, else all is bought; each hour what comes in is load and what leaves.
    """
    answer = viewed(workspace)["answer"]
    january = answer["months"][0]
    assert january["load"] == pytest.approx(744_000)
    assert january["own"] == pytest.approx(248_000)
    assert january["bought"] == pytest.approx(496_000)
    assert sum(row["load"] for row in answer["months"]) == pytest.approx(answer["load"])
    assert sum(row["bought"] for row in answer["months"]) == pytest.approx(answer["bought"])
    day = answer["day"]
    assert day["solar"] == pytest.approx([1000 * (8 <= hour < 16) for hour in range(24)])
    assert day["bought"] == pytest.approx([1000 * (not 8 <= h < 16) for h in range(24)], abs=1e-3)
    for hour in range(24):
        comes = day["solar"][hour] + day["discharge"][hour] + day["bought"][hour]
        leaves = day["load"][hour] + day["charge"][hour] + day["sold"][hour]
        assert comes == pytest.approx(leaves)
    shown = park_context(viewed(workspace), "zh")
    assert shown["park_months"][0] == ["1", "74.4", "24.8", "49.6", "0", "33.3%"]


@pytest.mark.parametrize(
    ("lang", "own"), [("zh", "自用（用电减网上买）"), ("en", "Own (load less bought)")]
)
def test_the_paper_and_the_workbook_have_the_months(workspace, hand_in, lang, own):
    view = viewed(workspace)
    paper = Document(io.BytesIO(park_file_of(workspace, view, "docx", lang)))
    (months,) = [table for table in paper.tables if own in [c.text for c in table.rows[0].cells]]
    assert [cell.text for cell in months.rows[1].cells] == [
        "1", "74.4", "24.8", "49.6", "0", "33.3%",
    ]  # fmt: skip
    assert len(paper.inline_shapes) == 2
    book = openpyxl.load_workbook(io.BytesIO(park_file_of(workspace, view, "xlsx", lang)))
    sheet = book[{"zh": "逐月", "en": "By month"}[lang]]
    assert [cell.value for cell in sheet[2]] == pytest.approx([1, 74.4, 24.8, 49.6, 0, 1 / 3])


def test_a_corrected_load_moves_the_months(workspace, hand_in):
    """2,000 kW: the sun still gives 248 MWh in January, 1,240 are bought."""
    hand_in("hourly_series", *hours("园区负荷", lambda h: 2000, "负荷", "千瓦"))
    january = viewed(workspace)["answer"]["months"][0]
    assert (january["own"], january["bought"]) == pytest.approx((248_000, 1_240_000))


def test_another_file_is_one_line(workspace, hand_in):
    with pytest.raises(NoSuchDownload, match="没有“pdf”文件"):
        park_file_of(workspace, viewed(workspace), "pdf")
