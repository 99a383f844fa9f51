"""English columns of the packs hold English: names, titles, reasons and notes on scope. Notes on
wording (``note_en``) and on units may quote a word of the text they are about.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from hengtan import packs

DATA = Path(packs.__file__).parent / "data"
CHINESE = re.compile("[\u3400-\u9fff]")
MAY_QUOTE = ("note_en", "conversion_en", "inputs_en", "outputs_en")
TABLES = sorted(DATA.glob("*/*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_english_columns_hold_no_chinese(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in (rows[0] if rows else {}) if name.endswith("_en")]
    mixed = [
        (number, name, row[name])
        for number, row in enumerate(rows, start=2)
        for name in columns
        if name not in MAY_QUOTE and CHINESE.search(row[name] or "")
    ]
    assert mixed == []
