"""Forms as data: definitions that are wrong are refused when they load; cross-checks say what SQL's
logic of three values says.
"""

import copy
from datetime import date

import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.basis.errors import PackError
from hengtan.ledger.forms import SHOWN_FAILURES, Form

GOOD = {
    "id": "small",
    "title_zh": "小表",
    "title_en": "Small",
    "key": ["name", "when"],
    "fields": [
        {
            "id": "name",
            "title_zh": "名称",
            "title_en": "Name",
            "type": "text",
            "required": True,
            "aliases": ["单位名称"],
        },
        {"id": "when", "title_zh": "时期", "title_en": "Period", "type": "period"},
        {
            "id": "state",
            "title_zh": "状态",
            "title_en": "State",
            "type": "choice",
            "choices": {"done": ["已完成", "done"], "open": ["推进中", "open"]},
            "default": "open",
        },
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
            "id": "amount",
            "title_zh": "数值",
            "title_en": "Amount",
            "type": "quantity",
            "unit_field": "unit",
        },
        {"id": "unit", "title_zh": "计量单位", "title_en": "Unit", "type": "unit"},
        {"id": "day", "title_zh": "日期", "title_en": "Day", "type": "date"},
        {"id": "count", "title_zh": "个数", "title_en": "Count", "type": "integer"},
        {"id": "sure", "title_zh": "核实", "title_en": "Sure", "type": "boolean"},
    ],
}


def changed(field=None, checks=(), **changes):
    """The good definition with a field changed (by id), checks, or other keys."""
    spec = copy.deepcopy(GOOD) | changes
    for known in spec["fields"]:
        if field and known["id"] == field["id"]:
            known |= field
    spec["checks"] = [
        {
            "id": f"c{n}",
            "level": "error",
            "column": "name",
            "holds": holds,
            "zh": "不符",
            "en": "wrong",
        }
        for n, holds in enumerate(checks)
    ]
    return spec


def rows(**columns):
    """A table of the small form; ``_source_row`` counts from 2."""
    schema = Form.from_dict(GOOD).schema()
    count = len(next(iter(columns.values())))
    arrays = [pa.array(columns.get(n, [None] * count), schema.field(n).type) for n in schema.names]
    return pa.table([*arrays, pa.array(range(2, count + 2))], names=[*schema.names, "_source_row"])


def test_storage_columns_are_those_of_the_contract():
    schema = Form.from_dict(GOOD).schema()
    assert [(f.name, str(f.type)) for f in schema] == [
        ("name", "string"),
        ("when", "string"),
        ("when_kind", "string"),
        ("when_start", "date32[day]"),
        ("when_end", "date32[day]"),
        ("state", "string"),
        ("share", "double"),
        ("amount", "double"),
        ("amount_notation", "string"),
        ("amount_original", "string"),
        ("unit", "string"),
        ("day", "date32[day]"),
        ("count", "int64"),
        ("sure", "bool"),
    ]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (changed(id="Small Form"), "编号"),
        (changed(key=["name", "place"]), "键字段“place”不存在"),
        (changed({"id": "name", "type": "words"}), "类型“words”未知"),
        (changed({"id": "amount", "unit_field": "measure"}), "单位字段“measure”不存在"),
        (changed({"id": "state", "choices": None}), "缺可选值"),
        (changed({"id": "name", "type": "reference"}), "缺引用表"),
        (changed({"id": "state", "default": "closed"}), "默认值不在可选值中"),
        (changed({"id": "share", "minimum": 200}), "下限高于上限"),
        (changed({"id": "share", "unit": "大车"}), "单位“大车”不认识"),
        (changed({"id": "name", "unit": "%"}), "不是数字字段"),
        (changed({"id": "when", "id_": "x"}), "id_"),
        (changed({"id": "day", "aliases": ["单位名称"]}), "别名“单位名称”属于多个字段"),
        (changed({"id": "day", "title_zh": "名称"}), "字段名称“名称”重复"),
        (changed(fields=[*GOOD["fields"], GOOD["fields"][0]]), "重复"),
        (
            changed(
                fields=[
                    *GOOD["fields"],
                    {"id": "when_kind", "title_zh": "种类", "title_en": "Kind", "type": "text"},
                ]
            ),
            "存储列“when_kind”重复",
        ),
        ({"id": "small"}, "fields"),
        (GOOD | {"fields": None}, "有误"),
    ],
)
def test_wrong_definitions_are_refused_with_what_is_wrong(spec, words):
    with pytest.raises(PackError) as refused:
        Form.from_dict(spec | {"_file": "cn/forms/small.yaml"})
    assert words in str(refused.value)
    assert refused.value.where.file == "cn/forms/small.yaml"


