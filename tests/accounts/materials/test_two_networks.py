"""The same tonne once across the networks of sanitation and dealers.

By hand, paper: sanitation handed over 10 t under tag A (the dealer weighed 9.5), 4 t under tag B
that no dealer reports, 6 t without a tag: 20. Dealers took in 9.5 under A, 3 under a tag C of their
own, and 8 without a tag: 20.5. Together 20 + 20.5 − 10 = 30.5 at most. The 8 without a tag may
repeat the 4 + 6 that are matched by nobody: 22.5 at least.
"""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import Intake, import_file

PAPER = {"地区": "武隆区", "品类": "废纸", "日期": "2025年5月"}


def handed(amount, tag=""):
    return PAPER | {"单位": "环卫", "网络": "环卫", "种类": "转出", "重量": amount, "交接单号": tag}


def bought(amount, tag="", unit="吨"):
    row = {"单位": "某回收站", "网络": "再生资源", "种类": "收购", "交接单号": tag}
    return PAPER | row | {"重量": amount, "重量单位": unit}


def as_csv(rows):
    """Rows as the text of a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


ROWS = [
    handed(10, "A") | {"重量单位": "吨"},
    handed(4, "B") | {"重量单位": "吨"},
    handed(6) | {"重量单位": "吨"},
    bought("9,500", "A", "公斤"),
    bought(3, "C"),
    bought(8),
]


def test_tonnes_with_a_tag_count_once_and_without_one_give_a_range(
    workspace, tmp_path, hand_in, row_of, rows_of, explained
):
    """(22.5 + 12) / (60 + 22.5) = 41.8 % are recovered at least, 47.0 % at most. The station then
    hands in its list of May anew, with the tag B on the 8 t: the 4 t are in them, and 20 + 20.5 −
    10 − 4 = 26.5 are left, without a range.
    """
    report = hand_in("material_flows", ROWS)
    paper = row_of("two_networks", place="500156", material="废纸")
    assert (paper["once_low"], paper["once_high"]) == (22.5, 30.5)
    assert (paper["same_tonnes"], paper["scales_differ"]) == (10, 0.5)
    assert row_of("two_networks", place="500000")["once_high"] == 30.5
    explained("two_networks")
    assert report.rows == 6
    month = {"地区": "武隆区", "其他垃圾": 3, "厨余垃圾": 2, "可回收物": 1, "厨余利用量": 1}
    hand_in("msw_months", [month | {"月份": f"2025年{n}月"} for n in range(1, 13)])
    rates = {r["definition"]: r["value"] for r in rows_of("material_rates", place="500156")}
    assert rates["msw.networks_low"] == pytest.approx(100 * 34.5 / 82.5)
    assert rates["msw.networks_high"] == pytest.approx(100 * 42.5 / 90.5)
    path = tmp_path / "五月.csv"
    lists = [*ROWS[:5], bought(8, "B")]
    path.write_text(as_csv(lists), encoding="utf-8")
    import_file(
        workspace,
        "material_flows",
        path,
        actor=Actor("填报员"),
        intake=Intake(whole_list=True),
        approve=True,
    )
    paper = row_of("two_networks", place="500156", material="废纸")
    assert paper["once_low"] == paper["once_high"] == 26.5  # 20 + 20.5 − 10 − 4


def test_the_recovery_rate_is_a_range_where_tonnes_have_no_tag(hand_in, rows_of):
    """(22.5 + 12) / (60 + 22.5) = 41.8 % at least, (30.5 + 12) / (60 + 30.5) = 47.0 % at most."""
    hand_in("material_flows", ROWS)
    month = {"地区": "武隆区", "其他垃圾": 3, "厨余垃圾": 2, "可回收物": 1, "厨余利用量": 1}
    hand_in("msw_months", [month | {"月份": f"2025年{n}月"} for n in range(1, 13)])
    rates = {r["definition"]: r["value"] for r in rows_of("material_rates", place="500156")}
    assert rates["msw.networks_low"] == pytest.approx(100 * 34.5 / 82.5)
    assert rates["msw.networks_high"] == pytest.approx(100 * 42.5 / 90.5)


LOTS = st.tuples(
    st.sampled_from(["sanitation", "dealer"]),
    st.sampled_from([None, "A", "B", "C"]),
    st.integers(min_value=1, max_value=500),
)


@settings(max_examples=15)
@given(st.lists(LOTS, min_size=1, max_size=8), st.randoms())
def test_order_and_units_change_nothing_and_no_tonne_is_lost(accounts, lots, chance):
    """At most as much as both networks report, at least as much as the larger of both; with rows
    in another order and in kg the same."""

    def flows(ordered, unit, factor):
        return [
            {
                "place": "500156",
                "firm": network,
                "network": network,
                "material": "paper",
                "period": "2025-05",
                "kind": "out" if network == "sanitation" else "in",
                "amount": amount * factor,
                "unit": unit,
                "tag": tag,
                "manifest": str(number),
            }
            for number, (network, tag, amount) in ordered
        ]

    numbered = list(enumerate(lots))
    shuffled = chance.sample(numbered, len(numbered))
    answers = []
    for ordered, unit, factor in ((numbered, "吨", 1), (shuffled, "千克", 1000)):
        graph = accounts({"material_flows": flows(ordered, unit, factor)})
        rows = graph.execute("two_networks").to_pylist()
        (row,) = (row for row in rows if row["place"] == "500156")
        answers.append((row["once_low"], row["once_high"], row["sanitation"], row["dealers"]))
    assert answers[0] == pytest.approx(answers[1])
    low, high, sanitation, dealers = answers[0]
    assert low <= high + 1e-9 <= sanitation + dealers + 2e-9
    assert high >= max(sanitation, dealers) - _scales(lots) - 1e-9


def _scales(lots):
    """How far the networks' scales may differ under tags that both report."""
    both = {tag for network, tag, _ in lots if tag and network == "sanitation"}
    return sum(amount for network, tag, amount in lots if tag in both)
