"""What rules say in English: every name, note, law and sentence has one, complete and in Latin
letters; what stays Chinese is what the case or a citation brought along.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from hengtan import packs
from hengtan.basis.errors import HengtanError
from hengtan.desk.cases import compute, read_cases
from hengtan.instruments.english import CHINESE, TABLES, english, has_english, table
from hengtan.instruments.law_titles import law_beside, law_in_english, sections, titles
from hengtan.instruments.registry import rules
from hengtan.report.numerals import unit_name

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
PACKS = Path(packs.__file__).parent / "data"
PLACES = re.compile(r"\{\d+")
WORDS = files("hengtan.instruments.words")


def every(items):
    """Inputs with the fields of their rows."""
    for item in items:
        yield item
        yield from every(item.fields)


def is_latin(text):
    return bool(text) and not CHINESE.search(text)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.id} {rule.span}")
def test_every_input_and_output_has_its_name_in_both_languages(rule):
    named = [*every(rule.inputs), *rule.outputs]
    assert [item.name for item in named if not CHINESE.search(item.zh)] == []
    assert [item.zh for item in named if not is_latin(item.en)] == []
    choices = [words for item in every(rule.inputs) for words in item.choices.values()]
    notes = [rule.note_zh, *(item.note for item in every(rule.inputs))]
    assert [text for text in (*choices, *notes) if not has_english(text)] == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.id} {rule.span}")
def test_two_names_of_a_rule_are_two_in_english(rule):
    for items in (rule.inputs, rule.outputs, *(item.fields for item in rule.inputs)):
        names = {item.zh: item.en for item in items}
        twice = [en for en, number in Counter(names.values()).items() if number > 1]
        assert twice == []


def test_tables_hold_chinese_on_the_left_and_none_on_the_right():
    for name in TABLES:
        read = yaml.safe_load((WORDS / f"{name}.yaml").read_text(encoding="utf-8"))
        assert [key for key in read if not CHINESE.search(key)] == []
        assert [words for words in read.values() if not is_latin(words)] == []


def test_every_note_of_a_parameter_has_english():
    notes = {
        row["note_zh"]
        for name in ("rule_parameters", "energy_limits", "efficiency_benchmarks", "pollutants")
        for row in packs.load("cn").rows(name)
        if row["note_zh"]
    }
    assert len(notes) > 250
    assert [note for note in sorted(notes) if CHINESE.search(english(note))] == []


def test_no_key_stands_twice_in_a_table():
    for name in TABLES:
        lines = (WORDS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
        keys = Counter(line.split(": ")[0].strip('"') for line in lines if not line.startswith("#"))
        assert [key for key, number in keys.items() if number > 1] == []


def test_a_sentence_keeps_its_places():
    differing = [
        key for key, words in table().items() if {*PLACES.findall(key)} != {*PLACES.findall(words)}
    ]
    assert differing == []


def laws_of_packs():
    for path in sorted(PACKS.glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            yield from (row["law"] for row in rows if row.get("law"))
    for path in sorted(PACKS.glob("*/case_files/*.yaml")):
        yield from laws_in(yaml.safe_load(path.read_text(encoding="utf-8")))


def laws_in(node):
    if isinstance(node, dict):
        yield from (node["law"],) if isinstance(node.get("law"), str) else ()
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from laws_in(part)


def test_every_law_of_rules_packs_and_case_files_has_an_english_title():
    laws = {rule.law for rule in rules()} | {*laws_of_packs()}
    assert len(laws) > 300
    assert [law for law in sorted(laws) if CHINESE.search(law) and not law_in_english(law)] == []
    assert [text for text in titles().values() if not is_latin(text)] == []
    assert not sections()["published"].keys() & sections()["ours"].keys()


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ("环境保护税法（2018修正） 第四、九、十、十一、十二、十三条", "Arts. 4, 9, 10, 11, 12, 13"),
        ("排污许可管理条例 第三十四条；生态环境法典 第一千一百零三条", "Art. 1103"),
        ("生态环境法典 第一千零九十九至一千一百一十条", "Arts. 1099–1110"),
        ("财税〔2010〕110号", "Caishui [2010] No. 110"),
        ("资源税法 第三条第二款", "Art. 3, Para. 2"),
    ],
)
def test_articles_and_numbers_of_documents_are_told_and_the_chinese_stays(law, said):
    shown = law_beside(law, "en")
    assert said in shown and shown.endswith(f"({law})")
    assert law_beside(law, "zh") == law


def test_a_document_of_no_known_title_is_cited_as_it_is():
    assert law_beside("某县自己的办法", "en") == "某县自己的办法"


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("1号机组 机组配额", "unit no. 1, unit allowances"),
        ("第二档水量", "Block 2, Water"),
        ("背离，相当于尚差的 -10.0%", "Works against, that is -10.0% of what is still to go"),
        ("未完成：垃圾分类、生活污水", "Not finished: Waste sorting, Domestic sewage"),
        ("某纸业公司", "某纸业公司"),
        ("甲 核定配额", "甲, verified allowances"),
    ],
)
def test_sentences_are_told_with_what_stands_in_them(chinese, said):
    assert english(chinese) == said


def own_words(case, pack):
    """Chinese that a case, a citation or a name of the packs brings along."""
    rows = [row for name in ("rule_parameters", "rule_provisions") for row in pack.rows(name)]
    tables = ("energy_limits", "efficiency_benchmarks", "assessment_items", "pollutants")
    tables += ("park_limits",)
    rows += [row for name in tables for row in pack.rows(name)]
    cited = {
        row[column]
        for row in rows
        for column in ("source", "law", "note_zh", "check_zh")
        if row.get(column)
    }
    names = {row[column] for row in rows for column in ("name_zh", "scope_zh") if row.get(column)}
    return f"{case.inputs}{case.parameters}{case.region}", cited | names


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_results_of_cases_speak_english(path):
    """Steps, ways, verdicts, warnings and units of every case: a run of Chinese that is left stands
    in the inputs of the case, or in what a source, law or note of the packs says.
    """
    pack, left = packs.load("chongqing"), []
    for case in read_cases(path):
        try:
            result = compute(pack, case)
        except HengtanError:
            continue
        own, cited = own_words(case, pack)
        texts = [text for step in result.steps for text in (step.zh, step.how, step.value)]
        texts += [*result.warnings, *result.outputs.values()]
        for text in (text for text in texts if isinstance(text, str)):
            for run in re.findall("[\u3400-\u9fff]+", english(text)):
                if run not in own and not any(run in words for words in cited):
                    left.append((result.rule.id, text, run))
        units = {step.unit for step in result.steps} | {used.unit for used in result.used}
        left += [unit for unit in units if CHINESE.search(unit_name(unit, "en"))]
    assert left == []
