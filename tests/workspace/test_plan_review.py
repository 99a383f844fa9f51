"""A plan from its document to an issued edition: new --plan, decisions with their chain, editions
that do not change.
"""

import json
from datetime import date, datetime

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, NoSuchRow, UnreadableFile
from hengtan.desk import plan_editions, plan_folders, plan_reading, plan_review
from hengtan.desk.last_month import Since, issued_since, lights_known_on
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.workspace import Workspace

LI, WANG = Actor("李工"), Actor("王工")
TEXT = """某县绿色低碳发展规划（样例，虚构）
一、总体要求
到2025年，森林覆盖率达到57%，单位GDP能耗比2020年下降14%，骑行步道达到40条。2026年前建成碳排放监测平台。
二、保障措施
到2025年，中心城区绿色建筑占比达到90%。
"""


@pytest.fixture
def drafted(tmp_path):
    """A workspace that began with a document."""
    path = tmp_path / "规划.txt"
    path.write_text(TEXT, encoding="utf-8")
    workspace = new_workspace(tmp_path / "ws", "330199", name="某县", plan=PlanDocument(path, 2022))
    yield workspace
    workspace.close()


def issued(workspace, plan, actor):
    """The next edition, with title and years confirmed as a reviewer does."""
    confirmed = plan_review.Confirmed.of("某县绿色低碳发展规划", "2022", "2026")
    return plan_editions.issue(workspace, plan, actor, confirmed=confirmed)


def plan_of(workspace):
    (plan,) = plan_folders.plans_of(workspace)
    return plan


def test_the_pages_show_the_targets_at_once(drafted):
    rows = {row["indicator_zh"]: row for row in drafted.status()}
    assert {
        name: (row["operator"], row["goal"], row["deadline"]) for name, row in rows.items()
    } == {
        "森林覆盖率": (">=", 57.0, 2025),
        "单位GDP能耗": ("decrease_by", 14.0, 2025),
        "骑行步道": (">=", 40.0, 2025),
        "绿色建筑占比": (">=", 90.0, 2025),
    }
    assert rows["绿色建筑占比"]["region"] == "中心城区"
    assert drafted.explain(
        "plan_progress", {"target_id": rows["森林覆盖率"]["target_id"]}
    ).as_dict()


def test_the_document_is_kept_and_rejected_at_once_where_it_cannot_be_read(drafted, tmp_path):
    folder = drafted.folder / "plans" / plan_of(drafted)
    assert (folder / "document" / "规划.txt").read_text(encoding="utf-8") == TEXT
    bad = tmp_path / "旧.doc"
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(UnreadableFile):
        new_workspace(tmp_path / "other", "330199", name="某县", plan=PlanDocument(bad))
    assert not (tmp_path / "other").exists()


def test_a_district_of_a_shipped_city_knows_its_places(tmp_path):
    path = tmp_path / "规划.txt"
    path.write_text("一、目标\n到2027年，中心城区绿色出行比例达到75%。\n", encoding="utf-8")
    with new_workspace(tmp_path / "ws", "500102", plan=PlanDocument(path)) as workspace:
        assert workspace.pack.chain == ("local-500102", "chongqing", "cn")
        (row,) = [row for row in workspace.pack.rows("targets") if row["plan"].startswith("500102")]
        assert row["region"] == "CQ-G-CORE"


def test_decisions_and_an_edition(drafted):
    plan = plan_of(drafted)
    review = plan_review.load(drafted, plan)
    forest, energy, path, buildings = (reviewed.target.id for reviewed in review.targets())
    for target, decision, fields in (
        (forest, "accept", None),
        (energy, "edit", {"value": "１４．５", "deadline": "2025年"}),
        (path, "reject", None),
    ):
        review = plan_review.decide(drafted, plan, target, decision, LI, fields=fields, note="核对")
    review = plan_review.decide(
        drafted,
        plan,
        "",
        "add",
        LI,
        fields={
            "quote": "骑行步道达到40条",
            "indicator_zh": "骑行步道条数",
            "operator": ">=",
            "value": "40",
            "unit": "条",
            "deadline": "2025",
        },
    )
    assert {reviewed.target.indicator_zh: reviewed.state for reviewed in review.targets()} == {
        "森林覆盖率": "accepted",
        "单位GDP能耗": "edited",
        "骑行步道": "rejected",
        "骑行步道条数": "added",
        "绿色建筑占比": "open",
    }
    assert issued(drafted, plan, LI) == 1
    drafted.reload()
    rows = {row["target_id"]: row for row in drafted.pack.rows("targets")}
    assert set(rows) == {forest, energy, buildings, f"{plan}-a01"}
    assert (rows[energy]["value"], rows[energy]["confidence"]) == (14.5, "read")
    assert (rows[forest]["confidence"], rows[buildings]["confidence"]) == ("read", "proposal")
    assert drafted.pack.rows("plans")[-1]["status"] == "read"
    assert {row["goal"] for row in drafted.status() if row["target_id"] == energy} == {14.5}


