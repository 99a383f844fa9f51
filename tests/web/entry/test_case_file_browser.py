"""A case file in a real Chromium: from the list to the file, what is missing is filled in the grid,
the verdict moves, its paper is taken, the verdict is put on record and goes stale once a figure is
corrected.
"""

from __future__ import annotations

import io

import pytest
from docx import Document

from hengtan.basis.actor import Actor
from hengtan.desk.filing import Filing, as_file, file_in

pytestmark = pytest.mark.chromium
INSPECTION = {
    "inspection": "J1",
    "place": "500156",
    "inspected": "2024-03-01",
    "topic": "label",
    "outlet": "某商场",
    "checked": 50,
}
SHOWN = ["J1", "武隆区", "2024-03-01", "能效水效标识", "某商场", "", "50"]
FILE = "/files/product_inspection/J1"


@pytest.fixture
def address(app, listening):
    """One inspection whose number that passed is still to come."""
    workspace = app.site.workspace
    filing = Filing("product_inspections", "检查.csv", as_file([INSPECTION]), Actor("填报员"))
    number = file_in(workspace, filing).submission["submission"]
    workspace.ledger.record(number, "approved", Actor("审核员"))
    with listening(app) as server:
        yield f"http://127.0.0.1:{server.effective_port}"


def fill(page, passed, expect):
    """Paste the row with how many passed into the open grid and hand it in; its number."""
    page.click("tr[data-row='0'] td[data-c='0']")
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        "\t".join([*SHOWN, str(passed)]) + "\r\n",
    )
    expect(page.locator("[data-tally]")).to_contain_text("1 行 · 0 错误")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    page.click("[data-submit]")
    page.click("[data-send]")
    page.wait_for_url("**/entry?sent=*")
    return page.url.partition("sent=")[2]


def begin(page):
    """A grid of the form that the page has chosen."""
    choice = "form[action='/entry/new'] "
    assert page.input_value(f"{choice}select[name=form]") == "product_inspections"
    page.fill(f"{choice}input[name=period]", "2024年")
    with page.expect_navigation():
        page.click(f"{choice}button[value=grid]")
    page.wait_for_selector("[data-tally].error, [data-tally].warning, [data-tally].fine")


def test_from_what_is_missing_to_the_paper_and_a_record_that_goes_stale(
    watch, address, app, expect
):
    """By hand: 45 of 50 passed are 90 %, 40 are 80 %."""
    ledger = app.site.workspace.ledger
    page = watch(address, 1400)
    page.goto(f"{address}/files/product_inspection")
    expect(page.locator("tbody tr")).to_contain_text("缺1项数据")
    page.click("tbody a:has-text('某商场')")
    expect(page.locator("details.ruling > summary")).to_contain_text("缺数据")
    page.click("a:has-text('在“标识与包装监督检查”填报')")
    begin(page)
    ledger.record(fill(page, 45, expect), "approved", Actor("审核员"))

    page.goto(address + FILE)
    expect(page.locator("details.ruling")).to_contain_text("合格率")
    expect(page.locator("details.ruling > dl")).to_contain_text("0.9")
    with page.expect_download() as taken:
        page.click("a:has-text('责令改正通知书')")
    text = "\n".join(
        p.text for p in Document(io.BytesIO(taken.value.path().read_bytes())).paragraphs
    )
    assert "责令改正通知书（某商场）" in text and "合格率：90%" in text and "不合格数：5" in text

    page.fill("form[action$='/record'] input[name=by]", "经办人甲")
    page.click("form[action$='/record'] button")
    sent = page.locator("p.notice[role=status]").inner_text()
    ledger.record(sent.partition("编号 ")[2].partition("，")[0], "approved", Actor("审核员"))
    page.goto(address + FILE)
    expect(page.locator("details.ruling > summary")).to_contain_text("已存档")
    expect(page.locator("details.ruling > summary")).not_to_contain_text("已过时")

    page.goto(f"{address}/entry?form=product_inspections")
    begin(page)
    ledger.record(fill(page, 40, expect), "approved", Actor("审核员"), on_conflict="replace")
    page.goto(address + FILE)
    expect(page.locator("details.ruling > summary")).to_contain_text("存档已过时")
    expect(page.locator("details.ruling > dl")).to_contain_text("0.8")
