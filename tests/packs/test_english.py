"""English columns of the packs hold English: names, titles, reasons and notes on scope. Notes on
wording (``note_en``) and on units may quote a word of the text they are about. Forms say in English
all that they say in Chinese.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from hengtan import packs
from hengtan.ledger.forms import forms_of
from hengtan.ledger.reading.titles import Vocabulary

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


def said_in_english(form):
    """Every text of a form in English, with where it stands."""
    yield "title_en", form.title_en
    yield "note_en", form.note_en
    for field in form.fields:
        yield f"{field.id}.title_en", field.title_en
        yield f"{field.id}.note_en", field.note_en
        yield from ((f"{field.id}.{code}", en) for code, (_, en) in (field.choices or {}).items())
    for check in form.checks:
        yield f"{check.id}.en", check.en
        yield f"{check.id}.todo_en", check.todo_en


FORMS = forms_of(packs.load("wulong"))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_forms_say_in_english_all_that_they_say_in_chinese(form):
    """No Chinese in an English text, no note in Chinese alone, and every English heading is read as
    the field that it names: no other field has it for its title or its code.
    """
    assert [where for where, text in said_in_english(form) if CHINESE.search(text)] == []
    noted = [form, *form.fields]
    assert [known.id for known in noted if known.note_zh and not known.note_en] == []
    words = Vocabulary.of(form)
    read = {field.id: words.title(field.title_en) for field in form.fields}
    assert {name: title and title.field for name, title in read.items()} == {n: n for n in read}
