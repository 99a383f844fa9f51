"""The pages in a real Chromium: lights, filters, charts, language, narrow screens; the offline file
from disk.
"""

from pathlib import Path

import pytest
import yaml

from hengtan.report.page.offline import write_report

pytestmark = pytest.mark.chromium
SMALL = Path(__file__).parents[1] / "report" / "small_view.yaml"
SERVED = [
    "/",
    "/targets/a-forest",
    "/measures",
    "/milestones",
    "/registries",
    "/registries/green_factories",
    "/sources",
    "/gaps",
    "/conflicts",
    "/method",
    "/graph",
    "/explain/plan_progress?target_id=a-forest",
]


@pytest.fixture(scope="module")
def offline(tmp_path_factory) -> str:
    view = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    return write_report(view, tmp_path_factory.mktemp("offline") / "report.html").as_uri()


def visible_rows(page) -> list[str]:
    return page.eval_on_selector_all(
        "[data-row]",
        """rows => rows.filter(r => r.offsetParent)
            .map(r => r.querySelector('a').getAttribute('href'))""",
    )


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_the_overview_shows_lights_and_the_banner(watch, address):
    page = watch(address)
    page.goto(address)
    assert (
        page.locator(".banner.demo").inner_text()
        == "演示 · 数据为公开统计资料，由 demo-loader 载入，未经单位审核"
    )
    assert page.locator(".banner.draft").count() == 1
    assert page.locator("td .chip").all_inner_texts() == [
        "正常",
        "滞后",
        "背离",
        "无法判断",
        "无法判断",
        "已完成",
        "未完成",
        "到期未报",
    ]
    assert page.locator(".tile").count() == 8


def test_filters_by_light_plan_state_and_words(watch, address, expect):
    page = watch(address)
    page.goto(address)
    page.click("button[data-light=grey]")
    assert visible_rows(page) == ["/targets/a-factories", "/targets/a-none"]
    page.select_option("select[data-state]", "none")
    assert visible_rows(page) == ["/targets/a-none"] and page.inner_text("[data-shown]") == "1"
    page.click("button[type=reset]")
    expect(page.locator("[data-shown]")).to_have_text("8")
    page.select_option("select[data-plan]", "plan-b")
    assert len(visible_rows(page)) == 3
    page.fill("[data-search]", "秸秆")
    assert visible_rows(page) == ["/targets/b-missed"]
    page.fill("[data-search]", "无此目标")
    assert visible_rows(page) == [] and page.is_visible("[data-none]")


def test_the_chart_of_a_target_is_drawn(watch, address):
    page = watch(address)
    page.goto(f"{address}/targets/a-forest")
    page.wait_for_selector(".chart .main-svg")
    drawn = page.evaluate("document.querySelector('.plot').data.map(t => [t.name, t.y])")
    assert ["实绩", [45, 55.04, 55.06]] in drawn
    assert page.locator(".chart .scatterlayer .trace").count() == 3


def test_the_tree_opens_down_to_file_and_row(watch, address):
    page = watch(address)
    page.goto(f"{address}/targets/a-forest")
    page.click("[data-open]")
    leaf = page.locator(".tree .leaf", has_text="林业数据.xlsx")
    assert leaf.is_visible() and "第7行" in leaf.inner_text()
    page.click("[data-close]")
    assert not leaf.is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lights_stay_inside_their_column(watch, address, lang):
    page = watch(address)
    page.goto(f"{address}/?lang={lang}")
    over = page.evaluate(
        """() => {
          const right = e => e.getBoundingClientRect().right;
          return [...document.querySelectorAll('td .chip')]
            .filter(c => right(c) > right(c.closest('td'))).map(c => c.innerText);
        }"""
    )
    assert over == []


def test_a_word_narrows_the_ledger(watch, address):
    page = watch(address)
    page.goto(f"{address}/measures")
    page.fill("[data-quick]", "组织实施")
    assert (
        page.locator("[data-find]:visible").count() == 1
        and page.locator("[data-part]:visible").count() == 1
    )
    page.fill("[data-quick]", "")
    assert page.locator("[data-find]:visible").count() == 2


def test_english_is_kept_from_page_to_page(watch, address):
    page = watch(address)
    page.goto(address)
    with page.expect_navigation():
        page.click(".switch")
    assert page.inner_text("h1") == "Overview"
    with page.expect_navigation():
        page.click("text=Forest cover")
    page.wait_for_selector(".chart .main-svg")
    assert page.inner_text(".sign b") == "On track"
    assert (
        page.evaluate("document.querySelector('.plot').data.map(t => t.name)").count("Outturn") == 1
    )


@pytest.mark.parametrize("width", [390, 768, 900, 1280])
def test_no_page_scrolls_sideways(watch, address, width):
    page = watch(address, width=width)
    for path in SERVED:
        page.goto(address + path)
        assert sideways(page) <= 0, path


@pytest.mark.parametrize("width", [390, 1280])
def test_the_offline_file_works_from_disk(watch, offline, width):
    page = watch("file://", width=width)
    page.goto(offline)
    assert page.is_visible(".banner.demo") and sideways(page) <= 0
    assert page.locator("section.page:visible").count() == 1
    page.click(".c-name a >> nth=0")
    page.wait_for_selector("section.current .chart .main-svg")
    assert page.inner_text("section.current h1") == "森林覆盖率" and sideways(page) <= 0
    for name in ("measures", "milestones", "registries", "gaps", "conflicts", "sources", "method"):
        page.click(f"nav [data-nav={name}]")
        page.wait_for_selector(f"section.current[data-page={name}]")
        assert sideways(page) <= 0, name
    page.go_back()
    page.wait_for_selector("section.current[data-page=sources]")


def test_the_offline_file_switches_language_with_its_chart(watch, offline, expect):
    page = watch("file://")
    page.goto(offline + "#targets/a-forest")
    page.wait_for_selector("section.current .main-svg")
    page.click("[data-switch-language]")
    expect(page.locator("section.current .legendtext", has_text="Outturn")).to_be_visible()
    assert page.inner_text("section.current h1") == "Forest cover"
    page.click("[data-switch-language]")
    assert page.inner_text("section.current h1") == "森林覆盖率"


def test_text_has_enough_contrast(watch, address):
    """WCAG 2: at least 4.5 between text and ground for lights, tags and muted words (formula of the
    standard).
    """
    page = watch(address)
    page.goto(address)
    worst = page.evaluate("""() => {
      const parse = c => c.match(/[\\d.]+/g).map(Number);
      const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      const lum = c => {
        const [r, g, b] = c.map(v => linear(v / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = e => {
        for (; e; e = e.parentElement) {
          const c = parse(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] === 1) return c.slice(0, 3);
        }
        return [255, 255, 255];
      };
      const contrast = e => {
        const text = lum(parse(getComputedStyle(e).color).slice(0, 3)), back = lum(ground(e));
        return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
      };
      const shown = '.chip, .state, .tag, .muted, .bar span, .banner, nav a, .when dt, '
        + '.legend:enabled span, a, small, th';
      return [...document.querySelectorAll(shown)].filter(e => e.offsetParent)
        .map(e => [contrast(e), e.className || e.tagName])
        .sort((x, y) => x[0] - y[0])[0];
    }""")
    assert worst[0] >= 4.5, worst
