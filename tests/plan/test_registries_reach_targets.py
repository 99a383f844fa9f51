"""Registries move targets: quantities in one unit, terms with their ends, flows by year, ratios
with their denominator.
"""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.status import status_view
from hengtan.report.sheet.filled import write_filled_form
from hengtan.workspace.asof import AsOf

TODAY = AsOf.of(today=date(2026, 11, 28))
OFFICE = Actor("登记员")


def entry(registry, title, granted=None, **more):
    return {"registry": registry, "place": "500156", "title": title, "granted": granted, **more}


def handed_in(workspace, tmp_path, rows, name="名录.xlsx", **intake):
    form = workspace.form("registry_entries")
    path = write_filled_form(form, rows, tmp_path / name, "名录条目")
    return import_file(
        workspace, "registry_entries", path, actor=OFFICE, intake=Intake(**intake), approve=True
    )


def typed(registry, title, granted, **more):
    """A row as a person types it."""
    return {"registry": registry, "place": "武隆区", "title": title, "granted": granted} | more


def counts(workspace, as_of=TODAY):
    rows = workspace.execute("plan_registry_counts", as_of).to_pylist()
    return {row["registry"]: row for row in rows}


@pytest.mark.parametrize(
    ("registry", "quantities", "total"),
    [
        ("技术合同登记", [(3500, "万元"), (0.2, "亿元")], 0.55),  # 亿元
        ("新能源电站登记", [(100, "MW"), (None, None)], 10),  # 万千瓦
        ("小微湿地名录", [(45, "亩")], 3),  # 公顷: 15 亩 are one hectare
    ],
)
def test_quantities_are_summed_in_the_unit_of_the_registry(
    workspace, tmp_path, registry, quantities, total
):
    rows = [
        typed(registry, f"第{n}项", "2024-05-01", quantity=quantity, unit=unit)
        for n, (quantity, unit) in enumerate(quantities)
    ]
    handed_in(workspace, tmp_path, rows)
    (row,) = counts(workspace).values()
    assert row["quantity"] == pytest.approx(total)
    assert row["incomplete"] == sum(quantity is None for quantity, _ in quantities)


def test_a_unit_of_another_kind_is_refused_at_import(workspace, tmp_path):
    with pytest.raises(ImportRejected) as refused:
        handed_in(
            workspace,
            tmp_path,
            [typed("小微湿地名录", "某湿地", "2024-05-01", quantity=3, unit="吨")],
        )
    assert refused.value.where.row == 3 and "公顷" in str(refused.value)
    assert workspace.ledger.submissions() == []


def test_a_list_with_one_entry_withdrawn_and_then_renewed_counts_2_1_2(workspace, tmp_path):
    factory = {"level": "市级"}
    both = [typed("绿色工厂名录", name, "2023-11-20", **factory) for name in ("甲厂", "乙厂")]
    handed_in(workspace, tmp_path, both, "r1.xlsx")
    assert counts(workspace)["green-factories"]["entries"] == 2
    out = typed("绿色工厂名录", "甲厂", "2023-11-20", withdrawn="2025-12-31", **factory)
    handed_in(workspace, tmp_path, [out], "r2.xlsx")
    assert counts(workspace)["green-factories"]["entries"] == 1
    renewed = [row | {"holder": "9150", "evidence": "2024年公告"} for row in both]
    handed_in(workspace, tmp_path, renewed, "r3.xlsx", whole_list=True)
    assert counts(workspace)["green-factories"]["entries"] == 2


def test_whole_lists_in_turn_count_2_0_2(workspace, tmp_path):
    factory = {"level": "市级"}
    both = [typed("绿色工厂名录", name, "2023-11-20", **factory) for name in ("甲厂", "乙厂")]
    out = typed("绿色工厂名录", "甲厂", "2023-11-20", withdrawn="2025-12-31", **factory)
    seen = []
    for n, rows in enumerate((both, [out], [row | {"batch": "2024"} for row in both])):
        handed_in(workspace, tmp_path, rows, f"r{n}.xlsx", whole_list=True)
        row = counts(workspace).get("green-factories")
        seen.append(row["entries"] if row else 0)
    assert seen == [2, 0, 2]


def test_a_term_and_its_renewal_are_two_intervals_and_one_entry(workspace, report):
    report(
        workspace,
        "registry_entries",
        [
            entry(
                "green-factories",
                "甲厂",
                date(2019, 6, 1),
                level="municipal",
                withdrawn=date(2021, 6, 1),
            ),
            entry("green-factories", "甲厂", date(2023, 6, 1), level="municipal"),
        ],
    )
    by_day = [
        counts(workspace, AsOf.of(today=day)).get("green-factories", {"entries": 0})["entries"]
        for day in (date(2020, 1, 1), date(2022, 1, 1), date(2024, 1, 1))
    ]
    assert by_day == [1, 0, 1]


def test_a_title_counts_to_the_last_day_of_its_validity(workspace, report):
    """Valid to 2026-11-28 as entered: it counts on that day and not on the next."""
    row = entry(
        "green-factories", "甲厂", date(2023, 11, 29), level="municipal", expires=date(2026, 11, 28)
    )
    report(workspace, "registry_entries", [row])
    assert counts(workspace, AsOf.of(today=date(2026, 11, 28)))["green-factories"]["entries"] == 1
    assert "green-factories" not in counts(workspace, AsOf.of(today=date(2026, 11, 29)))


