"""A discharge permit from its monthly monitoring to the year's verdict, and what one corrected
month does to it.

By hand: 40 mg/L × 15,000 m³ = 600,000 g = 0.6 t a month, 7.2 t in twelve; the permit allows 6 t and
50 mg/L, and the highest day of July is 55. Corrected to 30 mg/L in each month it is 5.4 t. SO2: 20
mg/m³ × 10^7 m³ = 0.2 t a month, 2.4 t. Fines: 排污许可管理条例 第三十七条, 5,000–20,000 yuan a
report (two here: one late, one missing); 第三十四条, 200,000–1,000,000 yuan above the permit.
"""

from __future__ import annotations

import pytest

FIRM = "91500232MA5U000001"
KIND = "discharge_permit"
YEAR = ("P1", "permit.compliance", "2024")
OVER = {("P1", "permit.month", month) for month in ("2024-07", "2024-11")}


def permit(number="P1", issued="2021-06-01"):
    return {
        "许可证编号": number,
        "地区": "武隆区",
        "统一社会信用代码": FIRM,
        "单位名称": "甲厂",
        "发证日期": issued,
    }


LIMITS = [
    {
        "许可证编号": "P1",
        "排放口": "DW001",
        "介质": "废水",
        "污染物": "化学需氧量",
        "起始日期": "2021-06-01",
        "许可浓度": 50,
        "年许可排放量": 6,
    },
    {
        "许可证编号": "P1",
        "排放口": "DA001",
        "介质": "废气",
        "污染物": "二氧化硫",
        "起始日期": "2021-06-01",
        "许可浓度": 35,
    },
]


def months(concentration, peak_of_july):
    water = [
        {
            "许可证编号": "P1",
            "排放口": "DW001",
            "介质": "废水",
            "污染物": "化学需氧量",
            "月份": f"2024年{month}月",
            "月均浓度": concentration,
            "最高日均浓度": peak_of_july if month == 7 else 48,
            "流量": "1.5万",
        }
        for month in range(1, 13)
    ]
    gas = [
        {
            "许可证编号": "P1",
            "排放口": "DA001",
            "介质": "废气",
            "污染物": "二氧化硫",
            "月份": f"2024-{month:02d}",
            "月均浓度": 20,
            "流量": "1000万",
        }
        for month in range(1, 13)
    ]
    return water + gas


REPORTS = [
    {"许可证编号": "P1", "报告期": "2024年", "应报日期": "2025-01-31", "实报日期": "2025-02-10"},
    {"许可证编号": "P1", "报告期": "2024年第4季度", "应报日期": "2025-01-15"},
]


@pytest.fixture
def kept(hand_in):
    hand_in("discharge_permits", [permit()])
    hand_in("permit_limits", LIMITS)
    hand_in("permit_months", months(40, 55))
    hand_in("permit_reports", REPORTS)


def test_months_become_the_verdict_of_the_year_and_a_correction_another(
    kept, workspace, hand_in, said
):
    years = {row["item"]: row for row in workspace.execute("permit_emission_years").to_pylist()}
    assert years["DW001 化学需氧量"]["emitted"] == pytest.approx(7.2)
    assert years["DA001 二氧化硫"]["emitted"] == pytest.approx(2.4)
    assert years["DW001 化学需氧量"]["months_over"] == 1
    first = said(KIND)[YEAR]
    assert (first["over"], first["late"], first["missing"]) == (2, 1, 1)
    assert (first["fine_min"], first["fine_max"]) == (10_000, 40_000)
    assert (first["over_fine_min"], first["over_fine_max"]) == (200_000, 1_000_000)
    digests = digests_of(workspace)
    hand_in("permit_months", months(30, 48))
    second = said(KIND)[YEAR]
    assert second["over"] == 0 and "over_fine_min" not in second
    assert (second["late"], second["missing"]) == (1, 1)
    corrected = digests_of(workspace)
    assert {key for key, digest in corrected.items() if digest != digests[key]} == {YEAR}
    assert set(digests) - set(corrected) == OVER


def digests_of(workspace):
    rows = workspace.execute(f"case_{KIND}_verdicts").to_pylist()
    return {(row["subject"], row["asked"], row["period"]): row["digest"] for row in rows}


def test_the_calendar_says_what_is_due_done_and_late(kept, due):
    """Five years from 2021-06-01 end on 2026-05-31; 60 days before is 2026-04-01."""
    days = due(KIND)
    assert days["P1", "renewal", ""][0] == "2026-04-01"
    assert days["P1", "report", "2024"] == ("2025-01-31", "done_late")
    assert days["P1", "report", "2024-Q4"] == ("2025-01-15", "overdue")


def test_the_city_has_what_lies_in_it(kept, workspace, hand_in):
    """A second permit of another district, over by concentration only."""
    hand_in("discharge_permits", [{**permit("P2"), "地区": "涪陵区"}])
    hand_in("permit_limits", [{**LIMITS[0], "许可证编号": "P2", "年许可排放量": ""}])
    hand_in("permit_months", [{**row, "许可证编号": "P2"} for row in months(40, 55)[:12]])
    rows = workspace.execute(f"case_{KIND}_totals").to_pylist()
    over = {
        row["place"]: (row["subjects"], row["total"])
        for row in rows
        if (row["asked"], row["output"], row["year"]) == ("permit.compliance", "over", 2024)
    }
    assert over["500156"] == (1, 2)
    assert over["500102"] == (1, 1)
    assert over["500000"] == (2, 3)


def test_a_month_without_a_limit_is_not_over_and_a_permit_without_months_has_no_year(hand_in, said):
    hand_in("discharge_permits", [permit(), permit("P3")])
    hand_in("permit_months", months(40, 55))
    verdicts = said(KIND)
    assert "refused" in verdicts[YEAR]  # neither an amount nor a concentration is permitted
    assert not [key for key in verdicts if key[0] == "P3" and key[2]]


def test_the_explained_rows_alone_give_the_row(kept, explained):
    parts = (f"case_{KIND}_{part}" for part in ("verdicts", "calendar", "totals"))
    explained("permit_emission_months", "permit_excesses", "permit_emission_years", *parts)
