"""The pages of the verdict and of the rules in a real Chromium, over the synthetic city: charts are
drawn, nothing asks outside, narrow screens do not slide.
"""

from __future__ import annotations

import pytest

from hengtan.web import Site

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def city(budget_city, serve):
    with serve(Site(budget_city)) as address:
        yield address


def test_the_bulletin_draws_bars_causes_and_the_burn_down(watch, city, expect) -> None:
    page = watch(city)
    page.goto(f"{city}/bulletin")
    expect(page.locator(".plot:has(.main-svg)")).to_have_count(3)
    assert page.locator(".plot").count() == 3
    assert page.locator(".tiles rect").count() == 12
    assert page.locator(".banner.demo").inner_text() == "合成数据 · 虚构，不是任何地区的统计"
    texts = page.locator(".tiles text").all_text_contents()
    assert any("■" in t for t in texts) and any(
        "○" in t for t in texts
    )  # red ones and the one without its energy
    page.goto(f"{city}/bulletin?lang=en")
    assert "Causes of the change" in page.content()


@pytest.mark.parametrize(
    "path", ["/bulletin", "/forecast", "/assess", "/rules", "/enterprises", "/rules/env_tax.water"]
)
def test_narrow_screens_do_not_slide(watch, city, path) -> None:
    page = watch(city, width=390, height=800)
    page.goto(city + path)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_rule_is_found_filled_in_and_computed(watch, city, expect) -> None:
    page = watch(city)
    page.goto(f"{city}/rules")
    before = page.locator("tbody tr:visible").count()
    page.fill("[data-quick]", "噪声")
    expect(page.locator("tbody tr:visible")).not_to_have_count(before)
    assert 0 < page.locator("tbody tr:visible").count() < before
    with page.expect_navigation():
        page.click("text=环境保护税·工业噪声")
    page.fill("input[name=date]", "2024-05-31")
    page.fill("input[name=limit_day]", "55")
    page.fill("input[name=measured_day]", "60")
    page.fill("input[name=days_day]", "18")
    with page.expect_navigation():
        page.click("button[type=submit]")
    assert "700.00" in page.locator("dl.facts").inner_text()
    page.fill("input[name=measured_day]", "58.4")
    with page.expect_navigation():
        page.click("button[type=submit]")
    assert "取整办法没有查实" in page.locator("[role=alert]").inner_text()
