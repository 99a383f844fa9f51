"""The overview with last month beside it, on a wall, and with tiles of districts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from hengtan.desk.last_month import Removed, Since, last_day_of_last_month, lights_known_on
from hengtan.report.judgement import STANDINGS
from hengtan.report.view import StatusView
from hengtan.web.district_tiles import district_tiles
from hengtan.web.last_month import LATER


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 3, 1), date(2026, 2, 28)),
        (date(2028, 3, 31), date(2028, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 31)),
    ],
)
def test_the_last_day_of_last_month(day, last):
    assert last_day_of_last_month(day) == last


def test_a_ledger_that_held_nothing_then_has_nothing_to_compare(client, small_site):
    assert 'hx-get="/overview/change"' in client.get("/").text
    assert client.get("/overview/change").text.count("上月无可比") == 3
    assert client.get("/?compare=1").text.count("上月无可比") == 3
    assert small_site.last_month.prepare() is None


def test_the_page_does_not_wait_for_last_month_until_it_is_worked_out(small_site, monkeypatch):
    asked = []
    lights = dict.fromkeys(["a-forest", "a-rd", "a-water"], "green")

    def ask(question, day):
        asked.append((question, day))
        return lights

    monkeypatch.setattr(small_site, "state", lambda: ("head", "pack", "2026-03-01"))
    monkeypatch.setattr(small_site.readers, "ask", ask)
    view = small_site.view()
    assert small_site.last_month.counts(view) == LATER and not asked
    # three green, the five not known of then lacked figures
    then = {"on_track": 3, "behind": 0, "lacking": 5}
    assert small_site.last_month.counts(view, at_once=True) == then
    assert small_site.last_month.counts(view) == then
    assert asked == [(lights_known_on, date(2026, 2, 28))]


def test_targets_that_plans_brought_changed_or_left_out_are_told_by_name(
    client, small_site, monkeypatch
):
    """All were green then; a-rd did not exist, the goal of a-water was another, and a target of
    plan-a is gone, as is one of a place that is not shown.
    """
    view = small_site.view()
    ids = {target["target_id"] for target in view.targets}
    gone = Removed("a-gone", "骑行步道", "Cycling trails", "样例市", "plan-a")
    elsewhere = replace(gone, target_id="x-gone", indicator_zh="别处", region_zh="别处")
    then = dict.fromkeys([*(ids - {"a-rd"}), "a-gone", "x-gone"], "green")
    monkeypatch.setattr(small_site, "state", lambda: ("head", "pack", "2026-03-01"))
    monkeypatch.setattr(small_site.readers, "ask", lambda question, day: then)
    last_month = small_site.last_month
    since = Since(frozenset({"a-rd", "not-seen"}), frozenset({"a-water"}), (gone, elsewhere))
    monkeypatch.setattr(last_month, "_issued", lambda day: since)
    counts = last_month.counts(view, at_once=True)
    standings = {name: counts[name] for name in STANDINGS}
    assert standings == {"on_track": len(ids), "behind": 0, "lacking": 0}  # one gone, one new
    changed = ("arrived", "revised", "removed")
    assert [[line.id for line in counts[name]] for name in changed] == [["a-rd"], ["a-water"], [""]]
    text = client.get("/?compare=1").text
    assert "新增 1 项目标" in text and "修订 1 项目标" in text and "撤下 1 项目标" in text
    assert re.search(r"<li>\s*骑行步道\s*</li>", text) and "别处" not in text
    english = client.get("/?compare=1&lang=en").text
    assert "Targets left out by plans issued since then: 1" in english
    assert re.search(r"<li>\s*Cycling trails\s*</li>", english)


def test_the_change_stands_on_the_page(client, small_site, monkeypatch):
    then = {"on_track": 3, "behind": 0, "lacking": 5}  # now 2, 3, 3
    monkeypatch.setattr(small_site.last_month, "counts", lambda view, at_once=False: then)
    text = client.get("/").text
    assert [sign in text for sign in (">−1<", ">+3<", ">−2<")] == [True, True, True]


def test_the_ledger_of_the_demonstration_is_compared_by_the_clock_of_knowledge(demo):
    assert lights_known_on(demo, date(2020, 1, 31)) is None
    later = lights_known_on(demo, date(2100, 1, 31))
    assert later is not None and later["wl-forest-cover-2025"] == "due_not_reported"


def test_a_wall_has_no_menu_and_renews_itself(client):
    text = client.get("/?wall=1").text
    assert '<meta http-equiv="refresh" content="60">' in text
    assert "<nav" not in text and 'class="judgement"' in text
    assert "<nav" in client.get("/").text


def test_tiles_only_where_the_plans_cover_districts(demo, small):
    assert district_tiles(demo, StatusView.of(small), "zh") == ""
    codes = sorted(row["place"] for row in demo.pack.rows("map_tiles"))[:2]
    for target, code in zip(small["targets"], [codes[0], codes[0], codes[1]], strict=False):
        target["region_code"] = code
    drawn = district_tiles(demo, StatusView.of(small), "zh")
    # of the first district one of two is on track (green, orange), of the second none (red)
    assert drawn.count("<rect") == len(demo.pack.rows("map_tiles"))
    assert "▲ 1/2" in drawn and "■ 0/1" in drawn
