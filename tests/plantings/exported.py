"""Forms as the house writes them, filled with sound rows: an .xlsx template with its rows, or that
sheet saved as .csv.
"""

from __future__ import annotations

import csv
import math
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl

from hengtan import packs
from hengtan.basis.place import Place, PlaceTree
from hengtan.desk.lookups import choices, lookups
from hengtan.desk.unit_checks import unit_findings
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form
from hengtan.report.sheet.form_template import write_template

PACK = packs.load("cn")
OFFICE = SimpleNamespace(pack=PACK)
PLACES = PlaceTree(
    [
        Place("889900", "虚岭市", "Xuling", "city"),
        Place("889901", "青禾区", "Qinghe", "district", "889900"),
        Place("889902", "石桥县", "Shiqiao", "district", "889900"),
    ]
)
OWN = {
    "milestones": {f"m{n}": f"零碳园区{n}期建成" for n in range(9)},
    "measures": {f"c{n}": f"推广热泵供暖{n}片" for n in range(9)},
}
"""What a plan of a workspace brings: the national pack has no milestones and measures."""
WORDS = choices(OFFICE) | OWN
KNOWN = dict(lookups(OFFICE)) | {
    name: {
        **dict.fromkeys(own, ""),
        **{zh: code for code, zh in own.items()},
        **{c: c for c in own},
    }
    for name, own in OWN.items()
}
FORMS = {name: Form.from_dict(spec) for name, spec in PACK.forms().items()}
AS_WRITTEN: dict[Path, list[dict[str, Any]]] = {}
"""What is read of an export before anything is planted in it."""
HEAD = 3
NUMBERS = ("number", "quantity", "integer")
USUAL = ("raw_coal", "coke", "gasoline", "diesel")


@dataclass
class Export:
    """A page of a form: its workbook, fields by column (from 1), and the rows that are right.

    ``must_tell`` as for printed sheets; ``right`` are stored rows, None where not to be had.
    """

    form: Form
    book: Any
    right: list[dict[str, Any]]
    columns: dict[int, Any]
    must_tell: bool = False
    planted: str = ""
    lines: list[int] = field(default_factory=list)
    forgiven: set[str] = field(default_factory=set)
    at: tuple[int, int] | None = None

    @property
    def page(self) -> Any:
        return self.book.worksheets[0]

    def put(self, at: tuple[int, int], value: object) -> None:
        cell = self.page.cell(*at)
        cell.value = value
        if isinstance(value, str) and not value.startswith("="):
            cell.data_type = "s"
        self.planted, self.at = f"{at} {value}", at


def typed(field_, chance: random.Random, number: int) -> object:
    """A value of a field as the template is filled beforehand: codes of lists, plain values."""
    low = field_.minimum if field_.minimum is not None else 1
    high = field_.maximum if field_.maximum is not None else max(low * 3, 9000)
    if field_.type in ("quantity", "number"):
        return round(chance.uniform(low, high), 2) or 0.5
    if field_.type == "integer":
        return chance.randint(math.ceil(low), math.floor(min(high, low + 20)))
    if field_.type == "choice":
        return chance.choice(list(field_.choices))
    if field_.type == "reference":
        of = list(WORDS[field_.reference])
        return chance.choice(USUAL if field_.reference == "energy_products" else of)
    if (field_.id, field_.type) == ("counterpart", "text"):
        return chance.choice(("510000", "520000", "SOUTHWEST"))  # codes of grids
    plain = {
        "text": f"{field_.title_zh}{number}",
        "code": f"91889901MA5U{number:06d}",
        "unit": chance.choice(("吨", "吨", "吨", "万吨", "万千瓦时", "亿元", "%", "公顷", "个")),
        "date": date(2024, 1 + number % 9, 5),
        "moment": date(2024, 1 + number % 9, 6).isoformat(),
        "period": f"{2022 + chance.randint(0, 1)}",
        "place": chance.choice(("889900", "889901", "889902")),
        "boolean": True,
    }
    return plain[field_.type]


def any_row(form: Form, chance: random.Random, number: int) -> dict[str, object]:
    """A row of a form: what must be there, most of the rest, and units of quantities."""
    wanted = [f for f in form.fields if f.required or f.id in form.key or chance.random() < 0.6]
    row = {f.id: typed(f, chance, number) for f in wanted}
    for f in form.fields:
        if f.unit_field and f.id in row and f.unit_field not in row:
            row[f.unit_field] = typed(form.field(f.unit_field), chance, number)
    return row


def read(form: Form, path: Path):
    """What the form reads of a file, with the checks of units that an import makes."""
    reading = read_form(path, form, places=PLACES, lookups=KNOWN)
    reading.findings.extend(unit_findings(PACK, form.id, reading, path.name))
    return reading


def written(form: Form, rows, path: Path) -> Path:
    return write_template(form, path, places=PLACES, lookups=WORDS, rows=rows)


def sound_rows(form: Form, folder: Path, wanted: int = 7) -> list[dict[str, object]]:
    """Rows of a form that break none of its own checks, each with another key."""
    chance, sound = random.Random(form.id), {}
    for batch in range(30):
        tried = {}
        for number in range(batch * 16, batch * 16 + 16):
            row = any_row(form, chance, number)
            tried[tuple(row.get(part) for part in form.key)] = row
        tried = {key: row for key, row in tried.items() if key not in sound}
        reading = read(form, written(form, list(tried.values()), folder / "tried.xlsx"))
        refused = {finding.where.row for finding in reading.errors}
        if None in refused:
            continue
        for line, (key, row) in enumerate(tried.items(), start=HEAD + 1):
            if line not in refused:
                sound[key] = row
        if len(sound) >= wanted:
            return list(sound.values())[:wanted]
    raise AssertionError(f"no {wanted} sound rows of {form.id}: {reading.errors[:3]}")


def export(form: Form, rows, path: Path) -> Export:
    """The page of a form with these rows, and what is read of it as it is written."""
    if not path.exists():
        written(form, rows, path)
        AS_WRITTEN[path] = read(form, path).table.to_pylist()
    right = [dict(row) for row in AS_WRITTEN[path]]
    book = openpyxl.load_workbook(path)
    columns = dict(enumerate(form.fields, start=1))
    lines = list(range(HEAD + 1, HEAD + 1 + len(rows)))
    return Export(form, book, right, columns, lines=lines)


def save(sheet: Export, path: Path, as_text: bool) -> Path:
    """The page as .xlsx, or as a spreadsheet saves it to .csv."""
    if not as_text:
        sheet.book.save(path.with_suffix(".xlsx"))
        return path.with_suffix(".xlsx")
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        for line in sheet.page.iter_rows(values_only=True):
            out.writerow(["" if cell is None else _shown(cell) for cell in line])
    return path.with_suffix(".csv")


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell)[:10] if hasattr(cell, "year") else str(cell)