def test_a_plan_wholly_reviewed_is_issued(drafted):
    plan = plan_of(drafted)
    plan_review.accept_all(drafted, plan, LI, least=0)
    issued(drafted, plan, LI)
    drafted.reload()
    assert [row["status"] for row in drafted.pack.rows("plans") if row["plan"] == plan] == [
        "issued"
    ]
    assert {row["confidence"] for row in drafted.pack.rows("targets") if row["plan"] == plan} == {
        "read"
    }


def test_a_second_edition_leaves_the_first_as_it_was(drafted):
    plan = plan_of(drafted)
    plan_review.accept_all(drafted, plan, LI, least=0)
    issued(drafted, plan, LI)
    first = (drafted.folder / "plans" / plan / "editions" / "0001.json").read_bytes()
    target = plan_review.load(drafted, plan).targets()[0].target.id
    plan_review.decide(drafted, plan, target, "edit", WANG, fields={"value": "58"})
    assert issued(drafted, plan, WANG) == 2
    assert (drafted.folder / "plans" / plan / "editions" / "0001.json").read_bytes() == first
    assert [e["edition"] for e in plan_review.load(drafted, plan).editions()] == [1, 2]


def test_reopening_takes_the_edit_back(drafted):
    plan = plan_of(drafted)
    target = plan_review.load(drafted, plan).targets()[0].target
    plan_review.decide(drafted, plan, target.id, "edit", LI, fields={"value": "99"})
    review = plan_review.decide(drafted, plan, target.id, "reopen", LI)
    assert (review.targets()[0].state, review.targets()[0].target) == ("open", target)
    assert len(review.log) == 2


