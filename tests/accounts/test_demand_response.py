"""Demand response: baselines by hand and as properties, and an event from the export of a meter to
the payment, by the rule that the place has set.
"""

import csv
from datetime import date, timedelta

import pytest
from filed_rows import file_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from reproducing import reproduced

from hengtan.accounts.power.baselines import Meter, NoBaseline, Rule, accuracy, baseline
from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file

WEDNESDAY = date(2023, 8, 9)
HOURS = range(15, 18)
PLAIN = Rule(days=3, look_back=20, adjust_hours=0, adjust_limit=0.2)
SCALED = Rule(days=3, look_back=20, adjust_hours=2, adjust_limit=0.2)


def meter(days, called=(WEDNESDAY,)):
    """Days before the event, the last first, each a constant power or powers by hour."""
    past = {
        WEDNESDAY - timedelta(days=back): hours if isinstance(hours, dict) else flat(hours)
        for back, hours in days.items()
    }
    return Meter(past, frozenset(called), lambda day: day.weekday() < 5)


def flat(power):
    return dict.fromkeys(range(1, 25), power)


def test_the_mean_of_the_last_similar_days():
    """Tuesday 90, Monday 120, Friday 150: 120. The weekend (600) is of another kind, and the Monday
    that was called is passed over for Thursday's 180: (90 + 150 + 180) / 3 = 140.
    """
    days = {1: 90.0, 2: 120.0, 3: 600.0, 4: 600.0, 5: 150.0, 6: 180.0}
    assert baseline(meter(days), WEDNESDAY, HOURS, PLAIN)[15] == pytest.approx(120)
    called = (WEDNESDAY, WEDNESDAY - timedelta(days=2))
    assert baseline(meter(days, called), WEDNESDAY, HOURS, PLAIN)[15] == pytest.approx(140)


@pytest.mark.parametrize(("today", "expected"), [(110.0, 110.0), (300.0, 120.0), (10.0, 80.0)])
def test_the_day_itself_scales_it_within_its_limit(today, expected):
    """Similar days have 100; hours 13 and 14 of the day have 110 (a tenth more), 300 and 10 (held
    to 20 % either way).
    """
    days = {0: {13: today, 14: today}, 1: 100.0, 2: 100.0, 5: 100.0}
    assert baseline(meter(days), WEDNESDAY, HOURS, SCALED)[15] == pytest.approx(expected)


def test_what_lacks_gives_no_baseline():
    with pytest.raises(NoBaseline) as few:
        baseline(meter({1: 90.0, 2: 120.0}), WEDNESDAY, HOURS, PLAIN)
    assert (few.value.code, few.value.arguments[1:3]) == ("too_few_similar_days", (2, 3))
    days = {1: 100.0, 2: 100.0, 5: 100.0}
    with pytest.raises(NoBaseline) as before:
        baseline(meter(days), WEDNESDAY, HOURS, SCALED)
    assert before.value.code == "no_hours_before_event"
    with pytest.raises(NoBaseline) as early:
        baseline(meter(days), WEDNESDAY, range(2, 4), SCALED)
    assert early.value.code == "adjusting_before_midnight"


@settings(max_examples=30, deadline=None)
@given(
    power=st.floats(1.0, 1e6),
    days=st.integers(1, 8),
    adjust_hours=st.integers(0, 4),
    limit=st.floats(0.0, 0.5),
)
def test_a_constant_meter_has_a_constant_baseline(power, days, adjust_hours, limit):
    constant = meter(dict.fromkeys(range(40), power))
    rule = Rule(days, 30, adjust_hours, limit)
    assert baseline(constant, WEDNESDAY, HOURS, rule) == pytest.approx(dict.fromkeys(HOURS, power))
    tried = accuracy(constant, HOURS, rule)
    assert tried.days > 0 and tried.error == pytest.approx(0, abs=1e-6 * power)


def test_error_on_days_that_are_left_out():
    """Weekdays of 100 but one of 130: its own baseline is 100, an error of -30; each of the next
    three has it among its three days, a baseline of 110, an error of +10. Of 8 days tried that is
    a mean of 0 and a root mean square of sqrt((900 + 300) / 8).
    """
    weekdays = [back for back in range(1, 16) if (WEDNESDAY - timedelta(days=back)).weekday() < 5]
    days = dict.fromkeys(weekdays, 100.0) | {weekdays[4]: 130.0}
    tried = accuracy(meter(days), HOURS, PLAIN)
    assert (tried.days, tried.bias) == (8, pytest.approx(0))
    assert tried.error == pytest.approx((1200 / 8) ** 0.5)
    assert tried.mean_load == pytest.approx((7 * 100 + 130) / 8)


