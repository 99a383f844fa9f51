"""The judgement at the top of the overview, counted by hand on the small view.

Eight targets: forest green and good-air met are on track (2); rd orange, water red and straw missed
are behind (3); factories and hub grey and sewage not reported lack figures (3). Five have an
outturn: forest, rd, water, good air, straw. The day is 2026-03-01.
"""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.basis.lights import LIGHTS
from hengtan.report.judgement import STANDING_OF, Judgement, alarms, counted, day_of
from hengtan.report.page.offline import report_html
from hengtan.report.page.render import Pages
from hengtan.report.view import StatusView


def ids(view) -> list[str]:
    return [alarm.id for alarm in alarms(StatusView.of(view))]


def test_counts_of_the_small_view(small):
    judgement = Judgement.of(StatusView.of(small))
    assert judgement.standings == {"on_track": 2, "behind": 3, "lacking": 3}
    assert (judgement.targets, judgement.judged, judgement.unreported) == (8, 5, 1)


def test_every_light_is_of_one_standing():
    assert set(STANDING_OF) == set(LIGHTS)


def test_one_sentence_of_figures(small):
    # 2025-12-31 to 2026-03-01: 31 days of January, 28 of February, and one
    judgement = Judgement.of(StatusView.of(small))
    assert judgement.sentence() == (
        "8项目标中5项有实绩：2项达标或正常、3项滞后、3项缺数；1项到期未报，"
        "最急的是样例区污水集中处理率（区住房城乡建委，2025-12-31到期，已过60天）。"
    )
    assert judgement.sentence("en") == (
        "Of 8 targets 5 have an outturn: 2 met or on track, 3 behind, 3 lacking figures; 1 due and "
        "not reported; most pressing: Sewage treatment, 样例区 (District Housing and Urban-Rural "
        "Development Commission, due 2025-12-31, 60 days ago)."
    )


def test_alarms_in_the_order_that_is_stated(small):
    # of one day: not reported, missed, milestone; then red before orange
    assert ids(small) == ["b-due", "b-missed", "m-red", "a-water", "a-rd"]
    assert [a.departments for a in alarms(StatusView.of(small))][:3] == [
        ("区住房城乡建委",),
        (),
        ("市林业局",),
    ]


def test_what_is_overdue_for_longest_comes_first(small):
    small["overdue"][0]["deadline"] = "2024-06"
    first = alarms(StatusView.of(small))[0]
    assert (first.id, first.day) == ("m-red", date(2024, 6, 30))
    assert first.days == 184 + 365 + 60  # July to December 2024, 2025, then as above


def test_plans_of_the_region_itself_come_first(small):
    small["plans"][0]["own"] = True
    small["plans"][1]["own"] = False
    assert ids(small) == ["m-red", "a-water", "a-rd", "b-due", "b-missed"]


def test_a_milestone_without_a_department_has_that_of_its_clause(small):
    del small["overdue"][0]["department_zh"]
    by_id = {a.id: a for a in alarms(StatusView.of(small))}
    assert by_id["m-red"].departments == ("市林业局",)


def test_nothing_presses_and_nobody_is_named(small):
    small["targets"] = [t for t in small["targets"] if t["light"] in ("green", "met")]
    small["overdue"], small["gaps"] = [], []
    sentence = Judgement.of(StatusView.of(small)).sentence()
    assert sentence == "2项目标中2项有实绩：2项达标或正常、0项滞后、0项缺数；没有到期未报的。"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (2027, date(2027, 12, 31)),
        ("2027-02", date(2027, 2, 28)),
        ("2026-06-30", date(2026, 6, 30)),
        (None, None),
        ("近期", None),
    ],
)
def test_the_day_of_a_deadline(written, day):
    assert day_of(written) == day


def test_the_change_is_signed_and_said_where_there_is_none(small):
    pages = Pages(small)
    now = pages.fragment("standings", before=counted(["green", "red", "missed", "red", "grey"]))
    # then 1, 3, 1; now 2, 3, 3
    assert [text in now for text in (">+1<", ">持平<", ">+2<")] == [True, True, True]
    assert pages.fragment("standings", before=None).count("上月无可比") == 3
    fewer = pages.fragment("standings", before=counted(["green"] * 5))
    assert ">−3<" in fewer  # 2 of 5


def test_the_offline_report_has_the_sentence_and_asks_no_server(small):
    report = report_html(small)
    assert "8项目标中5项有实绩" in report and "Of 8 targets 5 have an outturn" in report
    assert "上月无可比" not in report and "hx-get" not in report.split("<script")[0]
    assert "?wall=1" not in report


def test_what_people_wrote_does_not_break_out(small):
    small["gaps"][2]["department_zh"] = ["<script>x</script>"]
    page = Pages(small).fragment("overview")
    assert "<script>x" not in page and "&lt;script&gt;x" in page
