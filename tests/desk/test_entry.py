"""The same rows by grid and by Excel: same rows, same digest, same findings; sent twice is once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawing
from hypothesis import strategies as st
from thorough import examples

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk import entry
from hengtan.desk.entry import Sending, Unconfirmed, check, described, fresh, read_typed
from hengtan.desk.evidence import Intake, import_file, step
from hengtan.desk.lookups import lookups
from hengtan.ledger.reading import read_form
from hengtan.office.typed import Typed

FILER = Actor("填报人", behalf="500156")
SOUND = {
    "place": "武隆区",
    "indicator": "森林覆盖率",
    "period": "2025",
    "value": "67.5",
    "unit": "%",
    "source_title": "测试年报",
}


def typed(form: Any, *rows: dict[str, Any]) -> Typed:
    """A grid of a form with rows by field id."""
    texts = [[str(row.get(field.id, "")) for field in form.fields] for row in rows]
    return fresh(form).with_rows(texts)


def in_excel(grid: Typed, path: Path, *, numbers: bool = False) -> Path:
    """The same lines as a workbook; with ``numbers``, plain numbers are numbers there."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = grid.sheet
    for number, line in enumerate(grid.lines, start=1):
        for column, text in enumerate(line, start=1):
            cell = sheet.cell(number, column)
            if numbers and re.fullmatch(r"[1-9][0-9]*([.][0-9]*[1-9])?", text):
                cell.value = float(text)
            elif text:
                cell.value = text
                cell.data_type = "s"
    book.save(path)
    return path


def without_place(findings: list[Any]) -> list[Any]:
    """Findings but for the name of the file."""
    return [replace(f, where=replace(f.where, file=None)) for f in findings]


def hand_in(workspace, form, grid, **how):
    """What was typed handed in, ``how``: the parts of a ``Sending``."""
    return entry.hand_in(workspace, form, grid, Sending(**how))


TEXTS = {
    "place": ["武隆区", "500156", "武隆", "不存在区", "", "合计"],
    "indicator": ["森林覆盖率", "forest_cover", "没有这个指标", ""],
    "period": ["2025", "2025年3月", "2025年1-6月", "2025-12-31", "去年", "2024/3"],
    "value": [
        "1,234.5", "67.5", "12.0", "1.2万", "…", "—", "不适用", "NO; IE", "#N/A", "=A1", "'12",
        "128③", "１２", "-3", "60%", "1.5亿吨", "", "abc", "450000",
    ],
    "unit": ["%", "万吨标准煤", "吨", "个", "", "瓩瓩", "亿元"],
    "nature": ["", "实绩", "预计", "estimate", "乱写"],
    "source_title": ["年鉴", "", "注：来源", "第一行\n第二行"],
    "published": ["", "2026-01-05", "2026年1月", "明天"],
    "note": ["", "<b>&", "单位：吨", "　空　"],
}  # fmt: skip
DRAWN = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in TEXTS.items()}),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(25, 250), suppress_health_check=list(HealthCheck))
@drawing(DRAWN, st.booleans())
def test_drawn_rows_read_alike_in_grid_and_excel(demo, tmp_path_factory, rows, numbers):
    form = demo.form("indicator_values")
    grid = typed(form, *rows)
    path = in_excel(grid, tmp_path_factory.mktemp("drawn") / "x.xlsx", numbers=numbers)
    by_file = read_form(path, form, places=demo.pack.places(), lookups=lookups(demo))
    by_grid = read_typed(demo, form, grid)
    assert by_grid.table.equals(by_file.table)
    assert without_place(by_grid.findings) == without_place(by_file.findings)
    assert without_place(by_grid.unread) == without_place(by_file.unread)
    assert by_grid.account == by_file.account


def record_of(workspace: Any, submission: str) -> Any:
    return workspace.ledger.current().records[submission]


@pytest.mark.parametrize(
    ("form_id", "row"),
    [
        ("indicator_values", SOUND),
        ("indicator_values", SOUND | {"value": "不适用", "unit": ""}),
        ("indicator_values", SOUND | {"indicator": "forest_cover", "value": "1,067.5"}),
        (
            "enterprise_energy",
            {
                "place": "500156", "entity": "91500156MA5U000001", "period": "2025年3月",
                "product": "原煤", "unit": "万吨", "consumed": "1.25", "purchased": "12500吨",
            },
        ),
        ("monthly_figures", {"place": "武隆区", "period": "2025年1-3月", "energy": "61.2万吨标准煤",
                             "gdp": "80", "source_title": "快报"}),
        ("key_unit_months", {"place": "500156", "entity": "91500156MA5U000001",
                             "entity_name": "甲厂", "period": "2025年1-3月", "energy": "1200"}),
    ],
)  # fmt: skip
def test_both_end_in_the_same_submission(workspace, tmp_path, form_id, row):
    """Same digest of the rows, same findings, and a number traced to the same line."""
    form = workspace.form(form_id)
    grid = typed(form, row, row | {"period": "2024年1-3月" if "1-" in row["period"] else "2024"})
    path = in_excel(grid, tmp_path / "same.xlsx")
    by_file = import_file(workspace, form_id, path, actor=FILER)
    seen = check(workspace, form, grid).seen
    by_grid = hand_in(workspace, form, grid, key="d1", actor=FILER, confirmed=seen)
    assert without_place(by_grid.findings) == without_place(by_file.findings)
    first, second = (
        record_of(workspace, report.submission["submission"]) for report in (by_file, by_grid)
    )
    assert first.submission != second.submission
    assert (first.rows, first.rows_digest) == (second.rows, second.rows_digest)
    assert first.sheet == second.sheet and second.channel == "grid"