@pytest.mark.parametrize(
    "holds",
    [
        "amount > missing",
        "read_text('/etc/passwd') is null",
        "(select 1) = 1",
        "amount > 0; drop table given",
        "amount > 0 -- all",
        "amount > 0 /* all */",
        '"amount" > 0',
        "current_setting('x') is null",
        "name(1)",
        "amount::text = '1'",
        "amount > 0 union select 1",
        "exists (select 1)",
        "getenv('HOME') = ''",
    ],
)
def test_conditions_outside_the_small_sql_are_refused(holds):
    with pytest.raises(PackError, match="不允许的内容"):
        Form.from_dict(changed(checks=[holds]))


@pytest.mark.parametrize(
    "holds",
    [
        "amount >",
        "amount is is null",
        "(amount > 0",
        "amount > 0)",
        "amount",
        "1",
        "day > 3",
        "",
        "true), (false",
        "true, false",
        "null",
    ],
)
def test_conditions_that_are_none_are_refused_when_the_form_loads(holds):
    with pytest.raises(PackError, match="审核关系“c0”"):
        Form.from_dict(changed(checks=[holds]))


@pytest.mark.parametrize(
    ("holds", "failing"),
    [
        ("amount >= 0", [3, 4]),
        ("amount is null or amount >= 0", [3]),
        ("not (amount < 0)", [3, 4]),
        ("state != 'done' or day is not null", [3]),
        ("share between 0 and 100", [4, 5]),
        ("state in ('done', 'open')", [4]),
        ("coalesce(amount, 0) + coalesce(share, 0) <= 51", [5]),
        ("day is null or year(day) = 2024", [5]),
        ("name = 'O''Brien' or length(name) = 1", []),
        ("abs(coalesce(amount, 0)) < 2", []),
        ("name like '甲%' or amount is null or greatest(amount, share) > 0", []),
    ],
)
def test_a_condition_that_is_not_true_fails_and_names_its_row(holds, failing):
    table = rows(
        name=["甲", "O'Brien", "乙", "甲"],
        state=["open", "done", None, "done"],
        amount=[1.0, -1.0, None, 1.5],
        share=[50.0, 1.0, None, 120.0],
        day=[date(2024, 1, 1), None, date(2024, 2, 1), date(2023, 12, 31)],
    )
    findings = Form.from_dict(changed(checks=[holds])).check(table, file="表.xlsx", sheet="一")
    assert [f.where.row for f in findings] == failing
    assert {(f.level, f.where.file, f.where.sheet, f.where.column) for f in findings} <= {
        ("error", "表.xlsx", "一", "名称")
    }


def test_many_failures_are_counted_exactly():
    count = SHOWN_FAILURES + 37
    findings = Form.from_dict(changed(checks=["amount > 0"])).check(rows(amount=[-1.0] * count))
    assert len(findings) == SHOWN_FAILURES + 1
    assert "37" in findings[-1].zh


def test_no_rows_no_findings():
    assert Form.from_dict(changed(checks=["amount > 0"])).check(rows(amount=[])) == []


@pytest.mark.parametrize("pack_id", ["cn", "chongqing", "wulong"])
def test_the_packs_forms_load(pack_id):
    forms = {form_id: Form.from_dict(spec) for form_id, spec in packs.load(pack_id).forms().items()}
    assert {
        "indicator_values",
        "milestone_progress",
        "measure_progress",
        "registry_entries",
    } <= set(forms)
    assert all(form.id == form_id for form_id, form in forms.items())


def test_a_milestone_is_done_only_with_evidence():
    form = Form.from_dict(packs.load("cn").forms()["milestone_progress"])
    schema = form.schema()
    columns = {
        "milestone": ["a", "b", "c"],
        "state": ["done", "done", "in_progress"],
        "evidence": [None, "渝府发〔2025〕1号", None],
    }
    table = pa.table(
        [
            *[pa.array(columns.get(n, [None] * 3), schema.field(n).type) for n in schema.names],
            pa.array([2, 3, 4]),
        ],
        names=[*schema.names, "_source_row"],
    )
    assert [(f.level, f.where.row, f.code) for f in form.check(table)] == [
        ("error", 2, "done-with-evidence")
    ]
