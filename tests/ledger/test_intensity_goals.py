"""A goal's years are in order: what is done is done after the base year."""

import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.ledger.forms import Form


@pytest.mark.parametrize(
    ("base", "goal", "done", "codes"),
    [
        (2020, 2025, 2022, []),
        (2020, 2025, 2020, ["done-after-base"]),
        (2020, 2025, 2018, ["done-after-base"]),
        (2020, 2020, 2021, ["years-order"]),
        (2020, 2015, 2021, ["years-order"]),
    ],
)
def test_a_cut_dated_at_or_before_its_base_year_is_refused(base, goal, done, codes):
    form = Form.from_dict(packs.load("cn").forms()["intensity_goals"])
    row = {"base_year": base, "goal_year": goal, "goal_cut": 14.0}
    row |= {"done_year": done, "done_cut": 3.0, "_source_row": 2}
    schema = form.schema().append(pa.field("_source_row", pa.int64()))
    findings = form.check(pa.Table.from_pylist([row], schema=schema), file="目标.csv", sheet=None)
    assert [finding.code for finding in findings if finding.level == "error"] == codes
