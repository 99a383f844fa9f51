"""Importing a file and then its correction gives what the corrected file alone gives, for every
form and every account.

Rows are generated from the definition of the form: a value that its type, choices, references and
bounds allow. Of the rows of a file one cell is changed, one key cell is changed and one row is
taken out; the correction names what it replaces. Then all rows in force and all accounts are
compared with a workspace that only ever saw the corrected file.
"""

from __future__ import annotations

import math
import random
from datetime import date

import openpyxl
import pytest

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.lookups import choices
from hengtan.graph.account import Account
from hengtan.graph.domains import domains, modules
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings

OFFICE = Actor("统计员")
SEED = 20261128
UNITS = (
    "吨",
    "万千瓦时",
    "亿元",
    "立方米",
    "%",
    "个",
    "万人",
    "公顷",
    "吨标准煤",
    "千克",
    "头",
    "元",
    "公里",
    "小时",
)
POWER_UNIT = "万千瓦时"
USUAL_UNIT, USUAL_PRODUCTS = "吨", ("原煤", "焦炭", "汽油", "柴油")
"""So that some rows convert and meet their factors: accounts with nothing in them would show
nothing.
"""
LEDGER_COLUMNS = ("_", "evidence_submission", "evidence_row", "value_id")


DOMAINS = ("carbon", "energy", "plan")
"""Domains whose accounts are compared. Forms that case files alone read are corrected in the story
of their family (tests/instruments/case_files)."""


def tried_forms(workspace):
    """The forms that an account of these domains reads."""
    functions = (vars(module).values() for module in modules(*DOMAINS))
    stated = (getattr(f, "account", None) for of in functions for f in of)
    accounts = [account for account in stated if isinstance(account, Account)]
    read = {table for account in accounts for table in account.tables}
    return [form for form in workspace.forms.values() if form.id in read]


def cell(field, chance: random.Random, number: int, words) -> object:
    """A value of a field as a person types it."""
    low = field.minimum if field.minimum is not None else 1
    high = field.maximum if field.maximum is not None else max(low * 3, 90)
    if field.type in ("quantity", "number"):
        return round(chance.uniform(low, min(high, low + 80)), 2)
    if field.type == "integer":
        return chance.randint(math.ceil(low), math.floor(min(high, low + 20)))
    typed = {
        "text": f"{field.title_zh}{number}",
        "code": f"91500232MA5U{number:06d}",
        "unit": USUAL_UNIT if chance.random() < 0.8 else chance.choice(UNITS),
        "date": date(2024, 1 + number % 9, 5).isoformat(),
        "moment": date(2024, 1 + number % 9, 6).isoformat(),
        "period": f"{2022 + chance.randint(0, 1)}年",
        "place": chance.choice(("武隆区", "武隆区", "武隆区", "涪陵区")),
        "boolean": "是",
    }
    if field.choices:
        return chance.choice([words_of[0] for words_of in field.choices.values()])
    if field.type == "reference":
        if field.reference == "energy_products":
            return chance.choice(USUAL_PRODUCTS)
        return chance.choice(list(words[field.reference].values()))
    return typed[field.type]


def rows_of(form, chance, workspace, folder, wanted=4):
    """Rows of a form that it takes without an error, with different keys."""
    words = choices(workspace)
    sound: dict[tuple, dict] = {}
    for batch in range(40):
        tried = {}
        for number in range(batch * 12, batch * 12 + 12):
            row = any_row(form, chance, number, words)
            tried[tuple(row[part] for part in form.key)] = row
        tried = {key: row for key, row in tried.items() if key not in sound}
        path = write(form, list(tried.values()), folder / "tried.xlsx")
        dry = import_file(workspace, form.id, path, actor=OFFICE, dry_run=True)
        refused = {finding.where.row for finding in dry.errors}
        if None in refused:
            continue
        for line, (key, row) in enumerate(tried.items(), start=2):
            if line not in refused and len(sound) < wanted:
                sound[key] = row
        if len(sound) == wanted and takes(
            workspace, form, list(sound.values()), folder / "sound.xlsx"
        ):
            return list(sound.values())
    raise AssertionError(f"no {wanted} sound rows of {form.id}: {dry.errors[:3]}")


