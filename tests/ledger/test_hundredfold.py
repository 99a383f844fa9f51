"""The percentage a hundredfold off its neighbour, against going through all pairs by hand."""

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.basis.period import Period
from hengtan.ledger.comparisons import compare
from hengtan.ledger.forms import Form

FORM = Form.from_dict(packs.load("cn").forms()["indicator_values"])
PERIODS = [*map(str, range(2018, 2026)), "2022-12", "2022-06", "2023-Q4", "2023-01..12", "2024-11"]
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["forest_cover", "prefab_share"]), st.sampled_from(PERIODS)),
    st.sampled_from([0.0, 0.19, 0.21, 2.0, 15.0, 19.0, 21.0, 1900.0]),
    min_size=1,
    max_size=16,
)


def table_of(rows):
    """Rows as the form stores them, the first on line 2."""
    lines = []
    for line, ((indicator, text), value) in enumerate(rows.items(), start=2):
        period = Period.parse(text)
        lines.append(
            dict.fromkeys(FORM.columns())
            | {"place": "500156", "indicator": indicator, "value": value, "unit": "%"}
            | {"period": period.text, "period_kind": period.kind, "period_start": period.start}
            | {"period_end": period.end, "_source_row": line}
        )
    return pa.Table.from_pylist(
        lines, schema=pa.schema([*FORM.schema(), ("_source_row", pa.int64())])
    )


def off(rows):
    """Lines whose figure is off the one nearest to it, by comparing it with each other."""
    lines = set()
    for line, ((indicator, text), value) in enumerate(rows.items(), start=2):
        period = Period.parse(text)
        others = [
            (abs((Period.parse(other).end - period.end).days), Period.parse(other).text, beside)
            for (name, other), beside in rows.items()
            if name == indicator and Period.parse(other).text != period.text and beside
        ]
        if value and others:
            ratio = abs(value / min(others)[2])
            if 0.00625 <= ratio <= 0.016 or 62.5 <= ratio <= 160:
                lines.add(line)
    return lines


@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_the_nearest_period_is_the_one_compared(rows):
    findings = compare(FORM, table_of(rows))
    assert {f.where.row for f in findings if f.code == "hundredfold"} == off(rows)


def test_days_are_those_of_the_ends():
    assert Period.parse("2023-Q4").end == Period.parse("2023").end == date(2023, 12, 31)
