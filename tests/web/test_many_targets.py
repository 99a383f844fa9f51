"""Pages stay of a bounded size however many the targets: what does not fit is counted, and stands
in lists with the filter in their address.
"""

from __future__ import annotations

import copy
import re

import pytest

from hengtan.desk import district_matrix
from hengtan.report.page import status
from hengtan.report.page.render import Pages, static_link
from hengtan.report.view import StatusView

COPIES = 40
LARGEST = 300_000
"""Bytes of a page."""


@pytest.fixture
def many(small, small_site):
    """Forty districts with the targets of the hand-made view each: 8 × 40 = 320."""
    targets = small["targets"]
    small["targets"] = [
        {**copy.deepcopy(t), "target_id": f"{n:02d}-{t['target_id']}", "region_code": f"99{n:04d}"}
        for n in range(COPIES)
        for t in targets
    ]
    small["gaps"] = [
        {**gap, "target_id": f"{n:02d}-{gap['target_id']}"}
        for n in range(COPIES)
        for gap in small["gaps"]
    ]
    small_site.workspace.small = small
    return small


def test_the_overview_of_many_targets_counts_and_leads_to_the_list(many, client):
    text = client.get("/").text
    assert len(text.encode()) < LARGEST
    assert "data-row" not in text and "mosaic" not in text
    assert "目标共 320 项" in text
    # of the eight: one green and one met, so 2 × 40 on track
    assert re.search(r'st-on_track">\s*<b class="num">80<', text)
    for light in ("red", "grey"):
        assert f'href="/targets?light={light}"' in text
    assert 'action="/targets"' in text and 'href="/targets?plan=plan-a"' in text


def test_the_overview_of_few_targets_shows_each(client):
    text = client.get("/").text
    assert len(re.findall(r"data-row\s", text)) == 8 and "目标共" not in text


def test_the_plan_of_the_region_is_shown_where_it_alone_fits(many, small_site, client):
    own = many["targets"][0]["plan"]
    many["plans"] = [{**plan, "own": plan["id"] == own} for plan in many["plans"]]
    many["targets"] = [t for t in many["targets"] if t["plan"] != own or t["target_id"] < "02"]
    text = client.get("/").text
    shown = re.findall(r'data-row\s+data-plan="([\w-]+)"', text)
    assert shown and set(shown) == {own}
    assert "其他地区与上级的计划" in text


def test_plans_and_what_is_overdue_are_cut_with_a_word(many, client):
    many["plans"] += [{"id": f"p{n}", "title_zh": f"计划{n}"} for n in range(80)]
    for n, target in enumerate(many["targets"]):
        target["plan"] = f"p{n % 80}"
    many["overdue"] = [{"id": f"m{n}", "zh": f"节点{n}"} for n in range(53)]
    text = client.get("/").text
    assert text.count('<article class="plan">') == status.MOST_PLANS
    assert "另有 20 个计划" in text and "另有 3 项逾期" in text  # 80 − 60, 53 − 50


def test_the_offline_report_has_no_list_and_shows_each(many):
    text = Pages(many, link=lambda page, *ids: "#").fragment("overview")
    assert "目标共" in text  # served: it leads to the list
    whole = Pages(many, link=static_link).fragment("overview")
    assert len(re.findall(r"data-row\s", whole)) == 320


def test_gaps_stand_in_pages_and_are_searched_on_the_server(many, client):
    every = len(many["gaps"])
    assert every > 100
    first = client.get("/gaps").text
    assert first.count("<tr data-find>") == 100 and 'rel="next"' in first
    last = client.get("/gaps?page=999").text
    assert last.count("<tr data-find>") == every - 100 * (-(-every // 100) - 1)
    hits = client.get("/gaps?q=07-").text  # the id of the seventh district
    assert hits.count("<tr data-find>") == every // COPIES
    assert "没有符合条件" in client.get("/gaps?q=nothing-like-it").text


def test_measures_of_very_many_plans_stand_plan_by_plan():
    rows = [
        {
            "clause_ref": f"{plan}:{n}",
            "plan": plan,
            "title_zh": f"任务{n}",
            "department_zh": ["市统计局" if n == 7 else "市能源局"],
        }
        for plan in ("p", "q", "r")
        for n in range(90)
    ]
    plans = [{"id": plan, "title_zh": plan} for plan in ("p", "q", "r")]
    view = StatusView.of({"plans": plans, "measures": rows})
    of_plan = status.some_measures(view, "q", "")
    assert (of_plan["part"]["plan"], of_plan["part"]["of"]) == ("q", 90)
    assert status.some_measures(view, "unknown", "")["part"]["plan"] == "p"
    hits = status.some_measures(view, "q", "统计局")
    assert hits["part"]["of"] == 3  # number 7 of each plan
    few = StatusView.of({"plans": plans, "measures": rows[:200]})
    assert status.some_measures(few, "q", "") == {}


PLACES = [{"place": f"99{n:04d}", "name_zh": f"{n}区", "name_en": f"D{n}"} for n in range(40)]


def figures(columns):
    latest = [
        {"place": p["place"], "series": f"i{n:03d}", "period": "2025", "value": 1.0, "unit": "%"}
        for p in PLACES
        for n in range(columns)
    ]
    names = {
        f"i{n:03d}": {"zh": f"指标{n:03d}", "en": f"Indicator {n:03d}"} for n in range(columns)
    }
    return {"places": PLACES, "latest": latest, "names": names, "form": None}


def targets(columns):
    return [
        {"indicator": f"i{n:03d}", "indicator_zh": "", "indicator_en": "", "region_code": "1"}
        for n in range(columns)
    ]


def test_the_matrix_stands_in_pages_of_columns():
    def page(number, q=""):
        asked = district_matrix.Columns(q, number)
        return district_matrix.matrix_of(figures(50), targets(50), lambda place: True, asked)

    # 800 cells of 40 districts are 20 columns: 50 columns are three pages
    first, last = page(1), page(9)
    assert [column["id"] for column in first["columns"]] == [f"i{n:03d}" for n in range(20)]
    assert (first["pages"], first["of"], len(first["rows"][0]["cells"])) == (3, 50, 20)
    assert (last["page"], len(last["columns"])) == (3, 10)
    assert first["columns"][0]["have"] == 40 and first["columns"][0]["aim"] == 0
    hits = page(1, "指标01")
    assert [column["id"] for column in hits["columns"]] == [f"i{n:03d}" for n in range(10, 20)]
    assert page(1, "indicator 049")["of"] == 1
    assert page(1, "没有")["columns"] == []
    whole = district_matrix.matrix_of(figures(50), targets(50), lambda place: True)
    assert len(whole["columns"]) == 50
