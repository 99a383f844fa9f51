"""Templates of forms: what a person fills in is read back without a finding.

Nothing in them runs as a formula and nothing is lost.
"""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from hengtan import packs
from hengtan.basis.place import Place, PlaceTree
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form
from hengtan.report.sheet.form_template import FILL, HEAD, LISTS, NOTES, write_template

SMALL = Form.from_dict(
    yaml.safe_load(Path(__file__).with_name("small_form.yaml").read_text(encoding="utf-8"))
)
PLACES = PlaceTree(
    [
        Place("500156", "武隆区", "Wulong", "district"),
        Place("500000", "重庆市", "Chongqing", "city"),
    ]
)
KINDS = {"k1": "工厂", "k2": "园区", "k3": "同名", "k4": "同名"}
"""Names by id; two share one, so that they are listed by id."""
NAMES = {"工厂": "k1", "园区": "k2", "同名": ("k3", "k4")}
LOOKUPS = {"registries": {**{k: k for k in KINDS}, **NAMES}}
WITH_A_LIST = ("place", "choice", "reference", "unit", "boolean")


def template(path: Path, **options):
    return write_template(SMALL, path, places=PLACES, lookups={"registries": KINDS}, **options)


def read_back(path: Path):
    return read_form(path, SMALL, places=PLACES, lookups=LOOKUPS)


def fill(path: Path, rows):
    """Fill the template as a person does: below the header."""
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=HEAD + 1):
        for place, value in enumerate(row, start=1):
            if value is not None:
                book[FILL].cell(number, place).value = value
    book.save(path)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "表.xlsx"


def test_what_is_filled_in_is_read_back_without_a_finding(path):
    done = ["甲", "武隆区", "工厂", "已完成", "2024年1-6月", date(2024, 3, 5)]
    under_way = ["乙", "重庆市", "k3", "推进中（未完）", "2024-03", "2024年3月6日"]
    fill(
        template(path),
        [[*done, 60, 3, 1.5, "万吨", "是"], [*under_way, 0.5, 0, "NO", None, "否"]],
    )
    reading = read_back(path)
    assert (reading.findings, reading.header_row) == ([], HEAD)
    first, second = reading.table.to_pylist()
    assert {
        "place": "500156",
        "kind": "k1",
        "state": "done",
        "when": "2024-01..06",
        "day": date(2024, 3, 5),
        "share": 60.0,
        "count": 3,
        "amount": 1.5,
        "unit": "万吨",
        "sure": True,
    }.items() <= first.items()
    assert {
        "place": "500000",
        "kind": "k3",
        "state": "open",
        "when": "2024-03",
        "day": date(2024, 3, 6),
        "count": 0,
        "amount": None,
        "amount_notation": "NO",
        "unit": None,
        "sure": False,
    }.items() <= second.items()


def test_an_empty_template_holds_no_rows_and_no_findings(path):
    reading = read_back(template(path))
    assert (reading.table.num_rows, reading.findings) == (0, [])


@pytest.mark.parametrize("pack_id", ["wulong", "chongqing"])
def test_every_choice_the_packs_templates_offer_is_understood(tmp_path, pack_id):
    from hengtan.desk.lookups import choices, lookups

    pack = packs.load(pack_id)
    workspace = SimpleNamespace(pack=pack)
    known, offered = lookups(workspace), choices(workspace)
    for form_id, content in pack.forms().items():
        form = Form.from_dict(content)
        path = write_template(
            form, tmp_path / f"{form_id}.xlsx", places=pack.places(), lookups=offered
        )
        lists = openpyxl.load_workbook(path)[LISTS]
        for place, field in enumerate(form.fields, start=1):
            column = lists[get_column_letter(place)]
            words = [cell.value for cell in column if cell.value is not None]
            assert bool(words) == (field.type in WITH_A_LIST or bool(field.choices)), field.id
            assert len(words) == len(set(words)), field.id
            if field.type == "reference":
                table = known[field.reference]
                assert [table[word] for word in words] == list(offered[field.reference])
            if field.type == "place":
                assert all(pack.places().find(word) for word in words)
        reading = read_form(path, form, places=pack.places(), lookups=known)
        assert reading.findings == []
        assert sorted(reading.mapping) == sorted(field.id for field in form.fields)


