"""In a real Chromium: one A4 page to print, the data of a chart as a table and as CSV, suggestions
while typing.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pypdf
import pytest

pytestmark = pytest.mark.chromium
A4 = (595, 842)  # 210 × 297 mm in points
FITTED = "html.fitted"
"""The page has been made as small as the paper and its charts are drawn again."""


def printed(page):
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages


@pytest.mark.parametrize("path", ["/", "/targets/a-forest", "/targets/a-none"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_overview_and_target_print_on_one_page(watch, address, path, lang):
    page = watch(address)
    page.goto(f"{address}{path}?print=one&lang={lang}")
    page.wait_for_selector(FITTED, state="attached")
    pages = printed(page)
    assert len(pages) == 1
    assert [round(float(x)) for x in pages[0].mediabox[2:]] == pytest.approx(A4, abs=1)
    text = unicodedata.normalize("NFKC", pages[0].extract_text())  # Chromium writes radicals
    assert {"zh": "判定日", "en": "Judged on"}[lang] in text


def test_very_long_texts_are_made_smaller_until_they_fit(watch, address):
    """The page of a target with each text eight times as long as it is."""
    page = watch(address)
    page.goto(f"{address}/targets/a-forest")
    page.evaluate(
        """() => document.querySelectorAll('.words p, dd, td.src')
            .forEach(e => { e.textContent = (e.textContent + ' ').repeat(8); })"""
    )
    page.evaluate("window.print = () => null")
    page.click("[data-print-one]")
    page.wait_for_selector(FITTED, state="attached")
    assert len(printed(page)) == 1


def test_the_button_prints_and_the_page_is_as_before(watch, address):
    page = watch(address)
    page.goto(address)
    page.evaluate(
        """() => { window.print = () => {
            window.printed = true; window.dispatchEvent(new Event('afterprint')); }; }"""
    )
    page.click("[data-print-one]")
    page.wait_for_function("window.printed")
    assert not page.evaluate("document.documentElement.classList.contains('one')")
    assert page.evaluate("document.body.style.zoom") == ""


def test_the_data_of_a_chart_stand_in_a_table_and_in_a_file(watch, address, expect):
    """The outturns of small_view.yaml: 45 in 2015, 55.04 in 2022, 55.06 in 2023."""
    page = watch(address)
    page.goto(f"{address}/targets/a-forest")
    box = page.locator(".chart + .take")
    box.locator("summary").click()
    heads = box.locator("thead th").all_inner_texts()
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in box.locator("tbody tr").all()
    }
    outturn = heads.index("实绩") - 1
    assert [rows[year][outturn] for year in ("2015", "2022", "2023")] == ["45", "55.04", "55.06"]
    with page.expect_download() as download:
        box.get_by_role("button", name="CSV").click()
    file = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(file)))[1][0] == "2015"


def test_suggestions_show_while_typing_and_lead_to_the_page(watch, address, expect):
    page = watch(address)
    page.goto(f"{address}/measures")
    with page.expect_response(lambda answer: "hjbhsdq" in answer.url):  # the last that is asked
        page.locator("nav .find input").press_sequentially("hjbhsdq", delay=20)
    link = page.locator(".suggestions a").first
    expect(link).to_be_visible(timeout=20_000)
    expect(link).to_contain_text("环境保护税·大气污染物")
    assert link.bounding_box()["height"] > 10
    link.click()
    expect(page).to_have_url(f"{address}/rules/env_tax.air")