METER = {"地区": "武隆区", "序列编号": "0500-1", "单位": "千瓦", "是什么": "负荷或用电量"}
METER |= {"数据种类": "计量", "来源": "合成数据"}
EVENT = {"地区": "武隆区", "事件编号": "XY-2023-08", "户号": "0500-1", "电量序列": "0500-1"}
EVENT |= {"响应日期": "2023-08-09", "起始时次": 15, "终止时次": 17, "调用功率": 250, "补偿价格": 2}
RULE = {
    "需求响应基线：相似日天数": 5,
    "需求响应基线：最多往前几天（不超过120）": 30,
    "需求响应基线：当日修正取事件前几小时（0为不修正）": 2,
    "需求响应基线：当日修正幅度上限（小数）": 0.2,
    "需求响应结算：功率上限为调用的倍数": 1.2,
    "需求响应结算：低于调用的这一比例不付（小数）": 0.8,
}


def power(day, hour):
    """1,000 kW on weekdays, 400 at weekends; 600 in the hours of the event, 850 in its last."""
    if day == WEDNESDAY and hour in HOURS:
        return 850 if hour == 17 else 600
    return 1000 if day.weekday() < 5 else 400


def hand_in_meter(workspace, path):
    days = [WEDNESDAY - timedelta(days=back) for back in range(30, -1, -1)]
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*METER, "日期", *(f"{hour}时" for hour in range(1, 25))])
        writer.writerows(
            [*METER.values(), day.isoformat(), *(power(day, hour) for hour in range(1, 25))]
            for day in days
        )
    import_file(workspace, "hourly_series", path, actor=Actor("填报员"), approve=True)


def set_rule(workspace, folder, **more):
    rows = [
        {"地区": "武隆区", "参数": name, "取值": value, "起始日期": "2023-01-01"}
        | {"文件名称": "某区需求响应细则（合成）"}
        for name, value in (RULE | more).items()
    ]
    file_rows(workspace, folder, "local_parameters", rows)


def test_an_event_from_the_meter_to_the_payment(workspace, tmp_path):
    """Baseline 1,000 kW. Two hours of 400 kW, paid up to 1.2 × 250 = 300; one of 150 kW, below
    0.8 × 250 = 200, is not paid: 2 h × 300 kW × 2 yuan = 1,200 yuan. Energy 950 kWh. Once the last
    hour is corrected to 700 kW it is paid too: 1,800 yuan.
    """
    hand_in_meter(workspace, tmp_path / "表计.csv")
    file_rows(workspace, tmp_path, "response_events", [EVENT])
    (refused,) = workspace.execute("response_settlements").to_pylist()
    assert refused["payment"] is None and refused["energy"] is None
    assert refused["missing"].startswith("response_rule_not_set|500156")
    assert "response.baseline.days" in refused["missing"]

    set_rule(workspace, tmp_path)
    hours = {row["hour"]: row for row in workspace.execute("response_baselines").to_pylist()}
    assert [hours[h]["baseline"] for h in HOURS] == pytest.approx([1000] * 3)
    assert [hours[h]["delivered"] for h in HOURS] == pytest.approx([400, 400, 150])
    assert [hours[h]["paid"] for h in HOURS] == pytest.approx([300, 300, 0])
    (settled,) = workspace.execute("response_settlements").to_pylist()
    assert (settled["payment"], settled["energy"]) == pytest.approx((1200, 950))
    assert settled["reached"] == pytest.approx(950 / 3 / 250)
    assert "合成" in settled["documents"] and settled["missing"] is None
    (tried,) = workspace.execute("response_accuracy").to_pylist()
    assert tried["days"] > 10 and tried["error"] == pytest.approx(0, abs=1e-9)
    reproduced(workspace, "response_baselines", "response_settlements", "response_accuracy")

    corrected = {**METER, "日期": "2023-08-09", "时次": 17, "数值": 700}
    file_rows(workspace, tmp_path, "hourly_series", [corrected])
    (again,) = workspace.execute("response_settlements").to_pylist()
    assert again["payment"] == pytest.approx(1800)
