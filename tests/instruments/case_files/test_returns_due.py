"""A return is due of every period, of those too that nothing was filed of: quarters and months from
the first day a payer is kept to the last, 15 days after the end of each.
"""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.workspace.asof import AsOf

FIRM = "91500232MA5U00001A"
PLACE = {"区县": "武隆区"}
PAYER = {"统一社会信用代码": FIRM, **PLACE, "纳税人名称": "甲厂"}
FILED = {"统一社会信用代码": FIRM, "税种": "环保税", "申报税额": 0}


@pytest.fixture
def days(workspace):
    """The calendar of a kind on a day: (label, day due, state)."""

    def days(kind, today):
        rows = workspace.execute(f"case_{kind}_calendar", AsOf.of(today=today)).to_pylist()
        return [(row["label"], row["due"], row["state"]) for row in rows]

    return days


def test_a_quarter_without_any_record_is_overdue_until_its_return_is_filed(hand_in, days):
    """Registered in February 2024, looked at in November: three quarters are overdue, the fourth is
    open. A return of nought for the second settles it, late by five days.
    """
    hand_in("env_tax_payers", [PAYER | {"登记日期": "2024-02-05"}])
    today = date(2024, 11, 30)
    assert sorted(days("env_tax_payer", today)) == [
        ("2024-Q1", "2024-04-15", "overdue"),
        ("2024-Q2", "2024-07-15", "overdue"),
        ("2024-Q3", "2024-10-15", "overdue"),
        ("2024-Q4", "2025-01-15", "open"),
    ]
    hand_in("tax_returns", [FILED | {"所属期": "2024年第二季度", "申报日期": "2024-07-20"}])
    assert ("2024-Q2", "2024-07-15", "done_late") in days("env_tax_payer", today)
    corrected = FILED | {"所属期": "2024年第二季度", "申报日期": "2024-07-12"}
    hand_in("tax_returns", [corrected])
    assert ("2024-Q2", "2024-07-15", "done") in days("env_tax_payer", today)


def test_a_payer_that_is_closed_or_kept_from_a_later_day_has_no_other_returns_due(hand_in, days):
    """Kept since July 2024 and closed on 8 October 2024: the third and fourth quarter. A return of
    another tax settles nothing.
    """
    kept = {"登记日期": "2018-03-01", "台账起始日期": "2024-07-01", "注销日期": "2024-10-08"}
    hand_in("env_tax_payers", [PAYER | kept])
    hand_in("tax_returns", [FILED | {"税种": "水资源税", "所属期": "2024年第三季度"}])
    assert sorted(days("env_tax_payer", date(2025, 6, 30))) == [
        ("2024-Q3", "2024-10-15", "overdue"),
        ("2024-Q4", "2025-01-15", "overdue"),
    ]


def test_months_of_an_intake_are_due_from_the_day_the_tax_began(hand_in, days):
    """Water resource tax since 2024-12-01: nothing was due of November as tax."""
    intake = {"取水许可证编号": "W1", **PLACE, "统一社会信用代码": FIRM, "取水单位": "甲厂"}
    about = {"取用水类型": "工业", "水源": "地表水", "年许可水量": "2.5万", "申报方式": "按月"}
    hand_in("water_intakes", [intake | about | {"许可起始日期": "2023-06-01"}])
    assert sorted(days("water_intake", date(2025, 2, 10))) == [
        ("2024-12", "2025-01-15", "overdue"),
        ("2025-01", "2025-02-15", "soon"),
        ("2025-02", "2025-03-15", "open"),
    ]
