"""The English template of a form is the Chinese one in other words: filled with the same figures it
reads to the same rows, and what it says holds no Chinese beside the names it gives in both.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import openpyxl
import pytest

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.basis.units import read_unit
from hengtan.desk.entry_files import Owed, write_empty_template, write_owed_template
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.lookups import choices, lookups
from hengtan.ledger.forms import forms_of
from hengtan.ledger.reading import read_form
from hengtan.ledger.reading.columns import ENGLISH_UNITS, reader_of
from hengtan.report.sheet.form_choices import common_units, names_of
from hengtan.report.sheet.form_template import HEAD, head_lines, write_template

PACK = packs.load("wulong")
OFFICE = SimpleNamespace(pack=PACK)
FORMS = forms_of(PACK)
KNOWN, PLACES = lookups(OFFICE), PACK.places()
CHINESE = re.compile("[\u3400-\u9fff]")
FIRM = "91500156MA5U000001"
ME = Actor("analyst")

COAL = {"entity": FIRM, "entity_name": "Works A", "consumed": 1234.5, "feedstock": "NO"}
COAL |= {"opening": "C", "closing": 20}
SITE = {"project": "P1", "project_name": "Block 3", "area": 12000, "confirmed_rate": 55}
SITE |= {"source_title": "review 7"}
PAYER = {"entity": FIRM, "payer_name": "Works A", "source_title": "register"}
TURBINE = {"series": "wt-1", "hour": 3, "value": 1.25, "source_title": "meter"}
BATTERY = {"code": "A1", "mass": 300, "firm": "Works A"}
MEASURE = {"measure": "m1", "title": "Pumps", "sectors": "all", "effect": 12, "capital": 500}
MEASURE |= {"start_year": 2026, "ramp_years": 3, "discount_rate": 6}
CASES = {
    "a plain form with units and notation keys": (
        "enterprise_energy",
        COAL | {"place": "武隆区", "period": "2025年1-3月", "product": "原煤", "unit": "吨"},
        COAL | {"place": "Wulong", "period": "Jan-Mar 2025", "product": "Raw coal", "unit": "t"},
    ),
    "references, choices, defaults and a moment": (
        "indicator_values",
        {
            "place": "重庆市", "indicator": "森林覆盖率", "period": "2024年", "value": 55.1,
            "unit": "%", "nature": "实绩", "bound": "下限（超过）", "published": "2025-03",
            "source_title": "s",
        },
        {
            "place": "Chongqing", "indicator": "Forest cover", "period": "2024", "value": 55.1,
            "unit": "%", "nature": "outturn", "bound": "lower bound", "published": "2025-03",
            "source_title": "s",
        },
    ),
    "a registry with dates and a counted unit": (
        "registry_entries",
        {
            "registry": "绿色工厂名录", "place": "武隆区", "title": "W", "level": "国家级",
            "granted": "2024年3月5日", "quantity": 2, "unit": "家",
        },
        {
            "registry": "Green factories", "place": "Wulong", "title": "W", "level": "national",
            "granted": "5 March 2024", "quantity": 2, "unit": "firms",
        },
    ),
    "yes and no, choices, areas": (
        "building_projects",
        SITE | {
            "place": "武隆区", "setting": "城镇", "method": "装配式", "decorated": "是",
            "recognised": "否", "started": "2024-03-05",
        },
        SITE | {
            "place": "Wulong", "setting": "urban", "method": "prefabricated", "decorated": "yes",
            "recognised": "no", "started": "Mar 5, 2024",
        },
    ),
    "a form of a case file": (
        "env_tax_payers",
        PAYER | {"place": "武隆区", "opened": "2020年1月2日"},
        PAYER | {"place": "Wulong", "opened": "2 Jan 2020"},
    ),
    "a form with a profile, and wide where it wants": (
        "hourly_series",
        TURBINE | {
            "place": "武隆区", "day": "2024-05-01", "unit": "万千瓦", "item": "发电出力",
            "kind": "计量",
        },
        TURBINE | {
            "place": "Wulong", "day": "1 May 2024", "unit": "10⁴ kW", "item": "generation",
            "kind": "metered",
        },
    ),
    "choices with other words": (
        "battery_events",
        BATTERY | {"place": "武隆区", "event": "回收", "day": "2024-05-01"},
        BATTERY | {"place": "Wulong", "event": "recovered", "day": "2024-05-01"},
    ),
    "units in the headings": (
        "measure_effects",
        MEASURE | {
            "place": "武隆区", "driver": "能源强度", "effect_mark": "假设", "ramp_mark": "假设",
            "capital_mark": "假设",
        },
        MEASURE | {
            "place": "Wulong", "driver": "intensity", "effect_mark": "assumed",
            "ramp_mark": "assumed", "capital_mark": "assumed",
        },
    ),
}  # fmt: skip


def blank(form, path, lang):
    return write_template(form, path, places=PLACES, lookups=choices(OFFICE, lang), lang=lang)


def filled(form, path, *rows):
    """A template with rows typed below its headings."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for line, row in enumerate(rows, start=HEAD + 1):
        for place, field in enumerate(form.fields, start=1):
            if field.id in row:
                sheet.cell(line, place).value = row[field.id]
    book.save(path)
    return path