def test_a_contract_of_2019_does_not_count_into_2025(workspace, report):
    report(
        workspace,
        "registry_entries",
        [
            entry("technology-contracts", "旧合同", date(2019, 3, 1), quantity=5.0, unit="亿元"),
            entry("technology-contracts", "新合同", date(2025, 3, 1), quantity=2.0, unit="亿元"),
        ],
    )
    values = workspace.table(
        "plan_series", {"series": "tech_contract_value", "place": "500156"}
    ).to_pylist()
    by_period = {row["period"]: row["value"] for row in values}
    assert (by_period["2019"], by_period["2020"], by_period["2025"]) == (5.0, 0.0, 2.0)


def target(workspace, target_id, as_of=None):
    return next(row for row in workspace.status() if row["target_id"] == target_id)


def test_chargers_of_the_registry_move_the_target_of_wulong(workspace, tmp_path):
    """The goal is 1,000 new charging points in 2021–2025: 400 are not enough, 1,050 are."""
    assert target(workspace, "wl-chargers-2025")["light"] == "due_not_reported"
    first = [typed("充电桩登记", "白马站", "2023-06-01", quantity=400, unit="个")]
    handed_in(workspace, tmp_path, first, "一.xlsx")
    row = target(workspace, "wl-chargers-2025")
    assert (row["light"], row["actual_value"], row["latest_origin"]) == (
        "missed",
        400.0,
        "computed",
    )
    second = [typed("充电桩登记", "仙女山站", "2025-03-01", quantity=650, unit="个")]
    handed_in(workspace, tmp_path, second, "二.xlsx")
    row = target(workspace, "wl-chargers-2025")
    assert (row["light"], row["actual_value"]) == ("met", 1050.0)


def test_a_share_is_formed_only_with_its_denominator(workspace, tmp_path, report):
    """120 万平方米 of prefabricated floor area started in Wulong, of 300 万平方米 in Chongqing: 40
    % meets the goal of 2027.
    """
    rows = [typed("装配式建筑项目登记", "某项目", "2025-05-01", quantity=120, unit="万平方米")]
    handed_in(workspace, tmp_path, rows)
    assert target(workspace, "cq-prefab-2027")["state"] == "proxy"  # a numerator alone
    report(
        workspace,
        "indicator_values",
        [
            {
                "place": "500000",
                "indicator": "started_building_area",
                "period": "2025",
                "value": 300.0,
                "unit": "万平方米",
            }
        ],
    )
    row = target(workspace, "cq-prefab-2027")
    assert (row["actual_value"], row["light"]) == (pytest.approx(40.0), "green")


def test_the_page_shows_a_reported_value_beside_the_computed_one(workspace, tmp_path, report):
    """650 by the registry and 800 as reported by the district itself: 150 too many, -18.75 %."""
    entry = typed("充电桩登记", "仙女山站", "2025-03-01", quantity=650, unit="个")
    handed_in(workspace, tmp_path, [entry], "桩.xlsx")
    said = {"place": "500156", "indicator": "ev_chargers_added", "period": "2025", "unit": "个"}
    report(workspace, "indicator_values", [said | {"value": 800.0}])
    targets = {row["target_id"]: row for row in status_view(workspace)["targets"]}
    row = targets["wl-chargers-2025"]
    shown = {(v["origin"], v["reported_value"], v["won"]) for v in row["series"] if v["value"]}
    assert shown == {("computed", 650.0, True), ("reported", 800.0, False)}
    assert (row["computed_amount"], row["reported_amount"], row["amounts_unit"]) == (650, 800, "个")
    assert row["difference_pct"] == pytest.approx(-18.75)


@pytest.mark.parametrize(
    ("kind", "indicator", "unit"),
    [
        ("energy", "energy_intensity_gdp", "吨标准煤/万元"),
        ("carbon", "co2_intensity_gdp", "tCO2/10k CNY"),
    ],
)
def test_an_assigned_goal_is_a_target_like_any_other(workspace, report, kind, indicator, unit):
    """0.30 to 0.27 tce (or t CO2) per 万元 between 2020 and 2024 is a cut of 10 %; the compound
    path to 14 % in 2025 asks 11.4 %.
    """
    report(
        workspace,
        "intensity_goals",
        [
            {
                "place": "500156",
                "goal_kind": kind,
                "base_year": 2020,
                "goal_year": 2025,
                "goal_cut": 14.0,
                "source_title": "下达文件",
            }
        ],
    )
    report(
        workspace,
        "indicator_values",
        [
            {
                "place": "500156",
                "indicator": indicator,
                "period": year,
                "value": value,
                "unit": unit,
                "edition": "2020",
            }
            for year, value in (("2020", 0.30), ("2023", 0.28), ("2024", 0.27))
        ],
    )
    rows = {row["target_id"]: row for row in workspace.status(period="2024")}
    row = rows[f"assigned-{kind}-500156-2020"]
    assert (row["goal"], row["actual_value"]) == (14.0, pytest.approx(10.0))
    assert row["required_now"] == pytest.approx(100 * (1 - 0.86 ** (4 / 5)))
    assert row["light"] == "orange"
