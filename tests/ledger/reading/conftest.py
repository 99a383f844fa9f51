"""A small form, places and lookups; helpers that write workbooks of rows and read them back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from hengtan import packs
from hengtan.basis.place import Place, PlaceTree
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form

FORM = Form.from_dict(
    {
        "id": "figures",
        "title_zh": "指标数据",
        "title_en": "Figures",
        "key": ["place", "indicator", "period", "scope"],
        "fields": [
            {
                "id": "place",
                "title_zh": "地区",
                "title_en": "Place",
                "type": "place",
                "required": True,
                "aliases": ["区县", "行政区划代码"],
            },
            {
                "id": "indicator",
                "title_zh": "指标",
                "title_en": "Indicator",
                "type": "reference",
                "reference": "indicators",
                "required": True,
                "aliases": ["指标名称", "项目"],
            },
            {
                "id": "period",
                "title_zh": "时期",
                "title_en": "Period",
                "type": "period",
                "required": True,
                "aliases": ["时间", "年份", "月份", "报告期"],
            },
            {
                "id": "scope",
                "title_zh": "统计范围",
                "title_en": "Scope",
                "type": "text",
                "aliases": ["口径"],
            },
            {
                "id": "value",
                "title_zh": "数值",
                "title_en": "Value",
                "type": "quantity",
                "unit_field": "unit",
                "required": True,
                "notation": True,
                "aliases": ["本期", "完成值"],
                "minimum": 0,
            },
            {
                "id": "unit",
                "title_zh": "计量单位",
                "title_en": "Unit",
                "type": "unit",
                "aliases": ["单位"],
            },
            {
                "id": "nature",
                "title_zh": "数据性质",
                "title_en": "Nature",
                "type": "choice",
                "default": "outturn",
                "choices": {
                    "outturn": ["实绩", "outturn"],
                    "estimate": ["预计（快报）", "estimate"],
                },
            },
            {"id": "granted", "title_zh": "授予日期", "title_en": "Granted", "type": "date"},
            {
                "id": "firms",
                "title_zh": "企业数",
                "title_en": "Firms",
                "type": "integer",
                "maximum": 1000000,
            },
            {"id": "audited", "title_zh": "已审核", "title_en": "Audited", "type": "boolean"},
            {"id": "note", "title_zh": "备注", "title_en": "Note", "type": "text"},
        ],
        "checks": [
            {
                "id": "unit-needed",
                "level": "error",
                "column": "unit",
                "holds": "value is null or unit is not null",
                "zh": "有数值而没有计量单位",
                "en": "a value without its unit",
            }
        ],
    }
)
PLACES = PlaceTree(
    [
        Place("500000", "重庆市", "Chongqing", "city"),
        Place("500156", "武隆区", "Wulong", "district", "500000"),
        Place("500102", "涪陵区", "Fuling", "district", "500000"),
    ]
)
LOOKUPS = {
    "indicators": {
        "cement": "cement",
        "水泥产量": "cement",
        "forest": "forest",
        "森林覆盖率": "forest",
        "power": "power",
        "用电量": "power",
    }
}


@pytest.fixture
def read():
    """Read a file with the small form."""
    return lambda path, **options: read_form(path, FORM, places=PLACES, lookups=LOOKUPS, **options)


@pytest.fixture
def xlsx(tmp_path):
    """Write rows (and merges such as ``A2:A3``) to an .xlsx and give its path; ``change(sheet,
    book)`` may do more.
    """

    def write(rows, *, merges=(), name="填报", change=None):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = name
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)
        if change:
            change(sheet, book)
        path = tmp_path / "表.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def text_file(tmp_path):
    """Write text or bytes to a .csv and give its path."""

    def write(content, encoding="utf-8"):
        path = tmp_path / "表.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def form():
    """The small form."""
    return FORM


@pytest.fixture
def csv_text():
    """Rows as delimited text."""

    def write(rows, delimiter=","):
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(
            [["" if c is None else c for c in row] for row in rows]
        )
        return out.getvalue()

    return write


@pytest.fixture
def findings():
    """Level, row and column of the findings of one code."""
    return lambda reading, code: [
        (f.level, f.where.row, f.where.column) for f in reading.findings if f.code == code
    ]


@pytest.fixture
def values():
    """A column of the table as a list."""
    return lambda reading, column="value": reading.table[column].to_pylist()


CASES = Path(__file__).parent / "cases"
XULING = PlaceTree(
    [
        Place("889900", "虚岭市", "Xuling", "city"),
        Place("889901", "青禾区", "Qinghe", "district", "889900"),
        Place("889902", "石桥县", "Shiqiao", "district", "889900"),
    ]
)


@pytest.fixture(scope="session")
def national():
    """The national pack with its forms and the words of its lists."""
    from hengtan.desk.lookups import lookups

    pack = packs.load("cn")
    forms = {name: Form.from_dict(spec) for name, spec in pack.forms().items()}
    return SimpleNamespace(pack=pack, forms=forms, lookups=lookups(SimpleNamespace(pack=pack)))


@pytest.fixture
def import_of(national):
    """Read a case of ``cases`` by its first letters, or a file, as a form of the national pack."""

    def read_as(form_id, source):
        path = next(CASES.glob(f"{source}-*")) if isinstance(source, str) else source
        return read_form(path, national.forms[form_id], places=XULING, lookups=national.lookups)

    return read_as


@pytest.fixture
def errors():
    """Code, row and column of the errors of a reading."""
    return lambda reading: [(f.code, f.where.row, f.where.column) for f in reading.errors]
