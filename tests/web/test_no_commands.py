"""No page sends its reader to the terminal: not its template, not its words, not what it says of an
error.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hengtan
from hengtan.basis.errors import HengtanError
from hengtan.report.words import ERRORS, WORDS, subject
from hengtan.web.advice import advice, on_page, sentence

HOUSE = Path(hengtan.__file__).parent
TEMPLATES = [
    *HOUSE.glob("report/page/templates/**/*.html"),
    *HOUSE.glob("web/rooms/*/templates/**/*.html"),
    *HOUSE.glob("web/templates/**/*.html"),
]
COMMAND = re.compile(r"\bhengtan [a-z]")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_a_command(path):
    assert not COMMAND.search(path.read_text(encoding="utf-8"))


def test_no_word_of_a_page_names_a_command():
    words = {**WORDS, **{key: tuple(texts) for key, texts in subject(ERRORS).items()}}
    assert {key: texts for key, texts in words.items() if COMMAND.search(" ".join(texts))} == {}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("先看 hengtan plan list", ""),
        ("加一列日期，或给 --date", ""),
        ("补齐", "补齐"),
        ("see hengtan status", ""),
        ("用 a--b 的写法", "用 a--b 的写法"),
        ("hengtan.yaml 里改", "hengtan.yaml 里改"),
        ("", ""),
    ],
)
def test_advice_that_is_a_command_is_left_out(text, shown):
    assert advice(text) == shown
    error = HengtanError("不行", "no", todo=text, todo_en=text)
    assert sentence(error, "zh") == "；".join(filter(None, ["不行", shown]))
    assert sentence(error, "en") == "; ".join(filter(None, ["no", shown]))
    assert on_page({"zh": "不行", "todo": text, "todo_en": text})["todo"] == shown
