"""The account page and workbook: every figure shown is the account's, options and gaps are named, nothing leads outside, an empty ledger asks for forms."""

import io
import re

import openpyxl
import pytest

from hengtan.demo.synthetic import DISTRICT, load_district, make_district, synthetic_workspace
from hengtan.desk.accounts import accounts_view
from hengtan.desk.status import status_view
from hengtan.graph.domains import sections
from hengtan.graph.said import say_missing
from hengtan.report.accounts import figures, tables, write_accounts
from hengtan.report.accounts_excel import accounts_bytes
from hengtan.report.view import StatusView
from hengtan.workspace.asof import AsOf


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("accounts") / "ws"
    workspace = synthetic_workspace(folder)
    load_district(workspace, make_district(15), folder / "files", lambda share, text: None)
    yield workspace, accounts_view(workspace)
    workspace.close()


def test_the_page_shows_the_place_that_has_accounts_and_its_options(made):
    _, view = made
    assert (
        view["place"] == DISTRICT
        and view["demo"]
        and view["options"]["factor_set"] == "provguide2011"
        and view["options"]["stand_in_year"] is None
    )
    assert any("缺" in line or "没有" in line for line in map(say_missing, view["missing"])) and {
        form for form, _, _ in view["empty"]
    } == {"regional_balance"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_hold_the_figures_of_the_accounts(made, lang):
    workspace, view = made
    held = {t["name"]: t for t in tables(view, lang)}
    total = next(r for r in workspace.execute("carbon_totals").to_pylist() if r["year"] == 2023)
    section = next(s for s in sections() if s.account == "carbon_totals")
    at = [column.name for column in section.columns].index("total")
    shown = next(row for row in held["carbon_totals"]["rows"] if row[0] == "2023")[at]
    assert float(shown.replace(",", "")) == pytest.approx(total["total"] / 1e4, abs=0.006)
    assert all(len(row) == len(t["headings"]) for t in held.values() for row in t["rows"])
    if lang == "en":
        assert all(
            h.replace("₂", "2").replace("⁴", "4").replace("⁸", "8").isascii()
            for t in held.values()
            for h in t["headings"]
        )


def test_charts_add_to_the_accounts_and_series_stay_apart(made):
    workspace, view = made
    flows, stacked, sectors, intensity, causes = figures(view, "zh")
    total = next(r for r in workspace.execute("carbon_totals").to_pylist() if r["year"] == 2023)
    assert sum(trace["y"][trace["x"].index("2023")] for trace in stacked["data"]) == pytest.approx(
        (total["total"] + (total["land"] or 0)) / 1e4
    )
    assert sum(sectors["data"][0]["x"]) == pytest.approx(total["total"] / 1e4)
    assert len(intensity["data"]) == 3 and len({trace["name"] for trace in intensity["data"]}) == 3
    assert (
        causes["data"][0]["y"][-1] == pytest.approx(sum(causes["data"][0]["y"][:-1]))
        and flows["data"][0]["type"] == "sankey"
    )


def test_the_offline_file_is_whole_and_leads_nowhere(made, tmp_path):
    workspace, view = made
    path = write_accounts(
        view, StatusView.of(status_view(workspace, AsOf.of())), tmp_path / "accounts.html"
    )
    text = path.read_text(encoding="utf-8")
    body = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert (
        "合成区（虚构数据）" in text
        and "factor_set" in text
        and not re.search(r"(?:src|href)=[\"']https?://", body)
    )
    assert text.count('data-figure="zh"') == 5


def test_the_workbook_opens_again_with_the_same_figures(made):
    workspace, view = made
    book = openpyxl.load_workbook(io.BytesIO(accounts_bytes(view)))
    assert {
        "平衡表（标准量）",
        "温室气体清单",
        "行业（领域）碳排放",
        "重点用能单位",
        "口径与缺项",
    } <= set(book.sheetnames)
    sheet = book["温室气体清单"]
    heads = [c.value for c in sheet[4]]
    rows = [
        dict(zip(heads, [c.value for c in line], strict=True))
        for line in sheet.iter_rows(min_row=5)
        if line[0].value
    ]
    held = {
        (r["year"], r["category"], r["gas"]): r["emission"]
        for r in workspace.execute("carbon_inventory").to_pylist()
    }
    assert {(r["年份"], r["类别"], r["气体"]): r["排放量（吨）"] for r in rows} == {
        k: pytest.approx(v) if v is not None else None for k, v in held.items()
    }


def test_an_empty_ledger_asks_for_forms(workspace):
    view = accounts_view(workspace)
    assert len(view["empty"]) == 9 and tables(view, "zh") == [] and figures(view, "zh") == []
    assert "indicator" not in accounts_bytes(view)[:4].decode("latin-1")


def test_the_served_page(made):
    from fastapi.testclient import TestClient

    from hengtan.desk.provider import Provider
    from hengtan.web.app import create_app

    workspace, _ = made
    client = TestClient(create_app(Provider(workspace), hosts=("testserver",)))
    answer = client.get("/accounts")
    assert (
        answer.status_code == 200
        and "合成区（虚构数据）" in answer.text
        and "温室气体清单" in answer.text
    )
    assert client.get(f"/accounts/{DISTRICT}?lang=en").status_code == 200
