"""What is handed in is unverified (未核) until somebody says the source was read, and what its own
submitter approved says so wherever the figure stands.
"""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.self_approval import with_self_approval
from hengtan.desk.status import status_view
from hengtan.report.page.tree import arrange
from hengtan.report.sheet.filled import write_filled_form
from hengtan.report.sheet.status import write_status
from hengtan.workspace.asof import AsOf

TODAY = AsOf.of(today=date(2026, 11, 28))
FOREST = "wl-forest-cover-2025"
OFFICE, BUREAU = Actor("区林业局"), Actor("区统计局")


def handed_in(workspace, folder, form_id, rows, approver=BUREAU):
    """Rows as a person types them, imported by the office and approved by ``approver``."""
    form = workspace.form(form_id)
    path = write_filled_form(form, rows, folder / f"{form_id}.xlsx", form.title_zh)
    report = import_file(workspace, form_id, path, actor=OFFICE, intake=Intake())
    workspace.ledger.record(report.submission["submission"], "approved", approver)
    return report


def targets(workspace):
    return status_view(workspace, TODAY)["targets"]


def forest(workspace):
    (target,) = [t for t in targets(workspace) if t["target_id"] == FOREST]
    return target


def cover(**stated):
    row = {"place": "武隆区", "indicator": "森林覆盖率", "period": "2025", "value": 68.2}
    return row | {"unit": "%", "source_title": "林草资源年度监测"} | stated


@pytest.mark.parametrize(
    ("stated", "approver", "confidence"),
    [
        ({}, BUREAU, "unverified"),
        ({"confidence": "未核"}, BUREAU, "unverified"),
        ({"confidence": "已核读"}, BUREAU, "read"),
        ({"confidence": "已读原文"}, BUREAU, "read"),
        ({"confidence": "read"}, BUREAU, "read"),
        ({}, OFFICE, "self_approved"),
        ({"confidence": "已核读"}, OFFICE, "self_approved"),
    ],
)
def test_a_reported_value_is_unverified_unless_it_says_its_source_was_read(
    workspace, tmp_path, stated, approver, confidence
):
    handed_in(workspace, tmp_path, "indicator_values", [cover(**stated)], approver)
    target = forest(workspace)
    assert target["latest_confidence"] == confidence
    # it was handed in and approved, so it speaks for the target: 68.2 is above the goal of 68
    assert (target["state"], target["light"]) == ("actual", "met")


@pytest.mark.parametrize(
    ("stated", "confidence"), [("凭记忆，未核", "recalled"), ("推算", "derived")]
)
def test_what_is_remembered_or_worked_out_by_its_reporter_is_an_estimate(
    workspace, tmp_path, stated, confidence
):
    handed_in(workspace, tmp_path, "indicator_values", [cover(confidence=stated)])
    target = forest(workspace)
    assert (target["latest_confidence"], target["state"]) == (confidence, "estimate")
    assert target["light"] != "met"


def records(workspace, folder, approver):
    firm = {"place": "武隆区", "entity": "91500232MA5U000001", "entity_name": "甲厂"}
    coal = {"industry": "30", "product": "原煤", "unit": "吨", "coefficient": 0.7143}
    row = firm | coal | {"period": "2025", "consumed": 1000.0}
    handed_in(workspace, folder, "enterprise_energy", [row], approver)


@pytest.mark.parametrize(("approver", "word"), [(BUREAU, "unverified"), (OFFICE, "self_approved")])
@pytest.mark.parametrize("account", ["energy_enterprise_tce", "carbon_enterprise_fuel"])
def test_what_is_computed_is_no_surer_than_its_records(
    workspace, tmp_path, account, approver, word
):
    records(workspace, tmp_path, approver)
    (row,) = workspace.execute(account, TODAY).to_pylist()
    # the carbon content of raw coal in the packs is a proposal, less sure than any record
    assert row["confidence"] == (word if account == "energy_enterprise_tce" else "proposal")


def charger(place="武隆区"):
    row = {"registry": "充电桩登记", "place": place, "title": "白马站", "granted": "2025-05-01"}
    return row | {"quantity": 40.0, "unit": "个"}


