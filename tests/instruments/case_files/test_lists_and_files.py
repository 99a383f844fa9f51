"""One law where an official list and case files both answer an indicator: the one that the
indicator counts decides, the other stands beside, a subject never counts twice, and what is in one
of the two only is told by name.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from page_client import PageClient
from typer.testing import CliRunner

from hengtan.cli.main import app as command
from hengtan.desk.lists_of_files import lists_beside
from hengtan.desk.status import status_view
from hengtan.packs import load
from hengtan.plan.one_fact import BESIDE
from hengtan.web import Site, create_app

PARK = {
    "园区编号": "Y1",
    "区县": "武隆",
    "名称": "某工业园区",
    "试点批次": "第二批",
    "基准年": 2022,
}
VILLAGES = [
    {"统计用区划代码": f"50015610{n:04d}", "区县": "武隆区", "村名": f"第{n}村"}
    for n in range(1, 5)
]
PILOTS = "cq-nearzero-parks-2027"
NAMED = {"名录": "近零碳园区试点名单", "地区": "武隆区", "级别": "市级", "认定日期": "2024-06-01"}


def amount(workspace, target):
    targets = {row["target_id"]: row for row in status_view(workspace)["targets"]}
    return targets[target]["computed_amount"]


def entry(title, **more):
    return NAMED | {"园区名称": title} | more


def state(village, sorting):
    year = {"村代码": village, "年度": "2025年", "垃圾分类收运": sorting, "生活污水": "治理"}
    return year | {"户数": "1,000", "卫生厕所": 900}


def required(park):
    of_park = {"园区": park, "依据": "渝环〔2022〕93号（测试值）"}
    return of_park | {"指标名称": "绿电比例", "完成值": 0.3, "验收要求": 0.2}


def values(workspace, indicator):
    """The computed values of this year in the district: (list or files, scope) → figure."""
    rows = workspace.execute("plan_computed_values").to_pylist()
    return {
        (row["computed"], row["scope"]): row["value"]
        for row in rows
        if row["indicator"] == indicator
        and row["place"] == "500156"
        and row["year"] == date.today().year
    }


def beside(workspace, kind):
    return {each.beside.registry: each for each in lists_beside(workspace, kind)}


def test_a_park_on_the_list_counts_once_and_a_file_without_entry_is_told(workspace, hand_in):
    """Two files of pilots and no list: 2. A list of the first and two others: 3, not 4 or 5; one of
    them withdrawn: 2. The second file is in no count then.
    """
    second = PARK | {"园区编号": "Y2", "名称": "无名录园区"}
    hand_in("parks", [PARK, second])
    hand_in("park_pilot_indicators", [required(park["园区编号"]) for park in (PARK, second)])
    assert amount(workspace, PILOTS) == 2
    rows = [entry(PARK["名称"]), entry("甲园区"), entry("乙园区")]
    hand_in("registry_entries", rows)
    assert amount(workspace, PILOTS) == 3
    assert values(workspace, "nearzero_parks") == {
        ("nearzero-parks", None): 3,
        ("nearzero-parks-files", BESIDE): 2,
    }
    pilots = beside(workspace, "park")["nearzero-parks"]
    assert (pilots.fact, pilots.beside.both) == ("list", 1)
    assert pilots.beside.list_only == ("乙园区", "甲园区")
    assert pilots.beside.file_only == ("无名录园区",)
    hand_in("registry_entries", [entry("乙园区", 撤销日期="2025-03-01")])
    assert amount(workspace, PILOTS) == 2
    assert beside(workspace, "park")["nearzero-parks"].beside.list_only == ("甲园区",)


def test_certificates_are_counted_by_their_list_and_the_files_stand_beside(workspace, hand_in):
    """The list decides although how it counts is our proposal, and the files are surer."""
    certificate = {"证书编号": "LB-1", "地区": "武隆区", "产品名称": "高山萝卜", "类型": "绿色食品"}
    dated = {"发证日期": "2024-01-01", "有效期至": "2099-12-31"}
    hand_in("farm_certificates", [certificate | dated, certificate | dated | {"证书编号": "LB-2"}])
    assert list(values(workspace, "certified_agri_products")) == [("certified-agri-files", None)]
    listed = {"名录": "“三品一标”认证产品名录", "地区": "武隆区", "级别": "国家级"}
    row = listed | {"条目名称": "高山萝卜", "认定日期": "2024-01-01", "有效期至": "2099-12-31"}
    hand_in("registry_entries", [row])
    assert values(workspace, "certified_agri_products") == {
        ("certified-agri-products", None): 1,
        ("certified-agri-files", BESIDE): 2,
    }
    series = workspace.execute("plan_series").to_pylist()
    won = {row["_submission"].split(":")[1]: row["scope"] for row in series if row["won"]}
    assert won["certified-agri-products"] is None


def test_villages_are_counted_by_their_files_and_the_list_stands_beside(workspace, hand_in):
    """Three of four files sort their waste: 75 % before and after a list of two, one of which has
    no file.
    """
    hand_in("villages", VILLAGES)
    codes = [row["统计用区划代码"] for row in VILLAGES]
    reports = zip(codes, ("是", "是", "是", "否"), strict=True)
    hand_in("village_years", [state(code, sorts) for code, sorts in reports])
    before = amount(workspace, "cq-rural-sorting-2027")
    listed = {"名录": "农村生活垃圾分类行政村名录", "地区": "武隆区", "认定日期": "2025-05-01"}
    rows = [listed | {"条目名称": name} for name in (VILLAGES[0]["村名"], "别村")]
    hand_in("registry_entries", rows)
    assert before == amount(workspace, "cq-rural-sorting-2027") == pytest.approx(75)
    sorting = beside(workspace, "village")["waste-sorting-villages"]
    assert (sorting.fact, sorting.beside.both, sorting.beside.list_only) == ("files", 1, ("别村",))


def test_the_command_and_the_page_name_what_is_in_one_of_the_two_only(workspace, hand_in):
    """One park in both, one on the list only, one in the files only; in Chinese and in English."""
    hand_in("parks", [PARK, PARK | {"园区编号": "Y2", "名称": "无名录园区"}])
    hand_in("registry_entries", [entry(PARK["名称"]), entry("甲园区")])
    told = CliRunner().invoke(command, ["files", "park", "-w", str(workspace.folder)]).stdout
    said = {
        "zh": (
            "1个在名录里、没有档案：甲园区",
            "1个有档案、没有列入名录：无名录园区",
            "目标按名录计",
        ),
        "en": (
            "1 are listed without a file: 甲园区",
            "1 have a file and are not listed: 无名录园区",
            "Targets count the list",
        ),
    }
    assert all(words in told for words in said["zh"])
    app = create_app(Site(workspace))
    try:
        client = PageClient(app)
        for language, sentences in said.items():
            page = client.get(f"/files/park?lang={language}").text
            assert [words for words in sentences if words not in page] == []
        hand_in("registry_entries", [entry("无名录园区")])
        assert "没有列入名录" not in client.get("/files/park?lang=zh").text
    finally:
        app.close()


def test_the_packs_say_of_every_indicator_with_both_which_of_them_counts():
    """A list (``registry_…``) and records for one series: both rows name the same fact."""
    for pack in ("chongqing", "wulong"):
        sources, facts = defaultdict(set), defaultdict(set)
        for row in load(pack).rows("computed_indicators"):
            if row["kind"] != "ratio":
                asked = row["series"] or row["indicator"]
                sources[asked].add(row["kind"].startswith("registry_"))
                facts[asked].add(row["fact"])
        both = [asked for asked, kinds in sources.items() if len(kinds) == 2]
        assert len(both) >= 6
        assert all(facts[asked] in ({"list"}, {"files"}) for asked in both)
