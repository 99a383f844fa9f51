"""One element that may not be read, planted in a page of a form as the house writes it: the outcome
is right or told, never silent. ``HENGTAN_PLANTINGS`` as in ``test_yearbook_plantings``.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import on_forms
import pytest
from exported import FORMS, Export, export, read, save, sound_rows

from hengtan.basis.errors import HengtanError
from hengtan.basis.units import convert

COUNT = int(os.environ.get("HENGTAN_PLANTINGS", "60")) // 2
SEED = os.environ.get("HENGTAN_PLANTINGS_SEED", "first")
LEAST_RIGHT = 0.7
FEW = ("monthly_figures", "indicator_values", "regional_balance", "key_unit_months", "coal_rate")
USED = tuple(FORMS) if COUNT > 100 else FEW
"""Forms planted in: all of them where many plantings are asked for."""


@pytest.fixture(scope="module")
def rows_of(tmp_path_factory):
    """Sound rows of a form, drawn once."""
    drawn: dict[str, list] = {}
    folder = tmp_path_factory.mktemp("rows")

    def of(name: str) -> list:
        if name not in drawn:
            drawn[name] = sound_rows(FORMS[name], folder)
        return drawn[name]

    return of


def outcome(sheet: Export, path) -> tuple[str, str]:
    """``right``, ``told`` or ``silent``, and the reason."""
    try:
        reading = read(sheet.form, path)
    except HengtanError as refused:
        return "told", f"refused: {refused}"
    came = reading.table.to_pylist()
    wrong = _differences(sheet, came)
    errors = [f for f in reading.errors if f.code not in checks_of(sheet)]
    said = [(f.level, f.code, f.zh, f.where.row, f.where.column) for f in reading.findings[:3]]
    reason = f"{wrong[:2]} {said}"
    if errors:
        return "told", reason
    if wrong or sheet.must_tell:
        named = any(_names(finding, sheet) for finding in reading.findings)
        return ("told" if named else "silent"), reason
    return "right", ""


def _names(finding, sheet: Export) -> bool:
    """Whether a warning names the line or the column in which something was planted."""
    where = finding.where
    if sheet.at is None:
        return bool(where.row or where.column)
    line, column = sheet.at
    field = sheet.columns.get(column)
    titled = bool(field and where.column and field.title_zh in where.column)
    return where.row == line or titled


def checks_of(sheet: Export) -> set[str]:
    """Checks of the form that a planted sign may break: a negative that is read is read."""
    return {check.id for check in sheet.form.checks} if "checked" in sheet.forgiven else set()


def _differences(sheet: Export, came: list[dict]) -> list:
    if len(came) != len(sheet.right):
        return [f"{len(came)} rows for {len(sheet.right)}"]
    return [
        (field.id, right.get(field.id), row.get(field.id))
        for right, row in zip(sheet.right, came, strict=True)
        for field in sheet.form.fields
        if not _same(field, right, row)
    ]


def _same(field, right: dict, row: dict) -> bool:
    wanted, value = right.get(field.id), row.get(field.id)
    if field.type == "unit" and wanted != value:
        return True
    if field.type == "period" and value == f"{wanted}-01..12":
        return True
    if not isinstance(wanted, int | float) or isinstance(wanted, bool):
        return wanted == value
    if value is None:
        return False
    if field.unit_field and right.get(field.unit_field) != row.get(field.unit_field):
        units = row.get(field.unit_field), right.get(field.unit_field)
        value = convert(value, *units) if all(units) else value
    return abs(value - wanted) <= 1e-6 * max(1, abs(wanted))


def test_a_form_as_it_is_written_is_read_as_it_was_filled(rows_of, tmp_path):
    for name in USED:
        form = FORMS[name]
        rows = rows_of(name)[:5]
        sheet = export(form, rows, tmp_path / f"{name}.xlsx")
        for row, right in zip(rows, sheet.right, strict=True):
            for field in form.fields:
                if field.id in row and field.type not in ("period",):
                    assert right[field.id] == row[field.id], (name, field.id)
        as_text = save(sheet, tmp_path / "b", True)
        assert outcome(sheet, as_text)[0] == "right", (name, outcome(sheet, as_text))


def planted(planting, chance, rows_of, folder) -> Export:
    """The export of a form with one thing planted; a form without such a cell gives way."""
    while True:
        name, first = chance.choice(USED), chance.choice((0, 2))
        rows = rows_of(name)[first : first + 5]
        sheet = export(FORMS[name], rows, folder / f"{name}{first}.xlsx")
        try:
            planting(chance, sheet)
        except LookupError:
            continue
        return sheet


def test_what_is_planted_in_a_form_is_read_rightly_or_told(rows_of, tmp_path):
    counts: Counter[str] = Counter()
    faults = []
    plantings = on_forms.PLANTINGS
    for seed in range(COUNT):
        chance = random.Random(f"{SEED} {seed}")
        planting = plantings[seed % len(plantings)]
        sheet = planted(planting, chance, rows_of, tmp_path)
        needs_book = planting is on_forms.hidden_line or planting is on_forms.formula_without_result
        path = save(sheet, tmp_path / "b", chance.random() < 0.3 and not needs_book)
        came, why = outcome(sheet, path)
        counts[came] += 1
        counts[f"{planting.__name__}: {came}"] += 1
        if os.environ.get("HENGTAN_PLANTINGS_SHOW"):
            print(
                seed,
                sheet.form.id,
                planting.__name__,
                path.suffix,
                came,
                sheet.planted,
                why,
                sep=" | ",
            )
        if came == "silent":
            faults.append((seed, sheet.form.id, planting.__name__, sheet.planted))
    print(sorted(counts.items()))
    assert faults == []
    assert counts["right"] >= LEAST_RIGHT * COUNT
