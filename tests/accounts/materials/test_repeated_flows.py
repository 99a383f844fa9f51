"""The same tonnes filed by the day and by the month are told, and no balance is said to close.

By hand: the works (a fiction) counted 0 t of ash at the end of 2024 and 25 at the end of 2025. Its
tickets of 3 and 17 June are 10 and 15 t made, and its report of June is 25 t made. Added up that is
50 t, 25 more than the count. Once the report is withdrawn, 25 t are left and it closes.
"""

from __future__ import annotations

import pytest

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import Intake, import_file
from hengtan.graph.said import say_missing

ASH = {"地区": "武隆区", "单位": "某电厂（虚构）", "物料": "粉煤灰", "计量单位": "吨"}
FIRM = ASH["单位"]
MADE = ASH | {"种类": "产生"}
TICKETS = [
    MADE | {"日期": "2025-06-03", "数量": 10, "联单号": "1"},
    MADE | {"日期": "2025-06-17", "数量": 15, "联单号": "2"},
]
REPORT = [MADE | {"日期": "2025年6月", "数量": 25, "联单号": ""}]
COUNTS = [
    {"地区": "武隆区", "企业名称": FIRM, "物料": "粉煤灰", "重量单位": "吨"} | count
    for count in (
        {"盘点日期": "2024-12-31", "库存量": 0},
        {"盘点日期": "2025-12-31", "库存量": 25},
    )
]


def test_a_report_of_a_month_beside_its_tickets_is_told_until_it_is_withdrawn(
    workspace, tmp_path, hand_in, row_of, rows_of, explained
):
    hand_in("material_stocks", COUNTS)
    hand_in("material_flows", TICKETS)
    assert row_of("material_balance", year=2025)["closes"] is True
    hand_in("material_flows", REPORT)
    doubled = row_of("material_flows_repeated")
    assert (doubled["firm"], doubled["kind"], doubled["year"]) == (FIRM, "made", 2025)
    assert (doubled["rows"], doubled["tonnes"]) == (1, 25.0)
    assert (doubled["shorter_rows"], doubled["shorter_tonnes"]) == (2, 25.0)
    balance = row_of("material_balance", year=2025)
    assert balance["missing"] == "flows_repeated|1" and balance["closes"] is None
    assert (balance["made"], balance["gap"]) == (50.0, 25.0)
    assert row_of("material_storage")["missing"] == "flows_repeated|1"
    words = say_missing(doubled["missing"]), say_missing(doubled["missing"], "en")
    assert "2025-06" in words[0] and "1行" in words[0] and "2行" in words[0]
    assert "1 rows for 2025-06" in words[1]
    explained("material_flows_repeated", "material_flow_months", "material_balance")

    titles = list(TICKETS[0])
    lines = [",".join(titles), *(",".join(str(row[t]) for t in titles) for row in TICKETS)]
    path = tmp_path / "六月全部磅单.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    whole = Intake(whole_list=True)
    import_file(
        workspace, "material_flows", path, actor=Actor("填报员"), approve=True, intake=whole
    )
    assert rows_of("material_flows_repeated") == []
    balance = row_of("material_balance", year=2025)
    assert balance["missing"] is None and balance["closes"] is True and balance["made"] == 25.0


@pytest.mark.parametrize(
    ("other", "doubted"),
    [
        ({"日期": "2025年6月", "种类": "利用"}, 0),  # another kind
        ({"日期": "2025年7月"}, 0),  # another month
        ({"日期": "2025年6月", "物料": "炉渣"}, 0),
        ({"日期": "2025年6月", "单位": "另一电厂（虚构）"}, 0),
        ({"日期": "2025-06-03", "联单号": "3"}, 0),  # another ticket of the same day
        ({"日期": "2025年第2季度"}, 1),
        ({"日期": "2025年"}, 1),
    ],
)
def test_only_a_longer_period_of_the_same_firm_material_and_kind_is_doubted(
    hand_in, rows_of, other, doubted
):
    hand_in("material_flows", [*TICKETS, MADE | {"数量": 5, "联单号": ""} | other])
    assert len(rows_of("material_flows_repeated")) == doubted


def test_tickets_of_transfers_beside_the_monthly_figure_of_the_sender_are_told(hand_in, row_of):
    """A transfer is what its sender sent: 10 t by manifest on 3 June beside 10 t out in June."""
    moved = ASH | {"种类": "转移", "日期": "2025-06-03", "数量": 10}
    moved |= {"联单号": "2025500232000777", "去向": "乙建材（虚构）"}
    report = ASH | {"种类": "转出", "日期": "2025年6月", "数量": 10, "联单号": "", "去向": ""}
    hand_in("material_flows", [moved, report])
    doubled = row_of("material_flows_repeated")
    assert (doubled["firm"], doubled["kind"]) == (FIRM, "out")
    assert (doubled["tonnes"], doubled["shorter_tonnes"]) == (10.0, 10.0)