@pytest.mark.parametrize(
    ("decision", "fields", "column"),
    [
        ("edit", {"value": "很多"}, "value"),
        ("edit", {"deadline": "去年"}, "deadline"),
        ("edit", {"operator": "~"}, "operator"),
        ("edit", {"unit": "不知道"}, ""),
        ("edit", {"base_year": "2026"}, "base_year"),
        ("edit", {"indicator_zh": "  "}, "indicator_zh"),
        ("edit", {"operator": "range"}, "value2"),
        ("edit", {"quote": "x"}, ""),
        ("edit", {}, ""),
        ("edit", {"value": "1e400"}, "value"),
        ("edit", {"value": "NaN"}, "value"),
        ("edit", {"region": "长" * 300}, "region"),
        ("approve", None, ""),
        ("add", {"quote": "原文没有的话"}, "quote"),
        ("add", {"quote": "森林覆盖率达到57%"}, "indicator_zh"),
        ("edit", {"indicator": "没有的指标"}, "indicator"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_recorded(drafted, decision, fields, column):
    plan = plan_of(drafted)
    target = plan_review.load(drafted, plan).targets()[0].target.id
    with pytest.raises(HengtanError) as refused:
        plan_review.decide(
            drafted,
            plan,
            target,
            decision,
            LI,
            fields=fields,
        )
    assert "\n" not in str(refused.value)
    assert not column or refused.value.where.column == column
    assert plan_review.load(drafted, plan).log == []


def test_unknown_plan_target_and_nobody(drafted):
    plan = plan_of(drafted)
    with pytest.raises(NoSuchRow):
        plan_review.decide(drafted, "没有", "x", "accept", LI)
    with pytest.raises(NoSuchRow):
        plan_review.decide(drafted, plan, "x", "accept", LI)
    with pytest.raises(HengtanError, match="经办人"):
        plan_review.decide(drafted, plan, "x", "accept", Actor(" "))
    with pytest.raises(HengtanError, match="还没有采纳"):
        issued(drafted, plan, LI)


def test_the_body_acted_for_stands_in_decision_and_edition(drafted):
    plan = plan_of(drafted)
    review = plan_review.accept_all(drafted, plan, Actor("李工", "市发展改革委"), least=0)
    issued(drafted, plan, Actor("王工", "市政府"))
    (edition,) = plan_review.load(drafted, plan).editions()
    assert {(e["by"], e["behalf"]) for e in review.log} == {("李工", "市发展改革委")}
    assert (edition["by"], edition["behalf"]) == ("王工", "市政府")


def test_two_reviewers_do_not_overwrite_each_other(drafted):
    plan = plan_of(drafted)
    review = plan_review.load(drafted, plan)
    first, second = (reviewed.target.id for reviewed in review.targets()[:2])
    plan_review.decide(drafted, plan, first, "accept", LI, head=review.head)
    with pytest.raises(HengtanError, match="刚被别人核对过"):
        plan_review.decide(drafted, plan, second, "accept", WANG, head=review.head)


@pytest.mark.parametrize("file", ["decisions.jsonl", "reading.json", "editions/0001.json"])
def test_a_changed_record_is_noticed(drafted, file):
    plan = plan_of(drafted)
    plan_review.accept_all(drafted, plan, LI, least=0)
    issued(drafted, plan, LI)
    path = drafted.folder / "plans" / plan / file
    path.write_text(
        path.read_text(encoding="utf-8").replace("李工", "王工").replace("森林", "树林"),
        encoding="utf-8",
    )
    with pytest.raises(HengtanError, match="改动"):
        plan_review.load(drafted, plan).editions()


def test_a_table_that_does_not_hold_changes_nothing(drafted, monkeypatch):
    plan = plan_of(drafted)
    plan_review.accept_all(drafted, plan, LI, least=0)
    before = {p: p.read_bytes() for p in (drafted.folder / "packs").rglob("*") if p.is_file()}
    real = plan_editions.plan_tables

    def broken(*arguments, **named):
        rows = real(*arguments, **named)
        rows["targets"][0]["clause_ref"] = f"{plan}:没有这一条"
        return rows

    monkeypatch.setattr(plan_editions, "plan_tables", broken)
    with pytest.raises(HengtanError):
        issued(drafted, plan, LI)
    assert {
        p: p.read_bytes() for p in (drafted.folder / "packs").rglob("*") if p.is_file()
    } == before
    assert not (drafted.folder / "plans" / plan / "editions" / "0001.json").exists()


def test_a_second_plan_joins_a_workspace_on_a_shipped_pack(workspace, tmp_path):
    """The workspace rests on the pack that ships; the document's plan gets a pack of its own above
    it, and both plans show.
    """
    path = tmp_path / "规划.txt"
    path.write_text(TEXT, encoding="utf-8")
    draft = plan_editions.add_plan(workspace, path, year=2022)
    with Workspace.open(workspace.folder) as again:
        assert again.pack.chain == ("local-500156", "wulong", "chongqing", "cn")
        assert {row["plan"] for row in again.pack.rows("targets")} >= {"wulong-2025", draft.plan}
        second = plan_reading.read_plan(path, again.pack, "500156", year=2022)
        assert second.plan == draft.plan + "-2"


def test_the_versions_that_diff_takes(drafted, tmp_path):
    plan = plan_of(drafted)
    plan_review.accept_all(drafted, plan, LI, least=0)
    issued(drafted, plan, LI)
    edition = drafted.folder / "plans" / plan / "editions" / "0001.json"
    for version in (
        edition,
        drafted.folder / "packs" / drafted.settings.pack,
        drafted.folder / "plans" / plan / "document" / "规划.txt",
    ):
        assert [row["indicator_zh"] for row in plan_editions.target_rows(version)] == [
            "森林覆盖率",
            "单位GDP能耗",
            "骑行步道",
            "绿色建筑占比",
        ]
    broken = (("x.json", "{}", "不是已发布"), ("y.json", "不是", "JSON 写法有误"))
    for name, content, said in broken:
        bad = tmp_path / name
        bad.write_text(content, encoding="utf-8")
        with pytest.raises(HengtanError, match=said):
            plan_editions.target_rows(bad)
    with pytest.raises(HengtanError, match=r"targets\.csv"):
        plan_editions.target_rows(tmp_path)
    assert json.loads(edition.read_text(encoding="utf-8"))["counts"] == {"accepted": 4}


def test_nothing_is_issued_before_title_years_and_owners_are_confirmed(drafted):
    plan = plan_of(drafted)
    plan_review.accept_all(drafted, plan, LI, least=0)
    with pytest.raises(HengtanError, match="确认标题、年份和责任单位"):
        plan_editions.issue(drafted, plan, LI)
    assert plan_review.load(drafted, plan).editions() == []
    confirmed = plan_review.Confirmed.of("某县绿色低碳发展规划(2023—2025年)", "2023", "2025年")
    assert plan_editions.issue(drafted, plan, LI, confirmed=confirmed) == 1
    drafted.reload()
    (row,) = [row for row in drafted.pack.rows("plans") if row["plan"] == plan]
    assert (row["title_zh"], row["first_year"], row["last_year"]) == (
        "某县绿色低碳发展规划(2023—2025年)",
        2023,
        2025,
    )
    assert plan_editions.issue(drafted, plan, WANG) == 2


@pytest.mark.parametrize(
    ("title", "first", "last", "column"),
    [
        (" ", "2021", "2025", "title"),
        ("规划", "", "2025", "first_year"),
        ("规划", "2021", "很多", "deadline"),
        ("规划", "2026", "2025", "last_year"),
    ],
)
def test_what_is_confirmed_must_hold(title, first, last, column):
    with pytest.raises(HengtanError) as refused:
        plan_review.Confirmed.of(title, first, last)
    assert refused.value.where.column == column


def test_only_the_sure_are_accepted_together(drafted, tmp_path):
    """A second aim whose indicator is taken from the one before is left to the reviewer."""
    path = tmp_path / "其他.txt"
    path.write_text("某县规划\n一、目标\n到2025年,湿地保护率达到57%,力争60%。\n", encoding="utf-8")
    plan = plan_editions.add_plan(drafted, path, year=2022).plan
    review = plan_review.accept_all(drafted, plan, LI)
    assert [r.state for r in review.targets()] == ["accepted", "open"]


def test_figures_read_and_not_taken_are_shown(drafted, tmp_path):
    path = tmp_path / "其他.txt"
    path.write_text(
        "某县补充规划\n一、目标\n到2025年,森林覆盖率达到57%。\n二、任务\n对1万吨以上的单位开展诊断。\n",
        encoding="utf-8",
    )
    draft = plan_editions.add_plan(drafted, path, year=2022)
    assert [(row["figure"], row["quote"]) for row in draft.missed] == [
        ("1万吨以上", "对1万吨以上的单位开展诊断")
    ]
    assert plan_review.shown(drafted, draft.plan)["missed"] == draft.missed


def test_what_editions_changed_since_a_day_is_told_by_their_days(drafted, monkeypatch):
    """Edition 1 of 15 October without 骑行步道; edition 2 of 20 November with it, and with 58 in
    place of 57 % of forest.
    """
    plan, days = plan_of(drafted), iter(["2026-10-15T09:00:00", "2026-11-20T09:00:00"])
    monkeypatch.setattr(plan_editions, "now", lambda: next(days))
    targets = {
        reviewed.target.indicator_zh: reviewed.target.id
        for reviewed in plan_review.load(drafted, plan).targets()
    }
    trails, forest = targets["骑行步道"], targets["森林覆盖率"]
    plan_review.decide(drafted, plan, trails, "reject", LI, note="待核")
    plan_review.accept_all(drafted, plan, LI, least=0)
    issued(drafted, plan, LI)
    plan_review.decide(drafted, plan, trails, "accept", LI)
    plan_review.decide(drafted, plan, forest, "edit", LI, fields={"value": "58"})
    issued(drafted, plan, LI)
    october = issued_since(drafted, date(2026, 10, 31))
    assert (october.arrived, october.revised) == ({trails}, {forest})
    assert issued_since(drafted, date(2026, 9, 30)).arrived == set(targets.values())
    assert issued_since(drafted, date(2026, 11, 30)) == Since()
    assert [gone.indicator_zh for gone in october.removed] == []


def test_a_month_ago_is_judged_by_the_goals_of_then(drafted, monkeypatch, report):
    """Edition 1 of 15 October asks 57 % of forest, edition 2 of 20 November 58 % and leaves
    骑行步道 out; 57.5 % of 2025 reported on 16 October meets the former and misses the latter.
    """
    plan, days = plan_of(drafted), iter(["2026-10-15T09:00:00", "2026-11-20T09:00:00"])
    monkeypatch.setattr(plan_editions, "now", lambda: next(days))
    targets = {
        reviewed.target.indicator_zh: reviewed.target.id
        for reviewed in plan_review.load(drafted, plan).targets()
    }
    trails, forest = targets["骑行步道"], targets["森林覆盖率"]
    plan_review.accept_all(drafted, plan, LI, least=0)
    issued(drafted, plan, LI)
    (row,) = [row for row in drafted.status() if row["target_id"] == forest]
    figure = {"indicator": row["indicator"], "place": row["region_code"], "period": "2025"}
    report(
        drafted,
        "indicator_values",
        [figure | {"value": 57.5, "unit": "%"}],
        at=datetime(2026, 10, 16, 9),
    )
    plan_review.decide(drafted, plan, forest, "edit", LI, fields={"value": "58"})
    plan_review.decide(drafted, plan, trails, "reject", LI, note="不再考核")
    issued(drafted, plan, LI)
    before = lights_known_on(drafted, date(2026, 10, 31))
    assert (before[forest], before[trails]) == ("met", "due_not_reported")
    now = {row["target_id"]: row["light"] for row in drafted.status()}
    assert now[forest] == "missed" and trails not in now
    assert lights_known_on(drafted, date(2026, 11, 30)) == now
    since = issued_since(drafted, date(2026, 10, 31))
    assert (since.arrived, since.revised) == (frozenset(), {forest})
    assert [(gone.target_id, gone.indicator_zh) for gone in since.removed] == [(trails, "骑行步道")]