def any_row(form, chance, number, words):
    """A row of a form: what must be there, most of the rest, and units of quantities."""
    row = {
        f.id: cell(f, chance, number, words)
        for f in form.fields
        if f.required or chance.random() < 0.6
    }
    row |= {part: cell(form.field(part), chance, number, words) for part in form.key}
    for field in form.fields:
        if field.unit_field and field.id in row:
            row[field.unit_field] = cell(form.field(field.unit_field), chance, number, words)
    if form.id == "energy_exchange":
        row["unit"] = POWER_UNIT
    return row


def takes(workspace, form, rows, path):
    """Whether the form takes the rows without an error."""
    dry = import_file(workspace, form.id, write(form, rows, path), actor=OFFICE, dry_run=True)
    return not dry.errors and dry.rows == len(rows)


def write(form, rows, path):
    book = openpyxl.Workbook()
    titles = [f.title_zh for f in form.fields]
    book.active.append(titles)
    for row in rows:
        book.active.append([row.get(f.id) for f in form.fields])
    book.save(path)
    return path


def corrected(form, rows, spare, chance):
    """One cell changed, one key cell changed, one row taken out, the rest as they were."""
    first, second, _gone, *rest = rows
    changed = dict(first)
    numbers = [
        f
        for f in form.fields
        if f.type in ("quantity", "number") and f.id in first and f.id not in form.key
    ]
    if numbers:
        field = chance.choice(numbers)
        changed[field.id] = round((first[field.id] + (field.minimum or 0)) / 2 + 0.01, 2)
    rekeyed = dict(second)
    part = chance.choice(form.key)
    rekeyed[part] = spare[part]
    return [changed, rekeyed, *rest]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A workspace that saw each form's file and its correction, one that saw the corrected files
    alone.
    """
    folder = tmp_path_factory.mktemp("pair")
    settings = Settings("武隆（测试）", "Wulong (test)", "500156", "wulong")
    both = Workspace.create(folder / "both", settings)
    alone = Workspace.create(folder / "alone", settings)
    chance = random.Random(SEED)
    for form in tried_forms(both):
        *rows, spare = rows_of(form, chance, both, folder, wanted=5)
        tries = (corrected(form, rows, spare, chance) for _ in range(50))
        mended = next(m for m in tries if takes(both, form, m, folder / "try.xlsx"))
        first = write(form, rows, folder / f"{form.id}.xlsx")
        second = write(form, mended, folder / f"{form.id}_更正.xlsx")
        taken = import_file(both, form.id, first, actor=OFFICE, approve=True)
        replaces = Intake(replaces=taken.submission["submission"])
        import_file(both, form.id, second, actor=OFFICE, intake=replaces, approve=True)
        import_file(alone, form.id, second, actor=OFFICE, approve=True)
    yield both, alone
    both.close()
    alone.close()


def told(table):
    """The rows of a table without what the ledger says of them, in a fixed order."""
    columns = [c for c in table.column_names if not c.startswith(LEDGER_COLUMNS)]
    rows = [{c: row[c] for c in columns} for row in table.to_pylist()]
    return sorted(rows, key=_order)


def _order(row):
    """By what a row is about, then by its figures: two figures may differ in their last digit."""
    figures = {name: value for name, value in row.items() if isinstance(value, float)}
    about = {name: value for name, value in row.items() if name not in figures}
    return repr(about), [round(value, 6) for value in figures.values()]


def assert_same(mine, other, name):
    """Every cell is the same; figures to 12 digits, for engines add up in any order."""
    assert len(mine) == len(other), name
    for left, right in zip(mine, other, strict=True):
        assert list(left) == list(right), name
        for column, value in left.items():
            assert _alike(value, right[column]), (name, column, left, right)


def _alike(left, right):
    if isinstance(left, float) and isinstance(right, float):
        both_nan = math.isnan(left) and math.isnan(right)
        return both_nan or math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-12)
    return left == right


def test_the_rows_in_force_are_those_of_the_corrected_files(pair):
    both, alone = pair
    for form_id in (form.id for form in tried_forms(both)):
        mine, other = told(both.table(form_id)), told(alone.table(form_id))
        assert_same(mine, other, form_id)
        assert len(mine) == 3


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_account_is_that_of_the_corrected_files(pair, domain):
    both, alone = pair
    as_of = AsOf.of(today=date(2026, 11, 28))
    (chosen,) = [d for d in domains() if d.name == domain]
    seen = 0
    for name in chosen.names():
        mine, other = told(both.execute(name, as_of)), told(alone.execute(name, as_of))
        assert_same(mine, other, name)
        seen += bool(mine)
    assert seen > 5, "accounts with nothing in them show nothing"