@pytest.mark.parametrize(("approver", "alone"), [(BUREAU, False), (OFFICE, True)])
def test_a_target_moved_by_a_registry_says_who_approved_its_entries(
    workspace, tmp_path, approver, alone
):
    handed_in(workspace, tmp_path, "registry_entries", [charger()], approver)
    rows = workspace.execute("plan_registry_terms", TODAY).to_pylist()
    assert {r["confidence"] for r in rows} == {"self_approved" if alone else "unverified"}
    computed = [t for t in targets(workspace) if t["latest_origin"] == "computed"]
    assert computed and all(t["self_approved"] is alone for t in computed)


def test_every_page_of_a_figure_says_that_its_submitter_approved_it(workspace, tmp_path):
    from hengtan.cli.show import _cells
    from hengtan.report.page.offline import report_html

    handed_in(workspace, tmp_path, "indicator_values", [cover()], OFFICE)
    view = status_view(workspace, TODAY)
    target = forest(workspace)
    assert target["self_approved"]
    assert _cells(target, wide=True)["数据状态"].endswith("自审")

    said = workspace.explain("plan_progress", {"target_id": FOREST}).text()
    assert "提交人自审" in said and "区林业局" in said

    book = load_workbook(write_status(view, tmp_path / "状态.xlsx"))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert "提交人自审" in cells
    page = report_html(view)
    assert page.count("提交人自审") >= 2


def test_a_second_person_is_not_said_to_be_the_same(workspace, tmp_path):
    handed_in(workspace, tmp_path, "indicator_values", [cover()], BUREAU)
    said = workspace.explain("plan_progress", {"target_id": FOREST}).text()
    assert "提交人自审" not in said and "区统计局" in said


def stations(workspace, folder, approver, **stated):
    handed_in(workspace, folder, "registry_entries", [charger() | stated], approver)


def marked(workspace):
    """The computed targets that are marked, with the submissions their mark names."""
    computed = [t for t in targets(workspace) if t["latest_origin"] == "computed"]
    assert computed
    return {t["target_id"]: t["self_approved_submissions"] for t in computed if t["self_approved"]}


@pytest.mark.parametrize(
    "beside",
    [
        {"registry": "绿色工厂名录", "title": "甲厂"},
        {"place": "涪陵区", "title": "李渡站"},
        {"granted": "2026-03-01", "title": "江口站"},
    ],
)
def test_a_computed_value_is_marked_for_rows_that_can_enter_it_only(workspace, tmp_path, beside):
    """Another registry, another district, or an entry of after the period is none of its own."""
    stations(workspace, tmp_path, BUREAU)
    before = {t["target_id"]: t for t in targets(workspace) if t["latest_origin"] == "computed"}
    stations(workspace, tmp_path, OFFICE, **beside)
    after = {t["target_id"]: t for t in targets(workspace)}
    untouched = [
        name
        for name, target in before.items()
        if after[name]["latest_value"] == target["latest_value"]
        and after[name]["latest_period"] == target["latest_period"]
        and target["region_code"] == "500156"
    ]
    assert untouched and not any(after[name]["self_approved"] for name in untouched)


def test_the_mark_names_the_submission_and_goes_with_its_rows(workspace, tmp_path):
    from hengtan.cli.show import _cells

    stations(workspace, tmp_path, OFFICE)
    marks = marked(workspace)
    alone = [s["submission"] for s in workspace.ledger.submissions()]
    assert marks and all(names == alone for names in marks.values())
    rows = with_self_approval(workspace, TODAY, workspace.status())
    states = [_cells(row, wide=True)["数据状态"] for row in rows if row["target_id"] in marks]
    assert states and all(state.endswith("·自审") for state in states)
    workspace.ledger.record(alone[0], "withdrawn", OFFICE, "误报")
    stations(workspace, tmp_path, BUREAU, title="白马二站")
    assert marked(workspace) == {}


def test_a_demonstration_row_is_told_as_such_in_its_explanation(workspace, tmp_path):
    form = workspace.form("indicator_values")
    path = write_filled_form(form, [cover()], tmp_path / "演示.xlsx", form.title_zh)
    loader = Actor("demo-loader")
    report = import_file(
        workspace, "indicator_values", path, actor=loader, intake=Intake(demo=True)
    )
    workspace.ledger.record(report.submission["submission"], "approved", loader)
    explained = workspace.explain("plan_progress", {"target_id": FOREST})
    assert "demo-loader" in explained.text() and "演示数据" in explained.text()
    assert "提交人自审" not in explained.text()
    nodes = [arrange(explained.as_dict())]
    while nodes:
        node = nodes.pop()
        assert not node.self_approved
        nodes += node.children
