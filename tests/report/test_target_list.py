"""The list of targets by its filter, on the small view of eight targets."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from hengtan.report.target_list import HEADS, Asked, TargetList, choices, list_csv, list_excel
from hengtan.report.view import StatusView


@pytest.fixture
def view(small) -> StatusView:
    small["targets"][0]["department_zh"] = ["市林业局"]
    return StatusView.of(small)


def ids(view, **asked) -> list[str]:
    listed = TargetList.of(view, Asked.of(asked))
    return [target["target_id"] for target in listed.shown]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, "a-forest a-rd a-water a-factories a-none b-met b-missed b-due"),
        ({"plan": "plan-b"}, "b-met b-missed b-due"),
        ({"light": "red"}, "a-water"),
        ({"light": "behind"}, "a-rd a-water b-missed"),
        ({"light": "lacking", "plan": "plan-a"}, "a-factories a-none"),
        ({"department": "市林业局"}, "a-forest"),
        ({"place": "样例区"}, "b-met b-missed b-due"),
        ({"q": "r&d"}, "a-rd"),
        ({"q": "率 样例区"}, "b-missed b-due"),
        ({"q": "plan-a:20"}, "a-water"),
        ({"sort": "light", "plan": "plan-b"}, "b-met b-missed b-due"),
        ({"sort": "-light", "plan": "plan-b"}, "b-due b-missed b-met"),
        ({"sort": "-deadline", "light": "behind"}, "a-rd a-water b-missed"),
        ({"sort": "nothing", "page": "x", "plan": "plan-b"}, "b-met b-missed b-due"),
        ({"plan": "plan-z"}, ""),
    ],
)
def test_what_is_asked_for_is_listed(view, asked, wanted):
    assert ids(view, **asked) == wanted.split()


def test_pages_of_fifty_and_none_beyond_the_last(small):
    first = small["targets"][0]
    small["targets"] = [{**first, "target_id": f"t{n:03d}"} for n in range(120)]
    view = StatusView.of(small)
    assert [len(ids(view, page=str(n))) for n in (1, 2, 3)] == [50, 50, 20]
    assert ids(view, page="2")[0] == "t050"
    last = TargetList.of(view, Asked.of({"page": "99"}))
    assert (last.asked.page, last.pages, len(last.rows)) == (3, 3, 120)


def test_the_address_of_a_list_changed():
    asked = Asked.of({"plan": "plan-a", "q": "水 率", "sort": "light", "page": "3"})
    assert asked.query(page=4) == "plan=plan-a&q=%E6%B0%B4+%E7%8E%87&sort=light&page=4"
    assert asked.sorted_by("light") == "plan=plan-a&q=%E6%B0%B4+%E7%8E%87&sort=-light"
    assert Asked.of({}).sorted_by("name") == "sort=name"


def test_a_file_holds_all_that_is_filtered(view):
    rows = TargetList.of(view, Asked.of({"light": "behind"})).rows
    text = list_csv(view, rows).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 4 and len(lines[0]) == len(HEADS)
    first = dict(zip(lines[0], lines[1], strict=True))
    assert (first["灯号"], first["目标"], first["目标值"]) == ("滞后", "研发投入强度", "3")
    sheet = load_workbook(io.BytesIO(list_excel(view, rows, "en"))).worksheets[0]
    assert [cell.value for cell in sheet[1]][:2] == ["Light", "Target"]
    assert sheet.max_row == 4 and sheet.cell(3, 2).value == "Total water use"


def test_an_empty_list_and_formulas_in_names(view):
    assert list_csv(view, []).decode("utf-8-sig").count("\n") == 1
    formula = [{**view.targets[0], "indicator_zh": "=1+1"}]
    assert "'=1+1" in list_csv(view, formula).decode("utf-8-sig")


def test_the_regions_own_plans_come_first_in_list_and_choices():
    """City plan before the district's in the order of the packs; the district's own first here."""
    shape = {"clause": "1", "operator": ">=", "goal": 1, "deadline": 2027, "state": "none"}
    rows = [
        {**shape, "target_id": f"{plan}-{n}", "plan": plan, "indicator_zh": name, "light": "grey"}
        for plan in ("city", "own")
        for n, name in enumerate("乙甲")
    ]
    plans = [{"id": "city", "title_zh": "市", "own": False}, {"id": "own", "title_zh": "区"}]
    view = StatusView.of({"plans": plans, "targets": rows})
    ids = [row["target_id"] for row in TargetList.of(view, Asked()).rows]
    assert ids == ["own-0", "own-1", "city-0", "city-1"]
    by_name = [row["target_id"] for row in TargetList.of(view, Asked.of({"sort": "name"})).rows]
    assert [target[-1] for target in by_name] == ["0", "0", "1", "1"]  # 乙 before 甲, as sorted
    assert [plan for plan, _, _ in choices(view)["plan"]] == ["own", "city"]
