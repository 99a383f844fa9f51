"""All words of the interface stand in one table: templates, scripts and styles hold none."""

import re
from importlib.resources import files

import pytest

TEMPLATES = [
    p
    for p in files("hengtan.report.page").joinpath("templates").iterdir()
    if p.name.endswith((".html", ".js"))
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_chinese_words_in_templates(path):
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"[一-鿿]+", text)) <= {"衡"}


@pytest.mark.parametrize(
    "path", [p for p in TEMPLATES if p.name.endswith(".html")], ids=lambda p: p.name
)
def test_every_word_asked_for_stands_in_the_table(path):
    from hengtan.report.words import WORDS

    asked = set(
        re.findall(r"(?<![\w.])(?:t|plain)\('([\w.]+)'[,)]", path.read_text(encoding="utf-8"))
    )
    assert asked <= set(WORDS)