def test_what_is_kept_as_original_reads_to_the_same_rows(workspace, tmp_path):
    form = workspace.form("indicator_values")
    grid = typed(form, SOUND | {"note": "=1+1"}, {}, SOUND | {"period": "2024", "note": "_x0041_"})
    report = hand_in(workspace, form, grid, key="d1", actor=FILER)
    record = record_of(workspace, report.submission["submission"])
    path = tmp_path / str(record.file_name)
    path.write_bytes((workspace.ledger.folder / "files" / record.file_sha256).read_bytes())
    again = import_file(workspace, "indicator_values", path, actor=FILER)
    assert again.unchanged and again.submission["submission"] == record.submission
    view = workspace.ledger.all_rows("indicator_values")
    rows = workspace.ledger.query(f'select _source_row, note from memory.main."{view}" order by 1')
    # headings stand in line 3, the blank row in line 5
    assert [tuple(row.values()) for row in rows] == [(4, "=1+1"), (6, "_x0041_")]


def test_sent_twice_is_once(workspace):
    form = workspace.form("indicator_values")
    grid = typed(form, SOUND)
    first = hand_in(workspace, form, grid, key="d1", actor=FILER)
    second = hand_in(workspace, form, grid, key="d1", actor=FILER)
    assert not first.unchanged and second.unchanged
    assert second.submission["submission"] == first.submission["submission"]
    assert len(workspace.ledger.submissions()) == 1
    other = hand_in(workspace, form, grid, key="d2", actor=FILER)
    assert not other.unchanged


def test_a_correction_back_to_an_earlier_value_is_a_correction(workspace):
    """68 over 67.5, then 67.5 again in a draft of its own: what counts is 67.5."""
    form = workspace.form("indicator_values")
    for key, value in (("d1", "67.5"), ("d2", "68"), ("d3", "67.5")):
        report = hand_in(
            workspace, form, typed(form, SOUND | {"value": value}), key=key, actor=FILER
        )
        step(workspace, report.submission["submission"], "approved", Actor("审核人"))
    view = workspace.ledger.effective("indicator_values")
    assert workspace.ledger.query(f'select value from memory.main."{view}"') == [{"value": 67.5}]


def test_returned_rows_are_handed_in_again_as_they_are(workspace):
    form = workspace.form("indicator_values")
    first = hand_in(workspace, form, typed(form, SOUND), key="d1", actor=FILER)
    step(workspace, first.submission["submission"], "returned", Actor("审核人"), "请核对来源")
    again = hand_in(
        workspace, form, typed(form, SOUND), key="d1", actor=FILER,
        intake=Intake(replaces=first.submission["submission"]),
    )  # fmt: skip
    assert not again.unchanged
    assert again.submission["supersedes"] == first.submission["submission"]


def test_errors_hand_in_nothing(workspace):
    form = workspace.form("indicator_values")
    with pytest.raises(ImportRejected):
        hand_in(workspace, form, typed(form, SOUND | {"value": "abc"}), key="d1", actor=FILER)
    with pytest.raises(ImportRejected, match="没有数据行"):
        hand_in(workspace, form, fresh(form), key="d1", actor=FILER)
    assert workspace.ledger.submissions() == []


def test_warnings_are_confirmed_by_name(workspace):
    form = workspace.form("indicator_values")
    grid = typed(form, SOUND | {"source_title": ""})
    seen = check(workspace, form, grid).seen
    for confirmed in (None, "", "another"):
        with pytest.raises(Unconfirmed) as refusal:
            hand_in(workspace, form, grid, key="d1", actor=FILER, confirmed=confirmed)
        assert refusal.value.seen == seen
        assert [f.code for f in refusal.value.findings] == ["source-missing"]
    assert hand_in(workspace, form, grid, key="d1", actor=FILER, confirmed=seen).submission
    other = typed(
        form, SOUND | {"source_title": ""}, SOUND | {"period": "2024", "source_title": ""}
    )
    with pytest.raises(Unconfirmed):
        hand_in(workspace, form, other, key="d1", actor=FILER, confirmed=seen)


