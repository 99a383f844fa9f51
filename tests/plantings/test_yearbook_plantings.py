"""One element that may not be read, planted in a table as public yearbooks print it: the outcome is
right or told, never silent, and no right cell is accused.

The layouts were written from the yearbooks, not from the reader. ``HENGTAN_PLANTINGS`` sets how
many are planted in all (here and in ``test_form_plantings``, half each).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import on_yearbooks
from printed import Sheet, write
from yearbooks import LAYOUTS, sound_table

from hengtan.basis.errors import HengtanError
from hengtan.workbooks.balance import check_balance

COUNT = int(os.environ.get("HENGTAN_PLANTINGS", "60")) // 2
SEED = os.environ.get("HENGTAN_PLANTINGS_SEED", "first")
LEAST_RIGHT = 0.7


def alike(wanted: str, came: str) -> bool:
    return wanted.startswith("?") or wanted == came


def compared(sheet: Sheet, report) -> tuple[list, list]:
    """Figures that did not come out, and cells that came out and are none of the figures."""
    came = [
        (cell.line - 1, row, product, table.balance, cell.value)
        for table in report.tables
        for (row, product), cell in table.balance.cells.items()
    ]
    missing = []
    for (line, _), figure in sheet.figures.items():
        match = next((cell for cell in came if cell[0] == line and _is(figure, sheet, cell)), None)
        if match is None:
            missing.append((line, figure))
        else:
            came.remove(match)
    return missing, [cell for cell in came if not _aside(sheet, cell)]


def _is(figure, sheet, cell) -> bool:
    line, row, product, balance, value = cell
    if not (alike(figure.row, row) and alike(figure.product, product)):
        return False
    if figure.year and str(balance.year) != figure.year:
        return False
    scaled = figure.kind.endswith("*")
    kind = figure.kind.rstrip("*")
    if kind and balance.standard != (kind == "standard"):
        return False
    if scaled:
        small, factor = sheet.units[str(line)]
        unit = balance.units.get(product) or balance.unit
        if unit == small:
            return abs(value - round(figure.value * factor)) < 0.5
    return abs(value - figure.value) < 1e-6 * max(1, abs(figure.value))


def _aside(sheet, cell) -> bool:
    """A cell of a planted line or column of sums, read as the whole it is."""
    line, _, product, _, _ = cell
    if line in sheet.aside:
        return False
    return bool(sheet.aside_columns) and product in ("total_energy", "total")


def outcome(sheet: Sheet, path: Path) -> tuple[str, str]:
    """``right``, ``told``, ``silent`` or ``accused``, and the reason."""
    try:
        report = check_balance(path)
    except HengtanError as refused:
        return "told", f"refused: {refused}"
    missing, extra = compared(sheet, report)
    errors = [f for f in report.findings if f.level == "error"]
    said = [f for f in errors if f.code != "identity"]
    reason = f"missing {missing[:2]} extra {[(c[0], c[1], c[2], c[4]) for c in extra[:2]]} "
    reason += f"said {[(f.code, f.zh) for f in report.findings[:3]]}"
    if said:
        return "told", reason
    if errors:
        return "accused", reason
    if missing or extra or sheet.must_tell:
        named = any(_names(f, sheet) for f in report.findings)
        return ("told" if named else "silent"), reason
    return "right", ""


def _names(finding, sheet) -> bool:
    """Whether a warning names a line or column where something differs from what is printed."""
    where = finding.where
    return bool(where and (where.row or where.column))


def drawn(seed: object):
    chance = random.Random(f"{SEED} {seed}")
    layout = chance.choice(list(LAYOUTS))
    return chance, sound_table(layout, chance)


def test_every_layout_is_read_whole_as_it_is_printed(tmp_path):
    """A layout that is refused though sound would make every planting in it "told"."""
    counts = Counter()
    for name in LAYOUTS:
        for seed in range(4):
            chance = random.Random(f"{SEED} {seed}")
            sheet = sound_table(name, chance)
            came, why = outcome(sheet, write(sheet, tmp_path, chance))
            counts[name, came] += 1
            if came != "right":
                print(name, seed, came, why)
    print(counts)
    assert {came for _, came in counts} == {"right"}


def test_what_is_planted_in_a_yearbook_is_read_rightly_or_told(tmp_path):
    counts: Counter[str] = Counter()
    faults = []
    plantings = on_yearbooks.PLANTINGS
    for seed in range(COUNT):
        chance, sheet = drawn(seed)
        planting = plantings[seed % len(plantings)]
        planting(chance, sheet)
        came, why = outcome(sheet, write(sheet, tmp_path, chance))
        counts[came] += 1
        counts[f"{planting.__name__}: {came}"] += 1
        if os.environ.get("HENGTAN_PLANTINGS_SHOW"):
            print(seed, sheet.layout, planting.__name__, came, sheet.planted, why, sep=" | ")
        if came in ("silent", "accused"):
            faults.append((seed, sheet.layout, planting.__name__, came, sheet.planted))
    print(sorted(counts.items()))
    assert faults == []
    assert counts["right"] >= LEAST_RIGHT * COUNT
