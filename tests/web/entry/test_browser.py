"""The grid in a real Chromium: typed by keyboard, pasted from Excel, undone, saved, joined with
what another saved, commented, handed in.
"""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.chromium
FIRM = "91500156MA5U000001"
PASTED = [
    ["武隆区", FIRM, "甲厂", "", "", "2025年3月", "原煤", "吨", "", "", "", "", "1,200"],
    ["武隆区", FIRM, "甲厂", "", "", "2025年3月", "焦炭", "吨", "", "", "", "", "一百"],
]
CONSUMED = 12


@pytest.fixture
def address(app, listening):
    with listening(app) as server:
        yield f"http://127.0.0.1:{server.effective_port}"


def begin(page, address, form="enterprise_energy", period="2025年3月"):
    page.goto(f"{address}/entry")
    choice = "form[action='/entry/new'] "
    page.select_option(f"{choice}select[name=form]", form)
    page.fill(f"{choice}input[name=period]", period)
    with page.expect_navigation():
        page.click(f"{choice}button[value=grid]")
    page.wait_for_selector("[data-tally].error, [data-tally].warning, [data-tally].fine")
    return page.url


def cell(page, row, column):
    return page.locator(f"tr[data-row='{row}'] td[data-c='{column}'] > span")


def choose(page, row, column):
    page.click(f"tr[data-row='{row}'] td[data-c='{column}']")


def paste(page, rows):
    """What Excel puts on the clipboard, pasted where the cell is."""
    text = "".join("\t".join(row) + "\r\n" for row in rows)
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def copied(page):
    return page.evaluate(
        """() => { const data = new DataTransfer();
        document.activeElement.dispatchEvent(
            new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
        return data.getData('text/plain'); }"""
    )


def test_typed_pasted_undone_mended_and_handed_in(watch, address, app, expect):
    page = watch(address, 1400)
    begin(page, address)
    choose(page, 0, 0)
    paste(page, PASTED)
    expect(cell(page, 1, CONSUMED)).to_have_text("一百")
    expect(page.locator("tr[data-row='1'] td.error")).to_have_count(1)
    expect(page.locator("tr.said p.error")).to_have_text(
        "消费量合计：“一百”不是数字；填写数字；没有数据留空"
    )
    page.keyboard.press("Control+z")
    expect(cell(page, 1, CONSUMED)).to_have_text("")
    page.keyboard.press("Control+y")
    expect(cell(page, 1, CONSUMED)).to_have_text("一百")
    choose(page, 0, 6)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    assert copied(page) == "原煤\t吨\n焦炭\t吨"
    choose(page, 1, CONSUMED)
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    expect(page.locator("[data-tally]")).to_contain_text("2 行 · 0 错误")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    page.click("[data-submit]")
    page.click("[data-send]")
    page.wait_for_url("**/entry?sent=S000001")
    record = app.site.workspace.ledger.current().records["S000001"]
    assert (record.rows, record.channel) == (2, "grid")


def test_the_keyboard_moves_as_in_a_spreadsheet_and_can_leave(watch, address, expect):
    page = watch(address)
    begin(page, address)
    choose(page, 2, 2)
    for key, text in (("Tab", "甲"), ("Enter", "乙"), ("ArrowLeft", "丙"), ("Shift+Tab", "丁")):
        page.keyboard.press(key)
        page.keyboard.type(text)
        page.keyboard.press("F2" if key == "never" else "Tab")
        page.keyboard.press("Shift+Tab")
    # by hand: Tab to (2,3); Enter to (3,3); left to (3,2); back to (3,1)
    for row, column, text in ((2, 3, "甲"), (3, 3, "乙"), (3, 2, "丙"), (3, 1, "丁")):
        expect(cell(page, row, column)).to_have_text(text)
    page.keyboard.press("Delete")
    expect(cell(page, 3, 1)).to_have_text("")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hasAttribute('data-submit')")


def test_chinese_input_begins_with_its_first_letter(watch, address, expect):
    """The field that follows the cell has the focus, so an input method composes in it at once."""
    page = watch(address)
    begin(page, address)
    choose(page, 1, 2)
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "jia", "selectionStart": 3, "selectionEnd": 3})
    session.send("Input.insertText", {"text": "甲厂"})
    page.keyboard.press("Enter")
    expect(cell(page, 1, 2)).to_have_text("甲厂")