def test_findings_name_their_cells(workspace):
    form = workspace.form("indicator_values")
    column = {field.id: n for n, field in enumerate(form.fields)}
    grid = typed(
        form,
        SOUND,
        SOUND | {"value": "abc", "place": ""},
        SOUND,
        SOUND | {"period": "2023", "unit": ""},
    )
    cells = {
        (cell.row, cell.finding.code): {form.fields[n].id for n in cell.columns}
        for cell in check(workspace, form, grid).cells
    }
    assert cells[1, "not-a-number"] == {"value"}
    assert cells[1, "required"] == {"place"}
    # 与第4行整行相同: the columns of the key, all of them
    assert {"place", "indicator", "period"} <= cells[2, "duplicate-row"]
    assert cells[3, "unit-needed"] == {"unit"}
    assert column["place"] == 0


def test_a_title_with_the_sign_of_a_list_in_it_is_a_title(workspace):
    """用作原料、材料 is the name of a column."""
    form = workspace.form("enterprise_energy")
    row = {
        "place": "500156", "entity": "91500156MA5U000001", "period": "2025年3月",
        "product": "原煤", "unit": "吨", "consumed": "1", "feedstock": "2",
    }  # fmt: skip
    cells = [
        c
        for c in check(workspace, form, typed(form, row)).cells
        if c.finding.code == "feedstock-part"
    ]
    assert [form.fields[n].id for n in cells[0].columns] == ["feedstock"]


def test_every_form_is_described_in_json_in_both_languages(demo):
    for form in demo.forms.values():
        shown = json.loads(json.dumps(described(demo, form)))
        assert [column["id"] for column in shown["columns"]] == [f.id for f in form.fields]
        assert all(all(column["title"]) for column in shown["columns"]), form.id
        for column in shown["columns"]:
            assert bool(column["notation"]) == form.field(column["id"]).notation


def offered(workspace, form, lang):
    columns = described(workspace, form, lang)["columns"]
    return {column["id"]: [tuple(pair) for pair in column["choices"]] for column in columns}


def test_a_row_typed_from_the_english_lists_is_the_row_typed_from_the_chinese(workspace):
    form = workspace.form("enterprise_energy")
    chinese = {
        "place": "武隆区", "entity": "91500156MA5U000001", "period": "2025年3月",
        "product": "原煤", "unit": "万吨", "consumed": "1.25",
    }  # fmt: skip
    beside = offered(workspace, form, "zh")
    assert ("原煤", "Raw coal") in beside["product"]
    english = {name: dict(beside[name]).get(text, text) for name, text in chinese.items()}
    assert english["place"] != "武隆区" and english["unit"] != "万吨"
    first, second = (check(workspace, form, typed(form, row)) for row in (chinese, english))
    assert first.reading.errors == second.reading.errors == []
    (one_row,), (other_row,) = (c.reading.table.to_pylist() for c in (first, second))
    units = one_row.pop("unit"), other_row.pop("unit")  # kept as typed, in either language
    assert units == ("万吨", english["unit"]) and one_row == other_row


def test_lists_of_both_languages_offer_the_same(demo):
    for form in demo.forms.values():
        chinese, english = (offered(demo, form, lang) for lang in ("zh", "en"))
        turned = {name: [(zh, en) for en, zh in pairs] for name, pairs in english.items()}
        assert turned == chinese, form.id


def test_an_empty_grid_of_every_form_is_read_as_its_template(demo):
    for form in demo.forms.values():
        checked = check(demo, form, fresh(form))
        assert checked.reading.errors == [], form.id
        assert checked.columns == [field.id for field in form.fields], form.id


def test_findings_of_units_stand_among_those_of_the_reader_by_row_and_column(workspace):
    """Coal in 千瓦时 is found after the file is read, 某煤 and 一点 below it while it is."""
    form = workspace.form("enterprise_energy")
    sound = {
        "place": "500156", "entity": "91500156MA5U000001", "period": "2025年3月",
        "product": "原煤", "unit": "万吨", "consumed": "1.25",
    }  # fmt: skip
    rows = [sound | {"unit": "千瓦时"}, sound | {"product": "某煤", "consumed": "一点"}]
    rows += [sound | {"period": "2025年4月", "unit": "千瓦时"}]
    errors = check(workspace, form, typed(form, *rows)).reading.errors
    assert len(errors) >= 4
    places = [(error.where.row, form_column(form, error.where.column)) for error in errors]
    assert [row for row, _ in places] == sorted(row for row, _ in places)
    assert {row for row, _ in places} == {4, 5, 6} and places == sorted(places)


def form_column(form, title):
    """The number of a column of the grid by its title."""
    return [field.title_zh for field in form.fields].index(title.split("、")[0].rstrip("*"))
