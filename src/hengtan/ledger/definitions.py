"""What may be wrong with the definition of a form, in Chinese for whoever writes the YAML file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias, TypeVar

from hengtan.basis.spelling import is_unit
from hengtan.ledger.conditions import unknown_words, wrong_condition
from hengtan.ledger.profiles import STRETCHES
from hengtan.ledger.rows import REGISTERS
from hengtan.packs.schema import schemas

Form: TypeAlias = Any
Field: TypeAlias = Any
"""``hengtan.ledger.forms.Form`` and ``Field``, which rest on this module."""

TYPES = (
    "text",
    "code",
    "number",
    "integer",
    "quantity",
    "unit",
    "date",
    "moment",
    "hour",
    "period",
    "place",
    "choice",
    "reference",
    "boolean",
)
_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
Word = TypeVar("Word")


def problems_of(form: Form) -> list[str]:
    """What is wrong with a form; conditions are tried in the engine only where nothing else is."""
    problems = list(_kinds(form))
    if problems:
        return problems
    problems = [*_names(form), *_keys(form), *_profile(form)]
    for field in form.fields:
        problems += _field(field, form)
    problems += _checks(form)
    for comparison in form.comparisons:
        problems += comparison.problems(form)
    return problems or list(_conditions(form))


KINDS: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("id", str),
    ("title_zh", str),
    ("title_en", str),
    ("type", str),
    ("required", bool),
    ("notation", bool),
    ("never_nought", bool),
    ("measured", (int, float, type(None))),
    ("unit_field", (str, type(None))),
    ("rate", (str, type(None))),
    ("reference", (str, type(None))),
    ("default", (str, type(None))),
    ("unit", (str, type(None))),
    ("note_zh", str),
    ("note_en", str),
    ("minimum", (int, float, type(None))),
    ("maximum", (int, float, type(None))),
)
"""Of what kind each part of a form, a field or a check is."""


def _kinds(form: Form) -> Iterator[str]:
    if not form.fields or not form.key:
        yield "缺字段或键"
    for part in (form, *form.fields, *form.checks, *form.comparisons):
        for name, kind in KINDS:
            value = getattr(part, name, None)
            if hasattr(part, name) and not isinstance(value, kind):
                yield f"“{part.id}”的 {name} 不能写成“{value}”"
    for check in form.checks:
        words = (check.level, check.column, check.holds, check.zh, check.en)
        if not all(isinstance(word, str) for word in words):
            yield f"审核关系“{check.id}”应写成文字"
    for field in form.fields:
        also = field.also.values()
        if not all(isinstance(factor, int | float) and factor > 0 for factor in also):
            yield f"字段“{field.id}”的 also 应为 单位: 倍数"


def _names(form: Form) -> Iterator[str]:
    ids = [field.id for field in form.fields]
    for name in (form.id, *ids):
        if not _ID.fullmatch(name):
            yield f"字段编号“{name}”不合规"
    if form.id in REGISTERS:
        yield f"报表编号“{form.id}”是台账自用的"
    for name in _repeated(ids):
        yield f"字段“{name}”重复"
    stored = [column for field in form.fields for column in field.columns()]
    for column in _repeated(stored):
        if ids.count(column) < 2:
            yield f"存储列“{column}”重复"
    for titles in ([f.title_zh for f in form.fields], [f.title_en for f in form.fields]):
        for title in _repeated(title.casefold() for title in titles):
            yield f"字段名称“{title}”重复"
    for alias in _repeated(a for f in form.fields for a in {a.casefold() for a in f.aliases}):
        yield f"别名“{alias}”属于多个字段"


def _repeated(words: Iterable[Word]) -> list[Word]:
    """Words that occur more than once, each once."""
    seen: list[Word] = list(words)
    return [word for word in dict.fromkeys(seen) if seen.count(word) > 1]


def _keys(form: Form) -> Iterator[str]:
    ids = {field.id for field in form.fields}
    for key in form.key:
        if key not in ids:
            yield f"键字段“{key}”不存在"
    for name in form.list_by:
        if name not in ids:
            yield f"名单字段“{name}”不存在"


def _profile(form: Form) -> Iterator[str]:
    """Blocks of a profile are told by fields of the key, and its time by a day or an hour."""
    profile = form.profile
    if profile is None:
        return
    types = {field.id: field.type for field in form.fields}
    for name in profile.series:
        if name not in form.key:
            yield f"序列字段“{name}”不在键中"
    if "entity" in types and "entity" not in profile.series:
        yield "字段“entity”应是序列字段：企业看自己的数由它决定"
    if types.get(profile.time) not in ("hour", "date", "period"):
        yield f"时间字段“{profile.time}”应为时刻、日期或时期"
    if profile.stretch not in STRETCHES:
        yield f"分段“{profile.stretch}”应为 {'、'.join(STRETCHES)}"
    if form.list_by:
        yield "有 profile 的报表不写 list_by：整份替换按块"


def _field(field: Field, form: Form) -> Iterator[str]:
    if field.type not in TYPES:
        yield f"字段“{field.id}”类型“{field.type}”未知"
    if field.unit_field and field.unit_field not in {other.id for other in form.fields}:
        yield f"字段“{field.id}”的单位字段“{field.unit_field}”不存在"
    if field.rate and not (is_unit(field.rate) and field.unit_field and field.type == "number"):
        yield f"字段“{field.id}”的“{field.rate}”不认识，或不是有单位字段的数字"
    if field.type == "choice" and not field.choices:
        yield f"字段“{field.id}”缺可选值"
    if field.choices and field.default is not None and field.default not in field.choices:
        yield f"字段“{field.id}”的默认值不在可选值中"
    low, high = field.minimum, field.maximum
    if low is not None and high is not None and low > high:
        yield f"字段“{field.id}”的下限高于上限"
    is_number = field.type in ("number", "integer")
    if field.unit is not None and not (is_number and is_unit(field.unit)):
        yield f"字段“{field.id}”的单位“{field.unit}”不认识，或不是数字字段"
    if field.type == "reference" and field.reference not in schemas():
        yield f"字段“{field.id}”缺引用表，或没有这张表"


def _checks(form: Form) -> Iterator[str]:
    ids = {field.id for field in form.fields}
    for check in form.checks:
        if check.column not in ids or check.level not in ("error", "warning"):
            yield f"审核关系“{check.id}”的列或级别有误"
        unknown = unknown_words(check.holds, set(form.columns()))
        if unknown:
            yield f"审核关系“{check.id}”含不允许的内容：{'、'.join(unknown)}"


def _conditions(form: Form) -> Iterator[str]:
    for check in form.checks:
        wrong = wrong_condition(check.holds, tuple(form.columns().items()))
        if wrong:
            yield f"审核关系“{check.id}”写法有误：{wrong}"
