"""Of the rows in force only those are fetched that the rows handed in are compared with: the
findings are those of all rows in force.
"""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawing
from hypothesis import strategies as st
from thorough import examples

from hengtan.basis.period import Period
from hengtan.ledger import comparisons
from hengtan.ledger.comparisons import alike_in_force, compare
from hengtan.ledger.engine import open_engine

PERIODS = ["2024-01", "2024-02", "2024-03", "2024-01..02", "2024-01..03", "2024", "2023"]
NUMBERS = st.sampled_from([None, 0.001, 0.19, 1.0, 3.0, 19.0, 100.0, 9000.0])
TEXTS = {
    "place": st.sampled_from(["500156", "500101"]),
    "entity": st.sampled_from(["A", "B", "A\x1f"]),
    "facility": st.sampled_from([None, "", "一"]),
    "product": st.sampled_from(["raw_coal", "coke"]),
    "indicator": st.sampled_from(["forest_cover", "pm25"]),
    "scope": st.sampled_from([None, "全市"]),
    "unit": st.sampled_from(["吨", "%", "万吨", None]),
    "ncv_unit": st.sampled_from(["千焦/千克", None]),
}


def rows_of(form, most):
    """Rows of a form as they are stored, few values in each column, so that they meet often."""
    columns = form.schema().names
    periods = [field.id for field in form.fields if field.type == "period"]

    def stored(texts, numbers, period):
        of = Period.parse(period)
        kinds = {"": of.text, "_kind": of.kind, "_start": of.start, "_end": of.end}
        row = texts | numbers
        row |= {name + suffix: value for name in periods for suffix, value in kinds.items()}
        return {name: row.get(name) for name in columns}

    amounts = [f.id for f in form.fields if f.type in ("quantity", "number")]
    one_row = st.builds(
        stored,
        st.fixed_dictionaries({n: s for n, s in TEXTS.items() if n in columns}),
        st.fixed_dictionaries(dict.fromkeys(amounts, NUMBERS)),
        st.sampled_from(PERIODS),
    )
    return st.lists(one_row, max_size=most)


def fetched(form, handed_in, in_force):
    condition, texts = alike_in_force(form, handed_in)
    with open_engine() as engine:
        engine.register("in_force", in_force)
        return engine.execute(f"select * from in_force where {condition}", texts).to_arrow_table()


@pytest.mark.parametrize("form_id", ["enterprise_energy", "indicator_values"])
@settings(max_examples=examples(25, 250), suppress_health_check=list(HealthCheck))
@drawing(data=st.data())
def test_findings_are_those_of_all_rows_in_force(demo, form_id, data):
    form = demo.form(form_id)
    schema = form.schema()
    new = data.draw(rows_of(form, 4))
    handed_in = pa.Table.from_pylist(new, schema=schema).append_column(
        "_source_row", pa.array(range(2, len(new) + 2), pa.int64())
    )
    in_force = pa.Table.from_pylist(data.draw(rows_of(form, 12)), schema=schema)
    ranges = {
        c.table: pa.table({c.key: ["raw_coal"], "low": [1.0], "high": [5.0], "unit": ["千焦/千克"],
                           "source": ["甲"]})
        for c in form.comparisons if c.table
    }  # fmt: skip
    some = fetched(form, handed_in, in_force)
    expected = compare(form, handed_in, in_force, ranges=ranges)
    assert compare(form, handed_in, some, ranges=ranges) == expected


def test_rows_of_other_enterprises_are_left_where_they_are(demo):
    form = demo.form("enterprise_energy")
    row = {
        "place": "500156",
        "entity": "A",
        "product": "coke",
        "period": "2024-02",
        "consumed": 5.0,
    }
    other = [row | {"entity": f"B{n}"} for n in range(50)]
    schema = form.schema()
    handed_in = pa.Table.from_pylist([row], schema=schema)
    in_force = pa.Table.from_pylist([*other, row], schema=schema)
    assert fetched(form, handed_in, in_force).num_rows == 1


def test_with_many_rows_all_are_fetched(demo, monkeypatch):
    monkeypatch.setattr(comparisons, "FEW", 0)
    form = demo.form("enterprise_energy")
    handed_in = pa.Table.from_pylist([{"entity": "A"}], schema=form.schema())
    assert alike_in_force(form, handed_in) == ("true", [])


def test_peers_and_the_period_before_are_among_what_is_fetched(demo):
    """Six others paid 700 yuan a tonne and this one 7,000; last month it used 5 t and now 50."""
    form = demo.form("enterprise_energy")
    period = Period.parse("2024-02")
    common = {
        "place": "500156", "product": "coke", "unit": "吨", "period": period.text,
        "period_kind": period.kind, "period_start": period.start, "period_end": period.end,
        "purchased": 1.0, "purchase_value": 700.0, "consumed": 50.0,
    }  # fmt: skip
    before = Period.parse("2024-01")
    last = {"entity": "A", "period": before.text, "period_end": before.end, "consumed": 5.0}
    last |= {"period_start": before.start, "purchased": None}
    schema = form.schema()
    others = [common | {"entity": f"B{n}"} for n in range(6)]
    in_force = pa.Table.from_pylist([*others, common | last], schema=schema)
    handed_in = pa.Table.from_pylist(
        [common | {"entity": "A", "purchase_value": 7000.0}], schema=schema
    ).append_column("_source_row", pa.array([2], pa.int64()))
    some = fetched(form, handed_in, in_force)
    heat = {"product": ["coke"], "low": [1.0], "high": [2.0], "unit": ["千焦/千克"], "source": [""]}
    ranges = {"heat_value_ranges": pa.table(heat)}
    codes = [finding.code for finding in compare(form, handed_in, some, ranges=ranges)]
    assert codes == ["last-period", "unit-price"]
