"""Which of the values of one place, series, scope and period counts: held against putting every
group in order by hand.
"""

from __future__ import annotations

from datetime import date, datetime

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.packs.arrow import to_arrow
from hengtan.plan import series

NUMBERS = ("amount", "value", "recalled_share")
WHOLE_NUMBERS = ("_row", "year", "days", "vintage_rank", "level_rank", "_source_row")
KINDS = {
    **dict.fromkeys(NUMBERS, pa.float64()),
    **dict.fromkeys((*WHOLE_NUMBERS, "method_preference", "preference"), pa.int64()),
    **dict.fromkeys(("full_year", "whole", "_demo", "demo"), pa.bool_()),
    **dict.fromkeys(("period_start", "period_end"), pa.date32()),
    **dict.fromkeys(("_submitted_at", "_approved_at"), pa.timestamp("us")),
}
OF_COMPUTED = ("value_id", "computed_source", "preference", "demo")
DRAWN = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["甲", "乙"]),
        "scope": st.sampled_from([None, "市区"]),
        "period": st.sampled_from(["2024", "2025"]),
        "nature": st.sampled_from(["outturn", "estimate"]),
        "confidence": st.sampled_from(["read", "recalled", "derived"]),
        "missing": st.sampled_from([None, "一家"]),
        "level_rank": st.sampled_from([1, 2, 4]),
        "vintage_rank": st.sampled_from([1, 2]),
        "published": st.sampled_from([None, "2025-03-01"]),
        "_approved_at": st.sampled_from([datetime(2025, 3, 1), datetime(2025, 4, 1)]),
        "amount": st.sampled_from([None, 1.0, 2.5]),
        "preference": st.sampled_from([0, 1]),
        "is_computed": st.booleans(),
    }
)


def table_of(engine, columns, rows):
    arrays = {
        name: pa.array([row.get(name) for row in rows], KINDS.get(name, pa.string()))
        for name in columns
    }
    return engine.create_table(f"rows_{len(columns)}", pa.table(arrays), overwrite=True)


def ranked_by_program(rows):
    """The values as ``plan_series`` gives them, by submission."""
    engine = ibis.duckdb.connect()
    same = {"series": "s", "kind": "stock", "whole": True, "full_year": True}
    same |= {"period_end": date(2025, 12, 31), "_row": 0}
    numbered = [
        {**same, **row, "_submission": f"S{n:03d}", "value_id": f"S{n:03d}"}
        for n, row in enumerate(rows)
    ]
    own = ("origin", "recalled_share", "computed_with", "method_preference")
    reported = [name for name in series.COLUMNS if name not in (*own, "missing")]
    of_records = [name for name in series.COLUMNS if name not in ("_submission", "_row", "origin")]
    outcome = series.plan_series(
        plan_values=table_of(engine, reported, [r for r in numbered if not r["is_computed"]]),
        plan_computed_values=table_of(
            engine, [*of_records, *OF_COMPUTED], [r for r in numbered if r["is_computed"]]
        ),
        value_precedence=engine.create_table(
            "rules", to_arrow(packs.load("cn"), "value_precedence")
        ),
    )
    return {row["_submission"]: row for row in outcome.to_pyarrow().to_pylist()}


def before(value):
    """What a value is put in order by; the precedence of its rule is checked apart."""
    approved = value["_approved_at"]
    return (
        value["precedence"],
        value["level_rank"],
        value["method_preference"],
        -value["vintage_rank"],
        -int((value["published"] or "0").replace("-", "")),
        approved is None,
        -approved.timestamp() if approved else 0,
        value["_submission"],
    )


@given(st.lists(DRAWN, min_size=80, max_size=120))
@settings(max_examples=2, deadline=None)
def test_the_one_that_counts_and_the_best_of_both_origins(rows):
    values = ranked_by_program(rows)
    assert len(values) == len(rows)
    for value in values.values():
        rivals = [
            other
            for other in values.values()
            if all(other[name] == value[name] for name in ("place", "scope", "period"))
        ]
        rivals.sort(key=before)
        computed = [r["amount"] for r in rivals if r["origin"] == "computed"]
        reported = [r["amount"] for r in rivals if r["origin"] == "reported"]
        best_computed = max((a for a in computed if a is not None), default=None)
        best_reported = reported[0] if reported else None
        both = best_computed is not None and best_reported is not None
        assert value["won"] == (rivals[0] is value)
        assert value["competing"] == len(rivals)
        assert (value["computed_amount"], value["reported_amount"]) == (
            best_computed,
            best_reported,
        )
        assert value["computed_less_reported"] == (best_computed - best_reported if both else None)


@pytest.mark.parametrize(("level", "counts"), [(3, True), (4, False)])
def test_what_a_municipal_department_published_comes_before_a_computed_value(level, counts):
    """value_precedence.csv: a whole-period outturn published at municipal level or above (3), then
    what was computed from records, then what the reporting body says of itself (4).
    """
    common = {"place": "甲", "period": "2025", "vintage_rank": 1, "amount": 1.0}
    own = {"nature": "outturn", "confidence": "read", "level_rank": level, "is_computed": False}
    computed = {"confidence": "derived", "preference": 0, "is_computed": True}
    values = ranked_by_program([common | own, common | computed])
    assert values["S000"]["won"] == counts