@pytest.mark.parametrize("case", CASES)
def test_the_same_figures_in_either_language_are_the_same_rows(tmp_path, case):
    form_id, chinese, english = CASES[case]
    form = FORMS[form_id]
    read = []
    for lang, row in (("zh", chinese), ("en", english)):
        path = filled(form, blank(form, tmp_path / f"{lang}.xlsx", lang), row)
        reading = read_form(path, form, places=PLACES, lookups=KNOWN)
        assert [str(f) for f in reading.errors] == []
        assert reading.table.num_rows == 1
        read.append(reading.table)
    assert read[0].to_pylist() == read[1].to_pylist()


@pytest.mark.parametrize("form_id", FORMS)
def test_an_english_template_speaks_english_and_its_headings_are_read(tmp_path, form_id):
    """Beside the name of the form and of each column in Chinese, which stand next to the English
    ones, no sheet has a Chinese word; every heading is read as its field.
    """
    form = FORMS[form_id]
    path = blank(form, tmp_path / "en.xlsx", "en")
    book = openpyxl.load_workbook(path)
    sheet, lists, notes = book.worksheets
    assert book.sheetnames == ["Fill in", "_lists", "Notes"]
    said = [cell.value for row in sheet.iter_rows(min_row=2, max_row=HEAD) for cell in row]
    said += [cell.value for row in lists.iter_rows() for cell in row]
    said += [cell.value for row in notes.iter_rows() for cell in row if cell.column != 2]
    said += [line for cell in sheet[HEAD] for line in cell.comment.text.splitlines()[1:]]
    assert [text for text in said if CHINESE.search(str(text or ""))] == []
    reading = read_form(path, form, places=PLACES, lookups=KNOWN)
    assert (reading.findings, reading.table.num_rows) == ([], 0)
    headings = [cell.value.strip("*") for cell in sheet[HEAD]]
    assert [reading.mapping[field.id].strip("*") for field in form.fields] == headings


def test_units_in_english_are_those_in_chinese():
    """Each word of the English list is the unit of the Chinese one: 10⁸ yuan is 亿元."""
    for chinese, english in common_units():
        first, second = read_unit(chinese), read_unit(english)
        assert (first.canonical, first.factor) == (second.canonical, second.factor), english
    assert KNOWN[ENGLISH_UNITS]["10⁸ yuan"] == "亿元"
    assert len({english for _, english in common_units()}) == len(common_units())


def test_only_a_column_with_the_english_heading_takes_english_words_for_units(tmp_path):
    """A Chinese sheet keeps what its writer spelled."""
    form = FORMS["enterprise_energy"]
    row = CASES["a plain form with units and notation keys"][1] | {"unit": "t"}
    path = filled(form, blank(form, tmp_path / "zh.xlsx", "zh"), row)
    reading = read_form(path, form, places=PLACES, lookups=KNOWN)
    assert reading.table["unit"].to_pylist() == ["t"]


