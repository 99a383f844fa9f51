"""Traction batteries by their codes: what retired is followed to second life or recycling."""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

PACK = "X12MCPM27KLPCLX2M2382320"
"""The example of Catena-X, Traction Battery Code 2.0.0: 24 characters, a module."""
OTHER, THIRD = PACK[:-1] + "1", PACK[:-1] + "2"
REBORN = "A1CPB12E5A0000012RP"
"""Vendor, kind, type, specification, day, serial number, then R and the kind: 19 characters."""


def event(code, what, day, **more):
    return {"地区": "武隆区", "电池编码": code, "事项": what, "日期": day, **more}


def test_what_retired_is_followed_by_its_code_and_a_correction_finds_the_lost_one(
    workspace, hand_in, rows_of, row_of, explained
):
    """Three retire in 2025; two are recovered, of which one is recycled: 2 / 3. The third is found
    in 2026, so that all three are.
    """
    gone = [event(code, "退役", "2025-05-01") for code in (PACK, OTHER, THIRD)]
    kept = [event(code, "回收", "2025-06-01", 重量="410千克") for code in (PACK, OTHER)]
    hand_in("battery_events", [*gone, *kept, event(PACK, "再生利用", "2025-09-01")])
    traces = {row["code"]: row for row in rows_of("battery_traces")}
    assert {row["shape"] for row in traces.values()} == {"first"}
    assert (traces[PACK]["last_event"], traces[THIRD]["last_event"]) == ("recycled", "retired")
    year = row_of("battery_trace_years", place="500156", year=2025)
    counts = ("retired", "recovered", "recycled", "not_recovered")
    assert [year[name] for name in counts] == [3, 2, 1, 1]
    assert year["recovery_rate"] == pytest.approx(100 * 2 / 3)
    assert year["reason"] == "batteries_not_recovered|1"
    explained("battery_traces", "battery_trace_years")
    tree = workspace.explain("battery_trace_years", {"place": "500156", "year": 2025})
    assert {leaf.name for leaf in tree.leaves() if leaf.kind == "ledger"} == {"battery_events"}
    hand_in("battery_events", [event(THIRD, "回收", "2026-01-10")])
    year = row_of("battery_trace_years", place="500156", year=2025)
    assert (year["recovered"], year["reason"]) == (3, None)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (PACK, None),
        (PACK.replace("X2M", "I2M"), "battery_code_shape|24"),
        (PACK[:-2] + "OO", "battery_code_shape|24"),
        (PACK + "0", "battery_code_shape|25"),
        (f"  {PACK.lower()} ", None),
    ],
)
def test_letters_that_no_code_has_and_lengths_are_told(hand_in, row_of, code, reason):
    """I and O stand in no date and no serial number, and a code has 24 characters."""
    hand_in("battery_events", [event(code, "装车", "2024-03-01")])
    assert row_of("battery_traces")["reason"] == reason


def test_a_second_life_product_names_its_first_code(hand_in, row_of):
    hand_in("battery_events", [event(REBORN, "梯次利用", "2025-08-01")])
    trace = row_of("battery_traces")
    assert (trace["shape"], trace["reason"]) == ("second_life", "battery_without_first_code")
    hand_in("battery_events", [event(REBORN, "梯次利用", "2025-08-01", 原编码=PACK)])
    assert row_of("battery_traces")["reason"] is None


def test_a_row_without_a_day_is_refused_in_a_line(hand_in, rows_of):
    with pytest.raises(ImportRejected) as refused:
        hand_in("battery_events", [event(PACK, "退役", "2025-02-30")])
    assert "第2行" in str(refused.value) and "日期" in str(refused.value)
    assert rows_of("battery_traces") == []
