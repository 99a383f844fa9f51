"""The accounts' page and workbook, on a made-up district.

Every figure shown is the account's, options and gaps are named, nothing leads outside, and an empty
ledger asks for forms.
"""

import io
import re

import openpyxl
import pytest

from hengtan.demo.synthetic import DISTRICT, load_district, make_district, synthetic_workspace
from hengtan.desk.accounts import accounts_view
from hengtan.desk.status import status_view
from hengtan.graph.said import say_missing
from hengtan.report.account_tables import tabled
from hengtan.report.accounts import write_accounts
from hengtan.report.page.account_charts import figures
from hengtan.report.page.accounts import tables
from hengtan.report.sheet.accounts import accounts_bytes
from hengtan.report.view import StatusView
from hengtan.workspace.asof import AsOf

CHINESE = re.compile("[\u3400-\u9fff]+")
UNITS_IN_LATIN = str.maketrans("₂⁴⁸", "248")


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    """The workspace of a made-up district, loaded as a user would."""
    folder = tmp_path_factory.mktemp("accounts") / "ws"
    workspace = synthetic_workspace(folder)
    load_district(workspace, make_district(15), folder / "files", lambda share, text: None)
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def view(district):
    return accounts_view(district)


@pytest.fixture(scope="module")
def totals(district):
    """The inventory's totals of 2023 as the account gives them."""
    rows = district.execute("carbon_totals").to_pylist()
    return next(row for row in rows if row["year"] == 2023)


def test_the_page_shows_the_place_that_has_accounts_and_its_options(view):
    assert view["place"] == DISTRICT and view["demo"]
    assert view["options"]["factor_set"] == "provguide2011"
    assert view["options"]["stand_in_year"] is None
    assert {form for form, _, _ in view["empty"]} == {"regional_balance"}
    assert any(re.search("缺|未确立|没有", line) for line in map(say_missing, view["missing"]))


def _columns_of(account):
    section = next(section for section in tabled() if section.account == account)
    return [column.name for column in section.columns]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_hold_the_figures_of_the_accounts(view, totals, lang):
    shown = {table["name"]: table for table in tables(view, lang)}
    for table in shown.values():
        assert {len(row) for row in table["rows"]} == {len(table["headings"])}
    column = _columns_of("carbon_totals").index("total")
    row = next(row for row in shown["carbon_totals"]["rows"] if row[0] == "2023")
    in_ten_thousand = float(row[column].replace(",", ""))
    assert in_ten_thousand == pytest.approx(totals["total"] / 1e4, abs=0.006)


def test_english_headings_are_english(view):
    headings = [heading for table in tables(view, "en") for heading in table["headings"]]
    assert [h for h in headings if not h.translate(UNITS_IN_LATIN).isascii()] == []


def test_charts_add_to_the_accounts(view, totals):
    flows, inventory, sectors, _, causes = figures(view, "zh")
    assert flows["data"][0]["type"] == "sankey"
    of_2023 = [bar["y"][bar["x"].index("2023")] for bar in inventory["data"]]
    assert sum(of_2023) == pytest.approx((totals["total"] + (totals["land"] or 0)) / 1e4)
    assert sum(sectors["data"][0]["x"]) == pytest.approx(totals["total"] / 1e4)
    *parts, whole = causes["data"][0]["y"]
    assert whole == pytest.approx(sum(parts))


def test_the_three_series_of_intensity_are_never_joined(view):
    intensity = figures(view, "zh")[3]
    assert len({line["name"] for line in intensity["data"]}) == len(intensity["data"]) == 3


def test_the_offline_file_is_whole_and_leads_nowhere(district, view, tmp_path):
    status = StatusView.of(status_view(district, AsOf.of()))
    text = write_accounts(view, status, tmp_path / "accounts.html").read_text(encoding="utf-8")
    body = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "合成区（虚构数据）" in text and "factor_set" in text
    assert not re.search(r"(?:src|href)=[\"']https?://", body)
    assert text.count('data-figure="zh"') == len(figures(view, "zh"))


def test_the_workbook_opens_again_with_the_same_figures(district, view):
    book = openpyxl.load_workbook(io.BytesIO(accounts_bytes(view)))
    assert {"平衡表（标准量）", "行业（领域）碳排放", "重点用能单位", "口径与缺项"} <= set(
        book.sheetnames
    )
    sheet = book["温室气体清单"]
    headings = [cell.value for cell in sheet[4]]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=5) if line[0].value]
    rows = [dict(zip(headings, line, strict=True)) for line in lines]
    shown = {(row["年份"], row["类别"], row["气体"]): row["排放量（吨）"] for row in rows}
    inventory = district.execute("carbon_inventory").to_pylist()
    emissions = {(row["year"], row["category"], row["gas"]): row["emission"] for row in inventory}
    assert shown.keys() == emissions.keys()
    for key, emission in emissions.items():
        assert shown[key] == (None if emission is None else pytest.approx(emission)), key


def test_the_workbook_in_english_holds_the_same_figures_under_english_words(view):
    """Cell by cell the same numbers; names of the made-up enterprises are all that stays."""
    books = [
        openpyxl.load_workbook(io.BytesIO(accounts_bytes(view, lang))) for lang in ("zh", "en")
    ]
    cells = [[cell.value for sheet in book for row in sheet for cell in row] for book in books]
    numbers = [[value for value in every if isinstance(value, float)] for every in cells]
    assert len(numbers[0]) > 400 and numbers[0] == numbers[1]
    assert len(set(books[1].sheetnames)) == len(books[0].sheetnames)
    said = " ".join([*books[1].sheetnames, *(str(value) for value in cells[1] if value)])
    names = "|".join(sorted({str(row["entity_name"]) for row in of_enterprises(view)}, key=len))
    assert set(CHINESE.findall(re.sub(names, "", said))) == set()


def of_enterprises(view):
    """The rows that name an enterprise."""
    rows = [row for table in view["tables"].values() for row in table]
    return [row for row in rows if row.get("entity_name")]


def test_an_empty_ledger_asks_for_forms(workspace):
    view = accounts_view(workspace)
    assert len(view["empty"]) == 9
    assert tables(view, "zh") == [] and figures(view, "zh") == []
    book = openpyxl.load_workbook(io.BytesIO(accounts_bytes(view)))
    assert book.sheetnames == ["口径与缺项"]


def test_the_served_page(district):
    from page_client import PageClient

    from hengtan.web import Site
    from hengtan.web.app import create_app

    client = PageClient(create_app(Site(district)))
    answer = client.get("/accounts")
    assert answer.status_code == 200
    assert "合成区（虚构数据）" in answer.text and "温室气体清单" in answer.text
    assert client.get(f"/accounts/{DISTRICT}?lang=en").status_code == 200
