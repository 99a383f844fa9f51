"""From three enterprises' 205-1 sheets to the light of a district's target, and what one corrected
cell does to it.

By hand: with the coefficients the enterprises report (0.5 tce/t), 60,000 t of raw coal are 30,000
tce in 2020 and 47,000 t are 23,500 tce in 2025. GDP at prices of 2020 is 10 亿元 = 100,000 万元 in
both years, so energy per GDP falls from 0.300 to 0.235 tce per 万元: a cut of 21.67 %, beyond the
goal of 14 %. With 40,000 t instead of 20,000 t in the third enterprise's last row it is 33,500 tce,
0.335 tce per 万元: it rose by 11.67 %.
"""

from __future__ import annotations

import json

import openpyxl
import pytest
from typer.testing import CliRunner

from hengtan.cli.main import app
from hengtan.report.sheet.filled import write_filled_form
from hengtan.workspace import Workspace

TARGET = "wl-energy-intensity-2025"
FIRMS = {"91500232MA5U000001": "甲厂", "91500232MA5U000002": "乙厂", "91500232MA5U000003": "丙厂"}
COAL = {2020: (10_000, 20_000, 30_000), 2025: (9_000, 18_000, 20_000)}
RUN = CliRunner()


def hengtan(workspace: Workspace, *arguments: str) -> str:
    done = RUN.invoke(app, [*arguments, "-w", str(workspace.folder)])
    assert done.exit_code == 0, done.output
    return done.stdout


def sheet(workspace: Workspace, path, year: int):
    rows = [
        {
            "place": "武隆区",
            "entity": code,
            "entity_name": name,
            "industry": "30",
            "period": f"{year}年",
            "product": "原煤",
            "unit": "吨",
            "consumed": tonnes,
            "coefficient": 0.5,
        }
        for (code, name), tonnes in zip(FIRMS.items(), COAL[year], strict=True)
    ]
    return write_filled_form(workspace.form("enterprise_energy"), rows, path, "205-1表")


@pytest.fixture
def reported(workspace, tmp_path) -> Workspace:
    """Both years of the enterprises, and the district's GDP, handed in and approved from the
    command line.
    """
    gdp = [
        {
            "place": "武隆区",
            "period": f"{year}年",
            "price": "不变价",
            "price_base": 2020,
            "gdp": 10,
            "unit": "亿元",
        }
        for year in COAL
    ]
    files = [("enterprise_energy", sheet(workspace, tmp_path / f"205-1_{y}.xlsx", y)) for y in COAL]
    form = workspace.form("gdp_values")
    files.append(("gdp_values", write_filled_form(form, gdp, tmp_path / "gdp.xlsx", "GDP")))
    for form_id, path in files:
        taken = json.loads(
            hengtan(workspace, "import", form_id, str(path), "--by", "填报员", "--json")
        )
        number = taken["submission"]["submission"]
        hengtan(workspace, "approve", number, "--by", "审核员")
    return workspace


def status(workspace: Workspace) -> dict:
    rows = json.loads(hengtan(workspace, "status", "--plan", "wulong-2025", "--json"))
    return next(row for row in rows if row["target_id"] == TARGET)


def test_records_move_the_light_and_a_corrected_cell_moves_it_back(reported, tmp_path):
    before = status(reported)
    assert before["state"] == "actual", before["state_reason"]
    assert before["actual_value"] == pytest.approx(100 * (1 - 0.235 / 0.3), abs=1e-9)
    assert (before["light"], before["latest_origin"]) == ("met", "computed")

    path = tmp_path / "205-1_2025.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.active
    column = next(c.column for c in page[2] if c.value == "消费量合计")
    assert page.cell(5, column).value == 20_000
    page.cell(5, column).value = 40_000
    corrected = tmp_path / "205-1_2025_更正.xlsx"
    book.save(corrected)

    dry = json.loads(
        hengtan(reported, "import", "enterprise_energy", str(corrected), "--dry-run", "--json")
    )
    seen = dry["differences"]
    assert (seen["new"], seen["changed"], seen["unchanged"], seen["gone"]) == (0, 1, 2, 0)
    (change,) = seen["changes"]
    assert (change["row"], change["fields"]) == (
        5,
        {"consumed": {"old": 20_000.0, "new": 40_000.0}},
    )
    said = hengtan(reported, "import", "enterprise_energy", str(corrected), "--dry-run")
    assert "第5行" in said and "消费量合计：20000.0 → 40000.0" in said
    assert "原煤" in said and "raw_coal" not in said, "a key is said in names, not in codes"
    hengtan(reported, "import", "enterprise_energy", str(corrected), "--approve", "--by", "审核员")

    after = status(reported)
    assert after["actual_value"] == pytest.approx(100 * (1 - 0.335 / 0.3), abs=1e-9)
    assert after["light"] == "missed"

    key = ["explain", "plan_progress", f"target_id={TARGET}", "--json"]
    leaves = list(_leaves(json.loads(hengtan(reported, *key))))
    cells = {
        (leaf["origin"].get("_file"), leaf["origin"].get("_source_row")): leaf
        for leaf in leaves
        if leaf["name"] == "enterprise_energy"
    }
    ended = cells["205-1_2025_更正.xlsx", 5]
    assert ended["values"]["consumed"] == 40_000
    (old,) = ended["replaced"]
    assert (old["consumed"], old["_file"], old["_source_row"]) == (20_000, "205-1_2025.xlsx", 5)
    assert ("205-1_2025.xlsx", 5) not in cells


def _leaves(node):
    if not node.get("inputs"):
        yield node
    for part in node.get("inputs", ()):
        yield from _leaves(part)


def test_what_was_known_before_the_correction_is_still_what_it_was(reported, tmp_path):
    """The reported figure stands beside the computed one, with the difference; the higher
    publisher's counts.
    """
    rows = [
        {
            "place": "武隆区",
            "indicator": "能源消费总量",
            "period": "2025年",
            "value": 2.4,
            "unit": "万吨标准煤",
            "publisher": "重庆市统计局",
            "source_title": "公报",
        }
    ]
    form = reported.form("indicator_values")
    path = write_filled_form(form, rows, tmp_path / "公报.xlsx", "指标数据")
    hengtan(reported, "import", "indicator_values", str(path), "--approve")
    values = reported.table("plan_series", {"series": "energy_total", "year": "2025"}).to_pylist()
    by_origin = {row["origin"]: row for row in values}
    assert by_origin["computed"]["amount"] == pytest.approx(23_500)
    assert by_origin["reported"]["won"] and not by_origin["computed"]["won"]
    assert by_origin["reported"]["computed_less_reported"] == pytest.approx(23_500 - 24_000)