def test_two_editors_join_their_work(browser, address, expect):
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    first, second = context.new_page(), context.new_page()
    begin(first, address)
    choose(first, 0, 0)
    paste(first, PASTED)
    expect(first.locator("[data-saved]")).to_contain_text("第 2 版")
    second.goto(first.url)
    second.wait_for_selector("[data-tally].error")
    choose(first, 0, CONSUMED)
    first.keyboard.type("1300")
    first.keyboard.press("Enter")
    expect(first.locator("[data-saved]")).to_contain_text("第 3 版")
    choose(second, 1, CONSUMED)
    second.keyboard.type("100")
    second.keyboard.press("Enter")
    expect(second.locator("[data-clash] li")).to_have_text("第4行 · 消费量合计：1,200 → 1300")
    second.click("[data-join]")
    expect(second.locator("[data-saved]")).to_contain_text("第 4 版")
    expect(cell(second, 0, CONSUMED)).to_have_text("1300")
    expect(cell(second, 1, CONSUMED)).to_have_text("100")
    context.close()


def test_a_comment_stands_on_its_cell(watch, address, expect):
    page = watch(address)
    begin(page, address)
    choose(page, 0, 2)
    page.keyboard.type("甲厂")
    page.keyboard.press("Enter")
    choose(page, 0, 2)
    page.fill("[data-note] input[name=text]", "名称与执照不同")
    page.check("[data-note] input[name=follow_up]")
    page.click("[data-note] button")
    expect(page.locator("td.follow")).to_have_count(1)
    expect(page.locator("[data-notes]")).to_contain_text("第4行 · 单位名称")
    page.reload()
    expect(page.locator("tr[data-row='0'] td[data-c='2'].follow")).to_have_count(1)


def test_a_column_that_is_no_field_is_read_as_one(watch, address, expect, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["地区", "统一社会信用代码", "时期", "能源品种", "计量单位", "用了多少"])
    book.active.append(["武隆区", FIRM, "2025年3月", "原煤", "吨", 1200])
    book.save(tmp_path / "wrong.xlsx")
    page = watch(address)
    page.goto(f"{address}/entry")
    choice = "form[action='/entry/upload'] "
    page.select_option(f"{choice}select[name=form]", "enterprise_energy")
    page.set_input_files(f"{choice}input[type=file]", tmp_path / "wrong.xlsx")
    with page.expect_navigation():
        page.click(f"{choice}button")
    with page.expect_navigation():
        page.click("form[action$='/mend'] button")
    expect(page.locator("[data-tally]")).to_contain_text("2 错误")
    page.select_option("thead th select", "consumed")
    expect(page.locator("[data-tally]")).to_contain_text("1 行 · 0 错误")
    expect(page.locator("thead th").last).to_contain_text("消费量合计")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_telephone_the_page_does_not_move_sideways(watch, address, language):
    page = watch(address, 390, 844)
    for url in (f"{address}/entry", begin(page, address)):
        page.goto(f"{url}?lang={language}")
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


CLIPBOARDS = {
    "a\tb\r\nc\td\r\n": [["a", "b"], ["c", "d"]],
    'a\t"1\n2"\n': [["a", "1\n2"]],
    '"say ""so"""\tx': [['say "so"', "x"]],
    'ab"c\td': [['ab"c', "d"]],
    "\t\n1\t": [["", ""], ["1", ""]],
    '"': [['"']],
    '"a" b\tc': [['"a" b', "c"]],
}


def test_what_excel_puts_on_the_clipboard(watch, address):
    page = watch(address)
    begin(page, address)
    read = "text => window.HengtanGrid.fromClipboard(text)"
    for text, rows in CLIPBOARDS.items():
        assert page.evaluate(read, text) == rows, json.dumps(text)
    rows = [["a\tb", 'c"d'], ["e\nf", ""]]
    back = "rows => window.HengtanGrid.fromClipboard(window.HengtanGrid.toClipboard(rows))"
    assert page.evaluate(back, rows) == rows
