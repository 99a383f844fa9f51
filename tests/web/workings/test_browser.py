"""A workbook is sent, mended and sent again in a real browser, on a desk and on a phone."""

from __future__ import annotations

import pytest

HEADINGS = ("园区", "年综合能耗（吨标准煤）", "年二氧化碳排放（吨）")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1400, 390])
def test_a_file_is_sent_mended_and_sent_again(app, listening, watch, table, expect, width, lang):
    """Nothing is wider than the page; the fault is marked in its cell; the result comes after."""
    with listening(app) as server:
        address = f"http://127.0.0.1:{server.effective_port}"
        page = watch(address, width)
        page.goto(f"{address}/workbooks/park?lang={lang}")
        for energy, marked in (("很多", 1), ("30万", 0)):
            content = table(HEADINGS, ("甲园", energy, "5万"))
            file = {"name": "园区.csv", "mimeType": "text/csv", "buffer": content}
            page.set_input_files("input[name=file]", file)
            with page.expect_navigation():
                page.click("form[method=post] button.yes")
            expect(page.locator(".cells td.error")).to_have_count(marked)
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
        expect(page.locator("#worked table.plain").first).to_contain_text("0.167")