def test_rows_filled_beforehand_show_names_and_come_back_as_codes(path):
    full = {
        "name": "甲",
        "place": "500156",
        "kind": "k2",
        "state": "open",
        "when": "2024-H1",
        "day": date(2024, 1, 2),
        "amount": 2,
        "unit": "%",
        "sure": True,
    }
    rows = [full, {"name": "乙", "kind": "k4"}]
    template(path, rows=rows)
    shown = [cell.value for cell in openpyxl.load_workbook(path)[FILL][HEAD + 1]]
    assert shown[1:5] == ["武隆区", "园区", "推进中（未完）", "2024-H1"]
    reading = read_back(path)
    assert reading.findings == []
    for row, filled in zip(reading.table.to_pylist(), rows, strict=True):
        assert filled.items() <= row.items()


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "@SUM(1)", "-2"])
def test_text_filled_beforehand_never_becomes_a_formula(path, text):
    template(path, rows=[{"name": text}])
    cell = openpyxl.load_workbook(path)[FILL].cell(HEAD + 1, 1)
    assert (cell.data_type, cell.value) == ("s", text)
    assert read_back(path).table["name"].to_pylist() == [text]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_any_text_can_be_filled_beforehand(path, names):
    template(path, rows=[{"name": name, "share": 1} for name in names])
    assert openpyxl.load_workbook(path)[FILL].cell(HEAD + 1, 7).value == 1


def test_lists_and_limits_stand_below_the_header(path):
    book = openpyxl.load_workbook(template(path))
    rules = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
        for rule in book[FILL].data_validations.dataValidation
    }
    lists = {letter for letter, rule in rules.items() if rule.type == "list"}
    limits = {letter for letter, rule in rules.items() if rule.type == "decimal"}
    assert lists == set("BCDJK"), "place, kind, state, unit, sure"
    assert limits == set("GH"), "share, count"
    assert rules["D"].formula1 == f"'{LISTS}'!$D$1:$D$2"
    share, count = rules["G"], rules["H"]
    assert (share.operator, share.formula1, share.formula2) == ("between", "0", "100")
    assert (count.operator, count.formula1) == ("greaterThanOrEqual", "0")


def test_the_header_stays_in_view_and_says_what_must_be_filled(path):
    book = openpyxl.load_workbook(template(path))
    sheet = book[FILL]
    assert book.active.title == FILL and sheet.freeze_panes == f"A{HEAD + 1}"
    assert book[LISTS].sheet_state == "hidden"
    assert [sheet.cell(HEAD, place).value for place in (1, 2)] == ["名称*", "地区"]
    assert "必填" in sheet.cell(HEAD, 1).comment.text


def test_periods_and_names_are_kept_as_text(path):
    columns = openpyxl.load_workbook(template(path))[FILL].column_dimensions
    forms = {letter: columns[letter].number_format for letter in "AEFG"}
    assert forms == {"A": "@", "E": "@", "F": "yyyy-mm-dd", "G": "General"}


def test_the_notes_name_type_unit_choices_and_checks(path):
    notes = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(template(path))[NOTES].iter_rows()
    ]
    by_name = {row[0]: row for row in notes}
    fields = notes[1 : len(SMALL.fields) + 1]
    assert [row[0] for row in fields] == [field.title_zh for field in SMALL.fields]
    assert by_name["比例"][2:4] == ["数字", "%"]
    assert by_name["数值"][3] == "见“计量单位”列"
    assert by_name["名称"][4] == "是"
    assert by_name["状态"][6] == "已完成、推进中（未完）"
    assert by_name["没有名称"][2] == "提示"
