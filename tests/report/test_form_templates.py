"""Templates of forms: what a person fills in is read back without a finding, and nothing in them runs or is lost."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.basis.place import Place, PlaceTree
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form
from hengtan.report.sheet.form_template import FILL, LISTS, NOTES, write_template

HEAD = 3
SMALL = Form.from_dict(
    {
        "id": "small",
        "title_zh": "小表",
        "title_en": "Small",
        "key": ["name"],
        "fields": [
            {
                "id": "name",
                "title_zh": "名称",
                "title_en": "Name",
                "type": "text",
                "required": True,
            },
            {"id": "place", "title_zh": "地区", "title_en": "Place", "type": "place"},
            {
                "id": "kind",
                "title_zh": "种类",
                "title_en": "Kind",
                "type": "reference",
                "reference": "kinds",
            },
            {
                "id": "state",
                "title_zh": "状态",
                "title_en": "State",
                "type": "choice",
                "choices": {"done": ["已完成", "done"], "open": ["推进中（未完）", "open"]},
            },
            {"id": "when", "title_zh": "时期", "title_en": "Period", "type": "period"},
            {"id": "day", "title_zh": "日期", "title_en": "Day", "type": "date"},
            {
                "id": "share",
                "title_zh": "比例",
                "title_en": "Share",
                "type": "number",
                "unit": "%",
                "minimum": 0,
                "maximum": 100,
            },
            {
                "id": "count",
                "title_zh": "个数",
                "title_en": "Count",
                "type": "integer",
                "minimum": 0,
            },
            {
                "id": "amount",
                "title_zh": "数值",
                "title_en": "Amount",
                "type": "quantity",
                "unit_field": "unit",
                "notation": True,
            },
            {"id": "unit", "title_zh": "计量单位", "title_en": "Unit", "type": "unit"},
            {"id": "sure", "title_zh": "是否核实", "title_en": "Sure", "type": "boolean"},
        ],
        "checks": [
            {
                "id": "named",
                "level": "warning",
                "column": "name",
                "holds": "length(name) > 0",
                "zh": "没有名称",
                "en": "no name",
                "todo": "填写",
            }
        ],
    }
)
PLACES = PlaceTree(
    [
        Place("500156", "武隆区", "Wulong", "district"),
        Place("500000", "重庆市", "Chongqing", "city"),
    ]
)
KINDS = {"k1": "工厂", "k2": "园区", "k3": "同名", "k4": "同名"}
LOOKUPS = {"kinds": {**{k: k for k in KINDS}, "工厂": "k1", "园区": "k2", "同名": ("k3", "k4")}}


def template(path: Path, **options):
    return write_template(SMALL, path, places=PLACES, lookups={"kinds": KINDS}, **options)


def back(path: Path, form=SMALL, places=PLACES, lookups=None):
    return read_form(path, form, places=places, lookups=lookups or LOOKUPS)


def fill(path: Path, rows):
    """Fill the template as a person does: below the header."""
    book = openpyxl.load_workbook(path)
    for n, row in enumerate(rows, start=HEAD + 1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                book[FILL].cell(n, column).value = value
    book.save(path)
    return path


def test_what_is_filled_in_is_read_back_without_a_finding(tmp_path):
    path = fill(
        template(tmp_path / "表.xlsx"),
        [
            [
                "甲",
                "武隆区",
                "工厂",
                "已完成",
                "2024年1-6月",
                date(2024, 3, 5),
                60,
                3,
                1.5,
                "万吨",
                "是",
            ],
            [
                "乙",
                "重庆市",
                "k3",
                "推进中（未完）",
                "2024-03",
                "2024年3月6日",
                0.5,
                0,
                "NO",
                None,
                "否",
            ],
        ],
    )
    reading = back(path)
    assert (reading.findings, reading.header_row) == ([], HEAD)
    rows = reading.table.to_pylist()
    assert [
        (
            r["place"],
            r["kind"],
            r["state"],
            r["when"],
            r["day"],
            r["share"],
            r["count"],
            r["amount"],
            r["amount_notation"],
            r["unit"],
            r["sure"],
        )
        for r in rows
    ] == [
        ("500156", "k1", "done", "2024-01..06", date(2024, 3, 5), 60.0, 3, 1.5, None, "万吨", True),
        ("500000", "k3", "open", "2024-03", date(2024, 3, 6), 0.5, 0, None, "NO", None, False),
    ]


def test_an_empty_template_holds_no_rows_and_no_findings(tmp_path):
    reading = back(template(tmp_path / "表.xlsx"))
    assert (reading.table.num_rows, reading.findings) == (0, [])


@pytest.mark.parametrize("pack_id", ["wulong", "chongqing"])
def test_every_choice_the_packs_templates_offer_is_understood(tmp_path, pack_id):
    from types import SimpleNamespace

    from hengtan.desk.evidence import choices, lookups

    pack = packs.load(pack_id)
    workspace = SimpleNamespace(pack=pack)
    known = lookups(workspace)
    for form_id, given_form in pack.forms().items():
        form = Form.from_dict(given_form)
        path = write_template(
            form, tmp_path / f"{form_id}.xlsx", places=pack.places(), lookups=choices(workspace)
        )
        listed = openpyxl.load_workbook(path)[LISTS]
        for n, field in enumerate(form.fields, start=1):
            words = [
                cell.value
                for cell in listed[openpyxl.utils.get_column_letter(n)]
                if cell.value is not None
            ]
            assert bool(words) == (
                field.type in ("place", "choice", "reference", "unit", "boolean")
            ), field.id
            assert len(words) == len(set(words)), field.id
            if field.type == "reference":
                offered = choices(workspace)[field.reference]
                assert [known[field.reference][word] for word in words] == list(offered)
            if field.type == "place":
                assert all(pack.places().find(word) for word in words)
        reading = read_form(path, form, places=pack.places(), lookups=known)
        assert (reading.findings, sorted(reading.mapping)) == (
            [],
            sorted(f.id for f in form.fields),
        )


def test_rows_filled_beforehand_show_names_and_come_back_as_codes(tmp_path):
    given_rows = [
        {
            "name": "甲",
            "place": "500156",
            "kind": "k2",
            "state": "open",
            "when": "2024-H1",
            "day": date(2024, 1, 2),
            "amount": 2,
            "unit": "%",
            "sure": True,
        },
        {"name": "乙", "kind": "k4"},
    ]
    path = template(tmp_path / "表.xlsx", rows=given_rows)
    shown = [c.value for c in openpyxl.load_workbook(path)[FILL][HEAD + 1]]
    assert shown[1:5] == ["武隆区", "园区", "推进中（未完）", "2024-H1"]
    reading = back(path)
    assert reading.findings == []
    assert [
        {k: r[k] for k in given_row}
        for r, given_row in zip(reading.table.to_pylist(), given_rows, strict=True)
    ] == given_rows


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "@SUM(1)", "-2"])
def test_text_filled_beforehand_never_becomes_a_formula(tmp_path, text):
    path = template(tmp_path / "表.xlsx", rows=[{"name": text}])
    cell = openpyxl.load_workbook(path)[FILL].cell(HEAD + 1, 1)
    assert (cell.data_type, cell.value) == ("s", text)
    assert back(path).table["name"].to_pylist() == [text]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_any_text_can_be_filled_beforehand(tmp_path, names):
    path = template(tmp_path / "表.xlsx", rows=[{"name": name, "share": 1} for name in names])
    assert openpyxl.load_workbook(path)[FILL].cell(HEAD + 1, 7).value == 1


def test_lists_formats_limits_and_frozen_header(tmp_path):
    book = openpyxl.load_workbook(template(tmp_path / "表.xlsx"))
    sheet = book[FILL]
    rules = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
        for rule in sheet.data_validations.dataValidation
    }
    assert {letter: rule.type for letter, rule in rules.items()} == {
        "B": "list",
        "C": "list",
        "D": "list",
        "J": "list",
        "K": "list",
        "G": "decimal",
        "H": "decimal",
    }
    assert rules["D"].formula1 == f"'{LISTS}'!$D$1:$D$2"
    assert (rules["G"].operator, rules["G"].formula1, rules["G"].formula2) == (
        "between",
        "0",
        "100",
    )
    assert (rules["H"].operator, rules["H"].formula1) == ("greaterThanOrEqual", "0")
    assert (book[LISTS].sheet_state, sheet.freeze_panes, book.active.title) == (
        "hidden",
        "A4",
        FILL,
    )
    assert [sheet.column_dimensions[c].number_format for c in "AEFG"] == [
        "@",
        "@",
        "yyyy-mm-dd",
        "General",
    ]
    assert [sheet.cell(HEAD, n).value for n in (1, 2)] == ["名称*", "地区"]
    assert "必填" in sheet.cell(HEAD, 1).comment.text


def test_the_notes_name_type_unit_choices_and_checks(tmp_path):
    notes = [
        [c.value for c in row]
        for row in openpyxl.load_workbook(template(tmp_path / "表.xlsx"))[NOTES].iter_rows()
    ]
    by_name = {row[0]: row for row in notes}
    assert [row[0] for row in notes[1:12]] == [f.title_zh for f in SMALL.fields]
    assert (by_name["比例"][2:4], by_name["数值"][3], by_name["名称"][4]) == (
        ["数字", "%"],
        "见“计量单位”列",
        "是",
    )
    assert by_name["状态"][6] == "已完成、推进中（未完）"
    assert by_name["没有名称"][2] == "提示"
