"""The last period beside: what is typed again is what stands in the ledger; keys to begin with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import BadPeriod
from hengtan.desk.entry import Sending, check, fresh, hand_in, read_typed
from hengtan.desk.entry_periods import (
    About,
    Wording,
    begin_with,
    beside,
    in_order,
    last_period,
    number_text,
    rows_in_force,
)
from hengtan.desk.evidence import step

FILER = Actor("填报人", behalf="500156")
FIRM = "91500156MA5U000001"
COAL = {
    "place": "武隆区", "entity": FIRM, "entity_name": "甲厂", "period": "2025年1-2月",
    "product": "原煤", "unit": "吨", "consumed": "1,234.5", "opening": "C", "purchased": "0",
    "note": "本月检修",
}  # fmt: skip


def report(workspace, key, *rows, form_id="enterprise_energy"):
    """Rows by field id handed in by grid and approved."""
    form = workspace.form(form_id)
    grid = fresh(form).with_rows(in_order(form, rows))
    seen = check(workspace, form, grid).seen
    done = hand_in(workspace, form, grid, Sending(key, FILER, confirmed=seen))
    step(
        workspace, done.submission["submission"], "approved", Actor("审核人"), on_conflict="replace"
    )


def test_last_period_is_the_newest_before_of_the_same_kind(workspace):
    report(
        workspace, "d1",
        COAL | {"period": "2025年1月", "consumed": "600"},
        COAL | {"period": "2025年1-2月", "consumed": "1,234.5"},
        COAL | {"period": "2025年1-4月", "consumed": "2500"},
        COAL | {"period": "2025年2月", "consumed": "634.5"},
        COAL | {"period": "2024年1-12月", "consumed": "9000", "product": "焦炭"},
    )  # fmt: skip
    form = workspace.form("enterprise_energy")
    rows = {row["product"]: row for row in last_period(workspace, form, "2025年1-3月")}
    # by hand: of the cumulatives before March, 1-2 of raw coal and 1-12 of the year before of coke
    assert rows["原煤"]["consumed"] == "1234.5" and rows["原煤"]["period"] == "2025年1—2月"
    assert rows["焦炭"]["consumed"] == "9000" and rows["焦炭"]["period"] == "2024年1—12月"
    months = last_period(workspace, form, "2025-03")
    assert [row["consumed"] for row in months] == ["634.5"]
    assert rows["原煤"]["opening"] == "C" and rows["原煤"]["place"] == "武隆区"
    with pytest.raises(BadPeriod):
        last_period(workspace, form, "下个月吧")


def test_only_what_is_asked_for(workspace):
    report(workspace, "d1", COAL, COAL | {"entity": "91500156MA5U000002"})
    form = workspace.form("enterprise_energy")
    assert len(last_period(workspace, form, "2025年1-3月")) == 2
    one_firm = About(entities=frozenset((FIRM,)))
    assert [r["entity"] for r in last_period(workspace, form, "2025年1-3月", one_firm)] == [FIRM]
    elsewhere = About(places=frozenset(("500101",)))
    assert last_period(workspace, form, "2025年1-3月", elsewhere) == []
    nobody = About(entities=frozenset())
    assert last_period(workspace, form, "2025年1-3月", nobody) == []


def test_rows_to_begin_with_have_the_keys_and_no_amounts(workspace):
    report(workspace, "d1", COAL)
    form = workspace.form("enterprise_energy")
    grid = begin_with(workspace, form, "2025年1-3月")
    (row,) = (dict(zip([f.id for f in form.fields], r.cells, strict=True)) for r in grid.rows)
    filled = {name: text for name, text in row.items() if text}
    assert filled == {
        "place": "武隆区", "entity": FIRM, "entity_name": "甲厂", "period": "2025年1—3月",
        "product": "原煤", "unit": "吨",
    }  # fmt: skip
    assert grid.head == fresh(form).head


def test_with_nothing_before_a_row_of_what_is_known(workspace):
    form = workspace.form("enterprise_energy")
    grid = begin_with(workspace, form, "2025-03", known={"place": "武隆区", "entity": FIRM})
    assert [text for text in grid.rows[0].cells if text] == ["武隆区", FIRM, "2025年3月"]


def test_beside_each_row_stands_its_own_key(workspace):
    report(workspace, "d1", COAL, COAL | {"product": "焦炭", "consumed": "7"})
    form = workspace.form("enterprise_energy")
    now = {"period": "2025年1-3月", "consumed": "9999"}
    rows = [COAL | now | {"product": "焦炭"}, {}, COAL | now, COAL | now | {"product": "汽油"}]
    grid = fresh(form).with_rows(in_order(form, rows))
    shown = beside(workspace, form, check(workspace, form, grid))
    assert {at: row["consumed"] for at, row in shown.items()} == {0: "7", 2: "1234.5"}


def test_check_compares_with_the_last_period(workspace):
    """1,234.5 then 9,999: more than three times, by the form's own comparison."""
    report(workspace, "d1", COAL | {"period": "2025年2月"})
    form = workspace.form("enterprise_energy")
    rows = [COAL | {"period": "2025年3月", "consumed": "9999"}]
    checked = check(workspace, form, fresh(form).with_rows(in_order(form, rows)))
    about = [cell for cell in checked.cells if cell.finding.code == "last-period"]
    assert [(cell.row, [form.fields[n].id for n in cell.columns]) for cell in about] == [
        (0, ["consumed"])
    ]


def test_every_row_in_force_typed_again_is_the_same_row(demo):
    """Of the demonstration and every form it holds: stored → text → read → stored."""
    forms = 0
    for form in demo.forms.values():
        rows = rows_in_force(demo, form)[:200]
        if not rows:
            continue
        forms += 1
        words = Wording.of(demo, form)
        texts = [words.row(row) for row in rows]
        again = read_typed(demo, form, fresh(form).with_rows(in_order(form, texts))).table
        assert again.num_rows == len(rows), form.id
        compared = [c for c in form.columns() if not c.endswith("_original")]
        for row, typed in zip(rows, again.to_pylist(), strict=True):
            for name in compared:
                field = next((f for f in form.fields if f.id == name), None)
                if row[name] is None and field is not None and field.default is not None:
                    continue  # a blank is its default
                assert typed[name] == row[name], (form.id, name)
    assert forms


@pytest.mark.parametrize(
    ("value", "text"),
    [(1200.0, "1200"), (0.1, "0.1"), (1e-7, "0.0000001"), (1e21, "1000000000000000000000"),
     (0.1 + 0.2, "0.30000000000000004"), (-3.5, "-3.5")],
)  # fmt: skip
def test_a_number_keeps_all_its_digits(value, text):
    assert number_text(value) == text
    assert float(text) == value


def test_head_is_that_of_the_template(workspace, tmp_path):
    import openpyxl

    from hengtan.desk.lookups import choices
    from hengtan.report.sheet.form_template import write_template

    form = workspace.form("indicator_values")
    path = tmp_path / "t.xlsx"
    write_template(form, path, places=workspace.pack.places(), lookups=choices(workspace))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    lines = [[cell.value or "" for cell in row] for row in sheet.iter_rows(max_row=3)]
    assert sheet.title == fresh(form).sheet
    assert [list(line) for line in fresh(form).head] == lines
    assert replace(fresh(form), rows=()).line_of(0) == 4
