"""The offline report: complete, in two languages, self-contained, and nothing in the data can break
out of it.
"""

import re
from html.parser import HTMLParser

import pytest

from hengtan.basis.lights import LIGHTS
from hengtan.report.page.assets import plotly_script
from hengtan.report.page.offline import report_html, write_report
from hengtan.report.page.render import Pages
from hengtan.report.page.wording import Wording
from hengtan.report.view import StatusView
from hengtan.report.words import word

ADDRESS_ATTRIBUTES = {
    "src",
    "href",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
}
VOID = {"meta", "link", "input", "br", "img", "use", "path", "circle", "line", "polyline"}


class Reader(HTMLParser):
    """Collects addresses, scripts, ids of sections, and checks that tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.sections: list[str] = []
        self.scripts = 0
        self.open: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.scripts += tag == "script"
        for name, value in attrs:
            if name in ADDRESS_ATTRIBUTES:
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
            if tag == "section" and name == "data-page":
                self.sections.append(value)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.fixture
def report(small):
    return report_html(small)


def test_every_target_and_registry_has_a_section(small, report):
    sections = read(report).sections
    assert {f"targets/{t['target_id']}" for t in small["targets"]} <= set(sections)
    assert {f"registries/{r['id']}" for r in small["registries"]} <= set(sections)
    assert {
        "overview",
        "measures",
        "milestones",
        "registries",
        "sources",
        "gaps",
        "conflicts",
        "method",
    } <= set(sections)
    assert len(sections) == len(set(sections))


def test_every_inner_link_leads_to_a_section(report):
    reader = read(report)
    inner = {a[1:] for a in reader.addresses if a.startswith("#") and not a.startswith("#i-")} - {
        "main"
    }
    assert inner and inner <= set(reader.sections)


def test_no_address_outside_the_file(report):
    assert report.count(plotly_script()) == 1
    rest = report.replace(plotly_script(), "")
    assert [a for a in read(report).addresses if not a.startswith("#")] == []
    assert not re.search(r"url\(|@import|//cdn|<link|<iframe|<img", rest)
    assert "default-src 'none'" in rest


def test_tags_close_and_carry_no_handlers(report):
    reader = read(report)
    assert reader.open == [] and reader.handlers == []


def test_texts_from_data_stay_text(small, report):
    assert "<script>alert(1)" not in report
    assert "&lt;script&gt;alert(1)" in report
    plain = read(
        report_html(
            {
                **small,
                "targets": [t for t in small["targets"] if t["target_id"] != "a-none"],
                "gaps": [],
            }
        )
    )
    assert read(report).scripts == plain.scripts


def test_banners_stand_on_the_page(small, report):
    assert "演示 · 数据为公开统计资料，由 demo-loader 载入，未经单位审核" in report
    assert "征求意见稿：非正式印发文本" in report
    small["meta"]["demo"] = False
    small["plans"][0]["status"] = "issued"
    quiet = report_html(small)
    assert word("demo.banner") not in quiet and word("draft.banner") not in quiet


def test_all_lights_are_words_beside_shapes(report):
    for light in LIGHTS:
        assert (
            f'id="i-{light}"' in report
            and word(f"light.{light}") in report
            and word(f"light.{light}", "en") in report
        )


def test_counts_by_light_are_those_of_the_view(small):
    page = str(Pages(small).fragment("overview"))
    buttons = r'data-light="(\w+)"\s+aria-pressed.*?<b class="num">(\d+)</b>'
    counts = dict(re.findall(buttons, page, re.S))
    assert counts == {
        "red": "1",
        "orange": "1",
        "green": "1",
        "met": "1",
        "missed": "1",
        "due_not_reported": "1",
        "grey": "2",
    }


def test_the_target_page_says_what_is_held_and_what_is_not_established(small):
    view = Pages(small)
    page = str(view.fragment("targets", target=view.view.target("a-forest")))
    assert "未确立" in page and "期初已达标" in page and "已超过目标 0.06个百分点" in page
    assert "林业数据.xlsx" in page and "第7行" in page and "张三" in page and "李四" in page
    assert "54.8%" in page and "未采用" in page
    scoped = str(view.fragment("targets", target=view.view.target("a-factories")))
    assert "口径提示" in scoped and "国家级还是市级未说明" in scoped


def test_trees_the_view_does_not_carry_are_asked_for(small):
    tree = {
        "name": "plan_progress",
        "kind": "account",
        "key": {},
        "values": {},
        "inputs": [
            {
                "name": "indicator_values",
                "kind": "ledger",
                "key": {},
                "values": {},
                "origin": {"_file": "研发.xlsx", "_source_row": 41, "_submission": "S9"},
                "inputs": [],
            }
        ],
    }
    assert "研发.xlsx" not in report_html(small)
    asked = []
    report = report_html(
        small, lambda target_id: asked.append(target_id) or (tree if target_id == "a-rd" else None)
    )
    assert (
        "研发.xlsx" in report and "第41行" in report and "a-forest" not in asked and "a-rd" in asked
    )


def test_gap_words_follow_the_operator(small):
    view, wording = StatusView.of(small), Wording("zh")
    research, water = view.target("a-rd"), view.target("a-water")
    assert str(wording.gap(research)) == "尚差 0.64个百分点"
    assert str(wording.gap(water)) == "低于上限 33.5亿立方米"
    assert str(wording.gap({**water, "gap": -2.0})) == "超出上限 2亿立方米"
    assert str(wording.gap({**research, "operator": "approx"})) == "+0.64个百分点"


def test_an_inferred_department_is_marked_as_a_suggestion(small):
    page = str(Pages(small).fragment("measures"))
    forestry, commission = page.split("市发展改革委")[0], page.split("市发展改革委")[1]
    assert "建议</span>" in forestry.split("市林业局")[1]
    assert "建议</span>" not in commission


def test_english_pages_use_english_words(small):
    page = Pages(small, lang="en").served("overview")
    assert "On track" in page and "Forest cover" in page and "Moving away" in page
    assert "背离" not in page


def test_an_empty_workspace_renders(small):
    html = report_html({"meta": {"judged_on": "2026-03-01"}})
    assert read(html).open == []


def test_writing_leaves_no_part_behind(small, tmp_path, monkeypatch):
    target = tmp_path / "report.html"
    write_report(small, target)
    before = target.read_bytes()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_report(small, target)
    assert target.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["report.html"]