def test_a_heading_that_is_the_code_of_a_field_is_that_field(workspace):
    """Where the English title of one field is the code of another, the template writes the code of
    the first.
    """
    from hengtan.ledger.forms import Form

    form = Form.from_dict(
        {
            "id": "x",
            "title_zh": "表",
            "title_en": "Form",
            "key": ["firm"],
            "fields": [
                {"id": "firm_name", "title_zh": "名称", "title_en": "Firm", "type": "text"},
                {"id": "firm", "title_zh": "代码", "title_en": "Code", "type": "text"},
            ],
        }
    )
    assert head_lines(form, "en")[-1] == ["firm_name", "Code"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("product", "Black coal", "'Black coal'"),
        ("place", "Atlantis", "'Atlantis'"),
        ("unit", "sacks", "'sacks'"),
        ("period", "05/03/2025", "'05/03/2025' is not a period"),
    ],
)
def test_a_word_that_is_not_known_is_one_line_with_its_cell(
    workspace, tmp_path, field, typed, said
):
    form = workspace.form("enterprise_energy")
    row = CASES["a plain form with units and notation keys"][2] | {field: typed}
    path = tmp_path / "March.xlsx"
    filled(form, write_empty_template(workspace, form, path, "en"), row)
    with pytest.raises(HengtanError) as refused:
        import_file(workspace, form.id, path, actor=ME)
    (finding,) = refused.value.findings
    assert said in finding.en and finding.where.row == HEAD + 1
    assert finding.where.column.strip("*") == form.field(field).title_en
    assert workspace.ledger.submissions() == []


def test_rows_in_english_replace_nothing_of_the_same_rows_in_chinese(workspace, tmp_path):
    """What was handed in on the Chinese template and comes again on the English one is unchanged,
    and one corrected figure is the one change.
    """
    form = workspace.form("enterprise_energy")
    _, chinese, english = CASES["a plain form with units and notation keys"]
    path = filled(form, write_empty_template(workspace, form, tmp_path / "三月.xlsx"), chinese)
    import_file(workspace, form.id, path, actor=ME, intake=Intake(place="500156"), approve=True)
    again = write_empty_template(workspace, form, tmp_path / "March.xlsx", "en")
    report = import_file(workspace, form.id, filled(form, again, english), actor=ME, dry_run=True)
    counted = report.differences
    assert (counted.new, counted.changed, counted.unchanged) == (0, 0, 1)
    corrected = filled(form, again, english | {"consumed": 1300})
    report = import_file(workspace, form.id, corrected, actor=ME, dry_run=True)
    (change,) = report.differences.changes
    assert change.values["consumed"] == (1234.5, 1300.0)


def test_what_is_owed_is_filled_in_in_english(workspace, tmp_path):
    form = workspace.form("enterprise_energy")
    _, chinese, _ = CASES["a plain form with units and notation keys"]
    path = filled(form, write_empty_template(workspace, form, tmp_path / "三月.xlsx"), chinese)
    import_file(workspace, form.id, path, actor=ME, intake=Intake(place="500156"), approve=True)
    owed = [Owed("2025年1-6月", "500156", FIRM)]
    path = write_owed_template(workspace, form, tmp_path / "June.xlsx", owed, "en")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    row = [cell.value for cell in sheet[HEAD + 1] if cell.value]
    assert row == ["Wulong", FIRM, "Works A", "2025-01..06", "Raw coal", "t"]


def test_each_place_is_read_by_its_english_name():
    """With its blanks and brackets, and a district with the word District behind."""
    named = [place for place in PLACES if place.name_en]
    assert [PLACES.find(place.name_en).code for place in named] == [place.code for place in named]
    assert PLACES.find("Wulong District").code == PLACES.find("wulong").code == "500156"


def test_every_word_of_an_english_list_is_read_as_what_it_stands_for():
    """Places, references and choices, by the reader of cells of their field."""
    for form in FORMS.values():
        for field in form.fields:
            offered = names_of(field, PLACES, choices(OFFICE, "en"), "en")
            if field.type in ("choice", "reference", "place"):
                read, _ = reader_of(field, PLACES, KNOWN)
                assert {code: read(word)[0] for code, word in offered.items()} == {
                    code: code for code in offered
                }, (form.id, field.id)
